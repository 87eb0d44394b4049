"""What a language model says about its work is taken out: 以下是图片中的文字内容：, Here is the text:, 希望对您有帮助.

Why: OCR by a chat model comes with a greeting, remarks on what could not be read, an offer of help; not the book's.
Only whole lines are taken, of known wording, and only where they speak of pictures, recognition or the answer itself.
Left alone: the same words within a sentence; 以下是… that announces something of the book (以下是会议的决定：).
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_THING = (  # what the model was given, or what it did
    "(?:图片|圖片|图像|影像|图中|图片中|扫描件|掃描件|截图|页面|頁面|本页|该页|此页|文档图|PDF|OCR|识别|識別|辨识|转录|轉錄"
    "|提取|转写|Markdown|markdown)"
)
_GREETING = "(?:好的|当然(?:可以)?|没问题|好的，我来|根据(?:您|你)(?:的要求|提供的图片))?[，,。!！ ]*"
_TALK = re.compile(
    "|".join(
        (
            rf"{_GREETING}(?:以下|下面|这|這)(?:就)?是[^。！？]{{0,30}}{_THING}[^。！？]{{0,30}}[：:。]?",
            rf"(?:根据|根據|依据|按照)(?:您|你|所)?(?:提供|上传|给出)的{_THING}[^。]{{0,40}}[：:。]?",
            rf"{_THING}(?:中|里|上|内)?的?(?:文字|文本)?(?:内容|文字)?(?:识别|提取|转录)?(?:结果)?如下[：:]?",
            r"[（(【\[]?(?:注|说明|备注|提示|注意)[：:](?:由于|因|部分|此处|以上|原|本)[^。]{0,40}"
            rf"(?:{_THING}|无法辨认|无法识别|模糊|看不清)[^。]{{0,60}}[。]?[）)】\]]?",
            r"(?:抱歉|很抱歉|对不起)[，,].{0,60}(?:无法|不能)(?:识别|辨认|查看|读取|提供).{0,60}",
            r"(?:希望|但愿)(?:这|以上)?[^。]{0,12}对(?:您|你)有(?:所)?帮助.{0,40}",
            r"(?:如果|如)(?:您|你)?(?:还)?(?:有|需要)[^。]{0,30}(?:请随时|欢迎随时|可以随时|请告诉我|随时告诉我).{0,40}",
            rf"以上(?:就)?(?:内容)?(?:是|为)[^。]{{0,20}}{_THING}[^。]{{0,30}}[。]?",
            r"(?:Sure|Certainly|Of course|Okay)[!,.]?(?: [Hh]ere (?:is|are).*)?",
            r"Here (?:is|are|'s) the (?:extracted |transcribed |recognized |OCR )?"
            r"(?:text|content|transcription|markdown).*",
            r"The (?:image|page|text in the image) (?:contains|shows|reads|appears).*",
            r"I(?:'m| am) (?:sorry|unable).*(?:image|text|read).*",
            r"\[(?:image|图片|无法识别|illegible|blank page|空白页|end of (?:page|text))\]",
            r"(?:The text|This page|The page) (?:is|has been|was) (?:blank|transcribed|extracted).*",
        )
    )
)


def find(text: str) -> Iterator[Fix]:
    """The line, if a model speaks in it."""
    stripped = text.strip().strip("*").strip()
    if 2 < len(stripped) <= 160 and _TALK.fullmatch(stripped):
        yield Fix(0, len(text), "")


RULE = LineRule(
    id="model-talk",
    confidence=Confidence.LIKELY,
    find=find,
    why="识别模型自己的话，不是书里的字",
    trigger=(
        *(
            "图",
            "圖",
            "扫描",
            "掃描",
            "截",
            "页",
            "頁",
            "识别",
            "識別",
            "PDF",
            "OCR",
            "辨",
            "录",
            "錄",
            "arkdown",
            "文档图",
            "转写",
        ),
        *(
            "抱歉",
            "对不起",
            "希望",
            "帮助",
            "随时",
            "告诉我",
            "影像",
            "提取",
            "空白",
            "Sure",
            "Certainly",
            "Of course",
            "Okay",
        ),
        *(
            "Here is",
            "Here are",
            "Here's",
            "The ",
            "I'm",
            "I am",
            "This page",
            "[image",
            "[illegible",
            "[blank",
            "[end",
        ),
    ),
)

"""Lines that a scanner, a converter or a sharing site left are taken out: 扫描全能王 创建, 仅供个人学习使用.

Why: watermarks are not the book's. Only whole lines of known wording are taken; within a text only the fixed product
names.
Left alone: 仅供参考 and the like in a sentence of the book, the publisher's own legal lines (版权所有 翻印必究) and
addresses.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_SCANNERS = r"扫描全能王|掃描全能王|全能扫描王|Cam\s?Scanner|布丁扫描|夸克扫描王|Adobe Scan|Office Lens"
_LINE = re.compile(
    r"\W*(?:"
    rf"(?:由|使用|用)?\s*(?:{_SCANNERS})[^。]{{0,24}}"
    r"|(?:(?:本|此|该)?(?:书|文档|文件|资料|電子书|电子书|扫描件|PDF|内容)[^。，]{0,10})?(?:仅|僅|只)(?:供|限)[^。，；]{0,12}"
    r"(?:学习|學習|个人|個人|研究|交流|内部|試閱|试读|试看|下载)[^。；]{0,12}"
    r"(?:使用|参考|交流|之用|外传|传播|商用|阅读|閱讀|学习|研究)?[^。；]{0,24}"
    r"|(?:请|請)?(?:勿|不要|禁止)(?:用于|用於|作)?(?:商业|商業)(?:用途|使用|传播)?[^。]{0,16}"
    r"|(?:更多|免费|海量)[^。，]{0,8}(?:电子书|電子書|图书|资源|書籍|书籍)[^。]{0,12}"
    r"(?:请|尽在|下载|访问|关注|见|www|http)[^。]{0,60}"
    r"|(?:本|此)(?:书|電子書|电子书|文档)(?:由|来自|來自|转自|下载自)[^。，]{1,24}"
    r"(?:整理|制作|製作|提供|上传|扫描|校对|收集|下载|论坛|網|网)[^。]{0,30}"
    r"|PDF\s?(?:文件)?[^。]{0,12}(?:试用版|試用版|Factory|trial version)[^。]{0,40}"
    r"|(?:Scanned|Created|Generated|Converted) (?:by|with|using) [A-Za-z][^。]{1,40}"
    r"|(?:Evaluation|Trial) (?:Copy|Version|Only)[^。]{0,60}"
    r"|(?:微信)?(?:公众号|公眾號)[：:][^。，]{1,24}"
    r")\W*",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"[ \u3000]{0,4}(?:扫描全能王|掃描全能王)[ \u3000]{0,4}(?:创建|創建|生成|扫描)[ \u3000]{0,4}"
    r"|[ \u3000]{0,4}Scanned (?:by|with) CamScanner[ \u3000]{0,4}"
)


def find(text: str) -> Iterator[Fix]:
    """The line, if a tool left it; otherwise the name of the tool within it."""
    stripped = text.strip()
    if len(stripped) <= 120 and _LINE.fullmatch(stripped):
        yield Fix(0, len(text), "")
        return
    yield from (Fix(match.start(), match.end(), "") for match in _PRODUCT.finditer(text))


RULE = LineRule(
    id="scanner-lines",
    confidence=Confidence.LIKELY,
    find=find,
    why="扫描软件、转换工具或网站的水印，不是书里的字",
    trigger=(
        *(
            "扫描",
            "掃描",
            "全能扫描王",
            "Scan",
            "scan",
            "SCAN",
            "Office Lens",
            "仅",
            "僅",
            "只供",
            "只限",
            "勿",
            "不要",
            "禁止",
        ),
        *(
            "电子书",
            "電子書",
            "图书",
            "资源",
            "书籍",
            "書籍",
            "本书",
            "此书",
            "文档",
            "试用",
            "試用",
            "actory",
            "trial",
            "Trial",
        ),
        *("Created", "Generated", "Converted", "Evaluation", "公众号", "公眾號"),
    ),
)

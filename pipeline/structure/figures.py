"""Pictures that an OCR engine cut out (`![](images/1.jpg)`, `<img …>`), and the captions of pictures and tables."""

import re
from collections.abc import Iterator

from pipeline.ledger import Confidence
from pipeline.structure import forms, measure
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_PICTURE = re.compile(
    r"^\s*(?:!\[[^\]]{0,200}\]\([^)]{0,500}\)|<img\b[^>]{0,500}>|<figure>.{0,500}</figure>)\s*$", re.IGNORECASE
)
_CAPTION = re.compile(
    r"^\s*[图圖表][ \t\u3000]*[0-9０-９一二三四五六七八九十]{1,3}(?:[-—–－.．·][0-9０-９]{1,3}){0,2}"
    r"(?=[\s\u3000:：.．]|[^0-9，。、：；是中所可为])"
)


def find(draft: Draft) -> Iterator[Mark]:
    """FIGURE for each picture, CAPTION for a line 图 1-2 … that stands alone near one, or alone at all."""
    lie = measure.of(draft)
    beside = False  # the line before is a picture
    for line in lie.text:
        if line in draft.roles:
            continue
        raw = draft.lines[line]
        if lie.widths[line] < 400 and ("!" in raw or "<" in raw) and _PICTURE.match(raw):
            yield Mark(line, Role.FIGURE, "识别时切下的图")
            beside = True
            continue
        captioned = lie.widths[line] <= 44 and ("图" in raw or "圖" in raw or "表" in raw)
        text, start = forms.strip(raw) if captioned else ("", 0)
        if _CAPTION.match(text) and text[-1] not in "。，；、：" and (beside or not draft.lines[line - 1].strip()):
            if start:
                yield Mark(line, Role.MARKUP, "题注前的记号", end=start)
            yield Mark(line, Role.CAPTION, "图表的题注")
        beside = False


RULE = StructureRule(
    id="figures", confidence=Confidence.CERTAIN, find=find, why="图的位置与题注各自成节点，图两侧断开的句子照常接续"
)

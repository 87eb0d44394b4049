"""Who made the book, as CIP blocks, colophons and title pages say it: names, roles, and bodies that write as one."""

import re
from collections.abc import Sequence

from pipeline.book import Creator
from pipeline.structure.imprint import Field
from pipeline.structure.readings import alike
from pipeline.structure.shape import HAN, key

_ROLES = (
    "总主编|副主编|主编|编著|编译|编写|编撰|编选|选编|选注|译注|校注|点校|校点|译校|口述|整理|摄影|编绘|著译|合著|合编|合译"
    "|編著|主編|編譯|編寫|著|编|译|撰|绘|辑|注|編|譯"
)
_ROLE_AT_END = re.compile(rf"^(?P<name>.*?)[\s◎●○·*]*(?P<role>{_ROLES})\W*$")
_COUNTRY = re.compile(r"^\s*[(（\[〔【［][^()（）\[\]〔〕【】［］]{1,4}[)）\]〕】］]\s*")
_LABEL_ROLE = {
    "作者": "著",
    "著者": "著",
    "原著": "著",
    "译者": "译",
    "编者": "编",
    "编译者": "编译",
    "编著者": "编著",
    "绘者": "绘",
}
BODY = re.compile(r"(?:组|組|社|会|會|室|部|局|委|院|所|中心|大学|馆|厅|处|集团|公司)$")
PRESS = re.compile(
    rf"[{HAN}A-Za-z·]{{2,16}}?(?:出版社|出版集团|出版公司|出版中心|印书馆|书局|书店|出版集團|印書館|書局|書店)"
    r"(?:有限(?:责任|責任)?公司)?"
)


def stated(statement: str) -> list[Creator]:
    """张三，李四主编；王五译 as the CIP block prints it."""
    out = []
    for part in re.split(r"[;；]", statement):
        match = _ROLE_AT_END.match(part.strip())
        who, role = (match["name"], match["role"]) if match and len(key(match["name"])) >= 2 else (part, "")
        out += [Creator(name, role) for name in names(who)]
    return out


def labelled(field: Field) -> list[Creator]:
    role = _LABEL_ROLE.get(field.label, field.label)
    match = _ROLE_AT_END.match(field.value)
    if match and len(key(match["name"])) >= 2:
        return [Creator(name, match["role"]) for name in names(match["name"])]
    return [Creator(name, role) for name in names(field.value)]


def signed(text: str) -> list[Creator]:
    """A line of a title page that says who: 许峰◎编著, ◎ 本书编写组, 瞿秋白 著."""
    if len(text) > 40 or PRESS.fullmatch(text.strip()):
        return []
    ringed = re.search(rf"([{HAN}·\s、，,]{{2,20}})◎\s*({_ROLES})", text)
    if ringed:
        return [Creator(name, ringed[2]) for name in names(ringed[1])]
    match = _ROLE_AT_END.match(text)
    spaced = match and re.search(r"[\s◎●○·*]", text[match.end("name") : match.start("role")])
    if match and len(key(match["name"])) >= 2 and (spaced or len(key(match["name"])) <= 4):
        return [Creator(name, match["role"]) for name in names(match["name"])]
    lone = re.fullmatch(rf"([{HAN}]{{2,4}})\s+\S", text.strip())  # a role that the OCR misread: 瞿秋白 闭
    if lone:
        return [Creator(lone[1], "")]
    if text.startswith("◎") or re.fullmatch(r"\W*本[书書][编編][写寫委]\w{{0,3}}[组組会會]\W*", text):
        return [Creator(name, "") for name in names(text)]
    return []


def names(text: str) -> list[str]:
    """One or more names; 许 峰 is one, 汤中方 何思源 are two."""
    out: list[str] = []
    for part in re.split(r"[、,，;；/]|\s{2,}|\t", _COUNTRY.sub("", text)):
        pieces = _COUNTRY.sub("", part).split()
        if all(len(piece) <= 1 for piece in pieces) or any(piece.isascii() for piece in pieces):
            joined = "" if all(len(piece) <= 1 for piece in pieces) else " "
            out.append(joined.join(pieces))
        else:
            out += _without_lone(pieces)
    return [name.strip(" .．。◎*：:“”") for name in out if len(key(name)) >= 2]


def _without_lone(pieces: Sequence[str]) -> list[str]:
    """王 小明 is one name whose characters print spread; a lone character goes with what follows."""
    out: list[str] = []
    lone = ""
    for piece in pieces:
        if len(piece) == 1:
            lone += piece
        else:
            out.append(lone + piece)
            lone = ""
    if lone:
        out.append(lone)
    return out


def known_as(creator: Creator, title: str) -> Creator:
    """《书名》编写组 and 本书编写组 are the same people; a body without a role has written it as editors."""
    name = creator.name
    quoted = re.match(r"^《(.+?)》(.+)$", name)
    if quoted and title and alike(quoted[1], title):
        name = f"本书{quoted[2]}"
    role = creator.role
    if role in {"著", ""} and BODY.search(name):
        role = role if role == "著" else "编"
    return Creator(name, role)

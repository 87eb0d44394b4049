"""Texts as OCR language models, MinerU and ABBYY give them: the noise is ours, put on typeset pages.

No engine is called. Kinds of noise, not strings: headings all of one level or missed, `#` before lines that are no
headings, chat preambles, fences, page tags or no page gaps, HTML tables, `**`, entities, footnotes as `<sup>` or
`$^{①}$`, a character doubled where a page breaks, `和` put as ` and `, half-width punctuation by the paragraph,
characters taken for their look-alikes. What was done to characters is returned, for the truth's list of repairs.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.ocr.manuscript import Manuscript
from tests.ocr.typeset import Line, Page

# Taken for one another by readers of Han script, engines or people; from experience, not from any corpus.
ALIKE = (
    "己已 末未 土士 日曰 人入 八人 干千 王玉 大太 天夭 力刀 田由 由甲 目自 白自 问间 间问 为力 没设 时对 因囚 困因 "
    "折拆 析折 侯候 拔拨 晴睛 清请 请清 情清 治冶 洽治 戌戍 壁璧 籍藉 即既 既即 慢漫 漫慢 哀衷 衷哀 传传 住往 往住 "
    "今令 令今 名各 各名 处外 仿彷 几凡 凡几 于干 而面 而丽 友反 贝见 见贝 免兔 鸟乌 乌鸟 体休 休体 使便 便使 "
    "活话 话活 待侍 持待 特持 领颔 导寻 帝常 常帝 席度 晓烧 历厉 压庄 厂广 兵乒 幻幼 孑子 书节 义叉 尤龙"
)
ALIKE_HANT = (
    "己已 末未 土士 日曰 人入 干千 天夭 力刀 自白 囚因 折拆 拔撥 晴睛 清請 治冶 戌戍 壁璧 既即 今令 名各 "
    "于干 免兔 待侍 持待 導尋 書晝 晝畫 問間 間問 開閉 聞間 說設 設說 請諸 諸請 緣綠 綠緣 "
    "風鳳 鳥烏 烏鳥 島鳥 雪雲 電雷 爭事 東柬 陳陣"
)
SUBSTITUTES = {pair[0]: pair[1] for pair in ALIKE.split()}
SUBSTITUTES_HANT = {pair[0]: pair[1] for pair in ALIKE_HANT.split()}
HALF = str.maketrans("，。；：？！（）", ",.;:?!()")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
SUP = re.compile(r"[①-⑳]|\[\d+\]")
CHAT = ("好的，以下是识别结果：", "图片中的文字如下：", "Here is the text from the image:")
CONTEXT = 9


@dataclass(frozen=True, slots=True)
class Piece:
    """What one block of the manuscript has on one page. `whole` is false where the page breaks it."""

    role: str
    lines: tuple[str, ...]
    starts: bool
    ends: bool
    level: int = 0

    @property
    def text(self) -> str:
        return "".join(self.lines)


@dataclass
class Noise:
    """A seeded source of noise and the record of what it did to characters."""

    rng: random.Random
    rate: float  # look-alikes per character
    alike: dict[str, str]
    repairs: list[dict[str, str]] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def note(self, cls: str, text: str, at: int, right: str, wrong: str) -> None:
        """Record text[at : at+len(right)] -> wrong, with what stands about it."""
        before, after = text[max(0, at - CONTEXT) : at], text[at + len(right) : at + len(right) + CONTEXT]
        if SUP.search(before + after):
            return
        self.repairs.append(
            {
                "kind": "fix",
                "cls": cls,
                "right_context": before + right + after,
                "wrong_context": before + wrong + after,
            }
        )

    def misread(self, text: str) -> str:
        """Look-alikes and ` and `, far enough apart that each can be told from the other."""
        out = ""
        clear = 0
        for at, char in enumerate(text):
            wrong = self.alike.get(char)
            if at >= clear and wrong and self.chance(self.rate * 4):
                self.note("sub", text, at, char, wrong)
                out, clear = out + wrong, at + 2 * CONTEXT
            elif at >= clear and char == "和" and 0 < at < len(text) - 1 and self.chance(0.03):
                self.note("and", text, at, char, " and ")
                out, clear = out + " and ", at + 2 * CONTEXT
            else:
                out += char
        return out


def _alike(book: Manuscript) -> dict[str, str]:
    return SUBSTITUTES_HANT if "Hant" in book.get("language") else SUBSTITUTES


def pieces(page: Page, book: Manuscript) -> list[Piece]:
    """The page in reading order: head, text, notes, folio; lines of one block together."""
    out: list[Piece] = []
    held: list[Line] = []

    def close() -> None:
        if not held:
            return
        line = held[0]
        block = book.blocks[line.block] if line.block >= 0 else None
        whole = len(block.text) if block else 0
        level = block.level if block else 0
        texts = tuple(item.text for item in held)
        out.append(Piece(line.role, texts, line.start == 0, held[-1].end >= whole, level))
        held.clear()

    for _, line in sorted(page.lines, key=lambda placed: placed[0]):
        alone = line.role in {"front", "running-head", "folio", "picture"}
        fresh = line.role == "box" and line.start == 0
        starts_note = line.role == "note" and SUP.match(line.text)
        if held and (alone or fresh or starts_note or (line.role, line.block) != (held[0].role, held[0].block)):
            close()
        held.append(line)
    close()
    return out


def language_model(book: Manuscript, pages: list[Page], rng: random.Random, style: str) -> tuple[str, Noise]:
    """As an OCR language model writes: `style` is tags (page tags, chat, fences), bare (no page gaps) or mineru."""
    noise = Noise(rng, {"tags": 1 / 500, "bare": 1 / 300, "mineru": 1 / 900}[style], _alike(book))
    texts: list[str] = []
    tail = ""
    for number, page in enumerate(pages, 1):
        text, tail = _model_page(book, page, noise, style, tail)
        texts.append(_wrapped(text, number, noise, style))
    return "\n\n".join(text for text in texts if text.strip()) + "\n", noise


def _wrapped(text: str, number: int, noise: Noise, style: str) -> str:
    if style != "tags":
        return text
    if number == 1:
        text = "以下是该图片中的文字内容：\n\n" + text
    elif noise.chance(0.06):
        text = f"{noise.rng.choice(CHAT)}\n\n{text}"
    if noise.chance(0.12):
        text = f"```markdown\n{text}\n```"
    return f"<page>{number}</page>\n\n{text}"


def _model_page(book: Manuscript, page: Page, noise: Noise, style: str, tail: str) -> tuple[str, str]:
    """One page's text, and the last character of a sentence that runs on."""
    out: list[str] = []
    running = ""
    first = True
    for piece in pieces(page, book):
        plain = piece.text
        flows = piece.role in {"para", "item", "quote"}
        if piece.role in {"running-head", "folio"}:
            if style != "mineru" and noise.chance(0.25):
                out.append(plain)
            continue
        said = _said(piece, noise, style)
        if flows and not piece.starts and tail and first and noise.chance(0.2) and not SUP.search(plain[:CONTEXT]):
            doubled = tail[-1]
            noise.note("dup_at_break", tail + doubled + plain, len(tail), doubled, "")
            held = noise.repairs.pop()
            noise.repairs.append(
                {
                    "kind": "fix",
                    "cls": "dup_at_break",
                    "right_context": held["wrong_context"],
                    "wrong_context": held["right_context"],
                }
            )
            said = doubled + said
        if flows:
            first = False
            running = plain[-CONTEXT:] if not piece.ends else ""
        if said:
            out.append(said)
    return "\n\n".join(out), running


def _said(piece: Piece, noise: Noise, style: str) -> str:
    say: dict[str, Callable[[Piece, Noise, str], str]] = {
        "front": _front,
        "heading": _heading,
        "table": _table,
        "picture": _picture,
        "note": _note,
        "verse": _verse,
        "item": _item,
        "box": _para,
        "caption": _title,
        "centre": _title,
    }
    return say.get(piece.role, _para)(piece, noise, style)


def _front(piece: Piece, noise: Noise, style: str) -> str:
    text = piece.text.strip("　 ")
    if re.fullmatch(r"目\s*[录錄]|图书在版编目.*", text) and style != "bare":
        return "# " + text
    if " / " in text or re.search(r"　\d+$", text):
        text = re.sub(r"　(\d+)$", r" / \1" if style == "bare" else r"……\1", text)
        return ("- " if noise.chance(0.3) else "") + text
    return text


def _heading(piece: Piece, noise: Noise, style: str) -> str:
    text = piece.text.replace("　", " ").strip()
    if noise.chance(0.12):
        return text
    if style == "bare":
        return noise.rng.choice(["**{}**", "{}", "## {}", "▶ {}"]).format(text)
    if noise.chance(0.1):
        return f"# **{text}**"
    return "# " + text


def _title(piece: Piece, noise: Noise, style: str) -> str:
    text = piece.text.strip("　 ")
    return "# " + text if style != "bare" and noise.chance(0.4) else text


def _table(piece: Piece, noise: Noise, style: str) -> str:
    rows = [line.split("\t") for line in piece.lines]
    if style == "bare":
        ruled = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
        return "\n".join("| " + " | ".join(row) + " |" for row in ruled)
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _picture(piece: Piece, noise: Noise, style: str) -> str:
    return f"![](images/{noise.rng.getrandbits(128):032x}.jpg)" if style != "bare" else ""


def _marks(text: str, style: str) -> str:
    if style == "mineru":
        return re.sub(r"[①-⑳]", lambda found: f"$^{{{found[0]}}}$", text)
    if style == "tags":
        return re.sub(r"[①-⑳]", lambda found: f"<sup>{ord(found[0]) - 0x245F}</sup>", text)
    return text


def _note(piece: Piece, noise: Noise, style: str) -> str:
    return piece.text


def _verse(piece: Piece, noise: Noise, style: str) -> str:
    return ("  \n" if style == "tags" else "\n").join(piece.lines)


def _item(piece: Piece, noise: Noise, style: str) -> str:
    return ("- " if piece.starts and style != "mineru" else "") + _para(piece, noise, style)


def _para(piece: Piece, noise: Noise, style: str) -> str:
    text = noise.misread(piece.text)
    text = "".join(ENTITIES.get(char, char) for char in text)
    if noise.chance(0.12):
        text = text.translate(HALF)
    if style != "mineru" and len(text) > 40 and noise.chance(0.06):
        at = noise.rng.randrange(4, len(text) - 14)
        part = text[at : at + 8]
        if not re.search(r"[&;<>*]", part) and not SUP.search(part):
            text = f"{text[:at]}**{part}**{text[at + 8 :]}"
    if style == "tags" and noise.chance(0.04):
        text = text.replace("“", "&quot;").replace("”", "&quot;")
    text = _marks(text, style)
    if piece.role == "sign" and style == "tags" and noise.chance(0.5):
        text = "&nbsp;&nbsp;&nbsp;&nbsp;" + text
    return text


def hard_wrapped(book: Manuscript, pages: list[Page], rng: random.Random) -> tuple[str, Noise]:
    """As ABBYY exports plain text: printed lines, indents as blanks, Latin hyphenated at line ends, form feeds."""
    noise = Noise(rng, 1 / 400, _alike(book))
    sheets: list[str] = []
    for page in pages:
        lines: list[str] = []
        for piece in pieces(page, book):
            if piece.role == "picture":
                lines += ["", rng.choice(["■ ■", "", "/ / I"]), ""]
                continue
            if piece.role in {"heading", "caption", "note", "running-head", "folio"}:
                lines += ["", *piece.lines]
                continue
            wrapped = _hyphenated([noise.misread(line) for line in piece.lines], rng)
            indent = "    " if piece.role in {"para", "item"} and piece.starts else ""
            lines += [indent + _abbyy(wrapped[0], rng), *(_abbyy(line, rng) for line in wrapped[1:])]
        sheets.append("\r\n".join(lines))
    return "\r\n\f".join(sheets) + "\r\n", noise


def printed(book: Manuscript, pages: list[Page], rng: random.Random, style: str) -> tuple[str, Noise]:
    """As an engine that reads well prints a page: `wrap` printed lines and pages three blank lines apart, `close` the
    same without a blank line anywhere, `para` paragraphs within each page. Furniture stays; look-alikes are few.
    """
    noise = Noise(rng, 1 / 900, _alike(book))
    sheets: list[str] = []
    for page in pages:
        rows: list[str] = []
        role, block = "", -1
        for _, line in sorted(page.lines, key=lambda placed: placed[0]):
            if line.role == "picture" or not line.text.strip():
                continue
            text = noise.misread(line.text.replace("\t", "  ")).strip("　 ")
            alone = line.role in {"front", "verse", "sign"}
            if style == "para" and not alone and line.start and (line.role, line.block) == (role, block):
                rows[-1] += text
            else:
                fresh = line.role != role or line.block != block
                parted = style == "para" or (style == "wrap" and fresh and "heading" in (line.role, role))
                rows += ["", text] if rows and parted and not (alone and not fresh) else [text]
            role, block = line.role, line.block
        sheets.append("\n".join(rows))
    return ("\n" if style == "close" else "\n\n\n\n").join(sheets) + "\n", noise


def _hyphenated(lines: list[str], rng: random.Random) -> list[str]:
    """Where a long Latin word opens a line, its first half is put at the end of the line before, with a hyphen."""
    for at in range(1, len(lines)):
        word = re.match(r"[A-Za-z]{6,}", lines[at])
        if word and rng.random() < 0.8:
            cut = len(word[0]) // 2
            lines[at - 1] += word[0][:cut] + "-"
            lines[at] = lines[at][cut:]
    return lines


def _abbyy(line: str, rng: random.Random) -> str:
    line = line.replace("\t", "    ")
    if rng.random() < 0.3:
        line = line.replace("“", '"').replace("”", '"')
    if rng.random() < 0.15:
        line = line.replace("——", "--").replace("……", "...")
    if rng.random() < 0.1:
        line = re.sub(r"(?<=\d)1|1(?=\d)", "l", line)
    return line

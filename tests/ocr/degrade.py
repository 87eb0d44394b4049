"""Draw pages, then print and scan them badly: ink spread, skew, blur, uneven light, grain, JPEG, few dots per inch."""

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.ocr.faces import Face
from tests.ocr.typeset import DPI, Page, Setting

Picture = Image.Image


@dataclass(frozen=True, slots=True)
class Wear:
    """How bad the print and the scan are. `grain` is the noise's width in grey levels."""

    dpi: int
    blur: float
    skew: float
    grain: int
    quality: int
    spread: float  # chance that the ink has run
    thin: float  # chance that the print is thin
    shade: int  # how much darker the darkest corner is


WEARS = {
    "clean": Wear(200, 0.6, 0.1, 8, 88, 0.0, 0.0, 3),
    "fair": Wear(200, 1.0, 0.3, 20, 75, 0.3, 0.2, 8),
    "worn": Wear(150, 1.2, 0.35, 24, 65, 0.3, 0.2, 10),
    "low": Wear(100, 1.1, 0.25, 20, 60, 0.2, 0.1, 8),
}


def draw(page: Page, setting: Setting) -> Picture:
    """One page, black on white, at 300 dots per inch."""
    image = Image.new("L", setting.sheet, 255)
    pen = ImageDraw.Draw(image)
    for y, line in page.lines:
        for glyph in line.glyphs:
            font = Face.of(glyph.face).font(glyph.char, glyph.size)
            base = y + round(line.height * 0.8)
            pen.text((glyph.x, base - glyph.rise), glyph.char, font=font, fill=0, anchor="ls")
        if line.role == "picture":
            _picture(pen, setting, y, line.height)
    for rule in page.rules:
        pen.line(rule, fill=0, width=3)
    return image


def _picture(pen: ImageDraw.ImageDraw, setting: Setting, y: int, height: int) -> None:
    """A grey drawing without words."""
    left, right = setting.margin + setting.size * 4, setting.margin + setting.width - setting.size * 4
    base = y + height - setting.size
    pen.rectangle((left, y, right, base), outline=60, width=4, fill=235)
    step = (right - left) // 6
    for number, part in enumerate((0.3, 0.55, 0.4, 0.8, 0.65, 0.5)):
        x = left + number * step
        pen.rectangle((x + step // 4, base - int((base - y) * part), x + 3 * step // 4, base), fill=130)


def degrade(image: Picture, wear: Wear, rng: random.Random) -> Picture:
    """The page as a scanner would give it. The same seed gives the same page."""
    vary = rng.uniform
    image = image.rotate(vary(-wear.skew, wear.skew), fillcolor=255, resample=Image.Resampling.BICUBIC)
    chance = rng.random()
    if chance < wear.spread:
        image = Image.blend(image, image.filter(ImageFilter.MinFilter(3)), vary(0.3, 0.8))
    elif chance < wear.spread + wear.thin:
        image = Image.blend(image, image.filter(ImageFilter.MaxFilter(3)), vary(0.15, 0.45))
    image = image.filter(ImageFilter.GaussianBlur(wear.blur * vary(0.8, 1.2)))
    scale = wear.dpi / DPI
    image = image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.LANCZOS)
    floor, ceiling = vary(10, 45), vary(225, 250)
    image = image.point([round(floor + grey * (ceiling - floor) / 255) for grey in range(256)])
    shade = Image.frombytes("L", (4, 4), bytes(rng.randrange(wear.shade + 1) for _ in range(16)))
    image = ImageChops.subtract(image, shade.resize(image.size, Image.Resampling.BICUBIC))
    grain = Image.frombytes("L", image.size, rng.randbytes(image.width * image.height))
    grain = grain.point([round(grey * wear.grain / 255) for grey in range(256)])
    image = ImageChops.add(image, grain, 1, -wear.grain // 2)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=wear.quality)
    held.seek(0)
    return Image.open(held).convert("L")

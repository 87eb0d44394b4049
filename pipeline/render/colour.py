"""sRGB to the inks of a press. Greys become black ink alone; other colours go through the profile.

A grey of four inks shows coloured fringes where the plates do not meet, so text and rules are black ink only
(GB/T 7705; ISO 12647-2 practice). Everything else is converted by LittleCMS: relative colorimetric, black point kept.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

from pipeline.errors import SettingsError
from pipeline.style import Profile

_NEUTRAL = 0.004  # two channels that differ by less than one step of 255
_CMYK, _OUTPUT = b"CMYK", b"prtr"


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour as its four inks, each from 0 to 1."""

    cyan: float
    magenta: float
    yellow: float
    black: float

    @property
    def is_black_alone(self) -> bool:
        return self.cyan == self.magenta == self.yellow == 0

    def operands(self) -> bytes:
        """As a PDF writes it."""
        return " ".join(f"{value:.4g}" for value in (self.cyan, self.magenta, self.yellow, self.black)).encode()


def check(profile: Profile) -> None:
    """Raise SettingsError where this is no profile of a four-colour press (PDF/X-4: class prtr, space CMYK)."""
    if profile.data[12:16] != _OUTPUT or profile.data[16:20] != _CMYK or profile.data[36:40] != b"acsp":
        raise SettingsError(
            f"{profile.name} 不是 CMYK 印刷特性文件（ICC）",
            remedy="请向印厂要一个 .icc 文件",
            where="[print] profile",
        )


def ink(red: float, green: float, blue: float, profile: Profile) -> Ink:
    """An sRGB colour (channels from 0 to 1) in inks."""
    if max(red, green, blue) - min(red, green, blue) < _NEUTRAL:
        return Ink(0, 0, 0, round(1 - (red + green + blue) / 3, 4))
    pixel = Image.new("RGB", (1, 1), tuple(round(255 * channel) for channel in (red, green, blue)))
    values = _converted(pixel, profile).getpixel((0, 0))
    return Ink(*(round(value / 255, 4) for value in values))  # type: ignore[union-attr]


def picture(image: Image.Image, profile: Profile) -> Image.Image:
    """A picture of any kind in inks: a grey one in black alone; its own profile, where it carries one, is minded."""
    if image.mode == "CMYK":
        return image
    if image.mode in {"1", "L", "LA"}:
        none = Image.new("L", image.size, 0)
        return Image.merge("CMYK", (none, none, none, ImageOps.invert(image.convert("L"))))
    own = image.info.get("icc_profile")
    return _converted(image.convert("RGB"), profile, own if image.mode == "RGB" else None)


def _converted(image: Image.Image, profile: Profile, own: bytes | None = None) -> Image.Image:
    return ImageCms.applyTransform(image, _transform(profile.data, own or b"")) or image


@lru_cache(maxsize=4)
def _transform(target: bytes, own: bytes) -> Any:
    source: Any = ImageCms.createProfile("sRGB")
    if own:
        try:
            source = ImageCms.getOpenProfile(BytesIO(own))
        except ImageCms.PyCMSError:
            source = ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(
        source,
        ImageCms.getOpenProfile(BytesIO(target)),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )

"""What a renderer gives back."""

from dataclasses import dataclass

from pipeline.notice import Notice


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file: its name (no folder), its bytes, and what was noticed while it was made."""

    name: str
    data: bytes
    media_type: str
    notices: tuple[Notice, ...] = ()

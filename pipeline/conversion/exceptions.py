"""What OpenCC 1.4 converts wrongly from Simplified: exceptions.toml, and what a region writes otherwise: forms.toml.

Each entry has a case in the tests.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@cache
def words(target: str) -> Mapping[str, str]:
    """Simplified word to Traditional one in OpenCC's standard forms, for an edition."""
    own = _table("forms.toml").get(target, {}).get("words", {})
    return MappingProxyType(
        {word: becomes for kind in _table("exceptions.toml").values() for word, becomes in kind.items()} | own
    )


def back() -> Mapping[str, str]:
    """Traditional word to Simplified one, where OpenCC is wrong on the way back."""
    return MappingProxyType(_table("forms.toml")["hans"]["words"])


@cache
def forms(target: str) -> Mapping[str, str]:
    """Characters as OpenCC has them to characters as an edition has them."""
    return MappingProxyType(_table("forms.toml").get(target, {}).get("characters", {}))


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text("utf-8"))

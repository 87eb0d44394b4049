"""Words that OpenCC 1.4 converts wrongly, from Simplified: exceptions.toml, each with a case in the tests."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def words() -> Mapping[str, str]:
    """Simplified word to Traditional one in OpenCC's standard forms; regional forms are made from these."""
    text = resources.files(__package__).joinpath("exceptions.toml").read_text("utf-8")
    return MappingProxyType({word: becomes for kind in tomllib.loads(text).values() for word, becomes in kind.items()})

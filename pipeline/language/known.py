"""All that is known of the language on this machine, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.language import lattice, lexicon, lookalikes
from pipeline.language.lattice import Lattice, Model
from pipeline.language.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Known:
    """Words, model and look-alikes. `missing` names, in Chinese, what could not be read."""

    lexicon: Lexicon
    model: Model | None
    alike: Mapping[str, Mapping[str, float]]
    misread: Mapping[str, float]
    missing: tuple[str, ...] = ()

    def lattice(self, run: str) -> Lattice:
        return Lattice(run, self.lexicon, self.model)


def read() -> Known:
    """Read everything that can be read."""
    model = lattice.find()
    path = lexicon.dictionary()
    words = lexicon.EMPTY if path is None else lexicon.read(path, model.alone if model else _unknown)
    missing = [
        *(["词典（pip 的 jieba）"] if path is None else []),
        *(["词语模型（Debian 的 libime-data-language-model）"] if model is None else []),
    ]
    return Known(words, model, lookalikes.read(), lookalikes.misread(), tuple(missing))


def identity() -> str:
    """Names the data that shape what is found, without reading them: where one is missing or another, it differs."""
    files = (lattice.file(), lexicon.dictionary())
    return " ".join(f"{path.name}:{path.stat().st_size}" for path in files if path is not None)


def _unknown(word: str) -> float | None:  # noqa: ARG001  the dictionary asks for a model that is not there
    return None

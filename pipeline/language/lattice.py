"""How likely a run of Han characters is, over all the ways to cut it into words. The one door to KenLM.

A run is scored by dynamic programming over its words: at each column the few best ways to get there are kept, each with
the model's state. Putting another character somewhere is scored by going on from the columns before it, so that it
costs a few words and not the whole run. Figures are log10 of probabilities.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.language.lexicon import LONGEST, UNSEEN, Lexicon

Ways: TypeAlias = list[tuple[float, Any]]  # figure and state of the model, for each way to reach a column
WIDTH = 3  # ways kept at a column
_REACH = 6  # columns after a change that are scored again

_FOLDER = Path("/usr/lib")  # Debian's libime-data-language-model puts its file in one of its folders
_FILE = "*/libime/zh_CN.lm"


class Model:
    """A trigram model of words."""

    def __init__(self, path: Path) -> None:
        import kenlm  # noqa: PLC0415  only where a text is proofread

        self._model = kenlm.Model(str(path))
        self._state: Callable[[], Any] = kenlm.State
        self.score: Callable[[Any, str, Any], float] = self._model.BaseScore
        self._scratch = self._state()
        self._start = self.start()

    def start(self) -> Any:
        """The state at the start of a run, where nothing is known of what stands before."""
        state = self._state()
        self._model.NullContextWrite(state)
        return state

    def next(self) -> Any:
        """A state to write into."""
        return self._state()

    def alone(self, word: str) -> float | None:
        """log10 of the probability of `word` by itself; None where the model has no such word."""
        return self.score(self._start, word, self._scratch) if word in self._model else None


def file() -> Path | None:
    """Where the model of this machine lies; None where there is none."""
    return next(iter(sorted(_FOLDER.glob(_FILE))), None)


def find() -> Model | None:
    """The model of this machine; None where its file or KenLM is missing."""
    path = file()
    try:
        return None if path is None else Model(path)
    except (ImportError, OSError):
        return None


class Lattice:
    """The ways through one run of Han characters."""

    def __init__(self, text: str, lexicon: Lexicon, model: Model | None) -> None:
        self.text, self.lexicon, self.model = text, lexicon, model
        self.columns: list[Ways] = [[] for _ in range(len(text) + 1)]
        self.columns[0] = [(0.0, model.start() if model else None)]
        self._walk(text, self.columns, 0, 0)

    @property
    def figure(self) -> float:
        """log10 of the probability of the whole run."""
        return max(figure for figure, _ in self.columns[-1])

    def gain(self, at: int, char: str) -> float:
        """By how much the run becomes likelier with `char` in column `at`."""
        first = max(0, at - LONGEST + 1)
        end = min(len(self.text), at + 1 + _REACH)
        text = self.text[first:at] + char + self.text[at + 1 : end]
        columns = [list(self.columns[column]) if column <= at else [] for column in range(first, end + 1)]
        self._walk(text, columns, 0, at - first)
        return max(figure for figure, _ in columns[-1]) - max(figure for figure, _ in self.columns[end])

    def _walk(self, text: str, columns: list[Ways], first: int, beyond: int) -> None:
        """Go on from each column with each word that begins there and ends after column `beyond`."""
        words, prefixes, unmodelled = self.lexicon.words, self.lexicon.prefixes, self.lexicon.unmodelled
        model, size = self.model, len(text)
        for start in range(first, size):
            ways = columns[start]
            if len(ways) > WIDTH:
                ways.sort(key=lambda way: -way[0])
                del ways[WIDTH:]
            end = start
            while True:
                end += 1
                word = text[start:end]
                figure = words.get(word)
                if figure is None and end == start + 1:
                    figure = UNSEEN
                if figure is not None and end > beyond:
                    reached = columns[end]
                    if model is None:
                        reached += [(so_far + figure, None) for so_far, _ in ways]
                    elif word in unmodelled or figure == UNSEEN:
                        reached += [(so_far + figure, model.start()) for so_far, _ in ways]
                    else:
                        for so_far, state in ways:
                            after = model.next()
                            reached.append((so_far + model.score(state, word, after), after))
                if end >= size or end - start >= LONGEST or word not in prefixes:
                    break

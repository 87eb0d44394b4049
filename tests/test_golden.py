"""The golden books stay as they are; `make golden` renews them, and the difference is read before it is committed."""

from pathlib import Path

import pytest

from tests import golden

FOLDERS = sorted(path for path in golden.BOOKS.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_book_is_as_it_was(folder: Path) -> None:
    wanted = (folder / "golden" / "book.txt").read_text(encoding="utf-8")
    assert golden.dump(golden.made(golden.text_of(folder))) == wanted


def test_both_seeds_are_golden() -> None:
    seeds = {path.stem for path in (golden.ROOT / "seeds").glob("*.txt")}
    assert seeds <= {folder.name for folder in FOLDERS}

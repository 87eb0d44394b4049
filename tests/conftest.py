"""The shelf of e-books that tests of several files read: each is made once, by whichever parallel test comes first."""

import pytest

from tests.shelf import Shelf


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Shelf:
    """One shelf for a whole run of pytest. xdist gives each of its workers a folder within that of the run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "shelf"
    folder.mkdir(exist_ok=True)
    return Shelf(folder)

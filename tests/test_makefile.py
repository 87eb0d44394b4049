"""The Makefile: every target explained, no logic in it, and what it calls exists."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"(?m)^([a-z][a-z-]*):(?!=)", MAKEFILE)
INNER = {"ready", "ready-test"}  # prerequisites that nobody types


def make(*arguments: str, folder: Path = ROOT) -> str:
    """What make says (with -n: the commands it would run)."""
    # `make test` hands its own flags down to us; they are not meant for this make.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def commands(*arguments: str) -> list[str]:
    """The commands behind a target, set-up aside."""
    return [line for line in make("-n", *arguments).splitlines() if "pipeline.bootstrap" not in line]


def test_help_comes_first_and_lists_every_target() -> None:
    assert make() == make("help")
    listed = re.findall(r"(?m)^  make ([a-z-]+) +\S", make())
    assert listed == [target for target in TARGETS if target not in INNER]
    assert {"help", "epub", "pdf", "all", "clean", "check", "test", "lint", "lock", "doctor"} <= set(listed)


def test_every_target_is_phony() -> None:
    assert set(re.findall(r"(?m)^\.PHONY: (.+)$", MAKEFILE)) == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_holds_no_logic(target: str) -> None:
    recipe = re.search(rf"(?m)^{target}:.*\n((?:\t.*\n)*)", MAKEFILE)
    assert recipe is not None
    lines = recipe.group(1).splitlines()
    assert len(lines) <= 3
    assert not [line for line in lines if re.search(r"(?<!-)\b(if|for|while|case)\b|&&|\|\||;", line)]


@pytest.mark.parametrize(
    ("target", "setting", "command"),
    [
        ("epub", (), "build --format epub"),
        ("pdf", (), "build --format pdf,print"),
        ("all", (), "build --format epub,pdf,print,cover"),
        ("shelf", (), "shelf --build"),
        ("shelf", ("BOOK=a", "EDITIONS=source,hant-tw"), "shelf a --build --edition source,hant-tw"),
        ("epub", ("BOOK=a", "JOBS=3"), "build a --jobs 3 --format epub"),
        (
            "pdf",
            ("BOOK=dir/a.txt b", "EDITIONS=source,hant-tw"),
            "build dir/a.txt b --edition source,hant-tw --format pdf,print",
        ),
    ],
)
def test_settings_narrow_the_build(target: str, setting: tuple[str, ...], command: str) -> None:
    (line,) = commands(target, *setting)
    assert line.split() == [".venv/bin/python", "-m", "pipeline", *command.split()]


def test_every_building_target_sets_up_first() -> None:
    for target in ("epub", "pdf", "all", "doctor"):
        assert make("-n", target).splitlines()[0].endswith("-m pipeline.bootstrap --for run")
    for target in ("check", "test", "lint", "lock"):
        assert make("-n", target).splitlines()[0].endswith("-m pipeline.bootstrap --for test")


def test_another_python_can_be_named() -> None:
    assert make("-n", "epub", "PYTHON=python3.12").startswith("python3.12 -m pipeline.bootstrap")


def test_check_leaves_slow_tests_out_and_test_leaves_out_none() -> None:
    assert '-m "not slow"' in commands("check")[-1]
    (test,) = commands("test")
    assert test.split() == [".venv/bin/python", "-m", "pytest", "-n", "2"]


def test_ci_runs_the_documented_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))] == ["make test"]


def test_clean_empties_build_and_nothing_else(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("build/.gitkeep", "build/.store/x", "build/book/book.source.epub", "seeds/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    make("clean", folder=tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == [
        "Makefile",
        "build/.gitkeep",
        "seeds/a.txt",
    ]


def test_locks_name_versions_and_hashes_alone() -> None:
    run, both = ((ROOT / name).read_text("utf-8") for name in ("requirements.lock", "requirements-dev.lock"))
    for text in (run, both):
        assert "http" not in text
        assert "index" not in text
        assert "/" not in text
        for package in re.split(r"(?m)^(?=[a-z])", text)[1:]:
            assert re.match(r"[a-z0-9.-]+==\S+ ", package)
            assert "--hash=sha256:" in package
    # The tests run on the very versions that the books are made with.
    assert set(re.findall(r"(?m)^\S+==\S+", run)) <= set(re.findall(r"(?m)^\S+==\S+", both))

"""What the pages for users say stays true: their commands, their example, their links, and every setting."""

import dataclasses
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer.main

from pipeline import config, style
from pipeline.cli import app
from pipeline.config import Settings
from pipeline.structure import forms

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh.md")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")


def said(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", [*READMES, "docs/settings.md", "docs/shelf.md", "CHANGELOG.md"])
def test_links_and_pictures_are_there(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", said(page))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", READMES)
def test_commands_and_options_exist(page: str) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    shown = re.findall(r"python -m pipeline (\w+)([^`\n]*)", said(page))
    assert shown
    for name, rest in shown:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest.partition("#")[0])) <= options


@pytest.mark.parametrize("page", READMES)
def test_make_targets_exist(page: str) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", said("Makefile")))
    named = {word for words in re.findall(r"\bmake ([a-z ]+)", said(page)) for word in shlex.split(words)}
    assert named & targets
    assert {word for word in named if word in {"epub", "pdf", "test", "help", "doctor"}} <= targets


def test_the_example_of_explain_is_what_it_says() -> None:
    (example,) = re.findall(r"(?s)```\n\$ python -m pipeline (explain [^\n]*)\n(.*?)```", said("README.zh.md"))
    command, lines = example
    found = subprocess.run(
        [sys.executable, "-m", "pipeline", *shlex.split(command)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert [line for line in lines.splitlines() if line not in found.stdout.splitlines()] == []


# ---------------------------------------------------------------- docs/settings.md


def test_the_example_settings_are_accepted(tmp_path: Path) -> None:
    (example,) = re.findall(r"(?s)```toml\n(.*?)```", SETTINGS)
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\xffrest")
    (tmp_path / "press.icc").write_bytes(style.load().press.data)
    found = config.parse(example, tmp_path / "书.toml")
    assert found.book.creators[0].name == "瞿秋白"
    names_all = {
        "": {"editions", "cover"},
        **{item.name: {_spelt(item, key) for key in _keys(item)} for item in _tables()},
    }
    shown = tomllib.loads(example)
    reserved = {"profile", "embed_fonts"}
    for table, names in names_all.items():
        given = shown if not table else shown[table]
        assert names - reserved <= given.keys(), table


def test_every_setting_and_heading_form_is_described() -> None:
    rows = " ".join(line for line in SETTINGS.splitlines() if line.startswith(("|", "`profile`")))
    keys = {_spelt(item, key) for item in _tables() for key in _keys(item)}
    assert {key for key in keys | {form.sign for form in forms.CASES} if f"`{key}`" not in rows} == set()


def _tables() -> list["dataclasses.Field[object]"]:
    return [item for item in dataclasses.fields(Settings) if dataclasses.is_dataclass(getattr(Settings(), item.name))]


def _keys(table: "dataclasses.Field[object]") -> "tuple[dataclasses.Field[object], ...]":
    return dataclasses.fields(getattr(Settings(), table.name))


def _spelt(table: "dataclasses.Field[object]", key: "dataclasses.Field[object]") -> str:
    """A key as the .toml has it: the editions of [convert] by their own names."""
    return key.name.replace("_", "-") if table.name == "convert" else key.name

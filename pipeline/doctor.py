"""What this machine has and lacks, and what to do about it. cli.py prints it; nothing here prints or installs.

Looked for: Python, the packages that pyproject.toml names, Pango, the fonts of the simplified and traditional editions,
the proofreader's word model, which it can do without, and what the tests need besides (Java with EPUBCheck, Chromium,
poppler, qpdf, MuPDF, Ghostscript, minisign, GnuPG). The parts and the commands that bring them are those of
bootstrap.py, so that both always say the same.
"""

import platform
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version

from pipeline import bootstrap

TOOL_SECONDS = 30  # how long another program may take to say its version


class Need(Enum):
    """What is impossible while a part is missing."""

    BUILDING = "出书 · building"
    PRINTING = "PDF · printing"
    TESTING = "测试 · testing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: `found` is its version or names ("" if it is missing), `remedy` what to do then ("" if it is there)."""

    name: str
    need: Need
    found: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        return not self.remedy


def examine() -> tuple[Finding, ...]:
    """Everything that matters here, in the order one would mend it. Never raises: what cannot be asked is missing."""
    families = bootstrap.installed_families()
    return (
        finding("Python", Need.BUILDING, python_version(), f"Python {'.'.join(map(str, bootstrap.OLDEST))}+"),
        *(finding(name, Need.BUILDING, package_version(name), set_up("run")) for name in declared()),
        finding("Pango", Need.PRINTING, pango_version(), part_remedy("Pango")),
        *(finding(name, Need.PRINTING, name * (name in families), part_remedy("Noto CJK")) for name in bootstrap.FONTS),
        finding("libime", Need.TESTING, "zh_CN.lm" * bootstrap.has_language_model(), part_remedy("libime")),
        *(finding(name, Need.TESTING, package_version(name), set_up("test")) for name in declared("test")),
        finding("Java", Need.TESTING, says("java", "-version"), part_remedy("Java")),
        finding("Node.js", Need.TESTING, node_version(), part_remedy("Node.js")),
        finding("Chromium", Need.TESTING, says(bootstrap.chromium(), "--version"), part_remedy("Chromium")),
        finding("poppler", Need.TESTING, says("pdftoppm", "-v"), part_remedy("poppler")),
        finding("minisign", Need.TESTING, says("minisign", "-v"), part_remedy("minisign")),
        finding("GnuPG", Need.TESTING, says("gpg", "--version"), part_remedy("GnuPG")),
        finding("qpdf", Need.TESTING, says("qpdf", "--version"), part_remedy("qpdf")),
        finding("MuPDF", Need.TESTING, says("mutool", "-v"), part_remedy("MuPDF")),
        finding("Ghostscript", Need.TESTING, says("gs", "--version"), part_remedy("Ghostscript")),
    )


def missing(findings: tuple[Finding, ...], *needs: Need) -> tuple[Finding, ...]:
    """What is not there, of what is needed for `needs` (for anything, if none is named)."""
    return tuple(each for each in findings if not each.ok and (not needs or each.need in needs))


def finding(name: str, need: Need, found: str, remedy: str) -> Finding:
    """A finding that keeps the remedy only where nothing was found."""
    return Finding(name, need, found, "" if found else remedy)


def declared(extra: str = "") -> tuple[str, ...]:
    """The packages that pyproject.toml names, for running or for an extra; not those that only some machines have."""
    project = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return tuple(re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0] for line in lines if ";" not in line)


def python_version() -> str:
    """The running Python; "" if it is too old."""
    return platform.python_version() if sys.version_info >= bootstrap.OLDEST else ""


def package_version(name: str) -> str:
    """The installed version of a package, or ""."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def node_version() -> str:
    """Node.js, if it is new enough for the readers of the tests and npm is there."""
    return (bootstrap.node_version() or "") if bootstrap.has_node() else ""


def pango_version() -> str:
    """Pango's version, or "" unless all that WeasyPrint loads beside it is there too."""
    pango = bootstrap.library(*bootstrap.PANGO)
    if pango is None or not bootstrap.has_pango():
        return ""
    number = int(pango.pango_version())  # 15012 is 1.50.12 (PANGO_VERSION_ENCODE)
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def says(program: str | None, *arguments: str) -> str:
    """The first line that a program says about itself, or "" if there is none, it fails or hangs."""
    if program is None:
        return ""
    try:
        told = subprocess.run(
            [program, *arguments], capture_output=True, text=True, errors="replace", timeout=TOOL_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return next(iter((told.stdout.strip() or told.stderr.strip()).splitlines()), "")


def set_up(purpose: str) -> str:
    """How a missing package comes: set-up brings all of them."""
    return f"请运行 · please run: python3 -m pipeline.bootstrap --for {purpose}"


def part_remedy(name: str) -> str:
    """How a missing part of the system comes, in the words of set-up."""
    return bootstrap.what_to_install(tuple(part for part in bootstrap.PARTS if part.name == name))

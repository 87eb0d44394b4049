"""Set-up: the one file that runs before anything is installed. `python3 -m pipeline.bootstrap [--for run|test]`.

Makes `.venv` from the lock (versions and hashes), and sees that the parts that are no Python packages are there (Pango
and Chinese fonts; for the tests also Java, Chromium, poppler, qpdf, MuPDF, Ghostscript, minisign, GnuPG, and Node.js
with the locked readers of tests/readers). Where it may (root or passwordless sudo on Debian and its kin) it installs
them through apt; elsewhere it says in one line what to install. Nothing to do costs no noticeable time, so every target
of the Makefile may depend on it.

Only the standard library is imported, and nothing in this file may stop an older Python from reading it: it has to tell
the user that it is too old. Progress goes to stderr; stdout stays empty.

How it ends:
  0    everything is ready
  2    wrong command line
  69   something is missing that only the user can install; the last line on stderr says what (EX_UNAVAILABLE)
  73   the project's folder cannot be written or read (EX_CANTCREAT)
  75   an installation failed, most likely the network; the same command tries again (EX_TEMPFAIL)
  130  interrupted; the same command starts the unfinished part anew
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
READY, UNAVAILABLE, CANNOT_WRITE, TRY_AGAIN, INTERRUPTED = 0, 69, 73, 75, 130
READERS = Path("tests/readers")  # the e-book readers and checkers of the tests, from package-lock.json
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
PYTHON_IN_VENV = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")


class SetUpError(Exception):
    """Set-up cannot go on: a line for the user, Chinese first, and how the program ends."""

    def __init__(self, line: str, exit_code: int) -> None:
        super().__init__(line)
        self.exit_code = exit_code


class Part(NamedTuple):
    """A part of the system that pip cannot install: how to see it, and what it is called by each installer."""

    name: str
    purpose: str  # the first purpose that needs it: "run" or "test"
    present: Callable[[], bool]
    apt: tuple[str, ...]
    brew: str
    windows: str


def library(*names: str) -> ctypes.CDLL | None:
    """A library by one of its names (Linux, macOS and Windows each have their own); None if the loader finds none."""
    folders = ("", "/opt/homebrew/lib/", "/usr/local/lib/") if sys.platform == "darwin" else ("",)
    for name in (folder + name for folder in folders for name in names):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


# What WeasyPrint loads: Pango, its FreeType half and HarfBuzz's subsetter.
PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll")
PANGO_FREETYPE = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll")
HARFBUZZ_SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")


def has_pango() -> bool:
    """Whether PDF can be made at all."""
    return all(library(*names) is not None for names in (PANGO, PANGO_FREETYPE, HARFBUZZ_SUBSET))


def installed_families() -> frozenset[str]:
    """The font families that fontconfig knows for Chinese; none where there is no fontconfig."""
    if shutil.which("fc-list") is None:
        return frozenset()
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return frozenset(name.strip() for line in listed.stdout.splitlines() for name in line.split(","))


# Serif for the text, sans for headings, each in the forms of the mainland, of Taiwan and of Hong Kong.
FONTS = tuple(f"Noto {face} CJK {form}" for face in ("Serif", "Sans") for form in ("SC", "TC", "HK"))


def missing_fonts() -> tuple[str, ...]:
    """Which of the families that our editions are set in are not there."""
    families = installed_families()
    return tuple(font for font in FONTS if font not in families)


def on_ubuntu() -> bool:
    """Ubuntu calls Chromium's package by another name than Debian."""
    try:
        return "ID=ubuntu" in Path("/etc/os-release").read_text("utf-8").splitlines()
    except OSError:
        return False


CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of a Chromium, if there is one."""
    found = (shutil.which(name) for name in CHROMIUM)
    app = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return next((path for path in found if path), str(app) if app.exists() else None)


OLDEST_NODE = 18


def node_version() -> str | None:
    """The version of Node.js, if there is one that starts and npm stands beside it."""
    if shutil.which("npm") is None:
        return None
    told = run(["node", "--version"])
    return told.stdout.strip().removeprefix("v") if told.returncode == 0 else None


def has_node() -> bool:
    """Whether the readers of the tests can be installed and run."""
    return int((node_version() or "0").split(".")[0]) >= OLDEST_NODE


def has_language_model() -> bool:
    """Whether the proofreader has its word model."""
    return any(Path("/usr/lib").glob("*/libime/zh_CN.lm"))


def has_ensurepip() -> bool:
    """Whether this Python can make a `.venv` with pip in it. Debian keeps ensurepip in a package of its own."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


ENSUREPIP = Part(
    "Python venv",
    "run",
    has_ensurepip,
    (f"python3.{sys.version_info[1]}-venv",),
    "python",
    "winget install -e --id Python.Python.3.13",
)

# The proofreader finds more with it and goes on without it; the tests need it.
LANGUAGE_MODEL = Part(
    "libime",
    "test",
    has_language_model,
    ("libime-data-language-model",),
    "（只有 Debian/Ubuntu 有 · on Debian and Ubuntu only）",
    "（只有 Debian/Ubuntu 有 · on Debian and Ubuntu only）",
)

PARTS = (
    Part(
        "Pango",
        "run",
        has_pango,
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
        "pango",
        "winget install -e --id MSYS2.MSYS2; C:\\msys64\\usr\\bin\\pacman -S mingw-w64-ucrt-x86_64-pango",
    ),
    Part(
        "Noto CJK",
        "run",
        lambda: not missing_fonts(),
        ("fontconfig", "fonts-noto-cjk"),
        "fontconfig font-noto-serif-cjk font-noto-sans-cjk",
        "https://github.com/notofonts/noto-cjk/releases",
    ),
    Part(
        "Java",
        "test",
        lambda: shutil.which("java") is not None,
        ("default-jre-headless",),
        "temurin",
        "winget install -e --id EclipseAdoptium.Temurin.21.JRE",
    ),
    Part(
        "Node.js",
        "test",
        has_node,
        ("nodejs", "npm"),
        "node",
        "winget install -e --id OpenJS.NodeJS.LTS",
    ),
    Part(
        "Chromium",
        "test",
        lambda: chromium() is not None,
        ("chromium-browser",) if on_ubuntu() else ("chromium",),
        "google-chrome",
        "winget install -e --id Google.Chrome",
    ),
    Part(
        "poppler",
        "test",
        lambda: shutil.which("pdftoppm") is not None and shutil.which("pdftotext") is not None,
        ("poppler-utils",),
        "poppler",
        "winget install -e --id oschwartz10612.Poppler",
    ),
    Part(
        "minisign",
        "test",
        lambda: shutil.which("minisign") is not None,
        ("minisign",),
        "minisign",
        "scoop install minisign",
    ),
    Part(
        "GnuPG",
        "test",
        lambda: shutil.which("gpg") is not None,
        ("gnupg",),
        "gnupg",
        "winget install -e --id GnuPG.GnuPG",
    ),
    Part(
        "qpdf",
        "test",
        lambda: shutil.which("qpdf") is not None,
        ("qpdf",),
        "qpdf",
        "winget install -e --id QPDF.QPDF",
    ),
    Part(
        "MuPDF",
        "test",
        lambda: shutil.which("mutool") is not None,
        ("mupdf-tools",),
        "mupdf-tools",
        "winget install -e --id ArtifexSoftware.mutool",
    ),
    Part(
        "Ghostscript",
        "test",
        lambda: shutil.which("gs") is not None,
        ("ghostscript",),
        "ghostscript",
        "winget install -e --id ArtifexSoftware.GhostScript",
    ),
    LANGUAGE_MODEL,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make everything ready for a purpose; return the exit code."""
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        have = ".".join(map(str, sys.version_info[:3]))
        say(
            f"需要 Python {wanted} 或更新的版本，现在是 {have}；请安装后用 make PYTHON=python{wanted} 指定它"
            f" · Python {wanted} or newer is needed, this is {have}; install it and name it: make PYTHON=python{wanted}"
        )
        return UNAVAILABLE
    parser = argparse.ArgumentParser(prog="python3 -m pipeline.bootstrap", description="准备运行环境 · Set-up")
    parser.add_argument("--for", dest="purpose", choices=("run", "test"), default="run", help="run: 出书 · test: 测试")
    purpose = parser.parse_args(arguments).purpose
    try:
        prepare(ROOT, purpose)
    except SetUpError as error:
        say(str(error))
        return error.exit_code
    except OSError as error:
        say(f"准备环境时无法读写，请检查权限和磁盘空间 · Cannot read or write; check rights and disk space: {error}")
        return CANNOT_WRITE
    except KeyboardInterrupt:
        say("已中断，再运行一次同样的命令即可继续 · Interrupted; the same command goes on")
        return INTERRUPTED
    return READY


def prepare(root: Path, purpose: str) -> None:
    """Everything that `purpose` needs, made where it is not there yet.

    The parts of the system come first, for one of them (ensurepip) is needed to make `.venv`; and whoever has to
    install some by hand is told all of them at once. Those that are still missing do not keep `.venv` from being made:
    it is enough for an EPUB.
    """
    ready = environment_is_ready(root, purpose)
    missing, failure = missing_parts(purpose, environment_ready=ready), None
    if missing and apt_prefix() is not None:
        for part in missing:  # one by one: a package that this system does not have keeps no other from coming
            say(f"正在用 apt 安装 · Installing through apt: {' '.join(part.apt)}")
            failure = apt_install(part.apt) or failure
        missing = missing_parts(purpose, environment_ready=ready)
    if not ready and purpose == "run" and apt_prefix() is not None and not LANGUAGE_MODEL.present():
        say(f"正在用 apt 安装 · Installing through apt: {' '.join(LANGUAGE_MODEL.apt)}")
        apt_install(LANGUAGE_MODEL.apt)  # welcome, not needed: a system that does not have it goes on
    if not ready and ENSUREPIP not in missing:
        with only_one(root):
            if not environment_is_ready(root, purpose):  # another run may have made it while we waited
                make_environment(root, purpose)
    if purpose == "test" and has_node() and not readers_are_ready(root):
        with only_one(root):
            if not readers_are_ready(root):
                make_readers(root)
    if missing:
        raise SetUpError("\n".join(filter(None, (failure, what_to_install(missing)))), UNAVAILABLE)


def say(line: str) -> None:
    """A line for the user."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


# --- .venv -----------------------------------------------------------------------------------------------------------


def stamp_file(root: Path) -> Path:
    """Written last: a `.venv` without it is unfinished. Holds the purpose, the lock's digest and the Python version."""
    return root / ".venv" / "zhpress-stamp"


def expected_stamp(root: Path, purpose: str, version: str) -> str:
    """What the stamp of a finished `.venv` says."""
    digest = hashlib.sha256((root / LOCKS[purpose]).read_bytes()).hexdigest()
    return f"{purpose} {digest} {version}\n"


def read_stamp(root: Path) -> str:
    """The stamp, or nothing."""
    try:
        return stamp_file(root).read_text("utf-8")
    except OSError:
        return ""


def version_in(root: Path) -> str | None:
    """major.minor of the Python in `.venv`; None if there is none that starts (the system's Python went away)."""
    command = [
        str(root / ".venv" / PYTHON_IN_VENV),
        "-I",
        "-S",
        "-c",
        "import sys; print('%d.%d' % sys.version_info[:2])",
    ]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return told.stdout.strip() or None


def environment_is_ready(root: Path, purpose: str) -> bool:
    """Whether `.venv` is what the lock says. An environment for the tests serves for running as well."""
    stamp = read_stamp(root)
    serving = ("test",) if purpose == "test" else ("run", "test")
    if not stamp.startswith(serving):
        return False
    version = version_in(root)
    return version is not None and any(stamp == expected_stamp(root, one, version) for one in serving)


def make_environment(root: Path, purpose: str) -> None:
    """`.venv` with exactly what the lock names. Finished ones are brought up to date, unfinished ones made anew."""
    stamp, version = read_stamp(root), version_in(root)
    purpose = "test" if stamp.startswith("test ") else purpose  # never take a developer's tools away
    if not stamp or version is None or stamp.split()[-1] != version:
        create_environment(root)
    stamp_file(root).unlink(missing_ok=True)  # from here on unfinished, whatever happens
    say("正在按锁定的版本安装组件，约需一两分钟 · Installing the locked packages, a minute or two")
    pip(root, "install", "--require-hashes", "--no-deps", "--progress-bar=off", "-r", str(root / LOCKS[purpose]))
    strangers = packages_beyond_lock(root, purpose)
    if strangers:
        pip(root, "uninstall", "--yes", *strangers)
    version = version_in(root)
    if version is None:
        raise SetUpError(
            "刚建立的 .venv 无法运行，请删除它再试 · The new .venv does not start; delete it and retry", TRY_AGAIN
        )
    draft = stamp_file(root).with_suffix(".draft")
    draft.write_text(expected_stamp(root, purpose, version), "utf-8")
    draft.replace(stamp_file(root))


def create_environment(root: Path) -> None:
    """An empty `.venv`, in place of whatever stood there."""
    say("正在建立 Python 虚拟环境 .venv · Making the virtual environment .venv")
    made = run([sys.executable, "-m", "venv", "--clear", str(root / ".venv")])
    if made.returncode:
        raise SetUpError(f"{tail(made)}\n无法建立 .venv · .venv could not be made", TRY_AGAIN)


def pip(root: Path, *arguments: str) -> None:
    """Run the pip of `.venv`. What it says is shown only if it fails. The user's own mirror settings are respected."""
    command = [str(root / ".venv" / PYTHON_IN_VENV), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    done = run([*command, *arguments], {**os.environ, "PIP_USER": "0"})
    if done.returncode:
        raise SetUpError(
            f"{tail(done)}\n组件没有装成（多半是网络），再运行一次同样的命令即可"
            " · Installing failed, most likely the network; run the same command again",
            TRY_AGAIN,
        )


def packages_beyond_lock(root: Path, purpose: str) -> tuple[str, ...]:
    """What is installed in `.venv` and not in the lock: left over from an older lock, it would hide a missing line."""
    code = "from importlib.metadata import distributions as d; print(*(x.metadata['Name'] for x in d()), sep='\\n')"
    listed = run([str(root / ".venv" / PYTHON_IN_VENV), "-I", "-c", code]).stdout.split()
    locked = re.findall(r"(?m)^([A-Za-z0-9._-]+)==", (root / LOCKS[purpose]).read_text("utf-8"))
    keep = {canonical(name) for name in locked} | {"pip", "setuptools", "wheel"}
    return tuple(sorted(name for name in listed if canonical(name) not in keep))


def canonical(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Two makes in one folder: the second waits for the first. (On Windows, which has no flock, it does not.)"""
    try:
        import fcntl  # noqa: PLC0415  (not on Windows)
    except ImportError:
        yield
        return
    with (root / ".venv.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("另一个命令正在准备环境，等它做完 · Another command is setting up; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# --- the readers of the tests ----------------------------------------------------------------------------------------


def readers_stamp(root: Path) -> Path:
    """Written last, as in `.venv`. npm empties this folder before it installs, so the stamp goes with what it names."""
    return root / READERS / "node_modules" / "zhpress-stamp"


def expected_readers_stamp(root: Path) -> str:
    """What the stamp of finished readers says: the lock's digest."""
    return hashlib.sha256((root / READERS / "package-lock.json").read_bytes()).hexdigest() + "\n"


def readers_are_ready(root: Path) -> bool:
    """Whether the Node.js packages are what the lock says."""
    try:
        return readers_stamp(root).read_text("utf-8") == expected_readers_stamp(root)
    except FileNotFoundError:
        return False


def make_readers(root: Path) -> None:
    """Exactly the Node.js packages of the lock. None of their scripts runs, and no second browser is downloaded."""
    say("正在安装测试用的阅读器，约需一分钟 · Installing the readers of the tests, about a minute")
    readers_stamp(root).unlink(missing_ok=True)
    quietly = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    patience = ("--fetch-retries=4", "--fetch-timeout=60000")
    downloads = {"PUPPETEER_SKIP_DOWNLOAD": "1", "ELECTRON_SKIP_BINARY_DOWNLOAD": "1"}
    npm = shutil.which("npm") or "npm"  # on Windows it is npm.cmd
    done = run([npm, "ci", "--prefix", str(root / READERS), *quietly, *patience], {**os.environ, **downloads})
    if done.returncode:
        raise SetUpError(
            f"{tail(done)}\n测试用的阅读器没有装成（多半是网络），再运行一次同样的命令即可"
            " · Installing the readers failed, most likely the network; run the same command again",
            TRY_AGAIN,
        )
    draft = readers_stamp(root).with_suffix(".draft")
    draft.write_text(expected_readers_stamp(root), "utf-8")
    draft.replace(readers_stamp(root))


# --- the parts that pip cannot install -------------------------------------------------------------------------------


def missing_parts(purpose: str, *, environment_ready: bool) -> tuple[Part, ...]:
    """Which parts of the system are needed now and not there."""
    serving = ("run",) if purpose == "run" else ("run", "test")
    needed = (*(() if environment_ready else (ENSUREPIP,)), *(part for part in PARTS if part.purpose in serving))
    return tuple(part for part in needed if not part.present())


def what_to_install(parts: Sequence[Part]) -> str:
    """One line: what is missing, and the commands for the systems this may be."""
    names = "、".join(part.name for part in parts)
    commands = {
        "Debian/Ubuntu": f"sudo apt-get install -y {' '.join(package for part in parts for package in part.apt)}",
        "macOS": f"brew install {' '.join(part.brew for part in parts)}",
        "Windows": "; ".join(part.windows for part in parts),
    }
    ours = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform)
    if ours is None and shutil.which("apt-get"):
        ours = "Debian/Ubuntu"
    shown = commands[ours] if ours else " | ".join(f"{system}: {command}" for system, command in commands.items())
    return f"缺少 {names}，请安装后再运行 · Missing; please install: {shown}"


def apt_prefix() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it asks no password; None where we may not install."""
    if shutil.which("apt-get") is None or os.name != "posix":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def apt_install(packages: Sequence[str]) -> str | None:
    """Install packages; None if that went well, else the end of what apt said.

    A first failure has two usual causes, mended before the second try: an earlier run was interrupted half way, or the
    package lists are old or not there yet.
    """
    quietly = [*(apt_prefix() or []), "env", "DEBIAN_FRONTEND=noninteractive"]
    apt = [*quietly, "apt-get", "-o", "DPkg::Lock::Timeout=300", "-y", "-q"]
    install = [*apt, "install", "--no-install-recommends", *packages]
    done = run(install)
    if done.returncode:
        run([*quietly, "dpkg", "--configure", "-a"])
        run([*apt, "update"])
        done = run(install)
    return tail(done) if done.returncode else None


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program and keep what it says; one that is not there counts as one that failed."""
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
            check=False,
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, f"{shlex.join(command)}: {error}")


def tail(done: subprocess.CompletedProcess[str], lines: int = 12) -> str:
    """The end of what a program said."""
    return "\n".join(done.stdout.strip().splitlines()[-lines:])


if __name__ == "__main__":
    sys.exit(main())

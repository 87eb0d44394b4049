"""Set-up: what it makes, what it leaves alone, what it says. No test here asks a network."""

import ast
import base64
import hashlib
import json
import os
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from pipeline import bootstrap

SOURCE = Path(bootstrap.__file__)


def wheel(folder: Path, name: str, version: str = "1.0") -> str:
    """A tiny wheel in `folder`; returns its line for a lock."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_b64(text)},{len(text)}\n" for path, text in files.items()) + f"{info}/RECORD,,\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(member, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _b64(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two locks, and a pip that finds its packages in wheels/ alone."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    run = wheel(wheels, "ink")
    (tmp_path / "requirements.lock").write_text(run)
    (tmp_path / "requirements-dev.lock").write_text(run + wheel(wheels, "loupe"))
    return tmp_path


@pytest.fixture
def stamped(project: Path) -> Path:
    """A `.venv` that only looks finished: a Python and a stamp for the tests."""
    python = project / ".venv" / bootstrap.PYTHON_IN_VENV
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    write_stamp(project, "test")
    write_readers_stamp(project)
    return project


def write_readers_stamp(root: Path) -> None:
    """Readers that only look installed."""
    stamp = bootstrap.readers_stamp(root)
    stamp.parent.mkdir(parents=True)
    (root / bootstrap.READERS / "package-lock.json").write_text("{}")
    stamp.write_text(bootstrap.expected_readers_stamp(root))


def write_stamp(root: Path, purpose: str, version: str | None = None) -> None:
    version = version or f"{sys.version_info.major}.{sys.version_info.minor}"
    bootstrap.stamp_file(root).write_text(bootstrap.expected_stamp(root, purpose, version))


def installed(root: Path) -> set[str]:
    return {path.stem for path in (root / ".venv").glob("lib/python*/site-packages/*.py")} & {"ink", "loupe", "quill"}


@pytest.mark.slow
def test_environment_from_nothing_to_refresh_to_rescue(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.make_environment(project, "run")
    assert installed(project) == {"ink"}
    assert bootstrap.environment_is_ready(project, "run")
    assert not bootstrap.environment_is_ready(project, "test")

    bootstrap.make_environment(project, "test")
    assert installed(project) == {"ink", "loupe"}
    assert bootstrap.environment_is_ready(project, "test")
    assert bootstrap.environment_is_ready(project, "run")

    # The lock changes: the new package comes, the one it no longer names goes; a tester's tools stay with "run".
    lock = project / "requirements-dev.lock"
    lock.write_text((project / "requirements.lock").read_text() + wheel(project / "wheels", "quill"))
    assert not bootstrap.environment_is_ready(project, "test")
    bootstrap.make_environment(project, "run")
    assert installed(project) == {"ink", "quill"}
    assert bootstrap.environment_is_ready(project, "test")

    # A package that is not the one that was locked is refused, and nothing calls the result finished.
    good = lock.read_text()
    forged = wheel(project / "wheels", "quill", "2.0")
    lock.write_text(forged[:-9] + "deadbeef\n")
    with pytest.raises(bootstrap.SetUpError) as refused:
        bootstrap.make_environment(project, "test")
    assert refused.value.exit_code == bootstrap.TRY_AGAIN
    assert not bootstrap.stamp_file(project).exists()

    # Killed half way: whatever lies there is not trusted.
    lock.write_text(good)
    rubbish = project / ".venv" / "half-written"
    rubbish.touch()
    bootstrap.make_environment(project, "test")
    assert not rubbish.exists()
    assert installed(project) == {"ink", "quill"}
    assert bootstrap.environment_is_ready(project, "test")
    assert capsys.readouterr().out == ""


def test_test_environment_serves_both_purposes(stamped: Path) -> None:
    assert bootstrap.environment_is_ready(stamped, "test")
    assert bootstrap.environment_is_ready(stamped, "run")


def test_run_environment_does_not_serve_the_tests(stamped: Path) -> None:
    write_stamp(stamped, "run")
    assert bootstrap.environment_is_ready(stamped, "run")
    assert not bootstrap.environment_is_ready(stamped, "test")


def test_changed_lock_makes_it_unready(stamped: Path) -> None:
    with (stamped / "requirements-dev.lock").open("a") as lock:
        lock.write("# changed\n")
    assert not bootstrap.environment_is_ready(stamped, "test")


def test_missing_stamp_makes_it_unready(stamped: Path) -> None:
    bootstrap.stamp_file(stamped).unlink()
    assert not bootstrap.environment_is_ready(stamped, "test")


def test_another_python_behind_the_link_makes_it_unready(stamped: Path) -> None:
    write_stamp(stamped, "test", version="3.1")
    assert not bootstrap.environment_is_ready(stamped, "test")


def test_vanished_python_makes_it_unready(stamped: Path) -> None:
    python = stamped / ".venv" / bootstrap.PYTHON_IN_VENV
    python.unlink()
    python.symlink_to(stamped / "gone")
    assert not bootstrap.environment_is_ready(stamped, "test")


def test_ready_environment_is_not_touched(stamped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PARTS", ())
    before = sorted(path.stat().st_mtime_ns for path in stamped.rglob("*"))
    bootstrap.prepare(stamped, "test")
    assert sorted(path.stat().st_mtime_ns for path in stamped.rglob("*")) == before


def test_the_second_of_two_waits_for_the_first(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order: list[str] = []

    def second() -> None:
        with bootstrap.only_one(project):
            order.append("second")

    with bootstrap.only_one(project):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
    assert "等它做完" in capsys.readouterr().err


# --- the readers of the tests ----------------------------------------------------------------------------------------


@pytest.fixture
def readers(stamped: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose readers are not installed, and an npm that writes down how it was called."""
    monkeypatch.setattr(bootstrap, "PARTS", ())
    bootstrap.readers_stamp(stamped).unlink()
    program(bare_path, "node", "echo v20.1.0")
    program(bare_path, "npm", 'echo "$PUPPETEER_SKIP_DOWNLOAD $ELECTRON_SKIP_BINARY_DOWNLOAD $*" >> $0.log')
    return stamped


def npm_calls(folder: Path) -> list[str]:
    log = folder / "npm.log"
    return log.read_text().splitlines() if log.exists() else []


def test_readers_are_installed_once_from_the_lock_without_scripts(readers: Path, bare_path: Path) -> None:
    bootstrap.prepare(readers, "run")
    assert npm_calls(bare_path) == []  # whoever only makes books needs none of it
    bootstrap.prepare(readers, "test")
    bootstrap.prepare(readers, "test")
    (call,) = npm_calls(bare_path)
    assert call.startswith(f"1 1 ci --prefix {readers / bootstrap.READERS} --ignore-scripts ")
    (readers / bootstrap.READERS / "package-lock.json").write_text('{"changed": 1}')
    bootstrap.prepare(readers, "test")
    assert len(npm_calls(bare_path)) == 2


def test_readers_that_failed_to_install_are_told_and_not_called_ready(readers: Path, bare_path: Path) -> None:
    program(bare_path, "npm", "echo 'npm error network'; exit 1")
    with pytest.raises(bootstrap.SetUpError, match="npm error network") as stopped:
        bootstrap.prepare(readers, "test")
    assert stopped.value.exit_code == bootstrap.TRY_AGAIN
    assert not bootstrap.readers_are_ready(readers)


@pytest.mark.parametrize(("version", "enough"), [("v18.20.4", True), ("v22.0.0", True), ("v16.20.2", False)])
def test_node_must_be_new_enough(readers: Path, bare_path: Path, version: str, enough: bool) -> None:
    program(bare_path, "node", f"echo {version}")
    assert bootstrap.has_node() is enough


def test_node_without_npm_is_no_node(readers: Path, bare_path: Path) -> None:
    (bare_path / "npm").unlink()
    assert not bootstrap.has_node()


def test_the_lock_of_the_readers_names_versions_and_hashes_alone() -> None:
    lock = json.loads((bootstrap.ROOT / bootstrap.READERS / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    for name, each in packages.items():
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, name


# --- an older Python -------------------------------------------------------------------------------------------------


def test_older_python_can_read_the_file() -> None:
    ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 7))


def test_older_python_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    assert bootstrap.main([]) == bootstrap.UNAVAILABLE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "3.11" in said.err
    assert "3.10.9" in said.err


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_package_itself_imports_nothing() -> None:
    tree = ast.parse((SOURCE.parent / "__init__.py").read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


# --- parts that pip cannot install -----------------------------------------------------------------------------------

ABSENT = bootstrap.Part("Pango", "run", lambda: False, ("libpango-1.0-0",), "pango", "winget install pango")


def program(folder: Path, name: str, script: str) -> None:
    """An executable in `folder` that runs `script`."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what the test puts there (and env, which apt_install goes through)."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def test_without_apt_one_line_names_every_system(
    stamped: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "PARTS", (ABSENT,))
    with pytest.raises(bootstrap.SetUpError) as stopped:
        bootstrap.prepare(stamped, "run")
    line = str(stopped.value)
    assert stopped.value.exit_code == bootstrap.UNAVAILABLE
    assert "\n" not in line
    assert "brew install pango" in line
    assert "winget install pango" in line
    assert "libpango-1.0-0" in line
    assert line.index("缺少 Pango") < line.index("Missing")


@pytest.mark.parametrize(("platform", "command"), [("darwin", "brew install pango"), ("win32", "winget install pango")])
def test_a_known_system_is_told_its_own_command_alone(
    bare_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, command: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    line = bootstrap.what_to_install((ABSENT,))
    assert line.endswith(command)
    assert "apt-get" not in line


def test_apt_without_rights_is_only_named(stamped: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare_path, "apt-get", "/usr/bin/touch $0.called")
    program(bare_path, "sudo", "exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(bootstrap, "PARTS", (ABSENT,))
    with pytest.raises(bootstrap.SetUpError, match=r"sudo apt-get install -y libpango-1\.0-0$"):
        bootstrap.prepare(stamped, "run")
    assert not (bare_path / "apt-get.called").exists()


def test_passwordless_sudo_is_used(bare_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare_path, "apt-get", "exit 0")
    program(bare_path, "sudo", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert bootstrap.apt_prefix() == ["sudo", "-n"]


def test_apt_renews_its_lists_and_tries_again(bare_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = bare_path / "log"
    program(
        bare_path,
        "apt-get",
        f'echo "$DEBIAN_FRONTEND $*" >> {log}; [ -f {log}.updated ] || {{ : > {log}.updated; exit 100; }}',
    )
    program(bare_path, "dpkg", f'echo "dpkg $*" >> {log}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert bootstrap.apt_install(("libpango-1.0-0",)) is None
    first, repair, update, second = log.read_text().splitlines()
    assert first == second
    assert first.startswith("noninteractive")
    assert first.endswith("install --no-install-recommends libpango-1.0-0")
    assert repair == "dpkg --configure -a"
    assert update.endswith(" update")


def test_what_apt_said_is_shown_when_it_fails(stamped: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare_path, "apt-get", "echo E: no space left; exit 100")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "PARTS", (ABSENT,))
    with pytest.raises(bootstrap.SetUpError, match="no space left") as stopped:
        bootstrap.prepare(stamped, "run")
    assert str(stopped.value).splitlines()[-1].startswith("缺少")


def test_what_apt_brought_is_no_longer_missing(stamped: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare_path, "apt-get", "/usr/bin/touch $0.called")
    brought = ABSENT._replace(present=(bare_path / "apt-get.called").exists)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "PARTS", (brought,))
    bootstrap.prepare(stamped, "run")
    assert brought.present()


def test_a_package_that_apt_lacks_keeps_no_other_from_coming(
    stamped: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(bare_path, "apt-get", 'case "$*" in *chromium*) exit 100;; *update) ;; *) /usr/bin/touch $0.called;; esac')
    chromium = ABSENT._replace(name="Chromium", apt=("chromium",))
    brought = ABSENT._replace(present=(bare_path / "apt-get.called").exists)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "PARTS", (chromium, brought))
    with pytest.raises(bootstrap.SetUpError, match="缺少 Chromium，"):
        bootstrap.prepare(stamped, "run")
    assert brought.present()


def test_missing_parts_do_not_keep_the_environment_from_being_made(
    project: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(bootstrap, "make_environment", lambda root, purpose: made.append(purpose))
    monkeypatch.setattr(bootstrap, "PARTS", (ABSENT,))
    with pytest.raises(bootstrap.SetUpError):
        bootstrap.prepare(project, "run")
    assert made == ["run"]


def test_missing_ensurepip_names_its_package_with_the_others(
    project: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ENSUREPIP", bootstrap.ENSUREPIP._replace(present=lambda: False))
    monkeypatch.setattr(bootstrap, "PARTS", (ABSENT,))
    with pytest.raises(bootstrap.SetUpError) as stopped:
        bootstrap.prepare(project, "run")
    assert stopped.value.exit_code == bootstrap.UNAVAILABLE
    assert f"apt-get install -y python3.{sys.version_info.minor}-venv libpango-1.0-0" in str(stopped.value)
    assert not (project / ".venv").exists()


def test_ensurepip_is_not_missed_once_the_environment_is_there(stamped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ENSUREPIP", bootstrap.ENSUREPIP._replace(present=lambda: False))
    monkeypatch.setattr(bootstrap, "PARTS", ())
    bootstrap.prepare(stamped, "run")


def test_parts_for_the_tests_are_not_asked_of_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = ABSENT._replace(name="Java", purpose="test")
    monkeypatch.setattr(bootstrap, "PARTS", (ABSENT, tool))
    assert bootstrap.missing_parts("run", environment_ready=True) == (ABSENT,)
    assert bootstrap.missing_parts("test", environment_ready=True) == (ABSENT, tool)


def test_a_library_that_is_not_there_is_not_found() -> None:
    assert bootstrap.library("libno-such-library.so.0") is None


def test_without_fontconfig_every_font_is_missing(bare_path: Path) -> None:
    assert bootstrap.missing_fonts() == bootstrap.FONTS


def test_fonts_are_read_from_every_name_of_a_family(bare_path: Path) -> None:
    names = "\n".join(f"{font},{font} Light" for font in bootstrap.FONTS[1:])
    program(bare_path, "fc-list", f"/usr/bin/printf '%s\\n' '{names}'")
    assert bootstrap.missing_fonts() == bootstrap.FONTS[:1]


def test_a_folder_that_cannot_be_written_is_no_traceback(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".venv.lock").mkdir()  # in the way of a file, for root too
    monkeypatch.setattr(bootstrap, "ROOT", project)
    monkeypatch.setattr(bootstrap, "PARTS", ())
    assert bootstrap.main([]) == bootstrap.CANNOT_WRITE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert ".venv.lock" in said


def test_interruption_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(root: Path, purpose: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "prepare", interrupted)
    assert bootstrap.main([]) == bootstrap.INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err

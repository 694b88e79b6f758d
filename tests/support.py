"""What tests share: the project's folders, the command as a real process, and fixture sites on free ports."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crawler.operate.fixture_server import FixtureServer, serve_all
from tests.warm import WarmCommand

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
SHARED = ROOT.parent / "shared"
SITES = sorted(path.parent.name for path in FIXTURES.glob("*/expected.json"))

# Code that ends a process with 99 where it looks up a name or opens a connection.
NETWORK = """
import os, sys
def _watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(2, b"NETWORK")
        os._exit(99)
sys.addaudithook(_watch)
"""


class Result:
    """What a command printed, and its exit code."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def json(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)


def zhaoshang(*arguments: str | Path, cwd: Path, env: dict[str, str] | None = None, timeout: float = 60) -> Result:
    """Run the command in a process and a folder of its own, as a user would."""
    return Result(_warm().run([str(each) for each in arguments], cwd, environment(env), timeout))


@cache
def _warm() -> WarmCommand:
    return WarmCommand(ROOT, environment())


def finished(line: Sequence[str], *, cwd: Path, env: dict[str, str] | None = None, timeout: float = 60) -> Result:
    """Run any command line to its end."""
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": timeout}
    return Result(subprocess.run(line, cwd=cwd, env=environment(env), **options))


def command(*arguments: str | Path, first: str = "") -> list[str]:
    """The command line that runs `zhaoshang` with this Python; `first` is code that the same process runs before."""
    return [sys.executable, "-c", f"{first}\nfrom crawler.cli import main; main()", *map(str, arguments)]


def unprivileged(line: Sequence[str]) -> list[str]:
    """The command line without root's right to write where the permissions forbid it."""
    if os.geteuid() != 0:
        return list(line)
    dropped = "-dac_override,-dac_read_search,-fowner"
    return ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}", *line]


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The environment for a command: UTF-8, no settings of the machine's user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHAOSHANG_")}
    return {**kept, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), "COLUMNS": "200", **(extra or {})}


@contextmanager
def served(names: Sequence[str], sources: Path) -> Iterator[dict[str, FixtureServer]]:
    """Serve fixture sites on free ports, with source files of the same ids in the folder `sources`."""
    sources.mkdir(parents=True, exist_ok=True)
    with serve_all([FIXTURES / name for name in names], port=0) as servers:
        for name, server in zip(names, servers, strict=True):
            content = yaml.safe_load((FIXTURES / name / "source.yaml").read_text(encoding="utf-8"))
            write_source(sources, {**content, "homepage": f"{server.base_url}/"})
        yield dict(zip(names, servers, strict=True))


def small_site(
    folder: Path, pages: Mapping[str, str | bytes], routes: Sequence[Mapping[str, Any]] = ()
) -> FixtureServer:
    """A site of a few pages, written for one test: paths and what they answer. Serve it with `with`."""
    return FixtureServer(saved_site(folder, pages, routes), port=0)


def saved_site(folder: Path, pages: Mapping[str, str | bytes], routes: Sequence[Mapping[str, Any]] = ()) -> Path:
    """The folder of such a site, to be replayed."""
    for path, content in pages.items():
        file = folder / "pages" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    site = {"name": folder.name, "routes": [dict(route) for route in routes]}
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "site.yaml").write_text(yaml.safe_dump(site, allow_unicode=True), encoding="utf-8")
    return folder


def write_source(folder: Path, content: dict[str, Any]) -> None:
    """Write a source file."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(content, allow_unicode=True)
    (folder / f"{content['id']}.yaml").write_text(text, encoding="utf-8")


def expected(name: str) -> dict[str, Any]:
    """What a crawl of a fixture site must yield."""
    content: dict[str, Any] = json.loads((FIXTURES / name / "expected.json").read_text(encoding="utf-8"))
    return content


def rows(archive: Path, sql: str, *parameters: Any) -> list[sqlite3.Row]:
    """Rows of an archive by plain SQL, as a researcher would ask for them."""
    with closing(sqlite3.connect(f"{archive.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(sql, parameters).fetchall()

"""A crawled page is replayed by pywb in a real browser, long after its site is gone."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import psutil
import pytest

from tests.support import expected, rows, served, zhaoshang

SITE = "trs-huangshi"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SILENT = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --virtual-time-budget=10000"
)
# The page itself, not a frame around it: what the browser shows can then be read from it.
CONFIGURATION = "framed_replay: false\ncollections_root: collections\n"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed: nothing to replay in")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crawl whose site is no longer served, and a collection of pywb with its WARC file."""
    made = tmp_path_factory.mktemp("pywb")
    with served([SITE], made / "sources"):
        done = zhaoshang("crawl", SITE, cwd=made, env={"ZHAOSHANG_SOURCES": str(made / "sources")})
        assert done.code == 0, done.err
    for line in (("init", "zs"), ("add", "zs", *map(str, (made / "warc").rglob("*.warc.gz")))):
        subprocess.run([program("wb-manager"), *line], cwd=made, check=True, capture_output=True, timeout=60)
    (made / "config.yaml").write_text(CONFIGURATION, encoding="utf-8")
    return made


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@contextmanager
def wayback(folder: Path) -> Iterator[str]:
    """pywb on a free port of loopback; gives the address of its collection."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "wayback.log").open("wb") as log:
        line = [program("wayback"), "-b", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(line, cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(process, port)
            yield f"http://127.0.0.1:{port}/zs"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the process listens on the port."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        open_ports = psutil.Process(process.pid).net_connections("tcp4")
        if any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in open_ports):
            return
        time.sleep(0.05)
    raise AssertionError("wayback does not listen")


def shown(url: str, profile: Path) -> str:
    """What a browser makes of a page, as HTML."""
    assert BROWSER is not None
    line = [BROWSER, *SILENT.split(), f"--user-data-dir={profile}", "--dump-dom", url]
    environment = {**os.environ, "HOME": str(profile), "no_proxy": "127.0.0.1"}
    return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=120, check=True).stdout


def test_page_is_replayed_in_a_browser(folder: Path, tmp_path: Path) -> None:
    article = expected(SITE)["articles"][0]
    (row,) = rows(folder / "archive.db", "SELECT url FROM article WHERE title = ?", article["title"])
    with wayback(folder) as collection:
        page = unescape(shown(f"{collection}/{row['url']}", tmp_path / "profile"))
        asked = (folder / "wayback.log").read_text(encoding="utf-8", errors="replace")
    text = re.sub(r"<[^>]*>|\s", "", page)
    for part in ("title", "body_start", "body_end"):
        assert re.sub(r"\s", "", article[part]) in text
    asked_for = re.findall(r'"GET (\S+) HTTP/1.1" (\d+)', asked)
    assert (f"/zs/{row['url']}", "200") in asked_for
    # The browser ran the replay's script, and asked for pictures and styles in the archive as well.
    assert ("/static/wombat.js", "200") in asked_for
    assert any(path.startswith("/zs/") and path.endswith(".jpg") for path, _ in asked_for)
    assert all(path.startswith(("/zs/", "/static/", "/favicon.ico")) for path, _ in asked_for)

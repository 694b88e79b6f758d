"""A real wget saves a site, and its file is imported."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.sources import Source
from tests.cli.pages import ROWS, site
from tests.operate.warcs.harness import Warcs
from tests.support import small_site

WGET = shutil.which("wget")
pytestmark = pytest.mark.skipif(WGET is None, reason="wget is not installed")


@pytest.mark.parametrize("options", [(), ("--no-warc-compression",)], ids=["gzip", "plain"])
def test_site_that_wget_saved(warcs: Warcs, tmp_path: Path, options: tuple[str, ...]) -> None:
    pages = {**site(ROWS), "zsdt/t9.png": b"\x89PNG", "robots.txt": "User-agent: *\nDisallow: /nothing/\n"}
    with small_site(tmp_path / "site", pages) as server:
        line = [str(WGET), "--quiet", "--recursive", "--level=2", "--warc-file=saved", "--no-proxy", *options]
        subprocess.run([*line, f"{server.base_url}/zsdt/"], cwd=tmp_path, timeout=60)
        source = Source(id="zsj", name="招商局", homepage=f"{server.base_url}/", start_urls=("zsdt/",))
    (saved,) = tmp_path.glob("saved.warc*")
    done = warcs.load(saved, source=source)
    assert done.damages == []
    counts = done.sources[0].run.counts
    assert (counts["new"], counts["rejected"]) == (len(ROWS), 0)
    assert done.passed_over["robots.txt"] == 1
    assert sorted(warcs.articles().values()) == sorted(title for _, title, _ in ROWS)
    assert warcs.rows("SELECT count(*) AS n FROM entry WHERE article_id IS NOT NULL") == [{"n": len(ROWS)}]
    assert warcs.problems() == []

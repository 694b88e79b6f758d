"""A real listing of a portal, kept beside the project: ten records that carry their whole text."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from crawler.sources import Registry, Source
from tests.operate.importing import Imports
from tests.support import ROOT, SHARED

SEED = SHARED / "seed" / "listing.txt"
WATERMARK = "二号首长"
FRAME = ("联系我们", "企业入驻", "投稿")

pytestmark = pytest.mark.skipif(not SEED.is_file(), reason=f"the seed listing {SEED} is not here")


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.chdir(ROOT)
    return Registry()["hubei-portal"]


@pytest.fixture
def seed(imports: Imports, portal: Source) -> Imports:
    """An archive with the seed imported once."""
    run = imports.files(SEED, source=portal)
    assert (run.counts["new"], run.counts["rejected"], run.warnings) == (10, 0, [])
    return imports


def as_html(text: str) -> str:
    """The same records as a page would show them, with navigation around."""
    records, _, _ = text.partition("有想补充的信息")
    shown = []
    for title, body, day in re.findall(r"^-\n(.+)\n((?:.+\n)+?)(\d{4}-\d\d-\d\d)$", records, re.MULTILINE):
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in body.splitlines())
        shown.append(f"<li><h3>{html.escape(title)}</h3><div>{paragraphs}</div><span>{day}</span></li>")
    assert len(shown) == 10
    menu = "".join(f'<li><a href="/{name}/">{name}</a></li>' for name in ("首页", "招商动态", "产业园区", "政策法规"))
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>湖北招商</title></head><body>
        <div class="nav"><ul>{menu}</ul></div>
        <div class="main"><ul class="list">{"".join(shown)}</ul></div>
        <div class="footer"><p>有想补充的信息?点我投稿</p><ul><li><a href="/lx/">联系我们</a></li>
        <li><a href="/rz/">企业入驻</a></li></ul></div></body></html>"""


def test_all_ten_records_are_archived(seed: Imports) -> None:
    assert len(seed.articles()) == 10
    assert {row["published_on"] for row in seed.articles()} == {"2025-07-26"}


def test_titles_keep_their_prefixes(seed: Imports) -> None:
    prefixes = [found[0] if (found := re.match(r"【.+?】", title)) else None for title in seed.titles()]
    assert prefixes == [
        "【十堰招商】",
        None,
        "【武汉招商】",
        None,
        "【投资江汉区】",
        "【武汉招商】",
        "【青山区招商】",
        "【湖北招商】",
        "【荆州招商】",
        "【湖北招商】",
    ]


def test_long_report_is_whole(seed: Imports) -> None:
    bodies = [row["body"] for row in seed.articles()]
    assert len(bodies[4]) > 12_000
    assert max(len(body) for place, body in enumerate(bodies) if place != 4) < 2_000


def test_watermark_is_in_the_provenance_and_in_no_body(seed: Imports) -> None:
    assert WATERMARK in SEED.read_text(encoding="utf-8")
    assert not any(WATERMARK in row["body"] + row["title"] for row in seed.articles())
    noted = seed.rows("SELECT article_id FROM revision WHERE provenance LIKE ?", f"%{WATERMARK}%")
    assert [row["article_id"] for row in noted] == [seed.articles()[4]["id"]]


def test_frame_of_the_page_is_in_no_article(seed: Imports) -> None:
    assert not any(word in row["title"] for row in seed.articles() for word in FRAME)
    assert not any(row["body"].rstrip().endswith(FRAME) for row in seed.articles())
    assert not any("点我投稿" in row["body"] or "- 联系我们" in row["body"] for row in seed.articles())


def test_importing_again_changes_nothing(seed: Imports, portal: Source) -> None:
    again = seed.files(SEED, source=portal).counts
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 10)


def test_same_records_as_a_page_are_the_same_articles(seed: Imports, portal: Source) -> None:
    before = [row["uid"] for row in seed.articles()]
    page = seed.write(as_html(SEED.read_text(encoding="utf-8")), "page.html")
    counts = seed.files(page, source=portal).counts
    assert (counts["new"], counts["changed"], counts["unchanged"], counts["rejected"]) == (0, 0, 10, 0)
    assert [row["uid"] for row in seed.articles()] == before


def test_records_in_another_order_are_the_same_articles(seed: Imports, portal: Source, tmp_path: Path) -> None:
    text = SEED.read_text(encoding="utf-8")
    records = re.split(r"^-\n", text.partition("有想补充的信息")[0], flags=re.MULTILINE)[1:]
    assert len(records) == 10
    turned = tmp_path / "turned.txt"
    turned.write_text("-\n" + "-\n".join(reversed(records)), encoding="utf-8")
    counts = seed.files(turned, source=portal).counts
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 10)

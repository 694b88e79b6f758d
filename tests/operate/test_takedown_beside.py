"""`takedown` beside other articles: a paragraph that they share is nobody's own, and their captures stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Place, served_place
from tests.cli.pages import article_page, listing_page
from tests.support import rows

STANDARD = "凡符合产业目录的项目均可申请用地、用能、用工等要素保障，具体办法见市政府文件。"
NAMES = ("甲", "乙", "丙", "丁", "戊", "己")
ROWS = [
    (f"{number}.html", f"{name}项目在开发区举行开工仪式", f"2026-02-0{number + 1}") for number, name in enumerate(NAMES)
]
A, B = 0, 1


def own(number: int) -> tuple[str, str]:
    name = NAMES[number]
    return (
        f"{name}项目由示范{name}新材料有限公司投资，占地{120 + 31 * number}亩，计划分{number + 2}期建设。",
        f"{name}项目全部投产以后，年产值{11 + 7 * number}亿元，带动当地{300 + 45 * number}人就业。",
    )


def pages(counter: int) -> dict[str, str]:
    """The site with a view counter on every page; the second page of article B holds the standard paragraph too."""
    seen = f"<p>浏览次数：{counter}</p>"
    shown = {}
    for number, (path, title, day) in enumerate(ROWS):
        further = f'<div class="page"><a href="{number}_2.html">下一页</a></div>' if number == B else ""
        body = own(number) if number == B else (*own(number), STANDARD)
        shown[path] = article_page(title, day, body, seen + further)
        if number == B:
            more = (f"{NAMES[B]}项目的第二页说明了建设进度，目前已经完成地基施工，正在进行主体结构的施工。", STANDARD)
            shown[f"{number}_2.html"] = article_page(title, day, more, seen)
    return {"index.html": listing_page(ROWS), **shown}


@pytest.fixture
def twice(tmp_path: Path) -> Iterator[Place]:
    """The site crawled twice; only the counters changed between."""
    site = {f"zsdt/{path}": page for path, page in pages(1).items()}
    with served_place(tmp_path, dict(site)) as made:
        assert made.run("crawl", "moushi").code == 0
        for path, page in pages(2).items():
            made.page(f"zsdt/{path}").write_text(page, encoding="utf-8")
        assert made.run("crawl", "moushi", "--full").code == 0
        assert len(rows(made.archive, "SELECT * FROM revision")) == len(ROWS)
        assert len(rows(made.archive, "SELECT * FROM revision_part")) == 1
        yield made


def test_only_its_own_captures_go(twice: Place) -> None:
    name = rows(twice.archive, "SELECT uid FROM article WHERE title = ?", ROWS[A][1])[0]["uid"]
    captures = len(rows(twice.archive, "SELECT * FROM capture"))
    done = twice.run("takedown", name, "--reason", "当事人要求", "--json")
    assert (done.code, done.json["captures"], done.json["also_in"]) == (0, 2, [])
    living = rows(twice.archive, "SELECT url FROM capture WHERE expired_at IS NULL AND warc_path IS NOT NULL")
    assert len(living) == captures - 2
    assert not [row["url"] for row in living if row["url"].endswith(ROWS[A][0])]
    again = twice.run("reextract", "--dry-run", "--json").json
    assert (again["no_article"], again["unreadable"], again["changed"]) == (0, 0, 0)
    assert twice.run("verify", "--json").json["problems"] == []


def test_a_listing_that_quotes_it_under_its_title_goes(twice: Place) -> None:
    quoted = listing_page(ROWS).replace("</ul>", f"<li>{ROWS[A][1]}：{own(A)[0]}…</li></ul>", 1)
    twice.page("zsdt/index.html").write_text(quoted, encoding="utf-8")
    twice.run("crawl", "moushi")
    name = rows(twice.archive, "SELECT uid FROM article WHERE title = ?", ROWS[A][1])[0]["uid"]
    twice.run("takedown", name, "--reason", "x")
    gone = rows(twice.archive, "SELECT url FROM capture WHERE expired_at IS NOT NULL ORDER BY id")
    assert {row["url"].rpartition("/")[2] for row in gone} == {ROWS[A][0], ""}
    assert sum(row["url"].endswith("/zsdt/") for row in gone) == 1

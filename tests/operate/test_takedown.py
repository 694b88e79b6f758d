"""`takedown` on the disk: no byte of the text is left, whatever happens, and backups that hold it are named."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Place, served_place
from tests.cli.pages import BODY, ROWS, article_page, listing_page, site
from tests.support import command, environment, rows

SECRET = "本次活动由示范新材料公司独家承办，联系人为示范人物甲，电话号码不予公开，详见会议手册第七页的附表。"
OWN = "三个重点项目分别位于高新区东片、西片和南片，均已取得施工许可，计划于年内完成主体结构。"
PATH, TITLE, DATE = ROWS[2]


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[Place]:
    """A site crawled twice, the text of one article changed between: its first state holds the text."""
    pages = {**site(ROWS), f"zsdt/{PATH}": article_page(TITLE, DATE, (SECRET, OWN))}
    with served_place(tmp_path, pages) as made:
        assert made.run("crawl", "moushi").code == 0
        made.page(f"zsdt/{PATH}").write_text(article_page(TITLE, DATE, (OWN, SECRET)), encoding="utf-8")
        assert made.run("crawl", "moushi").code == 0
        yield made


def uid(secret: Place) -> str:
    return str(rows(secret.archive, "SELECT uid FROM article WHERE title = ?", TITLE)[0]["uid"])


def holding(folder: Path) -> list[Path]:
    """The files of an archive that hold the text, compressed or not."""
    needle = SECRET[:30].encode()
    found = [path for path in folder.glob("archive.db*") if needle in path.read_bytes()]
    return found + [path for path in (folder / "warc").rglob("*.gz") if needle in gzip.decompress(path.read_bytes())]


def test_no_byte_of_the_text_is_left_in_any_file(secret: Place) -> None:
    assert len(holding(secret.folder)) >= 2
    done = secret.run("takedown", uid(secret), "--reason", "当事人要求", "--json")
    assert (done.code, done.json["captures"], done.json["left"]) == (0, 2, [])
    assert holding(secret.folder) == []
    assert secret.run("verify", "--json").json["problems"] == []


def test_show_says_when_and_why(secret: Place) -> None:
    name = uid(secret)
    secret.run("takedown", name, "--reason", "当事人要求")
    shown = secret.run("show", name)
    assert (shown.code, shown.out) == (2, "")
    assert "was taken down on " in shown.err and "当事人要求" in shown.err


def test_the_next_crawl_does_not_even_ask_for_the_page(secret: Place) -> None:
    secret.run("takedown", uid(secret), "--reason", "当事人要求")
    before = len(secret.server.requests)
    assert secret.run("crawl", "moushi", "--full").code == 0
    assert f"/zsdt/{PATH}" not in {asked.target for asked in secret.server.requests[before:]}
    assert (len(secret.titles()), holding(secret.folder)) == (len(ROWS) - 1, [])


def test_a_listing_that_shows_the_text_goes_too_and_other_articles_stay(secret: Place) -> None:
    shown = listing_page(ROWS).replace("<ul", f"<p>{SECRET}</p><ul", 1)
    secret.page("zsdt/index.html").write_text(shown, encoding="utf-8")
    secret.run("crawl", "moushi")
    done = secret.run("takedown", uid(secret), "--reason", "x", "--json")
    # The page's two states and a revisit, and the listing.
    assert (done.json["captures"], holding(secret.folder)) == (4, [])
    assert len(secret.titles()) == len(ROWS) - 1


def test_an_article_that_holds_the_text_too_is_named_and_keeps_its_page(secret: Place) -> None:
    path, title, day = ROWS[0]
    secret.page(f"zsdt/{path}").write_text(article_page(title, day, (SECRET, *BODY)), encoding="utf-8")
    secret.run("crawl", "moushi")
    other = rows(secret.archive, "SELECT uid FROM article WHERE title = ?", title)[0]["uid"]
    done = secret.run("takedown", uid(secret), "--reason", "x", "--json")
    assert (done.code, done.json["also_in"]) == (1, [other])
    assert secret.run("show", other, "--raw").code == 0


def test_backups_that_still_hold_it_are_named(secret: Place) -> None:
    name = uid(secret)
    for folder in ("kept", "lost"):
        assert secret.run("backup", folder, "--json").json["recorded"]
    (secret.folder / "lost" / "archive.db").unlink()
    done = secret.run("takedown", name, "--reason", "x", "--json")
    assert done.code == 1
    assert [(Path(each["path"]).parent.name, each["state"]) for each in done.json["backups"]] == [
        ("kept", "holds it"),
        ("lost", "not found"),
    ]
    secret.run("backup", "clean")
    again = secret.run("takedown", name, "--reason", "x", "--json").json["backups"]
    assert [Path(each["path"]).parent.name for each in again] == ["kept", "lost"]


def test_files_of_a_killed_crawl_that_hold_it_go(secret: Place) -> None:
    file = next((secret.folder / "warc").rglob("*.gz"))
    (file.parent / "moushi-20200101000000000-00001-00000000.warc.gz").write_bytes(file.read_bytes())
    secret.run("takedown", uid(secret), "--reason", "x")
    assert holding(secret.folder) == []


# Where the process ends: after the database let go, while and after files are written anew, before pages are freed.
STEPS = {
    "rows are gone": "import crawler.operate.takedown as t; t.sweep = lambda *a, **k: os._exit(9)",
    "a file is written": "import crawler.archive.removal as t; t._move = lambda *a, **k: os._exit(9)",
    "places are moved": (
        "import crawler.archive.removal as t; real = t._move; t._move = lambda *a, **k: (real(*a, **k), os._exit(9))"
    ),
    "files are gone": "import crawler.operate.takedown as t; t._forget_free_pages = lambda *a: os._exit(9)",
}


@pytest.mark.parametrize("step", STEPS)
def test_running_it_again_completes_what_a_kill_cut_off(secret: Place, step: str) -> None:
    name = uid(secret)
    line = command("takedown", name, "--reason", "当事人要求", first=f"import os\n{STEPS[step]}")
    killed = subprocess.run(line, cwd=secret.folder, env=environment(secret.env), capture_output=True, timeout=60)
    assert killed.returncode == 9
    for article in rows(secret.archive, "SELECT uid FROM article"):
        assert secret.run("show", article["uid"], "--raw").code == 0
    done = secret.run("takedown", name, "--reason", "another", "--json")
    assert (done.code, done.json["reason"]) == (0, "当事人要求")
    assert holding(secret.folder) == []
    verified = secret.run("verify", "--json").json
    assert (verified["problems"], verified["notes"]) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "word"), [(("aaaaaaaaaaaaaaaa", "--reason", "x"), "no article"), (("{uid}", "--reason", " "), "why")]
)
def test_wrong_use_is_one_sentence(secret: Place, arguments: tuple[str, ...], word: str) -> None:
    done = secret.run("takedown", *(each.format(uid=uid(secret)) for each in arguments))
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert word in done.err

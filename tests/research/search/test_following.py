"""The index follows the archive, and whatever happens to it is mended by building it anew."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from crawler.archive.engine import open_archive, writing
from crawler.archive.takedown import Found, take_down
from crawler.items import Article
from crawler.operate.forgetting import forget_indexed
from crawler.research.search import SearchError, learning, search, state
from crawler.research.search.files import damaged_files
from crawler.research.search.folder import IndexFolder
from crawler.research.search.following import Indexed, current_index, rebuild_index
from crawler.research.search.rows import Rows, open_rows, rows_of_engine
from crawler.research.search.schema import open_index
from tests.archive.harness import START, Clock, column, crawl, page
from tests.research.search.harness import find, titles

PART = [".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term"]


def generation(archive: Rows) -> Path:
    newest = IndexFolder.of(archive).newest()
    assert newest is not None
    return newest


def documents(archive: Rows) -> int:
    return int(current_index(archive).index.searcher().num_docs) - 1


def test_new_and_changed_articles_are_found_at_the_next_search(engine: Engine, archive: Rows) -> None:
    clock = Clock()
    crawl(engine, page("a.html", "甲", "第一次招商。"), clock=clock)
    assert titles(archive, "招商") == ["甲"]
    clock.move(days=1)
    crawl(engine, page("a.html", "甲", "第二次投产。"), page("b.html", "乙", "又一次招商。"), clock=clock)
    assert titles(archive, "招商") == ["乙"]
    assert titles(archive, "投产") == ["甲"]
    assert documents(archive) == 3


def test_index_stays_where_nothing_changed(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "甲", "招商。"))
    titles(archive, "招商")
    folder = generation(archive)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    titles(archive, "投产")
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_index_stays_open_until_its_files_change(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "甲", "招商。"))
    current_index(archive)
    first = current_index(archive).index
    assert current_index(archive).index is first
    crawl(engine, page("b.html", "乙", "招商。"))
    current_index(archive)
    assert current_index(archive).index is not first
    assert set(titles(archive, "招商")) == {"乙", "甲"}


def test_index_is_beside_the_archive(archive_file: Path) -> None:
    assert IndexFolder.of(rows_of_engine(open_archive(str(archive_file)))).path == archive_file.parent / "archive.index"
    other = archive_file.with_name("other.sqlite")
    shutil.copy(archive_file, other)
    assert IndexFolder.of(rows_of_engine(open_archive(str(other)))).path.name == "other.sqlite.index"


def test_rebuilding_gives_the_same(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "甲", "招商。"), page("b.html", "乙", "招商投产。"))
    before = titles(archive, "招商")
    steps: list[Indexed] = []
    assert rebuild_index(archive, steps.append) == 2
    assert titles(archive, "招商") == before
    assert (steps[-1].done, steps[-1].total) == (2, 2)
    assert [path.name for path in sorted(IndexFolder.of(archive).path.iterdir())] == ["2", "lock"]


@pytest.mark.parametrize("part", [*PART, "meta.json", ".managed.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbled"])
def test_damaged_index_is_built_anew(archive_file: Path, part: str, damage: str) -> None:
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, page("a.html", "甲", "招商。"), page("b.html", "乙", "投产。"))
    archive = rows_of_engine(engine)
    assert titles(archive, "招商") == ["甲"]
    path = next(each for each in generation(archive).iterdir() if each.name.endswith(part))
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        middle = len(content) // 2
        ruined = {
            "empty": b"",
            "cut": content[:middle],
            "garbled": content[:middle] + b"\xff" * (len(content) - middle),
        }
        path.write_bytes(ruined[damage])
    assert titles(archive, "招商") == ["甲"]
    assert titles(archive, "投产") == ["乙"]
    assert list(damaged_files(generation(archive))) == []
    engine.dispose()


def test_folder_with_anything_else_in_it(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "甲", "招商。"))
    folder = IndexFolder.of(archive).path
    (folder / "7").mkdir(parents=True)
    (folder / "7" / "meta.json").write_text("{}")
    (folder / "building").mkdir()
    (folder / "building" / "meta.json").write_text("x")
    assert titles(archive, "招商") == ["甲"]


def test_another_version_of_the_fields_is_built_anew(
    engine: Engine, archive: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl(engine, page("a.html", "甲", "招商。"))
    titles(archive, "招商")
    before = generation(archive)
    monkeypatch.setattr(state, "VERSION", 99)
    assert titles(archive, "招商") == ["甲"]
    assert generation(archive) != before


def test_archive_restored_from_a_backup_is_indexed_anew(archive_file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    shutil.copy(archive_file, backup)
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, page("a.html", "甲", "招商。"), page("b.html", "乙", "招商。"))
    archive = rows_of_engine(engine)
    assert len(titles(archive, "招商")) == 2
    engine.dispose()
    for path in archive_file.parent.glob("archive.db*"):
        path.unlink()
    shutil.copy(backup, archive_file)
    engine = open_archive(str(archive_file), write=True)
    assert titles(archive, "招商") == []
    # As many changes as before, but of other articles.
    crawl(engine, page("c.html", "丙", "招商。"), page("d.html", "丁", "招商。"), clock=Clock(START.replace(day=9)))
    assert set(titles(archive, "招商")) == {"丙", "丁"}
    engine.dispose()


def test_copied_archive_has_an_index_of_its_own(archive_file: Path, tmp_path: Path) -> None:
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, page("a.html", "甲", "招商。"))
    titles(rows_of_engine(engine), "招商")
    engine.dispose()
    folder = tmp_path / "copy"
    shutil.copytree(archive_file.parent, folder, ignore=shutil.ignore_patterns("copy", "cache"))
    copy = open_archive(str(folder / "archive.db"), write=True)
    crawl(copy, page("b.html", "乙", "招商。"), clock=Clock(START.replace(day=9)))
    assert set(titles(rows_of_engine(copy), "招商")) == {"甲", "乙"}
    copy.dispose()


def test_taken_down_article_is_in_no_file(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "甲", "uniquelatinword 招商。"), page("b.html", "乙", "招商。"))
    assert len(titles(archive, "招商")) == 2
    assert terms_of(archive, "uniquelatin") == ["uniquelatinword"]
    (uid,) = column(engine, "SELECT uid FROM article WHERE title = '甲'")
    with writing(engine) as connection:
        take_down(connection, uid, "试", Found(), START)
    assert titles(archive, "招商") == ["乙"]
    assert terms_of(archive, "uniquelatin") == []


KILLED_BUILD = textwrap.dedent("""
    import os, signal, sys
    from crawler.research.search import following, learning, open_rows
    following.COMMIT_EVERY, learning.LEAST = 250, 500
    def kill(step):
        if step.done >= 500:
            os.kill(os.getpid(), signal.SIGKILL)
    getattr(following, sys.argv[2])(open_rows(sys.argv[1]), kill)
""")


def killed_build(archive_file: Path, how: str) -> None:
    """Build an index, and be killed after 500 articles."""
    line = [sys.executable, "-c", KILLED_BUILD, str(archive_file), how]
    assert subprocess.run(line, timeout=60).returncode == -signal.SIGKILL


def many(first: int, last: int) -> list[Article]:
    return [page(f"{number}.html", f"第{number}号", "招商引资，联系群众走访。") for number in range(first, last)]


@pytest.mark.parametrize("first", [True, False])
def test_taken_down_article_is_in_nothing_that_a_kill_left(archive_file: Path, first: bool) -> None:
    engine = open_archive(str(archive_file), write=True)
    archive = rows_of_engine(engine)
    if not first:
        crawl(engine, page("b.html", "乙", "招商。"))
        titles(archive, "招商")
    crawl(engine, page("a.html", "甲", "uniquelatinword 招商。"), *many(0, 600))
    killed_build(archive_file, "rebuild_index")
    assert (archive_file.parent / "archive.index" / "building" / "meta.json").exists()
    (uid,) = column(engine, "SELECT uid FROM article WHERE title = '甲'")
    with writing(engine) as connection:
        take_down(connection, uid, "试", Found(), START)
    assert forget_indexed(engine) == []
    assert not (archive_file.parent / "archive.index" / "building").exists()
    assert find(archive, "招商", limit=0, all=True).total == (600 if first else 601)
    assert terms_of(archive, "uniquelatin") == []
    engine.dispose()


def test_killed_learning_is_gone_on_with(archive_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "LEAST", 500)
    engine = open_archive(str(archive_file), write=True)
    archive = rows_of_engine(engine)
    crawl(engine, *many(0, 20))
    assert current_index(archive).phrases == frozenset()
    crawl(engine, *many(20, 600))
    killed_build(archive_file, "current_index")
    steps: list[Indexed] = []
    assert search(archive, "群众走访", limit=0, on_progress=steps.append).total == 600
    assert steps[0].total == 100  # the articles that were left
    assert "联系群众走访" in current_index(archive).phrases
    engine.dispose()


def terms_of(archive: Rows, prefix: str) -> list[str]:
    """The terms in the index's files, those of deleted documents too."""
    assert [path.name for path in IndexFolder.of(archive).path.iterdir() if path.is_dir()] == [generation(archive).name]
    return [term for term, _ in open_index(generation(archive)).searcher().terms_with_prefix("chars", prefix)]


def test_other_indexer_means_searching_what_is_there(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "甲", "招商。"))
    assert not find(archive, "招商").stale
    crawl(engine, page("b.html", "乙", "招商。"), clock=Clock(START.replace(day=2)))
    with IndexFolder.of(archive).locked() as mine:
        assert mine
        found = find(archive, "招商")
        assert (found.stale, [each.title for each in found]) == (True, ["甲"])
    assert set(titles(archive, "招商")) == {"甲", "乙"}


def test_many_searches_at_once_write_one_index(archive_file: Path) -> None:
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, *(page(f"{number}.html", f"第{number}号", "招商。") for number in range(30)))
    engine.dispose()
    code = textwrap.dedent("""
        import sys
        from crawler.research.search import open_rows, search
        found = search(open_rows(sys.argv[1]), "招商")
        print(found.total)
    """)
    line = [sys.executable, "-c", code, str(archive_file)]
    searches = [subprocess.Popen(line, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [each.communicate(timeout=60)[0].strip() for each in searches] == ["30"] * 4
    folder = archive_file.parent / "archive.index"
    assert sorted(path.name for path in folder.iterdir()) == ["1", "lock"]


def test_killed_build_is_gone_on_with(archive_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "LEAST", 500)
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, *many(0, 600))
    killed_build(archive_file, "rebuild_index")
    assert IndexFolder(archive_file.parent / "archive.index").newest() is None
    # What changed meanwhile is not lost.
    crawl(engine, page("1.html", "第1号", "改为投产。"), clock=Clock(START.replace(day=9)))
    archive = rows_of_engine(engine)
    steps: list[Indexed] = []
    found = search(archive, "招商引资", limit=0, on_progress=steps.append)
    assert (found.total, find(archive, "投产").total) == (599, 1)
    assert steps[0].total == 100  # the articles that were left
    assert "联系群众走访" in current_index(archive).phrases
    assert find(archive, "群众走访", limit=0).total == 599
    engine.dispose()


def test_killed_catching_up_is_done_again(archive_file: Path) -> None:
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, page("a.html", "甲", "招商。"))
    archive = rows_of_engine(engine)
    titles(archive, "招商")
    crawl(engine, page("b.html", "乙", "招商。"), clock=Clock(START.replace(day=2)))
    code = textwrap.dedent("""
        import os, signal, sys
        from crawler.research.search import following, open_rows
        following.current_index(open_rows(sys.argv[1]), lambda step: os.kill(os.getpid(), signal.SIGKILL))
    """)
    killed = subprocess.run([sys.executable, "-c", code, str(archive_file)], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert set(titles(archive, "招商")) == {"甲", "乙"}
    assert documents(archive) == 2
    engine.dispose()


def test_index_that_cannot_be_written_is_one_sentence(archive_file: Path) -> None:
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, page("a.html", "甲", "招商。"))
    (archive_file.parent / "archive.index").write_text("a file in its place")
    with pytest.raises(SearchError, match=r"archive\.index cannot be used"):
        titles(rows_of_engine(engine), "招商")
    engine.dispose()


def test_article_without_states_or_with_hostile_text(engine: Engine, archive: Rows) -> None:
    hostile = page("a.html", "a" * 70_000, "招商" + "b" * 200_000 + "|~武汉" + "1" * 5_000)
    crawl(engine, hostile)
    assert find(archive, "武汉").total == 1
    assert find(archive, "b" * 40).total == 1
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM revision"))
    assert rebuild_index(archive) == 0


def test_searching_loads_neither_sqlalchemy_nor_pandas(archive_file: Path) -> None:
    rebuild_index(open_rows(str(archive_file)))
    code = textwrap.dedent("""
        import json, sys
        from crawler.research.filters import Filters
        from crawler.research.search import open_rows, search
        list(search(open_rows(sys.argv[1]), "招商", Filters.of(region="420100")))
        print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
    """)
    done = subprocess.run([sys.executable, "-c", code, str(archive_file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not {"sqlalchemy", "pandas", "scrapy", "numpy", "alembic"} & set(json.loads(done.stdout))

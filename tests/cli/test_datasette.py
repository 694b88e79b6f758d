"""`zhaoshang datasette`: the archive by real HTTP, read only."""

from __future__ import annotations

import html
import json
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.research import sql_pages
from tests.cli.conftest import Place
from tests.cli.pages import ROWS
from tests.cli.test_usage import assert_one_sentence
from tests.support import command, environment, rows

PAGES = yaml.safe_load(Path(sql_pages.__file__).with_name("datasette.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def served(crawled: Place) -> Iterator[str]:
    """The address of a server that is stopped by Ctrl-C at the end."""
    line = command("--archive", crawled.archive, "datasette", "--port", "0")
    options: dict[str, Any] = {"env": environment(), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(line, **options) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
        assert (running.returncode, said) == (0, "Serving until Ctrl-C.\nStopped.\n")


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        text: str = answer.read().decode()
    return text


def asked(served: str, path: str, **parameters: str) -> Any:
    return json.loads(get(f"{served}archive{path}.json?{urllib.parse.urlencode({'_shape': 'array', **parameters})}"))


def test_it_listens_on_loopback_with_title_and_descriptions(served: str) -> None:
    assert served.startswith("http://127.0.0.1:")
    assert PAGES["title"] in get(served)
    page = get(f"{served}archive/article")
    assert PAGES["tables"]["article"]["description"] in page
    assert html.escape(PAGES["tables"]["article"]["columns"]["uid"]).replace("&#x27;", "&#39;") in page
    assert "moushi" in page  # a facet


def test_tables_of_the_machinery_are_hidden(served: str) -> None:
    listed = json.loads(get(f"{served}archive.json"))["tables"]
    hidden = {each["name"] for each in listed if each["hidden"]}
    assert set(PAGES["hidden"]) <= hidden
    assert (
        {"article", "article_region", "project"} <= set(PAGES["tables"]) <= {each["name"] for each in listed} - hidden
    )


@pytest.mark.parametrize("name", sorted(PAGES["queries"]))
def test_ready_queries_run(served: str, name: str) -> None:
    found = asked(served, f"/{name}", words="签约", yuan="1000000000", code="42")
    assert isinstance(found, list)
    if name == "latest":
        assert len(found) == len(ROWS)


def test_free_sql_reads_and_never_writes(served: str, crawled: Place) -> None:
    assert asked(served, "", sql="SELECT count(*) AS n FROM article") == [{"n": len(ROWS)}]
    with pytest.raises(urllib.error.HTTPError) as refused:
        asked(served, "", sql="DELETE FROM article")
    assert refused.value.code == 400
    assert len(rows(crawled.archive, "SELECT id FROM article")) == len(ROWS)


def test_what_cannot_be_served_is_one_sentence(crawled: Place, served: str, tmp_path: Path) -> None:
    taken = served.rstrip("/").rpartition(":")[2]
    assert_one_sentence(crawled.run("datasette", "--port", taken), 2, f"Port {taken} is taken")
    assert_one_sentence(crawled.run("--archive", "none.db", "datasette"), 3, "There is no archive none.db")
    postgresql = crawled.run("--archive", "postgresql://user:secret@127.0.0.1:1/x", "datasette")
    assert_one_sentence(postgresql, 2, "Datasette reads SQLite files only")
    assert "secret" not in postgresql.err

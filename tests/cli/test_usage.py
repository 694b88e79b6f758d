"""Wrong use of the command: exit code 2, one sentence on stderr, nothing on stdout, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import NETWORK, Result, command, finished, write_source, zhaoshang


def assert_one_sentence(result: Result, code: int, said: str) -> None:
    assert (result.code, result.out) == (code, "")
    assert result.err.count("\n") == 1, result.err
    assert result.err.startswith("zhaoshang: ")
    assert said in result.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nope", "No such command 'nope'"),
        ("sources nope", "No such command 'nope'"),
        ("crawl --nope", "No such option: --nope"),
        ("stats --archive a.db", "stands before the command"),
        ("crawl", "Say what to crawl: SOURCE or URL, or one of --all, --due, --demo."),
        ("crawl --all --demo", "Say what to crawl"),
        ("crawl nosuch", "There is no source 'nosuch'"),
        ("crawl hubei-porta", "did you mean hubei-portal?"),
        ("crawl hubei-portal", "names no start_urls"),
        ("crawl ftp://a.example/", "is no http or https URL"),
        ("crawl http://[::1/", "has no valid host and port"),
        ("crawl --since yesterday http://127.0.0.1:1/", "--since"),
        ("crawl --max-pages 0 http://127.0.0.1:1/", "--max-pages"),
        ("crawl --set delay http://127.0.0.1:1/", "write it as NAME=VALUE"),
        ("import listing.txt", "Missing option '--source'"),
        ("import none.txt --source hubei-portal", "There is no file none.txt."),
        ("import . --source hubei-portal", ". is a folder; name the files in it"),
        ("import none.txt --source nosuch", "There is no source 'nosuch'"),
        ("show", "Missing argument 'ARTICLE'"),
        ("show x --revision 0", "--revision"),
        ("runs --limit 0", "--limit"),
        ("extract none.html", "none.html cannot be read: No such file or directory."),
        ("extract .", ". cannot be read: Is a directory."),
        ("extract http://127.0.0.1:1/", "could not be fetched"),
        ("sources show nosuch", "There is no source 'nosuch'"),
        ("sources check hubei-portal", "names no start_urls"),
        ("sources add ftp://a.example/", "is no http or https URL"),
        ("sources add http://127.0.0.1:1/", "could not be fetched"),
        ("sources add http://127.0.0.1:1/ --region abc", "`region`"),
        ("sources add http://127.0.0.1:1/ --id ../x", "`id`"),
        ("fixture serve none", "site.yaml cannot be read"),
        ("fixture replay none", "none holds no source.yaml"),
        ("fixture record nosuch --out new", "There is no source 'nosuch'"),
        ("fixture record http://a.example/ --out hubei-portal", "hubei-portal is a source already"),
        ("fixture record http://www.shifan.example/ --out new", "set ZHAOSHANG_CONTACT"),
        ("crawl http://a.example/ --replay none", "There is no file or folder none to replay."),
        ("crawl http://a.example/ --replay .", "holds neither WARC files nor a site.yaml"),
        ("crawl --demo --replay .", "name a source or a URL to replay"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(tmp_path: Path, line: str, said: str) -> None:
    assert_one_sentence(zhaoshang(*line.split(), cwd=tmp_path), 2, said)
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.parametrize("line", ["", "sources", "fixture"])
def test_no_command_shows_help(tmp_path: Path, line: str) -> None:
    result = zhaoshang(*line.split(), cwd=tmp_path)
    assert result.code == 2
    assert "Usage: zhaoshang" in result.out + result.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: [", "a.yaml:1: not valid YAML"),
        ("id: a\nname: a\nhomepage: http://a.example/\nx: 1\n", "a.yaml:4: field `x`"),
    ],
)
def test_wrong_source_file_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    write_source(tmp_path / "sources", {"id": "a"})
    (tmp_path / "sources" / "a.yaml").write_text(text, encoding="utf-8")
    result = zhaoshang("crawl", "a", cwd=tmp_path, env={"ZHAOSHANG_SOURCES": str(tmp_path / "sources")})
    assert_one_sentence(result, 2, said)


@pytest.mark.parametrize(
    "line",
    [
        "crawl http://www.shifan.example/zsdt/",
        "sources add http://10.0.0.1/",
        "extract https://www.shifan.example/a.html",
    ],
)
def test_site_on_the_network_is_not_asked_without_a_contact(tmp_path: Path, line: str) -> None:
    result = finished(command(*line.split(), first=NETWORK), cwd=tmp_path)
    assert_one_sentence(result, 2, "set ZHAOSHANG_CONTACT to a web address or an e-mail address")
    assert not (tmp_path / "archive.db").exists()


def test_contact_that_reaches_nobody_is_refused(tmp_path: Path) -> None:
    line = command("crawl", "http://www.shifan.example/zsdt/", first=NETWORK)
    assert_one_sentence(finished(line, cwd=tmp_path, env={"ZHAOSHANG_CONTACT": "me"}), 2, "correct ZHAOSHANG_CONTACT")


def test_watch_over_the_network_sees_a_connection(tmp_path: Path) -> None:
    line = command("extract", "http://127.0.0.1:1/", first=NETWORK)
    assert (finished(line, cwd=tmp_path).code, "NETWORK") == (99, "NETWORK")


def test_help_loads_neither_scrapy_nor_the_database(tmp_path: Path) -> None:
    line = command("--help")
    loaded = finished([line[0], "-X", "importtime", *line[1:]], cwd=tmp_path)
    assert (loaded.code, "crawl" in loaded.out) == (0, True)
    modules = {row.rpartition("|")[2].strip().partition(".")[0] for row in loaded.err.splitlines()}
    assert "typer" in modules
    assert not modules & {"scrapy", "twisted", "sqlalchemy", "alembic", "lxml", "pydantic", "yaml"}


@pytest.mark.parametrize("line", ["crawl --help", "import -h", "sources add --help", "show --help"])
def test_every_command_explains_itself(tmp_path: Path, line: str) -> None:
    result = zhaoshang(*line.split(), cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert "Usage: zhaoshang" in result.out


def test_version(tmp_path: Path) -> None:
    assert zhaoshang("--version", cwd=tmp_path).out.startswith("zhaoshang 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_shell_completion(tmp_path: Path, shell: str) -> None:
    result = zhaoshang("--show-completion", shell, cwd=tmp_path)
    assert result.code == 0
    assert "_ZHAOSHANG_COMPLETE" in result.out

"""Source files: what they may say, and how a mistake is told."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from crawler.items import FieldRule
from crawler.sources import Limits, Source, SourceError, load_source
from tests.support import FIXTURES, SITES

GOOD = """\
id: huangshi
name: 黄石市招商局
homepage: https://zsj.huangshi.example/
start_urls: [/zsdt/, https://zsj.huangshi.example/tzgg/]
region: "420200"
kind: bureau
schedule: daily
delay: 3.5
follow: [www.huangshi.example]
limits: {max_pages: 100, max_rejected: 0.5, recheck_days: 7}
selectors:
  - until: 2025-12-31
    article:
      title: h2.title
      body: {xpath: '//div[@id="zoom"]'}
      origin: {value: 黄石市招商局}
    entries: ul.list > li
    entry: {title: a, url: {xpath: ./a/@href}}
    next_page: a.next
  - from: 2026-01-01
"""


def write(tmp_path: Path, text: str | bytes, name: str = "huangshi.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def mistake(tmp_path: Path, text: str | bytes) -> str:
    """What is said about a file, without the folder it lies in."""
    path = write(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        load_source(path)
    said = str(caught.value)
    assert said.startswith(str(path))
    assert "\n" not in said and said.endswith(".")
    return said.removeprefix(f"{path}:").strip()


def test_whole_file_is_read(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, GOOD))
    assert (source.id, source.name, source.region, source.kind) == ("huangshi", "黄石市招商局", "420200", "bureau")
    assert source.listing_urls == ("https://zsj.huangshi.example/zsdt/", "https://zsj.huangshi.example/tzgg/")
    assert source.hosts == ("zsj.huangshi.example", "www.huangshi.example")
    assert source.limits == Limits(max_pages=100, max_rejected=0.5, recheck_days=7)


def test_selectors_become_the_values_the_extractor_takes(tmp_path: Path) -> None:
    old, new = (each.selectors() for each in load_source(write(tmp_path, GOOD)).selectors)
    assert old.fields["title"] == FieldRule(css="h2.title")
    assert old.fields["body"] == FieldRule(xpath='//div[@id="zoom"]')
    assert old.fields["origin"] == FieldRule(value="黄石市招商局")
    assert (old.entries, old.next_page) == (FieldRule(css="ul.list > li"), FieldRule(css="a.next"))
    assert (old.since, old.until, new.since, new.until) == (None, date(2025, 12, 31), date(2026, 1, 1), None)


def test_few_fields_are_enough(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, "id: a\nname: 甲\nhomepage: http://a.example/\n"))
    assert (source.kind, source.start_urls, source.limits) == ("government", (), Limits())


@pytest.mark.parametrize("name", SITES)
def test_source_file_of_every_fixture_site_is_valid(name: str) -> None:
    source = load_source(FIXTURES / name / "source.yaml")
    assert source.id == name
    assert source.listing_urls


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: bureau", "knid: bureau", "6: field `knid`: is not a field of a source."),
        ("max_pages: 100", "max_page: 100", "10: field `limits.max_page`: is not a field of a source."),
        ("name: 黄石市招商局", "notes: x", "1: field `name`: is missing."),
        ("id: huangshi", "id: 黄石", "1: field `id`: does not match"),
        ("id: huangshi", "id: ../x", "1: field `id`: does not match"),
        ("id: huangshi", f"id: {'a' * 65}", "1: field `id`: does not match"),
        ('"420200"', "420200", "5: field `region`: "),
        ('"420200"', '"4202"', "5: field `region`: does not match"),
        ("kind: bureau", "kind: bakery", "6: field `kind`: "),
        ("schedule: daily", "schedule: sometimes", "7: field `schedule`: does not match"),
        ("delay: 3.5", "delay: -1", "8: field `delay`: "),
        ("delay: 3.5", "delay: .nan", "8: field `delay`: "),
        ("max_pages: 100", "max_pages: 0", "10: field `limits.max_pages`: "),
        ("max_rejected: 0.5", "max_rejected: 2", "10: field `limits.max_rejected`: "),
        ("start_urls: [/zsdt/,", "start_urls: ['ftp://x/',", "start_urls: ftp://x/ is no http or https URL."),
        (
            "https://zsj.huangshi.example/\n",
            "zsj.huangshi.example\n",
            "3: field `homepage`: give a URL that starts with",
        ),
        ("https://zsj.huangshi.example/\n", "http://[::1\n", "3: field `homepage`: "),
        ("title: h2.title", "title: h2..title", "14: field `selectors.0.article.title.css`: not a valid selector"),
        ("title: h2.title", "title: ''", "14: field `selectors.0.article.title"),
        ("title: h2.title", "titel: h2", "14: field `selectors.0.article.titel"),
        ('//div[@id="zoom"]', "//div[", "15: field `selectors.0.article.body.xpath`: not a valid selector"),
        ("{value: 黄石市招商局}", "{value: 局, css: p}", "16: field `selectors.0.article.origin`: give exactly one of"),
        ("{value: 黄石市招商局}", "{}", "16: field `selectors.0.article.origin`: give exactly one of"),
        ("until: 2025-12-31", "until: soon", "12: field `selectors.0.until`: "),
        ("until: 2025-12-31", "until: 2025-13-31", "not valid YAML: month must be in 1..12."),
        ("next_page: a.next", "next_page: [a]", "field `selectors.0.next_page"),
        ("kind: bureau", "kind: bureau\nkind: zone", "7: not valid YAML: `kind` is given twice."),
        ("kind: bureau", "kind: 'bureau", "not valid YAML: "),
        ("kind: bureau", "kind: !!python/object/apply:os.system [ls]", "6: not valid YAML: "),
        ("kind: bureau", "kind: bureau\n---\nid: b", "not valid YAML: "),
        ("kind: bureau", "kind: \x07", "not valid YAML: "),
    ],
)
def test_mistake_is_told_with_its_line_and_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert said in mistake(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "text", "null", "42"])
def test_file_that_is_no_mapping(tmp_path: Path, text: str) -> None:
    assert mistake(tmp_path, text).startswith("1: a source file is a mapping of fields")


def test_file_in_another_encoding(tmp_path: Path) -> None:
    assert mistake(tmp_path, GOOD.encode("gb18030")) == "cannot be read: it is not UTF-8."


def test_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load_source(write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())).id == "huangshi"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        load_source(tmp_path / "none.yaml")


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        load_source(tmp_path)


HOSTILE = {
    "huge": "notes: " + "x" * 5_000_000,
    "many fields": "".join(f"a{number}: 1\n" for number in range(10_000)),
    "nested lists": "notes: " + "[" * 50_000,
    "nested mappings": "notes: " + "{a: " * 5_000,
    "nested blocks": "\n".join(" " * depth + "a:" for depth in range(600)),
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
    "merges": "a: &a {x: 1}\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join([f'*{chr(97 + n)}'] * 9)}]}}\n" for n in range(9)),
    "long number": "region: " + "9" * 100_000,
    "deep selector": "id: a\nname: a\nhomepage: http://a.example/\nselectors: [{entries: '" + ":not(" * 3_000 + "'}]",
    "deep path": "id: a\nname: a\nhomepage: http://a.example/\nselectors: [{next_page: {xpath: '"
    + "(" * 50_000
    + "'}}]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_at_once(tmp_path: Path, name: str) -> None:
    started = time.process_time()
    mistake(tmp_path, HOSTILE[name])
    assert time.process_time() - started < 5


def test_source_served_elsewhere_takes_its_relative_listings_along(tmp_path: Path) -> None:
    moved = load_source(write(tmp_path, GOOD)).at("http://127.0.0.1:8000/")
    assert moved.listing_urls == ("http://127.0.0.1:8000/zsdt/", "https://zsj.huangshi.example/tzgg/")
    assert moved.id == "huangshi"


def test_source_cannot_be_changed_by_those_who_use_it(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, GOOD))
    with pytest.raises(ValueError, match="frozen"):
        source.name = "x"


def test_listing_urls_follow_the_homepage_as_links_do() -> None:
    source = Source(id="a", name="a", homepage="http://a.example/x/", start_urls=("list.html", "?p=1", "//b.example/c"))
    assert source.listing_urls == ("http://a.example/x/list.html", "http://a.example/x/?p=1", "http://b.example/c")
    assert source.hosts == ("a.example", "b.example")

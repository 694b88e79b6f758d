"""Importing JSON Lines: one article a line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.operate.importing import Imports

GOOD: dict[str, Any] = {"title": "武汉签约", "body": "十二个项目落户光谷。", "published_on": "2026-02-01"}


def lines(*records: Any) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def test_line_becomes_an_article_with_its_fields(imports: Imports) -> None:
    record = {**GOOD, "url": "http://portal.example/1", "author": "张三", "origin": "市局", "summary": "摘要"}
    assert imports.text(lines(record), "a.jsonl") == {"new": 1}
    (row,) = imports.articles()
    assert {name: row[name] for name in record} == record


def test_importing_again_changes_nothing(imports: Imports) -> None:
    content = lines(GOOD, {**GOOD, "title": "黄石推介", "url": "http://portal.example/2"})
    assert imports.text(content, "a.jsonl") == {"new": 2}
    assert imports.text(content, "a.jsonl") == {"unchanged": 2}


def test_record_of_json_and_of_text_are_one_article(imports: Imports) -> None:
    imports.text(f"-\n{GOOD['title']}\n{GOOD['body']}\n{GOOD['published_on']}\n-\n乙\n另一条。\n2026-02-02\n")
    assert imports.text(lines(GOOD), "a.jsonl") == {"unchanged": 1}


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "JSONL"])
def test_suffix_names_the_format(imports: Imports, suffix: str) -> None:
    assert imports.text(lines(GOOD), f"a.{suffix}") == {"new": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "line 2: "),
        ("[1, 2]", "line 2: is no JSON object with title and body"),
        ("null", "line 2: is no JSON object"),
        ('"text"', "line 2: is no JSON object"),
        ('{"body": "正文。"}', "line 2: has no title"),
        ('{"title": "甲"}', "line 2: has no body"),
        ('{"title": 1, "body": "正文。"}', "line 2: has no title"),
        ('{"title": "甲", "body": ["正文。"]}', "line 2: has no body"),
        ('{"title": "甲", "body": "正文。", "author": {}}', "line 2: author is no text"),
        ('{"title": "甲", "body": "正文。", "published_on": 20260201}', "line 2: published_on is no text"),
        ('{"title": "甲", "body": "正文。", "published_on": "2026-13-01"}', "line 2: "),
        ('{"title": "甲", "body": "正文。", "published_on": "soon"}', "line 2: "),
        ('{"title": "甲", "body": "正文。", "url": "javascript:alert(1)"}', "line 2: url is no http or https address"),
        ('{"title": "甲", "body": "正文。", "url": "http://[::1"}', "line 2: url is no http or https address"),
        ('{"title": "甲", "body": "正文。", "published_on": "2026-03-09"}', "its date lies in the future"),
        ('{"title": "", "body": "正文。"}', "it has no title"),
        ('{"title": "甲", "body": " "}', "it has no body"),
        ("[" * 100_000, "line 2: "),
        ("\udcff\udcfe", "line 2: "),
    ],
)
def test_bad_line_is_rejected_and_the_others_are_archived(imports: Imports, line: str, reason: str) -> None:
    content = lines(GOOD) + line + "\n" + lines({**GOOD, "title": "乙", "body": "另一条。"})
    assert imports.text(content.encode("utf-8", "surrogateescape"), "a.jsonl") == {"new": 2, "rejected": 1}
    assert imports.reasons()[0].startswith(reason)


def test_blank_lines_and_byte_order_mark_are_nothing(imports: Imports) -> None:
    assert imports.text(b"\xef\xbb\xbf\n" + lines(GOOD).encode() + b"\r\n\n", "a.jsonl") == {"new": 1}


def test_byte_order_mark_before_the_first_record_is_nothing(imports: Imports) -> None:
    assert imports.text(b"\xef\xbb\xbf" + lines(GOOD).encode(), "a.jsonl") == {"new": 1}


@pytest.mark.parametrize("name", ["title", "body", "author", "origin", "column_name", "summary", "url"])
@pytest.mark.parametrize("wrong", ["\\ud800", "\\u0000", "\\u001b[31m"])
def test_characters_that_are_no_text_do_not_break_the_import(imports: Imports, name: str, wrong: str) -> None:
    text = json.dumps({**GOOD, name: "http://portal.example/MARK"})
    counts = imports.text(text.replace("MARK", wrong) + "\n", "a.jsonl")
    assert counts == ({"rejected": 1} if name == "url" else {"new": 1})


def test_unknown_fields_are_no_mistake(imports: Imports) -> None:
    assert imports.text(lines({**GOOD, "extra": [1, {"a": 2}]}), "a.jsonl") == {"new": 1}

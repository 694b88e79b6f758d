"""Which capture answers a request: its address before its twins, the newest first, posts by what was posted."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.fetch.replay import opened
from tests.fetch.replay.warcs import DAY, HOST, LIMIT, ask, body_of, page, record, response, write

FORM = b"__EVENTTARGET=pager&__EVENTARGUMENT=2"


def test_missing_page_has_no_answer(tmp_path: Path) -> None:
    write(tmp_path, [page("/a.html")])
    assert body_of(tmp_path, "/b.html") is None


def test_newest_of_several_captures_answers(tmp_path: Path) -> None:
    write(tmp_path, [page("/a.html", b"new", day=2), page("/a.html", b"old"), page("/a.html", b"middle", day=1)])
    assert body_of(tmp_path, "/a.html") == b"new"


@pytest.mark.parametrize(
    "asked",
    [
        "https://zs.moushi.example/a.html",
        "http://www.zs.moushi.example/a.html",
        f"{HOST}/a.html?utm_source=wechat",
        f"{HOST}/a.html#top",
        f"{HOST}:80/a.html",
    ],
)
def test_twins_of_an_address_are_one_page(tmp_path: Path, asked: str) -> None:
    write(tmp_path, [page("/a.html", b"page")])
    assert body_of(tmp_path, asked) == b"page"


def test_very_address_comes_before_a_newer_twin(tmp_path: Path) -> None:
    write(tmp_path, [page("/a.html", b"mine"), page("https://www.zs.moushi.example/a.html", b"twin", day=5)])
    assert body_of(tmp_path, "/a.html") == b"mine"


def test_twin_that_redirects_is_no_answer(tmp_path: Path) -> None:
    location = (("Location", "https://zs.moushi.example/a.html"),)
    write(tmp_path, [page("/a.html", b"", status=301, response_headers=location)])
    assert body_of(tmp_path, "https://zs.moushi.example/a.html") is None


def test_redirect_is_replayed_as_recorded(tmp_path: Path) -> None:
    location = (("Location", "https://zs.moushi.example/a.html"),)
    write(
        tmp_path,
        [
            page("/a.html", b"", status=301, response_headers=location),
            page("https://zs.moushi.example/a.html", b"page"),
        ],
    )
    with opened(tmp_path) as answers:
        answer = ask(answers, "/a.html")
        assert answer is not None
        assert (answer.status, answer.headers) == (301, location)


def test_chinese_address_is_found_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(response(f"{HOST}/新闻/a.html", b"page"))
    assert body_of(tmp_path, "/%E6%96%B0%E9%97%BB/a.html") == b"page"


def test_posts_are_told_apart_by_what_was_posted(tmp_path: Path) -> None:
    two, three = (page("/list.aspx", text, method="POST", request_body=form) for text, form in (
        (b"page 2", FORM), (b"page 3", FORM.replace(b"2", b"3"))))  # fmt: skip
    write(tmp_path, [page("/list.aspx", b"page 1"), two, three])
    assert body_of(tmp_path, "/list.aspx") == b"page 1"
    assert body_of(tmp_path, "/list.aspx", "POST", FORM) == b"page 2"
    assert body_of(tmp_path, "/list.aspx", "POST", FORM.replace(b"2", b"3")) == b"page 3"
    assert body_of(tmp_path, "/list.aspx", "POST", b"other=1") is None


def test_order_of_a_forms_fields_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, [page("/list.aspx", b"page 2", method="POST", request_body=b"b=2&a=1")])
    assert body_of(tmp_path, "/list.aspx", "POST", b"a=1&b=2") == b"page 2"


def test_request_may_come_before_its_response_and_be_named_by_it(tmp_path: Path) -> None:
    asked = record("request", b"POST /p HTTP/1.1\r\n\r\nstart=16", ("WARC-Record-ID", "<urn:uuid:1>"),
                   ("Content-Type", "application/http;msgtype=request"), url=f"{HOST}/p")  # fmt: skip
    answer = response(
        f"{HOST}/p", b"group 2", ("WARC-Record-ID", "<urn:uuid:2>"), ("WARC-Concurrent-To", "<urn:uuid:1>")
    )
    (tmp_path / "a.warc").write_bytes(asked + answer)
    assert body_of(tmp_path, "/p", "POST", b"start=16") == b"group 2"
    assert body_of(tmp_path, "/p", "POST", b"start=31") is None


def test_without_request_records_the_address_alone_decides(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(response(f"{HOST}/p", b"page", ("WARC-Record-ID", "<urn:uuid:2>")))
    assert body_of(tmp_path, "/p", "POST", b"start=16") == body_of(tmp_path, "/p") == b"page"


def test_answer_to_a_head_request_is_no_page(tmp_path: Path) -> None:
    write(tmp_path, [page("/a.html", b"", method="HEAD")])
    assert body_of(tmp_path, "/a.html") is None


def test_address_that_was_redirected_leads_to_the_page(tmp_path: Path) -> None:
    write(tmp_path, [page("/new.html", b"page", notes=(("requested", f"{HOST}/old.html"),))])
    with opened(tmp_path) as answers:
        answer = ask(answers, "/old.html")
        assert answer is not None
        assert (answer.status, answer.headers) == (302, (("Location", f"{HOST}/new.html"),))


def test_answer_tells_its_day_and_place(tmp_path: Path) -> None:
    file = write(tmp_path, [page("/a.html", day=3)])
    with opened(tmp_path) as answers:
        answer = answers.find("GET", f"{HOST}/a.html", b"", LIMIT)
    assert answer is not None and answer.kept_at is not None and answer.fetched_at is not None
    assert (answer.fetched_at - DAY).days == 3
    assert answer.kept_at.file == str(file)

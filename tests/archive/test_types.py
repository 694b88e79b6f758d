"""Times, digests and public names: what is stored is the same in every archive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select

from crawler.archive.models import Article
from crawler.archive.types import digest, uid_of_record, uid_of_url
from tests.archive.harness import SITE, START, Clock, crawl, page, rows


def test_time_is_stored_in_utc_to_the_second(engine: Engine) -> None:
    crawl(engine, page(), clock=Clock(datetime(2026, 3, 1, 16, 0, 0, 987_654, timezone(timedelta(hours=8)))))
    stored = rows(engine, "SELECT first_seen_at AS at FROM article")[0]["at"]
    written = stored if isinstance(stored, str) else f"{stored.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert written == "2026-03-01T08:00:00Z"


def test_time_comes_back_aware_in_utc(engine: Engine) -> None:
    crawl(engine, page(), clock=Clock(START))
    with engine.connect() as connection:
        assert connection.execute(select(Article.first_seen_at)).scalar_one() == START


def test_time_of_publication_keeps_its_moment(engine: Engine) -> None:
    published = datetime(2026, 2, 27, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    crawl(engine, page(published_at=published))
    with engine.connect() as connection:
        assert connection.execute(select(Article.published_at)).scalar_one() == published


def test_time_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="without its zone"):
        crawl(engine, page(), clock=Clock(datetime(2026, 3, 1)))


def test_digest_names_its_algorithm() -> None:
    assert digest("") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest("招商") == digest("招商".encode())


def test_uid_of_a_url_never_changes() -> None:
    assert uid_of_url("http://swt.hubei.gov.cn/a.html") == "zjibnxmzewfktjba"


def test_uid_of_a_record_never_changes() -> None:
    assert uid_of_record(SITE.id, "签约仪式举行", date(2026, 2, 27)) == "ecjjn25woyhutbut"
    assert uid_of_record(SITE.id, "签约仪式举行", None) == "lwxmkdfyipqiqj3x"
    assert uid_of_record(SITE.id, "签约仪式举行", date(2026, 2, 27), digest("正文")) == "ymgu2apch7jsf4j4"


@pytest.mark.parametrize("title", ["", "长" * 10_000, "\ud800", "a\0b"])
def test_uid_has_16_characters_of_base_32_whatever_it_names(title: str) -> None:
    uid = uid_of_record(SITE.id, title, None)
    assert len(uid) == 16
    assert set(uid) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_parts_of_a_name_do_not_run_together() -> None:
    assert uid_of_record("ab", "c", None) != uid_of_record("a", "bc", None)

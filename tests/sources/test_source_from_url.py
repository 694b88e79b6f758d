"""A source made of nothing but a URL."""

from __future__ import annotations

import pytest

from crawler.sources import SourceError, source_from_url


@pytest.mark.parametrize(
    ("url", "source_id", "homepage"),
    [
        ("http://www.huangshi.gov.cn/zsdt/", "huangshi.gov.cn", "http://www.huangshi.gov.cn/"),
        ("https://zsj.wuhan.gov.cn", "zsj.wuhan.gov.cn", "https://zsj.wuhan.gov.cn/"),
        ("http://127.0.0.1:8000/list?p=1", "127.0.0.1-8000", "http://127.0.0.1:8000/"),
        ("HTTP://WWW.Example.COM/", "example.com", "http://WWW.Example.COM/"),
        ("http://招商.中国/", "xn--czrx92a.xn--fiqs8s", "http://招商.中国/"),
        ("http://a_b.example/", "a-b.example", "http://a_b.example/"),
        ("http://[::1]:8000/", "1-8000", "http://[::1]:8000/"),
        ("http://localhost/", "localhost", "http://localhost/"),
        ("http://example.com./", "example.com", "http://example.com./"),
        ("http://。/", "site", "http://。/"),
    ],
)
def test_id_and_homepage_are_those_of_the_host(url: str, source_id: str, homepage: str) -> None:
    source = source_from_url(url)
    assert (source.id, source.homepage, source.start_urls) == (source_id, homepage, (url,))


def test_long_host_gives_an_id_that_is_short_enough_and_keeps_its_port() -> None:
    source = source_from_url(f"http://{'a' * 60}.{'b' * 60}.example:8000/")
    assert len(source.id) <= 64
    assert source.id.endswith("-8000")


def test_password_of_a_url_is_no_part_of_the_name() -> None:
    source = source_from_url("http://me:geheim@a.example/list")
    assert "geheim" not in source.name + source.homepage + source.id


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///path",
        "http://[::1",
        "http://a.example:99999/",
        "http://a.example:port/",
        "http://" + "a" * 3_000 + ".example/",
    ],
)
def test_what_is_no_url_is_told_in_one_sentence(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        source_from_url(url)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400

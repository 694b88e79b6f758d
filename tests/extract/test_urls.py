"""Addresses: what makes two of them one page or one site, and which links are addresses at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.urls import canonical_url, join, same_site

PAGE = "http://zs.wuhan.gov.cn/tzdt/t20250612_1.html"

TWINS = [
    ("scheme", "https://zs.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("www", "http://www.zs.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("mobile", "http://m.zs.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("mobile under www", "http://www.m.zs.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("wap", "https://wap.zs.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("3g", "http://3g.zs.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("case of scheme and host", "HTTP://ZS.Wuhan.GOV.cn/tzdt/t20250612_1.html"),
    ("default port", "https://zs.wuhan.gov.cn:443/tzdt/t20250612_1.html"),
    ("fragment", PAGE + "#top"),
    ("campaign", PAGE + "?utm_source=weixin&utm_medium=a"),
    ("spm", PAGE + "?spm=a1.b2.0"),
    ("from", PAGE + "?from=singlemessage&isappinstalled=0"),
    ("share", PAGE + "?share=1&share_token=ab-c"),
    ("share token", PAGE + "?shareToken=ab-c&sharetype=1"),
    ("WeChat", PAGE + "?nsukey=a%2Bb&wxshare_count=2&scene=21"),
    ("cache", PAGE + "?_=1718181818181"),
    ("random number", PAGE + "?rnd=0.4711081518"),
    ("question mark alone", PAGE + "?"),
    ("empty pieces of the query", PAGE + "?&&"),
    ("slashes", "http://zs.wuhan.gov.cn//tzdt///t20250612_1.html"),
    ("java session", "http://zs.wuhan.gov.cn/tzdt/t20250612_1.html;jsessionid=0F3A"),
    ("php session", PAGE + "?PHPSESSID=abcdef0123456789abcdef"),
    ("session in the path", "http://zs.wuhan.gov.cn/(S(abc123))/tzdt/t20250612_1.html"),
    ("case of a session", PAGE + "?JSESSIONID=0F3A.node1"),
    ("long sid", PAGE + "?sid=0123456789abcdef0123456789abcdef"),
    ("dot segments", "http://zs.wuhan.gov.cn/a/../tzdt/./t20250612_1.html"),
    ("encoded letters", "http://zs.wuhan.gov.cn/tzdt/%7420250612%5f1.html"),
    ("blanks around", f"  {PAGE}\n"),
    ("user", "http://me:secret@zs.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("trailing dot of the host", "http://zs.wuhan.gov.cn./tzdt/t20250612_1.html"),
]


@pytest.mark.parametrize("url", [url for _, url in TWINS], ids=[name for name, _ in TWINS])
def test_twins_have_one_key(url: str) -> None:
    assert canonical_url(url) == canonical_url(PAGE)


DIFFERENT = [
    ("path", "http://zs.wuhan.gov.cn/tzdt/t20250612_2.html"),
    ("page", PAGE + "?page=2"),
    ("id", PAGE + "?id=5"),
    ("p", PAGE + "?p=5"),
    ("catid", PAGE + "?catid=5"),
    ("short number of the name _", PAGE + "?_=5"),
    ("from a day", PAGE + "?from=2025-01-01"),
    ("slash at the end", PAGE + "/"),
    ("encoded slash", "http://zs.wuhan.gov.cn/tzdt%2Ft20250612_1.html"),
    ("host", "http://tz.wuhan.gov.cn/tzdt/t20250612_1.html"),
    ("port", "http://zs.wuhan.gov.cn:8080/tzdt/t20250612_1.html"),
    ("case of the path", "http://zs.wuhan.gov.cn/TZDT/t20250612_1.html"),
]


@pytest.mark.parametrize("url", [url for _, url in DIFFERENT], ids=[name for name, _ in DIFFERENT])
def test_different_pages_have_different_keys(url: str) -> None:
    assert canonical_url(url) != canonical_url(PAGE)


@pytest.mark.parametrize("name", ["index.html", "index.htm", "index.shtml", "default.aspx", "Index.html"])
def test_index_name_is_the_folder(name: str) -> None:
    assert canonical_url(f"http://a.cn/col/{name}") == canonical_url("http://a.cn/col/")


@pytest.mark.parametrize("name", ["index_2.html", "index_1.htm", "list.html", "index.html.bak", "myindex.html"])
def test_other_names_are_pages_of_their_own(name: str) -> None:
    assert canonical_url(f"http://a.cn/col/{name}") == f"http://a.cn/col/{name}"


def test_folder_with_and_without_a_slash_are_left_apart() -> None:
    assert canonical_url("http://a.cn/col") != canonical_url("http://a.cn/col/")
    assert canonical_url("http://a.cn") == canonical_url("http://a.cn/")


@pytest.mark.parametrize("pair", [("%e6%8b%9b", "%E6%8B%9B"), ("招", "%E6%8B%9B"), ("%7Ea", "~a"), ("a b", "a%20b")])
def test_encoding_is_one(pair: tuple[str, str]) -> None:
    one, other = (canonical_url(f"http://a.cn/{each}?q={each}") for each in pair)
    assert one == other


def test_several_twins_at_once_are_one_page() -> None:
    twin = "https://www.a.cn:443//zsdt/./t1.html;jsessionid=1?id=5&utm_source=wx&from=timeline&isappinstalled=0#top"
    assert canonical_url(twin) == "http://a.cn/zsdt/t1.html?id=5"


@pytest.mark.parametrize(
    ("url", "before"),
    [
        ("http://a.cn//b.html", "http://a.cn//b.html"),
        ("http://a.cn/b.html?_=1718181818181", "http://a.cn/b.html?_=1718181818181"),
        ("https://www.a.cn/b.html?utm_source=x", "http://a.cn/b.html"),
    ],
)
def test_earlier_rules_give_the_key_that_they_gave(url: str, before: str) -> None:
    assert canonical_url(url, rules=1) == before


def test_query_keeps_its_order() -> None:
    assert canonical_url("http://a.cn/?b=2&a=1&utm_source=x&c=3") == "http://a.cn/?b=2&a=1&c=3"


def test_short_sid_chooses_a_site_and_stays() -> None:
    assert canonical_url("http://a.cn/gkmlpt/api/all/5?page=2&sid=755001").endswith("?page=2&sid=755001")


def test_from_with_a_day_chooses_a_range_and_stays() -> None:
    assert "from=2024-01-01" in canonical_url("http://a.cn/list?from=2024-01-01")


def test_gkmlpt_column_in_the_fragment_stays() -> None:
    one, other = (canonical_url(f"http://a.gov.cn/gkmlpt/index#{column}") for column in (1, 2))
    assert one != other


def test_loopback_host_keeps_its_port() -> None:
    assert canonical_url("http://127.0.0.1:18701/tzdt/") == "http://127.0.0.1:18701/tzdt/"


def test_chinese_path_is_encoded_once() -> None:
    key = canonical_url("http://a.cn/招商/%e6%8b%9b.html")
    assert key == "http://a.cn/%E6%8B%9B%E5%95%86/%E6%8B%9B.html"


@pytest.mark.parametrize(
    "text", ["", "mailto:a@b.cn", "javascript:void(0)", "http://", "http://[::1", "http://a:b/", "/only/path"]
)
def test_text_that_is_no_address_comes_back(text: str) -> None:
    assert canonical_url(text) == text


pieces = st.sampled_from(
    [
        "http",
        "https",
        "://",
        "www.",
        "m.",
        "a.cn",
        "gov.cn",
        "127.0.0.1",
        ":80",
        ":8080",
        "/",
        "..",
        ".",
        "//",
        "index.html",
        "?",
        "&",
        "=",
        "#",
        "utm_source",
        "sid",
        "from",
        "%",
        "%41",
        "%zz",
        "%e6",
        "招",
        " ",
        "\n",
        ";jsessionid=1",
        "+",
        "\\",
        "@",
        "[",
        "]",
        "a",
        "1",
    ]
)


@given(
    st.lists(pieces, max_size=14).map("".join) | st.text(max_size=40) | st.text(max_size=20).map("http://a.cn/".__add__)
)
def test_canonical_url_is_idempotent(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once


SAME = [
    ("http://www.a.gov.cn/", "https://a.gov.cn/x"),
    ("http://m.a.gov.cn/", "http://www.a.gov.cn/"),
    ("http://zs.wuhan.gov.cn/", "http://www.wuhan.gov.cn/"),
    ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b"),
    ("http://a.cn:80/", "https://a.cn:443/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_site(one: str, other: str) -> None:
    assert same_site(one, other)
    assert same_site(other, one)


OTHER = [
    ("http://www.gov.cn/", "http://www.wuhan.gov.cn/"),
    ("http://wuhan.gov.cn/", "http://huangshi.gov.cn/"),
    ("http://a.gov.cn/", "https://mp.weixin.qq.com/s/x"),
    ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/"),
    ("http://127.0.0.1/", "http://7.0.0.1/"),
    ("http://xa.cn/", "http://a.cn/"),
    ("http://a.cn/", "no address"),
    ("http://a.cn/", "http://com.cn/"),
]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_site(one: str, other: str) -> None:
    assert not same_site(one, other)
    assert not same_site(other, one)


LINKS = [
    ("./202506/t1.html", "http://a.cn/tzdt/202506/t1.html"),
    ("../x.htm", "http://a.cn/x.htm"),
    ("/x y.html", "http://a.cn/x%20y.html"),
    (" \n/x.\nhtml ", "http://a.cn/x.html"),
    ("..\\files\\1.pdf", "http://a.cn/files/1.pdf"),
    ("//b.cn/x", "http://b.cn/x"),
    ("?page=2", "http://a.cn/tzdt/index.html?page=2"),
    ("HTTPS://b.cn/x", "https://b.cn/x"),
    ("javascript:void(0)", None),
    ("JavaScript:open()", None),
    ("mailto:a@b.cn", None),
    ("tel:10086", None),
    ("data:text/html,x", None),
    ("", None),
    ("   ", None),
    ("http://[::1", None),
    ("http://", None),
    ("ftp://a.cn/x", None),
]


@pytest.mark.parametrize(("href", "url"), LINKS, ids=[repr(href) for href, _ in LINKS])
def test_join(href: str, url: str | None) -> None:
    assert join("http://a.cn/tzdt/index.html", href) == url


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_raises(one: str, other: str) -> None:
    joined = join(one, other)
    assert joined is None or joined.lower().startswith(("http://", "https://"))
    assert same_site(one, other) in (True, False)

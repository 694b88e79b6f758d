"""Which addresses are public, and which spellings of a host are taken. Nothing is sent anywhere."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.addresses import UnsafeUrl, parse_target, special_name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("0.0.0.0", "this very network"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "carrier"),
        ("100.127.255.255", "carrier"),
        ("198.18.0.1", "benchmarks"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "this very network"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "IPv4 address written as IPv6"),
        ("::ffff:8.8.8.8", "IPv4 address written as IPv6"),
        ("::7f00:1", "reserved"),
        ("64:ff9b::7f00:1", "NAT64"),
        ("64:ff9b:1::1", "NAT64"),
        ("2002:7f00:1::", "6to4"),
        ("2001::1", "reserved"),
        ("fe80::1", "link-local"),
        ("fc00::1", "private"),
        ("fd12:3456::1", "private"),
        ("fec0::1", "private"),
        ("ff02::1", "multicast"),
        ("100::1", "reserved"),
        ("5f00::1", "reserved"),
    ],
)
def test_special_address_is_named(address: str, name: str) -> None:
    assert name in (special_name(ip_address(address)) or "")


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.2.4.8",
        "172.15.255.255",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "223.5.5.5",
        "2400:3200::1",
    ],
)
def test_public_address_has_no_special_name(address: str) -> None:
    assert special_name(ip_address(address)) is None


@given(st.ip_addresses())
def test_public_means_global_to_the_standard_library_too(address: object) -> None:
    parsed = ip_address(str(address))
    if special_name(parsed) is None:
        assert parsed.is_global
        assert not parsed.is_multicast


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://017700000001/",
        "http://1/",
        "http://0/",
        "http://a.0x/",
        "http://300.1.1.1/",
        "http://１２７.０.０.１/",
    ],
)
def test_number_that_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        parse_target(urlsplit(url))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://site.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:///path",
        "http://user@site.example/",
        "http://site.example@127.0.0.1/",
        "http://127%2e0.0.1/",
        "http://site.example%00.cn/",
        "http://site example/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://site.example:99999/",
        "http://site.example:x/",
        "http://-.-/",
        "http://" + "a" * 300 + "/",
        "http://127。0。0。1/",
        "gopher://127.0.0.1:6379/_x",
    ],
)
def test_url_that_could_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        parse_target(urlsplit(url))


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://www.gov.example/", "www.gov.example", 80),
        ("https://WWW.gov.example:8443/a?b", "www.gov.example", 8443),
        ("http://xn--fiqs8s.example/", "xn--fiqs8s.example", 80),
        ("http://zs_ks.gov.example/", "zs_ks.gov.example", 80),
        ("https://8.8.8.8/", "8.8.8.8", 443),
        ("http://[2400:3200::1]:81/", "2400:3200::1", 81),
        ("http://3dmax.example.c0m/", "3dmax.example.c0m", 80),
    ],
)
def test_plain_target_is_taken(url: str, host: str, port: int) -> None:
    target = parse_target(urlsplit(url))
    assert (target.host, target.port) == (host, port)


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("localhost.", True), ("a.localhost", True), ("localhost.example", False)],
)
def test_names_of_this_machine_are_known(host: str, local: bool) -> None:
    assert parse_target(urlsplit(f"http://{host}/")).is_local_name is local


@given(st.text(max_size=80))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        url = urlsplit(f"http://{text}/")
    except ValueError:
        return
    try:
        target = parse_target(url)
    except UnsafeUrl:
        return
    assert target.host.isascii()

"""Real sites are only crawled with a contact; this machine may be crawled without."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from crawler.fetch.contact import ContactMissing, find_contact, is_local, require_contact, user_agent

from .harness import CrawlPages, Serve, http

REAL = "https://www.gov.example/"


def test_user_agent_names_the_product_and_the_contact() -> None:
    assert user_agent("crawl@example.org") == "Zhaoshang/0.1 (+crawl@example.org)"


@pytest.mark.parametrize("contact", [None, "", "me", "a@b\r\nX-Header: 1", "http://x (y)"])
def test_unusable_contact_is_left_out(contact: str | None) -> None:
    assert user_agent(contact) == "Zhaoshang/0.1"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:18701/", True),
        ("http://localhost/", True),
        ("http://[::1]:80/", True),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1.example/", False),
        ("https://www.gov.example/", False),
        ("http://0x7f.1/", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_local_url_is_told_from_a_real_one(url: str, local: bool) -> None:
    assert is_local(url) is local


@pytest.mark.parametrize("contact", ["https://www.example.org/crawler", "crawl@example.org"])
def test_real_site_with_a_contact_is_crawled(contact: str) -> None:
    require_contact(contact, [REAL])


def test_this_machine_is_crawled_without_a_contact() -> None:
    require_contact(None, ["http://127.0.0.1:18701/"])


@pytest.mark.parametrize(("contact", "said"), [(None, REAL), ("", REAL), ("me", "'me'")])
def test_real_site_without_a_contact_is_refused_with_what_to_set(contact: str | None, said: str) -> None:
    with pytest.raises(ContactMissing) as error:
        require_contact(contact, ["http://127.0.0.1/", REAL])
    text = str(error.value)
    assert "ZHAOSHANG_CONTACT" in text
    assert said in text


def test_setting_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAOSHANG_CONTACT", "environment@example.org")
    assert find_contact(Settings({"CONTACT": "setting@example.org"})) == "setting@example.org"
    assert find_contact(Settings()) == "environment@example.org"


def test_crawl_of_a_real_site_without_contact_ends_before_it_starts(
    crawl: CrawlPages, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHAOSHANG_CONTACT", raising=False)
    server = serve({"*": http()})
    done = crawl(server.url + "/", settings={"CONTACT": ""}, home_urls=(REAL,))
    assert "ZHAOSHANG_CONTACT" in done.reason
    assert not server.seen


def test_contact_is_sent_with_every_request(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    crawl(server.url + "/")
    assert len(server.heads) == 2
    assert all(b"User-Agent: Zhaoshang/0.1 (+crawl@example.org)\r\n" in head for head in server.heads)

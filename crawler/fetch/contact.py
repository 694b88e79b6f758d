"""Who is asking: every request to a real site says how to reach the person who runs the crawl."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider
from scrapy.settings import BaseSettings

from crawler import __version__
from crawler.fetch.addresses import UnsafeUrl, parse_target

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PRODUCT = "Zhaoshang"  # the name robots.txt files may address
VARIABLE = "ZHAOSHANG_CONTACT"

_CONTACT = re.compile(r"https?://[^\s()<>]{3,200}\Z|[^\s()<>@]{1,100}@[^\s()<>@]{3,100}\Z")


class ContactMissing(ValueError):
    """A crawl of a real site without a contact; its text is one sentence that says how to set one."""


def user_agent(contact: str | None) -> str:
    """The User-Agent of all requests, e.g. `Zhaoshang/0.1 (+crawl@example.org)`.

    A contact that is neither a web address nor an e-mail address is left out: `require_contact` reports it.
    """
    product = f"{PRODUCT}/{'.'.join(__version__.split('.')[:2])}"
    return f"{product} (+{contact})" if contact and _CONTACT.match(contact) else product


def find_contact(settings: BaseSettings | None = None) -> str | None:
    """The contact that is set: Scrapy's setting `CONTACT`, else the environment's `ZHAOSHANG_CONTACT`."""
    return (settings.get("CONTACT") if settings else None) or os.environ.get(VARIABLE) or None


def is_local(url: str) -> bool:
    """Whether a URL leads to this very machine (loopback, localhost), as far as can be said without a look-up."""
    try:
        target = parse_target(urlsplit(url))
    except (UnsafeUrl, ValueError):
        return False
    return target.is_local_name or (target.address is not None and target.address.is_loopback)


def require_contact(contact: str | None, urls: Iterable[str]) -> None:
    """Raise ContactMissing where one of these URLs is on a real site and there is no usable contact."""
    real = next((url for url in urls if not is_local(url)), None)
    if real is None or (contact and _CONTACT.match(contact)):
        return
    if contact:
        raise ContactMissing(
            f"The contact {contact[:80]!r} is neither a web address nor an e-mail address: correct {VARIABLE}."
        )
    raise ContactMissing(
        f"A site must be able to reach whoever crawls it: set {VARIABLE} to a web address or an e-mail address of "
        f"yours before crawling {real}."
    )


class ContactCheck:
    """Extension: closes a spider at once whose `home_urls` are real and for which no contact is set."""

    def __init__(self, crawler: Crawler) -> None:
        self._settings = crawler.settings
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ContactCheck:
        """Scrapy's way to build a component."""
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        """Raise CloseSpider with the sentence of ContactMissing as its reason."""
        urls = getattr(spider, "home_urls", ()) or getattr(spider, "start_urls", ())
        try:
            require_contact(find_contact(self._settings), urls)
        except ContactMissing as error:
            raise CloseSpider(str(error)) from error

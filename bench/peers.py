"""Article extractors behind one signature: this one and its peers, each with the settings its own documentation gives.

Peers that take text are given what this project's decoder reads, and the time of that counts for them too:
their own guesses at the charset fail on many pages of the GBK family, and the bench compares extraction.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import lxml.etree
import lxml.html

from crawler.extract import read_page
from crawler.extract.decode import decode
from crawler.items import ClaimedRole


class Reading(NamedTuple):
    """What an extractor makes of a page; `published` holds the date in any form that names the day."""

    body: str
    published: str = ""


Read = Callable[[bytes, str], Reading]


class Extractor(NamedTuple):
    """A named way to read the bytes of a page at a URL; `gives_body` and `gives_date` say what can be scored."""

    name: str
    read: Read
    gives_body: bool = True
    gives_date: bool = True


def _zhaoshang(role: ClaimedRole | None) -> Read:
    def read(page: bytes, url: str) -> Reading:
        article = read_page(page, url, role=role).article
        return Reading(article.body, str(article.published_on or "")) if article else Reading("")

    return read


def _lxml(page: bytes, url: str) -> Reading:
    lxml.html.fromstring(decode(page)[0].encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    return Reading("")


def _trafilatura() -> Read:
    bare_extraction = importlib.import_module("trafilatura").bare_extraction

    def read(page: bytes, url: str) -> Reading:
        found = bare_extraction(decode(page)[0], url=url, include_comments=False, with_metadata=True)
        return Reading(found.text or "", found.date or "") if found else Reading("")

    return read


def _gne() -> Read:
    extractor = importlib.import_module("gne").GeneralNewsExtractor()

    def read(page: bytes, url: str) -> Reading:
        found = extractor.extract(decode(page)[0])
        return Reading(found["content"], found["publish_time"])

    return read


def _readability() -> Read:
    document = importlib.import_module("readability").Document

    def read(page: bytes, url: str) -> Reading:
        summary = document(decode(page)[0], url=url).summary(html_partial=True)
        return Reading("".join(map(str, lxml.html.fromstring(summary).itertext())))

    return read


def _resiliparse() -> Read:
    parse = importlib.import_module("resiliparse.parse.html").HTMLTree.parse
    extract = importlib.import_module("resiliparse.extract.html2text").extract_plain_text

    def read(page: bytes, url: str) -> Reading:
        return Reading(extract(parse(decode(page)[0]), main_content=True, alt_texts=False))

    return read


def _newspaper() -> Read:
    article = importlib.import_module("newspaper").Article

    def read(page: bytes, url: str) -> Reading:
        found = article(url, language="zh", fetch_images=False)
        found.fetch_images = lambda: None  # it would ask the network for some of them all the same
        found.download(input_html=decode(page)[0])
        found.parse()
        return Reading(found.text, str(found.publish_date or ""))

    return read


OURS = (
    Extractor("zhaoshang extract", _zhaoshang(None)),
    Extractor("  article expected", _zhaoshang("article")),
)
PARSER = Extractor("lxml parse alone", _lxml, gives_body=False, gives_date=False)
_PEERS: tuple[tuple[str, Callable[[], Read], bool], ...] = (
    ("trafilatura", _trafilatura, True),
    ("gne", _gne, True),
    ("newspaper4k", _newspaper, True),
    ("readability-lxml", _readability, False),
    ("resiliparse", _resiliparse, False),
)


def peers() -> Iterator[Extractor]:
    """The peers that are installed; says of the others that they are not, and what to do."""
    for name, load, gives_date in _PEERS:
        try:
            yield Extractor(name, load(), gives_date=gives_date)
        except ImportError as error:
            print(f"{name} is left out ({error}): `make bench` installs it.")

"""One decoded page, parsed at most once."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html

from crawler.extract.decode import decode
from crawler.extract.meta import Meta, read_meta

# A page beyond these limits is cut: the largest real page met had 1.4 MB and 8,000 elements, a hostile one must not
# cost more than a second or 200 MB.
MAX_BYTES = 3_000_000
MAX_TAGS = 40_000
# The parser compares each attribute of a tag with all before it: 200,000 of them would take it minutes. Pages with few
# equals signs cannot hold such a tag and are not searched.
_MANY_ATTRIBUTES = 4000
_CROWDED_TAG = re.compile(
    r"<[a-zA-Z][^\s<>/]{0,50}+(?>[\s/]++[^\s<>=\"'/]++(?>\s*+=\s*+(?>\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]++)?)?){300,}+"
)
# One class for every element: lxml.html's own lookup asks Python for each one.
_ELEMENTS = lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement)
_LONGEST_BASE = 2_000


class Document:
    """One page as text and, on first use, as a tree. `text` is what was decoded, cut to the limits above (`cut`)."""

    def __init__(
        self,
        text: str,
        url: str,
        *,
        charset: str = "utf-8",
        content_type: str | None = None,
        fetched_at: datetime | None = None,
        cut: bool = False,
    ) -> None:
        self.text = text
        self.url = url
        self.charset = charset
        self.content_type = content_type
        self.fetched_at = fetched_at
        self.cut = cut

    @cached_property
    def root(self) -> lxml.html.HtmlElement:
        """The root element; an empty `html` element where the text holds no markup at all. Never raises."""
        parser = lxml.etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True)
        parser.set_element_class_lookup(_ELEMENTS)
        try:
            root = lxml.etree.fromstring(self.text.encode("utf-8", "replace"), parser)
        except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError, AssertionError):
            root = None
        if root is None or not isinstance(root.tag, str):
            root = lxml.html.Element("html")
        return root

    @cached_property
    def meta(self) -> Meta:
        """What the page declares about itself."""
        return read_meta(self.root)

    @cached_property
    def base_url(self) -> str:
        """What relative links are resolved against: `<base href>` where it leads to http or https, else the URL."""
        for element in self.root.iter("base"):
            href = (element.get("href") or "").strip()
            if href:
                if len(href) > _LONGEST_BASE:
                    break  # it would be joined to every link of the page
                try:
                    base: str = urljoin(self.url, href)
                    if urlsplit(base).scheme in ("http", "https"):
                        return base
                except ValueError:
                    pass
                break
        return self.url


def open_document(
    body: bytes, url: str, *, content_type: str | None = None, fetched_at: datetime | None = None
) -> Document:
    """Decode a response body into a document. Never raises, whatever the bytes are."""
    cut = len(body) > MAX_BYTES
    text, charset = decode(body[:MAX_BYTES] if cut else body, content_type)
    if len(text) > _MANY_ATTRIBUTES and text.count("=") > _MANY_ATTRIBUTES:
        text, found = _CROWDED_TAG.subn("<div", text)
        cut = cut or found > 0
    if len(text) > MAX_TAGS and text.count("<") > MAX_TAGS:
        position = -1
        for _ in range(MAX_TAGS):
            position = text.find("<", position + 1)
        text, cut = text[:position], True
    return Document(text, url, charset=charset, content_type=content_type, fetched_at=fetched_at, cut=cut)

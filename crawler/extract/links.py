"""The images and attachments an article refers to, as absolute links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extract.body import squeeze
from crawler.extract.files import is_attachment
from crawler.items import Link

_VIEWED = re.compile(
    r"(?:file=|src=|pdfsrc=)?(?P<url>(?:https?:)?/?[^\s\"'<>()=]{1,300}\.(?:pdf|ofd|docx?|xlsx?))", re.I
)
_VIEWED_TITLE = re.compile(r"[\"']title[\"']\s{0,3}:\s{0,3}[\"']([^\"']{1,200})")
_ICON = re.compile(
    r"/(?:icon|ico|filetype|filetypeimages|dot|space|blank|spacer|arrow|btn|button|logo|share|qr)[\w-]{0,20}[/._]|\.ico(?:$|\?)|icon_\w{2,5}\.(?:gif|png)",
    re.I,
)
_SOURCES = ("data-original", "data-src", "original", "data-lazy-src", "src2", "_src", "file", "src")
_VIEWERS = frozenset({"iframe", "embed", "object", "script", "video"})
_MOST = 500


def read_images(media: Iterable[HtmlElement], base_url: str) -> tuple[Link, ...]:
    """The pictures among an article's elements, without icons and spacers, each once."""
    found: dict[str, Link] = {}
    for element in media:
        if element.tag != "img" or len(found) >= _MOST or _tiny(element):
            continue
        for name in _SOURCES:
            url = absolute(element.get(name), base_url)
            if url and not _ICON.search(url):
                found.setdefault(url, Link(url, squeeze(element.get("alt") or element.get("title") or "")[:200]))
                break
    return tuple(found.values())


def read_attachments(media: Iterable[HtmlElement], base_url: str) -> tuple[Link, ...]:
    """The files among an article's elements: links to documents, and documents shown in a viewer."""
    found: dict[str, Link] = {}
    for element in media:
        if len(found) >= _MOST:
            break
        if element.tag == "a":
            href = element.get("href")
            if href and (is_attachment(href) or is_attachment((element.text or "").rstrip()[-5:])):
                url = absolute(href, base_url)
                if url:
                    label = squeeze("".join(element.itertext())) or squeeze(element.get("title") or "")
                    found.setdefault(url, Link(url, label[:200]))
        elif element.tag in _VIEWERS or element.get("pdfsrc"):
            url = _viewed(element, base_url)
            if url:
                found.setdefault(url, Link(url, _label_of_viewer(element)))
    return tuple(found.values())


def absolute(url: str | None, base_url: str) -> str | None:
    """A link resolved against the page; None where it leads nowhere a crawler can go."""
    if not url or len(url) > 2000:
        return None
    try:
        joined = urljoin(base_url, url.strip())
        scheme = urlsplit(joined).scheme
    except ValueError:
        return None
    return joined if scheme in ("http", "https") else None


def _viewed(element: HtmlElement, base_url: str) -> str | None:
    named = [element.get(name) for name in ("pdfsrc", "src", "data", "data-src", "sudyfile-attr")]
    if element.tag == "script":
        named = [(element.text or "")[:2000]] if "pdf" in (element.text or "")[:2000].lower() else []
    for value in named:
        match = _VIEWED.search(value[:2000]) if value else None
        if match:
            return absolute(match["url"], base_url)
    return None


def _label_of_viewer(element: HtmlElement) -> str:
    """What a viewer calls its file: in `title`, or in the attribute that WebPlus keeps JSON in."""
    kept = _VIEWED_TITLE.search((element.get("sudyfile-attr") or "")[:2000])
    return squeeze(element.get("title") or (kept[1] if kept else ""))[:200]


def _tiny(element: HtmlElement) -> bool:
    for name in ("width", "height"):
        size = (element.get(name) or "").removesuffix("px")
        if size.isdigit() and int(size) <= 32:
            return True
    return False

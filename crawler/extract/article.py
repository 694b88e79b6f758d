"""A document read as an article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from crawler.extract.body import BodyReader
from crawler.extract.byline import joined, names_somebody, read_author, read_date, read_origin
from crawler.extract.column import read_column
from crawler.extract.container import Container, find_container, find_lead, nearer
from crawler.extract.continuation import find_continuation
from crawler.extract.dates import Moment, date_from_url, parse_date
from crawler.extract.document import Document
from crawler.extract.lines import Line, trim
from crawler.extract.links import absolute, read_attachments, read_images
from crawler.extract.meta import Meta, read_meta
from crawler.extract.outline import Outline, outline
from crawler.extract.overrides import apply_overrides
from crawler.extract.title import Title, find_title, fold
from crawler.items import Article, ContentKind, Evidence, Link, Selectors

_META_DATES = (
    "PubDate", "publishdate", "firstpublishedtime", "article:published_time", "og:release_date", "datePublished",
    "weibo:article:create_at", "bytedance:published_time", "publish_time", "pubtime", "_pubtime",
)  # fmt: skip
_STRUCTURED_DATE = re.compile(r'"(?:datePublished|pubDate)"\s{0,5}:\s{0,5}"([^"]{8,40})"')
_NAMED_ORIGINS = ("ContentSource", "article:source", "source", "mediaid", "og:article:author")
_NAMED_AUTHORS = ("Author", "article:author")
_ABSTRACT = re.compile(r"\W?(?:内容|文章)?(?:摘要|导读|提要|简介|核心提示|内容提要|概要)")
# A template's own name, an account number or a list of sites is no author.
_AUTHOR = re.compile(r"(?!.{0,40}(?:http|www\.|team|\.com|\.cn))[^,，\d]{2,20}", re.I)
_FEWEST = 20
_OPENING = 2000
_BYLINE_TEXTS = 60
_PROSE_TEXT = 60


@dataclass(slots=True)
class Reading:
    """What the parts of one article page were found to be; `region` is the text around its title."""

    document: Document
    page: Outline
    meta: Meta
    container: Container
    title: Title | None
    raw: list[Line]
    lines: list[Line]
    reader: BodyReader
    byline: str
    around: str


def read_article(document: Document, *, selectors: Selectors | None = None) -> Article | None:
    """Read the article of a page; None where the page holds neither text nor pictures nor files under a title."""
    reading = _read(document)
    article = _assemble(reading) if reading else None
    return apply_overrides(document, article, selectors)


def _read(document: Document) -> Reading | None:
    meta = read_meta(document.root)
    page = outline(document.root)
    container = find_container(page)
    if container is None:
        return None
    title = find_title(page, meta, container.number)
    if (
        container.rule == "density"
        and title is not None
        and title.element is not None
        and title.evidence.rule == "shown"
    ):
        container = nearer(page, container, title.element)
    reader = BodyReader(page)
    raw = reader.read(container.number)
    lines = trim(raw, title.text if title else None)
    lines = _lead(page, container, title, lines) + lines
    byline, around = _byline(page, container, title)
    return Reading(document, page, meta, container, title, raw, lines, reader, byline, around)


def _lead(page: Outline, container: Container, title: Title | None, lines: list[Line]) -> list[Line]:
    """The lead above the text, unless the text repeats it or it is an editor's abstract."""
    number = find_lead(page, container.number, title.element if title else None)
    if number is None:
        return []
    lead = trim(BodyReader(page).read(number), title.text if title else None)
    said = "".join(line.text for line in lead)
    text = "".join(line.text for line in lines)
    if not said or said[:30] in text or _ABSTRACT.match(said) or len(said) > len(text):
        return []
    return lead


def _byline(page: Outline, container: Container, title: Title | None) -> tuple[str, str]:
    """The text between title and prose, and the text on both sides of that."""
    texts = page.texts
    first_inside = next((at for at, (owner, _) in enumerate(texts) if owner >= container.number), len(texts))
    stop = first_inside
    inside_end = page.end[container.number]
    while (
        stop < len(texts)
        and stop < first_inside + 15
        and texts[stop][0] < inside_end
        and len(texts[stop][1]) <= _PROSE_TEXT
    ):
        stop += 1
    start = max(0, first_inside - 25)
    if title is not None and title.element is not None:
        named = next((at for at, (owner, _) in enumerate(texts) if owner >= title.element), start)
        if named < stop:
            start = named
    start = max(start, stop - _BYLINE_TEXTS)
    after = next((at for at in range(stop, len(texts)) if texts[at][0] >= inside_end), len(texts))
    inside = texts[max(stop, after - 6) : after]
    around = (
        texts[max(0, start - 12) : start]
        + [row for row in inside if "发布" in row[1] or "发表" in row[1]]
        + texts[after : after + 15]
    )
    return joined([text[:200] for _, text in texts[start:stop]]), joined([text[:200] for _, text in around])


def _assemble(reading: Reading) -> Article | None:
    document, meta = reading.document, reading.meta
    provenance: dict[str, Evidence] = {}
    body = "\n".join(line.text for line in reading.lines)
    images = read_images(reading.reader.media, document.base_url)
    attachments = _attachments(reading)
    content = _content(body, images, attachments)
    if content is None:
        return None
    title, provenance["title"] = _title(reading)
    provenance["body"] = Evidence(reading.container.rule, reading.container.confidence, "cut" if document.cut else None)
    moment, evidence = find_date(reading)
    if evidence:
        provenance["published"] = evidence
    origin, author, column = _origin(reading, provenance), _author(reading, provenance), _column(reading, provenance)
    declared = _summary(meta, body, title)
    if declared:
        provenance["summary"] = Evidence(f"meta:{declared[0]}", 0.7)
    return Article(
        url=document.url,
        title=title,
        body=body,
        published_on=moment.day if moment else None,
        published_at=moment.at if moment else None,
        author=author,
        origin=origin,
        column_name=column,
        summary=declared[1] if declared else None,
        content=content,
        images=images,
        attachments=attachments,
        canonical_url=absolute(meta.canonical, document.base_url),
        next_page=find_continuation(reading.page, document),
        provenance=provenance,
    )


def _summary(meta: Meta, body: str, title: str) -> tuple[str, str] | None:
    """The declared description where it speaks of this article; many sites repeat one for the whole site."""
    declared = meta.first("Description", "og:description")
    if declared is None:
        return None
    start = fold(declared[1])[:12]
    return declared if start in fold(body[:_OPENING]) or fold(title) in fold(declared[1]) else None


def _content(body: str, images: tuple[Link, ...], attachments: tuple[Link, ...]) -> ContentKind | None:
    if len(body) >= _FEWEST and (len(body) > 120 or "。" in body or not attachments):
        return "text"
    if attachments:
        return "attachments"
    if images:
        return "images"
    return "text" if body else None


def _attachments(reading: Reading) -> tuple[Link, ...]:
    """Files inside the text, and those listed right after it in one of the elements around it."""
    page, media = reading.page, list(reading.reader.media)
    around = reading.container.number
    for _ in range(3):
        if page.parent[around] > 0 and page.elements[page.parent[around]].tag != "body":
            around = page.parent[around]
    for element, unread in zip(
        page.elements[around : page.end[around]], page.unread[around : page.end[around]], strict=True
    ):
        if (element.tag == "a" and not unread) or element.get("pdfsrc"):
            media.append(element)
    return read_attachments(media, reading.document.base_url)


def _title(reading: Reading) -> tuple[str, Evidence]:
    if reading.title is not None:
        return reading.title.text, reading.title.evidence
    for line in reading.raw[:3]:
        if 4 <= len(line.text) <= 80:
            return line.text, Evidence("first-line", 0.3)
    return reading.meta.page_title, Evidence("title", 0.2)


def find_date(reading: Reading) -> tuple[Moment | None, Evidence | None]:
    """The publication date: declared, else visible near the title, else named by the URL."""
    fetched_at = reading.document.fetched_at
    shown = read_date(reading.byline, fetched_at)
    declared = _declared_date(reading, fetched_at)
    if declared is not None:
        moment, rule = declared
        if moment.at is None and shown and shown.moment.day == moment.day and shown.moment.at:
            moment = shown.moment
        return moment, Evidence(rule, 0.97)
    if shown is not None and shown.labelled:
        return shown.moment, Evidence("shown:labelled", 0.95)
    structured = _structured_date(reading.document)
    if structured is not None:
        return structured, Evidence("ld+json", 0.85)
    if shown is not None:
        return shown.moment, Evidence("shown", 0.8)
    day = date_from_url(reading.document.url)
    if day is not None and _not_future(day, fetched_at):
        return Moment(day), Evidence("url", 0.7)
    near = read_date(reading.around, fetched_at)
    if near is not None:
        return near.moment, Evidence("around:labelled" if near.labelled else "around", 0.6 if near.labelled else 0.4)
    return None, None


def _declared_date(reading: Reading, fetched_at: datetime | None) -> tuple[Moment, str] | None:
    for name in _META_DATES:
        found = reading.meta.first(name)
        if found:
            moment = parse_date(found[1][:60], fetched_at=fetched_at)
            if moment is not None:
                return _without_midnight(moment), f"meta:{name}"
    return None


def _structured_date(document: Document) -> Moment | None:
    """The date in a page's JSON-LD; on a wiki it is the day the page was begun, which is no publication."""
    if "ld+json" not in document.text or 'content="MediaWiki' in document.text[:20_000]:
        return None
    match = _STRUCTURED_DATE.search(document.text)
    moment = parse_date(match[1], fetched_at=document.fetched_at) if match else None
    return _without_midnight(moment) if moment else None


def _without_midnight(moment: Moment) -> Moment:
    """A template that knows no time of day writes 00:00:00."""
    if moment.at is not None and (moment.at.hour, moment.at.minute, moment.at.second) == (0, 0, 0):
        return Moment(moment.day)
    return moment


def _not_future(day: date, fetched_at: datetime | None) -> bool:
    return fetched_at is None or day <= fetched_at.date()


def _origin(reading: Reading, provenance: dict[str, Evidence]) -> str | None:
    found = reading.meta.first(*_NAMED_ORIGINS)
    if found and len(found[1]) <= 60 and names_somebody(found[1]):
        provenance["origin"] = Evidence(f"meta:{found[0]}", 0.95)
        return re.sub(r"^来源\s?[：:]\s?", "", found[1])
    shown = read_origin(reading.byline) or read_origin(reading.around)
    if shown:
        provenance["origin"] = Evidence("shown:来源", 0.85)
    return shown


def _author(reading: Reading, provenance: dict[str, Evidence]) -> str | None:
    found = reading.meta.first(*_NAMED_AUTHORS)
    site = reading.meta.first("SiteName", "og:site_name")
    if found and _AUTHOR.fullmatch(found[1]) and names_somebody(found[1]) and not (site and found[1] == site[1]):
        provenance["author"] = Evidence(f"meta:{found[0]}", 0.9)
        return found[1]
    shown = read_author(reading.byline)
    if shown:
        provenance["author"] = Evidence("shown:作者", 0.8)
    return shown


def _column(reading: Reading, provenance: dict[str, Evidence]) -> str | None:
    found = reading.meta.first("ColumnName", "lanmu")
    if found:
        provenance["column_name"] = Evidence(f"meta:{found[0]}", 0.95)
        return found[1]
    shown = read_column(reading.page, reading.title.text if reading.title else "")
    if shown:
        provenance["column_name"] = Evidence("breadcrumb", 0.7)
    return shown

"""What flows through the crawler: plain values, read by pipelines through itemadapter.

Everything here is a dataclass without behaviour beyond trivial properties. Pure packages
(`extract`) return these values, pipelines pass them on, `archive` stores them. Instances are
frozen: a step that changes one makes a new one with `dataclasses.replace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from crawler.fact_items import Facts

PageKind = Literal["article", "listing", "home", "error", "blocked", "other"]
ContentKind = Literal["text", "images", "attachments"]
ClaimedRole = Literal["listing", "article"]


@dataclass(slots=True, frozen=True)
class Evidence:
    """Where one field of an item came from.

    `rule` names the rule that gave the value (`meta:PubDate`, `cms:trs`, `css:.article h1`,
    `listing-entry`), `confidence` says how sure it is (0 to 1), `note` holds anything a reader should
    know (a watermark that was removed, a value that was rejected before this one).
    """

    rule: str
    confidence: float = 1.0
    note: str | None = None


Provenance = Mapping[str, Evidence]


@dataclass(slots=True, frozen=True)
class Link:
    """An image or attachment that an article refers to; `url` is absolute."""

    url: str
    label: str = ""


@dataclass(slots=True, frozen=True)
class PageRequest:
    """How to ask for another page: a plain link, or a form that is posted.

    `form` is empty for GET. `number` is the 1-based page number asked for, where it is known.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    form: tuple[tuple[str, str], ...] = ()
    number: int | None = None
    rule: str = ""


@dataclass(slots=True, frozen=True)
class Entry:
    """One row of a listing. `url` is None where the entry has no link and `body` then holds its whole text.

    `published_on` is the local date (Asia/Shanghai); `published_at` is set only where a time of day is given
    and is timezone-aware (+08:00). `external` marks a link to another site, which is kept but not followed.
    """

    title: str
    url: str | None = None
    published_on: date | None = None
    published_at: datetime | None = None
    summary: str | None = None
    body: str | None = None
    external: bool = False
    line: int | None = None
    provenance: Provenance = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Flaw:
    """A record of a listing that could not be read: the reason and, in text, its first line (1-based)."""

    reason: str
    line: int | None = None
    text: str = ""


@dataclass(slots=True, frozen=True)
class Wire:
    """An exchange as the wire carried it: what was asked, and the payload before its Content-Encoding is undone.

    Headers are text of one character a byte (Latin-1). `truncated` says that a limit or a lost connection cut it.
    `notes` are what else its metadata record says, as where it was imported from.
    """

    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: bytes = b""
    response_headers: tuple[tuple[str, str], ...] = ()
    payload: bytes = b""
    ip_address: str | None = None
    protocol: str | None = None
    truncated: bool = False
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, frozen=True)
class KeptAt:
    """Where a replayed response was read from: a file and, of a WARC file, the place of its record in bytes.

    `length` is None where the record cannot be read without others; `revisit` says that it refers to an earlier one.
    """

    file: str
    offset: int = 0
    length: int | None = None
    revisit: bool = False


@dataclass(slots=True, frozen=True)
class Capture:
    """One HTTP response, or one imported file, as it was received. `body` is decoded of its Content-Encoding.

    `wire` is None for an imported file, `kept_at` for all but a replayed response, whose `fetched_at` is its own day.
    """

    url: str
    requested_url: str
    fetched_at: datetime
    status: int
    body: bytes = b""
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    wire: Wire | None = None
    kept_at: KeptAt | None = None


@dataclass(slots=True, frozen=True)
class Visit:
    """Which fetched page an item came from. `last` marks the item that ends its page: with it the page is done.

    `page_id` is the page's frontier row, None in an import. `entry_url` is the link the listing gave, which may
    differ from the URL that answered, and `via` the listing; `before` are the redirects that led here, `more` the pages
    a long article continues on. `seen_at` is when the site showed the page, where that is not now: the date of a
    capture that others made.
    """

    page_id: int | None = None
    capture: Capture | None = None
    entry_url: str | None = None
    more: tuple[Capture, ...] = ()
    last: bool = True
    seen_at: datetime | None = None
    before: tuple[Capture, ...] = ()
    via: str | None = None


@dataclass(slots=True, frozen=True)
class Listing:
    """A page of entries. `next_page` is None on the last page; `total` is the number of entries the site claims."""

    url: str
    entries: tuple[Entry, ...] = ()
    next_page: PageRequest | None = None
    flaws: tuple[Flaw, ...] = ()
    column_name: str | None = None
    total: int | None = None
    provenance: Provenance = field(default_factory=dict)
    visit: Visit | None = None


@dataclass(slots=True, frozen=True)
class Article:
    """One article as its page (or its listing entry, where it has no page) gives it.

    `body` is plain text: one paragraph, heading or list item a line, table cells joined by tabs.
    `next_page` is the continuation of a long article that is split over several pages, else None.
    `listing_url` is the listing it was found on. `published_at` is timezone-aware (+08:00). `facts` are what was read
    out of title and body as they are here, None where nobody has yet.
    """

    url: str | None
    title: str
    body: str
    published_on: date | None = None
    published_at: datetime | None = None
    author: str | None = None
    origin: str | None = None
    column_name: str | None = None
    summary: str | None = None
    content: ContentKind = "text"
    images: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    canonical_url: str | None = None
    listing_url: str | None = None
    next_page: PageRequest | None = None
    provenance: Provenance = field(default_factory=dict)
    visit: Visit | None = None
    facts: Facts | None = None


@dataclass(slots=True, frozen=True)
class Page:
    """What the extractor makes of one response: its kind with the reason, and the article or listing it holds."""

    kind: PageKind
    reason: str
    article: Article | None = None
    listing: Listing | None = None
    provenance: Provenance = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Rejection:
    """A record or page that could not be archived: the step that refused it, and why in one sentence.

    `warning` marks what was archived or fetched all the same but needs a look (an empty listing). `gone` says that the
    site no longer has the page (404, 410, a soft 404, or sent to its home page).
    """

    url: str | None
    stage: str
    reason: str
    warning: bool = False
    gone: bool = False
    record: Mapping[str, object] = field(default_factory=dict)
    visit: Visit | None = None


@dataclass(slots=True, frozen=True)
class FieldRule:
    """How a source overrides one field: the first CSS or XPath that matches, or a fixed value."""

    css: str | None = None
    xpath: str | None = None
    value: str | None = None


@dataclass(slots=True, frozen=True)
class Selectors:
    """A source's own selectors for the pages of a span of days; anything not named is found by the extractor.

    `fields` names article fields (title, body, published, author, origin, column_name, summary); `entries`
    selects the element of each listing row, `entry_fields` names entry fields inside it (title, url,
    published, summary, body), `next_page` the link to the next listing page. `since` and `until` bound the
    fetch dates these selectors are valid for (inclusive); None is open.
    """

    fields: Mapping[str, FieldRule] = field(default_factory=dict)
    entries: FieldRule | None = None
    entry_fields: Mapping[str, FieldRule] = field(default_factory=dict)
    next_page: FieldRule | None = None
    since: date | None = None
    until: date | None = None

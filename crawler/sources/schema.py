"""The schema of a source's YAML file. Unknown fields are errors: a misspelt setting must not be silently ignored."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from crawler.items import Entry, FieldRule, Selectors

SourceKind = Literal["bureau", "zone", "government", "commerce", "portal"]

ARTICLE_FIELDS = ("title", "body", "published", "author", "origin", "column_name", "summary")
ENTRY_FIELDS = ("title", "url", "published", "summary", "body")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Rule(_Strict):
    """How to read one field: a CSS selector, an XPath, or a fixed value. A bare string is CSS."""

    css: str | None = None
    xpath: str | None = None
    value: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_string_is_css(cls, given: object) -> object:
        return {"css": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _names_one_way(self) -> Rule:
        if sum(way is not None for way in (self.css, self.xpath, self.value)) != 1:
            raise ValueError("give exactly one of css, xpath, value")
        return self

    @field_validator("css", "xpath")
    @classmethod
    def _compiles(cls, selector: str | None, info: object) -> str | None:
        if selector is None:
            return None
        from cssselect import GenericTranslator, SelectorError
        from lxml import etree

        try:
            if getattr(info, "field_name", "") == "css":
                GenericTranslator().css_to_xpath(selector.partition("::")[0])
            else:
                etree.XPath(selector)
        except (SelectorError, etree.XPathError) as error:
            raise ValueError(f"not a valid selector ({error})") from error
        return selector

    def rule(self) -> FieldRule:
        """The same rule as the value that the extractor takes."""
        return FieldRule(css=self.css, xpath=self.xpath, value=self.value)


class SelectorSet(_Strict):
    """Selectors of one span of days; a relaunched site keeps its old set with an `until` date."""

    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    article: dict[Literal[ARTICLE_FIELDS], Rule] = {}  # type: ignore[valid-type]
    entries: Rule | None = None
    entry: dict[Literal[ENTRY_FIELDS], Rule] = {}  # type: ignore[valid-type]
    next_page: Rule | None = None

    def selectors(self) -> Selectors:
        """The same set as the value that the extractor takes."""
        return Selectors(
            fields={name: rule.rule() for name, rule in self.article.items()},
            entries=self.entries.rule() if self.entries else None,
            entry_fields={name: rule.rule() for name, rule in self.entry.items()},
            next_page=self.next_page.rule() if self.next_page else None,
            since=self.since,
            until=self.until,
        )


class Limits(_Strict):
    """How far one crawl of a source goes.

    `max_rejected` is the share of pages above which a crawl needs a look. `max_rechecked` is how many articles that no
    listing shows any more are looked at again at the end of a crawl, to learn whether the site dropped them.
    """

    max_pages: Annotated[int, Field(ge=1)] = 10_000
    max_listing_pages: Annotated[int, Field(ge=1)] = 1_000
    max_article_parts: Annotated[int, Field(ge=1, le=200)] = 30
    max_rechecked: Annotated[int, Field(ge=0)] = 20
    max_rejected: Annotated[float, Field(ge=0, le=1)] = 0.2
    recheck_days: Annotated[int, Field(ge=0)] | None = None


class Captures(_Strict):
    """Which responses of a source are kept, and for how many days; what is not named is as the settings say."""

    policy: Literal["all", "articles", "off"] | None = None
    days: Annotated[int, Field(ge=0)] | None = None


class Source(_Strict):
    """One site (or one column of it) to crawl.

    `delay` is in seconds and never below the default for sites on the network; `follow` names further hosts whose
    articles may be fetched; `politeness_group` names the server where several hosts share one, or where hosts on one
    address are known to be different machines. `recheck_days` in `limits` fetches known articles again only while
    they are younger than that.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    homepage: Annotated[str, Field(max_length=2000)]
    start_urls: tuple[str, ...] = ()
    region: Annotated[str | None, Field(pattern=r"^\d{6}$")] = None
    kind: SourceKind = "government"
    schedule: Annotated[str | None, Field(pattern=r"^(hourly|daily|weekly|monthly|\d{1,4}[hd])$")] = None
    politeness_group: str | None = None
    delay: Annotated[float, Field(ge=0, le=3600)] | None = None
    follow: tuple[str, ...] = ()
    limits: Limits = Limits()
    captures: Captures = Captures()
    selectors: tuple[SelectorSet, ...] = ()
    notes: str | None = None

    @field_validator("homepage")
    @classmethod
    def _homepage_is_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("give a URL that starts with http:// or https://")
        return url

    @model_validator(mode="after")
    def _start_urls_are_http(self) -> Source:
        for url in self.listing_urls:
            if urlsplit(url).scheme not in ("http", "https"):
                raise ValueError(f"start_urls: {url} is no http or https URL")
        return self

    @property
    def listing_urls(self) -> tuple[str, ...]:
        """The absolute URLs of the listings a crawl starts from."""
        return tuple(urljoin(self.homepage, url) for url in self.start_urls)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts whose articles are fetched: those of the start URLs, the homepage, and `follow`."""
        own = (urlsplit(url).hostname or "" for url in (self.homepage, *self.listing_urls))
        return tuple(dict.fromkeys([*own, *self.follow]))

    def follows(self, entry: Entry) -> bool:
        """Whether the page of a listing's entry belongs to this source: on the listing's site, or a host of `hosts`."""
        return entry.url is not None and (not entry.external or urlsplit(entry.url).hostname in self.hosts)

    def at(self, homepage: str) -> Source:
        """The same source served from another homepage; its relative start URLs move along."""
        return self.model_copy(update={"homepage": homepage})

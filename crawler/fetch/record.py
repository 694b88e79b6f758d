"""Keeps the exchanges of a crawl as a fixture site: files that a person can open and edit, and their manifest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.capture import Record, payload_of
from crawler.extract.decode import decode
from crawler.fetch.replay.answers import REPLAYED, is_missing
from crawler.fetch.stopping import stop_crawl
from crawler.fetch.wire import pairs

KEPT_HEADERS = ("Location", "Refresh", "ETag", "Last-Modified")
HEADING = "# Recorded by `zhaoshang fixture record`. Each route is one answer: edit its file, or add a route.\n"
LONGEST_NAME = 80  # characters of one part of a path
_UNFIT = re.compile(r"[^\w.()+-]+")
# A browser opens a file by its suffix: what answered with a type is saved under one that says so.
SUFFIXES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("text/html", ".html", (".html", ".htm")),
    ("application/xhtml+xml", ".html", (".html", ".htm", ".xhtml")),
    ("application/json", ".json", (".json",)),
    ("text/xml", ".xml", (".xml",)),
    ("application/xml", ".xml", (".xml",)),
    ("text/plain", ".txt", (".txt",)),
)
_READABLE = ("text/", "application/json", "application/xml", "application/xhtml+xml")


class Recorder:
    """Extension: with the setting `RECORD` the crawl is kept as a fixture site in that folder.

    Pages are written as they arrive, decoded of their Content-Encoding but with their own charset; `site.yaml` when the
    crawl ends. The last answer to a request is the one that counts. Cookies are not kept.
    """

    def __init__(self, crawler: Crawler) -> None:
        where = crawler.settings.get("RECORD")
        if not where:
            raise NotConfigured
        self._crawler = crawler
        self.folder = Path(where)
        self.limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.routes: dict[tuple[str, str, bytes], dict[str, Any]] = {}
        self._names: dict[str, tuple[str, str, bytes]] = {}
        crawler.signals.connect(self.keep, signals.response_downloaded)
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Recorder:
        """Scrapy's way to build a component."""
        return cls(crawler)

    def keep(self, response: Response, request: Request) -> None:
        """Write one answer; a disk that cannot take it ends the crawl."""
        if is_missing(response) or request.method not in ("GET", "POST"):
            return
        try:
            self._keep(response, request)
        except OSError as error:
            stop_crawl(self._crawler, f"{self.folder} cannot be written: {error.strerror}")

    def _keep(self, response: Response, request: Request) -> None:
        key = (request.method, request.url.partition("#")[0], request.body)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        body = self._decoded(response)
        captured, _ = request.meta.get(REPLAYED, (None, None))
        route: dict[str, Any] = {"url": key[1]}
        if request.method == "POST":
            route |= {"method": "POST", "form": _form(request.body)}
        if response.status != 200:
            route["status"] = response.status
        if content_type:
            route["content_type"] = content_type
        if content_type.startswith(_READABLE) and body:
            route["charset"] = decode(body, content_type)[1]
        headers = {name: value for name, value in pairs(response.headers) if name in KEPT_HEADERS}
        if headers:
            route["headers"] = headers
        if body:
            route["file"] = self._write(key, content_type, body)
        at = captured or datetime.now(UTC)
        route["recorded_at"] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.routes[key] = route

    def close(self, spider: Spider) -> None:
        """Write the manifest, where anything was kept."""
        if not self.routes:
            return
        homes = getattr(spider, "home_urls", ())
        first = urlsplit(homes[0] if homes else next(iter(self.routes))[1])
        source = getattr(spider, "source", None)
        site = {
            "name": self.folder.name,
            "title": getattr(source, "name", first.netloc),
            "family": "recorded",
            "origin": f"{first.scheme}://{first.netloc}",
            "charset": None,
            "recorded_at": max(route["recorded_at"] for route in self.routes.values()),
            "routes": list(self.routes.values()),
        }
        text = yaml.safe_dump(site, allow_unicode=True, sort_keys=False, width=1000)
        (self.folder / "site.yaml").write_text(f"{HEADING}{text}", encoding="utf-8")

    def _decoded(self, response: Response) -> bytes:
        record = Record(
            kind="response",
            url=response.url,
            date=None,
            fields=(),
            payload=response.body,
            offset=0,
            length=None,
            start_line="HTTP/1.1",
            headers=pairs(response.headers),
        )
        return payload_of(record, self.limit).body

    def _write(self, key: tuple[str, str, bytes], content_type: str, body: bytes) -> str:
        """Write a page under a name that tells its address; a name that is taken gets a part of its own."""
        digest = hashlib.sha256(repr(key).encode()).hexdigest()[:8]
        name = file_name(key[1], content_type, _form(key[2]) if key[2] else {})
        stem, dot, suffix = name.rpartition(".")
        for candidate in (name, f"{stem}-{digest}{dot}{suffix}", f"{digest}.{suffix}"):
            if self._names.setdefault(candidate.lower(), key) != key:
                continue  # also where only the case differs: some disks do not tell names apart by it
            path = self.folder / "pages" / candidate
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                continue  # one address is a page, and a folder of others
            return candidate
        raise AssertionError(f"no name is left for {key[1]}")


def file_name(url: str, content_type: str, form: Mapping[str, str]) -> str:
    """The readable path of a page below `pages/`: that of its address, its query, and the suffix of its type."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    steps = [_fit(step) for step in path.split("/") if step.strip(".")] or []
    if path.endswith("/") or not steps:
        steps.append("index")
    stem, suffix = _split_suffix(steps[-1], content_type)
    asked = [f"{name}={value}" for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    # Of a posted form the short values tell pages apart: ASP.NET's long ones are its own state.
    posted = ["post", *(value for value in form.values() if 0 < len(value) <= 4)] if form else []
    joined = "_".join([*asked, *posted]).replace("=", "-")
    extra = _fit(joined) if joined else ""
    steps[-1] = f"{stem}_{extra}"[:LONGEST_NAME] + suffix if extra else stem + suffix
    return "/".join(steps)


def _split_suffix(name: str, content_type: str) -> tuple[str, str]:
    kind = content_type.partition(";")[0].strip().lower()
    row = next((row for row in SUFFIXES if row[0] == kind), None)
    stem, dot, suffix = name.rpartition(".")
    known = f"{dot}{suffix}".lower() if stem else ""
    if row is None:
        return (stem, f".{suffix}") if known and len(known) <= 6 else (name, ".bin" if kind else ".html")
    if known in row[2]:
        return stem, f".{suffix}"
    server_side = re.fullmatch(r"\.(aspx?|jspx?|php\d?|do|action|s?html?|cgi)", known)
    return (stem if server_side else name), row[1]


def _fit(text: str) -> str:
    return _UNFIT.sub("_", text)[:LONGEST_NAME].strip("_.") or "_"


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))

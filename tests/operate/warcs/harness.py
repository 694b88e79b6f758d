"""What tests of WARC imports share: files written by warcio or by hand, and an archive that they are imported into."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.archive.engine import open_archive
from crawler.operate.problems import Problem
from crawler.operate.verify import verify
from crawler.operate.warcs.importing import WarcImport, import_warcs
from crawler.sources import Source
from tests.cli.pages import BODY, ROWS, article_page, listing_page
from tests.support import rows

HOME = "http://zsj.example.cn/"
LISTING = f"{HOME}zsdt/"
SOURCE = Source(id="zsj", name="某市招商局", homepage=HOME, start_urls=("zsdt/",), kind="bureau", region="420200")
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
THEN = "2026-03-01T08:00:00Z"
URL, TITLE, DAY = f"{LISTING}t1.html", "市招商局召开年度工作部署会", "2026-02-01"


def article(title: str = TITLE, day: str = DAY, body: Iterable[str] = BODY, extra: str = "") -> bytes:
    """An article page, its title in the text, so that texts differ."""
    return article_page(title, day, (f"{title}。", *body), extra).encode()


def listing(*entries: tuple[str, str, str], following: str | None = None) -> bytes:
    """A listing page, of the four usual articles where none are named."""
    return listing_page(entries or ROWS, following).encode()


class Foreign:
    """A WARC file that warcio writes, record by record."""

    def __init__(self, path: Path, *, gzip: bool = True, version: str = "1.1") -> None:
        self.path = path
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=gzip, warc_version=version)

    def page(self, url: str, content: bytes, at: str = THEN, status: str = "200 OK", **headers: str) -> Foreign:
        """A response; header names are written with `_` for `-`."""
        return self._add(url, "response", content, at, status, {"Content-Type": "text/html", **_named(headers)})

    def redirect(self, url: str, to: str, at: str = THEN) -> Foreign:
        return self._add(url, "response", b"", at, "302 Found", {"Location": to})

    def resource(self, url: str, content: bytes, content_type: str = "text/html", at: str = THEN) -> Foreign:
        return self._add(url, "resource", content, at, None, {}, warc_content_type=content_type)

    def other(self, kind: str, url: str, content: bytes) -> Foreign:
        """A metadata, conversion or request record."""
        status = "GET / HTTP/1.1" if kind == "request" else None
        return self._add(url, kind, content, THEN, status, {}, warc_content_type="text/plain")

    def revisit(self, url: str, digest: str, refers_to: str, referred_at: str = THEN, at: str = THEN) -> Foreign:
        """A revisit with its HTTP head."""
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        self._writer.write_record(
            self._writer.create_revisit_record(
                url, digest, refers_to, referred_at, http_headers=head, warc_headers_dict={"WARC-Date": at}
            )
        )
        return self

    def write(self) -> Path:
        """The file."""
        self.path.write_bytes(self._buffer.getvalue())
        return self.path

    def _add(
        self,
        url: str,
        kind: str,
        content: bytes,
        at: str,
        status: str | None,
        headers: Mapping[str, str],
        **options: Any,
    ) -> Foreign:
        head = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1") if status else None
        record = self._writer.create_warc_record(
            url, kind, io.BytesIO(content), http_headers=head, warc_headers_dict={"WARC-Date": at}, **options
        )
        self._writer.write_record(record)
        return self


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Warcs:
    """An archive, and the WARC files that a test imports into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = folder / "archive.db"

    def foreign(self, name: str = "site.warc.gz", **options: Any) -> Foreign:
        return Foreign(self.folder / name, **options)

    def write(self, content: bytes, name: str = "site.warc.gz") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def load(self, *paths: Path, source: Source | None = SOURCE, registry: Iterable[Source] = ()) -> WarcImport:
        """Import files, by default into the source `zsj`."""
        engine = open_archive(str(self.archive), create=True)
        try:
            return import_warcs(engine, paths, source, registry=registry, now=lambda: NOW)
        finally:
            engine.dispose()

    def counts(self, *paths: Path) -> dict[str, int]:
        """Import files; gives the counts that are not zero."""
        (done,) = self.load(*paths).sources
        return {name: number for name, number in done.run.counts.items() if number}

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in rows(self.archive, sql, *values)]

    def articles(self) -> dict[str | None, str]:
        """The title of each article by its URL."""
        return {row["url"]: row["title"] for row in self.rows("SELECT url, title FROM article ORDER BY id")}

    def reasons(self) -> list[str]:
        return [row["reason"] for row in self.rows("SELECT reason FROM rejection ORDER BY id")]

    def problems(self) -> list[Problem]:
        """What is wrong with the archive and its captures."""
        engine = open_archive(str(self.archive))
        try:
            return verify(engine).problems or []
        finally:
            engine.dispose()

"""Recording a small site: crawled with the manners of any crawl, and kept as a fixture site that a person can edit."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from crawler.fetch.contact import find_contact, require_contact
from crawler.fetch.fixture_site import SiteError, load_site
from crawler.operate.crawl import CrawlReport, Report, run_crawls
from crawler.operate.replayed import read_replayed
from crawler.research import Archive
from crawler.sources import Registry, Source, SourceError, source_from_fields, source_from_url
from crawler.spiders.options import CrawlOptions

PAGES = 30  # a small site: the listing's first pages and some articles


def record_site(
    wanted: str,
    folder: Path,
    *,
    max_pages: int = PAGES,
    replay: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    on_progress: Report | None = None,
) -> tuple[CrawlReport, int]:
    """Crawl a source or a URL into a new fixture site; gives the report and how many answers were kept.

    With `replay` the captures at that path are asked instead of the network. Writes `site.yaml`, `pages/`,
    `source.yaml` and a first `expected.json` of what came out, for a person to check and correct. Raises SiteError
    where the folder is not empty, SourceError where its name cannot be that of a source, ContactMissing.
    """
    _require_empty(folder)
    registry = Registry()
    source = source_from_url(wanted) if "://" in wanted else registry[wanted]
    own = _fixture_source(source, folder, registry)
    if replay is None:
        require_contact(find_contact(), source.listing_urls)
    with tempfile.TemporaryDirectory(prefix="zhaoshang-") as scratch:
        archive = Path(scratch) / "archive.db"
        given = {"LOG_ENABLED": False, **(settings or {}), "CAPTURES": "off", "RECORD": str(folder.resolve())}
        if replay is not None:
            given["REPLAY"] = str(replay)
        options = CrawlOptions(max_pages=max_pages, full=True)
        (report,) = run_crawls([source], archive=str(archive), options=options, settings=given, on_progress=on_progress)
        if not (folder / "site.yaml").is_file():
            return report, 0
        if report.counts.get("pages", 0) >= max_pages:
            own = _limited(own, max_pages)  # what was not recorded is not asked for when it is replayed
        _write_source(own, folder)
        with Archive(archive) as opened:
            text = json.dumps(read_replayed(opened, report).expected(), ensure_ascii=False, indent=2)
    (folder / "expected.json").write_text(f"{text}\n", encoding="utf-8")
    return report, len(load_site(folder).routes)


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SiteError(f"{folder} is not empty: name a new folder with --out, nothing recorded is written over.")


def _fixture_source(source: Source, folder: Path, registry: Registry) -> Source:
    """The source under the name of its folder, its start URLs relative so that they hold wherever it is served."""
    name = folder.resolve().name
    if name in registry and not registry.is_fixture(name):
        raise SourceError(f"{name} is a source already: name the folder otherwise, for example {name}-recorded.")
    home = source.homepage
    urls = [_relative(url, home) for url in source.listing_urls]
    fields = {**source.model_dump(mode="json", exclude_defaults=True, by_alias=True), "id": name, "start_urls": urls}
    return source_from_fields(fields)


def _limited(source: Source, max_pages: int) -> Source:
    return source.model_copy(update={"limits": source.limits.model_copy(update={"max_pages": max_pages})})


def _relative(url: str, base: str) -> str:
    parts, home = urlsplit(url), urlsplit(base)
    if (parts.scheme, parts.netloc) != (home.scheme, home.netloc):
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _write_source(source: Source, folder: Path) -> None:
    fields = source.model_dump(mode="json", exclude_defaults=True, exclude_none=True, by_alias=True)
    text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=1000)
    (folder / "source.yaml").write_text(text, encoding="utf-8")

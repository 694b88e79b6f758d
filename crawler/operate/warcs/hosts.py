"""Whose pages are in WARC files: the hosts of a source, and a source for each host with `--source auto`."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.capture import CaptureError, payload_of
from crawler.extract import read_page
from crawler.extract.urls import bare_host, canonical_url, same_site
from crawler.operate.warcs.index import WarcIndex, host_of
from crawler.sources import Source, SourceError, source_from_url


def hosts_of(source: Source, hosts: Iterable[str]) -> list[str]:
    """Those of these hosts whose pages a crawl of the source would read: its own, their twins and subdomains."""
    own = {bare_host(host) for host in source.hosts}
    return [
        host
        for host in hosts
        if bare_host(urlsplit(f"//{host}").hostname or "") in own or same_site(f"http://{host}/", source.homepage)
    ]


def sources_of(index: WarcIndex, registry: Iterable[Source]) -> list[tuple[Source, str]]:
    """A source for each host of which the files hold an article or a listing, and the name of its host in the index.

    A source of the registry is taken where one of its addresses is on the host: where several are, the one with most
    of its listings in the files. Any other host makes a source of its own, with the id that a crawl of its URL has.
    """
    known: dict[str, list[Source]] = {}
    for source in registry:
        for host in dict.fromkeys(host_of(canonical_url(url)) for url in (source.homepage, *source.listing_urls)):
            known.setdefault(host, []).append(source)
    taken: dict[str, tuple[Source, list[str]]] = {}
    for host in index.hosts():
        found = _most_listed(index, known[host]) if host in known else _unknown(index, host)
        if found is not None:
            taken.setdefault(found.id, (found, []))[1].append(host)
    return [(source, index.join_hosts(hosts)) for source, hosts in taken.values()]


def _most_listed(index: WarcIndex, sources: Iterable[Source]) -> Source:
    return max(sources, key=lambda source: sum(index.captured(canonical_url(url)) for url in source.listing_urls))


def _unknown(index: WarcIndex, host: str) -> Source | None:
    """A source of its own for a host, where anything on it is worth one: counters and maps are hosts too."""
    for page in index.pages(host):
        try:
            record = index.read(page)
        except CaptureError:
            continue
        content_type, body = record.content_type, payload_of(record).body
        seen = read_page(body, page.url, content_type=content_type, fetched_at=page.at, status=record.status or 200)
        if seen.kind in ("article", "listing"):
            return _source(index.first_url(host))
    return None


def _source(url: str) -> Source | None:
    """The source that a crawl of a URL makes, without listings: what is one, each page says."""
    parts = urlsplit(url)
    try:
        return source_from_url(f"{parts.scheme}://{parts.netloc}/").model_copy(update={"start_urls": ()})
    except SourceError:
        return None

"""Every page of the fixture sites as a crawl receives it, and the real pages where they are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from crawler.operate.fixture_server import FixtureServer
from tests.support import FIXTURES, SHARED, SITES

_READ = ("text/html", "text/xml", "application/xml", "application/json")


@dataclass(slots=True, frozen=True)
class Saved:
    """A page of a site: `name` is its target and, where a route answers with a file of another name, that file."""

    name: str
    url: str
    body: bytes
    content_type: str
    status: int = 200


def pages_of(site: str) -> list[Saved]:
    """The pages, scripts' answers included, of a fixture site at the port of its `site.yaml`."""
    server = FixtureServer(FIXTURES / site)
    pages = {}
    for name, method, target, form in [*_files(server), *_routes(server)]:
        answer = server.answer(method, target, form)
        if answer.content_type.startswith(_READ) and answer.body:
            pages[name] = Saved(name, server.base_url + target, answer.body, answer.content_type, answer.status)
    return [pages[name] for name in sorted(pages)]


@cache
def all_pages() -> tuple[Saved, ...]:
    """The pages of all fixture sites and, where they are at hand, the real ones."""
    return (*(page for site in SITES for page in pages_of(site)), *_real_pages())


def _files(server: FixtureServer) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    folder = server.folder / "pages"
    yield "(missing)", "GET", "/missing.html", {}
    for path in folder.rglob("*"):
        if path.is_file():
            target = "/" + path.relative_to(folder).as_posix()
            if path.name == server.site.index:
                target = target.removesuffix(path.name)
            yield target, "GET", quote(target), {}


def _routes(server: FixtureServer) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    for route in server.site.routes:
        query = f"?{urlencode(route.query)}" if route.query else ""
        yield f"{route.method} {route.path} {route.file or route.status}", route.method, route.path + query, route.form


def _real_pages() -> Iterator[Saved]:
    for path in sorted(Path(SHARED, "data").glob("*/*.html")):
        yield Saved(path.name, f"http://www.example.cn/{path.name}", path.read_bytes(), "text/html")

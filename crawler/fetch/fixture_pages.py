"""What a fixture site says to a request: the same whether it is served on loopback or replayed without a socket."""

from __future__ import annotations

from collections.abc import Mapping
from mimetypes import MimeTypes
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from crawler.fetch.fixture_site import Asked, Route, Site, load_site, page_file

CONTENT_TYPES = MimeTypes()  # the standard library's own table: the machine's files are not read


class Answer(NamedTuple):
    """What a fixture site says to one request; `file` is where it is written, `route` what chose it."""

    status: int
    content_type: str
    body: bytes = b""
    headers: Mapping[str, str] = {}
    file: Path | None = None
    route: Route | None = None
    known: bool = True


class FixturePages:
    """The pages of one fixture site. Raises SiteError where the site cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.site: Site = load_site(self.folder)

    def answer(self, asked: Asked) -> Answer:
        """The first matching route of `site.yaml`, else the file of that name, else `404.html` (not `known`)."""
        route = next((route for route in self.site.routes if route.matches(asked)), None)
        return self._routed(route) if route else self._filed(asked)

    def _routed(self, route: Route) -> Answer:
        page = page_file(self.folder / "pages", route.file) if route.file is not None else None
        if route.file is not None:
            body = page.read_bytes() if page else b""
        else:
            body = (route.body or "").encode(self.site.charset or "utf-8", errors="xmlcharrefreplace")
        content_type = route.content_type or self._content_type(route.file or "")
        return Answer(route.status, content_type, body, route.headers, page, route)

    def _filed(self, asked: Asked) -> Answer:
        pages = self.folder / "pages"
        page = page_file(pages, asked.path)
        if page is not None and page.is_dir():
            if not asked.path.endswith("/"):
                # Without the slash the relative links of the page would point one folder too high.
                location = quote(asked.path + "/") + (f"?{asked.raw_query}" if asked.raw_query else "")
                return Answer(301, "text/html", headers={"Location": location})
            page = page_file(pages, asked.path + self.site.index)
        if self.site.origin and asked.raw_query:
            page = None  # of a recorded site, another query is another page, which was not recorded
        if page is None or not page.is_file():
            return self._missing(page_file(pages, "404.html"))
        if asked.method == "POST":
            return Answer(405, "text/plain", b"no route answers this form\n", {"Allow": "GET, HEAD"}, known=False)
        return Answer(200, self._content_type(page.name), page.read_bytes(), file=page)

    def _missing(self, page: Path | None) -> Answer:
        if page is None:
            return Answer(404, "text/plain", b"not found\n", known=False)
        return Answer(404, self._content_type(page.name), page.read_bytes(), file=page, known=False)

    def _content_type(self, name: str) -> str:
        # Pages of server-side languages are HTML whatever their suffix says; so are files without a suffix.
        kind = CONTENT_TYPES.guess_type(name)[0] or "text/html"
        charset = self.site.charset
        return f"{kind}; charset={charset}" if kind == "text/html" and charset else kind

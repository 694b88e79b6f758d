"""Answers out of a fixture site, as its server on loopback would give them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from crawler.extract.urls import same_site
from crawler.fetch.fixture_pages import FixturePages
from crawler.fetch.fixture_site import Asked
from crawler.fetch.replay.answers import ReplayAnswer, ReplayError
from crawler.items import KeptAt


class SiteAnswers:
    """Answers out of the folder of a fixture site. Raises SiteError where it cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._pages = FixturePages(folder)
        self.damages: list[str] = []
        self.size = len(self._pages.site.routes) + sum(1 for _ in (folder / "pages").rglob("*"))
        if not self.size:
            raise ReplayError(f"{folder} is a fixture site without pages: there is nothing to replay.")

    def find(self, method: str, url: str, body: bytes, limit: int) -> ReplayAnswer | None:
        """What the site says; None for a page that was not recorded, and for a connection that it drops."""
        parts = urlsplit(url)
        site = self._pages.site
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        answer = self._pages.answer(Asked(method, target or "/", form, url if site.origin else None))
        by_hand = answer.route is None and site.origin is not None
        if by_hand and not (answer.known and same_site(url, site.origin or "")):
            return None  # nothing is known of a page that was not recorded
        if answer.route is not None and answer.route.drop:
            return None
        return ReplayAnswer(
            status=answer.status,
            headers=(("Content-Type", answer.content_type), *answer.headers.items()),
            payload=answer.body,
            body=answer.body[:limit],
            fetched_at=(answer.route and answer.route.recorded_at) or site.recorded_at,
            kept_at=KeptAt(str(answer.file or self._pages.folder / "site.yaml")),
            cut=len(answer.body) > limit,
        )

    def close(self) -> None:
        """Nothing is held open."""

"""What a site's robots.txt lets us do: RFC 9309, and stricter where a server refuses or blocks."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import ParseResult

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.fetch.blocking import Blocked
from crawler.fetch.kept import Kept
from crawler.fetch.politeness import PolitenessMiddleware
from crawler.fetch.robots_text import READ_LIMIT, readable_rules
from crawler.fetch.stopping import CrawlStopping

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

robots_answered = object()  # the signal that a robots.txt arrived, with `request` and `response`
ROBOTS_REQUEST = "robots_request"  # marks the requests for robots.txt itself in request.meta
SIZE_LIMIT = 10 * READ_LIMIT  # bytes that are fetched
REDIRECTS = 5  # RFC 9309 §2.3.1.2
MAX_REDIRECTS_REACHED = "max redirections reached"  # what Scrapy's RedirectMiddleware says

Verdict = Literal["read", "allow", "refuse", "blocked", "unavailable"]

# The first row that holds the status decides. Stricter than RFC 9309, which lets every 4xx allow all:
# who refuses robots.txt to us does not want us, and 412 and 521 are how 瑞数 and 加速乐 block.
STATUS_VERDICTS: tuple[tuple[range, Verdict], ...] = (
    (range(200, 300), "read"),
    (range(401, 402), "refuse"),
    (range(403, 404), "refuse"),
    (range(429, 430), "refuse"),
    (range(412, 413), "blocked"),
    (range(521, 522), "blocked"),
    (range(300, 500), "allow"),
    (range(500, 600), "unavailable"),
)


class RobotsRefused(IgnoreRequest):
    """robots.txt, or the server that was asked for it, does not want this page fetched."""


class RobotsBlocked(RobotsRefused):
    """The server blocks us already where it is asked for robots.txt."""


class RobotsUnavailable(RobotsRefused):
    """robots.txt could not be had for now, so nothing else is asked; it is tried again later."""


@dataclass(slots=True, frozen=True)
class _Rules:
    """What is known of a host: the parsed file, or the refusal of every page; neither allows all."""

    until: float
    parser: RobotParser | None = None
    refusal: type[RobotsRefused] | None = None
    reason: str = ""


class RobotsMiddleware:
    """Asks every host for its robots.txt first, once in 24 hours, and keeps to it.

    Settings: `USER_AGENT` (its first word is the name that robots.txt may address), `ROBOTSTXT_OBEY`,
    `ROBOTSTXT_PARSER`, `ROBOTSTXT_KEPT` (86400 s), `ROBOTSTXT_RETRY` (300 s until an unavailable file is asked for
    again). A request with `dont_obey_robotstxt` in its meta is not checked.
    """

    clock: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._obey = settings.getbool("ROBOTSTXT_OBEY", True)
        self._kept = settings.getfloat("ROBOTSTXT_KEPT", 86_400.0)
        self._retry = settings.getfloat("ROBOTSTXT_RETRY", 300.0)
        self._parser_class: type[RobotParser] = load_object(settings["ROBOTSTXT_PARSER"])
        self._agent = product_token(settings["USER_AGENT"])
        self._rules: Kept[tuple[str, str], _Rules] = Kept(lambda: self.clock())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Scrapy's way to build a component."""
        return cls(crawler)

    def process_request(self, request: Request) -> Awaitable[None] | None:
        """Raise RobotsRefused, or one of its kinds, where the page must not be fetched."""
        if not self._obey or request.meta.get("dont_obey_robotstxt"):
            return None
        url = urlparse_cached(request)
        rules = self._rules.get((url.scheme, url.netloc))
        if rules is None:
            return self._check_first(request, url)
        self._enforce(rules, request)
        return None

    def _enforce(self, rules: _Rules, request: Request) -> None:
        if rules.refusal is not None:
            raise rules.refusal(rules.reason)
        if rules.parser is not None and not rules.parser.allowed(request.url, self._agent):
            self._crawler.stats.inc_value("robotstxt/forbidden")
            raise RobotsRefused("The robots.txt of this site does not allow us this page.")

    async def _check_first(self, request: Request, url: ParseResult) -> None:
        """Fetch robots.txt for a host that is new or whose file is old; requests that come meanwhile wait too."""
        file = f"{url.scheme}://{url.netloc}/robots.txt"
        rules = await self._rules.find((url.scheme, url.netloc), lambda: self._fetch(file))
        self._slow_down(rules, request)
        self._enforce(rules, request)

    def _slow_down(self, rules: _Rules, request: Request) -> None:
        delay = rules.parser.crawl_delay(self._agent) if rules.parser else None
        politeness = self._crawler.get_downloader_middleware(PolitenessMiddleware)
        if delay and politeness is not None:
            politeness.ask_delay(request, delay)

    async def _fetch(self, url: str) -> _Rules:
        meta = {
            ROBOTS_REQUEST: True,
            "dont_obey_robotstxt": True,
            "dont_retry": True,
            "download_maxsize": SIZE_LIMIT,
            "redirect_ttl": REDIRECTS,
        }
        asked = Request(url, callback=NO_CALLBACK, priority=1000, meta=meta, dont_filter=True)
        self._crawler.stats.inc_value("robotstxt/request_count")
        try:
            response = await self._crawler.engine.download_async(asked)
        except CrawlStopping:
            raise
        except Blocked as error:
            return self._keep(RobotsBlocked, f"The server blocks us where it is asked for robots.txt: {error}")
        except IgnoreRequest as error:
            if str(error) == MAX_REDIRECTS_REACHED:
                return _Rules(self.clock() + self._kept)
            return self._unavailable(f"robots.txt could not be fetched: {error}")
        except Exception as error:
            # Any failure of the network means the same here: nothing is known, so nothing is asked.
            from crawler.fetch.failures import explain  # which knows the refusals defined here

            _, reason = explain(error)
            return self._unavailable(f"{reason.rstrip('.')} (where robots.txt was asked for).")
        self._crawler.signals.send_catch_log(robots_answered, request=asked, response=response)
        return self._judge(response)

    def _judge(self, response: Response) -> _Rules:
        self._crawler.stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        verdict = verdict_on(response.status)
        if verdict == "read":
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            text = readable_rules(response.body, content_type, self._agent)
            parser = None if text is None else build_from_crawler(self._parser_class, self._crawler, text)
            return _Rules(self.clock() + self._kept, parser)
        if verdict == "allow":
            return _Rules(self.clock() + self._kept)
        if verdict == "unavailable":
            return self._unavailable(f"The server answered {response.status} where it was asked for robots.txt.")
        if verdict == "blocked":
            return self._keep(RobotsBlocked, f"The server blocks us at robots.txt (status {response.status}).")
        return self._keep(RobotsRefused, f"The server refuses us its robots.txt (status {response.status}).")

    def _keep(self, refusal: type[RobotsRefused], reason: str) -> _Rules:
        return _Rules(self.clock() + self._kept, refusal=refusal, reason=reason)

    def _unavailable(self, reason: str) -> _Rules:
        until = self.clock() + self._retry
        return _Rules(until, refusal=RobotsUnavailable, reason=f"{reason.rstrip('.')}, so the site waits.")


def verdict_on(status: int) -> Verdict:
    """What an answer with this status to the request for robots.txt means."""
    return next((verdict for statuses, verdict in STATUS_VERDICTS if status in statuses), "unavailable")


def product_token(user_agent: str) -> str:
    """The name a robots.txt may address us by: the first word of the User-Agent (RFC 9309 §2.2.1)."""
    found = re.match(r"[A-Za-z_-]{1,64}", user_agent)
    return found[0] if found else "*"

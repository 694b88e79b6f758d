"""Recognizes that a server blocks us, writes it down and backs off. It never works around a block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Request, Response

from crawler.fetch.politeness import SLOT, PolitenessMiddleware
from crawler.fetch.stopping import stop_crawl

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

SEARCHED = 64 * 1024  # bytes of the body of an error that are looked at
SEARCHED_OK = 4 * 1024  # bytes of a body that says 200: every page pays for this
SMALL = 24 * 1024  # bytes; a page that says 200 and is larger is no challenge


@dataclass(slots=True, frozen=True)
class BlockSign:
    """One way in which a server says that it blocks: any of `body` is in the body, and `header` is in its header.

    Empty means not asked. `source` says where the sign was seen.
    """

    name: str
    statuses: tuple[int, ...]
    source: str
    body: tuple[bytes, ...] = ()
    header: tuple[str, bytes] | None = None

    def holds(self, headers: Headers, body: bytes) -> bool:
        """Whether a response with one of these statuses shows the sign."""
        if self.header is not None:
            name, said = self.header
            if not any(said in value for value in headers.getlist(name)):
                return False
        return not self.body or any(said in body for said in self.body)


def _said(*phrases: str) -> tuple[bytes, ...]:
    """Phrases as they are in pages of either encoding."""
    return tuple(phrase.encode(charset) for phrase in phrases for charset in ("utf-8", "gb18030"))


_DENIED = (403, 404, 405, 406, 418, 468, 493, 501, 502, 503, 567)

# Plain strings and no patterns, because they are searched for in every small page.
BLOCK_SIGNS = (
    # The cookie __jsluid_s alone is no block: the pages behind 加速乐 set it too.
    BlockSign("加速乐", (521,), "gov.cn sites", (b"__jsl_clearance", b"document.cookie=", b"document.cookie =")),
    BlockSign("加速乐", _DENIED, "wafw00f: jiasule", (b"notice-jiasule", b"static.jiasule.com")),
    # Pages that 瑞数 lets through with status 200 carry its cookies and its script as well.
    BlockSign("瑞数", (412, 202), "gov.cn sites", header=("Set-Cookie", b"FSSBBIl1UgzbN7N")),
    BlockSign("瑞数", (412, 202, 400), "gov.cn sites", (b"$_ts",)),
    BlockSign("创宇盾", _DENIED, "wafw00f: chuangyu", (b".365cyd.com", b"ks-waf-error.png", b"ks_waf_error.png")),
    BlockSign("云锁", (200,), "gov.cn sites", (b"security_verify_data",)),
    BlockSign("云锁", _DENIED, "wafw00f: yunsuo", (b"yunsuologo",)),
    BlockSign("安全狗", (200, *_DENIED), "wafw00f: safedog", (b"safedogsite/", b"404.safedog.cn/")),
    BlockSign("阿里云盾", (405,), "wafw00f: aliyundun", (b"errors.aliyun", b"error.aliyun")),
    BlockSign("阿里云盾", (200,), "sites behind it", (b"var arg1='",)),
    BlockSign("360网站卫士", (493,), "wafw00f: wzb360"),
    BlockSign("360网站卫士", (200, *_DENIED), "wafw00f: wzb360", (b"wzws-waf-cgi/", b"wangshan.360.cn")),
    BlockSign("腾讯云", _DENIED, "wafw00f: tencent", (b"waf.tencent", b"waf-static.tencent")),
    BlockSign("华为云", (418, 403), "wafw00f: huaweicloud", header=("Server", b"HuaweiCloudWAF")),
    BlockSign("华为云", (418, 403), "wafw00f: huaweicloud", (b"hws_security@", b"hwclouds.com")),
    BlockSign("云盾", _DENIED, "wafw00f: yundun", (b"Blocked by YUNDUN", b"yundun.com/yd")),
    BlockSign("绿盟", _DENIED, "wafw00f: nsfocus", header=("Server", b"NSFocus")),
    BlockSign("Cloudflare", (403, 503), "Cloudflare's manual", header=("cf-mitigated", b"challenge")),
    BlockSign(
        "a web firewall",
        (200, *_DENIED),
        "gov.cn sites",
        _said("您的访问被拦截", "您的访问被阻断", "您的请求被拦截", "您的访问请求可能对网站造成安全威胁")
        + _said("请求带有不合法参数", "已被网站管理员设置拦截", "访问疑似黑客攻击"),
    ),
)

_BY_STATUS: dict[int, tuple[BlockSign, ...]] = {
    status: tuple(sign for sign in BLOCK_SIGNS if status in sign.statuses)
    for status in {status for sign in BLOCK_SIGNS for status in sign.statuses}
}


class Blocked(IgnoreRequest):
    """A response by which a server blocks us. `response` is that response; the text is one sentence."""

    def __init__(self, reason: str, response: Response) -> None:
        super().__init__(reason)
        self.response = response


def find_block(status: int, headers: Headers, body: bytes) -> str | None:
    """Who blocks, where a response is a block: "加速乐"; None for every other response.

    A response that says 200 is a block only where it is small and says so near its start.
    """
    signs = _BY_STATUS.get(status, ())
    if not signs or (status == 200 and len(body) > SMALL):
        return None
    searched = body[: SEARCHED_OK if status == 200 else SEARCHED]
    return next((sign.name for sign in signs if sign.holds(headers, searched)), None)


class BlockingMiddleware:
    """Raises Blocked for responses that are blocks, doubles the delay, and ends the crawl where they persist.

    Settings: `BLOCKS_IN_A_ROW` (3): so many from one server close the spider with the reason "blocked".
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limit = crawler.settings.getint("BLOCKS_IN_A_ROW", 3)
        self._in_a_row: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BlockingMiddleware:
        """Scrapy's way to build a component."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise Blocked, with the reason in `request.meta["blocked"]` too."""
        name = find_block(response.status, response.headers, response.body)
        if name is None:
            if self._in_a_row or response.status == 200:
                self._forgive(request, response)
            return response
        reason = f"{name} blocks us (status {response.status})."
        request.meta["blocked"] = reason
        self._crawler.stats.inc_value(f"blocked/{name}")
        self._count(request)
        raise Blocked(reason, response)

    def _count(self, request: Request) -> None:
        if (politeness := self._politeness) is not None:
            politeness.back_off(request)
        key = request.meta.get(SLOT, "")
        self._in_a_row[key] = self._in_a_row.get(key, 0) + 1
        if self._in_a_row[key] >= self._limit:
            stop_crawl(self._crawler, "blocked")

    def _forgive(self, request: Request, response: Response) -> None:
        self._in_a_row.pop(request.meta.get(SLOT, ""), None)
        if response.status == 200 and (politeness := self._politeness) is not None:
            politeness.relax(request)

    @cached_property
    def _politeness(self) -> PolitenessMiddleware | None:
        return self._crawler.get_downloader_middleware(PolitenessMiddleware)

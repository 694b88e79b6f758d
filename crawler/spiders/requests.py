"""How a request is kept in the frontier, and made again from there."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from scrapy import Request, Spider

from crawler.archive.frontier import Found, Waiting
from crawler.archive.types import digest
from crawler.extract.urls import canonical_url
from crawler.items import PageRequest

PAGE_ID = "page_id"
KIND = "kind"


def page_request(page: PageRequest, **options: Any) -> Request:
    """The Scrapy request for a page, posted as a form where the page says so."""
    if page.method == "GET":
        return Request(page.url, **options)
    body = urlencode(page.form).encode("ascii")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request(page.url, method="POST", body=body, headers=headers, **options)


def request_key(request: Request) -> str:
    """What tells one page of a crawl from another: its canonical URL and, for a post, what is posted."""
    key = canonical_url(request.url)
    return key if request.method == "GET" else f"{key}#{request.method}:{digest(request.body)}"


def to_found(request: Request) -> Found:
    """A request as the frontier keeps it. Its callback must be a method of the spider, its arguments plain values."""
    callback = request.callback
    meta: dict[str, Any] = {"callback": getattr(callback, "__name__", "parse"), "arguments": dict(request.cb_kwargs)}
    if request.method != "GET":
        content_type = (request.headers.get("Content-Type") or b"").decode("latin-1")
        body = base64.b64encode(request.body).decode("ascii")
        meta["post"] = {"method": request.method, "body": body, "content_type": content_type}
    kind = request.meta.get(KIND, "article")
    return Found(request.url, request_key(request), kind, int(request.meta.get("depth", 0)), meta)


def to_request(row: Waiting, spider: Spider) -> Request:
    """The request that a frontier row stands for; `meta["page_id"]` names the row."""
    options: dict[str, Any] = {}
    post = row.meta.get("post")
    if post:
        options["method"] = post["method"]
        options["body"] = base64.b64decode(post["body"])
        options["headers"] = {"Content-Type": post["content_type"]}
    return Request(
        row.url,
        callback=getattr(spider, row.meta["callback"]),
        errback=getattr(spider, "on_failure", None),
        cb_kwargs=dict(row.meta["arguments"]),
        meta={PAGE_ID: row.id, KIND: row.kind, "depth": row.depth},
        dont_filter=True,
        **options,
    )

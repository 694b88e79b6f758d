"""A page that sends its visitor on with a meta tag is followed, within the guard's rules."""

from __future__ import annotations

from .harness import SETTINGS, CrawlPages, Serve, http

WITH_REFRESH = {
    "DOWNLOADER_MIDDLEWARES": {
        **SETTINGS["DOWNLOADER_MIDDLEWARES"],
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
        "crawler.fetch.refresh.RefreshMiddleware": 580,
    }
}


def sent_on(url: str) -> bytes:
    return http(f'<html><head><meta http-equiv="Refresh" content="0; url={url}"></head></html>'.encode())


def test_the_page_it_names_is_fetched(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/": sent_on("/list/"), "/list/": http()})
    done = crawl(f"{server.url}/", settings=WITH_REFRESH)
    assert done.urls == [f"{server.url}/list/"]


def test_a_page_without_the_tag_is_kept(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/": http(b"<html><head><title>refresh</title></head><body>http</body></html>")})
    done = crawl(f"{server.url}/", settings=WITH_REFRESH)
    assert done.urls == [f"{server.url}/"]


def test_it_does_not_lead_to_another_port_of_this_machine(crawl: CrawlPages, serve: Serve) -> None:
    other = serve({"*": http()})
    server = serve({"/": sent_on(f"{other.url}/")})
    done = crawl(f"{server.url}/", settings=WITH_REFRESH)
    assert [stage for stage, _ in done.failures.values()] == ["guard"]
    assert other.seen == []

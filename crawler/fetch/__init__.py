"""How bytes arrive: Scrapy components that keep a crawl safe, polite and honest about who it is.

They read Scrapy's settings, `request.meta` and a few attributes of the spider: `home_urls` (where the source
starts), `politeness_group`, `request_delay` (seconds), `max_pages`. They import no spider, pipeline or archive.
The settings that switch everything on:

    TWISTED_DNS_RESOLVER = "crawler.fetch.pins.PinnedResolver"
    DOWNLOAD_HANDLERS = {scheme: "crawler.fetch.politeness.PoliteDownloadHandler" for scheme in ("http", "https")}
    DOWNLOADER_MIDDLEWARES = {
        "crawler.fetch.limits.PageLimitMiddleware": 40,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.fetch.guard.AddressGuardMiddleware": 555,
        "crawler.fetch.politeness.PolitenessMiddleware": 560,
        "crawler.fetch.robots.RobotsMiddleware": 565,
        "crawler.fetch.blocking.BlockingMiddleware": 570,
        "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    }
    EXTENSIONS = {
        "crawler.fetch.contact.ContactCheck": 0,
        "scrapy.extensions.throttle.AutoThrottle": None,
        "crawler.fetch.politeness.PoliteAutoThrottle": 0,
    }

The order matters: an address is checked before its server is known, and the server before robots.txt is asked of
it; a block is seen after decompression (590) and redirects (600) and before a retry (550).
"""

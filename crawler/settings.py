"""Scrapy settings: politeness, limits, pipeline order. Every name here can be overridden as usual (`-s NAME=VALUE`)."""

import os

from crawler.fetch.contact import user_agent

BOT_NAME = "zhaoshang"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Who we are. A first crawl of a site on the network without a contact stops and says how to set it.
CONTACT = os.environ.get("ZHAOSHANG_CONTACT", "")
USER_AGENT = user_agent(CONTACT)

# Politeness: one request at a time and a delay, per server. Loopback has no delay unless its YAML sets one.
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 2.0
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False
REFERER_ENABLED = False

# Limits.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 50 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DEPTH_LIMIT = 2_000
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
URLLENGTH_LIMIT = 2_083

# Open doors that stay shut.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The archive (a URL as in `zhaoshang --archive`; empty: the default), and when a batch is committed.
ARCHIVE = None
ARCHIVE_BATCH_PAGES = 50
ARCHIVE_BATCH_SECONDS = 0.5
# Whether pages and their facts are read in processes of their own; None: where several may arrive at once.
EXTRACT_APART = None

# Which responses are kept as WARC files: all, articles, off; and in which folder (empty: `warc` beside the archive).
CAPTURES = "all"
CAPTURE_ROOT = None
# For how many days they are kept (None: for good); a source's YAML may say otherwise for it (`captures`).
CAPTURES_DAYS = None
# Captures (a WARC or WACZ file, a folder of them) or a fixture site that answer in the place of the network.
REPLAY = None
# The folder in which a crawl is kept as a fixture site.
RECORD = None
ADDONS = {"crawler.fetch.replay.addon.ReplayAddon": 0}
SCHEDULER = "crawler.spiders.scheduler.FrontierScheduler"

# Items of one page are taken one after the other: the item that is last of its page marks the page done.
CONCURRENT_ITEMS = 1
ITEM_PIPELINES = {
    "crawler.pipelines.clean.CleanPipeline": 100,
    "crawler.pipelines.validate.ValidatePipeline": 200,
    "crawler.pipelines.facts.FactsPipeline": 300,
    "crawler.pipelines.store.StorePipeline": 900,
}

# How bytes arrive. The order is that of process_request: a page counts, its address is checked and pinned, it is
# queued for its server, robots.txt is asked; a block is recognised first of all on the way back.
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetch.limits.PageLimitMiddleware": 40,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.fetch.guard.AddressGuardMiddleware": 555,
    "crawler.fetch.politeness.PolitenessMiddleware": 560,
    "crawler.fetch.robots.RobotsMiddleware": 565,
    "crawler.fetch.blocking.BlockingMiddleware": 570,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.fetch.refresh.RefreshMiddleware": 580,
    "crawler.fetch.wire.WireMiddleware": 605,
    # What a crawl of public pages does not use.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
}
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.politeness.PoliteDownloadHandler",
    "https": "crawler.fetch.politeness.PoliteDownloadHandler",
    "ftp": None,
    "s3": None,
    "file": None,
    "data": None,
}
TWISTED_DNS_RESOLVER = "crawler.fetch.pins.PinnedResolver"
EXTENSIONS = {
    "crawler.fetch.contact.ContactCheck": 0,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "crawler.fetch.politeness.PoliteAutoThrottle": 0,
    "crawler.fetch.record.Recorder": 0,
}

SPIDER_MIDDLEWARES = {
    # The spider reads error pages itself, so that what a site answers is recorded.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
}
LOG_LEVEL = "INFO"

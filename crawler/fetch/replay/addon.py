"""The switch: with the setting `REPLAY` a crawl reads captures, and what is there for the network's sake is off."""

from __future__ import annotations

from typing import Any

from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

HANDLER = "crawler.fetch.replay.handler.ReplayDownloadHandler"
SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER, "ftp": None, "s3": None, "file": None, "data": None},
    "DOWNLOAD_DELAY": 0,
    # A capture answers the same however often it is asked.
    "RETRY_ENABLED": False,
}
# What looks up names, keeps delays, asks for a contact; the handler itself notes what the wire carried.
OFF: tuple[tuple[str, str], ...] = (
    ("DOWNLOADER_MIDDLEWARES", "crawler.fetch.guard.AddressGuardMiddleware"),
    ("DOWNLOADER_MIDDLEWARES", "crawler.fetch.politeness.PolitenessMiddleware"),
    ("DOWNLOADER_MIDDLEWARES", "crawler.fetch.wire.WireMiddleware"),
    ("EXTENSIONS", "crawler.fetch.contact.ContactCheck"),
    ("EXTENSIONS", "crawler.fetch.politeness.PoliteAutoThrottle"),
)


class ReplayAddon:
    """Scrapy add-on: `zhaoshang crawl --replay PATH` and `scrapy crawl source -s REPLAY=PATH` come here."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Switch a crawl over where `REPLAY` is set."""
        if not settings.get("REPLAY"):
            raise NotConfigured
        for name, value in SETTINGS.items():
            settings.set(name, value, "cmdline")
        for name, component in OFF:
            settings[name].set(component, None, "cmdline")

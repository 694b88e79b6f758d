"""A crawl without the network: the setting `REPLAY` names captures or a fixture site, and they answer every request.

`opened` reads what a path holds; `addon` switches a crawl over; `handler` is the Scrapy download handler.
"""

from crawler.fetch.replay.answers import Answers, ReplayAnswer, ReplayError, is_missing
from crawler.fetch.replay.opening import acquire, opened, release

__all__ = ["Answers", "ReplayAnswer", "ReplayError", "acquire", "is_missing", "opened", "release"]

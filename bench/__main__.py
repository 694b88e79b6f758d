"""`python -m bench [NAME]...`: all benchmarks, or those named."""

import sys
from collections.abc import Callable

from bench import capture, crawl, dedupe, export, extract, facts, regions, replay, search, variety

BENCHES: dict[str, Callable[[], None]] = {
    "crawl": crawl.compare,
    "memory": crawl.memory,
    "replay": replay.compare,
    "capture": capture.compare,
    "reextract": capture.reread,
    "extract": extract.compare,
    "export": export.compare,
    "facts": facts.compare,
    "regions": regions.compare,
    "dedupe": dedupe.compare,
    "stories": dedupe.at_size,
    "search": search.compare,
    "variety": variety.compare,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        if name not in BENCHES:
            sys.exit(f"There is no benchmark {name!r}; choose from {', '.join(BENCHES)}.")
        BENCHES[name]()

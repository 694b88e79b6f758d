"""`python -m bench [NAME]...`: all benchmarks, or those named."""

import sys
from collections.abc import Callable

from bench import capture, crawl, export, extract, facts, regions, replay, search

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
    "search": search.compare,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        if name not in BENCHES:
            sys.exit(f"There is no benchmark {name!r}; choose from {', '.join(BENCHES)}.")
        BENCHES[name]()

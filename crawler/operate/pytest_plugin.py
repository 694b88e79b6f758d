"""A pytest plugin: `replay("fixtures/NAME")` gives what a crawl of a saved site yields, without a socket.

Registered as an entry point, it is imported in every run of pytest where this package is installed: it imports nothing
but pytest until a test asks for the fixture.
"""

from __future__ import annotations

import difflib
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.operate.replayed import Replayed
    from crawler.sources import Source

UPDATE = "--update-golden"
_DIFFERENCE = 200  # lines of a difference that are shown


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes golden files anew; `git diff` then shows what changed."""
    with suppress(ValueError):  # another plugin has an option of this name: then it means ours too
        parser.addoption(UPDATE, action="store_true", help="write golden files anew, as the tests see them now")


class Replays:
    """What the fixture `replay` is: call it with a fixture site, a WARC file or a folder of them."""

    def __init__(self, stack: ExitStack, update: bool) -> None:
        self._stack, self._update = stack, update

    def __call__(self, path: str | Path, source: Source | str | None = None, **options: Any) -> Replayed:
        """Replay it. Captures need the `source` to crawl, or its id; `archive=FILE` replays into an archive of yours.

        `options=CrawlOptions(...)` and `settings={...}` are those of a crawl. Archives are closed after the test.
        Raises UnknownSource where no source has the id.
        """
        from crawler.operate.replaying import replayed
        from crawler.sources import Registry

        source = Registry()[source] if isinstance(source, str) else source
        return self._stack.enter_context(replayed(Path(path), source, **options))

    def check(self, outcome: Replayed, golden: str | Path) -> None:
        """Fail where the outcome is not what the golden file holds; with `--update-golden` write the file instead."""
        path, seen = Path(golden), outcome.golden()
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(seen, encoding="utf-8")
        recorded = path.read_text(encoding="utf-8") if path.exists() else ""
        if seen != recorded:
            lines = difflib.unified_diff(recorded.splitlines(), seen.splitlines(), "recorded", "seen", n=4, lineterm="")
            shown = "\n".join(list(lines)[:_DIFFERENCE])
            pytest.fail(f"{path} holds something else; {UPDATE} accepts what is seen now:\n{shown}", pytrace=False)


@pytest.fixture
def replay(request: pytest.FixtureRequest) -> Iterator[Replays]:
    """Replay saved sites and captures: `replay("fixtures/NAME").articles`, `.entries`, `.rejections`, `.counts`."""
    with ExitStack() as stack:
        yield Replays(stack, bool(request.config.getoption(UPDATE, default=False)))

"""The project's fixture sites as sources: served on loopback for the demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.operate.fixture_server import serve_all
from crawler.sources import Source, SourceError, load_source


def fixture_folders() -> list[Path]:
    """The fixture sites of the working folder, else those beside the package. Raises SourceError without any."""
    for root in (Path("fixtures"), Path(__file__).resolve().parents[2] / "fixtures"):
        folders = sorted(path.parent for path in root.glob("*/site.yaml"))
        if folders:
            return folders
    raise SourceError("There is no folder `fixtures` here; run the command in the project's folder.")


@contextmanager
def demo_sources() -> Iterator[list[Source]]:
    """All fixture sites, served at the ports their `site.yaml` names, so that a second crawl finds the same URLs."""
    folders = [folder for folder in fixture_folders() if (folder / "source.yaml").is_file()]
    with serve_all(folders) as servers:
        yield [
            load_source(folder / "source.yaml").at(f"{server.base_url}/")
            for folder, server in zip(folders, servers, strict=True)
        ]

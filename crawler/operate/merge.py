"""Bringing another archive in: its rows, and the capture files beside it. The other archive is never written to."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, func, select

from crawler.archive import ArchiveError, archive_name
from crawler.archive import merging as rows
from crawler.archive.captures import capture_root
from crawler.archive.engine import open_untouched
from crawler.archive.merging import Merge, MergeFailure
from crawler.archive.models import Article, Capture, Entry, Rejection, table
from crawler.operate.takedown import find

__all__ = ["MergeFailure", "Merged", "Step", "merge", "open_other"]


LOCK = ".merge.lock"


@dataclass(slots=True, frozen=True)
class Step:
    """How far a merge is, in rows of the other archive."""

    step: str
    done: int
    total: int


@dataclass(slots=True)
class Merged:
    """What a merge did: for each kind of row how many were new, met, and changed by it.

    `kept_out` are articles that were taken down here and stay out, `left_alone` those that the other archive took down
    and that are still here, by uid. `lost` says why the bytes of captures (`lost_captures`) could not be read.
    """

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    kept_out: int = 0
    left_alone: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    lost_captures: int = 0
    notes: list[str] = field(default_factory=list)


def open_other(given: str) -> Engine:
    """Open the archive that is to be merged. Raises MergeFailure where it is none, or of another version."""
    try:
        return open_untouched(given)
    except ArchiveError as error:
        sentence = str(error).replace("`zhaoshang upgrade`", f"`zhaoshang --archive {given} upgrade`")
        sentence = sentence.replace("; make one with `zhaoshang crawl`, or name another: --archive.", ".")
        raise MergeFailure(f"{sentence.rstrip('.')}; nothing was merged.") from error


def merge(
    engine: Engine,
    other: Engine,
    *,
    root: Path | None = None,
    other_root: Path | None = None,
    on_progress: Callable[[Step], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Merged:
    """Bring what the other archive holds into this one; what is here already is met, so twice is once.

    The other archive is read as of one moment, in batches that are committed each, so that a merge which was cut off
    goes on where it was. `root` and `other_root` are the folders of the capture files. Raises MergeFailure where both
    are one archive or the other is damaged, ArchiveError, and CaptureError where a capture file cannot be written.
    """
    if _is_same(engine.url, other.url):
        raise MergeFailure(f"{archive_name(other.url)} is this archive itself; name another one to merge.")

    with other.connect() as theirs:
        if other.dialect.name != "sqlite":
            theirs = theirs.execution_options(isolation_level="REPEATABLE READ")
        done = Merge(
            engine,
            theirs,
            archive_name(other.url),
            root or capture_root(engine),
            other_root or capture_root(other),
            now(),
        )
        with _alone(done.root):
            _merge(done, other, on_progress or (lambda step: None))
    counts = {
        name: {what: counted[what] for what in ("new", "met", "changed")} for name, counted in done.counts.items()
    }
    return Merged(
        counts,
        done.files,
        done.bytes,
        done.kept_out_count,
        done.left_alone,
        done.lost,
        done.lost_count,
        done.notes,
    )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One merge at a time: two of one archive would both find that a row is not here yet."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # given back by the system however its process ends
        except BlockingIOError as error:
            raise MergeFailure(
                "Another merge into this archive runs; wait for it, then run the command again."
            ) from error
        yield


def _merge(done: Merge, other: Engine, on_progress: Callable[[Step], None]) -> None:
    rows.merge_sources(done)
    rows.merge_crawls(done)
    rows.merge_tombstones(done)
    rows.load_kept_out(done)
    _find_kept_out(done, other)
    for what, model, bring in (
        ("captures", Capture, rows.merge_captures),
        ("articles", Article, rows.merge_articles),
        ("entries", Entry, rows.merge_entries),
        ("rejections", Rejection, rows.merge_rejections),
    ):
        total = done.theirs.execute(select(func.count()).select_from(table(model))).scalar_one()
        done.on_rows = _counting(what, total, on_progress)
        bring(done)
    rows.merge_backups(done, _file(other.url), _file(done.engine.url))


def _counting(what: str, total: int, on_progress: Callable[[Step], None]) -> Callable[[int], None]:
    done = 0

    def tell(number: int) -> None:
        nonlocal done
        done += number
        on_progress(Step(what, done, total))

    return tell


def _find_kept_out(done: Merge, other: Engine) -> None:
    """The payloads of theirs that hold the text of an article which was taken down here; only they have its text."""
    for row in rows.kept_out_articles(done):
        found, _ = find(other, done.their_root, row["uid"], None)
        since = done.kept_out.since(rows.article_marks(row)) or done.now
        done.kept_out.digests.update(dict.fromkeys(found.digests, since))


def _is_same(one: URL, other: URL) -> bool:
    mine, theirs = _file(one), _file(other)
    if mine is None or theirs is None:
        return mine is theirs and one == other
    return Path(theirs).exists() and Path(mine).samefile(theirs)


def _file(url: URL) -> str | None:
    """The file of an archive, None where it is no file."""
    named = url.database if url.get_backend_name() == "sqlite" else None
    return str(Path(named).resolve()) if named else None

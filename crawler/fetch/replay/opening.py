"""What a path holds that can be replayed; opened once a process, however many crawls ask for it."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from crawler.fetch.replay.answers import Answers, ReplayError
from crawler.fetch.replay.sites import SiteAnswers
from crawler.fetch.replay.warcs import Progress, WarcAnswers

SUFFIXES = (".warc", ".warc.gz")
PACKED = ".wacz"


class _Opened:
    """One opened path and how many use it."""

    def __init__(self, answers: Answers, stack: ExitStack) -> None:
        self.answers, self.stack, self.users = answers, stack, 0


_opened: dict[Path, _Opened] = {}


def acquire(path: str | Path, on_progress: Progress | None = None) -> Answers:
    """The answers of a WARC file, a folder of them at any depth, a WACZ file or a fixture site; `release` it after use.

    Raises ReplayError or SiteError, one sentence, where there is nothing to replay.
    """
    where = Path(path).resolve()
    known = _opened.get(where)
    if known is None:
        with ExitStack() as stack:
            answers = _open(where, Path(path), stack, on_progress)
            stack.callback(answers.close)
            known = _opened[where] = _Opened(answers, stack.pop_all())
    known.users += 1
    return known.answers


def release(path: str | Path) -> None:
    """Say that one user of a path is done; the last one closes it."""
    where = Path(path).resolve()
    known = _opened[where]
    known.users -= 1
    if not known.users:
        del _opened[where]
        known.stack.close()


@contextmanager
def opened(path: str | Path, on_progress: Progress | None = None) -> Iterator[Answers]:
    """The answers of a path, for crawls of this process with the setting `REPLAY`; raises as `acquire` does."""
    answers = acquire(path, on_progress)
    try:
        yield answers
    finally:
        release(path)


def _open(where: Path, shown: Path, stack: ExitStack, on_progress: Progress | None) -> Answers:
    if (where / "site.yaml").is_file():
        return SiteAnswers(where)
    files = _files(where, shown)
    warcs = [file for file in files if not _is_packed(file)]
    for packed in filter(_is_packed, files):
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhaoshang-replay-")))
        warcs += _unpacked(packed, folder)
    answers = WarcAnswers(warcs, on_progress)
    if not answers.size:
        answers.close()
        why = f" ({answers.damages[0]})" if answers.damages else ""
        raise ReplayError(
            f"{shown} holds no captured response{why}: name a WARC file, a folder of them or a fixture site."
        )
    return answers


def _files(where: Path, shown: Path) -> list[Path]:
    if where.is_file():
        return [where]
    if not where.is_dir():
        raise ReplayError(f"There is no file or folder {shown} to replay.")
    files = sorted(path for path in where.rglob("*") if path.is_file() and path.name.endswith((*SUFFIXES, PACKED)))
    if not files:
        raise ReplayError(f"The folder {shown} holds neither WARC files nor a site.yaml: there is nothing to replay.")
    return files


def _is_packed(file: Path) -> bool:
    return file.name.endswith(PACKED)


def _unpacked(packed: Path, folder: Path) -> list[Path]:
    """The WARC files of a WACZ file, copied out of it under names of our own."""
    copies = []
    try:
        with zipfile.ZipFile(packed) as archive:
            for number, member in enumerate(archive.infolist()):
                if member.filename.startswith("archive/") and member.filename.endswith(SUFFIXES):
                    ending = ".warc.gz" if member.filename.endswith(".gz") else ".warc"
                    copies.append(folder / f"{packed.stem}-{number}{ending}")
                    with archive.open(member) as source, copies[-1].open("wb") as target:
                        shutil.copyfileobj(source, target, 1 << 20)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ReplayError(f"{packed} is no WACZ file that can be read: {error}.") from error
    return copies

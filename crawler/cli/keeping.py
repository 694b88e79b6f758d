"""`reextract`, `takedown`, `verify`, `backup`: keeping what was archived, and letting it go."""

from __future__ import annotations

import dataclasses
import shlex
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, LOOK, output

if TYPE_CHECKING:
    from crawler.operate.reextract import Reextracted


def reextract(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(metavar="ID", help="Of one source only.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only captures fetched since this day.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    json_: output.AsJson = False,
) -> int:
    """Read the stored captures again with the present extractor; what changes becomes a revision."""
    from crawler.archive import open_archive
    from crawler.cli.progress import counted
    from crawler.operate import reextract as reading

    engine = open_archive(context.obj, write=not dry_run)
    try:
        wanted = reading.wanted_sources(engine, source)
        if source is not None and not wanted:
            raise output.UserError(f"The archive holds no source {source}; `zhaoshang stats` names those it has.")
        with counted("captures", quiet=json_) as on_progress:
            done = reading.reextract(
                engine, wanted, since=since.date() if since else None, dry_run=dry_run, on_progress=on_progress
            )
    finally:
        engine.dispose()
    if json_:
        output.print_json({each.name: getattr(done, each.name) for each in dataclasses.fields(done)})
    else:
        _print_reextracted(done, dry_run)
    return LOOK if done.no_article or done.unreadable or done.failures else DONE


def takedown(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="A uid, or an internal id.", show_default=False)],
    reason: Annotated[str, typer.Option(help="Why; it is kept and shown.", show_default=False)],
    json_: output.AsJson = False,
) -> int:
    """Remove an article for good: its text, its facts, its pages in capture files; later crawls keep it out."""
    from crawler.archive import open_archive
    from crawler.operate.takedown import is_taken_down
    from crawler.operate.takedown import takedown as take_down
    from crawler.research import Archive

    if not reason.strip():
        raise output.UserError("Say why with --reason; it is kept and shown in the article's place.")
    uid = article.strip().lower()
    with Archive(context.obj) as archive:
        if not is_taken_down(archive.engine, uid):
            uid = archive.article(article).uid
    engine = open_archive(context.obj, write=True)
    try:
        done = take_down(engine, uid, reason, on_progress=None if json_ else output.say)
    finally:
        engine.dispose()
    if json_:
        output.print_json(done)
    else:
        print(f"{uid} was taken down at {done.taken_down_at:%Y-%m-%d %H:%M} UTC, {done.captures} captures with it.")
        for other in done.also_in:
            output.say(f"Article {other} holds its text too; look at it with `zhaoshang show {other}`.")
        for backup in done.backups:
            output.say(f"The backup of {backup.made_at:%Y-%m-%d} {backup.state}: {backup.path}")
        for left in done.left:
            output.say(left)
    return LOOK if done.also_in or done.backups or done.left else DONE


def verify(
    context: typer.Context,
    repair: Annotated[bool, typer.Option(help="Rebuild what can be rebuilt; originals are never touched.")] = False,
    expire: Annotated[
        int | None, typer.Option(min=0, metavar="DAYS", help="First let captures older than this go, where unneeded.")
    ] = None,
    json_: output.AsJson = False,
) -> int:
    """Read every revision and capture back and check it."""
    from crawler.archive import open_archive
    from crawler.operate import verify as fixity

    engine = open_archive(context.obj, write=repair or expire is not None)
    try:
        let_go = fixity.expire(engine, expire) if expire is not None else None
        seen = fixity.verify(engine, on_progress=None if json_ else lambda what, count: output.say(f"{what}: {count}"))
        mended = fixity.repair(engine) if repair and seen.problems else 0
        left = fixity.verify(engine).problems if mended else seen.problems
    finally:
        engine.dispose()
    problems = seen.problems
    if let_go is not None and not json_:
        output.say(f"{let_go.captures} captures expired: {let_go.bytes / 1e6:.1f} MB are free.")
        for kept in (*let_go.left, *let_go.shared):
            output.say(kept)
    read = f"{seen.revisions} revisions, {seen.captures} captures in {seen.files} files ({seen.bytes / 1e6:.1f} MB)"
    if json_:
        output.print_json(
            {"read": read, "mended": mended, "expired": let_go, "problems": problems, "left": left, "notes": seen.notes}
        )
    else:
        if problems:
            rows = [(each.check, each.where, each.problem, "yes" if each.rebuildable else "no") for each in problems]
            output.print_table(("check", "where", "problem", "can be rebuilt"), rows)
        for note in seen.notes:
            output.say(output.readable(note))
        print(f"{read} read back: {len(problems)} problems" + (f", {mended} mended" if repair else "") + ".")
    return LOOK if left else DONE


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.", show_default=False)],
    json_: output.AsJson = False,
) -> int:
    """Make a consistent copy of the archive and its captures, also while a crawl runs."""
    from crawler.archive import open_archive
    from crawler.operate.backup import backup as make_backup

    engine = open_archive(context.obj)
    try:
        made = make_backup(engine, folder, None if json_ else lambda name: output.say(name))
    finally:
        engine.dispose()
    if json_:
        output.print_json({**dataclasses.asdict(made), "archive": str(made.archive)})
    else:
        output.say(f"{made.archive} and {made.files} capture files ({made.bytes / 1e6:.1f} MB).")
        if not made.recorded:
            output.say("The archive cannot be written to, so a later takedown will not name this backup.")
        output.say(f"Check it with: zhaoshang --archive {shlex.quote(str(made.archive))} verify")
    return DONE


def _print_reextracted(done: Reextracted, dry_run: bool) -> None:
    from crawler.operate.reextract import FIELDS

    output.print_table(("field", "articles"), [(name, done.fields[name]) for name in FIELDS], right=("articles",))
    for name, examples in done.examples.items():
        rows = [[_short(value) for value in example.values()] for example in examples]
        print(f"{name.replace('_', ' ')}, {len(examples)} of {done.fields[name] or getattr(done, name, 0)}:")
        output.print_table(tuple(examples[0]), rows)
    counts = ("changed", "unchanged", "new", "no_article", "unreadable")
    told = ", ".join(f"{getattr(done, name)} {name.replace('_', ' ')}" for name in counts)
    print(f"{done.captures} captures read again: {told}." + (" Nothing was written." if dry_run else ""))
    if done.went_on_after:
        output.say(f"An interrupted run had read {done.went_on_after} of them; this one went on from there.")
    for failure in done.failures:
        output.say(output.readable(failure))


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"

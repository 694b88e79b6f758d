"""`doctor` and `upgrade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import DONE, LOOK, output


def doctor(context: typer.Context, json_: output.AsJson = False) -> int:
    """Check the installation, the settings, the sources and the archive; say what to do about each finding."""
    from crawler.operate.doctor import examine

    findings = examine(context.obj)
    if json_:
        output.print_json(findings)
    else:
        output.print_table(("check", "state", "finding"), [(each.check, each.state, each.finding) for each in findings])
    return LOOK if any(each.state != "ok" for each in findings) else DONE


def correct(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="A uid, or an internal id.", show_default=False)],
    reason: Annotated[str, typer.Option(help="Why; it is kept with the correction.", show_default=False)],
    title: Annotated[str | None, typer.Option()] = None,
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of publication.")] = None,
    region: Annotated[str | None, typer.Option(metavar="CODE", help="GB/T 2260 code of six digits.")] = None,
    author: Annotated[str | None, typer.Option()] = None,
    origin: Annotated[str | None, typer.Option(help="来源.")] = None,
    json_: output.AsJson = False,
) -> int:
    """Put fields of an article right; later crawls keep the corrected values."""
    from crawler.archive import open_archive
    from crawler.archive.correct import WrongCorrection
    from crawler.archive.correct import correct as correct_article
    from crawler.research import Archive

    given = {"title": title, "published_on": date, "region_code": region, "author": author, "origin": origin}
    with Archive(context.obj) as archive:
        uid = archive.article(article).uid
    engine = open_archive(context.obj, write=True)
    try:
        done = correct_article(engine, uid, {name: value for name, value in given.items() if value is not None}, reason)
    except WrongCorrection as error:
        raise output.UserError(str(error)) from error
    finally:
        engine.dispose()
    if json_:
        output.print_json({"uid": uid, "revision": done.number, "before": done.before})
    else:
        output.say(f"Revision {done.number} of {uid} is written; `zhaoshang show {uid} --diff` shows what it changed.")
    return DONE


def verify(
    context: typer.Context,
    repair: Annotated[bool, typer.Option(help="Rebuild what can be rebuilt; originals are never touched.")] = False,
    json_: output.AsJson = False,
) -> int:
    """Read every revision and capture back and check it."""
    from crawler.archive import open_archive
    from crawler.operate import verify as fixity

    engine = open_archive(context.obj, write=repair)
    try:
        seen = fixity.verify(engine, on_progress=None if json_ else lambda what, count: output.say(f"{what}: {count}"))
        mended = fixity.repair(engine) if repair else 0
    finally:
        engine.dispose()
    problems = seen.problems or []
    left = [each for each in problems if not (repair and each.rebuildable)]
    read = f"{seen.revisions} revisions, {seen.captures} captures in {seen.files} files ({seen.bytes / 1e6:.1f} MB)"
    if json_:
        output.print_json({"read": read, "mended": mended, "problems": problems})
    else:
        if problems:
            rows = [(each.check, each.where, each.problem, "yes" if each.rebuildable else "no") for each in problems]
            output.print_table(("check", "where", "problem", "can be rebuilt"), rows)
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
        output.print_json({"archive": str(made.archive), "files": made.files, "bytes": made.bytes})
    else:
        output.say(f"{made.archive} and {made.files} capture files ({made.bytes / 1e6:.1f} MB).")
        output.say(f"Check it with: zhaoshang --archive {made.archive} verify")
    return DONE


def upgrade(context: typer.Context) -> int:
    """Bring an archive of an older version up to date."""
    from crawler.archive import open_archive

    open_archive(context.obj, write=True).dispose()
    output.say("The archive is up to date.")
    return DONE

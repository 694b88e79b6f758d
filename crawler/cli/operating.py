"""`doctor`, `correct` and `upgrade`."""

from __future__ import annotations

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
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="A uid, a URL, or an internal id.", show_default=False)
    ],
    reason: Annotated[str, typer.Option(help="Why; it is kept with the correction.", show_default=False)],
    title: Annotated[str | None, typer.Option()] = None,
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of publication.")] = None,
    region: Annotated[str | None, typer.Option(metavar="CODE|NAME", help="A place, e.g. 420100 or 武汉.")] = None,
    author: Annotated[str | None, typer.Option()] = None,
    origin: Annotated[str | None, typer.Option(help="来源.")] = None,
    json_: output.AsJson = False,
) -> int:
    """Put fields of an article right; later crawls keep the corrected values."""
    from crawler.archive import open_archive
    from crawler.archive.correct import WrongCorrection
    from crawler.archive.correct import correct as correct_article
    from crawler.research import Archive

    code = _code_of(region) if region else region
    given = {"title": title, "published_on": date, "region_code": code, "author": author, "origin": origin}
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


def _code_of(region: str) -> str:
    """The GB/T 2260 code of a place that the user named by code or name."""
    from crawler.research.places import UnknownRegion, find_place

    try:
        return find_place(region).code
    except UnknownRegion as error:
        raise output.UserError(str(error)) from error


def upgrade(context: typer.Context, json_: output.AsJson = False) -> int:
    """Bring an archive of an older version up to date."""
    from crawler.archive import archive_name, open_archive
    from crawler.archive.version import HEAD

    engine = open_archive(context.obj, write=True)
    engine.dispose()
    if json_:
        output.print_json({"archive": archive_name(engine.url), "version": HEAD})
    else:
        output.say("The archive is up to date.")
    return DONE

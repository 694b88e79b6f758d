"""`doctor` and `upgrade`."""

from __future__ import annotations

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


def upgrade(context: typer.Context) -> int:
    """Bring an archive of an older version up to date."""
    from crawler.archive import open_archive

    open_archive(context.obj, write=True).dispose()
    output.say("The archive is up to date.")
    return DONE

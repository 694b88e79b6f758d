"""The `zhaoshang` command. Its modules hold no logic: they read arguments, call the packages below, and print."""

from __future__ import annotations

import os
import sys

DONE, LOOK, USAGE, ARCHIVE = 0, 1, 2, 3
INTERRUPTED = 130


def main() -> None:
    """The entry point. Every error a user can cause is one sentence and an exit code (2 usage, 3 archive)."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese gets \uXXXX instead of a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough: what is left goes nowhere, at the exit of Python too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code."""
    import typer

    from crawler.cli.app import app

    try:
        code = app(arguments, prog_name="zhaoshang", standalone_mode=False)
    except typer.Abort:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except typer.Exit as stop:
        return stop.exit_code
    except typer.TyperException as error:
        message = error.format_message()
        if message.startswith("No such option: --archive"):
            message = "--archive stands before the command: zhaoshang --archive URL COMMAND."
        elif message.startswith("No such option: -") and (word := _left_out(message, arguments)):
            message = f"{word} looks like an option: write NOT {word[1:]}, or -- before the query: search -- {word}"
        return _say(message, USAGE) if message else USAGE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except SystemExit:
        # Typer ends the process like this, with its own stdout, when whoever read our output has seen enough.
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":
            return DONE
        raise
    except Exception as error:
        code = _code_for(error)
        if code is None:
            raise
        return _say(str(error), code)
    return code if isinstance(code, int) else DONE


def _left_out(message: str, arguments: list[str]) -> str | None:
    """The argument that a search should leave out (-培训) and that was taken for an option."""
    option = message.removeprefix("No such option: ").split()[0].rstrip(".")
    if "search" not in arguments or option.startswith("--"):
        return None
    return next((each for each in arguments if each.startswith(option)), None)


def _say(sentence: str, code: int) -> int:
    """Say one line: errors may quote what a site sent."""
    from crawler.cli.output import readable, say

    say(f"zhaoshang: {readable(' '.join(sentence.split()))}")
    return code


def _code_for(error: Exception) -> int | None:
    """The exit code of an error that a user can cause, None for a defect. Looked up by name: importing them is slow."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"ArchiveBusy", "ArchiveError", "SearchError"}:
        return ARCHIVE
    if names & {
        "UserError",
        "SourceError",
        "UnknownSource",
        "NoSuchArticle",
        "NoSuchCrawl",
        "QueryError",
        "SqlError",
        "NoCapture",
        "CaptureError",
        "ImportFailure",
        "MergeFailure",
        "ExportFailure",
        "FilterError",
        "MissingLibrary",
        "PlotFailure",
        "PagesFailure",
        "PortInUse",
        "ReplayError",
        "SiteError",
    }:
        return USAGE
    return USAGE if "ContactMissing" in names else None

"""`show`, `runs`, `stats`: reading the archive."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, output
from crawler.cli.facts import facts_json, print_short

if TYPE_CHECKING:
    from crawler.research import ArticleRecord, RevisionRecord


def show(
    context: typer.Context,
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="A uid, a URL, or an internal id.", show_default=False)
    ],
    revision: Annotated[int | None, typer.Option(min=1, help="An earlier state, by number.")] = None,
    provenance: Annotated[bool, typer.Option(help="For each field, which rule gave it, and from which page.")] = False,
    raw: Annotated[bool, typer.Option(help="The response it was read from, as it was received.")] = False,
    diff: Annotated[bool, typer.Option(help="What this state changed, by sentence.")] = False,
    json_: output.AsJson = False,
) -> int:
    """Show one article, and who else published its story."""
    from crawler.cli.stories import print_story
    from crawler.research import Archive

    if raw and json_:
        raise output.UserError("--raw prints bytes as they were received, which JSON cannot hold; leave --json out.")
    with Archive(context.obj) as archive:
        record = archive.article(article)
        revisions = archive.revisions(record.id)
        story = archive.story(record.id)
        found = archive.facts(record.id)
    number = revision or record.revision_count
    state = next((each for each in revisions if each.number == number), None)
    if state is None:
        raise output.UserError(f"Article {record.uid} has revisions 1 to {len(revisions)}, no {number}.")
    if raw:
        _print_raw(context.obj, state)
        return DONE
    before = next((each for each in revisions if each.number == number - 1), None)
    if json_:
        changed = {"diff": _differences(before, state)} if diff else {}
        facts = facts_json(found) if number == record.revision_count else None
        output.print_json({**_as_json(record, state), "facts": facts, "story": story, **changed})
        return DONE
    if diff:
        _print_diff(record, before, state)
        return DONE
    _print_article(record, state)
    print_story(story)
    if number == record.revision_count:
        print_short(found)
    if provenance:
        _print_provenance(state)
    return DONE


def runs(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(metavar="ID", help="Of one source only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 20,
    rejections: Annotated[int | None, typer.Option(metavar="CRAWL", help="What this crawl could not archive.")] = None,
    json_: output.AsJson = False,
) -> int:
    """Show how crawls and imports went, newest first."""
    from crawler.research import Archive

    with Archive(context.obj) as archive:
        if rejections is not None:
            rejected = archive.rejections(rejections)
            if json_:
                output.print_json(rejected)
            else:
                rows = [(row["stage"], row["reason"], row["url"]) for row in rejected]
                output.print_table(("stage", "reason", "url"), rows)
            return DONE
        crawls = archive.crawls(source, limit)
    if json_:
        output.print_json(crawls)
        return DONE
    counts = ("pages", "new", "changed", "unchanged", "duplicate", "rejected")
    rows = [
        (
            *(crawl.id, crawl.source, crawl.kind, crawl.status, crawl.started_at),
            *(crawl.stats.get(name, 0) for name in counts),
            *(len(crawl.stats.get("warnings", ())), crawl.stats.get("failure")),
        )
        for crawl in crawls
    ]
    columns = ("crawl", "source", "kind", "status", "started (UTC)", *counts, "warnings", "failure")
    output.print_table(columns, rows, right=("crawl", *counts, "warnings"))
    return DONE


def stats(
    context: typer.Context,
    all_: Annotated[
        bool, typer.Option("--all", help="Count every publication of a story, not the first alone.")
    ] = False,
    syndication: Annotated[
        bool, typer.Option("--syndication", help="Which sources publish what others published first, and how fast.")
    ] = False,
    json_: output.AsJson = False,
) -> int:
    """Show what the archive holds."""
    from crawler.cli.stories import print_syndication
    from crawler.research import Archive

    with Archive(context.obj) as archive:
        if syndication:
            return print_syndication(archive.syndication(), json_=json_)
        held = archive.stats(all=all_)
    if json_:
        output.print_json(held)
        return DONE
    output.print_table(("table", "rows"), held["totals"].items(), right=("rows",))
    for name in ("source", "year"):
        counts, others = held[f"by_{name}"], held.get("others", {}).get(f"by_{name}")
        if others is None:
            output.print_table((name, "articles"), counts.items(), right=("articles",))
        else:
            rows = [(key, counts.get(key, 0), others.get(key, 0)) for key in counts | others]
            output.print_table((name, "articles", "others"), rows, right=("articles", "others"))
    return DONE


def _as_json(record: ArticleRecord, state: RevisionRecord) -> dict[str, Any]:
    """The article with the state that was asked for; `revision` tells how it came about."""
    fields = dataclasses.asdict(record)
    fields.update(title=state.title, published_on=state.published_on, body=state.body, body_digest=state.body_digest)
    meta = dataclasses.asdict(state)
    for name in ("title", "published_on", "body", "body_digest"):
        del meta[name]
    return {**fields, "revision": meta}


def _print_article(record: ArticleRecord, state: RevisionRecord) -> None:
    seen = f"{record.first_seen_at:%Y-%m-%d %H:%M} to {record.last_seen_at:%Y-%m-%d %H:%M} UTC"
    fields = (
        ("uid", record.uid),
        ("source", record.source),
        ("url", record.url or f"(none; listed on {record.listing_url})"),
        ("published", state.published_on),
        ("region", _region(record.region_code)),
        ("origin", record.origin),
        ("author", record.author),
        ("column", record.column_name),
        ("seen", seen),
        ("revision", f"{state.number} of {record.revision_count} ({state.cause}, {state.extractor})"),
    )
    print(output.readable(state.title))
    for name, value in fields:
        if value is not None:
            print(f"  {name:<10} {output.readable(str(value))}")
    for linked in record.attachments:
        label = f" ({linked['label']})" if linked["label"] else ""
        print(output.readable(f"  {linked['kind']:<10} {linked['url']}{label}"))
    print()
    print(output.readable(state.body))


def _region(code: str | None) -> str | None:
    """A region's name and code, the code alone where no table has it."""
    from crawler.research.places import name_of

    return f"{name_of(code) or ''} {code}".strip() if code else None


def _print_raw(archive: str | None, state: RevisionRecord) -> None:
    """The response's bytes on stdout, as they were received; on a terminal readable, its Content-Encoding undone."""
    import sys

    from crawler.archive import open_archive
    from crawler.archive.kept import http_response, kept_record
    from crawler.capture import payload_of

    if state.capture is None:
        raise output.UserError(f"Revision {state.number} was not read from a page: there is nothing to show.")
    engine = open_archive(archive)
    try:
        record = kept_record(engine, state.capture["id"])
    finally:
        engine.dispose()
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(http_response(record))
        return
    print(output.readable("\n".join([record.start_line, *(f"{name}: {value}" for name, value in record.headers), ""])))
    print(output.readable(payload_of(record).body.decode(state.capture["charset"] or "utf-8", "replace")))


def _differences(before: RevisionRecord | None, state: RevisionRecord) -> list[dict[str, Any]]:
    from crawler.research.difference import differences

    if before is None:
        return []
    fields = [
        {"field": name, "removed": old, "added": new}
        for name in ("title", "published_on")
        if (old := getattr(before, name)) != (new := getattr(state, name))
    ]
    body = [{"field": "body", each.kind: each.text} for each in differences(before.body, state.body)]
    return [*fields, *_corrected_beside(before, state), *body]


def _corrected_beside(before: RevisionRecord, state: RevisionRecord) -> list[dict[str, Any]]:
    """Corrections of what a state holds in its provenance alone: author, origin, region."""
    return [
        {"field": name, "removed": evidence["before"], "added": evidence["value"]}
        for name, evidence in state.provenance.items()
        if "value" in evidence and evidence != before.provenance.get(name)
    ]


def _print_diff(record: ArticleRecord, before: RevisionRecord | None, state: RevisionRecord) -> None:
    """Old sentences in red, new ones in green; marked with - and + where there is no colour."""
    from rich.text import Text

    console = output.console(soft_wrap=True)
    why = f", {state.reason}" if state.reason else ""
    again = f", the same as revision {state.same_as}" if state.same_as else ""
    console.print(Text(f"{record.uid} revision {state.number} of {record.revision_count} ({state.cause}{why}){again}"))
    if before is None:
        console.print(Text("The first state: there is nothing to compare it with."))
    for change in _differences(before, state):
        for kind, mark, style in (("removed", "-", "red"), ("added", "+", "green")):
            if change.get(kind) is not None:
                label = "" if change["field"] == "body" else f"{change['field']}: "
                console.print(Text(f"{mark} {label}{output.readable(str(change[kind]))}", style=style))


def _print_provenance(state: RevisionRecord) -> None:
    print()
    rows = [
        (name, evidence.get("rule"), evidence.get("confidence"), evidence.get("note"))
        for name, evidence in state.provenance.items()
    ]
    output.print_table(("field", "rule", "confidence", "note"), rows, right=("confidence",))
    for capture in filter(None, (state.capture, *state.parts)):
        print(f"read from capture {capture['id']}: {output.readable(capture['url'])}")
        print(f"  fetched {capture['fetched_at']:%Y-%m-%d %H:%M:%S} UTC, {capture['body_digest']}")

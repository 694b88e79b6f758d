"""`sources`: the registry of sites."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, LOOK, output

if TYPE_CHECKING:
    from crawler.operate.probe import Probe

app = typer.Typer(help="The registry of sites: list, show, add, check.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, json_: output.AsJson = False) -> int:
    """List the sources: those of the registry, and those the archive knows."""
    from crawler.operate.listing import list_sources

    rows = list_sources(context.obj)
    if json_:
        output.print_json(rows)
        return DONE
    columns = ("id", "name", "region", "kind", "schedule", "articles", "last crawl", "status")
    output.print_table(columns, [dataclasses.astuple(row)[: len(columns)] for row in rows], right=("articles",))
    return DONE


@app.command()
def show(
    source: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    json_: output.AsJson = False,
) -> int:
    """Show one source as its file has it."""
    from crawler.operate.probe import source_yaml
    from crawler.sources import Registry

    known = Registry()[source]
    if json_:
        output.print_json(known.model_dump(mode="json"))
    else:
        print(source_yaml(known), end="")
    return DONE


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A listing of the new source.", show_default=False)],
    id_: Annotated[str | None, typer.Option("--id", help="By default made from the host.")] = None,
    name: Annotated[str | None, typer.Option(help="By default the host.")] = None,
    region: Annotated[str | None, typer.Option(metavar="CODE", help="GB/T 2260 code of six digits.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    json_: output.AsJson = False,
) -> int:
    """Look at a listing, show what would be read, and write the source's YAML."""
    from crawler.operate.probe import new_source, probe, source_yaml, write_source
    from crawler.sources import Registry, load_source

    proposed, registry = new_source(url, name=name, source_id=id_, region=region), Registry()
    if proposed.id in registry:
        raise output.UserError(f"A source {proposed.id} exists already; choose another id with --id.")
    seen = probe(url)
    if json_:
        output.print_json(_probe_json(seen))
    else:
        _print_probe(seen)
    if seen.listing is None:
        raise output.UserError(f"{url} is no listing ({seen.reason}); give the URL of a page of entries.")
    path = registry.path_for(proposed.id)
    output.say(f"\n{path}:\n{source_yaml(proposed)}")
    if not yes and not typer.confirm("Write this file?", err=True):
        output.say("Nothing was written.")
        return DONE
    write_source(proposed, path)
    load_source(path)
    output.say(f"Written. Next: zhaoshang crawl {proposed.id}")
    return DONE


@app.command()
def check(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    json_: output.AsJson = False,
) -> int:
    """Fetch one listing and one article of a source, and name what changed since its last crawl."""
    from crawler.operate.probe import check as check_source
    from crawler.sources import Registry

    checked = check_source(Registry()[source], context.obj)
    if json_:
        output.print_json({**_probe_json(checked.probe), "changes": checked.changes})
    else:
        _print_probe(checked.probe)
        for change in checked.changes:
            print(output.readable(change))
        if not checked.changes:
            print("Nothing changed since the last crawl.")
    return LOOK if checked.changes else DONE


def _probe_json(seen: Probe) -> dict[str, Any]:
    from crawler.items import Page
    from crawler.operate.extracting import page_json

    shown = page_json(Page("listing" if seen.listing else "other", seen.reason, listing=seen.listing))
    article = page_json(Page("article", "", article=seen.article))["article"] if seen.article else None
    return {
        "url": seen.listing_url,
        "kind": seen.kind,
        "reason": seen.reason,
        "listing": shown["listing"],
        "article": article,
    }


def _print_probe(seen: Probe) -> None:
    if seen.listing is None:
        output.say(output.readable(f"{seen.listing_url}: {seen.kind} ({seen.reason})"))
        return
    rows = [
        (number, entry.published_on, entry.title, entry.url or "(no link)")
        for number, entry in enumerate(seen.listing.entries, 1)
    ]
    output.print_table(("", "date", "title", "link"), rows)
    following = seen.listing.next_page
    lines = [f"next page: {following.url} ({following.method}, {following.rule})" if following else "next page: none"]
    if seen.article_problem:
        lines.append(seen.article_problem)
    if seen.article:
        article = seen.article
        lines += [f"\none article: {article.title}", f"  url        {article.url}"]
        lines += [f"  published  {article.published_on}", f"  origin     {article.origin or ''}"]
        lines += [f"  body       {len(article.body)} characters: {article.body[:60]} …"]
    print(output.readable("\n".join(lines)))

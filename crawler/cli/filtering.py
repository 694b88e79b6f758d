"""The options that `search`, `export` and `plot` share: see `crawler.research.filters`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from crawler.research.filters import Filters

_PANEL = "Which articles"


def _option(*names: str, metavar: str, text: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=text, rich_help_panel=_PANEL, show_default=False)


def _options(
    region: Annotated[
        str | None, _option("--region", metavar="CODE|NAME", text="Of this place and what lies in it: 420100, 武汉.")
    ] = None,
    from_: Annotated[str | None, _option("--from", metavar="DATE", text="Published then or later: 2025-03-01.")] = None,
    to: Annotated[str | None, _option("--to", metavar="DATE", text="Published then or earlier.")] = None,
    source: Annotated[
        list[str] | None, _option("--source", metavar="ID", text="Of this source only; may be repeated.")
    ] = None,
    industry: Annotated[
        str | None, _option("--industry", metavar="CODE|NAME", text="Of this industry (GB/T 4754): C, 39, 制造业.")
    ] = None,
    event: Annotated[str | None, _option("--event", metavar="TYPE", text="Telling of this: signing, 签约.")] = None,
    min_amount: Annotated[
        str | None, _option("--min-amount", metavar="YUAN", text="With an amount of at least this: 10亿.")
    ] = None,
    max_amount: Annotated[
        str | None, _option("--max-amount", metavar="YUAN", text="With an amount of at most this.")
    ] = None,
    org: Annotated[str | None, _option("--org", metavar="NAME", text="Naming an organization like this.")] = None,
    as_of: Annotated[
        str | None, _option("--as-of", metavar="DATE", text="As the archive was at the end of this day.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", rich_help_panel=_PANEL, help="Every publication of a story, not the first alone.")
    ] = False,
) -> Filters:
    """Read the options. Raises FilterError."""
    from crawler.research.filters import Filters

    return Filters.of(
        region=region,
        since=from_,
        until=to,
        source=source or None,
        industry=industry,
        event=event,
        min_amount=min_amount,
        max_amount=max_amount,
        org=org,
        as_of=as_of,
        all=all_,
    )


def filtered(command: Callable[..., int]) -> Callable[..., int]:
    """A command whose parameter `filters` is given by the shared options, which come after its own."""
    own = inspect.signature(command)
    shared = inspect.signature(_options)
    later = {"Filters": object}  # imported when a command runs
    hints = {
        name: hint for each in (_options, command) for name, hint in get_type_hints(each, None, later, True).items()
    }

    @functools.wraps(command)
    def run(**given: Any) -> int:
        filters = _options(**{name: given.pop(name) for name in shared.parameters})
        return command(**given, filters=filters)

    mine = [each for name, each in own.parameters.items() if name != "filters"]
    both = [*mine, *shared.parameters.values()]
    kept = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[each.name]) for each in both]
    run.__signature__ = inspect.Signature(kept, return_annotation=int)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in kept}
    del run.__wrapped__  # typer would ask it for its annotations
    return run

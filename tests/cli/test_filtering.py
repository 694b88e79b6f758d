"""The options that commands share."""

from __future__ import annotations

import typer

from crawler.cli import filtering
from crawler.research.filters import Filters


def test_a_command_takes_the_shared_options_as_filters() -> None:
    app, given = typer.Typer(), []

    @filtering.filtered
    def find(context: typer.Context, filters: Filters, query: str = "") -> int:
        given.append((query, filters))
        return 0

    app.command()(find)
    line = "--query x --region 武汉 --from 2025 --source a --source b --min-amount 1亿 --all"
    app(line.split(), standalone_mode=False)
    app([], standalone_mode=False)
    asked = Filters.of(region="420100", since="2025", source=("a", "b"), min_amount=1e8, all=True)
    assert given == [("x", asked), ("", Filters())]

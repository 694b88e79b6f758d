"""The pictures as Altair charts, with Chinese labels. What they show, `crawler.research.plots.counting` counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.research.plots.counting import Rows

_BLUE = "#2b6cb0"
_WIDTH = 640
_TILE = 56
_BAR = 22
_DARK = 0.84  # from this share of the darkest colour on, white stands out more than dark ink (WCAG contrast)


def timeline(rows: Rows) -> Any:
    """Bars over time."""
    import altair

    unit = "月" if "-" in rows[0]["time"] else "年"
    return (
        _chart(rows)
        .mark_bar(color=_BLUE)
        .encode(
            x=altair.X("time:O", title=unit, axis=altair.Axis(labelOverlap=True, labelAngle=-45)),
            y=altair.Y("articles:Q", title="文章数", axis=altair.Axis(tickMinStep=1)),
        )
        .properties(width=_WIDTH, height=300)
    )


def classes(rows: Rows) -> Any:
    """Bars from small to large amounts."""
    return _bars(rows, "amount", [row["amount"] for row in rows], "文中最大金额")


def industries(rows: Rows) -> Any:
    """Bars from many to few articles."""
    return _bars(rows, "industry", [row["industry"] for row in rows], "行业")


def provinces(rows: Rows) -> Any:
    """Provinces as tiles of a grid: the darker, the more articles."""
    import altair

    most = max(row["articles"] for row in rows)
    place: dict[str, Any] = {
        "x": altair.X("column:O", axis=None, scale=altair.Scale(domain=list(range(9)), paddingInner=0.06)),
        "y": altair.Y("row:O", axis=None, scale=altair.Scale(domain=list(range(8)), paddingInner=0.06)),
    }
    colour = altair.Color(
        "articles:Q",
        title="文章数",
        scale=altair.Scale(domain=[0, most], range=["#edf2f7", _BLUE]),
        legend=altair.Legend(tickMinStep=1),
    )
    ink = _ink(most)
    base = _chart(rows).encode(**place)
    tiles = base.mark_rect(cornerRadius=4).encode(color=colour)
    names = base.mark_text(dy=-8, fontSize=13).encode(text="name:N", color=ink)
    counts = base.mark_text(dy=10, fontSize=11).encode(text="articles:Q", color=ink)
    return altair.layer(tiles, names, counts).properties(width=9 * _TILE, height=8 * _TILE)


def copying(rows: Rows) -> Any:
    """Who published first against who took it over."""
    import altair

    most = max(row["articles"] for row in rows)
    place: dict[str, Any] = {"x": altair.X("then:N", title="转载者"), "y": altair.Y("first:N", title="首发者")}
    colour = altair.Color("articles:Q", title="篇数", scale=altair.Scale(domain=[0, most], range=["#edf2f7", _BLUE]))
    ink = _ink(most)
    base = _chart(rows).encode(**place)
    counts = base.mark_text().encode(text="articles:Q", color=ink)
    return altair.layer(base.mark_rect().encode(color=colour), counts).properties(
        width=altair.Step(_TILE), height=altair.Step(_TILE // 2)
    )


def _ink(most: int) -> Any:
    """The colour of letters on a tile."""
    import altair

    return altair.condition(f"datum.articles > {_DARK * most}", altair.value("white"), altair.value("#1a202c"))


def _bars(rows: Rows, name: str, order: Sequence[str], title: str) -> Any:
    import altair

    base = _chart(rows).encode(
        x=altair.X("articles:Q", title="文章数", axis=altair.Axis(tickMinStep=1)),
        y=altair.Y(f"{name}:N", sort=list(order), title=title, axis=altair.Axis(labelLimit=320)),
    )
    numbers = base.mark_text(align="left", dx=4).encode(text="articles:Q")
    return altair.layer(base.mark_bar(color=_BLUE), numbers).properties(width=_WIDTH, height=altair.Step(_BAR))


def _chart(rows: Rows) -> Any:
    import altair

    return altair.Chart(altair.Data(values=rows))  # type: ignore[no-untyped-call]

"""Drawing a picture of the articles that filters mean, without the network: SVG, PNG, or a page that moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from sqlalchemy import Connection, Engine

from crawler.research.export.chunks import one_state
from crawler.research.export.writing import partial_file
from crawler.research.filters import Filters
from crawler.research.frames import MissingLibrary
from crawler.research.plots import charts, counting
from crawler.research.plots.fonts import FONTS_VARIABLE, extra_folder, find_font, known_fonts
from crawler.research.selection import check_sources

if TYPE_CHECKING:
    from crawler.research.plots.counting import Rows

Picture = Literal["articles", "amounts", "regions", "industries", "syndication"]
ENDINGS = (".svg", ".png", ".html")
_SCALE = 2.0  # pixels of a PNG for each of the picture


class PlotFailure(ValueError):
    """A picture that cannot be drawn; the text is one sentence that says what to do."""


@dataclass(slots=True, frozen=True)
class Plot:
    """One kind of picture: its title, how it is counted and drawn, and what is missing where it is empty."""

    title: str
    count: Callable[[Connection, Filters], Rows]
    draw: Callable[[Rows], Any]
    needs: str


PLOTS: dict[Picture, Plot] = {
    "articles": Plot("发表文章数", counting.by_time, charts.timeline, "articles with a day of publication"),
    "amounts": Plot("按最大金额划分的文章数", counting.by_amount, charts.classes, "articles that name an amount"),
    "regions": Plot("各省份相关文章数", counting.by_province, charts.provinces, "articles with a region"),
    "industries": Plot("各行业相关文章数", counting.by_industry, charts.industries, "articles with an industry"),
    "syndication": Plot("首发与转载", counting.by_copying, charts.copying, "stories that several sites published"),
}
assert set(PLOTS) == set(get_args(Picture))


def count_for(engine: Engine, picture: Picture, filters: Filters) -> Rows:
    """The rows that a picture shows. Raises FilterError."""
    with one_state(engine) as connection:
        check_sources(connection, filters)
        return PLOTS[picture].count(connection, filters)


def draw(engine: Engine, picture: Picture, filters: Filters, out: Path) -> Rows:
    """Draw a picture into a file (.svg, .png, .html) and give the rows it shows.

    Raises PlotFailure, FilterError, ExportFailure, MissingLibrary.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise PlotFailure(f"{out} does not say which format: name a file that ends in {', '.join(ENDINGS)}.")
    rows = count_for(engine, picture, filters)
    if not rows:
        raise PlotFailure(f"There is nothing to draw: no {PLOTS[picture].needs} among those that the filters mean.")
    content = _rendered(_chart(picture, filters, rows), ending)
    with partial_file(out) as target:
        target.write(content)
    return rows


def _chart(picture: Picture, filters: Filters, rows: Rows) -> Any:
    try:
        import altair
    except ImportError as error:
        raise MissingLibrary("Drawing a picture") from error
    plot = PLOTS[picture]
    asked = ", ".join(f"{name}: {value}" for name, value in filters.described.items())
    return plot.draw(rows).properties(title=altair.Title(plot.title, subtitle=asked, anchor="start"))


def _rendered(chart: Any, ending: str) -> bytes:
    try:
        import altair
        import vl_convert
    except ImportError as error:
        raise MissingLibrary("Drawing a picture") from error
    font = find_font()
    if ending == ".png" and font is None:
        raise PlotFailure(
            f"There is no font with Chinese characters here: install {known_fonts()[0][0]} (Debian: fonts-noto-cjk), "
            f"name a folder with one in {FONTS_VARIABLE}, or draw an .svg or .html, which take the reader's."
        )
    if extra := extra_folder():
        vl_convert.register_font_directory(str(extra.resolve()))
    spec = chart.configure(font=", ".join(_families(font)), background="white", view={"stroke": None}).to_dict()
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    if ending == ".png":
        return bytes(vl_convert.vegalite_to_png(spec, vl_version=version, scale=_SCALE))
    if ending == ".html":
        return vl_convert.vegalite_to_html(spec, vl_version=version, bundle=True).encode()
    return vl_convert.vegalite_to_svg(spec, vl_version=version).encode()


def _families(font: str | None) -> list[str]:
    """The font that is here, then those of readers elsewhere."""
    named = [family for family, _ in known_fonts()]
    return [*dict.fromkeys([font, *named] if font else named), "sans-serif"]

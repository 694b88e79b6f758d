"""`zhaoshang plot`: pictures that need no network, with labels that can be read."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Place
from tests.cli.test_usage import assert_one_sentence
from tests.research.plots.font import FAMILY, font
from tests.support import NETWORK, command, environment, finished, zhaoshang


def test_figures_are_printed(crawled: Place) -> None:
    rows = crawled.run("plot", "articles", "--json").json
    assert sum(row["articles"] for row in rows) == 4


def test_svg_has_chinese_labels_and_fonts_that_show_them(crawled: Place, tmp_path: Path) -> None:
    done = crawled.run("plot", "articles", "--out", tmp_path / "a.svg", "--from", "2000")
    assert (done.code, done.out) == (0, "")
    root = ElementTree.fromstring((tmp_path / "a.svg").read_text(encoding="utf-8"))
    texts = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"发表文章数", "文章数", "since: 2000-01-01"} <= texts
    families = {text.get("font-family") or "" for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert all("Noto Sans CJK SC" in family for family in families)


def test_html_is_whole_in_itself(crawled: Place, tmp_path: Path) -> None:
    line = command("--archive", crawled.archive, "plot", "articles", "--out", tmp_path / "a.html", first=NETWORK)
    done = finished(line, cwd=tmp_path)
    assert done.code == 0, done.err
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "发表文章数" in page
    assert not re.search(r"<(script|link)[^>]+(src|href)=", page)


def drawn(crawled: Place, folder: Path, *, square: bool) -> bytes:
    """A PNG whose only font with Chinese characters is one of ours."""
    folder.mkdir()
    (folder / "NotoSansSC-Test.ttf").write_bytes(font(square=square))
    env = environment({"ZHAOSHANG_FONTS": str(folder)})
    done = zhaoshang("--archive", crawled.archive, "plot", "articles", "--out", folder / "a.png", cwd=folder, env=env)
    assert done.code == 0, done.err
    return (folder / "a.png").read_bytes()


def test_png_is_drawn_with_the_font_that_was_found(crawled: Place, tmp_path: Path) -> None:
    squares, blanks = (drawn(crawled, tmp_path / str(square), square=square) for square in (True, False))
    assert squares.startswith(b"\x89PNG") and blanks.startswith(b"\x89PNG")
    assert squares != blanks


def test_without_a_chinese_font_the_error_names_one(
    crawled: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.archive import open_archive
    from crawler.research.filters import Filters
    from crawler.research.plots import drawing, fonts

    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path),))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("ZHAOSHANG_FONTS", raising=False)
    engine = open_archive(str(crawled.archive))
    with pytest.raises(drawing.PlotFailure, match=r"install Noto Sans CJK SC \(Debian: fonts-noto-cjk\)"):
        drawing.draw(engine, "articles", Filters(), tmp_path / "a.png")
    engine.dispose()
    (tmp_path / "NotoSansSC.ttf").touch()
    assert fonts.find_font() == FAMILY


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plot", "Missing argument"),
        ("plot nothing --out a.svg", "'nothing' is not one of"),
        ("plot articles", "Say where to draw it"),
        ("plot articles --out a.gif", "a.gif does not say which format"),
        ("plot articles --out a.svg --to 1999", "no articles with a day of publication among those"),
        ("plot syndication --out a.svg", "no stories that several sites published"),
        ("plot articles --out none/a.svg", "none/a.svg cannot be written"),
        ("plot articles --out a.svg --from soon", "--from 'soon' is no date"),
    ],
)
def test_wrong_use_is_one_sentence(crawled: Place, line: str, said: str) -> None:
    assert_one_sentence(crawled.run(*line.split()), 2, said)

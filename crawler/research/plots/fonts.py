"""Which font shows Chinese characters here. A picture of pixels needs one; SVG and HTML take those of their reader."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS_VARIABLE = "ZHAOSHANG_FONTS"
_TABLE = Path(__file__).with_name("fonts.csv")
_ENDINGS = {".ttf", ".otf", ".ttc", ".otc"}
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)


@cache
def known_fonts() -> tuple[tuple[str, str], ...]:
    """Families with Chinese characters and how their files begin, best first."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple((row["family"], row["file"]) for row in csv.DictReader(lines))


def extra_folder() -> Path | None:
    """The folder of fonts that the environment names."""
    named = os.environ.get(FONTS_VARIABLE)
    return Path(named).expanduser() if named else None


def find_font() -> str | None:
    """The family of an installed font with Chinese characters, None where there is none."""
    extra = extra_folder()  # goes first
    for folders in ([extra] if extra else [], [Path(folder).expanduser() for folder in _FOLDERS]):
        files = [name for folder in folders for name in _font_files(folder)]
        for family, begin in known_fonts():
            if any(name.startswith(begin.lower()) for name in files):
                return family
    return _of_fontconfig()


def _font_files(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from (path.name.lower() for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS)


def _of_fontconfig() -> str | None:
    """What fontconfig, where it is installed, knows of that this project does not."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    asked = [program, "--format", "%{family[0]}\\n", ":lang=zh-cn"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return min(filter(None, said.splitlines()), default=None)

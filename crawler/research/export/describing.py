"""What a data package says of itself: its Frictionless descriptor, its data dictionary, and how to cite it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import yaml

from crawler import __version__
from crawler.research.export.chunks import EXCERPT
from crawler.research.export.schema import Column, TableSchema
from crawler.research.export.wanted import Wanted
from crawler.research.export.writing import about

NAME = "zhaoshang-articles"
TITLE = "招商: articles of China's regional investment-promotion sites"
_TEXTS = {
    "none": "Metadata only: summaries and texts are left out.",
    "excerpt": f"Of each text the first {EXCERPT} characters are given.",
    "full": "Texts are given in full.",
}
LICENCE = "The texts belong to those who published them; their addresses are in the column url."


@dataclass(slots=True, frozen=True)
class DataFile:
    """One table as it was written: its path in the package, rows, bytes and SHA-256."""

    schema: TableSchema
    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(slots=True, frozen=True)
class Package:
    """A data package: what was asked for, the day whose state it gives, and the tables."""

    wanted: Wanted
    files: tuple[DataFile, ...]
    as_of: str | None
    sources: tuple[str, ...]

    @property
    def articles(self) -> int:
        """How many articles it holds."""
        return next(file.rows for file in self.files if file.schema.name == "articles")

    @property
    def version(self) -> str:
        """The day as a version: 2026.11.25."""
        return ".".join(str(int(part)) for part in self.as_of.split("-")) if self.as_of else "0.0.0"

    @property
    def description(self) -> str:
        """What it holds, in a few sentences."""
        kept = "every publication of a story" if self.wanted.filters.all else "of each story the first publication"
        state = f"as the archive was on {self.as_of}" if self.as_of else "of an empty archive"
        masked = "Mobile and identity numbers are masked." if self.wanted.masked else "Numbers are not masked."
        return (
            f"{self.articles} articles ({kept}) {state}, with the regions, amounts, organizations, industries, "
            f"events and projects that were read out of them. {_TEXTS[self.wanted.text]} {masked} {LICENCE}"
        )


def frictionless(package: Package) -> dict[str, Any]:
    """The descriptor `datapackage.json`."""
    asked = about(package.wanted)
    return {
        "profile": "data-package",
        "name": NAME,
        "title": TITLE,
        "description": package.description,
        "version": package.version,
        "keywords": ["招商引资", "investment promotion", "China"],
        "as_of": package.as_of,
        **asked,
        "resources": [_resource(file) for file in package.files],
    }


def _resource(file: DataFile) -> dict[str, Any]:
    return {
        "name": file.schema.name,
        "path": file.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [_field(column) for column in file.schema.columns],
            "missingValues": [""],
            **_keys(file.schema),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    kind = "string" if column.type == "list" else column.type
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.description}
    return {**field, "constraints": {"required": True}} if column.required else field


def _keys(schema: TableSchema) -> dict[str, Any]:
    if schema.name == "sources":
        return {"primaryKey": ["id"]}
    if schema.name == "articles":
        return {"primaryKey": ["uid"], "foreignKeys": [_refers("source", "sources", "id")]}
    return {"foreignKeys": [_refers("article", "articles", "uid")]}


def _refers(field: str, resource: str, to: str) -> dict[str, Any]:
    return {"fields": [field], "reference": {"resource": resource, "fields": [to]}}


def citation(package: Package) -> str:
    """`CITATION.cff` (https://citation-file-format.github.io/): its authors are the publishers of the articles."""
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them, and each article by its address.",
        "type": "dataset",
        "title": TITLE,
        "abstract": package.description,
        "version": package.version,
        "authors": [{"name": name} for name in package.sources] or [{"name": "Zhaoshang"}],
        "references": [
            {
                "type": "software",
                "title": "Zhaoshang",
                "version": __version__,
                "authors": [{"name": "The authors of Zhaoshang"}],
            }
        ],
    }
    if package.as_of:
        content["date-released"] = package.as_of
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)


def dictionary(package: Package) -> str:
    """`README.md`: what the package holds and what each column means."""
    asked = json.dumps(about(package.wanted), ensure_ascii=False)
    lines = [
        *(f"# {TITLE}", "", package.description, ""),
        f"Query: `{asked}`. The command `zhaoshang export --format datapackage` made it.",
        "",
        "Tables are CSV files in UTF-8. Lists in the table `articles` are joined by `; `; the tables of facts hold",
        "them one a row. A text that a spreadsheet would take for a formula (it begins with `= + - @`) has an",
        "apostrophe before it.",
        "Spans count Unicode code points in the archived text, so they need an export with `--text full --unmasked`",
        "or the archive. `SHA256SUMS` holds the digests of all files: `sha256sum -c SHA256SUMS`.",
    ]
    for file in package.files:
        lines += ["", f"## {file.schema.name}", "", f"`{file.path}`, {file.rows} rows", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        for column in file.schema.columns:
            needed = ", required" if column.required else ""
            lines.append(f"| `{column.name}` | {column.type}{needed} | {column.description} |")
    return "\n".join(lines) + "\n"

"""The registry: one YAML file a source, in the package, in the project's fixtures, and in $ZHAOSHANG_SOURCES."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from crawler.sources.reading import read_yaml
from crawler.sources.schema import Source

BUILT_IN = Path(__file__).parent / "sites"
FIXTURES = Path("fixtures")
SOURCES_VARIABLE = "ZHAOSHANG_SOURCES"
MAX_FILE = 200_000  # characters
MAX_ID = 64


class SourceError(ValueError):
    """A source file that cannot be used; the text says file, line and field."""


class UnknownSource(LookupError):
    """No source of that id; the text says which ids are near, or how to add one."""


def load_source(path: Path) -> Source:
    """Read one source file. Raises SourceError with the file, line and field that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SourceError(f"{path}: cannot be read: {reason}.") from error
    if len(text) > MAX_FILE:
        raise SourceError(f"{path}: is no source file: it is longer than {MAX_FILE} characters.")
    try:
        node, content = read_yaml(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        line = _yaml_line(error)
        problem = getattr(error, "problem", None) or str(error) or "it is nested too deeply"
        raise SourceError(f"{path}:{line}: not valid YAML: {' '.join(problem.split())}.") from error
    if not isinstance(content, dict):
        raise SourceError(f"{path}:1: a source file is a mapping of fields such as id, name, homepage, start_urls.")
    try:
        return Source.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"]) or "source"
        line = _field_line(node, first["loc"])
        raise SourceError(f"{path}:{line}: field `{field}`: {_plain(first)}.") from error


def source_from_fields(fields: Mapping[str, object]) -> Source:
    """A source of these fields, as a file would give them. Raises SourceError with the field that is wrong."""
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise SourceError(f"Field `{'.'.join(map(str, first['loc']))}` of a source: {_plain(first)}.") from error


def source_from_url(url: str) -> Source:
    """A source made from nothing but the URL of a listing: its id and name are those of the host."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SourceError(f"{url[:200]!r} has no valid host and port.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise SourceError(f"{url[:200]!r} is no http or https URL.")
    netloc = parts.netloc.rpartition("@")[2]
    slug = _slug(host.removeprefix("www."), port)
    try:
        return Source(id=slug, name=netloc[:200], homepage=f"{parts.scheme}://{netloc}/", start_urls=(url,))
    except ValidationError as error:
        raise SourceError(f"{url[:200]!r} cannot be crawled: {_plain(error.errors()[0])}.") from error


def _slug(host: str, port: int | None) -> str:
    """The id of a host: its name in ASCII, with the port where one is given."""
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    end = f"-{port}" if port else ""
    slug = re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-.")[: MAX_ID - len(end)].strip("-.")
    return f"{slug or 'site'}{end}"


class Registry:
    """All sources known by file. Folders are read in order; a later folder may replace a source of an earlier one."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self.folders = list(folders) if folders is not None else default_folders()
        self._files: dict[str, Path] | None = None

    def __iter__(self) -> Iterator[Source]:
        for source_id in sorted(self._paths()):
            yield self[source_id]

    def __getitem__(self, source_id: str) -> Source:
        """The source of that id. Raises UnknownSource, or SourceError where its file is wrong."""
        path = self._paths().get(source_id)
        if path is None:
            near = difflib.get_close_matches(source_id, self._paths(), n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "`zhaoshang sources list` shows all."
            raise UnknownSource(f"There is no source {source_id!r}: {hint} A new one: zhaoshang sources add URL")
        source = load_source(path)
        if source.id != source_id:
            raise SourceError(f"{path}:1: field `id`: is {source.id!r}, but the file is named for {source_id!r}.")
        return source

    def __contains__(self, source_id: str) -> bool:
        return source_id in self._paths()

    def ids(self) -> list[str]:
        """All ids, in order of the alphabet, without reading the files."""
        return sorted(self._paths())

    def is_fixture(self, source_id: str) -> bool:
        """Whether a source is one of the fixture sites, which are there only while something serves them."""
        path = self._paths().get(source_id)
        return path is not None and path.parent.parent == FIXTURES

    def path_for(self, source_id: str) -> Path:
        """Where `sources add` writes a new source: the last folder of $ZHAOSHANG_SOURCES, else with the package's."""
        folder = BUILT_IN if self.folders[-1] == FIXTURES else self.folders[-1]
        return folder / f"{source_id}.yaml"

    def _paths(self) -> dict[str, Path]:
        if self._files is None:
            self._files = {
                path.parent.name if path.stem == "source" else path.stem: path
                for folder in self.folders
                if folder.is_dir()
                for path in sorted([*folder.glob("*.yaml"), *folder.glob("*/source.yaml")])
            }
        return self._files


def default_folders() -> list[Path]:
    """The package's own sites, the fixtures of the working folder, and the folders in $ZHAOSHANG_SOURCES."""
    extra = os.environ.get(SOURCES_VARIABLE, "")
    own = [Path(part) for part in extra.split(os.pathsep) if part]
    return [BUILT_IN, FIXTURES, *own]


def _yaml_line(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _field_line(node: Any, location: Sequence[int | str]) -> int:
    """The 1-based line of the deepest node on the path that exists in the file."""
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def _plain(error: Any) -> str:
    """Pydantic's message for one error, in our words where theirs would puzzle."""
    words = {
        "missing": "is missing",
        "extra_forbidden": "is not a field of a source",
        "string_pattern_mismatch": f"does not match {error.get('ctx', {}).get('pattern', 'its pattern')}",
    }
    message: str = words.get(error["type"], error["msg"])
    return message.removeprefix("Value error, ").rstrip(".")

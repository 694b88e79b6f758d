"""What a fixture site is: a folder with a `site.yaml` that describes it and `pages/` that holds its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class SiteError(ValueError):
    """A fixture site that cannot be served; its text is one sentence that names the file and the field."""


class Route(BaseModel):
    """One answer that a plain file cannot give. Every parameter named in `query` and `form` must be equal.

    `delay` holds the answer back for so many seconds; `drop` closes the connection without an answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    path: str = Field(pattern=r"^/")
    method: Literal["GET", "POST"] = "GET"
    query: dict[str, str] = {}
    form: dict[str, str] = {}
    file: str | None = None
    body: str | None = None
    status: int = Field(default=200, ge=200, le=599)
    content_type: str | None = None
    headers: dict[str, str] = {}
    delay: float = Field(default=0, ge=0)
    drop: bool = False

    def matches(self, method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]) -> bool:
        """Whether this route answers the request; a GET route answers HEAD too."""
        return (
            self.path == path
            and self.method == ("GET" if method == "HEAD" else method)
            and all(query.get(name) == value for name, value in self.query.items())
            and all(form.get(name) == value for name, value in self.form.items())
        )


class Site(BaseModel):
    """A fixture site as its `site.yaml` describes it.

    `charset` is appended to the Content-Type of HTML; null leaves it out, as many real servers do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str = ""
    family: str = ""
    port: int = Field(default=0, ge=0, le=65535)
    charset: str | None = "utf-8"
    index: str = "index.html"
    routes: tuple[Route, ...] = ()


def load_site(folder: Path) -> Site:
    """Read `site.yaml` of a fixture site.

    Raises SiteError, one sentence with the file and the field, where it is missing, is not YAML, does not
    follow the schema or names a page that is not there.
    """
    path = folder / "site.yaml"
    try:
        site = Site.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SiteError(f"{path} cannot be read ({error.strerror}): name the folder of a fixture site.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SiteError(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise SiteError(f"{path}: {field}: {first['msg']}.") from error
    for number, route in enumerate(site.routes):
        if route.file is not None and page_file(folder / "pages", route.file) is None:
            raise SiteError(f"{path}: routes.{number}.file: there is no page {route.file!r} in {folder / 'pages'}.")
    return site


def page_file(pages: Path, name: str) -> Path | None:
    """The file or folder `name` under `pages`; None where it is missing or lies elsewhere (`..`, a symlink)."""
    try:
        root = pages.resolve(strict=True)
        found = (root / name.lstrip("/")).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return found if found.is_relative_to(root) else None

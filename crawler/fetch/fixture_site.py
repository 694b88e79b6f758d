"""What a fixture site is: a folder with a `site.yaml` that describes it and `pages/` that holds its files.

Hand-written sites name paths and are served on loopback. Recorded ones (`fixture record`) name the addresses they were
fetched from, so that a replay answers under those and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from crawler.extract.urls import canonical_url


class SiteError(ValueError):
    """A fixture site that cannot be served; its text is one sentence that names the file and the field."""


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class Route(BaseModel):
    """One answer that a plain file cannot give. Every parameter named in `query` and `form` must be equal.

    `url` in the place of `path` is an address as it was recorded: it answers its own query alone, under any host on
    loopback and under its own host in a replay. `charset` is noted for whoever edits the file; `recorded_at` is when
    the answer was fetched. `delay` holds the answer back for so many seconds; `drop` closes the connection.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    path: str = Field(default="", pattern=r"^(/|$)")
    url: str | None = Field(default=None, pattern=r"^https?://[^/]")
    method: Literal["GET", "POST"] = "GET"
    query: dict[str, str] = {}
    form: dict[str, str] = {}
    file: str | None = None
    body: str | None = None
    status: int = Field(default=200, ge=200, le=599)
    content_type: str | None = None
    charset: str | None = None
    headers: dict[str, str] = {}
    recorded_at: Moment | None = None
    delay: float = Field(default=0, ge=0)
    drop: bool = False

    @model_validator(mode="after")
    def _names_an_address(self) -> Route:
        if bool(self.path) == bool(self.url):
            raise ValueError("give either path or url")
        return self

    def matches(self, asked: Asked) -> bool:
        """Whether this route answers the request; a GET route answers HEAD too."""
        if self.method != ("GET" if asked.method == "HEAD" else asked.method):
            return False
        if any(asked.form.get(name) != value for name, value in self.form.items()):
            return False
        if self.url is not None:
            if asked.url is not None:
                return canonical_url(asked.url) == canonical_url(self.url)
            return asked.target_key == target_key(self.url)
        return self.path == asked.path and all(asked.query.get(name) == value for name, value in self.query.items())


class Asked:
    """A request to a fixture site: `target` is path and query; `url` is the whole address where it is known."""

    def __init__(self, method: str, target: str, form: Mapping[str, str], url: str | None = None) -> None:
        self.method, self.target, self.form, self.url = method, target, form, url
        raw_path, _, self.raw_query = target.partition("?")
        self.path = unquote(raw_path)
        self.query = dict(parse_qsl(self.raw_query, keep_blank_values=True))
        self.target_key = target_key(target)


class Site(BaseModel):
    """A fixture site as its `site.yaml` describes it.

    `charset` is appended to the Content-Type of HTML; null leaves it out, as many real servers do. `recorded_at` is the
    day its pages are of: a replay reads them as of then. `origin` is where a recorded site was fetched.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str = ""
    family: str = ""
    port: int = Field(default=0, ge=0, le=65535)
    charset: str | None = "utf-8"
    index: str = "index.html"
    origin: str | None = None
    recorded_at: Moment | None = None
    routes: tuple[Route, ...] = ()


def load_site(folder: Path) -> Site:
    """Read `site.yaml` of a fixture site.

    Raises SiteError, one sentence with the file and the field, where it is missing, is not YAML, does not
    follow the schema or names a page that is not there.
    """
    path = folder / "site.yaml"
    try:
        content: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
        site = Site.model_validate(content)
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


def target_key(url: str) -> str:
    """Path and query of an address, in the form in which equal ones are equal; hosts do not count."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return canonical_url(f"http://fixture.invalid{parts.path or '/'}{query}")

"""Addresses: one key for one page, whether two addresses are one site, and links as absolute addresses."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

RULES = 2
"""The version of the rules below. What an archive named by an earlier one is still met under that name."""


@dataclass(slots=True, frozen=True)
class NoiseParameter:
    """A query parameter that does not choose the page: names and values match in full, without case.

    `since` is the version of the rules that the row came with.
    """

    name: str
    value: str
    why: str
    since: int = 1

    def pattern(self) -> str:
        """Return the rule as a regular expression over `name=value`."""
        return f"(?:{self.name})(?:=(?:{self.value}))?"


NOISE_PARAMETERS: tuple[NoiseParameter, ...] = (
    NoiseParameter(r"utm_\w{1,40}", r".*", "campaign tracking"),
    NoiseParameter(r"spm|scm|pvid|hmsr|hmpl|hmcu|hmkw|hmci|bd_vid|_hsenc|_ga|_gl", r".*", "click tracking"),
    NoiseParameter(r"gclid|fbclid|msclkid|yclid|dclid|tdsourcetag|clicktime|enterid", r".*", "click tracking"),
    # A range query such as ?from=2024-01-01&to=… chooses the page: values that begin with a digit stay.
    NoiseParameter(r"from", r"(?:\D.*)?", "where the reader came from"),
    NoiseParameter(r"share|shared|sharefrom|share_\w{1,30}|sharer_\w{1,30}|mpshare|isappinstalled", r".*", "sharing"),
    NoiseParameter(r"share(?:token|type|time|uid|source)", r".*", "sharing", since=2),
    NoiseParameter(r"wxshare\w{0,20}|nsukey|chksm|scene|srcid|wx_share", r".*", "sharing in WeChat"),
    NoiseParameter(r"jsessionid|phpsessid|aspsessionid\w{0,20}|cfid|cftoken|session_?id", r".*", "session"),
    # gkmlpt's sid is a site's number; a session's is long.
    NoiseParameter(r"sid|s|session", r"[0-9a-z_-]{20,200}", "session"),
    # A moment or Math.random(); a short number may be a page's.
    NoiseParameter(r"_|_t|rnd|rand|random|timestamp|nocache", r"\d{10,13}|0?\.\d{3,20}", "kept out of caches", since=2),
)
_NOISE = {
    rules: re.compile(
        "|".join(rule.pattern() for rule in NOISE_PARAMETERS if rule.since <= rules), re.IGNORECASE | re.DOTALL
    )
    for rules in range(1, RULES + 1)
}

INDEX_NAMES = frozenset(
    {"index.html", "index.htm", "index.shtml", "index.jhtml", "default.aspx", "default.html", "default.htm"}
)
"""File names that a server answers with for the folder itself."""

TWIN_LABELS = ("www", "m", "wap", "3g")
"""First labels of a host under which the same site answers."""

PUBLIC_SUFFIXES = frozenset(
    f"{label}.{top}" for label in ("gov", "com", "org", "net", "edu", "ac", "mil") for top in ("cn", "hk", "tw", "mo")
) | {"gov.hk", "idv.tw", "公司.cn"}
"""Names under which everyone registers: never a site by themselves, except as www.NAME (www.gov.cn)."""

DEFAULT_PORTS = {"http": 80, "https": 443}
ROUTED_FRAGMENTS = (re.compile(r"/gkmlpt/index$"),)
"""Paths whose fragment chooses what the page shows (gkmlpt: the column's number)."""

_BLANKS = re.compile(r"[\t\r\n]")
_EDGES = "".join(map(chr, range(0x21))) + "\u3000\u00a0\ufeff\u200b"
_SESSION_SEGMENT = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_COOKIELESS = re.compile(r"/\((?:[A-Z]\([0-9A-Za-z]{1,80}\)){1,4}\)(?=/)")
_SLASHES = re.compile(r"/{2,}")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}:")
_MAX_URL = 8_000


def canonical_url(url: str, *, rules: int = RULES) -> str:
    """Return the key of a page: equal for every address under which the same page is met.

    Scheme and host in lower case, https as http, `www.`, `m.` and `wap.` hosts as the bare host, no default
    port, no user, no fragment, no tracking or session parameter, no index file name, no dot segments, one slash
    for several, percent-encoding normalised. Where a port is given, scheme and host stay as they are. The order
    of the query stays, and so does a slash at the end. Text that is no http address comes back stripped.
    `rules` asks for the key of an earlier version. Idempotent; raises nothing.
    """
    text = url.strip(_EDGES)
    parts = _split(text)
    if parts is None:
        return text
    try:
        host, port = _host(parts), parts.port
    except ValueError:
        return text
    scheme = parts.scheme
    if port is None or port == DEFAULT_PORTS[scheme]:
        scheme, netloc = "http", bare_host(host)
    else:
        netloc = f"{host}:{port}"
    path = _canonical_path(parts.path, rules)
    query = _canonical_query(parts.query, rules)
    fragment = parts.fragment if any(rule.search(path) for rule in ROUTED_FRAGMENTS) else ""
    return f"{scheme}://{netloc}{path}" + (f"?{query}" if query else "") + (f"#{quote(fragment)}" if fragment else "")


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses belong to one site: the same host without its twins, or a subdomain of it.

    Explicit ports must be equal; hosts that are IP addresses or single names must be equal as they stand.
    """
    first, second = _site(one), _site(other)
    if first is None or second is None or first[1] != second[1]:
        return False
    a, b = first[0], second[0]
    if a == b:
        return True
    if _is_address(a) or _is_address(b):
        return False
    return _is_below(a, b) or _is_below(b, a)


def join(base: str, href: str) -> str | None:
    """Return the absolute http address that `href` names on the page `base`, or None where it names none.

    Blanks at the edges, line breaks inside and backslashes are what real pages hold; `javascript:`,
    `mailto:` and the like are no address.
    """
    text = _BLANKS.sub("", href[:_MAX_URL]).strip(_EDGES)
    if not text:
        return None
    head, mark, tail = text.partition("?")
    text = (head.replace("\\", "/") + mark + tail).replace(" ", "%20")
    if scheme := _SCHEME.match(text):
        if scheme[0].lower() not in ("http:", "https:"):
            return None
        # Browsers read any number of slashes as two.
        rest = text[scheme.end() :].lstrip("/")
        if not rest:
            return None
        text = f"{scheme[0].lower()}//{rest}"
    try:
        joined = urljoin(base, text)
        parts = urlsplit(joined)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    return joined


def bare_host(host: str) -> str:
    """Return the host without the labels under which the same site answers twice (`www.`, `m.`)."""
    if _is_address(host):
        return host
    while True:
        label, _, rest = host.partition(".")
        if label not in TWIN_LABELS or "." not in rest or rest in PUBLIC_SUFFIXES:
            return host
        host = rest


def _split(text: str) -> SplitResult | None:
    if len(text) > _MAX_URL:
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            return None
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> str:
    """Return the host in lower case and ASCII; raises ValueError where it cannot be one."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host.partition('%')[0]).compressed}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower()  # UnicodeError is a ValueError
    if not host or not re.fullmatch(r"[\w.~-]{1,255}", host, re.ASCII):
        raise ValueError(f"no host name: {host!r}")
    return host


def _canonical_path(path: str, rules: int) -> str:
    path = _normalise_percent(path, safe="/:@!$&'()*+,;=")
    path = _COOKIELESS.sub("", _SESSION_SEGMENT.sub("", path))
    if rules >= 2:
        path = _SLASHES.sub("/", path)
    kept: list[str] = []
    segments = path.split("/")[1:]
    for number, segment in enumerate(segments, 1):
        last = number == len(segments)
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    if kept and kept[-1].lower() in INDEX_NAMES:
        kept[-1] = ""
    return "/" + "/".join(kept)


def _canonical_query(query: str, rules: int) -> str:
    noise = _NOISE[rules]
    pieces = (piece for piece in query.split("&") if piece and not noise.fullmatch(piece))
    return "&".join(_normalise_percent(piece, safe="/:@!$'()*+,;=?") for piece in pieces)


def _normalise_percent(text: str, *, safe: str) -> str:
    """Decode what needs no encoding, write the rest with upper-case digits, encode what must be."""
    if text.isascii() and "%" not in text and text.isprintable():
        return quote(text, safe=safe)

    def normal(found: re.Match[str]) -> str:
        digits = found.group(1)
        if digits is None:
            return "%25"
        character = chr(int(digits, 16))
        return character if character in _UNRESERVED else f"%{digits.upper()}"

    return quote(_PERCENT.sub(normal, text), safe=safe + "%", errors="replace")


@lru_cache(maxsize=4096)
def _site(url: str) -> tuple[str, int | None] | None:
    parts = _split(url.strip(_EDGES))
    if parts is None:
        return None
    try:
        port = parts.port
        host = _host(parts)
    except ValueError:
        return None
    return bare_host(host), None if port == DEFAULT_PORTS[parts.scheme] else port


def _is_below(host: str, parent: str) -> bool:
    return parent not in PUBLIC_SUFFIXES and "." in parent and host.endswith("." + parent)


def _is_address(host: str) -> bool:
    if host.startswith("["):
        return True
    last = host.rpartition(".")[2]
    return last.isdecimal() or "." not in host

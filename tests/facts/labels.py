"""Reading the labelled set under `gold/`: marked-up sentences, and the digests of articles that are kept elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from crawler.fact_items import FactField
from tests.support import SHARED

GOLD = Path(__file__).with_name("gold")
SEED = SHARED / "seed" / "listing.txt"

FactType = Literal["regions", "amounts", "organizations", "events"]
_NUMBER_AND_REST = re.compile(r"(?P<low>[\d.e+]+)(?:~(?P<high>[\d.e+]+))?(?P<words>.*)")
_TAIL = re.compile(r"\s+([#@!])([^\s].*?)(?=\s+[#@!]|$)")


@dataclass(slots=True, frozen=True)
class Label:
    """One fact as a person labelled it. `value` is what must be equal, `extras` what is counted apart."""

    type: FactType
    field: FactField
    start: int
    end: int
    value: tuple[object, ...]
    extras: tuple[tuple[str, object], ...] = ()


@dataclass(slots=True, frozen=True)
class GoldProject:
    """A project as labelled: the four that one sentence ties together."""

    organization: str | None
    value_cny: float | None
    region_code: str | None
    event: str | None


@dataclass(slots=True, frozen=True)
class GoldText:
    """A labelled text. `industries` are the right divisions, empty where none was sure; `traps` hold no fact."""

    name: str
    title: str
    body: str
    on: date | None
    labels: tuple[Label, ...]
    industries: tuple[str, ...] = ()
    projects: tuple[GoldProject, ...] = ()
    traps: tuple[tuple[int, int], ...] = ()
    subject: str | None = None


def sentences(name: str) -> list[GoldText]:
    """The texts of `gold/NAME.txt`. Raises ValueError with the line that is not written as docs/facts.md says."""
    lines = (GOLD / f"{name}.txt").read_text("utf-8").splitlines()
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#"))
    return [marked_up(f"{name}:{number}", line) for number, line in numbered]


def marked_up(name: str, line: str) -> GoldText:
    """Read one line of the markup."""
    tail = _TAIL.search(line)
    text, ends = (line[: tail.start()], _TAIL.findall(line, tail.start())) if tail else (line, [])
    body, spans = _spans(name, text.replace("\\n", "\n").replace("\\t", "\t"))
    labels = [_label(name, body, span) for span in spans if span[2] != "-"]
    by_mark: dict[str, list[str]] = {"#": [], "@": [], "!": []}
    for mark, words in ends:
        by_mark[mark].append(words)
    return GoldText(
        name=name,
        title="",
        body=body,
        on=date.fromisoformat(by_mark["@"][0]) if by_mark["@"] else None,
        labels=tuple(labels),
        industries=tuple(" ".join(by_mark["#"]).split()),
        projects=tuple(_project(words) for words in by_mark["!"]),
        traps=tuple((start, end) for start, end, label in spans if label == "-"),
    )


def _spans(name: str, text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The plain text and its spans in the order of their ends."""
    plain: list[str] = []
    opened: list[int] = []
    spans: list[tuple[int, int, str]] = []
    length = 0
    for piece in re.split(r"(\[|\|[^\[\]|]*\])", text):
        if piece == "[":
            opened.append(length)
        elif piece.startswith("|"):
            if not opened:
                raise ValueError(f"{name}: {piece} closes no bracket")
            spans.append((opened.pop(), length, piece[1:-1]))
        else:
            plain.append(piece)
            length += len(piece)
    if opened:
        raise ValueError(f"{name}: a bracket is not closed")
    return "".join(plain), spans


def _label(name: str, body: str, span: tuple[int, int, str]) -> Label:
    start, end, words = span
    kind, _, rest = words.partition("=")
    kind, _, role = kind.partition(":")
    if kind == "r":
        rest, _, role = rest.partition(":")
        code, _, now = rest.partition(">")
        extras = [("role", role)] * bool(role) + [("code_now", now)] * bool(now)
        return Label("regions", "body", start, end, (None if code == "?" else code,), tuple(extras))
    if kind == "a":
        return _amount(start, end, rest)
    if kind == "o":
        long, _, later = rest.partition(":")
        role = role or later
        return Label("organizations", "body", start, end, (long or body[start:end],), (("role", role),) if role else ())
    if kind == "e":
        event, _, count = rest.partition("*")
        return Label("events", "body", start, end, (event, int(count) if count else None))
    raise ValueError(f"{name}: {words} is no label")


def _amount(start: int, end: int, words: str) -> Label:
    found = _NUMBER_AND_REST.fullmatch(words)
    if found is None:
        raise ValueError(f"{words} is no amount")
    low = float(found["low"])
    high = float(found["high"]) if found["high"] else None
    rest = found["words"].split()
    currency = rest.pop(0) if rest and rest[0].isupper() else "CNY"
    qualifier = rest.pop(0) if rest else "exact"
    extras = (("qualifier", qualifier), *((("kind", kind),) if (kind := rest[0] if rest else "") else ()))
    bounds = (low, high) if high is not None else (None, None)
    return Label("amounts", "body", start, end, (low, currency, *bounds), extras)


def _project(words: str) -> GoldProject:
    organization, value, code, event = (each or None for each in words.split(";"))
    return GoldProject(organization, float(value) if value else None, code, event)


def seed_articles() -> list[GoldText]:
    """The labelled articles of the seed. Raises ValueError where the listing is another than the labelled one."""
    records = _seed_records()
    described = json.loads((GOLD / "seed.json").read_text("utf-8"))["articles"]
    return [_seed_article(each, *records[each["article"] - 1]) for each in described]


def _seed_records() -> list[tuple[str, str]]:
    """Title and body of each record: its first and its second line."""
    records = re.split(r"^-$", SEED.read_text("utf-8"), flags=re.MULTILINE)
    lines = [record.strip("\n").split("\n") for record in records]
    return [(each[0], each[1]) for each in lines if len(each) >= 3]


def digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _seed_article(described: dict[str, Any], title: str, body: str) -> GoldText:
    fields = {"title": title, "body": body}
    for field, text in fields.items():
        if described[field] != digest(text):
            raise ValueError(f"the {field} of seed article {described['article']} is not the labelled one")
    return GoldText(
        name=f"seed:{described['article']}",
        title=title,
        body=body,
        on=date.fromisoformat(described["on"]),
        labels=tuple(_seed_label(row, fields) for row in described["facts"]),
        industries=tuple(described["industries"]),
        subject=described["subject"],
    )


def _seed_label(row: dict[str, Any], fields: dict[str, str]) -> Label:
    surface = fields[row["field"]][row["start"] : row["end"]]
    if not digest(surface).startswith(row["digest"]):
        raise ValueError(f"{row} does not hold the labelled text")
    kind = cast(FactType, row["type"])
    value: tuple[object, ...]
    if kind == "regions":
        value = (row["code"],)
    elif kind == "amounts":
        bounds = (row["low"], row["high"]) if row["low"] and row["high"] else (None, None)
        value = (row["value"], row["currency"], *bounds)
    elif kind == "organizations":
        field, start, end = row.get("long", (row["field"], row["start"], row["end"]))
        value = (fields[field][start:end],)
    else:
        value = (row["event"], row["count"])
    extras = tuple((key, row[key]) for key in ("role", "qualifier", "kind") if row.get(key))
    return Label(kind, row["field"], row["start"], row["end"], value, extras)

"""Every regular expression of the extractor, found where it stands, and texts on which it has the most to do."""

from __future__ import annotations

import ast
import builtins
import gc
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import crawler.extract
from crawler.extract import read_page
from tests.extract.saved_pages import pages_of

AnyPattern = re.Pattern[Any]
# Read by `re` itself; the public module of that name is deprecated.
_parse = importlib.import_module("re._parser").parse

_CALLS = frozenset({"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
_COMMON = (
    " ",
    "\n",
    "0",
    "1",
    "a",
    "A",
    "一",
    "年",
    "月",
    "-",
    "/",
    ":",
    "：",
    ".",
    "<",
    ">",
    '"',
    "=",
    "(",
    "[",
    "\u3000",
)
_LONGEST_SAMPLE = 60


@dataclass(slots=True, frozen=True)
class Found:
    """A pattern and the module and name under which it was found."""

    name: str
    pattern: AnyPattern


def modules() -> list[ModuleType]:
    """The modules of the extractor."""
    walked = pkgutil.walk_packages(crawler.extract.__path__, "crawler.extract.")
    return [importlib.import_module(each.name) for each in walked if not each.ispkg]


def all_patterns() -> dict[tuple[str | bytes, int], Found]:
    """Compiled patterns in globals, tables and cached functions, and those written where they are used."""
    for page in (*pages_of("trs-huangshi"), *pages_of("portal-hubei")):
        for status in (200, 412):  # what is made when it is first needed is made now
            read_page(page.body, page.url, status=status)
    found: dict[tuple[str | bytes, int], Found] = {}
    for module in modules():
        for name, held in vars(module).items():
            for pattern in _within(held, set()):
                found.setdefault((pattern.pattern, pattern.flags), Found(f"{module.__name__}.{name}", pattern))
        for line, pattern in written_in_calls(module):
            found.setdefault((pattern.pattern, pattern.flags), Found(f"{module.__name__}:{line}", pattern))
    return found


def _within(held: object, seen: set[int]) -> Iterator[AnyPattern]:
    if id(held) in seen:
        return
    seen.add(id(held))
    if isinstance(held, re.Pattern):
        yield held
    elif isinstance(held, Mapping):
        for value in held.values():
            yield from _within(value, seen)
    elif isinstance(held, (tuple, list, set, frozenset)):
        for value in held:
            yield from _within(value, seen)
    elif is_dataclass(held) and not isinstance(held, type):
        for field in fields(held):
            yield from _within(getattr(held, field.name), seen)
    elif hasattr(held, "cache_info"):
        # Patterns made from a table file are held by the cache of the function that makes them.
        for cached in gc.get_referents(held):
            if isinstance(cached, dict) and "__wrapped__" not in cached:
                yield from _within(cached, seen)
    elif isinstance(held, FunctionType):
        yield from _within(held.__defaults__ or (), seen)


class _Samples(dict[str, Any]):
    """The names of a module; one that a function sets itself stands for a short word."""

    def __missing__(self, name: str) -> str:
        return "x1"


def written_in_calls(module: ModuleType) -> Iterator[tuple[int, AnyPattern]]:
    """The line and pattern of each call such as `re.search(r"...", text)`; what is filled in becomes a short word."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in _CALLS:
            names = _Samples({**vars(builtins), **vars(module)})
            values = [_value(each, names) for each in (*node.args, *(word.value for word in node.keywords))]
            flags = [value for value in values if isinstance(value, re.RegexFlag)]
            if not isinstance(values[0], (str, bytes)):
                raise TypeError(f"{module.__name__}:{node.lineno}: what pattern is this?")
            yield node.lineno, re.compile(values[0], flags[0] if flags else re.NOFLAG)


def _value(expression: ast.expr, names: _Samples) -> object:
    try:
        return eval(compile(ast.Expression(expression), "<pattern>", "eval"), {}, names)
    except Exception:  # made of what only the running function has
        return None


class Text(NamedTuple):
    """A text of any length: a beginning, a piece that is repeated, and an end."""

    piece: str
    before: str = ""
    after: str = ""

    def of(self, size: int) -> str:
        """The text with that many characters."""
        room = max(0, size - len(self.before) - len(self.after))
        return self.before + (self.piece * (room // len(self.piece) + 1))[:room] + self.after


def worst_texts(pattern: AnyPattern) -> list[Text]:
    """Texts that the pattern can hardly get through: runs, repeated beginnings, near misses."""
    tree = list(_parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    pieces = [*_COMMON, *_signs(tree)]
    for sample in (_sample(tree, 0), _sample(tree, 1), _sample(tree, 3)):
        pieces.extend(sample[:end] for end in _spread(len(sample)))
    texts = [Text(piece) for piece in pieces if piece]
    texts.extend(Text(pump, before, "\x01") for before, pump in _repeats(tree, "") if pump)
    return list(dict.fromkeys(texts))


def _spread(length: int) -> Iterable[int]:
    step = max(1, length // 6)
    return sorted({1, 2, length - 1, length, *range(step, length, step)} - {0, -1})


def _signs(tree: Iterable[Any]) -> Iterator[str]:
    """One sign for each class and literal that the pattern names."""
    for code, argument in _nodes(tree):
        yield _sign(code, argument)


def _nodes(tree: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for code, argument in tree:
        yield str(code), argument
        for inner in _inside(str(code), argument):
            yield from _nodes(inner)


def _inside(code: str, argument: Any) -> list[Any]:
    """The sub-patterns of a node."""
    match code:
        case "SUBPATTERN":
            return [argument[3]]
        case "BRANCH":
            return list(argument[1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [argument[2]]
        case "ASSERT" | "ASSERT_NOT":
            return [argument[1]]
        case "ATOMIC_GROUP":
            return [argument]
    return []


_CATEGORIES = {
    "CATEGORY_DIGIT": "2",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "w",
    "CATEGORY_NOT_DIGIT": "w",
    "CATEGORY_NOT_SPACE": "w",
    "CATEGORY_NOT_WORD": "。",
}
_OTHERS = "w2。 -<>\"'=字:/_"


def _sign(code: str, argument: Any) -> str:
    """A sign that a node accepts; empty where it accepts none by itself."""
    match code:
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return next(sign for sign in _OTHERS if sign != chr(argument))
        case "ANY":
            return "w"
        case "IN":
            return _member(argument)
    return ""


def _member(members: list[Any]) -> str:
    if str(members[0][0]) == "NEGATE":
        refused = re.compile("[" + "".join(_as_class(member) for member in members[1:]) + "]")
        return next((sign for sign in _OTHERS if not refused.match(sign)), "")
    code, argument = str(members[0][0]), members[0][1]
    match code:
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return chr(argument[0])
        case "CATEGORY":
            return _CATEGORIES[str(argument)]
    return ""


def _as_class(member: Any) -> str:
    code, argument = str(member[0]), member[1]
    match code:
        case "LITERAL":
            return re.escape(chr(argument))
        case "RANGE":
            return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    name = str(argument).removeprefix("CATEGORY_")
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.removeprefix("NOT_")]
    return "\\" + (letter.upper() if name.startswith("NOT_") else letter)


def _sample(tree: Iterable[Any], more: int) -> str:
    """A short text that the pattern goes far into; `more` repetitions beyond those it demands."""
    text = ""
    for code, argument in tree:
        name = str(code)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = argument
            text += _sample(inner, more) * min(int(most), int(least) + more, 8)
        elif name == "BRANCH":
            text += _sample(argument[1][0 if not more else -1], more)
        elif name not in ("ASSERT_NOT", "AT", "GROUPREF"):
            inner_trees = _inside(name, argument)
            text += "".join(_sample(inner, more) for inner in inner_trees) if inner_trees else _sign(name, argument)
    return text[:_LONGEST_SAMPLE]


def _repeats(tree: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    """For each repeat: a text that leads to it, and what it repeats."""
    for node in tree:
        code, argument = str(node[0]), node[1]
        if code.endswith("REPEAT"):
            yield before, _sample(argument[2], 1)
        for inner in _inside(code, argument):
            yield from _repeats(inner, before)
        before += _sample([node], 0)

"""What a researcher types, as a tree: words, "phrases", AND, OR, NOT or -, parentheses, title: and org:.

招商 武汉            both, in any order
"集成电路产业园"      these characters in a row; so are the characters of a word
光谷 OR 东湖          either; AND binds closer
芯片 -培训            NOT 培训
title:签约 org:银行   in the title; in the name of an organization
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from crawler.research.search.text import Placed, tokens

LONGEST = 1_000  # characters
MOST_TERMS = 64
DEEPEST = 16

Field = Literal["text", "title", "org"]
# What a field may be called; a colon may be full-width.
FIELDS: dict[str, Field] = {"title": "title", "标题": "title", "org": "org", "机构": "org"}


class QueryError(ValueError):
    """A query that cannot be understood; the text is one sentence that says what to do."""


@dataclass(slots=True, frozen=True)
class Term:
    """Characters in a row; `places` are their tokens, at least one."""

    field: Field
    places: tuple[Placed, ...]


@dataclass(slots=True, frozen=True)
class Not:
    """What does not match `of`."""

    of: Node


@dataclass(slots=True, frozen=True)
class Group:
    """All of these, or any."""

    kind: Literal["all", "any"]
    of: tuple[Node, ...]


Node = Term | Not | Group

_QUOTES = '"“”„‟＂«»「」『』'
_LEXEME = re.compile(
    rf"""\s*(?:
      (?P<open>[(（])|(?P<close>[)）])
      |(?P<minus>[-－](?=[^\s\-－)）]))
      |(?P<field>(?i:{"|".join(FIELDS)}))[:：]
      |[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]
      |(?P<quote>[{_QUOTES}])
      |(?P<word>[^\s()（）{_QUOTES}]+)
    )""",
    re.VERBOSE,
)
_OPERATORS = {"AND", "OR", "NOT"}


def parse_query(text: str) -> Node | None:
    """The tree of a query, None where it is blank. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"The query has {len(text):,} characters; write at most {LONGEST:,}.")
    if not text.strip():
        return None
    return _Parser(list(_lexemes(text))).query()


def terms(node: Node | None) -> Iterator[Term]:
    """The terms that a text should hold: those under NOT are left out."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Group):
        for each in node.of:
            yield from terms(each)


@dataclass(slots=True, frozen=True)
class _Lexeme:
    kind: str
    text: str


def _lexemes(text: str) -> Iterator[_Lexeme]:
    for found in _LEXEME.finditer(text):
        kind = found.lastgroup
        if kind == "quote":
            raise QueryError('A quotation mark has no partner; write "…" around a phrase, or leave it out.')
        if kind == "word" and found["word"] in _OPERATORS:
            kind = found["word"]
        if kind is not None:
            yield _Lexeme(kind, found[kind] if kind in found.groupdict() else "")


class _Parser:
    """Recursive descent over the lexemes. `None` stands for what holds no character that can be searched."""

    def __init__(self, lexemes: list[_Lexeme]) -> None:
        self._rest = lexemes[::-1]
        self._depth = 0
        self._terms = 0

    def query(self) -> Node:
        found = self._any()
        if self._rest:
            raise QueryError("A closing parenthesis has no partner; write (…) around what belongs together.")
        if found is None:
            raise QueryError("The query holds no character, word or number to search for; write for example 光谷.")
        return found

    def _any(self) -> Node | None:
        return self._joined("any", "OR", self._all)

    def _all(self) -> Node | None:
        found = [self._one()]
        while self._rest and self._rest[-1].kind not in ("close", "OR"):
            if self._rest[-1].kind == "AND":
                self._operand_follows(self._rest.pop())
            found.append(self._one())
        return _group("all", found)

    def _joined(self, kind: Literal["all", "any"], operator: str, part: object) -> Node | None:
        assert callable(part)
        found = [part()]
        while self._rest and self._rest[-1].kind == operator:
            self._operand_follows(self._rest.pop())
            found.append(part())
        return _group(kind, found)

    def _one(self) -> Node | None:
        lexeme = self._rest.pop()
        if lexeme.kind in ("NOT", "minus"):
            self._operand_follows(lexeme)
            self._deeper()
            found = self._one()
            self._depth -= 1
            return None if found is None else Not(found)
        if lexeme.kind == "open":
            return self._parenthesis()
        if lexeme.kind == "field":
            return self._of_field(lexeme)
        if lexeme.kind in ("word", "phrase"):
            return self._term("text", lexeme)
        if lexeme.kind == "close":
            raise QueryError("A closing parenthesis has no partner; write (…) around what belongs together.")
        raise QueryError(f"{lexeme.kind} stands alone; write something to search for on both sides, or leave it out.")

    def _parenthesis(self) -> Node | None:
        self._deeper()
        if not self._rest:
            raise QueryError("An opening parenthesis has no partner; write (…) around what belongs together.")
        if self._rest[-1].kind == "close":
            raise QueryError("A pair of parentheses is empty; write what belongs together between them.")
        found = self._any()
        if not self._rest:
            raise QueryError("An opening parenthesis has no partner; write (…) around what belongs together.")
        self._rest.pop()
        self._depth -= 1
        return found

    def _of_field(self, lexeme: _Lexeme) -> Node | None:
        follows = self._rest.pop() if self._rest else None
        if follows is None or follows.kind not in ("word", "phrase"):
            raise QueryError(f'{lexeme.text}: needs a word or a "phrase" right behind it.')
        return self._term(FIELDS[lexeme.text.lower()], follows)

    def _term(self, field: Field, lexeme: _Lexeme) -> Term | None:
        places = tokens(lexeme.text)
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise QueryError(f"The query has more than {MOST_TERMS} words; leave some out.")
        return Term(field, places) if places else None

    def _operand_follows(self, operator: _Lexeme) -> None:
        if not self._rest or self._rest[-1].kind in ("close", "AND", "OR"):
            name = "-" if operator.kind == "minus" else operator.kind
            raise QueryError(f"Nothing follows {name}; write something to search for behind it, or leave it out.")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(f"The query has more than {DEEPEST} parentheses in each other; write it simpler.")


def _group(kind: Literal["all", "any"], found: list[Node | None]) -> Node | None:
    """Several parts as one; what holds nothing to search for counts for nothing."""
    parts = [each for each in found if each is not None]
    if len(parts) < 2:
        return parts[0] if parts else None
    return Group(kind, tuple(parts))

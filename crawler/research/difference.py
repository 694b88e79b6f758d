"""What changed between two states of an article, sentence by sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;]?[”’」』）]?\n?")


@dataclass(slots=True, frozen=True)
class Difference:
    """One sentence that is only in the old state, or only in the new."""

    kind: Literal["removed", "added"]
    text: str


def sentences(text: str) -> list[str]:
    """A text cut after each sentence end and line break; joined again it is the text."""
    return [part for part in _SENTENCE.findall(text) if part]


def differences(old: str, new: str) -> Iterator[Difference]:
    """The sentences that differ, in the order of the texts."""
    before, after = sentences(old), sentences(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        yield from (Difference("removed", text.strip("\n")) for text in before[start:end])
        yield from (Difference("added", text.strip("\n")) for text in after[new_start:new_end])

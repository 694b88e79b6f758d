"""The extractor as a process of its own: reads questions from standard input, writes pages to standard output.

A message is its length (4 bytes, big-endian) and a pickle: in, the keyword arguments of `read_page`; out, a Page.
It ends with its input, so it never outlives whoever started it.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import Any, BinaryIO

from crawler.extract import read_page
from crawler.items import Page

LENGTH = 4


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer every question, in order, until there are no more."""
    while len(head := questions.read(LENGTH)) == LENGTH:
        arguments: dict[str, Any] = pickle.loads(questions.read(int.from_bytes(head, "big")))  # noqa: S301 from our parent
        try:
            page = read_page(**arguments)
        except Exception as error:
            page = Page("error", f"the extractor failed ({type(error).__name__}: {error})")
        answer = pickle.dumps(page, pickle.HIGHEST_PROTOCOL)
        answers.write(len(answer).to_bytes(LENGTH, "big") + answer)
        answers.flush()


if __name__ == "__main__":
    # What anything prints must not get between the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, out)

"""Whether the body of a robots.txt is one, and which of its lines can concern us. Pure functions."""

from __future__ import annotations

import codecs
import re

READ_LIMIT = 500 * 1024  # bytes that are read (RFC 9309 §2.5)

_USER_AGENT = re.compile(r"user[ \t-]?agent[ \t]*:?[ \t]*(.*)", re.IGNORECASE)
_RULE = re.compile(rb"(?im)^[ \t]*(?:user-?agent|dis?allow|sitemap)[ \t]*:")
_NOBODY = "user-agent: -"


def readable_rules(body: bytes, content_type: str, agent: str) -> bytes | None:
    """The UTF-8 text of a robots.txt, without the groups of other robots; None where the body is no robots.txt.

    Sites answer with HTML (an error page, the home page) or with an image where they have no robots.txt. A file
    of rules that is declared as HTML is a file of rules.
    """
    if len(body) > READ_LIMIT:
        # Half a rule would be another rule.
        body = body[: max(body.rfind(b"\n", 0, READ_LIMIT), 0)]
    text = _text(body)
    if text is None or text.lstrip().startswith("<"):
        return None
    if "html" in content_type.lower() and not _RULE.search(body):
        return None
    return _for_agent(text, agent.lower()).encode("utf-8")


def _text(body: bytes) -> str | None:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, errors="ignore")
    return None if b"\0" in body else body.decode("utf-8-sig", errors="ignore")


def _for_agent(text: str, agent: str) -> str:
    """Let all groups of other robots be one group of nobody's.

    The parser keeps a list of rules for each robot named, so a file that names ten thousand robots in one group
    and gives them ten thousand rules would need a hundred million.
    """
    return "\n".join(_kept_line(line, agent) for line in text.splitlines())


def _kept_line(line: str, agent: str) -> str:
    named = _USER_AGENT.match(line.strip())
    if named is None:
        return line
    name = named[1].partition("#")[0].strip().lower()
    if name != "*":
        name = name.replace("*", "")
    return f"user-agent: {name}" if name == "*" or (name and name in agent) else _NOBODY

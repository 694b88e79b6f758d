"""Which links lead to files that an article hands out."""

from __future__ import annotations

import re

_FILE_ENDINGS = "pdf ofd doc docx wps xls xlsx et csv ppt pptx dps zip rar 7z txt rtf ceb caj mp4 mp3"
_ENDINGS = frozenset(_FILE_ENDINGS.split())
_DOWNLOAD = re.compile(
    r"(?:download|downfile|attach|/file/down)\w{0,20}\.(?:jsp|do|aspx?|php|action)|/system/_content/download", re.I
)
_LONGEST = 2000


def is_attachment(href: str) -> bool:
    """Whether a link names a document, an archive or a download script."""
    if href[-5:].rpartition(".")[2].lower() in _ENDINGS:
        return True
    if len(href) > _LONGEST or not ("?" in href or "#" in href or "down" in href.lower()):
        return False
    path = href.partition("#")[0].partition("?")[0]
    return path.rpartition(".")[2].lower() in _ENDINGS or _DOWNLOAD.search(href) is not None

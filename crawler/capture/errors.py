"""What can go wrong with captures, each as one sentence that says what to do next."""

from __future__ import annotations

import errno
from pathlib import Path


class CaptureError(RuntimeError):
    """Captures cannot be written, or one cannot be read; the text is one sentence."""


class CaptureFull(CaptureError):
    """The disk under the captures is full. What was synced is safe."""


# No space, no quota, and the largest size a file may have: all are cured by making room.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def explain(error: OSError, path: Path) -> CaptureError:
    """The sentence for an error of the operating system while `path` was written."""
    if error.errno in _FULL:
        return CaptureFull(
            f"The captures in {path.parent} have no room left; free some space and run the command again."
        )
    reason = error.strerror or str(error)
    return CaptureError(f"The capture file {path} cannot be written ({reason}); check its folder and its disk.")

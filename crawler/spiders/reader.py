"""Reading pages beside the crawl: where many arrive at once, a second process extracts and the first goes on."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from collections import deque
from pathlib import Path
from typing import Any

from crawler.extract import read_page
from crawler.extract.worker import LENGTH
from crawler.items import Page

PATIENCE = 60.0  # seconds for one page; the extractor promises one
PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class PageReader:
    """Reads pages in this process, or with `apart` in one of its own, which is started with the first page.

    A page on which that process ends or hangs becomes an error with its reason, and the next page gets a new one.
    """

    def __init__(self, *, apart: bool) -> None:
        self.apart = apart
        self._process: asyncio.subprocess.Process | None = None
        self._waiting: deque[asyncio.Future[Page]] = deque()
        self._listening: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def read(self, **arguments: Any) -> Page:
        """What `read_page` makes of these arguments."""
        if not self.apart:
            return read_page(**arguments)
        question = pickle.dumps(arguments, pickle.HIGHEST_PROTOCOL)
        async with self._starting:
            if self._process is None:
                await self._start()
        assert self._process is not None and self._process.stdin is not None
        answer: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self._process.stdin.write(len(question).to_bytes(LENGTH, "big") + question)
        try:
            return await asyncio.wait_for(answer, PATIENCE)
        except TimeoutError:
            self._process.kill()
            return Page("error", f"the extractor did not answer within {PATIENCE:.0f} seconds")

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        if self._listening is not None:
            self._listening.cancel()

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "crawler.extract.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGE_ROOT), os.environ.get("PYTHONPATH")])),
            },
            # Ctrl-C is for the crawl, which still wants its last pages read.
            process_group=0,
        )
        self._listening = asyncio.ensure_future(self._listen(self._process))

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        try:
            while True:
                head = await process.stdout.readexactly(LENGTH)
                page: Page = pickle.loads(await process.stdout.readexactly(int.from_bytes(head, "big")))  # noqa: S301
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_result(page)
        except asyncio.IncompleteReadError:
            self._process = None
            left, self._waiting = self._waiting, deque()
            for answer in left:
                if not answer.done():
                    answer.set_result(Page("error", "the extractor ended while it read this page"))

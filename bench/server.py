"""A static server that is never the bottleneck: whole responses are made once, and written as they are asked for."""

from __future__ import annotations

import asyncio
import gzip
import sys

from bench.site import pages


class _Static(asyncio.Protocol):
    answers: dict[bytes, bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\r\n\r\n")) >= 0:
            path = self.rest.split(b" ", 2)[1]
            self.rest = self.rest[end + 4 :]
            self.transport.write(self.answers.get(path, self.answers[b"404"]))


def answers(articles: int, *, compressed: bool = False) -> dict[bytes, bytes]:
    """The whole HTTP response for each path."""
    made = {b"404": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}
    for path, body in pages(articles):
        kind = b"text/plain" if path.endswith(".txt") else b"text/html; charset=utf-8"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n"
        if compressed:
            body = gzip.compress(body, 6)
            head += b"Content-Encoding: gzip\r\n"
        made[path.encode()] = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    return made


async def serve(articles: int) -> None:
    """Serve on a free port of loopback, which is printed; ends with standard input."""
    _Static.answers = answers(articles)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Static, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))

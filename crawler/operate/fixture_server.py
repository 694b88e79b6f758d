"""Serves fixture sites on loopback, so that a crawl can be developed and shown without the network.

A fixture site is a folder: `site.yaml` describes it, `pages/` holds its files. A path is answered by
the first matching route of `site.yaml`, else by the file of that name, else by `pages/404.html`.
"""

from __future__ import annotations

import socketserver
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EADDRINUSE
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from crawler.fetch.fixture_pages import Answer, FixturePages
from crawler.fetch.fixture_site import Asked

FORM_LIMIT = 1 << 20  # bytes of a posted form that are read
SEEN_LIMIT = 10_000  # requests a server remembers


class PortInUse(OSError):
    """The port a fixture site wants is taken; its text is one sentence that says what to do."""


class Seen(NamedTuple):
    """A request that a server was asked: method, path with query, posted form."""

    method: str
    target: str
    form: dict[str, str]


class FixtureServer:
    """One fixture site on loopback: a context manager that serves from a thread of its own.

    `port` None takes the port of `site.yaml`, 0 a free one. Raises SiteError where the site cannot be read;
    `start` raises PortInUse where somebody else listens there.
    """

    def __init__(self, folder: Path, port: int | None = None, host: str = "127.0.0.1") -> None:
        self.folder = Path(folder)
        self.pages = FixturePages(self.folder)
        self.site = self.pages.site
        self.host = host
        self.port = self.site.port if port is None else port
        self._seen: deque[Seen] = deque(maxlen=SEEN_LIMIT)
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """Where the site answers, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def requests(self) -> list[Seen]:
        """What was asked so far, oldest first (the last 10,000 requests)."""
        with self._lock:
            return list(self._seen)

    def start(self) -> None:
        """Listen and serve until `stop`. Raises PortInUse."""
        try:
            self._server = _Server((self.host, self.port), self)
        except OSError as error:
            if error.errno != EADDRINUSE:
                raise
            todo = f"stop the program that listens there or change `port` in {self.folder / 'site.yaml'}"
            raise PortInUse(f"Port {self.port} on {self.host} is in use: {todo}.") from error
        self.port = self._server.server_address[1]
        self.stopping.clear()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and close what is open; does nothing where the server is not running."""
        if self._server is None or self._thread is None:
            return
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> FixtureServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> Answer:
        """What the site says to a request for `target` (path with query); remembers the request."""
        with self._lock:
            self._seen.append(Seen(method, target, dict(form)))
        return self.pages.answer(Asked(method, target, form))


class _Server(ThreadingHTTPServer):
    """A threading server that can close the connections its clients keep open."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], owner: FixtureServer) -> None:
        self.owner = owner
        self._open: set[socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer asks the resolver for the host's full name here, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of an answer is no news."""

    def close_connections(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fixture"
    sys_version = ""
    wbufsize = -1  # one packet for headers and body
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._reply(self.server.owner.answer(self.command, self.path, {}))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > FORM_LIMIT or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            return self._reply(Answer(413, "text/plain", b"the form is too large or has no length\n"))
        posted = self.rfile.read(int(length)).decode("utf-8", errors="replace")
        form = dict(parse_qsl(posted, keep_blank_values=True))
        return self._reply(self.server.owner.answer("POST", self.path, form))

    def _reply(self, answer: Answer) -> None:
        if answer.route is not None and answer.route.delay:
            self.server.owner.stopping.wait(answer.route.delay)
        if answer.route is not None and answer.route.drop:
            self.close_connection = True
            return
        self.send_response(answer.status)
        bodiless = answer.status in (204, 304)
        headers = {} if bodiless else {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        for name, value in (headers | dict(answer.headers)).items():
            # Real servers send UTF-8 in headers although HTTP says latin-1.
            self.send_header(name, value.encode("utf-8").decode("latin-1"))
        self.end_headers()
        if self.command != "HEAD" and not bodiless:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep stderr for the crawl."""


@contextmanager
def serve_all(folders: Iterable[Path], port: int | None = None) -> Iterator[list[FixtureServer]]:
    """Serve several fixture sites at once; where one cannot start the others are stopped again."""
    with ExitStack() as stack:
        yield [stack.enter_context(FixtureServer(folder, port)) for folder in folders]

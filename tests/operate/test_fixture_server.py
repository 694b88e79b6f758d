"""A fixture site is served as its site.yaml says, on loopback, and nothing outside its pages."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from pathlib import Path
from urllib.parse import urlencode

import pytest

from crawler.fetch.fixture_site import SiteError, load_site
from crawler.operate.fixture_server import FixtureServer, PortInUse, serve_all

SITE = """
name: small
title: 小站
family: none
charset: gbk
routes:
  - {path: /list.asp, query: {page: "2"}, file: second.html}
  - {path: /proxy.jsp, method: POST, query: {page: 2}, form: {start: "16"}, body: "<x/>", content_type: text/xml}
  - {path: /moved, status: 302, headers: {Location: /新闻/}}
  - {path: /inline, body: "公告", status: 521, headers: {Set-Cookie: "a=b"}}
  - {path: /dropped, drop: true}
  - {path: /never, body: "", delay: 60}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "small"
    (site / "pages" / "col").mkdir(parents=True)
    (site / "site.yaml").write_text(SITE, encoding="utf-8")
    for name in ("index.html", "second.html", "404.html", "list.asp", "col/index.html"):
        (site / "pages" / name).write_text(f"<p>{name}</p>", encoding="utf-8")
    (site / "pages" / "robots.txt").write_text("User-agent: *\n", encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    return site


@pytest.fixture
def server(folder: Path) -> Iterator[FixtureServer]:
    with FixtureServer(folder, port=0) as running:
        yield running


def ask(server: FixtureServer, target: str, method: str = "GET", form: dict[str, str] | None = None) -> HTTPResponse:
    connection = HTTPConnection(server.host, server.port, timeout=5)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request(method, target, body=urlencode(form) if form else None, headers=headers)
    return connection.getresponse()


def test_file_is_served_with_the_charset_of_the_site(server: FixtureServer) -> None:
    response = ask(server, "/index.html")
    assert (response.status, response.getheader("Content-Type")) == (200, "text/html; charset=gbk")
    assert response.read() == b"<p>index.html</p>"


def test_charset_is_only_said_of_html(server: FixtureServer) -> None:
    assert ask(server, "/robots.txt").getheader("Content-Type") == "text/plain"


def test_null_charset_is_left_out(folder: Path) -> None:
    (folder / "site.yaml").write_text("{name: small, charset: null}", encoding="utf-8")
    with FixtureServer(folder, port=0) as server:
        assert ask(server, "/index.html").getheader("Content-Type") == "text/html"


def test_folder_answers_with_its_index(server: FixtureServer) -> None:
    assert ask(server, "/").read() == b"<p>index.html</p>"
    assert ask(server, "/col/").read() == b"<p>col/index.html</p>"


def test_folder_without_slash_redirects_to_it(server: FixtureServer) -> None:
    response = ask(server, "/col?a=1")
    assert (response.status, response.getheader("Location")) == (301, "/col/?a=1")


def test_query_of_a_plain_file_is_ignored(server: FixtureServer) -> None:
    response = ask(server, "/list.asp?page=1")
    assert (response.read(), response.getheader("Content-Type")) == (b"<p>list.asp</p>", "text/html; charset=gbk")


def test_route_is_chosen_by_its_query(server: FixtureServer) -> None:
    assert ask(server, "/list.asp?class=3&page=2").read() == b"<p>second.html</p>"


def test_route_is_chosen_by_its_form(server: FixtureServer) -> None:
    response = ask(server, "/proxy.jsp?page=2", "POST", {"start": "16", "end": "30"})
    assert (response.read(), response.getheader("Content-Type")) == (b"<x/>", "text/xml")


def test_other_form_is_not_answered_by_the_route(server: FixtureServer) -> None:
    assert ask(server, "/proxy.jsp?page=2", "POST", {"start": "31"}).status == 404


def test_form_posted_to_a_plain_file_is_refused(server: FixtureServer) -> None:
    assert ask(server, "/list.asp", "POST", {"a": "b"}).status == 405


def test_route_gives_status_and_headers(server: FixtureServer) -> None:
    response = ask(server, "/inline")
    assert (response.status, response.getheader("Set-Cookie")) == (521, "a=b")
    assert response.read() == "公告".encode("gbk")


def test_header_may_hold_chinese(server: FixtureServer) -> None:
    location = ask(server, "/moved").getheader("Location")
    assert location is not None
    assert location.encode("latin-1").decode() == "/新闻/"


def test_head_gives_the_length_without_the_body(server: FixtureServer) -> None:
    response = ask(server, "/index.html", "HEAD")
    assert (response.getheader("Content-Length"), response.read()) == ("17", b"")


def test_unknown_path_gives_the_sites_own_404(server: FixtureServer) -> None:
    response = ask(server, "/nowhere.html")
    assert (response.status, response.read()) == (404, b"<p>404.html</p>")


def test_site_without_404_page_answers_plainly(folder: Path) -> None:
    (folder / "pages" / "404.html").unlink()
    with FixtureServer(folder, port=0) as server:
        assert (ask(server, "/nowhere").status, ask(server, "/nowhere").read()) == (404, b"not found\n")


@pytest.mark.parametrize(
    "target",
    ["/../site.yaml", "/%2e%2e/site.yaml", "/col/..%2f..%2fsite.yaml", "//etc/passwd", "/..%5csite.yaml", "/a%00b"],
)
def test_nothing_outside_the_pages_is_served(server: FixtureServer, target: str) -> None:
    assert ask(server, target).status == 404


def test_symlink_out_of_the_pages_is_not_followed(folder: Path) -> None:
    (folder / "pages" / "leak.html").symlink_to(folder.parent / "secret.html")
    with FixtureServer(folder, port=0) as server:
        assert ask(server, "/leak.html").status == 404


def test_connection_stays_open_between_requests(server: FixtureServer) -> None:
    connection = HTTPConnection(server.host, server.port, timeout=5)
    connection.request("GET", "/index.html")
    connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/col/")
    assert connection.getresponse().read() == b"<p>col/index.html</p>"
    assert connection.sock is first is not None


def test_dropped_route_closes_the_connection(server: FixtureServer) -> None:
    with pytest.raises(RemoteDisconnected):
        ask(server, "/dropped")


def test_requests_are_remembered(server: FixtureServer) -> None:
    ask(server, "/list.asp?page=2").read()
    ask(server, "/proxy.jsp?page=2", "POST", {"start": "16"}).read()
    assert server.requests == [
        ("GET", "/list.asp?page=2", {}),
        ("POST", "/proxy.jsp?page=2", {"start": "16"}),
    ]


def test_stop_closes_connections_that_clients_keep(folder: Path) -> None:
    server = FixtureServer(folder, port=0)
    server.start()
    connection = HTTPConnection(server.host, server.port, timeout=5)
    connection.request("GET", "/index.html")
    connection.getresponse().read()
    server.stop()
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""


def test_stop_does_not_wait_for_a_delayed_answer(folder: Path) -> None:
    server = FixtureServer(folder, port=0)
    server.start()
    with socket.create_connection((server.host, server.port), timeout=5) as client:
        client.sendall(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        while not server.requests:  # the request has arrived
            pass
        server.stop()
        client.makefile("rb").read()  # ends: the time limit of this socket is far below the delay
    assert server.requests == [("GET", "/never", {})]


def test_used_port_is_named_with_what_to_do(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as error:
            FixtureServer(folder, port=port).start()
    text = str(error.value)
    assert str(port) in text
    assert "site.yaml" in text
    assert text.count(". ") == 0


def test_port_of_the_site_is_the_default(folder: Path) -> None:
    (folder / "site.yaml").write_text("{name: small, port: 18999}", encoding="utf-8")
    assert FixtureServer(folder).base_url == "http://127.0.0.1:18999"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{name: [", "not YAML"),
        ("{title: x}", "name"),
        ("{name: x, port: 99999}", "port"),
        ("{name: x, colour: red}", "colour"),
        ("{name: x, routes: [{path: list}]}", "routes.0.path"),
        ("{name: x, routes: [{path: /, file: gone.html}]}", "routes.0.file"),
        ("{name: x, routes: [{path: /, file: ../site.yaml}]}", "routes.0.file"),
        ("", "the file"),
    ],
)
def test_broken_site_is_named_by_file_and_field(folder: Path, text: str, field: str) -> None:
    (folder / "site.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SiteError) as error:
        load_site(folder)
    assert str(folder / "site.yaml") in str(error.value)
    assert field in str(error.value)


def test_missing_site_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="name the folder of a fixture site"):
        load_site(tmp_path)


def test_several_sites_are_served_at_once(folder: Path) -> None:
    with serve_all([folder, folder], port=0) as (first, second):
        assert first.port != second.port
        assert [ask(one, "/").status for one in (first, second)] == [200, 200]


def test_started_sites_are_stopped_where_a_later_one_fails(folder: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "site.yaml").write_text(f"{{name: small, port: {port}}}", encoding="utf-8")
    with pytest.raises(SiteError), serve_all([folder, tmp_path]):
        pass
    with FixtureServer(folder) as again:
        assert ask(again, "/").status == 200

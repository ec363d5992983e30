"""What `tandem ui` serves, to whom, and what it never hands on."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner

from tandem.listening import Listener
from tandem.settings import Connection
from tandem.terminal.group import main
from tandem.window.bundle import NotBuiltError, market_file, page_files
from tandem.window.server import HEADERS, KEEPER_PATHS, Keeper, Lately, Site, listener

ROOT = Path(__file__).resolve().parents[2]
SECRET = "https://node.example/v2/a-key-that-is-paid-for"


@contextmanager
def served(record: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [
        sys.executable,
        "-m",
        "tandem",
        "ui",
        "--port",
        "0",
        "--json",
        "--deployment",
        str(record),
    ]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    with subprocess.Popen(
        command, cwd=ROOT, env=clean | variables, text=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        lines = "".join(iter(process.stdout.readline, "}\n")) + "}"
        try:
            yield process, int(json.loads(lines)["page"].rpartition(":")[2])
        finally:
            process.terminate()


def asked(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.read(), dict(answer.getheaders())


def test_a_node_s_address_that_may_hold_a_key_never_leaves_the_command(record: Path) -> None:
    with served(record, TANDEM_RPC=SECRET) as (_, port):
        for path in ("/", "/market.json", "/nothing"):
            _, body, headers = asked(port, path)
            assert b"a-key" not in body
            assert "a-key" not in json.dumps(headers)
        assert json.loads(asked(port, "/market.json")[1])["rpc"] is None


@pytest.mark.parametrize("odd", ["http://[::1/a-key", "a-key", "", "http://:a-key@", "ftp://a-key"])
def test_an_address_that_is_none_is_not_handed_on(record: Path, odd: str) -> None:
    assert json.loads(market_file(Connection(rpc=odd, deployment=record)))["rpc"] is None


def test_only_who_calls_by_a_name_of_this_machine_is_answered(record: Path) -> None:
    with served(record) as (_, port):
        assert asked(port, "/market.json", "evil.example")[0] == 403
        assert asked(port, "/market.json", f"evil.example:{port}")[0] == 403
        assert asked(port, "/market.json", f"localhost:{port}")[0] == 200


def test_a_path_leads_nowhere_but_to_the_page_s_files(record: Path) -> None:
    with served(record) as (_, port):
        for path in (
            "/../package.json",
            "/%2e%2e/package.json",
            "//etc/passwd",
            "/metrics",
            "/.git",
        ):
            assert asked(port, path)[0] == 404


def test_every_answer_carries_the_policy_and_nothing_unsafe(record: Path) -> None:
    with served(record) as (_, port):
        for path in ("/", "/market.json", "/nothing"):
            headers = asked(port, path)[2]
            assert {name: headers[name] for name in HEADERS} == HEADERS
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    (page,) = [body.decode() for name, body in page_files().items() if name == "index.html"]
    said = re.search(r'Content-Security-Policy"\s+content="([^"]*)"', page)
    assert said
    assert policy == f"{said[1]}; frame-ancestors 'none'"


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_how_it_ends(record: Path, told: signal.Signals) -> None:
    with served(record) as (process, _):
        process.send_signal(told)
        assert process.wait(10) == 0


def test_a_folder_for_a_static_host_holds_the_page_and_its_market(
    record: Path, tmp_path: Path
) -> None:
    out = tmp_path / "public"
    done = CliRunner().invoke(
        main, ["ui", "--out", str(out), "--deployment", str(record), "--rpc", SECRET, "--json"]
    )
    assert done.exit_code == 0, done.output
    assert {path.name for path in out.iterdir()} == {*page_files(), "market.json"}
    assert "a-key" not in (out / "market.json").read_text()


def test_a_keeper_s_figures_are_passed_on_from_this_machine_alone(record: Path) -> None:
    for address in (
        "http://example.org:9000",
        "file:///etc/passwd",
        "https://127.0.0.1",
        "http://[::1/x",
    ):
        done = CliRunner().invoke(main, ["ui", "--deployment", str(record), "--keeper", address])
        assert done.exit_code == 2
        assert "this machine alone" in done.output


def test_the_page_is_told_of_an_index_that_it_can_ask(record: Path, tmp_path: Path) -> None:
    arguments = ["ui", "--out", str(tmp_path / "out"), "--deployment", str(record), "--index"]
    for address in ("http://127.0.0.1:8560", "https://index.example/eth"):
        assert CliRunner().invoke(main, [*arguments, address]).exit_code == 0
        told = json.loads((tmp_path / "out" / "market.json").read_text())
        assert told["index"] == address
    for address in (
        "http://example.org",
        "ftp://127.0.0.1",
        "https://",
        "https://[",
        "http://[::1]:8560",
        "file:///etc/passwd",
    ):
        done = CliRunner().invoke(main, [*arguments, address])
        assert done.exit_code == 2
        assert "the page asks https, or this machine" in done.output


def test_a_market_is_described_once_a_second_however_many_ask() -> None:
    made = list[int]()

    def describe() -> bytes:
        made.append(1)
        return b"{}"

    site = Site({}, Lately(describe))
    for _ in range(50):
        assert site.answer("/market.json")[1] == b"{}"
    assert len(made) <= 2
    time.sleep(1.1)
    site.answer("/market.json")
    assert len(made) >= 2


def test_a_keeper_that_is_away_is_said_so() -> None:
    site = Site({"index.html": b""}, lambda: b"{}", Keeper("http://127.0.0.1:9"))
    assert site.answer("/keeper.json")[0] == 502
    assert Site({"index.html": b""}, lambda: b"{}").answer("/keeper.json")[0] == 404


def test_a_keeper_is_asked_once_a_second_however_many_look() -> None:
    asked: list[str] = []

    class Port(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(503 if self.path == "/ready" else 200)
            self.end_headers()
            self.wfile.write(self.path.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Nothing."""

    with Listener(("127.0.0.1", 0), Port) as port:
        threading.Thread(target=port.serve_forever, daemon=True).start()
        keeper = Keeper(f"http://127.0.0.1:{port.server_port}")
        said = [keeper.answer() for _ in range(50)]
        port.shutdown()
    assert {status for status, _, _ in said} == {200}
    assert json.loads(said[0][1]) == {path: f"/{path}" for path in KEEPER_PATHS}
    assert sorted(asked) == sorted(f"/{path}" for path in KEEPER_PATHS)


class Astray(BaseHTTPRequestHandler):
    """A port that sends whoever asks it elsewhere."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Nothing."""


def test_a_keeper_is_asked_through_no_proxy_and_sends_nobody_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Astray.asked = list[str]()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with Listener(("127.0.0.1", 0), Astray) as port:
        threading.Thread(target=port.serve_forever, daemon=True).start()
        status, _, _ = Keeper(f"http://127.0.0.1:{port.server_port}").answer()
        port.shutdown()
    assert status == 200
    assert sorted(asked) == sorted(f"/{path}" for path in KEEPER_PATHS)


def test_a_port_that_speaks_no_http_is_a_keeper_that_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as port:
        threading.Thread(target=_babble, args=(port,), daemon=True).start()
        assert Keeper(f"http://127.0.0.1:{port.getsockname()[1]}").answer()[0] == 502


def _babble(port: socket.socket) -> None:
    with port.accept()[0] as asked:
        asked.recv(4_096)
        asked.sendall(b"\xff\xfe no words\r\n\r\n")


def test_a_page_that_was_not_built_is_an_error_that_says_how(tmp_path: Path) -> None:
    with pytest.raises(NotBuiltError, match="no page"):
        page_files(tmp_path)


def test_a_port_that_is_taken_is_named() -> None:
    site = Site({}, lambda: b"{}")
    with listener(0, site) as first, pytest.raises(Exception, match="cannot be served"):
        listener(first.server_port, site)

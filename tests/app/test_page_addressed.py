"""The page out of content-addressed storage: plain files beneath a path, no server of ours."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browsing import APP, NODE, Window

from tandem.settings import Connection
from tandem.window.bundle import MARKET_FILE, market_file, page_files


def said_cid(folder: Path) -> str:
    """What the build prints of the folder that it wrote."""
    done = subprocess.run(
        [NODE, "build.mjs", str(folder)], cwd=APP, text=True, capture_output=True, check=True
    )
    return done.stdout.splitlines()[-1].removeprefix("/ipfs/").rstrip("/")


def cid_of(files: Mapping[str, bytes]) -> str:
    """By the specifications of CIDv1, DAG-PB and UnixFS, from the bytes up. files: each of one block."""

    def field(number: int, content: bytes) -> bytes:
        return varint(number << 3 | 2) + varint(len(content)) + content

    def varint(value: int) -> bytes:
        low, rest = value & 0x7F, value >> 7
        return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])

    def address(codec: int, content: bytes) -> bytes:
        return bytes([1, codec, 0x12, 32]) + hashlib.sha256(content).digest()

    links = b"".join(
        field(
            2,
            field(1, address(0x55, content))
            + field(2, name.encode())
            + varint(3 << 3)
            + varint(len(content)),
        )
        for name, content in sorted(files.items())
    )
    found = address(0x70, links + field(1, b"\x08\x01"))
    return "b" + base64.b32encode(found).decode().lower().rstrip("=")


def test_the_build_says_the_address_of_what_it_wrote(tmp_path: Path) -> None:
    said = said_cid(tmp_path / "page")
    assert said.startswith("bafybei")
    assert said == cid_of({f.name: f.read_bytes() for f in (tmp_path / "page").iterdir()})


class Gateway(BaseHTTPRequestHandler):
    """Hands files out as a gateway does: their bytes, their kind, and nothing else."""

    files: Mapping[str, bytes] = {}

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        content = self.files.get(path + "index.html" if path.endswith("/") else path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/html")
        self.end_headers()
        self.wfile.write(content or b"")

    def log_request(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def gateway(files: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a folder with these files, as content-addressed storage names it."""
    prefix = f"/ipfs/{cid_of(files)}/"
    told = {prefix + name: content for name, content in files.items()}
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Held", (Gateway,), {"files": told, "__doc__": Gateway.__doc__})
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}".rstrip("/")
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.long
def test_a_quote_is_had_from_files_beneath_a_path_alone(window: Window) -> None:
    market = market_file(Connection(rpc=window.rpc, deployment=window.up.file))
    with gateway(page_files()) as bare, gateway(page_files() | {MARKET_FILE: market}) as told:
        assert "fail 0" in window.scenario("addressed", bare=bare, told=told)

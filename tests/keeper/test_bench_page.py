"""What the page is measured by: a run that measured nothing is none."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import page, viewers


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server that answers every question so; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Nothing is said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (page, viewers):
        monkeypatch.setattr(module, "VIEWERS", 5)
        monkeypatch.setattr(module, "EVERY", 0.1)
    monkeypatch.setattr(page, "SECONDS", 1.0)
    monkeypatch.setattr(viewers, "WINDOWS", 2)
    monkeypatch.setattr(viewers, "WINDOW_SECONDS", 0.5)
    monkeypatch.setattr(viewers, "WARM_SECONDS", 0.2)
    monkeypatch.setattr(viewers, "_live", lambda _, seconds: threading.Event().wait(seconds))


@pytest.mark.sampled
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("status", [404, 502])
def test_a_server_that_refuses_is_not_cheap_but_unmeasured(status: int) -> None:
    with answering(status) as port:
        with pytest.raises(RuntimeError, match="answered"):
            page._served(f"http://127.0.0.1:{port}", os.getpid())
        with pytest.raises(RuntimeError, match="answered"):
            viewers._shares(None, os.getpid(), port, "/", 5)  # pyright: ignore[reportArgumentType]


@pytest.mark.usefixtures("quick")
def test_a_server_that_answers_is_weighed() -> None:
    with answering(200) as port:
        share, answers = page._served(f"http://127.0.0.1:{port}", os.getpid())
        assert share > 0
        assert answers >= 40
        assert len(viewers._shares(None, os.getpid(), port, "/", 5)) == 2  # pyright: ignore[reportArgumentType]


def test_brackets_hold_the_least_and_the_most_of_all_runs() -> None:
    """docs/bench.md: "Medians, in brackets the least and the most of repeated runs." """
    row = page._row("paint", [100.0, 101.0, 102.0, 900.0], "")
    assert (row.low, row.value, row.high) == (100.0, 101.5, 900.0)


@pytest.mark.parametrize("value", [float("nan"), 10_003.0])
def test_what_never_came_is_no_figure(value: float) -> None:
    with pytest.raises(RuntimeError, match="never came"):
        page._row("paint", [100.0, value], "")

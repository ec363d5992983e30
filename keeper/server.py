"""Where a keeper is asked by HTTP: `/metrics`, `/health`, `/ready`, `/journal` and `/warnings`.

Whoever reaches the port reads all of it, and can change nothing by it. An answer waits for no node, and comes
from a thread of its own.
"""

from __future__ import annotations

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol

from prometheus_client import CONTENT_TYPE_LATEST

from keeper.logs import Lately
from keeper.settings import Settings
from keeper.tables import MetricsTable
from tandem.errors import ConfigError
from tandem.listening import Listener, Listener6
from tandem.terminal.json_text import to_json

CLIENT_SECONDS = 5
"""That whoever asks has for saying what."""
POLL_SECONDS = 0.1
"""Within which the thread sees that it is to end."""
TEXT, JSON = "text/plain; charset=utf-8", "application/json"


class Figures(Protocol):
    """What is asked for."""

    def text(self) -> bytes: ...
    def stuck(self) -> str: ...
    def lacks(self) -> str: ...
    def acts(self) -> list[dict[str, Any]]: ...


class _Asked(BaseHTTPRequestHandler):
    """One question."""

    server_version, sys_version = "tandem", ""
    timeout = CLIENT_SECONDS

    def __init__(self, meter: Figures, lately: Lately | None, *rest: Any) -> None:
        self._meter, self._lately = meter, lately
        super().__init__(*rest)

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/metrics":
                self._say(200, self._meter.text(), CONTENT_TYPE_LATEST)
            case "/health":
                self._judge(self._meter.stuck())
            case "/ready":
                self._judge(self._meter.lacks())
            case "/journal":
                self._say(200, to_json(self._meter.acts()).encode(), JSON)
            case "/warnings":
                self._say(200, to_json(self._lately.said() if self._lately else []).encode(), JSON)
            case _:
                self._say(
                    404, b"there are /metrics, /health, /ready, /journal and /warnings\n", TEXT
                )

    def do_HEAD(self) -> None:
        self.do_GET()

    def _judge(self, fault: str) -> None:
        self._say(503 if fault else 200, f"{fault or 'ok'}\n".encode(), TEXT)

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Nothing: what the keeper says is about the market."""


class Server:
    """Listens from the moment it is made until it is closed, or the process ends."""

    def __init__(self, table: MetricsTable, meter: Figures, lately: Lately | None = None) -> None:
        """Raises ConfigError where nobody may listen there. A port of 0 is left out by `listen`."""
        class_ = Listener6 if ":" in table.host else Listener
        try:
            self._http = class_((table.host, table.port), partial(_Asked, meter, lately))
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigError(
                f"metrics cannot be served at {table.host} port {table.port}: {why}",
                "set TANDEM_METRICS__PORT to a free port, or to 0 for none, and TANDEM_METRICS__HOST to an "
                "address of this machine",
            ) from error
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(POLL_SECONDS,), name="metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def listen(settings: Settings, meter: Figures, lately: Lately | None = None) -> Server | None:
    """The server that is asked for; None for a port of 0. Raises ConfigError."""
    table = settings.metrics
    return Server(table, meter, lately) if table.port else None

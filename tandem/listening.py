"""An HTTP server of this machine's: bound without asking for names, deaf to those who hang up."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any


class Listener(ThreadingHTTPServer):
    """Bound once it is made; a thread for whoever asks."""

    daemon_threads = True
    allow_reuse_port = False

    def server_bind(self) -> None:
        """Without asking anybody for the host's name, which may take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up is no fault of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Listener6(Listener):
    address_family = socket.AF_INET6


POLL_SECONDS = 0.1


@contextmanager
def served(server: Listener) -> Generator[str]:
    """A server's address for the length of the block, in which a thread of its own serves it."""
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http://{server.server_name}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

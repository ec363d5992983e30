"""The index as a process: one thread follows the chain, the rest answers."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import uvicorn

from keeper.index.answers import Standing
from keeper.index.api import Api
from keeper.index.reading import Reader, Watch
from keeper.index.rows import Block
from tandem.errors import ConfigError, TandemError
from tandem.terminal.ending import ends_by

POLL_SECONDS = 1.0
"""Between two looks at the chain."""
LONGEST_PAUSE = 15.0
"""Between two looks where the last ones failed."""
AT_ONCE = 1_000
"""Connections that are served; others are told that it is busy."""
GRACE_SECONDS = 2
"""That answers under way have once it is told to end."""
Say = Callable[[str], None]


@dataclass(slots=True)
class Follower:
    """Keeps reading, and says how far it is. say: what a person reads."""

    reader: Reader
    chain_id: int
    name: str
    say: Say
    standing: Standing | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    _fault: str = ""

    def __post_init__(self) -> None:
        self.reader.watch = Watch(self._note, self._lost, self.ended.is_set)

    def _note(self, tip: Block, head: Block) -> None:
        """How far it is now."""
        reach = self.reader.store.reach()
        self.standing = Standing(
            self.chain_id, self.reader.store.market.partition(":")[2], self.name,
            reach.first if reach else tip.number, tip, head.number, time.time(), "",
        )  # fmt: skip

    def run(self) -> None:
        """Until it is told to end. What fails is said once, and tried again."""
        pause = POLL_SECONDS
        while not self.ended.is_set():
            try:
                self.reader.follow()
                pause, self._fault = POLL_SECONDS, ""
            except Exception as error:  # no answer of a node or a database ends it
                pause = min(pause * 2, LONGEST_PAUSE)
                self._fails(error.message if isinstance(error, TandemError) else repr(error))
            self.ended.wait(pause)
        self.reader.store.close()

    def _lost(self, block: int, rows: int) -> None:
        self.say(f"the chain replaced what came after block {block}: {rows} events are taken back")

    def _fails(self, fault: str) -> None:
        if fault != self._fault:
            self.say(f"warning: {fault}")
        self._fault = fault
        if self.standing is not None:
            self.standing = replace(self.standing, fault=fault)


def bound(host: str, port: int) -> socket.socket:
    """Where it will be asked. Raises ConfigError where nobody may listen there."""
    if not host.strip():  # as of a variable that is not set: it would be every address
        raise ConfigError("--host names no address", "name one of this machine, as 127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(AT_ONCE)
    except (OSError, UnicodeError, TypeError) as error:  # a zero byte in a name is the last
        made.close()
        why = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"the index cannot be served at {host} port {port}: {why}",
            "name a free port with --port, and an address of this machine with --host",
        ) from error
    return made


def serve(api: Api, follower: Follower, at: socket.socket, announce: Callable[[], None]) -> None:
    """Until a signal ends it, by which answers under way are finished. announce: says that it is up."""
    config = uvicorn.Config(
        api.app, lifespan="off", log_config=None, access_log=False, server_header=False, ws="none",
        http="h11", loop="asyncio", limit_concurrency=AT_ONCE, timeout_graceful_shutdown=GRACE_SECONDS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    # it hears signals by itself, and raises them again when it is done
    ends_by(lambda: setattr(server, "should_exit", True))
    announce()
    thread = threading.Thread(target=follower.run, name="index", daemon=True)
    thread.start()
    try:
        asyncio.run(server.serve(sockets=[at]))
    finally:
        follower.ended.set()
        thread.join(GRACE_SECONDS)

"""The index by HTTP: `/health` and `/events`, to be read and no more.

Answers are kept until a block changes what they say, so that many who ask the same cost little. A page of
another origin is answered only where it was named.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from queue import LifoQueue

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keeper.index.answers import Standing, page
from keeper.index.asked import AskedWrongError, Wanted, wanted
from keeper.index.store import Store, StoreError
from tandem.terminal.json_text import to_json

READERS = 8
"""Connections that pages are read through."""
KEPT = 512
"""Answers that are kept."""
OLD_SECONDS = 60.0
"""Since the last look at the chain, after which an index is not well."""
LONGEST = 1_000
"""Characters of a question."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORT = re.compile(r":\d*$", re.ASCII)
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class Api:
    """standing: how far the index is, None before anything is known. origins: of pages that may read it;
    hosts: names by which it is called, None for any."""

    def __init__(
        self,
        standing: Callable[[], Standing | None],
        reading: Callable[[], Store],
        origins: frozenset[str] = frozenset(),
        hosts: frozenset[str] | None = LOOPBACK,
    ) -> None:
        self._standing, self._origins, self._hosts = standing, origins, hosts
        self._stores = LifoQueue[Store]()
        for _ in range(READERS):
            self._stores.put(reading())
        self._limiter: CapacityLimiter | None = None
        self._kept = OrderedDict[Wanted, bytes]()
        self._of: tuple[int, str] | None = None
        self.app = Starlette(
            routes=[Route("/health", self._health), Route("/events", self._events)],
            exception_handlers={404: self._nothing, 405: self._no_way},
        )

    async def _health(self, request: Request) -> Response:
        standing = self._standing()
        if standing is None:
            return self._fails(request, 503, "nothing was read yet")
        said = standing.as_json(time.time())
        is_well = not said["fault"] and said["age_seconds"] <= OLD_SECONDS
        return self._say(request, 200 if is_well else 503, to_json(said, one_line=True).encode())

    async def _events(self, request: Request) -> Response:
        if len(request.url.query) > LONGEST:
            return self._fails(request, 400, f"a question has at most {LONGEST} characters")
        try:
            asked = wanted(request.query_params.multi_items())
        except AskedWrongError as error:
            return self._fails(request, 400, str(error), error.parameter)
        standing = self._standing()
        if standing is None:
            return self._fails(request, 503, "nothing was read yet")
        body = self._known(asked, standing)
        if body is None:
            self._limiter = self._limiter or CapacityLimiter(READERS)
            try:
                body = await to_thread.run_sync(self._read, asked, standing, limiter=self._limiter)
            except StoreError as error:
                return self._fails(request, 503, error.message)
            self._keep(asked, standing, body)
        return self._say(request, 200, body)

    def _known(self, asked: Wanted, standing: Standing) -> bytes | None:
        place = standing.tip.number, standing.tip.hash
        if self._of != place:
            self._of = place
            self._kept.clear()
        return self._kept.get(asked)

    def _keep(self, asked: Wanted, standing: Standing, body: bytes) -> None:
        if self._of == (standing.tip.number, standing.tip.hash):
            self._kept[asked] = body
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def _read(self, asked: Wanted, standing: Standing) -> bytes:
        store = self._stores.get()
        try:
            found = page(store, asked)
        finally:
            self._stores.put(store)
        tip = {"block": standing.tip.number, "hash": standing.tip.hash, "time": standing.tip.time}
        whose = {"chain_id": standing.chain_id, "market": standing.market, "first": standing.first}
        return to_json({**whose, "tip": tip, **found}, one_line=True).encode()

    async def _nothing(self, request: Request, _: Exception) -> Response:
        return self._fails(request, 404, "there are /health and /events")

    async def _no_way(self, request: Request, _: Exception) -> Response:
        return self._fails(request, 405, "it is read by GET")

    def _fails(self, request: Request, status: int, why: str, parameter: str = "") -> Response:
        said = {"error": why, **({"parameter": parameter} if parameter else {})}
        return self._say(request, status, to_json(said, one_line=True).encode())

    def _say(self, request: Request, status: int, body: bytes) -> Response:
        """Whoever calls by another name than this machine's may be a page that was told a lie about it."""
        called = _PORT.sub("", request.headers.get("host", ""))
        if self._hosts is not None and called not in self._hosts:
            status, body = 403, b'{"error": "this index is for this machine"}'
        headers = dict(HEADERS)
        origin = request.headers.get("origin")
        if self._origins:
            headers["Vary"] = "Origin"
        if origin is not None and origin in self._origins:
            headers["Access-Control-Allow-Origin"] = origin
        return Response(body, status, headers, "application/json")

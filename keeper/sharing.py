"""Markets that several processes share: a lease of each in Postgres, so that one at a time sends for it.

A lease has an owner, an end by the database's clock, and a token that is one higher for each owner. Who holds
it renews it long before its end; who does not hear of the database in time believes it lost before the
database does. What is sent asks first whether the token is still its own (`may_send`), so that a process that
slept through its lease sends nothing. A dead process's markets are free once their leases end; each takes no
more than its share of those that live.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from keeper.logs import QUIET, Log
from tandem.errors import ConfigError, SetupError

BEATS = 3
"""Times that a lease is renewed within its length."""
MARGIN = 0.2
"""Of its length, by which its owner believes it to end before it does."""
CONNECT_SECONDS = 5
TABLES = """
CREATE TABLE IF NOT EXISTS tandem_leases (
    market TEXT PRIMARY KEY, owner TEXT NOT NULL DEFAULT '', token BIGINT NOT NULL DEFAULT 0,
    until TIMESTAMPTZ NOT NULL DEFAULT '-infinity'
);
CREATE TABLE IF NOT EXISTS tandem_processes (owner TEXT PRIMARY KEY, until TIMESTAMPTZ NOT NULL);
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtext('tandem_leases'))"
"""Two that begin at once would both make the tables, and two that share would both take too much."""
KNOWN = "INSERT INTO tandem_leases (market) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
HERE = (
    "INSERT INTO tandem_processes VALUES (%s, now() + make_interval(secs => %s))"
    " ON CONFLICT (owner) DO UPDATE SET until = EXCLUDED.until"
)
ENDS = "DELETE FROM tandem_processes WHERE owner = %s"
GONE = "DELETE FROM tandem_processes WHERE until < now() - interval '1 day'"
ALIVE = "SELECT count(*) FROM tandem_processes WHERE until > now()"
RENEW = (
    "UPDATE tandem_leases SET until = now() + make_interval(secs => %s)"
    " WHERE owner = %s AND until > now() AND market = ANY(%s) RETURNING market, token"
)
LEAVE = "UPDATE tandem_leases SET until = now() WHERE owner = %s AND market = ANY(%s)"
TAKE = (
    "UPDATE tandem_leases SET owner = %s, token = token + 1,"
    " until = now() + make_interval(secs => %s) WHERE market IN ("
    "SELECT market FROM tandem_leases WHERE market = ANY(%s) AND until <= now()"
    " ORDER BY market LIMIT %s) RETURNING market, token"
)
HELD = (
    "SELECT 1 FROM tandem_leases WHERE market = %s AND owner = %s AND token = %s AND until > now()"
)


@dataclass(frozen=True, slots=True)
class Lease:
    """Of one market. until: by this machine's monotonic clock, sooner than it ends."""

    token: int
    until: float


@dataclass(slots=True)
class Leases:
    """Those that this process holds of the markets it may keep. connect: gives a connection anew."""

    connect: Callable[[], Any]
    markets: Sequence[str]
    seconds: float
    log: Log = QUIET
    owner: str = field(default_factory=lambda: uuid4().hex)
    clock: Callable[[], float] = time.monotonic
    _held: dict[str, Lease] = field(default_factory=dict[str, Lease])
    _db: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _said: str = ""
    _left: set[str] = field(default_factory=set[str])
    _is_closed: bool = False

    def holds(self, market: str) -> bool:
        """Whether it is this process's, as far as is known here."""
        lease = self._held.get(market)
        return lease is not None and self.clock() < lease.until

    def may_send(self, market: str) -> bool:
        """The same, by the database's word of this moment: asked before anything leaves."""
        lease = self._held.get(market)
        if lease is None or not self.holds(market):
            return False
        found = self._asked(HELD, (market, self.owner, lease.token))
        return bool(found) and self.holds(market)

    def beat(self) -> None:
        """Renew, give back what is more than a share, take what is free. Where the database does not answer,
        what is held ends by itself."""
        began = self.clock()
        try:
            found = self._shared()
        except Exception as error:  # of whatever driver there is
            self._fails(error)
            return
        self._said = ""
        until = began + self.seconds * (1 - MARGIN)
        held = {market: Lease(token, until) for market, token in found.items()}
        for market in held.keys() - self._held.keys():
            self.log.info("lease taken", market=market, token=held[market].token)
        for market in self._held.keys() - held.keys():
            self.log.warning("lease lost", market=market)
        self._held = held

    def leave(self, markets: Sequence[str]) -> None:
        """What this process can keep no more is free for others. It counts in no share from now on, so that
        one of them takes it."""
        self._left |= set(markets)
        self._held = {market: each for market, each in self._held.items() if market not in markets}
        self._asked(LEAVE, (self.owner, list(markets)))

    def run(self, ended: threading.Event) -> None:
        """Until it is told to end; then what is held is free for others at once."""
        while not ended.wait(self.seconds / BEATS):
            self.beat()

    def close(self) -> None:
        """Let go of all."""
        held, self._held, self._is_closed = list(self._held), {}, True
        with suppress(Exception):
            self._asked(LEAVE, (self.owner, held))
            self._asked(ENDS, (self.owner,))
        with self._lock:
            if self._db is not None:
                self._db.close()

    def _shared(self) -> Mapping[str, int]:
        """Markets that are this process's from now on, with their tokens."""
        mine = [market for market in self.markets if market not in self._left]
        with self._lock:
            if self._is_closed:
                return {}
            return self._shares(self._connection(), mine)

    def _shares(self, db: Any, mine: Sequence[str]) -> Mapping[str, int]:
        with db.transaction():
            db.execute(LOCK)
            if self._said or not self._held:  # a database that failed may have lost them
                db.execute(TABLES)
            db.execute(KNOWN, (mine,))
            if self._left:
                db.execute(ENDS, (self.owner,))
            else:
                db.execute(HERE, (self.owner, self.seconds))
            db.execute(GONE)
            (alive,) = db.execute(ALIVE).fetchone()
            share = -(-len(self.markets) // max(alive, 1))
            held = dict(db.execute(RENEW, (self.seconds, self.owner, mine)).fetchall())
            over = sorted(held)[share:]
            if over:
                db.execute(LEAVE, (self.owner, over))
                held = {market: held[market] for market in held if market not in over}
            if len(held) < share:
                values = self.owner, self.seconds, mine, share - len(held)
                held |= dict(db.execute(TAKE, values).fetchall())
        return held

    def _asked(self, query: str, values: Sequence[Any]) -> list[Any]:
        """Rows; none where the database does not answer."""
        with self._lock:
            try:
                found = self._connection().execute(query, values)
                return list(found.fetchall()) if found.description else []
            except Exception as error:  # of whatever driver there is
                self._fails(error)
                return []

    def _connection(self) -> Any:
        if self._db is None or self._db.closed:
            self._db = self.connect()
        return self._db

    def _fails(self, error: Exception) -> None:
        """Said once; the next word is asked for over another connection."""
        if self._db is not None:
            with suppress(Exception):
                self._db.close()
        said = type(error).__name__
        if said != self._said:
            self.log.warning("the database of leases does not answer", error=said)
        self._said = said


def connector(url: str) -> Callable[[], Any]:
    """Connections to a Postgres. Raises SetupError without its driver, ConfigError for what is no address."""
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise SetupError(
            "leases in Postgres need psycopg", "install tandem-hedge[scale]"
        ) from error
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ConfigError(
            "leases.url is no address of a Postgres database",
            "it looks like postgresql://user:password@host/name",
        ) from error

    def connect() -> Any:
        return psycopg.connect(
            url, autocommit=True, connect_timeout=CONNECT_SECONDS, tcp_user_timeout=5_000,
            options="-c statement_timeout=5000 -c lock_timeout=5000",
        )  # fmt: skip

    return connect

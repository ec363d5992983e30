"""Markets that several processes share: a lease of each in Postgres, so that one at a time sends for it.

A lease has an owner, an end by the database's clock, and a token that is one higher for each owner. Who holds
it renews it long before its end; who does not hear of the database in time believes it lost before the
database does. What is sent asks first whether the token is still its own (`may_send`), so that a process that
slept through its lease sends nothing. A dead process's markets are free once their leases end; each takes no
more than its share of those that live. Who cannot read a market lets go of it, too: another may have nodes
that are well. A database that is slow or hangs holds up nobody for longer than `ASK_SECONDS`.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from keeper.database import Line
from keeper.logs import QUIET, Log
from keeper.tables import LONGEST_LEASE
from tandem.errors import ConfigError, SetupError

BEATS = 3
"""Times that a lease is renewed within its length."""
MARGIN = 0.2
"""Of its length, by which its owner believes it to end before it does."""
CONNECT_SECONDS = 5
ASK_SECONDS = 1.0
"""That the database has for its word before something leaves; and after none for which it is not asked."""
RESTS = 5
"""Times the bound for which a market is left to others that could not be read though the node answers."""
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
LIVES = f"until > now() AND until <= now() + interval '{LONGEST_LEASE} seconds'"
"""What ends later than any lease may was written by a clock that was ahead of this one: the database came
back from a backup elsewhere, or its clock was set right."""
ALIVE = f"SELECT count(*) FROM tandem_processes WHERE {LIVES}"  # noqa: S608 - no word of anybody's
RENEW = (
    "UPDATE tandem_leases SET until = now() + make_interval(secs => %s)"
    " WHERE owner = %s AND until > now() AND market = ANY(%s) RETURNING market, token"
)
LEAVE = "UPDATE tandem_leases SET until = now() WHERE owner = %s AND market = ANY(%s)"
TAKE = (
    "UPDATE tandem_leases SET owner = %s, token = token + 1,"  # noqa: S608
    " until = now() + make_interval(secs => %s) WHERE market IN ("
    f"SELECT market FROM tandem_leases WHERE market = ANY(%s) AND NOT ({LIVES})"
    " ORDER BY market LIMIT %s) RETURNING market, token"
)
KEPT = f"SELECT market FROM tandem_leases WHERE market = ANY(%s) AND {LIVES}"  # noqa: S608
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
    """Those that this process holds of the markets it may keep. connect: gives a connection anew; away:
    seconds after which a market is let go that cannot be read here."""

    connect: Callable[[], Any]
    markets: Sequence[str]
    seconds: float
    log: Log = QUIET
    away: float = math.inf
    owner: str = field(default_factory=lambda: uuid4().hex)
    clock: Callable[[], float] = time.monotonic
    _held: dict[str, Lease] = field(default_factory=dict[str, Lease])
    _beats: Line = field(init=False)
    _asks: Line = field(init=False)
    """Of its own: what leaves does not wait for what is renewed."""
    _silent: float = -math.inf
    """When the database gave no word to who asked."""
    _said: str = ""
    _left: set[str] = field(default_factory=set[str])
    _read: dict[str, float] = field(init=False)
    """When each could be read last, or nobody tried."""
    _rests: dict[str, float] = field(default_factory=dict[str, float])
    _kept: dict[str, float] = field(init=False)
    """When somebody was last known to keep each."""
    _is_closed: bool = False

    def __post_init__(self) -> None:
        self._beats, self._asks = Line(lambda: self.connect()), Line(lambda: self.connect())
        self._read = dict.fromkeys(self.markets, self.clock())
        self._kept = dict(self._read)

    def holds(self, market: str) -> bool:
        """Whether it is this process's, as far as is known here."""
        lease = self._held.get(market)
        return lease is not None and self.clock() < lease.until

    def may_send(self, market: str) -> bool:
        """The same, by the database's word of this moment: asked before anything leaves."""
        lease = self._held.get(market)
        if lease is None or not self.holds(market):
            return False
        if self.clock() - self._silent < ASK_SECONDS:
            return False
        found = self._asked(HELD, (market, self.owner, lease.token))
        return bool(found) and self.holds(market)

    def looked(self, well: Sequence[str], failing: Sequence[str] = ()) -> None:
        """What a round found: markets that could be read, or would be were they this process's; and those
        that could not, though their node answers. Of a node that does not answer nothing is told."""
        now = self.clock()
        for market in well:
            self._read[market] = now
        for market in failing:
            if now - self._read[market] >= self.away:
                self._rests[market] = now + RESTS * self.away

    def unkept(self, market: str) -> float:
        """Seconds for which nobody is known to keep it."""
        return self.clock() - self._kept[market]

    def _is_readable(self, market: str) -> bool:
        now = self.clock()
        return now - self._read[market] < self.away and now >= self._rests.get(market, -math.inf)

    def beat(self) -> None:
        """Renew, give back what is more than a share, take what is free. Where the database does not answer,
        what is held ends by itself."""
        if self._is_closed:
            return
        began = self.clock()
        mine = [m for m in self.markets if m not in self._left and self._is_readable(m)]
        for market in self._held.keys() - set(mine):
            self.log.warning("lease let go: the market cannot be read here", market=market)
        self._held = {market: each for market, each in self._held.items() if market in mine}
        try:
            found, kept = self._beats.ask(
                lambda db: self._shares(db, mine), self.seconds * (1 - MARGIN) / 2
            )
        except Exception as error:  # of whatever driver there is
            self._fails(error)
            return
        if self._is_closed:
            self._beats.close()
            return
        self._said = ""
        self._kept |= dict.fromkeys(kept, self.clock())
        until = began + self.seconds * (1 - MARGIN)
        held = {m: Lease(token, until) for m, token in found.items() if m not in self._left}
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
        self._asks.close()
        self._beats.close()

    def _shares(self, db: Any, mine: Sequence[str]) -> tuple[Mapping[str, int], Sequence[str]]:
        """Markets that are this process's from now on, with their tokens; and all that anybody keeps."""
        with db.transaction():
            db.execute(LOCK)
            if self._said or not self._held:  # a database that failed may have lost them
                db.execute(TABLES)
            db.execute(KNOWN, (list(self.markets),))
            if self._is_closed:
                return {}, ()
            if len(mine) < len(self.markets):  # what it leaves is others' share
                gone = [market for market in self.markets if market not in mine]
                db.execute(LEAVE, (self.owner, gone))
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
            kept = [market for (market,) in db.execute(KEPT, (list(self.markets),)).fetchall()]
        return held, kept

    def _asked(self, query: str, values: Sequence[Any]) -> list[Any]:
        """Rows; none where the database does not answer in time."""

        def ask(db: Any) -> list[Any]:
            found = db.execute(query, values)
            return list(found.fetchall()) if found.description else []

        try:
            return self._asks.ask(ask, ASK_SECONDS)
        except Exception as error:  # of whatever driver there is
            self._silent = self.clock()
            self._fails(error)
            return []

    def _fails(self, error: Exception) -> None:
        """Said once."""
        if self._is_closed:
            return
        said = type(error).__name__
        if said != self._said:
            self.log.warning("the database of leases does not answer", error=said)
        self._said = said


def connector(url: str, named: str = "leases.url") -> Callable[[], Any]:
    """Connections to a Postgres. named: what says where it is. Raises SetupError without its driver,
    ConfigError for what is no address."""
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise SetupError(
            f"{named} is in Postgres, which needs psycopg", "install tandem-hedge[scale]"
        ) from error
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ConfigError(
            f"{named} is no address of a Postgres database",
            "it looks like postgresql://user:password@host/name",
        ) from error

    def connect() -> Any:
        return psycopg.connect(
            url, autocommit=True, connect_timeout=CONNECT_SECONDS, tcp_user_timeout=5_000,
            options="-c statement_timeout=5000 -c lock_timeout=5000",
        )  # fmt: skip

    return connect

"""A market that has lived, an index of it, and both databases that an index may be in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lived_in import Market, ask, lived_in, market, settings, tandem
from scale.postgres import postgres

from keeper.index.reading import Reader
from keeper.index.store import Store, stores
from keeper.sharing import connector
from tandem.protocol.happenings import by_place
from tandem.units import WAD

__all__ = ["ask", "lived_in", "market", "postgres", "settings", "tandem"]

KINDS_OF_TABLES = ("markets", "blocks", "events", "people")


@dataclass
class Index:
    """An index of the market, read by hand."""

    market: Market
    where: str
    made: list[Store] = field(default_factory=list)

    def reader(self, **how: Any) -> Reader:
        """As another process would begin."""
        found = self.market.deployment
        named = f"{found.chain_id}:{found.address('Market').lower()}"
        writing, _ = stores(self.where, named)
        writing.prepare()
        self.made.append(writing)
        how = {"patience": 0.0, **how}
        return Reader(self.market.engine, writing, by_place(found), found.block, **how)

    def another(self) -> None:
        """One more event, in a block of its own."""
        t = self.market.tandem
        t.stress.remark().send(t.keeper)

    def rows(self) -> list[Any]:
        """All of them, with whom they name."""
        store = self.reader().store
        events = store.ask(
            "SELECT e.block, e.log_index, b.hash, e.tx, e.address, e.kind, e.name, e.topics, e.data,"
            " e.args FROM tandem_index_events e JOIN tandem_index_blocks b ON b.market = e.market"
            " AND b.number = e.block ORDER BY e.block, e.log_index"
        )
        people = store.ask("SELECT account, block, log_index FROM tandem_index_people")
        named = {(b, i): sorted(w for w, x, y in people if (x, y) == (b, i)) for _, b, i in people}
        return [(*each, tuple(named.get(tuple(each[:2]), ()))) for each in events]

    def fresh(self) -> list[Any]:
        """What one says that reads the chain as it is now from its beginning."""
        other = Index(self.market, str(Path(self.where).with_name("fresh.sqlite")), self.made)
        Path(other.where).unlink(missing_ok=True)
        other.reader().follow()
        return other.rows()


@pytest.fixture
def database(postgres: str) -> str:
    """Empty."""
    with connector(postgres)() as db:
        for table in KINDS_OF_TABLES:
            db.execute(f"DROP TABLE IF EXISTS tandem_index_{table}")
    return postgres


@pytest.fixture
def index(market: Market, tmp_path: Path) -> Iterator[Index]:
    made = Index(market, str(tmp_path / "index.sqlite"))
    yield made
    for store in made.made:
        store.close()


@pytest.fixture
def life(market: Market) -> Callable[[], None]:
    """Something of every kind that traders, LPs, keepers and the guardian do."""

    def live() -> None:
        t = market.tandem
        t.engine.advance(61)
        t.freshen_gate()
        t.mint(market.series, 300_000)
        t.close(market.series, 200_000)
        t.deposit(10**9)
        t.vault.requestRedeem(t.vault.balanceOf(t.lp) // 10, t.lp, t.lp).send(t.lp)
        market.move(2_650)
        t.rebalance()
        market.rest()
        t.rebalance()
        t.stress.remark().send(t.keeper)

    return live


@pytest.fixture
def settled(market: Market, life: Callable[[], None]) -> Callable[[], None]:
    """The same, and on past the expiry, whose holders are paid."""

    def live() -> None:
        life()
        t, series = market.tandem, market.series
        t.guardian.pause().send(t.roles.guardian)
        t.engine.set_time(series.expiry + 1)
        t.exchange.set_index(2_600 * WAD)
        t.settle(series.expiry, int(t.exchange.feed.call("latest_id")))
        t.redeem(series, 100_000)

    return live

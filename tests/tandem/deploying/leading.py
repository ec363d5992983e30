"""A live market and the empty one that follows it: what tests of a migration share."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lived_in import Market, live

from tandem import venues
from tandem.client import Bounds, Client
from tandem.client.migration import carry_out
from tandem.client.migration_journal import ENDING
from tandem.model.svi import Slice
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import Recipe, load_recipe
from tandem.protocol.tandem import Tandem
from tandem.units import HOUR, USD, WAD

SMILE = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)


@contextmanager
def following(folder: Path, kind: str = "curie") -> Generator[tuple[Market, Path]]:
    """A market with an open book, and an empty one on the same venue, or on the same set of them."""
    with live(folder / "old.json", kind) as market:
        local = replace(load_recipe(FOLDER / "local.toml"), venue=venues.recipe(kind))
        venue = {key: market.deployment.venue[key] for key in local.venue.needed}
        recipe: Recipe = replace(local, name="new", price=None, addresses=venue)
        apply(market.engine, recipe, market.engine.accounts[8]).save(folder / "new.json")
        yield market, folder / "new.json"


@contextmanager
def undone(market: Market, new: Path) -> Generator[None]:
    """What is done in between is taken back, what was written of it too."""
    engine = market.engine
    mark, began = engine.request("evm_snapshot", []), engine.now()
    yield
    engine.request("evm_revert", [mark])
    engine.request("evm_setTime", [began])
    for journal in new.parent.glob(f"*{ENDING}"):
        journal.unlink()


def deposited(t: Tandem, who: str) -> int:
    """What its shares were bought for: a deposit into an empty vault has no fee."""
    return t.vault.convertToAssets(t.vault.balanceOf(who))


def sessions(market: Market, new: Path) -> Callable[[str], tuple[Any, Any]]:
    """Of an account, on the old one and on the new one."""

    def ask(who: str) -> tuple[Any, Any]:
        number = market.engine.accounts.index(who)
        made = [
            Client.connect(market.url, file, f"TEST::{number}", Bounds()).session
            for file in (market.file, new)
        ]
        return made[0], made[1]

    return ask


def processed(market: Market, new: Path, who: str, usd: int = 50_000) -> int:
    """An LP of the old one asks to leave it and is processed: token units that he may claim."""
    t, engine = market.tandem, market.engine
    t.deposit(usd * USD, who)
    carry_out(*sessions(market, new)(who))
    engine.advance(26 * HOUR)
    t.exchange.set_index(2_500 * WAD)
    t.post({market.series.expiry: SMILE})
    t.vault.process(8).send(t.keeper)
    return t.vault.maxWithdraw(who)

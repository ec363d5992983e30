"""Several markets on one local node, each with its own pool and price feed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lived_in import Market, opened

from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import load_recipe


@dataclass
class Street:
    """The markets, and the node they are on."""

    engine: RemoteEngine
    url: str
    markets: list[Market]

    @property
    def options(self) -> list[str]:
        """As `tandem run` is told of all of them."""
        return [word for each in self.markets for word in ("--deployment", str(each.file))]

    def residuals(self) -> list[float]:
        """How much of its hard band each has not hedged."""
        seen = [each.tandem.lens.snapshot().stance for each in self.markets]
        return [abs(stance.residual) / stance.hard for stance in seen]

    def move(self, usd: int, *places: int) -> None:
        """The price is another in these, or in all, and the pools have followed."""
        for place in places or range(len(self.markets)):
            self.markets[place].move(usd)
        self.passes(180)

    def priced(self) -> None:
        """The price feeds say again what they said: none is older than the contracts believe, however long a
        slow machine's setting up has taken."""
        for each in self.markets:
            each.tandem.exchange.publish_index(each.tandem.exchange.index())

    def passes(self, seconds: int) -> None:
        """A block, so much later than the last one, whoever sent it."""
        self.engine.sync()
        self.engine.advance(seconds)


def deployer(engine: Any, place: int) -> str:
    """An account of its own: a deployment is found by its deployer's nonces, one after the other."""
    account = f"0x{0xD0000 + place:040x}"
    engine.fund(account, 10**20)
    engine.request("anvil_impersonateAccount", [account])
    return account


@contextmanager
def street(folder: Path, count: int) -> Generator[Street]:
    """So many, called m0 and so on."""
    with AnvilEngine(prune_history=False) as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        recipe = load_recipe(FOLDER / "local.toml")
        markets = [
            opened(
                engine, node.url, replace(recipe, name=f"m{place}"), deployer(engine, place),
                folder / f"m{place}.json",
            )
            for place in range(count)
        ]  # fmt: skip
        yield Street(engine, node.url, markets)

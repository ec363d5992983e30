"""What a deployment file may name as its venue is deployed, written down, bound again and traded on.

The tests of one venue build its parts by hand. Here the file alone says which venue it is.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import ETH, World, furnish

from tandem import venues
from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.errors import ConfigError
from tandem.protocol.applying import apply
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.plan import plan
from tandem.protocol.recipe import load_recipe
from tandem.units import WAD
from tandem.venues import Opening

FILE = """
name = "local"
chain_id = 31337
[roles]
signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]
[venue]
kind = "{kind}"
deploy = true
price = 2500
[terms]
hour = 60_000
jump = 20_000
unwind = 48
"""


CURVE_GAS = {"curie": 23_000, "aave": 20_000, "morpho": 20_000, "morpho4": 20_000}
"""Of a curve of one stretch, with storage that this engine keeps warm."""


SETS = ("curie+aave", "aave+morpho")


@pytest.mark.parametrize("kind", [*venues.names(), *SETS])
def test_a_file_that_names_it_gives_a_market_that_hedges_there(tmp_path: Path, kind: str) -> None:
    """Planned, applied, saved and loaded: the market that is bound by the written file sells a call, its
    hedge is at the venue, and it is bought back."""
    source, written = tmp_path / "local.toml", tmp_path / "local.json"
    source.write_text(FILE.format(kind=kind))
    recipe = load_recipe(source)
    engine = open_engine("pyrevm")
    deployer = engine.accounts[0]
    ours = recipe.venue.contracts
    assert ours[-1] == recipe.venue.adapter
    assert tuple(p.name for p in plan(engine, recipe, deployer))[6 : 6 + len(ours)] == ours
    apply(engine, recipe, deployer).save(written)
    found = Deployment.load(written)
    assert found.recipe.name == kind
    tandem = tandem_of(engine, found)
    w = furnish(World(engine, tandem.exchange, tandem, 0, 0))  # type: ignore[arg-type]
    for order in (WAD, -WAD) if kind in CURVE_GAS else ():
        met = tandem.venue.send("curve", order, sender=w.stranger)
        assert met.returned[3] == (WAD, 0, 0, 0)
        assert met.gas_used - 21_000 <= CURVE_GAS[kind]
    w.mint(w.call(2_500), 4 * ETH)
    assert WAD < w.position() == tandem.exchange.position(str(tandem.venue.address)) < 3 * WAD
    assert abs(tandem.snapshot().stance.residual) < WAD // 1_000
    w.close(w.call(2_500), 4 * ETH)
    assert abs(w.position()) < WAD // 2


@pytest.mark.parametrize("kind", venues.names())
def test_an_adapter_that_is_constructed_again_has_the_same_code(kind: str) -> None:
    """`tandem deploy verify` compares the code that stands with that of another construction: nothing in it
    may come from where it stands."""
    engine = open_engine("pyrevm")
    recipe = venues.recipe(kind)
    exchange = recipe.open(engine, 2_500 * WAD, venues.Opening())
    there, at = exchange.addresses(), {"HedgeRouter": engine.accounts[1]}
    for name in recipe.contracts:
        at[name] = _twice(engine, name, recipe.arguments(name, at, there, recipe.margins))


def _twice(engine: BaseEngine, name: str, args: tuple[object, ...]) -> str:
    """Two of it, at two addresses, of one code."""
    one, other = (engine.deploy(compile_vyper(name), *args) for _ in range(2))
    assert one.address != other.address
    assert engine.code(one) == engine.code(other)
    return one.address


def test_a_file_names_markets_by_ids_and_the_rest_by_addresses(tmp_path: Path) -> None:
    """An id is 32 bytes, whatever its capitals; where one belongs an address is none, and the other way
    round."""
    recipe = venues.recipe("morpho")
    place, market = "0x" + "1f" * 20, "0x" + "aB" * 32
    parts = {key: market if key in recipe.ids else place for key in recipe.needed}
    source = tmp_path / "file.toml"

    def named(**odd: str) -> str:
        rows = "\n".join(f'{key} = "{value}"' for key, value in (parts | odd).items())
        source.write_text(FILE.format(kind="morpho").replace("deploy = true\nprice = 2500", rows))
        return load_recipe(source).addresses["short_market"]

    assert named() == market.lower()
    with pytest.raises(ConfigError, match=r"short_market = .* is no id"):
        named(short_market=place)
    with pytest.raises(ConfigError, match=r"lender = .* is no address"):
        named(lender=market)


@pytest.mark.parametrize("kind", [*venues.names(), *SETS, "curie+aave+morpho4"])
def test_one_arbitrage_leaves_no_pool_behind(kind: str) -> None:
    """Of several pools only the first that was off the index went: beside a price that moves with each look
    the others stayed where they opened, and a market over them refused opens as off the oracle."""
    exchange = venues.recipe(kind).open(open_engine("pyrevm"), 2_500 * WAD, Opening())
    for price in (2_510, 2_490):
        exchange.set_index(price * WAD)
        assert exchange.arbitrage_call() is not None
        assert exchange.arbitrage() is not None
        assert exchange.arbitrage_call() is None
    assert exchange.arbitrage() is None

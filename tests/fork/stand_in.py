"""A chain of our own that stands in for a rollup: the venues' real bytecode at the published addresses.

Real are Uniswap's factory and pool and all of the lending market. Stand-ins are the tokens, the price
feeds, the sequencer's status and what answers for the data fee; each stands where the real one does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import morpho_on_base
from chains import ARB_GAS_INFO, ETH, GAS_PRICE_ORACLE, NODE_INTERFACE, Chain
from feeds import up_for_long
from placing import PlacingEngine, place

from tandem import venues
from tandem.engine import fork
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import GENESIS
from tandem.engine.node import Node
from tandem.units import ETHER, WAD
from tandem.venues import SEPARATOR, Exchange, Opening, VenueRecipe
from tandem.venues._pair import BASE_TOKENS
from tandem.venues._several import Several, SeveralRecipe
from tandem.venues.aave import Aave

PRICES = {ETHER: 2_500, "BTC": 100_000}
TOKENS = {ETHER: 18, "BTC": 8}
"""Decimals of the base token."""
GWEI = 10**9
LENDERS: dict[str, Callable[[Mapping[str, str]], dict[str, list[str]]]] = {
    "aave": lambda venue: {"PoolAddressesProvider": [venue["provider"]]},
    "morpho": lambda venue: {
        "Morpho": [venue["lender"]],
        "AdaptiveCurveIrm": [morpho_on_base.RATES],
        "MorphoOracle": [morpho_on_base.ORACLES[sign] for sign in ("short", "long")],
    },
}
"""Where what makes the lender of each kind of venue stands, by the names of its artifacts."""
FEES = {"aave": 500, "morpho": 3_000}
"""Of the pool beside each, millionths."""


def node(chain_id: int, *more: str) -> AbstractContextManager[str]:
    """A development node that calls itself this chain; its address. more: options of anvil's."""
    named = ("--chain-id", str(chain_id), "--timestamp", str(GENESIS))
    free = ("--base-fee", "0", "--gas-price", "0", "--gas-limit", "2000000000")
    return fork.node(*named, *free, *more)


@contextmanager
def stand_in(chain: Chain) -> Iterator[tuple[str, int]]:
    """Its address, and the block at which everything that the chain's deployment file names is there."""
    with node(chain.id) as url:
        yield url, build(chain, url).engine.block()


def build(chain: Chain, url: str) -> Exchange:
    """Everything that the chain's file names, at the addresses that it names."""
    named = chain.named
    venue, settings = named["venue"], named["settings"]
    kind = venue["kind"]
    members = {name: venue | venue.get(name, {}) for name in kind.split(SEPARATOR)}
    base = {member["weth"] for member in members.values()}
    asset = named.get("asset", ETHER)
    price, decimals = PRICES[asset], TOKENS[asset]
    places = {
        "USDC": [venue["usdc"]],
        BASE_TOKENS[decimals]: list(base),
        "PriceFeed": [venue["feed"]],
        "UniswapV3Factory": [chain.factory],
    }
    for name, member in members.items():
        places |= LENDERS[name](member)
    engine = PlacingEngine(Node(url).request, is_development=True, places=places)
    opening = Opening(asset=asset, decimals=decimals)
    exchange = _recipe(kind, *base, venue["usdc"]).open(engine, price * WAD, opening)
    status = place(
        engine, settings["sequencer_feed"], compile_vyper("PriceFeed"), 0, "L2 Sequencer Uptime"
    )
    status.send("push", 0, sender=engine.accounts[0])
    up_for_long(engine, status)
    _fees(chain, engine)
    for member in exchange.members if isinstance(exchange, Several) else (exchange,):
        if chain.optimistic and isinstance(member, Aave):
            _own_source(engine, member, asset)
    if asset != ETHER:
        ether = named["markets"][ETH]["venue"]["feed"]
        feed = place(engine, ether, compile_vyper("PriceFeed"), 8, f"{ETHER} / USD")
        feed.send("push", PRICES[ETHER] * 10**8, sender=exchange.owner)
    exchange.set_index(price * WAD)
    assert engine.left == [], engine.left
    return exchange


def _recipe(kind: str, weth: str, usdc: str) -> VenueRecipe:
    """How it is opened: the base token's address on the side of the quote token's that the file has it."""
    first = int(weth, 16) < int(usdc, 16)
    one = venues.recipe(kind)
    if isinstance(one, SeveralRecipe):
        each = (replace(m, base_first=first, fee=FEES[m.name]) for m in one.members)
        return SeveralRecipe(tuple(each))
    return replace(one, base_first=first, fee=FEES[kind])


def _own_source(engine: PlacingEngine, exchange: Aave, asset: str) -> None:
    """A lending market may value an asset by another feed than the file names: here it does on two chains."""
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, f"{asset} / USD", sender=exchange.owner)
    feed.send("push", PRICES[asset] * 10**8, sender=exchange.owner)
    told = ([exchange.weth], [feed])
    exchange.parts["oracle"].send("setAssetSources", *told, sender=exchange.owner)


def _fees(chain: Chain, engine: PlacingEngine) -> None:
    """Prices as they were on an ordinary day: gas on L1 at 1 gwei, a hundredth of one on L2."""
    told: tuple[Any, ...]
    if chain.optimistic:
        fees, places = "OptimismFees", (GAS_PRICE_ORACLE,)
        told = (GWEI, GWEI, 5_227, 1_014_213)
    else:
        fees, places = "ArbitrumFees", (NODE_INTERFACE, ARB_GAS_INFO)
        told = (GWEI, GWEI // 100)
    for where in places:
        placed = place(engine, where, compile_vyper(fees))
        placed.send("say", *told, sender=engine.accounts[0])

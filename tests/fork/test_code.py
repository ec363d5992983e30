"""What we run locally is what stands there: the code of pool, factory and lending market."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from chains import SET, Chain
from forking import on_chain
from upstream import Upstream

from tandem.engine.ape_chain import engine_of
from tandem.engine.artifacts import Artifact, load_npm
from tandem.engine.base import GAS_LIMIT
from tandem.engine.remote import RemoteEngine
from tandem.venues._spot import CORE
from tandem.venues.aave.sources import AAVE, FLASH, LOGIC, published
from tandem.venues.morpho.sources import published as morpho

Fork = Callable[[], AbstractContextManager[Any]]
IMPLEMENTATION = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"
"""Where a proxy keeps the address of its code (EIP-1967)."""


def constructed(
    engine: RemoteEngine,
    where: str,
    artifact: Artifact,
    *args: Any,
    sender: str = "",
    beside: dict[str, Any] | None = None,
) -> bytes:
    """What a constructor leaves at an address, in a call. beside: state of others meanwhile."""
    fields = {"from": sender or engine.accounts[0], "to": where, "gas": hex(GAS_LIMIT)}
    init = "0x" + artifact.init(args).hex()
    laid = {where: {"code": init}} | (beside or {})
    found: str = engine.request("eth_call", [fields, "latest", laid])
    return bytes.fromhex(found[2:])


def test_the_factory_and_the_pool_are_the_publishers(chain: Chain, fork: Fork) -> None:
    """The pool asks its factory what it is to be, which the factory has forgotten since."""
    venue = chain.named["venue"]
    factory, pool = (load_npm(CORE, f"UniswapV3{name}") for name in ("Factory", "Pool"))
    with fork() as provider:
        engine = engine_of(provider)
        assert constructed(engine, chain.factory, factory) == engine.code(chain.factory)
        first, second = sorted((venue["weth"], venue["usdc"]), key=lambda a: int(a, 16))
        fee_and_more = 500 << 160 | 10 << 184
        words = (int(chain.factory, 16), int(first, 16), int(second, 16) | fee_and_more)
        told = {"0x" + f"{n:064x}": "0x" + f"{word:064x}" for n, word in enumerate(words)}
        made = constructed(
            engine, venue["pool"], pool,
            sender=chain.factory, beside={chain.factory: {"stateDiff": told}},
        )  # fmt: skip
        assert made == engine.code(venue["pool"])


def test_the_lending_market_is_the_version_that_is_compiled_here(chain: Chain, fork: Fork) -> None:
    """But for the addresses of its libraries, which are read where the code there has them."""
    with fork() as provider:
        engine = engine_of(provider)
        provider_of = engine.at(
            published("PoolAddressesProvider"), chain.named["venue"]["provider"]
        )
        pool = engine.at(published("PoolInstance"), provider_of.call("getPool"))
        word = engine.request("eth_getStorageAt", [pool.address, IMPLEMENTATION, "latest"])
        where = "0x" + word[-40:]
        there = engine.code(where)
        marks = {name: "0x" + f"{n:02x}" * 20 for n, name in enumerate((*LOGIC, FLASH), start=0xA0)}
        strategy = pool.call("RESERVE_INTEREST_RATE_STRATEGY")
        ours = constructed(
            engine, where, AAVE.artifact("PoolInstance", marks), provider_of.address, strategy
        )
        assert pool.call("POOL_REVISION") > 0
        assert len(ours) == len(there)
        assert _with_libraries_of(there, ours, marks) == there


def test_the_second_lender_and_its_rates_are_the_publishers(
    base: Chain, upstreams: Callable[[Chain], Upstream]
) -> None:
    """Of the file that hedges over two venues: what a market's rates are is in its id."""
    on = replace(base, variant=SET)
    venue = on.named["venue"]["morpho"]
    with on_chain(upstreams(base), on) as engine:
        lender = engine.at(morpho("Morpho"), venue["lender"])
        for market in ("short_market", "long_market"):
            rates = str(lender.call("idToMarketParams", venue[market])[3])
            made = constructed(engine, rates, morpho("AdaptiveCurveIrm"), lender.address)
            assert made == engine.code(rates)
        # its owner is a word of its state
        made = constructed(engine, lender.address, morpho("Morpho"), lender.call("owner"))
        assert made == engine.code(lender.address)


def _with_libraries_of(there: bytes, ours: bytes, marks: dict[str, str]) -> bytes:
    """Our code with the libraries that the other has in the places of ours, each the same everywhere."""
    for name, mark in marks.items():
        raw = bytes.fromhex(mark[2:])
        places = [n for n in range(len(ours)) if ours.startswith(raw, n)]
        found = {there[n : n + 20] for n in places}
        assert len(found) <= 1, f"{name} is {len(found)} libraries there"
        for library in found:
            ours = ours.replace(raw, library)
    return ours

"""The fork is the upstream's chain, holds what the deployment file names, and leaves the upstream alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from chains import Chain
from upstream import Upstream

from tandem.engine.ape_chain import engine_of
from tandem.engine.artifacts import ROOT, compile_vyper, load_npm
from tandem.venues.aave.sources import published

BOOK = ROOT / "node_modules" / "@aave-dao" / "aave-address-book" / "dist"
Fork = Callable[[], AbstractContextManager[Any]]


def test_the_fork_is_of_the_chain_at_the_block(
    chain: Chain, upstream: Upstream, fork: Fork
) -> None:
    with fork() as provider:
        assert provider.name == "foundry"
        engine = engine_of(provider)
        assert engine.chain_id == chain.id
        assert engine.block() == upstream.block


def test_the_fork_never_writes_to_the_upstream(
    chain: Chain, upstream: Upstream, fork: Fork
) -> None:
    usdc = chain.named["venue"]["usdc"]
    with fork() as provider:
        engine = engine_of(provider)
        token, who = engine.at(compile_vyper("USDC"), usdc), engine.accounts[2]
        before = token.call("balanceOf", who)
        engine.request("anvil_dealERC20", [who, usdc, hex(before + 5)])
        assert token.call("balanceOf", who) == before + 5
    with fork() as provider:
        assert engine_of(provider).at(compile_vyper("USDC"), usdc).call("balanceOf", who) == before


def test_the_pool_is_where_the_file_has_it(chain: Chain, fork: Fork) -> None:
    """On a stand-in nobody puts it there: the factory creates it, at an address that follows from the pool's
    code. So that code is the one which the published address was made of."""
    venue = chain.named["venue"]
    with fork() as provider:
        engine = engine_of(provider)
        factory = engine.at(load_npm("@uniswap/v3-core", "UniswapV3Factory"), chain.factory)
        pool = engine.at(load_npm("@uniswap/v3-core", "UniswapV3Pool"), venue["pool"])
        assert factory.call("getPool", venue["weth"], venue["usdc"], 500) == venue["pool"]
        assert pool.call("factory") == chain.factory
        assert {pool.call("token0"), pool.call("token1")} == {venue["weth"], venue["usdc"]}
        assert pool.call("liquidity") > 0


def test_the_lending_market_is_where_its_publishers_book_has_it(chain: Chain, fork: Fork) -> None:
    """The file names the provider of its addresses alone."""
    page = BOOK / f"AaveV3{chain.name.capitalize()}.mjs"
    (published_at,) = re.findall(r'^var POOL = "(0x\w{40})";', page.read_text(), re.MULTILINE)
    with fork() as provider:
        where = chain.named["venue"]["provider"]
        provider_of = engine_of(provider).at(published("PoolAddressesProvider"), where)
        assert provider_of.call("getPool") == published_at

"""A base token is worth the asset that a file names, and counted as adapters count it."""

from __future__ import annotations

import pytest
from chain_of_others import token_code

from tandem.engine.artifacts import compile_vyper
from tandem.engine.revm import RevmEngine
from tandem.venues._tokens import base_faults

ARBITRUM = 42_161


@pytest.mark.parametrize(
    ("symbol", "decimals", "asset", "said"),
    [
        ("WETH", 18, "ETH", ""),
        ("tBTC", 18, "BTC", ""),
        ("vBTC", 18, "BTC", ""),
        ("WSOL", 18, "SOL", ""),
        (
            "WBTC",
            8,
            "BTC",
            "is WBTC of 8 decimals, not of 18: the adapter counts the base token in WAD",
        ),
        (
            "WETH",
            8,
            "ETH",
            "is WETH of 8 decimals, not of 18: the adapter counts the base token in WAD",
        ),
        ("WETH", 18, "BTC", "is WETH of 18 decimals, not tBTC or WBTC or cbBTC or vBTC"),
        ("tBTC", 18, "ETH", "is tBTC of 18 decimals, not WETH or vETH"),
        ("wstETH", 18, "ETH", "is wstETH of 18 decimals, not WETH or vETH"),
    ],
)
def test_a_base_token_is_of_the_asset_and_counted_in_wad(
    symbol: str, decimals: int, asset: str, said: str
) -> None:
    with RevmEngine(chain_id=ARBITRUM) as there:
        token = there.create(token_code(symbol, decimals), there.accounts[0])
        found = [fault.what for fault in base_faults(there, "weth", token, asset)]
    assert found == ([said] if said else [])


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize(("decimals", "good"), [(7, False), (8, True), (18, True), (19, False)])
def test_an_adapter_with_a_grain_takes_eight_to_eighteen_decimals(
    decimals: int, good: bool
) -> None:
    with RevmEngine(chain_id=ARBITRUM) as there:
        token = there.create(token_code("WBTC", decimals), there.accounts[0])
        found = [fault.what for fault in base_faults(there, "weth", token, "BTC", 8)]
    assert (found == []) is good
    assert good or f"of {decimals} decimals, not of 8 to 18" in found[0]


def test_a_local_chains_stand_in_is_of_any_asset() -> None:
    with RevmEngine(chain_id=31_337) as local:
        weth = local.deploy(compile_vyper("WETH"), sender=local.accounts[0]).address
        assert list(base_faults(local, "weth", weth, "BTC")) == []

"""Which tests are a contract's own, and which come after them."""

from __future__ import annotations

from collections.abc import Mapping

# Whom a mutant meets that its own tests let live, the likeliest first.
ALL = (
    "tests/unit/market", "tests/unit/lens", "tests/unit/charges", "tests/unit/hedge_router",
    "tests/unit/vault", "tests/unit/jump_gate", "tests/unit/underwriter", "tests/unit/bounty",
    "tests/unit/breaker", "tests/unit/stress", "tests/unit/attacks",
    "tests/venues/test_market_on_lenders.py", "tests/unit/venue_set",
)  # fmt: skip
EVERY_VENUE = "tests/venues"
LATER: Mapping[str, tuple[str, ...]] = {
    "venues/curie": (EVERY_VENUE, *ALL),
    "venues/Curie": (EVERY_VENUE, *ALL),
    "venues/": (EVERY_VENUE, "tests/unit/venue_set"),
}
"""The start of a source's path -> the same for it: nearly all markets of `ALL` hedge on the exchange, and run
little of a lender's."""
LAWS = ("tests/stateful",)
WHOLE = "laws or not long"
"""Of the laws all markets, which `make test` plays the first of."""
RULES = (
    "tests/unit/underwriter/test_pure_rules.py", "tests/unit/underwriter", "tests/unit/market",
)  # fmt: skip
LENT = ("tests/venues/test_market_on_lenders.py", "tests/venues/test_eight_decimals.py")
CURIE, AAVE = ("tests/unit/curie_venue",), ("tests/unit/aave_venue", *LENT)
MORPHO = ("tests/unit/morpho_venue", *LENT)
V4 = (
    "tests/unit/morpho_venue/test_pool_of_v4.py",
    "tests/unit/morpho_venue/test_pool_of_v4_refused.py",
    *MORPHO,
)
SEVERAL = ("tests/unit/venue_set", "tests/unit/split")
GATE = (
    "tests/unit/jump_gate",
    "tests/unit/breaker/test_hour_of_opens.py",
    "tests/unit/hedge_router",
)
ROUTED = ("tests/unit/hedge_router/test_router_rules.py", "tests/unit/hedge_router")

# The start of a source's path under contracts/ -> its own tests, the quickest first.
OWN: Mapping[str, tuple[str, ...]] = {
    "OptionToken.vy": ("tests/unit/option_token",),
    "Vault.vy": ("tests/unit/vault",),
    "modules/money": ("tests/unit/vault",),
    "modules/lending": ("tests/unit/vault",),
    "modules/exits": ("tests/unit/vault",),
    "modules/epochs": ("tests/unit/vault",),
    "modules/nav": ("tests/unit/vault/test_nav_rules.py", "tests/unit/vault"),
    "modules/valuation": ("tests/unit/vault",),
    "modules/shares": ("tests/unit/vault",),
    "modules/operators": ("tests/unit/vault",),
    "VolSurface.vy": ("tests/unit/vol_surface",),
    "modules/slice_limits": (
        "tests/unit/vol_surface/test_slice_limits.py",
        "tests/unit/vol_surface",
    ),
    "lib/density": ("tests/unit/vol_surface/test_density.py", "tests/unit/vol_surface"),
    "lib/arbitrage": ("tests/unit/vol_surface/test_slice_limits.py", "tests/unit/vol_surface"),
    "lib/surface": ("tests/unit/surface", "tests/unit/vol_surface"),
    "Guardian.vy": ("tests/unit/guardian",),
    "modules/roles": ("tests/unit/guardian",),
    "modules/timelock": ("tests/unit/guardian",),
    "lib/terms": (
        "tests/unit/guardian",
        "tests/unit/underwriter",
        "tests/unit/breaker/test_breaker.py",
        "tests/unit/venue_set/test_a_set_alone.py",
    ),
    "MarginDesk.vy": (
        "tests/unit/attacks/test_code_that_asks_for_margin.py",
        *ROUTED,
        *SEVERAL[:1],
    ),
    "VenueSet.vy": SEVERAL,
    "Splitter.vy": SEVERAL,
    "VenueLens.vy": ("tests/unit/venue_set/test_venue_lens.py", *SEVERAL),
    "lib/believed": SEVERAL,
    "lib/split": ("tests/unit/split", *SEVERAL[:1]),
    "lib/carry": ("tests/unit/words", *SEVERAL),
    "lib/purses": (
        "tests/unit/venue_set/test_memory_of_purses.py",
        "tests/unit/venue_set/test_purse_of_several.py",
        *SEVERAL[:1],
    ),
    "lib/accruals": (*AAVE, *MORPHO),
    "lib/against": (*SEVERAL[:1], "tests/unit/stress"),
    "HedgeRouter.vy": (
        "tests/unit/hedge_router",
        "tests/unit/market/test_rebalance_pace.py",
        "tests/unit/venue_set/test_orders_over_venues.py",
    ),
    "venues/curie_margin": ("tests/unit/curie_venue/test_margin_rule.py", *CURIE),
    "venues/curie": CURIE,
    "venues/CurieVenue.vy": CURIE,
    "venues/aave": AAVE,
    "venues/AaveVenue.vy": AAVE,
    "venues/morpho": MORPHO,
    "venues/Morpho": MORPHO,
    "venues/V4Pool.vy": V4,
    "venues/AaveReach.vy": ("tests/unit/aave_venue/test_aave_max_order.py", *AAVE),
    "venues/lent_account": (
        "tests/unit/aave_venue/test_aave_gifts.py",
        "tests/unit/aave_venue/test_aave_idle.py",
        *AAVE,
        *MORPHO,
    ),
    "venues/asked": ("tests/unit/aave_venue/test_aave_trade.py", *AAVE, *MORPHO),
    "venues/uniswap_curve": (
        "tests/unit/uniswap_curve",
        "tests/unit/curie_venue/test_curie_curve.py",
        *MORPHO,
    ),
    "venues/uniswap_reach": ("tests/unit/aave_venue/test_aave_max_order.py", *AAVE, *MORPHO),
    "venues/uniswap_spot": ("tests/unit/aave_venue/test_aave_max_order.py", *AAVE, *MORPHO),
    "venues/uniswap_": ("tests/unit/curie_venue/test_pool_average.py", *CURIE, *AAVE, *MORPHO),
    "oracles/EtherSpot": (
        "tests/unit/split/test_ether_has_a_feed.py",
        "tests/unit/bounty/test_gas_in_ether.py",
        "tests/unit/bounty/test_a_bounty_without_ether.py",
        "tests/unit/split/test_gas_of_a_leg.py",
    ),
    "oracles/": (
        "tests/unit/chainlink_spot/test_spot.py",
        "tests/unit/chainlink_spot/test_second_spot.py",
        "tests/unit/chainlink_spot/test_other_sources.py",
        "tests/unit/chainlink_spot/test_feed_gas.py",
        "tests/unit/attacks/test_a_feed_that_ends.py",
        "tests/unit/attacks/test_an_uptime_feed_that_ends.py",
        "tests/unit/chainlink_spot",
    ),
    "Market.vy": (
        "tests/unit/market",
        "tests/unit/bounty/test_bounty.py",
        "tests/unit/charges",
    ),
    "modules/limits": RULES,
    "modules/fees": RULES,
    "modules/underwriting": RULES,
    "modules/trades": ("tests/unit/market", "tests/unit/lens"),
    "modules/hedges": ("tests/unit/market", "tests/unit/lens"),
    "modules/expiries": ("tests/unit/market",),
    "modules/book": ("tests/unit/book", "tests/unit/market"),
    "lib/book": ("tests/unit/book", "tests/unit/risk"),
    "lib/bits": ("tests/unit/fixed_point", *ROUTED[:1], "tests/unit/pricing", "tests/unit/risk"),
    "lib/series": ("tests/unit/nodes", "tests/unit/market", "tests/unit/option_token"),
    "lib/nodes": ("tests/unit/nodes",),
    "lib/payoffs": ("tests/unit/risk",),
    "lib/hedging": ("tests/unit/hedging",),
    "lib/funding": ROUTED,
    "lib/margin_proof": ROUTED,
    "lib/margin": ("tests/unit/hedge_router/test_exact_margin.py", *ROUTED),
    "lib/pacing": ROUTED,
    "lib/gate_word": GATE,
    "lib/stress": ("tests/unit/stress", "tests/unit/jump_gate"),
    "lib/losses": ("tests/unit/stress", "tests/unit/jump_gate"),
    "modules/jump_gate": GATE,
    "Bounty.vy": ("tests/unit/bounty",),
    "lib/crossings": ("tests/unit/words", "tests/unit/bounty"),
    "Breaker.vy": ("tests/unit/breaker",),
    "StressTest.vy": (
        "tests/unit/jump_gate",
        "tests/unit/venue_set/test_gate_of_several.py",
        "tests/unit/hedge_router/test_carry_by_the_second.py",
        "tests/unit/breaker/test_breaker_on_the_market.py",
        "tests/unit/breaker/test_hour_of_opens.py",
        "tests/unit/venue_set/test_after_a_bit.py",
        "tests/keeper/stress",
    ),
    "lib/band": ("tests/unit/risk/test_payoffs.py", "tests/unit/underwriter"),
    "lib/normal": (
        "tests/unit/fixed_point/test_kernel_constants.py",
        "tests/unit/normal",
        "tests/unit/pricing",
    ),
    "lib/fixed_point": (
        "tests/unit/fixed_point/test_kernel_constants.py",
        "tests/unit/fixed_point",
        "tests/unit/pricing",
    ),
    "lib/pricing": (
        "tests/unit/fixed_point/test_kernel_constants.py",
        "tests/unit/pricing",
        "tests/unit/risk",
    ),
    "lib/": ("tests/unit/pricing", "tests/unit/risk"),
    "Lens.vy": (
        "tests/unit/lens",
        "tests/unit/market/test_close_beside_stale.py",
        "tests/unit/attacks/test_leavers_behind_an_outage.py",
    ),
    "Risk.vy": ("tests/unit/risk", "tests/unit/surface", "tests/unit/pricing"),
    "Underwriter.vy": ("tests/unit/underwriter", "tests/unit/market", "tests/unit/jump_gate"),
    "modules/": ("tests/unit/underwriter", "tests/unit/market"),
}


def stages(file: str, laws: bool = False) -> list[tuple[str, ...]]:
    """The tests that a mutant of this source meets, stage by stage, until one fails."""
    own = next((tests for start, tests in OWN.items() if file.startswith(start)), ())
    others = next((tests for start, tests in LATER.items() if file.startswith(start)), ALL)
    later = tuple(folder for folder in others if folder not in own)
    found = [own, later] if own else [later]
    return [*found, LAWS] if laws else found

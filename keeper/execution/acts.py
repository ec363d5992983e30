"""The calls that a keeper sends, by which they are told from what a person sends with the same key."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.protocol.bindings.bounty import Bounty
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.margin_desk import MarginDesk
from tandem.protocol.bindings.market import Market
from tandem.protocol.bindings.stress_test import StressTest
from tandem.protocol.bindings.vault import Vault
from tandem.protocol.bindings.vol_surface import VolSurface

_SENT = (
    (MarginDesk.ABI, "top_up", "sweep", "delever", "shift"),
    (Market.ABI, "settle", "rebalance"),
    (Bounty.ABI, "stamp", "rebalance"),
    (Vault.ABI, "poke", "process"),
    (VolSurface.ABI, "post", "post_all"),
    (StressTest.ABI, "remark"),
    (ChainlinkSpot.ABI, "watch"),
    (Abi.spelled("function settle_collateral(address)"), "settle_collateral"),
)
SELECTORS = frozenset(
    "0x" + form.selector.hex()
    for abi, *names in _SENT
    for name in names
    for form in abi.functions[name]
)
"""The first four bytes of each, as a node writes them."""

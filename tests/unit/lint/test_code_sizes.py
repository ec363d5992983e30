"""Every contract that a deployment may have is under the measure of its code."""

from __future__ import annotations

from bench.gas import code_sizes

MOST = 20_000


def test_no_contract_is_over_twenty_thousand_bytes() -> None:
    """Those of sets and lenders too, which the deployment on the exchange alone has not."""
    sizes = code_sizes()
    assert {"VenueSet", "AaveVenue", "MorphoV4Reach", "CurieVenue", "StressTest"} <= {*sizes}
    assert {name: size for name, size in sizes.items() if size > MOST} == {}

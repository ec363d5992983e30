"""What the search plays is told in docs/timing.md, act by act."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from plans import KINDS, LENT, ROLLUP, SEVERAL

PAGE = Path(__file__).resolve().parents[2] / "docs/timing.md"
# What contracts call by another name.
CALLED = {
    "request": "requestRedeem",
    "claim": "Vault.redeem",
    "renew": "post",
    "hold": "post",
    "hunt": "Bounty.rebalance",
}
# What the world does, and no user of the protocol.
WORLD = {
    "push",
    "unwind",
    "make",
    "pool",
    "borrow",
    "back",
    "gift",
    "oracle",
    "wait",
    "outage",
    "silence",
}


def acts() -> set[str]:
    """The names in the first column of the table."""
    rows = [x.split("|")[1] for x in PAGE.read_text().split("\n") if x.startswith("| ")]
    return {name for cell in rows for name in re.findall(r"`([\w.]+)`", cell)}


@pytest.mark.parametrize("kind", sorted({*KINDS, *LENT, *SEVERAL, *ROLLUP} - WORLD))
def test_the_page_says_who_gains_by_the_moment_of_each_act(kind: str) -> None:
    assert CALLED.get(kind, kind) in acts()


@pytest.mark.parametrize("kind", sorted(WORLD))
def test_the_page_names_what_the_world_does(kind: str) -> None:
    assert f"`{kind}`" in PAGE.read_text()

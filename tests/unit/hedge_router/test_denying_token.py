"""A quote token that says no in words, by False, and reverts nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from broken import broken
from denying import DENYING
from worlds import ETH, USD, World, build

from tandem.errors import Reverted


@pytest.fixture(scope="module")
def standing() -> World:
    with broken(*DENYING):
        return build()


@pytest.fixture
def denying(standing: World) -> Iterator[World]:
    with standing.undone():
        yield standing


@pytest.mark.parametrize(
    ("whom", "act"),
    [
        ("vault", "deposit"), ("vault", "top_up"), ("venue", "top_up"), ("venue", "sweep"),
        ("router", "sweep"),
    ],
)  # fmt: skip
def test_nothing_counts_as_moved_that_a_token_denies(denying: World, whom: str, act: str) -> None:
    """Each of the four that move tokens asks what the token said, and takes everything back."""
    w, t = denying, denying.tandem
    acts = {
        "deposit": lambda: t.deposit(USD),
        "top_up": lambda: t.desk.send("top_up", sender=w.stranger),
        "sweep": lambda: t.desk.send("sweep", sender=w.stranger),
    }
    if act == "sweep":
        w.mint(w.call(2_500), 4 * ETH)
        w.overfund()
    elif act == "top_up":
        usual = w.terms()["max_trade"]
        w.set_terms(max_trade=1_000)
        assert usual < 1_000
    addresses = {"vault": t.vault.address, "venue": t.venue.address, "router": t.router.address}
    before = t.vault.call("cash"), w.usdc(t.vault), t.router.call("position")
    w.curie.usdc.send("deny", addresses[whom], sender=w.stranger)
    with pytest.raises(Reverted):
        acts[act]()
    assert (t.vault.call("cash"), w.usdc(t.vault), t.router.call("position")) == before
    w.curie.usdc.send("deny", addresses[whom], sender=w.stranger)
    acts[act]()

"""What the page computes of a book is what library and contracts say, to the last unit, at one block."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tandem.client import Client
from tandem.client.attest import look
from tandem.model import jumps, svi
from tandem.model.jumps import Float, Holding
from tandem.protocol.attestation import Attestation, book_hash
from tandem.protocol.bindings.structs import Expiry, Snapshot
from tandem.units import WAD

if TYPE_CHECKING:
    from browsing import Window

TRADES = ("ATM-21D-C", "ATM-7D-P", "ATM-30D-P", "ATM-7D-C")
PRICES = (0, 1_000, 2_345, 1_000_000)


def computed(window: Window, block: int) -> dict[str, Any]:
    """What the page says of a block."""
    told: dict[str, Any] = json.loads(
        window.node("tests/books.ts", window.rpc, str(window.up.file), str(block))
    )
    return told


@pytest.fixture(scope="module")
def empty(window: Window) -> dict[str, Any]:
    """What the page says of a market on which nothing was sold yet."""
    return computed(window, window.engine.block())


@pytest.fixture(scope="module")
def compared(
    window: Window, empty: dict[str, Any]
) -> tuple[Snapshot, dict[str, Any], dict[str, Any]]:
    """A block as the library has it, its view as a file has it, and what the page says."""
    client = Client.connect(window.rpc, window.up.file, window.engine.accounts[1])
    for wish in TRADES:
        client.mint(wish, "0.7")
    engine, deployment = client.session.engine, client.session.deployment
    block = engine.block()
    said = computed(window, block)
    view = look(engine, deployment, block)
    with engine.pinned(block):
        snapshot = client.session.on.lens.snapshot()
    nobody = "0x" + "00" * 20
    return snapshot, Attestation(view, nobody, "0x" + "00" * 65).plain()["view"], said


def test_the_page_s_view_of_a_block_is_the_one_that_is_signed(
    compared: tuple[Snapshot, dict[str, Any], dict[str, Any]],
) -> None:
    snapshot, view, said = compared
    assert said["view"] == view
    assert said["view"]["book_hash"] == book_hash(snapshot)


def test_maxima_and_payoffs_are_exact(
    compared: tuple[Snapshot, dict[str, Any], dict[str, Any]],
) -> None:
    snapshot, _, said = compared
    opened = sorted(snapshot.open_expiries, key=lambda e: e.expiry)
    assert len(opened) >= 2
    for e, theirs in zip(opened, said["books"], strict=True):
        assert theirs["expiry"] == e.expiry
        assert int(theirs["most"]["amount"]) == e.maximum
        assert int(theirs["most"]["amount"]) == e.book.payoff(int(theirs["most"]["price"]))
        assert [int(x) for x in theirs["owed"]] == [e.book.payoff(price) for price in PRICES]


def test_greeks_by_the_page_s_model_are_the_contracts(
    compared: tuple[Snapshot, dict[str, Any], dict[str, Any]],
) -> None:
    snapshot, _, said = compared
    stance = snapshot.stance
    assert said["exposure"]["delta"] == pytest.approx(stance.delta / 1e18, abs=1e-9)
    assert said["exposure"]["gamma"] == pytest.approx(stance.gamma / 1e18, rel=1e-6)
    assert said["exposure"]["vega"] == pytest.approx(stance.vega / 1e18, rel=1e-7)


def test_the_gate_is_computed_again_to_the_last_unit(
    compared: tuple[Snapshot, dict[str, Any], dict[str, Any]],
) -> None:
    snapshot, _, said = compared
    assert [int(x) for x in said["losses"]] == list(snapshot.gate.losses)
    assert int(said["worst"]) == snapshot.gate.worst
    assert any(snapshot.gate.losses), "a book without losses proves little"


def test_losses_by_jump_are_the_model_s(
    compared: tuple[Snapshot, dict[str, Any], dict[str, Any]],
) -> None:
    snapshot, _, said = compared
    held = [
        Holding(e.book, e.tau(snapshot.timestamp), vols(e, snapshot), svi.unpack(e.slice).basis)
        for e in snapshot.open_expiries
    ]
    spot = snapshot.spot / WAD
    expected = jumps.losses(held, spot, 0.0, 0.0)
    assert said["shocked"] == pytest.approx(expected.tolist(), abs=0.006)


def vols(e: Expiry, s: Snapshot) -> Float:
    """At the nodes of an expiry, by its slice."""
    smile = svi.unpack(e.slice)
    forward = s.spot / WAD * math.exp(smile.basis * e.tau(s.timestamp))
    return smile.vol(np.log(e.book.strikes / forward))


def test_every_figure_of_the_page_agrees_with_the_contract_s(
    compared: tuple[Snapshot, dict[str, Any], dict[str, Any]],
) -> None:
    _, _, said = compared
    assert said["differ"] == []
    assert said["compared"] >= 33


SHOWN = (
    "spot",
    "maxima",
    "claims",
    "floor",
    "position",
    "stance",
    "account",
    "gate.losses",
    "gate.worst",
    "gate.limit",
)
"""What *Verify* shows of what the Lens says: names, or what stands inside of them."""
UNSHOWN = {"account.equity_high"}
EACH = ("maximum", "forward", "cash", "slice")


def test_a_figure_that_were_another_is_seen_to_differ(
    compared: tuple[Snapshot, dict[str, Any], dict[str, Any]],
) -> None:
    """A comparison that cannot fail is none: each figure is changed by itself, and nothing else with it."""
    snapshot, _, said = compared
    silent = set(said["unnoticed"]) - UNSHOWN
    assert [
        name for name in silent if name in SHOWN or name.startswith(tuple(f"{n}." for n in SHOWN))
    ] == []
    for place, e in enumerate(snapshot.expiries):
        if not e.units:
            continue
        held = {f"sizes.{i}" for i, size in enumerate(e.sizes) if size} | {
            "maximum",
            "forward",
            "cash",
            "slice",
        }
        assert not {f"expiries.{place}.{name}" for name in held} & silent, e.expiry


def test_a_market_on_which_nothing_was_sold_agrees_too(empty: dict[str, Any]) -> None:
    assert empty["books"] == []
    assert empty["differ"] == []
    assert empty["view"]["expiries"] == []

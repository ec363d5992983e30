"""A keeper posts all slices that are due in one transaction, and each by itself where that is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from execution.signing import KEYS
from execution.stand import Stand, due, now, stand
from keeper.cycle import Keeper
from keeper.execution.surface_desk import SurfaceDesk
from keeper.journal import State
from keeper.planner import Kind, post_of, slices_of
from keeper.replay.ledger import Ledger
from keeper.replay.outbox import LocalOutbox
from keeper.replay.scribe import Scribe
from tandem.errors import Reverted
from tandem.model.svi import Slice, pack
from tandem.protocol.surface_signing import SlicePost, sign

__all__ = ["due", "now", "stand"]

GOOD = pack(Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1))
ODD = pack(Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.0))
"""The contract refuses its curvature."""


def keeping(stand: Stand, words: Mapping[int, int], monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """A keeper whose desk says that these are due, and signs whatever they say, until they stand."""
    desk = stand.desk(stand.signers)
    desk.signers, desk.keys = None, KEYS[:2]

    def wanted(self: SurfaceDesk, snapshot: Any, posted: Mapping[int, Any], *_: Any) -> Any:
        young = {e for e, p in posted.items() if snapshot.timestamp - p.valid_from < 60}
        return {e: word for e, word in words.items() if e not in young}

    monkeypatch.setattr(SurfaceDesk, "due", wanted)
    return stand.keeper(desk)


def ahead(stand: Stand) -> list[int]:
    return sorted(each.expiry for each in stand.tandem.lens.snapshot().expiries)


def told(keeper: Keeper) -> list[tuple[dict[int, int], State, str]]:
    """What came of each act of a cycle."""
    done = keeper.cycle()
    assert all(each.intent.kind is Kind.POST for each in done)
    return [(slices_of(each.intent.args), each.result.state, each.result.note) for each in done]


def test_all_that_is_due_is_one_transaction(
    stand: Stand, due: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = dict.fromkeys(ahead(stand), GOOD)
    assert len(words) == 2
    assert told(keeping(stand, words, monkeypatch)) == [(words, State.MINED, "")]
    assert stand.posted() == 2


def test_one_that_is_refused_holds_up_no_other(
    stand: Stand, due: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ahead(stand)
    words = {first: ODD, second: GOOD}
    together, odd, good = told(keeping(stand, words, monkeypatch))
    assert together[:2] == (words, State.DROPPED)
    assert odd[:2] == ({first: ODD}, State.DROPPED)
    assert "curvature" in together[2]
    assert "curvature" in odd[2]
    assert good == ({second: GOOD}, State.MINED, "")
    assert [each.expiry for each in stand.tandem.surface.slices() if each.age < 60] == [second]


def test_one_that_somebody_relayed_in_the_same_moment_costs_no_other(
    stand: Stand, due: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the plan and before its transaction, as another keeper's does."""
    first, second = ahead(stand)
    keeper = keeping(stand, dict.fromkeys((first, second), GOOD), monkeypatch)
    t, outbox = stand.tandem, keeper.sender
    assert isinstance(outbox, LocalOutbox)

    def relay() -> None:
        post = SlicePost(first, GOOD, t.engine.now())
        desk = keeper.observer.desk
        assert desk is not None
        t.surface.post(first, GOOD, post.valid_from, sign(stand.domain, post, desk.keys)).send(
            t.trader
        )

    outbox.before = relay
    ((_, state, _),) = told(keeper)
    assert state is State.MINED
    assert stand.posted() == 2


def test_a_post_says_which_slices_it_has() -> None:
    one, two = post_of({7: 1}), post_of({7: 1, 9: 2})
    assert (slices_of(one.args), slices_of(two.args)) == ({7: 1}, {7: 1, 9: 2})
    assert one.reason == "the slice of expiry 7 is due"
    assert two.reason == "the slices of 2 expiries are due"
    assert len({one.key, two.key, post_of({9: 2, 7: 1}).key}) == 3


def test_what_is_refused_together_counts_once_it_is_tried_alone(stand: Stand) -> None:
    """Of a replay's ledger: slices, however they went."""
    t = stand.tandem
    scribe = Scribe(Ledger(0.0, venue=t.venue.address, exchange=t.exchange))
    refusal = Reverted("surface: too soon", b"")
    scribe.took(1, Kind.POST, refusal, (7, 1, 9, 2))
    assert (scribe.ledger.posts, dict(scribe.ledger.refused)) == (0, {})
    scribe.took(1, Kind.POST, refusal, (7, 1))
    assert (scribe.ledger.posts, dict(scribe.ledger.refused)) == (
        1, {"surface: surface: too soon": 1},
    )  # fmt: skip

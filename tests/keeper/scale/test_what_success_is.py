"""Of several markets too a cycle has succeeded where what was due could be sent, not where it was seen."""

from __future__ import annotations

from typing import Any

import pytest
from faults.proxy import Proxy
from metrics.asking import figure

from scale.conftest import Clock, Keeping
from scale.street import Street

SINCE = "tandem_since_success_seconds"


def no_count(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """A node that says everything but what the key has sent."""
    if asked["method"] != "eth_getTransactionCount":
        return answer
    return {"id": asked["id"], "error": {"code": -32603, "message": "no such index"}}


@pytest.fixture
def clock(through: Keeping, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """That of its figures."""
    made = Clock()
    for seat in through.group.seats:
        monkeypatch.setattr(seat.meter, "_clock", made)
    return made


@pytest.mark.live
def test_markets_for_which_nothing_can_be_sent_are_not_kept(
    through: Keeping, three: Street, proxy: Proxy, clock: Clock
) -> None:
    """A look was a success, whatever came of what was due: the critical alert never came, and /ready said
    200, while nothing was sent for ten minutes; the reason was said anew each round."""
    three.passes(700)
    through.group.turn()
    assert figure(through.figures(), SINCE, market="m0") == 0
    assert through.meters.lacks() == ""
    proxy.answer = no_count
    three.passes(700)
    before = three.markets[0].nonce()
    for _ in range(10):
        three.passes(60)
        clock.now += 60
        through.group.turn()
    assert three.markets[0].nonce() == before
    for name in ("m0", "m1", "m2"):
        assert figure(through.figures(), SINCE, market=name) == 600
        assert f"{name}: no cycle has succeeded for 600 s" in through.meters.lacks()
    (line,) = through.failures()
    assert "no such index" in line["event"]
    proxy.answer = lambda _, answer: answer
    three.passes(1)
    through.group.turn()
    assert three.markets[0].nonce() > before
    assert figure(through.figures(), SINCE, market="m0") == 0
    assert through.meters.lacks() == ""


def test_who_waits_for_a_turn_is_kept(through: Keeping, three: Street, clock: Clock) -> None:
    """One transaction of a key is on its way: the others' acts are due meanwhile, and nothing is wrong."""
    three.passes(700)
    through.group.turn()
    sender = through.group.seats[0].keeper.sender
    assert sender is not None
    sender.reconcile = lambda: [object()]
    sender.may_overtake = lambda: False
    three.passes(700)
    clock.now += 700
    through.group.turn()
    assert all(seat.due for seat in through.group.seats)
    assert figure(through.figures(), SINCE, market="m2") == 0

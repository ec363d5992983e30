"""modules/epochs: what an epoch is paid adds up in its field, and past that nothing is paid at all."""

from __future__ import annotations

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import HOUR

MOST = 2**128 - 1


@pytest.fixture
def epochs() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/vault/EpochsHarness.vy"))


@pytest.mark.parametrize("first", [1, 2**127, MOST])
def test_an_epoch_is_paid_no_more_than_its_field_holds(epochs: Contract, first: int) -> None:
    """In two parts: one unit too much would be counted as paid out to who leaves, so it is refused, and the
    epoch waits on as it was."""
    who = epochs.engine.accounts[0]
    epoch = epochs.send("join", 3, sender=who).returned
    epochs.send("fill", epoch, 1, first, sender=who)
    before = tuple(epochs.call("epoch", epoch))
    assert before == (3, 1, 0, first, 0, 0)
    for more in (MOST - first + 1, MOST):
        with pytest.raises(Reverted) as caught:
            epochs.send("fill", epoch, 1, more, sender=who)
        assert caught.value.reason == "exits: too large"
        assert tuple(epochs.call("epoch", epoch)) == before
        assert epochs.call("queue") == (epoch, epoch)
    epochs.send("fill", epoch, 2, MOST - first, sender=who)
    assert tuple(epochs.call("epoch", epoch)) == (3, 3, 0, MOST, 0, 0)
    assert epochs.call("queue") == (0, 0)


def test_who_leaves_first_of_all_pays_for_no_slot_that_later_ones_find(epochs: Contract) -> None:
    """Each asks alone, and the queue is empty again before the next."""
    who, gas = epochs.engine.accounts[0], []
    for _ in range(3):
        receipt = epochs.send("join", 3, sender=who)
        gas.append(receipt.gas_used)
        epochs.send("fill", receipt.returned, 3, 5, sender=who)
        assert epochs.call("queue") == (0, 0)
        epochs.engine.advance(2 * HOUR)
    assert len(set(gas)) == 1

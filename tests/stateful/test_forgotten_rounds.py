"""What the stand-in of the feed forgot settles an option all the same, as an aggregator's round would."""

from __future__ import annotations

import pytest
from machine import Machine
from rounds import KEPT

from tandem.errors import Reverted


@pytest.mark.proves("ST-2")
def test_an_expiry_that_lies_six_hundred_rounds_back_is_settled() -> None:
    """The place of a forgotten round is the newer one's again afterwards."""
    machine = Machine()
    try:
        w = machine.w
        machine.mint_attended(0, 0, 1_000_000, False)
        (sold,) = machine.book.sold()
        w.engine.set_time(sold.expiry)
        for _ in range(KEPT + 88):
            w.push_wad(w.spot)
            machine.the_feed_is_heard()
        round_id = machine.rounds.since(sold.expiry)
        assert round_id is not None
        with pytest.raises(Reverted):
            w.curie.feed.call("getRoundData", round_id)
        machine.settle(False)
        assert sold.expiry in machine.book.settled
        for each in (round_id + KEPT - 1, round_id + KEPT):
            assert w.curie.feed.call("getRoundData", each)[1] == machine.rounds.of(each).answer
        with pytest.raises(Reverted):
            w.curie.feed.call("getRoundData", round_id)
    finally:
        machine.teardown()

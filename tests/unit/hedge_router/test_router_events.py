"""What is said when margin moves, a feed is watched, and a surface is posted."""

from __future__ import annotations

from dataclasses import replace

from worlds import ETH, World

from tandem.model.svi import pack


def test_margin_that_goes_and_comes_is_told_with_what_was_there(world: World) -> None:
    router, venue = world.tandem.router, world.tandem.venue.address
    world.mint(world.call(2_500), 4 * ETH)
    usual = world.terms()["max_trade"]
    world.set_terms(max_trade=1_000)
    before = router.call("account", world.spot, 0)[6]  # usable
    receipt = world.tandem.desk.send("top_up", sender=world.stranger)
    (event,) = receipt.events("MarginToppedUp")
    assert (event["venue"], event["amount"]) == (venue, receipt.returned)
    assert event["wanted"] == receipt.returned
    assert abs(event["equity_before"] - before) < 10**16
    world.set_terms(max_trade=usual)
    receipt = world.tandem.desk.send("sweep", sender=world.stranger)
    (event,) = receipt.events("MarginSwept")
    assert (event["venue"], event["amount"]) == (venue, receipt.returned)
    assert event["equity_before"] >= receipt.returned * 10**12


def test_a_feed_that_answers_is_noted(world: World) -> None:
    (event,) = world.tandem.spot.send("watch", sender=world.stranger).events("FeedWatched")
    assert (event["fails"], event["since"]) == (False, 0)


def test_a_posted_slice_is_told_in_full(world: World) -> None:
    world.engine.advance(240)
    moved = replace(world.slices[world.near], a=world.slices[world.near].a + 1e-4)
    call = world.tandem.post_call(world.near, moved, world.engine.now())
    receipt = world.engine.send(call.contract, call.fn, *call.args, sender=world.stranger)
    (event,) = receipt.events("SlicePosted")
    assert (event["expiry"], event["slice_word"]) == (world.near, pack(moved))
    assert event["beside"] == pack(world.slices[world.near])
    assert (event["is_ahead"], event["relayer"]) == (False, world.stranger)

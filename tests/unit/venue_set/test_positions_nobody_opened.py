"""HG-12, VS-8: what is believed of a venue's position is what our orders left there, and interest; no order
makes it more, whatever the venue said before it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from barred import needs, topped_up
from several import ALL, REPLACED, behind, believed, members, tell
from worlds import ETH, World

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, HOUR, USD, WAD


def sent_in_all(world: World, face: Contract) -> int:
    """What top-ups send while each is said to have arrived, WAD USD."""
    sent = 0
    for _ in range(40):
        one = topped_up(world, face) * 10**12
        if not one:
            break
        sent += one
        face.send("set_equity", face.call("equity") + one, sender=world.stranger)
    return sent


@pytest.mark.proves("VS-8", "HG-12")
def test_a_leg_at_a_venue_is_no_word_for_what_was_there_before(
    faced: World, face: Contract
) -> None:
    """Its account says what we hold, its position 500,000 ETH more. One `shift` of a tenth of an ETH made it
    ours, and 938,090 of 988,090 USD followed as its margin."""
    t = faced.tandem
    faced.bring_home()
    curie = members(faced)[0]
    held, most = face.call("position"), needs(faced, face)
    face.send("set_equity", 1_000 * WAD, sender=faced.stranger)
    topped_up(faced, curie)
    faced.engine.advance(120)
    faced.push_wad(faced.spot)
    tell(faced, face, ("bounds", REPLACED, ALL, 2**69))
    tell(faced, face, ("account", REPLACED, 0, held))
    behind(faced, face).send("trade", 500_000 * WAD, 0, sender=faced.stranger)
    t.desk.shift(face, curie, WAD // 10).send(faced.stranger)
    assert believed(faced, face) <= held
    tell(faced, face, ("account", 0, 0, 0))
    assert sent_in_all(faced, face) <= most * 9 // 8


@pytest.mark.proves("VS-8", "HG-12")
@pytest.mark.parametrize("part", [8, 110_000])
def test_shifts_one_by_one_make_no_position(faced: World, face: Contract, part: int) -> None:
    """An eighth more was believed, and was asked of what the last leg had left: sixty shifts of a lot made
    5,090 ETH of 4.35, and 938,090 USD followed."""
    t = faced.tandem
    faced.bring_home()
    curie = members(faced)[0]
    most = needs(faced, face)
    topped_up(faced, curie)
    faced.engine.advance(120)
    faced.push_wad(faced.spot)
    tell(faced, face, ("bounds", REPLACED, ALL, 2**69))
    ghost, legs = behind(faced, face), 0
    for _ in range(60):
        ghost.send("trade", face.call("position") // part, 0, sender=faced.stranger)
        with suppress(Reverted):
            t.desk.shift(face, curie, t.venue.call("lot")).send(faced.stranger)
            legs += 1
    assert legs
    assert sent_in_all(faced, face) <= most * 9 // 8


@pytest.mark.proves("VS-8", "HG-12")
def test_closes_one_by_one_make_no_position(faced: World, face: Contract) -> None:
    """The same by an accomplice's closes of a twentieth of an option, thirteen seconds apart: 943,511 USD."""
    faced.bring_home()
    curie = members(faced)[0]
    most = needs(faced, face)
    ghost = behind(faced, face)
    depth = curie.call("curve", WAD)[2][0]
    ghost.send("tell", curie.call("price") * 1_002 // 1_000, depth, 0, 0, sender=faced.stranger)
    closed = 0
    for _ in range(60):
        faced.engine.advance(13)
        faced.push_wad(faced.spot)
        ghost.send("trade", face.call("position") // 8, 0, sender=faced.stranger)
        with suppress(Reverted):
            faced.close(faced.call(2_500), ETH // 20)
            closed += 1
    assert closed
    tell(faced, face, ("bounds", REPLACED, ALL, 2**69))
    assert sent_in_all(faced, face) <= most * 9 // 8


@pytest.mark.proves("VS-8")
def test_interest_is_ours_order_by_order(faced: World, face: Contract) -> None:
    """55 % a year for a hundred days, and a small order each day: all that it says is believed."""
    t = faced.tandem
    faced.bring_home()
    curie = members(faced)[0]
    ghost = behind(faced, face)
    ghost.send("set_rate", WAD // 100, sender=faced.stranger)
    first = face.call("position")
    face.send("set_equity", 100_000 * WAD, sender=faced.stranger)
    moved = 0
    for _ in range(100):
        for pause in (DAY - HOUR, HOUR + 1):
            faced.engine.advance(pause)
            faced.push_wad(faced.spot)
            t.venue.send("note", sender=faced.stranger)
        ghost.send("trade", face.call("position") * 3 // 2_000, 0, sender=faced.stranger)
        with suppress(Reverted):
            moved += t.desk.shift(face, curie, t.venue.call("lot")).send(faced.stranger).returned
        assert t.venue.call("account_at", face, faced.spot)[0] == face.call("position")
    assert moved
    assert face.call("position") + moved > first * 115 // 100


@pytest.mark.proves("HG-13", "VS-8")
def test_what_a_shift_puts_down_as_gone_does_not_come_back(faced: World, face: Contract) -> None:
    """At each rise next to nothing is left of its hedge, and a lot goes elsewhere; at each fall all of it
    explains what was lost. 40,788 USD in 200 falls of two per cent, none of it counted."""
    t, high, low = faced.tandem, 2_400, 2_352
    faced.bring_home()
    curie, lot = members(faced)[0], t.venue.call("lot")
    topped_up(faced, curie)
    face.send("set_equity", 90_000 * WAD, sender=faced.stranger)
    tell(faced, face, ("bounds", REPLACED, ALL, WAD * 90_050 * WAD // needs(faced, face)))
    assert topped_up(faced, face)
    face.send("set_equity", t.desk.call("seen", face)[0], sender=faced.stranger)
    tell(faced, face, ("bounds", 0, 0, 0))
    behind(faced, face).send("set_rate", WAD // 100, sender=faced.stranger)
    for _ in range(2):
        t.venue.send("note", sender=faced.stranger)
        faced.engine.advance(HOUR + 1)
    faced.push(high)
    t.venue.send("note", sender=faced.stranger)
    cap, gone = t.vault.call("venue_losses", face)[1], 0
    for _ in range(200):
        tell(faced, face, ("account", REPLACED, 0, lot))
        with suppress(Reverted):
            t.desk.shift(face, curie, lot).send(faced.stranger)
        tell(faced, face, ("account", 0, 0, 0))
        faced.push(low)
        there = t.venue.call("account_at", face, faced.spot)[0]
        step = min(face.call("position"), there) * (high - low)
        equity = t.desk.call("seen", face)[0] - step
        face.send("set_equity", equity, sender=faced.stranger)
        if t.desk.call("unseen", faced.spot)[0] > 100 * USD:
            break
        least = WAD * (equity + 50 * WAD) // needs(faced, face)
        tell(faced, face, ("bounds", REPLACED, ALL, least))
        got = topped_up(faced, face) * 10**12
        tell(faced, face, ("bounds", 0, 0, 0))
        face.send("set_equity", equity + got, sender=faced.stranger)
        gone += step
        faced.push(high)
        faced.engine.advance(13)
    assert gone // 10**12 <= t.vault.call("venue_losses", face)[0] + 2 * cap // 75


@pytest.mark.proves("HG-12", "VS-8")
@pytest.mark.parametrize("answer", [0, 10**20])
@pytest.mark.parametrize("is_known", [True, False])
def test_an_index_is_bounded_though_the_feed_makes_no_sense(
    faced: World, face: Contract, answer: int, is_known: bool
) -> None:
    """A member's own index at 100,000 times spot: 938,090 USD followed. Where margin was put down before, it
    counts for twice that price; where none ever was, nothing is sent, and nobody else waits for that."""
    t, spot = faced.tandem, faced.spot
    faced.bring_home()
    most = needs(faced, face)
    face.send("set_equity", 0, sender=faced.stranger)
    if is_known:
        assert topped_up(faced, face)
        face.send("set_equity", 0, sender=faced.stranger)
    feed = faced.engine.at(compile_vyper("PriceFeed"), t.spot.call("FEED"))
    faced.engine.advance(2 * HOUR)
    feed.send("push", answer, sender=faced.curie.owner)
    tell(faced, face, ("index", REPLACED, 0, min(spot * 10**5, 2**90)))
    before = t.desk.call("sent", face) * 10**12
    sent = sent_in_all(faced, face)
    if not is_known:
        assert sent == 0
    assert before + sent <= 2 * most + 10**12
    with pytest.raises(Reverted, match=r"margin: (no top-up due|floor or budget)"):
        t.desk.top_up().send(faced.stranger)

"""AV-1: every function that anybody may call, in every state of the table, set up by what users can do.

Functions come from the contracts' interfaces and states from the table: a new one of either fails here
until it is said what works. A margin move is tried where one is due.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from test_availability_table import (
    DOWN,
    FLOOR_SPENT,
    REFUSED,
    ROWS,
    SETTLED,
    Under,
    _series,
    wait_for_calm,
    world_of,
)
from test_roles import ANYBODY
from worlds import USD, World

from tandem.engine.base import Contract
from tandem.errors import Reverted

SHARE = 10**18


@contextmanager
def under(row: str) -> Generator[Under]:
    """The market of a row, before the row, and given back as it was."""
    found = world_of(row)
    with found[0].undone():
        yield found


# ---------------------------------------------------------------- states


def _venue_paused(w: World, mid: int, uptime: Contract) -> None:
    """The venue's owner has stopped it, just when the hedge was right."""
    for _ in range(4):
        with suppress(Reverted):
            w.tandem.rebalance()
        w.engine.advance(61)
    w.curie.clearing_house.send("pause", sender=w.curie.owner)


def _venue_paused_behind(w: World, mid: int, uptime: Contract) -> None:
    """The same after a move that nobody has hedged."""
    w.move(2_850)
    w.freshen()
    w.curie.clearing_house.send("pause", sender=w.curie.owner)


STATES: dict[str, Callable[[World, int, Contract], None]] = {
    **ROWS,
    "venue paused": _venue_paused,
    "venue paused behind": _venue_paused_behind,
}


# ---------------------------------------------------------------- functions


def _trade(kind: str) -> Callable[[World], Any]:
    def act(w: World) -> Any:
        from test_availability_table import COLUMNS

        return COLUMNS[kind](w, w.near)

    return act


def _vault(fn: str, *args: Any, who: str = "lp") -> Callable[[World], Any]:
    def act(w: World) -> Any:
        people = {"lp": w.tandem.lp, "other": w.stranger}
        filled = [people.get(a, a) if isinstance(a, str) else a for a in args]
        return w.tandem.vault.send(fn, *filled, sender=people[who])

    return act


def _mint_shares(w: World) -> None:
    w.tandem.give(w.stranger, 10_000 * USD)
    w.tandem.vault.send("mint", SHARE, w.stranger, sender=w.stranger)


def _transfer_from(w: World) -> None:
    vault, lp = w.tandem.vault, w.tandem.lp
    vault.send("approve", w.stranger, SHARE, sender=lp)
    vault.send("transferFrom", lp, w.stranger, SHARE, sender=w.stranger)


def _margin(fn: str) -> Callable[[World], Any]:
    return lambda w: w.tandem.desk.send(fn, sender=w.stranger)


def _shift(w: World) -> Any:
    return w.tandem.desk.send("shift", w.tandem.venue, w.tandem.venue, 10**18, sender=w.stranger)


def _remark(w: World) -> Any:
    return w.tandem.stress.send("remark", sender=w.stranger)


def _stamp(w: World) -> Any:
    return w.tandem.bounty.stamp().send(w.stranger)


def _bounty(w: World) -> Any:
    return w.tandem.bounty.rebalance(0, w.stranger, 0).send(w.stranger)


def _option(fn: str) -> Callable[[World], Any]:
    def act(w: World) -> Any:
        option, id, who = w.tandem.option, _series(w, w.far).id, w.tandem.trader
        args: dict[str, tuple[Any, ...]] = {
            "transfer": (w.stranger, id, 1),
            "transferFrom": (who, w.stranger, id, 1),
            "approve": (w.stranger, id, 1),
            "setOperator": (w.stranger, True),
        }
        return option.send(fn, *args[fn], sender=who)

    return act


def _post(w: World) -> None:
    w.engine.advance(600)  # after what a row posted
    w.tandem.post({w.far: w.slices[w.far]})


def _post_all(w: World) -> None:
    w.engine.advance(600)
    w.tandem.post_together({e: s for e, s in w.slices.items() if e > w.engine.now()})


def _accept(w: World) -> None:
    """A place among the signers, offered and grown ripe before: offered here, it waits."""
    owner = w.tandem.roles.deployer
    w.tandem.guardian.send("offer_role", 0, w.stranger, sender=owner)
    with pytest.raises(Reverted, match="guardian:"):
        w.tandem.guardian.send("accept_role", 0, sender=w.stranger)


def _venue(fn: str) -> Callable[[World], Any]:
    return lambda w: w.tandem.venue.send(fn, sender=w.stranger)


# Part and function -> how it is done, and the column of the table that it stands in (none: it always works).
FUNCTIONS: dict[tuple[str, str], tuple[Callable[[World], Any], str]] = {
    ("market", "mint"): (_trade("mint"), "mint"),
    ("market", "close"): (_trade("close"), "close"),
    ("market", "rebalance"): (_trade("rebalance"), "rebalance"),
    ("market", "redeem"): (_trade("redeem"), ""),
    ("vault", "deposit"): (_trade("deposit"), "deposit"),
    ("vault", "mint"): (_mint_shares, "deposit"),
    ("vault", "requestRedeem"): (_trade("request"), ""),
    ("vault", "process"): (_trade("process"), "process"),
    ("vault", "redeem"): (_trade("claim"), ""),
    ("vault", "withdraw"): (_vault("withdraw", 1, "lp", "lp"), ""),
    ("vault", "setOperator"): (_vault("setOperator", "other", True), ""),
    ("vault", "poke"): (_vault("poke", who="other"), "poke"),
    ("vault", "transfer"): (_vault("transfer", "other", SHARE), ""),
    ("vault", "transferFrom"): (_transfer_from, ""),
    ("vault", "approve"): (_vault("approve", "other", SHARE), ""),
    ("desk", "top_up"): (_margin("top_up"), "top_up"),
    ("desk", "sweep"): (_margin("sweep"), "sweep"),
    ("desk", "delever"): (_margin("delever"), "delever"),
    ("desk", "shift"): (_shift, "shift"),
    ("stress", "remark"): (_remark, "remark"),
    ("bounty", "stamp"): (_stamp, "stamp"),
    ("bounty", "rebalance"): (_bounty, "rebalance"),
    ("venue", "renew_approval"): (_venue("renew_approval"), ""),
    ("venue", "refresh"): (_venue("refresh"), ""),
    ("option", "transfer"): (_option("transfer"), ""),
    ("option", "transferFrom"): (_option("transferFrom"), "own"),
    ("option", "approve"): (_option("approve"), ""),
    ("option", "setOperator"): (_option("setOperator"), ""),
    ("surface", "post"): (_post, ""),
    ("surface", "post_all"): (_post_all, ""),
    ("spot", "watch"): (lambda w: w.tandem.spot.send("watch", sender=w.stranger), ""),
    ("guardian", "accept_role"): (_accept, ""),
}

# Settlement needs its round and has a test of its own.
APART = {("market", "settle")}

SPOT = {
    "spot stale": "spot: stale",
    "sequencer down": "spot: sequencer down",
    "sequencer back": "spot: grace period",
}
# Beside the table: what moves margin, and the mark alone. A top-up goes by the venue's own figures while
# spot is refused (HG-12), and what comes home from a venue that is down is the venue's word alone.
MORE: dict[tuple[str, str], str] = {
    **{(row, column): reason for row, reason in SPOT.items() for column in ("poke", "sweep", "remark")},
    ("no feed", "sweep"): "spot: stale",
    ("no feed", "remark"): "spot: stale",
    **{(row, "remark"): "market: venue down" for row in DOWN},
    # as a rebalance; that the venue fills nothing stops no stamp
    **{(row, "stamp"): reason for (row, column), reason in REFUSED.items() if column == "rebalance"},
    ("venue paused", "stamp"): "hedge: inside trigger",
    ("surface stale", "remark"): "market: surface stale",
    ("other surface stale", "remark"): "market: surface stale",
    ("venue down", "poke"): "lens: venue down",
    **{(row, "top_up"): "margin: venue down" for row in DOWN},
    **{(row, "sweep"): "OLD" for row in DOWN},
    # one of them is distress; in the others it works where a top-up does, once it is due (test_delever.py)
    **{(row, "delever"): "margin: no delever due" for row in STATES if row != FLOOR_SPENT},
    **{(row, "delever"): "margin: venue down" for row in DOWN},
    # one venue holds nothing against itself; of several see tests/unit/venue_set
    **{(row, "shift"): "margin: nothing to move" for row in STATES},
    **{(row, "shift"): "margin: venue down" for row in DOWN},
    **{(row, "shift"): reason for row, reason in SPOT.items()},
    ("no feed", "shift"): "spot: stale",
    ("surface stale", "poke"): "market: surface stale",
    ("other surface stale", "poke"): "market: surface stale",
    ("unpriced", "poke"): "lens: settle first",
    (FLOOR_SPENT, "sweep"): "margin: no sweep due",
    ("venue paused", "mint"): "Pausable: paused",
    ("venue paused", "rebalance"): "hedge: inside trigger",
    ("venue paused behind", "mint"): "hedge: residual over band",
    ("venue paused behind", "close"): "floor: nothing fits",
    ("venue paused behind", "process"): "vault: not calm",
    ("venue paused behind", "rebalance"): "router: nothing fits",
}  # fmt: skip


def become_due(w: World, fn: str, row: str) -> None:
    """What makes a margin move due: more capital, or smaller trades. A spent floor has one that is."""
    if row == FLOOR_SPENT:
        return
    if fn == "top_up":
        w.tandem.deposit(1_500_000 * USD, lp=w.engine.accounts[6])
    elif fn == "sweep":
        owner = w.tandem.roles.deployer
        from tandem.protocol import terms

        w.tandem.guardian.send("set_term", terms.FIELDS["max_trade"].index, 10, sender=owner)


def test_every_function_that_anybody_may_call_is_here() -> None:
    everything = {(part, fn) for part, fns in ANYBODY.items() for fn in fns}
    assert {*FUNCTIONS} | APART == everything


@pytest.mark.proves("AV-1")
@pytest.mark.parametrize("row", STATES)
def test_r14_each_function_works_or_reverts_by_the_name_that_is_stated(row: str) -> None:
    """AV-1: "This table is the only statement of availability. – means that it reverts by name." """
    w, mid, uptime = world_of(row)
    stated = REFUSED | MORE
    wrong: list[str] = []
    for (part, fn), (act, column) in FUNCTIONS.items():
        with under(row):
            become_due(w, fn, row)
            STATES[row](w, mid, uptime)
            got = ""
            try:
                act(w)
            except Reverted as refused:
                got = refused.reason
            wanted = stated.get((row, column), "")
            if got != wanted:
                wrong.append(f"{part}.{fn}: {got or 'works'}, stated: {wanted or 'works'}")
    assert "\n".join(wrong) == ""


@pytest.mark.proves("SH-8")
def test_r14_where_no_moment_is_calm_exits_wait_and_go_on() -> None:
    """SH-8: "anybody may mark it (`poke`)", wherever who leaves has a price: also at the venue's index,
    where nothing else begins the longest wait, and a hedge that cannot go home held exits for good."""
    for row in ("venue paused behind", "no feed", "venue long down"):
        with under(row) as (w, mid, uptime):
            STATES[row](w, mid, uptime)
            if row == "no feed":
                w.curie.clearing_house.send("pause", sender=w.curie.owner)
            with w.refuses("vault: not calm"):
                w.tandem.vault.send("process", 1, sender=w.stranger)
            wait_for_calm(w, has_feed=row != "no feed")
            assert w.tandem.vault.send("process", 1, sender=w.stranger).returned > 0


def test_what_was_settled_is_paid_whatever_the_state() -> None:
    """The price of a settled expiry is kept: no state changes it."""
    for row, enter in STATES.items():
        with under(row) as (w, mid, uptime):
            with suppress(Reverted):
                enter(w, mid, uptime)
            assert w.tandem.market.call("settlement", w.near) == SETTLED * 10**18, row

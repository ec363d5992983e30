"""What a bounty is, at the most: it is paid for a residual that went home, out of what nobody needs."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from proofs.lemma import Goal, lemma
from proofs.reading import Reading
from proofs.sources import Sources
from proofs.values import OPAQUE, Num


@lemma(
    "SV-20",
    "A bounty is at most a tenth of the risk removed, one and a half times its gas, what is left of the "
    "day's budget, and what the Vault may lend less what the next top-up lacks.",
    broken=("Bounty.vy", "min(due, min(found.by_day, found.by_floor))", "min(due, found.by_day)"),
    proves=("HG-14", "FL-4"),
    laws=(
        "a bounty is a tenth of the risk that it takes away",
        "a bounty is one and a half times its gas by its time",
        "bounties of a day are within its budget",
    ),
)
def a_bounty_is_the_least_of_four(sources: Sources) -> Iterator[Goal]:
    """Whatever gas, ether, volatility and NAV are said to be."""
    r = Reading(sources)
    lendable, whole, nav, share = (r.symbol(n) for n in ("lendable", "whole", "nav", "share"))
    fee, ether, now, time = (r.symbol(n) for n in ("fee", "ether", "now", "time"))
    r.hooks |= {
        "static words": lambda *_: [OPAQUE, OPAQUE],
        "static funds": lambda *_: {"nav": nav},
        "static account": lambda *_: {"top_up": whole, "barred": r.symbol("barred")},
        "static would_lend": lambda *_: lendable,
        "lib/terms.field": lambda *_: share,
        "lib/crossings.removed": lambda r, *_: r.symbol("removed"),
        "Bounty._data_fee": lambda *_: fee,
        "Bounty._ether": lambda *_: ether,
    }
    r.state |= {"block.timestamp": now, "Bounty.parties": OPAQUE, "Bounty.VENUE": OPAQUE}
    spot, sigma, paid, base = (r.symbol(name) for name in ("spot", "sigma", "paid", "base_fee"))
    before, after = r.symbol("before", "int256"), r.symbol("after", "int256")
    c = {"time": time, "residual": OPAQUE, "sigma": sigma, "order_time": r.symbol("last")}
    home = {
        "order": OPAQUE,
        "before": before,
        "after": after,
        "trigger": r.symbol("trigger"),
        "spot": spot,
    }
    found = r.call("Bounty._due", c, home, paid, base)
    amount: Num = found["amount"]
    given = [*r.assumed, time.term <= now.term]
    yield Goal(given, amount.term >= 0)
    risk = z3.Int("removed") * spot.term * sigma.term
    # ten times the root of 365 is 191.05
    yield Goal(given, 191 * amount.term * 10**48 <= risk, "a tenth of the risk")
    gas = (base.term * 1_000_000 + fee.term) * ether.term
    yield Goal(given, 2 * amount.term * 10**30 <= 3 * gas, "the gas")
    day = 100_000 * (amount.term + paid.term) <= nav.term * share.term
    yield Goal([*given, ether.term == 0], amount.term == 0, "nothing without ether's price")
    yield Goal(given, z3.Or(amount.term == 0, day), "the day")
    kept = z3.Or(amount.term == 0, lendable.term - amount.term >= whole.term - z3.Int("barred"))
    yield Goal(given, kept, "what margin needs")

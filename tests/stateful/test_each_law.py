"""Each law is there for something: a copy of the contracts that it alone finds wrong.

A law that no broken contract breaks by itself says nothing that the others do not. Half of the copies lie
in what they show, because most laws hold several parts of one truth together.
"""

from __future__ import annotations

import ast
from pathlib import Path

import gate_laws
import laws
import pytest
from broken import Change, broken, is_there
from laws import LawBroken
from running import run

EXAMPLES, STEPS = 1_024, 32
DEAD = "0x000000000000000000000000000000000000dEaD"
FUNDS = "return IVault.Funds(cash=held, exits=aside, queued=queued, nav=low, nav_time=time)"
FLOOR = "return trades._floor(staticcall parties.VAULT.funds(), book.totals)"
PAYS = "    assert extcall TOKEN.transfer(recipient, amount, default_return_value=True)\n"
LEAKS = f"    if recipient.is_contract:\n        assert extcall TOKEN.transfer({DEAD}, 1)\n"
OWED = "return book_totals.maxima(totals), book_totals.claims(totals)"

BROKEN: dict[str, tuple[Change, ...]] = {
    "tokens of a series": (
        ("OptionToken.vy", "self.totalSupply[id] -= amount", "self.totalSupply[id] -= amount // 2"),
    ),
    "units of an expiry": (("Lens.vy", "e.units = h.units", "e.units = h.units // 2"),),
    "maximum of an expiry": (("Lens.vy", "e.maximum = h.maximum", "e.maximum = h.maximum // 2"),),
    "payoff at each kink": (("Lens.vy", "e.cash = h.cash", "e.cash = h.cash + 1"),),
    "expiries that are sold are listed": (
        (
            "Lens.vy",
            "        listed.append(e)\n",
            "        if slot == 0 or h.units == 0:\n            listed.append(e)\n",
        ),
    ),
    "cash": (
        ("Vault.vy", FUNDS, FUNDS.replace("held", "held + 1")),
        ("Market.vy", FLOOR, f"{FLOOR} - 1"),
    ),
    "exits": (
        ("Vault.vy", FUNDS, FUNDS.replace("aside", "aside + 1")),
        ("Market.vy", FLOOR, f"{FLOOR} + 1"),
    ),
    "claims": (("Market.vy", OWED, f"{OWED} + 1"),),
    "maxima": (("Market.vy", OWED, OWED.replace("(totals),", "(totals) + 1,")),),
    "floor": (("Market.vy", FLOOR, f"{FLOOR} + 1"),),
    "the floor is not under water": (
        (
            "modules/trades.vy",
            'assert left >= convert(reserve + funds.queued, int256), "floor: under reserve"',
            "assert reserve <= reserve",
        ),
    ),
    "tokens in the Vault": (("modules/money.vy", PAYS, PAYS + LEAKS),),
    "tokens elsewhere": (
        ("HedgeRouter.vy", "extcall VENUE.deposit(amount)", "extcall VENUE.deposit(amount - 1)"),
    ),
    "all shares": (
        (
            "modules/shares.vy",
            "    return self._supply()",
            "    return self._supply() + min(self.balanceOf[self], 1)",
        ),
    ),
    "shares that wait": (
        (
            "modules/shares.vy",
            "    self._take(owner, amount)\n    self._state -=",
            "    self._take(owner, amount - 1)\n    self._state -=",
        ),
    ),
    "shares of an LP": (
        (
            "modules/shares.vy",
            "    self._state += amount\n    self.balanceOf[receiver] += amount",
            "    self._state += amount\n    self.balanceOf[receiver] += amount - 1",
        ),
    ),
    "worth of the shares that wait": (
        ("Vault.vy", "queued = nav._assets_up(", "queued = nav._assets_down("),
    ),
    "position at the venue, and in the router": (
        (
            "HedgeRouter.vy",
            "    return staticcall VENUE.position()\n",
            "    return staticcall VENUE.position() // 10**7 * 10**7\n",
        ),
    ),
    "position that a hedge reports": (
        ("modules/hedges.vy", "position_after=hedge.position", "position_after=hedge.position + 1"),
    ),
    "an order moves the position by itself": (
        ("modules/hedges.vy", "        order=hedge.order,\n", "        order=hedge.order * 2,\n"),
    ),
    "residual that a hedge reports": (
        (
            "modules/hedges.vy",
            "residual_after=hedge.residual",
            "residual_after=hedge.residual + 10**12",
        ),
    ),
    "a trade leaves the residual inside its bound": (
        (
            "modules/hedges.vy",
            "uint256) <= max(hard, found), (",
            "uint256) <= max_value(uint256), (",
        ),
    ),
    "no order under the lot": (
        (
            "modules/hedges.vy",
            "    if convert(bits.absolute(order), uint256) < parties.LOT:\n        return 0, 0\n",
            "",
        ),
    ),
    "a bounty is a tenth of the risk that it takes away": (
        ("Bounty.vy", "risk // 10 // TO_WAD", "risk // 8 // TO_WAD"),
    ),
    "a bounty is one and a half times its gas by its time": (
        ("Bounty.vy", "WAD * 3 * passed *", "WAD * 4 * passed *"),
    ),
    "bounties of a day are within its budget": (
        ("Bounty.vy", "found.by_day = budget - min(budget, paid)", "found.by_day = budget"),
    ),
    "no loss counts as less than it is": (
        (
            "StressTest.vy",
            "stress.more(ticks * WAD, k, near, count, True)",
            "stress.more(ticks * WAD, k, near, count, False)",
        ),
    ),
    "none as more by a hundredth of spot an option": (
        ("lib/stress.vy", "unsafe_add(s, s >> 1) if is_sold", "unsafe_add(s, s) if is_sold"),
    ),
    "an open leaves the worst jump inside the gate": (
        (
            "modules/jump_gate.vy",
            "if worst > losses.steps_of(gate_word.most(word, b.nav)):",
            "if worst > 2 * losses.steps_of(gate_word.most(word, b.nav)):",
        ),
    ),
    "the mark of an open is of its hour": (
        (
            "lib/gate_word.vy",
            "LASTS: constant(uint256) = 3_601",
            "LASTS: constant(uint256) = 4_095",
        ),
    ),
    "the mark of an open is within a fiftieth of its price": (
        ("lib/gate_word.vy", "far * DRIFT <= then", "far * (DRIFT // 2) <= then"),
    ),
    "no expiry of an open's mark is past": (
        ("StressTest.vy", "until=book.until", "until=max_value(uint256)"),
    ),
    "opens since a mark are within its hour": (
        (
            "StressTest.vy",
            "gate_word.hour(nav, book.spot, terms.hour(words))",
            "gate_word.hour(nav, book.spot, terms.hour(words)) * 2",
        ),
    ),
    "the market takes home what is open": (
        ("StressTest.vy", "gross(book.totals)) // 2),", "gross(book.totals))),"),
    ),
    "only opens meet the gate": (
        (
            "HedgeRouter.vy",
            "jump_gate._follow(brought.jumps)",
            "jump_gate._admit(brought, position)",
        ),
    ),
    "cost that a hedge reports": (
        ("modules/hedges.vy", "        cost=hedge.cost,\n", "        cost=hedge.cost + 10,\n"),
    ),
}


def test_each_law_that_is_written_has_a_copy() -> None:
    """A law is a triple that begins with its name."""
    trees = [ast.parse(Path(each.__file__).read_text()) for each in (laws, gate_laws)]
    nodes = [n for tree in trees for n in ast.walk(tree)]
    triples = [n.elts for n in nodes if isinstance(n, ast.Tuple) and len(n.elts) == 3]
    names = [first.value for first, *_ in triples if isinstance(first, ast.Constant)]
    assert sorted(names) == sorted(BROKEN)
    assert all(is_there(*copy) for copy in BROKEN.values()), "a copy without its fault"


@pytest.mark.long
@pytest.mark.parametrize("law", BROKEN)
@pytest.mark.usefixtures("fresh")
def test_each_law_finds_what_no_other_finds(law: str) -> None:
    with broken(*BROKEN[law]), pytest.raises(LawBroken) as caught:
        run(EXAMPLES, STEPS)
    assert caught.value.names == {law}

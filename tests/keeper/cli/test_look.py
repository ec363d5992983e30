"""What commands show is what the chain says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result

from tandem.protocol.announced import VALIDITY
from tandem.protocol.series import Series
from tandem.protocol.terms import FIELDS
from tandem.units import USD, WAD

Run = Callable[..., Result]
Ask = Callable[..., Any]


def test_status_is_the_chains_own_state(ask: Ask, market: Any) -> None:
    seen = ask("status")
    assert seen["block_number"] == market.engine.block()
    assert int(seen["position"]) == market.tandem.venue.call("position")
    assert seen["floor"] == market.tandem.market.call("floor")
    assert seen["funds"]["cash"] == market.tandem.vault.call("funds")[0]
    assert [e["expiry"] for e in seen["expiries"]] == [market.series.expiry]


def test_status_for_people_names_what_is_stale(tandem: Run, market: Any) -> None:
    fresh = tandem("status").stdout
    assert "2,500.00 USD" in fresh
    assert "STALE" not in fresh
    market.engine.advance(5_000)
    stale = tandem("status").stdout
    assert stale.count("STALE") == 2  # surface and the gate's mark
    assert stale.count("REFUSED") == 1  # spot
    assert "allowed" in fresh
    assert "wait for a price, a surface, a mark of the gate" in stale
    assert "allowed" not in stale


def test_a_quote_is_what_the_mint_then_takes(ask: Ask, market: Any) -> None:
    quoted = ask("quote", str(market.series), "1.5")
    before = market.tandem.exchange.usdc.call("balanceOf", market.tandem.trader)
    market.tandem.mint(market.series, 1_500_000)
    paid = (before - market.tandem.exchange.usdc.call("balanceOf", market.tandem.trader)) / USD
    assert quoted["total"] == pytest.approx(paid, rel=1e-5)
    parts = ("mark", "spread", "fee", "capital_charge", "carry", "hedge_cost")
    assert sum(quoted[part] for part in parts) == pytest.approx(quoted["total"], abs=1e-5)
    assert quoted["fee"] == pytest.approx(1.5 * 2_500 * 3e-4)
    assert quoted["hedge_cost"] > 0
    assert quoted["hedge_order"] == pytest.approx(quoted["delta"], rel=1e-3)


def test_a_close_is_quoted_as_it_is_paid(ask: Ask, market: Any) -> None:
    quoted = ask("quote", str(market.series), "1", "--close")
    before = market.tandem.exchange.usdc.call("balanceOf", market.tandem.trader)
    market.tandem.close(market.series, 1_000_000)
    paid = (market.tandem.exchange.usdc.call("balanceOf", market.tandem.trader) - before) / USD
    assert quoted["total"] == pytest.approx(paid, rel=1e-5)
    assert quoted["spread"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ETH-1JAN26-2500-C", "1"), "a call needs a cap"),
        (("BTC-1JAN26-2500-5000-C", "1"), "is on BTC, and this market is on ETH"),
        (("1JAN26-2500-5000-C", "1"), "names no series"),
        (("ETH-31FEB26-2500-5000-C", "1"), "there is no day"),
        (("ETH-1JAN26-2500-5000-C", "1"), "expiry not listed"),
        (("ETH-1JAN26-2500-5000-C", "-1"), "is no size"),
        (("ETH-1JAN26-2500-5000-C", "nan"), "is no size"),
        (("ETH-1JAN26-2500-5000-C", "0.0000001"), "is no size"),
    ],
)
def test_a_quote_that_cannot_be_says_why_and_what_next(
    tandem: Run, arguments: tuple[str, ...], said: str
) -> None:
    result = tandem("quote", "--", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "what to do next: " in result.stderr


def test_a_trade_that_would_be_refused_is_refused_in_the_quote(tandem: Run, market: Any) -> None:
    result = tandem("quote", str(market.series), "100")
    assert result.exit_code == 2
    assert "size over cap" in result.stderr


def test_risk_is_what_every_holder_could_claim(ask: Ask, market: Any) -> None:
    seen = ask("risk")
    for row in seen["payoffs"]:
        assert row["owed"] == pytest.approx(2 * market.series.payoff(row["price"]))
    at_spot = next(row for row in seen["payoffs"] if row["move"] == 0)
    equity = market.tandem.venue.call("account", 2_500 * WAD)[1] / WAD
    cash = market.tandem.vault.call("funds")[0] / USD
    assert at_spot["hedge"] == pytest.approx(equity)
    assert at_spot["left"] == pytest.approx(cash - at_spot["owed"] + equity)
    assert seen["maxima"] == 2 * 2_500
    assert seen["floor"] == market.tandem.market.call("floor") / USD
    assert seen["delta"] == pytest.approx(seen["hedge"] - seen["residual"])


def test_a_series_is_spelled_as_people_say_it(market: Any) -> None:
    day = datetime.fromtimestamp(market.series.expiry, UTC)
    assert str(market.series) == f"ETH-{day:%d}{day:%b}{day:%y}-2500-5000-C".upper()
    assert str(Series(market.series.expiry, True, 2_500)).endswith("-2500-P")


def test_r20_terms_are_the_guardians_own(ask: Ask, market: Any) -> None:
    guardian, owner = market.tandem.guardian, market.tandem.roles.owner
    index = FIELDS["fee"].index
    shown = ask("terms")
    assert shown["delay"] == guardian.call("DELAY")
    assert [term["name"] for term in shown["terms"]] == list(FIELDS)
    for term in shown["terms"]:
        field = FIELDS[term["name"]]
        now = guardian.call("term", field.index)
        assert (term["value"], term["least"], term["most"]) == now[:3]
        assert term["queued"] is None
    for number, role in enumerate(("owner", "guardian", "lister", "signer")):
        assert shown["roles"][role] == list(guardian.call("members", number))
        assert shown["roles"][role]
    guardian.send("set_term", index, FIELDS["fee"].default + 1, sender=owner)
    fee = next(term for term in ask("terms")["terms"] if term["name"] == "fee")
    assert fee["value"] == FIELDS["fee"].default
    assert fee["queued"] == FIELDS["fee"].default + 1
    assert fee["queued_until"] == market.engine.now() + shown["delay"]


def test_terms_for_people_say_what_waits_and_for_how_long(tandem: Run, market: Any) -> None:
    guardian, owner = market.tandem.guardian, market.tandem.roles.owner
    guardian.send("set_term", FIELDS["reserve"].index, 500, sender=owner)
    text = tandem("terms").stdout
    row = next(line for line in text.splitlines() if line.startswith("reserve"))
    assert row.split()[:7] == ["reserve", "1000", "500", "3000", "none", "500", "from"]
    assert "48 hours" in text
    assert owner in text
    assert "LPs may wait" not in text
    flags = next(line for line in text.splitlines() if line.startswith("flags"))
    assert flags.split() == ["flags", "0", "0", "3", "set", "-"]
    guardian.send("take_down", sender=market.tandem.roles.guardian)
    assert "LPs may wait for a venue" in tandem("terms").stdout


def test_what_has_lapsed_is_not_said_to_wait(tandem: Run, ask: Ask, market: Any) -> None:
    guardian, owner = market.tandem.guardian, market.tandem.roles.owner
    guardian.send("set_term", FIELDS["reserve"].index, 500, sender=owner)
    guardian.send("offer_role", 2, owner, sender=owner)
    shown = ask("terms")
    (waits,) = [term for term in shown["terms"] if term["queued"]]
    assert [offer["account"] for offer in shown["offers"]] == [owner]
    market.engine.set_time(waits["queued_until"] + VALIDITY + 10)
    shown = ask("terms")
    assert [term for term in shown["terms"] if term["queued"]] == shown["offers"] == []
    assert "from" not in tandem("terms").stdout.split("What does not apply")[0]

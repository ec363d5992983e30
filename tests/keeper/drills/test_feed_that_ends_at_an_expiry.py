"""A feed that ends before an expiry, played as operators.md tells it, by the commands that doctor names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from click.testing import Result

from keeper.alerts.rules import rules
from keeper.tables import FeeTable
from tandem.protocol.series import day_of
from tandem.units import DAY, HOUR

Run = Callable[..., Result]
Ask = Callable[..., Any]


def settlement(tandem: Run) -> dict[str, str] | None:
    """What doctor says of the price that lacks."""
    lines = {each["name"]: each for each in json.loads(tandem("doctor", "--json").stdout)}
    return lines.get("settlement")


def test_the_owner_is_told_by_name_and_whoever_looks_sees_what_he_said(
    tandem: Run, ask: Ask, market: Any
) -> None:
    """It read "a keeper settles as soon as the feed has a round", for good; that a price stood in public was
    in no command but `deploy verify`, and "takes effect" was hours before anybody could settle by it."""
    roles, expiry = market.tandem.roles, market.series.expiry
    market.engine.advance(expiry - market.engine.now() + 4 * HOUR)
    day = day_of(expiry)
    told = settlement(tandem)
    assert told is not None
    assert f"`tandem govern propose-price {day} USD`" in told["todo"]
    assert "68.0 h from now" in told["todo"]
    shown = ask("govern", "propose-price", day, "2600", "--account", roles.owner, "--yes")
    assert shown["preview"]["ready_at"] == expiry + 3 * DAY
    told = settlement(tandem)
    assert told is not None
    assert "2,600.00 USD that the owner proposed, from 68.0 h from now on" in told["found"]
    assert f"withdraw-price {day}" in told["todo"]
    shown = " ".join(tandem("status").stdout.split())  # it breaks lines where a terminal ends
    assert "2,600.00 USD that the owner proposed" in shown
    market.engine.advance(67 * HOUR)
    assert "settle" not in tandem("run", "--once").stderr
    market.engine.advance(HOUR + 1)
    told = settlement(tandem)
    assert told is not None
    assert "could have its price now" in told["found"]
    assert "intent=settle" in tandem("run", "--once").stderr
    assert settlement(tandem) is None
    paid = ask("redeem", str(market.series), "--account", market.tandem.trader, "--yes")
    assert float(paid["preview"]["pays"]) == 200.0


def test_a_price_that_nobody_could_settle_by_any_more_is_none(tandem: Run, market: Any) -> None:
    """Its proposer is the owner no more, and after him it lapsed."""
    roles, expiry = market.tandem.roles, market.series.expiry
    day, heir = day_of(expiry), market.engine.accounts[8]
    market.engine.advance(expiry - market.engine.now() - HOUR)
    assert (
        tandem("govern", "offer-role", "owner", heir, "--account", roles.owner, "--yes").exit_code
        == 0
    )
    market.engine.advance(2 * HOUR)
    propose = ("govern", "propose-price", day, "2600", "--yes", "--account")
    assert tandem(*propose, roles.owner).exit_code == 0
    market.engine.advance(2 * DAY)
    assert tandem("govern", "accept-role", "owner", "--account", heir, "--yes").exit_code == 0
    told = settlement(tandem)
    assert told is not None
    assert "no round prices it" in told["found"]
    assert f"propose-price {day} USD" in told["todo"]


def test_its_operator_hears_of_it_within_the_hour() -> None:
    """Nothing said so but the price that nobody believes, which is said of each silence."""
    rule = next(each for each in rules(FeeTable()) if each.name == "TandemExpiryUnsettled")
    assert rule.limit + rule.held <= 2 * HOUR
    assert rule.severity == "critical"

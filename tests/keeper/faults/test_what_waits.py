"""What waits by the contracts' own rules is said to whoever looks, by name and with what ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from click.testing import Result

from tandem.model.svi import Slice
from tandem.units import HOUR, USD, WAD

Run = Callable[..., Result]
Ask = Callable[..., Any]
LP = 2


def leaving(market: Any) -> None:
    """An LP has asked to leave and is due; the venue trades 0.4 % under the oracle."""
    t = market.tandem
    lp = market.engine.accounts[LP]
    t.deposit(10**11, lp=lp)
    t.vault.send("requestRedeem", t.vault.balanceOf(lp), lp, lp, sender=lp)
    market.engine.advance(26 * HOUR)
    t.exchange.set_index(2_500 * WAD)
    t.exchange.converge(2_490 * WAD)
    market.engine.advance(900)
    t.exchange.set_index(2_500 * WAD)


def named(seen: Any) -> dict[str, str]:
    return {wait["name"]: wait["found"] for wait in seen["waits"]}


def test_exits_that_wait_for_a_calm_moment_are_named_to_everybody(
    tandem: Run, ask: Ask, market: Any
) -> None:
    """SH-8: "the venue trading within half the fill band of the oracle". A million waited, and neither the
    plan, nor status, nor the doctor said a word; `claim` said that the floor had no cash."""
    leaving(market)
    tandem("run", "--once")
    assert ask("run", "--once", "--dry-run")["intents"] == []
    assert any("vault: not calm" in note for note in ask("run", "--once", "--dry-run")["notes"])
    said = named(ask("status"))["LP exits"]
    assert "due for 2" in said
    assert "0.40% away, 0.25% may be" in said
    assert "LP exits" in tandem("status").stdout
    (line,) = (each for each in ask("doctor") if each["name"] == "LP exits")
    assert (line["state"], bool(line["todo"])) == ("warn", True)
    claim = tandem("claim", "--account", f"TEST::{LP}", "--dry-run")
    assert "in a calm moment" in claim.stderr
    assert "otherwise than the oracle" in claim.stderr


def test_nothing_waits_in_a_market_that_rests(tandem: Run, ask: Ask, market: Any) -> None:
    tandem("run", "--once")
    assert ask("status")["waits"] == []


def test_a_hedge_that_its_pace_holds_back_says_which_and_until_when(
    tandem: Run, ask: Ask, market: Any
) -> None:
    """HG-17: the pool is moved against it; then its average has to follow."""
    t = market.tandem
    market.move(2_650)
    assert "none of it fills" in named(ask("status"))["hedge"]
    market.engine.advance(20)
    stranger = market.engine.accounts[7]
    t.exchange.deposit(stranger, 1_000_000 * USD)
    t.exchange.open(stranger, 50 * WAD)
    assert "moved against it" in named(ask("status"))["hedge"]
    t.exchange.open(stranger, -50 * WAD)
    market.engine.advance(20)
    t.exchange.set_index(2_650 * WAD)
    tandem("run", "--once")
    assert "three-minute average" in named(ask("status"))["hedge"]
    market.rest()
    t.exchange.set_index(2_650 * WAD)
    tandem("run", "--once")
    assert "hedge" not in named(ask("status"))


def test_a_venue_off_the_oracle_is_said_beside_opens_and_in_what_a_trade_is_told(
    tandem: Run, ask: Ask, market: Any
) -> None:
    """HG-5, HG-10. `status` said "opens allowed" and nothing else; a trader was told "Quote again"."""
    t = market.tandem
    t.exchange.converge(2_475 * WAD)
    market.engine.advance(61)
    t.exchange.set_index(2_500 * WAD)
    assert "1.00% from the oracle" in named(ask("status"))["opens"]
    assert "allowed" not in tandem("status").stdout
    refused = tandem("mint", "ATM-21D-P", "1", "--dry-run")
    assert "fill band around the oracle's price" in refused.stderr
    assert "arbitrage" in refused.stderr
    market.move(2_650)
    market.rest()
    t.exchange.converge(2_690 * WAD)
    market.rest()
    t.exchange.set_index(2_650 * WAD)
    assert "none of it fills" in named(ask("status"))["hedge"]


def test_a_surface_on_its_way_and_deposits_that_wait_are_named(ask: Ask, market: Any) -> None:
    """SF-3: "it is beside the one that does"; SH-12 and ST-4: deposits wait by name."""
    t = market.tandem
    t.post({market.series.expiry: Slice(a=1.0, b=0.0, rho=0.0, m=0.0, s=0.1)})
    assert "1 of 1 expiries" in named(ask("status"))["surface moves"]
    market.engine.set_time(market.series.expiry + 5)
    t.exchange.set_index(2_500 * WAD)
    assert "has no price" in named(ask("status"))["deposits"]


def test_a_crumb_of_a_share_is_nothing_that_waits(tandem: Run, ask: Ask, market: Any) -> None:
    """Of a market that ran off a lender kept two units: `status`, `doctor` and the keeper said for good that
    the floor had no cash for an exit. So they said of a crumb that anybody asks to leave with."""
    t, (whole, small) = market.tandem, market.engine.accounts[LP : LP + 6 : 5]
    t.vault.send("transfer", small, 10**11, sender=whole)
    t.vault.send("requestRedeem", 10**11, small, small, sender=small)
    market.engine.advance(26 * HOUR)
    t.exchange.set_index(2_500 * WAD)
    t.post({market.series.expiry: Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)})
    assert t.snapshot().funds.queued == 1
    assert "LP exits" not in named(ask("status"))
    assert not any("exits" in note for note in ask("run", "--once", "--dry-run")["notes"])

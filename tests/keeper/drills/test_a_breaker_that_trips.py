"""A price that jumps 30 % in a round, doubted or followed, and the breaker: who is told, and what ends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result
from faults.conftest import Told, told

from keeper.cli import doctor
from keeper.cli.doctor import LENT, LOOKS
from tandem.client.breaker import DISTRESS, REASONS
from tandem.units import MINUTE, WAD

__all__ = ["told"]
Run = Callable[..., Result]


def line(tandem: Run, name: str) -> dict[str, str] | None:
    """What doctor says of it."""
    lines = {each["name"]: each for each in json.loads(tandem("doctor", "--json").stdout)}
    return lines.get(name)


def kept(tandem: Run, market: Any, price: int) -> str:
    """Three minutes, and a keeper's look at that price; what it said."""
    market.rest()
    market.move(price)
    done = tandem("run", "--once")
    assert done.exit_code == 0, done.stderr
    return done.stderr


@pytest.mark.live
def test_whom_the_breaker_keeps_out_is_told_of_and_its_hour_ends_by_itself(
    tandem: Run, market: Any, told: Told
) -> None:
    """Opens and deposits had stopped, and nobody heard: no warning, no alert and no figure had it."""
    m = market
    kept(tandem, m, 2_500)
    kept(tandem, m, 3_200)
    assert told.says("TandemWarning", "the breaker stops opens", REASONS[0])
    found = line(tandem, "breaker")
    assert found is not None
    assert (REASONS[0] in found["found"], found["todo"]) == (True, LOOKS)
    refused = tandem("mint", str(m.series), "0.1", "--account", m.tandem.trader, "--yes")
    assert "by a guardian or by the breaker" in refused.stderr
    m.engine.advance(m.tandem.snapshot().breaker.until - m.engine.now() - MINUTE)
    for _ in range(3):
        kept(tandem, m, 3_200)
    assert line(tandem, "breaker") is None
    assert not m.tandem.snapshot().is_paused


def test_who_pauses_is_told_of(tandem: Run, market: Any, told: Told) -> None:
    """A guardian's key that is stolen begins with this."""
    m = market
    m.tandem.guardian.send("pause", sender=m.tandem.roles.guardian)
    kept(tandem, m, 2_500)
    assert told.says("TandemWarning", "a guardian stops opens and deposits")


def test_a_round_that_nobody_else_says_is_named_until_a_second_one_comes(
    tandem: Run, market: Any, told: Told
) -> None:
    """`doctor` said that a keeper brings the hedge home, a chunk a minute: none did, nor did it say why."""
    m = market
    tandem("run", "--once")
    m.rest()
    m.tandem.exchange.set_index(3_250 * WAD)
    before = m.nonce()
    for _ in range(3):
        m.engine.advance(MINUTE)
        assert tandem("run", "--once").exit_code == 0
    assert m.nonce() == before
    assert told.says("TandemWarning", "the price is doubted", "+30 %")
    found = line(tandem, "price")
    assert found is not None
    assert "+30 %" in found["found"]
    assert "another round" in found["todo"]
    m.tandem.exchange.set_index(3_250 * WAD)
    assert "intent=rebalance" in tandem("run", "--once").stderr
    assert line(tandem, "price") is None


def test_a_round_that_is_taken_back_leaves_nothing_behind(tandem: Run, market: Any) -> None:
    m = market
    tandem("run", "--once")
    m.rest()
    held = m.tandem.snapshot().position
    for price in (3_250, 2_500, 2_500):
        m.tandem.exchange.set_index(price * WAD)
        m.engine.advance(MINUTE)
        assert tandem("run", "--once").exit_code == 0
    assert m.tandem.snapshot().position == held
    assert line(tandem, "price") is None
    assert not m.tandem.snapshot().is_paused


def test_what_ends_distress_is_no_hour(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`doctor` said "it ends by itself an hour after its reason" beside "LPs who come in, or the next expiry,
    end it"."""
    real = doctor.snapshot_of

    def distressed(h: Any) -> Any:
        s = real(h)
        terms = (s.terms[0] | 1 << 8, *s.terms[1:])
        return replace(s, terms=terms, breaker=replace(s.breaker, reasons=DISTRESS))

    monkeypatch.setattr(doctor, "snapshot_of", distressed)
    found = line(tandem, "breaker")
    assert found is not None
    assert (REASONS[1] in found["found"], found["todo"]) == (True, LENT)
    assert "hour" not in LENT

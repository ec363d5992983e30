"""`tandem venues`, and what other commands say of one venue of several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lent import govern
from lived_in import Market
from strangers import list_token

from tandem.client import several
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.units import DAY, USD, WAD

Ask = Callable[..., Any]
LEFT = 184
"""Where a member's ledger stands in its word (VenueSet.vy)."""


def test_each_venue_says_what_lies_there_and_what_it_takes(market: Market, ask: Ask) -> None:
    told = {row["name"]: row for row in ask("venues")["venues"]}
    assert list(told) == ["curie", "aave"]
    t = market.tandem
    places = t.venue.call("venues")
    spot = t.exchange.index()
    for place, row in zip(places, told.values(), strict=True):
        adapter = next(c for c in t.beside.values() if c.address == place)
        position, equity, _, carries = adapter.call("account", spot)
        assert row["address"] == place
        assert row["position"] == pytest.approx(position / WAD, abs=1e-6)
        assert row["usable"] == pytest.approx(min(equity, carries) / WAD, rel=1e-6)
        assert row["buys"] == pytest.approx(
            adapter.call("max_order", 10**24, 2**255) / WAD, rel=1e-6
        )
        assert row["free"] == pytest.approx(adapter.call("free_collateral") / USD, rel=1e-6)
        assert not row["is_down"]
    held = sum(row["position"] for row in told.values())
    assert held == pytest.approx(t.router.call("position") / WAD, abs=1e-6)


def test_the_block_that_it_names_is_the_one_that_it_read(
    market: Market, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, read = RemoteEngine.block, list[int]()

    def living(engine: RemoteEngine) -> int:
        read.append(real(engine))
        market.engine.request("evm_mine", [])
        return read[-1]

    monkeypatch.setattr(RemoteEngine, "block", living)
    assert ask("venues")["block"] == read[0]


def test_the_table_names_what_is_down_and_hides_none_of_the_others(
    market: Market, tandem: Ask, ask: Ask
) -> None:
    guardian = market.tandem.guardian
    guardian.take_down_one(1).send(market.tandem.roles.guardian)
    shown = tandem("venues").output
    assert "aave (DOWN)" in shown
    assert "curie" in shown
    status = tandem("status").output
    assert "venues DOWN" in status
    assert "aave" in status
    assert [row["is_down"] for row in ask("venues")["venues"]] == [False, True]
    snapshot = market.tandem.snapshot()
    assert not snapshot.is_venue_down
    assert several.down(market.deployment, snapshot) == ["aave"]


def test_a_venue_is_named_as_the_deployment_names_it(market: Market) -> None:
    assert several.place_of(market.deployment, "aave") == 1
    assert several.place_of(market.deployment, None) is None
    with pytest.raises(ConfigError, match="there is no venue 'morpho'"):
        several.place_of(market.deployment, "morpho")


@pytest.mark.proves("VS-6")
def test_what_two_venues_hold_against_each_other_is_shown_and_brought_home(
    market: Market, tandem: Ask, ask: Ask
) -> None:
    """The lending market is down while its long is sold back; then anybody nets the two."""
    refused = tandem("shift", "--yes")
    assert refused.exit_code == 2
    assert "nothing at curie, aave is due to move" in refused.stderr
    t, guardian, owner = market.tandem, market.tandem.guardian, market.tandem.roles.deployer
    held = {row["name"]: row["position"] for row in ask("venues")["venues"]}
    (place, name) = (1, "aave") if held["aave"] > held["curie"] else (0, "curie")
    guardian.take_down_one(place).send(t.roles.guardian)
    t.close(market.series, 2_000_000)
    guardian.bring_back_one(place).send(owner)
    market.engine.advance(2 * DAY)
    guardian.apply(0).send(owner)
    t.exchange.set_index(2_500 * WAD)
    market.engine.advance(600)
    t.exchange.set_index(2_500 * WAD)
    assert f"{name} is long" in ask("venues")["against"]
    assert "tandem shift" in tandem("venues").output
    done = ask("shift", "--yes")["after"]
    assert float(done["size"]) > 0
    assert done["source"] == name
    assert "short" in done["why"]
    assert done["received"] is not None


@pytest.mark.proves("VS-10")
def test_a_move_by_name_says_why_it_is_refused(market: Market, tandem: Ask) -> None:
    """Both names, of this deployment's venues; and the contract's own reason where it costs more than it
    saves."""
    for options, told in (
        (("--from", "curie"), "a hedge moves from one venue to another"),
        (("--from", "curie", "--to", "morpho"), "there is no venue 'morpho'"),
        (("--from", "curie", "--to", "curie"), "The first venue holds no hedge, or both are one"),
        (("--from", "curie", "--to", "aave", "--size", "none"), "is no size"),
    ):
        refused = tandem("shift", "--yes", *options)
        assert refused.exit_code in (1, 2)
        assert told in refused.stderr


@pytest.mark.proves("VS-8")
def test_what_a_stranger_lent_in_our_name_is_put_aside_by_a_command(
    market: Market, tandem: Ask, ask: Ask
) -> None:
    """It is no position of ours; what the command puts aside lies in the adapter."""
    t, aave = market.tandem, market.tandem.exchange.members[1]
    place = t.venue.call("venues")[1]
    held = ask("venues")["venues"][1]["position"]
    aave.supply_for(market.engine.accounts[8], place, 50 * WAD, aave.weth)
    assert tandem("status").exit_code == 0
    assert ask("venues")["venues"][1]["position"] == pytest.approx(held, abs=1e-6)
    assert ask("accept", "aave", "--yes")["after"]["held"] == {
        "aave": pytest.approx(held, abs=1e-6)
    }
    interest = (
        50 * WAD // 10**6
    )  # what a lender pays in minutes: the chain's clock goes on beside us
    assert 50 * WAD - 10**9 <= aave.weth.call("balanceOf", place) <= 50 * WAD + interest
    assert tandem("status").exit_code == 0
    nothing = tandem("accept", "curie", "--yes")
    assert nothing.exit_code == 2
    assert "curie has nothing to put aside" in nothing.stderr


@pytest.mark.proves("LM-4")
def test_strangers_tokens_are_counted_where_they_are(market: Market, tandem: Ask, ask: Ask) -> None:
    """Two lent in our name, of which one comes to be worth nothing there."""
    aave = market.tandem.exchange.members[1]
    place = market.tandem.venue.call("venues")[1]
    assert [row["strays"] for row in ask("venues")["venues"]] == [0, 0]
    for _ in range(2):
        token = list_token(aave)
        aave.supply_for(market.engine.accounts[8], place, 10**9, token)
    assert [row["strays"] for row in ask("venues")["venues"]] == [0, 2]
    assert "aave: 2 tokens of strangers are lent in its name (a keeper" in tandem("venues").output
    (line,) = [each for each in ask("doctor") if each["name"] == "stray tokens"]
    assert line["state"] == "warn"
    govern(aave, "configureReserveAsCollateral", token, 0, 5_000, 10_500)
    said = " ".join(tandem("doctor").output.split())  # as wide as the terminal
    assert "1 of them keep what is lent" in said
    assert ask("venues")["venues"][1]["blocking"] == 1


def _halved(word: int) -> int:
    """A member's word, with half of what our orders came to there."""
    left = word >> LEFT & 2**54 - 1
    assert 0 < left < 2**53, "a long"
    return word & ~((2**54 - 1) << LEFT) | left // 2 << LEFT


@pytest.mark.proves("VS-8")
def test_a_venue_that_is_not_believed_is_shown_and_believed_again(
    market: Market, tandem: Ask, ask: Ask
) -> None:
    """What our orders came to there, halved in the set's own storage: no honest rate is past what is believed
    within a test's days. The owner proposes the growth, and after the delay anybody has it believed."""
    t, slot = market.tandem, "0x1"
    word = int(market.engine.request("eth_getStorageAt", [t.venue.address, slot, "latest"]), 16)
    market.engine.request("anvil_setStorageAt", [t.venue.address, slot, f"0x{_halved(word):064x}"])
    row = ask("venues")["venues"][1]
    assert row["believed"] == pytest.approx(row["position"] / 2, rel=1e-4)
    assert "aave says that it holds" in tandem("venues").output
    assert "propose-growth" in tandem("doctor").output
    owner = ("--account", t.roles.owner, "--yes")
    for refused, why in (
        (("propose-growth", "curie+aave", "1"), "there is no venue"),
        (("propose-growth", "aave", "many"), "is no growth"),
        (("withdraw-growth", "aave", *owner), "Nothing is proposed"),
        (("begin-anew", "aave", *owner), "proposed no"),
    ):
        said = tandem("govern", *refused, *(() if owner[1] in refused else owner))
        assert said.exit_code in (1, 2)
        assert why in said.stderr
    growth = f"{row['position'] * 0.6:.6f}"
    ask("govern", "propose-growth", "aave", growth, *owner)
    assert "delay is not over" in tandem("govern", "begin-anew", "aave", "--yes").stderr
    told = f"aave may be believed to hold +{growth} ETH more"
    assert [each["what"] for each in ask("terms")["growths"]] == [told]
    assert told in " ".join(tandem("terms").output.split())
    ask("govern", "withdraw-growth", "aave", *owner)
    assert ask("terms")["growths"] == []
    ask("govern", "propose-growth", "aave", growth, *owner)
    market.engine.advance(t.guardian.DELAY() + 60)
    t.exchange.set_index(2_500 * WAD)
    assert len(ask("terms")["growths"]) == 1
    done = ask("govern", "begin-anew", "aave", "--yes")
    assert ask("terms")["growths"] == []  # it is taken up once
    assert float(done["after"]) == pytest.approx(row["position"], rel=1e-3)
    row = ask("venues")["venues"][1]
    assert row["believed"] == pytest.approx(row["position"], abs=1e-9)
    assert "says that it holds" not in tandem("venues").output

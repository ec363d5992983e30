"""The page of a market over several venues."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from browsing import TRADER, Window, living
from quoting import agreed, of_one_block

from tandem import venues
from tandem.client import Client
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.deal import Wanted
from tandem.protocol.deployment import Deployment

SIZES = (1_000_000, 7_250_000)
"""Units: 1e-6 ETH."""


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with living(tmp_path_factory.mktemp("several"), "--venue", "aave+morpho4") as window:
        yield window


def test_a_hedge_over_several_venues_is_told_venue_by_venue(several: Window) -> None:
    assert "fail 0" in several.scenario("several")


def test_the_account_as_one_is_what_the_venues_come_to(several: Window) -> None:
    Client.connect(several.rpc, several.up.file, several.engine.accounts[TRADER]).mint(
        "ATM-21D-C", "3"
    )
    block = str(several.engine.block())
    said = json.loads(several.node("tests/books.ts", several.rpc, str(several.up.file), block))
    assert said["differ"] == []
    assert not [
        name
        for name in said["unnoticed"]
        if name in ("account.equity", "account.usable", "account.need")
    ]


@pytest.mark.sampled
@pytest.mark.proves("VS-2")
@pytest.mark.parametrize("paused", [False, True])
def test_the_page_quotes_what_the_library_does(several: Window, paused: bool) -> None:
    """Where an order goes through as it is split, and where one of them takes none and nobody says so."""
    client = Client.connect(several.rpc, several.up.file, several.engine.accounts[TRADER])
    options = [each.series for each in client.chain(1, room=False).options]
    wanted = [Wanted(each, units, is_close=False) for each in options for units in SIZES]
    deployment = Deployment.load(several.up.file)
    aave = venues.recipe(deployment.venue["kind"]).at(several.engine, deployment.venue).members[0]
    pause = aave.configurator, "setReservePause", aave.weth
    if paused:
        several.engine.send(*pause, True, sender=aave.owner)
    try:
        compared = of_one_block(several.node, several.rpc, several.up.file, client, wanted)
    finally:
        if paused:
            several.engine.send(*pause, False, sender=aave.owner)
    assert agreed(compared) >= 20


@pytest.mark.long
def test_one_that_says_nothing_of_its_account_hides_nothing_else(several: Window) -> None:
    """Its adapter reverts, whatever it is asked: neither page nor command said anything then."""
    engine = several.engine
    places = VenueSet.of(Client.connect(several.rpc, several.up.file).session.on.venue).venues()
    adapter = places[1]
    code = engine.request("eth_getCode", [adapter, "latest"])
    engine.request("anvil_setCode", [adapter, "0x5f5ffd"])
    try:
        assert "fail 0" in several.scenario("blind")
        told = several.up.tandem("status", "--json")
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["account_known"] is False
        for command in ("status", "risk"):
            assert "not known" in several.up.tandem(command).stdout
        for command in ("venues", "chain"):
            done = several.up.tandem(command)
            assert done.returncode == 0, done.stderr
    finally:
        engine.request("anvil_setCode", [adapter, code])

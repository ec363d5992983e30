"""The page of a market over several venues."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from browsing import TRADER, Window, living

from tandem.client import Client
from tandem.protocol.bindings.venue_set import VenueSet


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

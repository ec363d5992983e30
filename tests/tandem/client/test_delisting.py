"""BK-7 as a lister, a trader and an auditor meet it: `tandem delist`, the client, the chain of options."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tandem.client import Client
from tandem.client.errors import ListingError, RefusedError, RoleError
from tandem.protocol.series import day_of, next_expiry
from tandem.units import DAY, UNIT

Connect = Callable[..., Client]
SAID = "Nothing opens in this expiry any more"


@pytest.fixture
def lister(connect: Connect, market: Any) -> Client:
    return connect(market.tandem.roles.lister)


@pytest.mark.proves("BK-7")
def test_what_is_delisted_is_closed_and_not_opened_until_it_is_listed_again(
    lister: Client, trader: Client, market: Any
) -> None:
    series, expiry = market.series, market.series.expiry
    held = market.tandem.lens.expiries()[0].units
    trader.mint(series, 1)
    prepared = lister.prepare_delist(expiry)
    assert prepared.preview.expiry == expiry
    assert prepared.preview.open == Decimal(held + UNIT) / UNIT
    assert prepared.send().after is True
    with pytest.raises(RefusedError, match=SAID):
        trader.mint(series, 1)
    (there,) = (e for e in trader.chain().expiries if e.expiry == expiry)
    options = [o for row in there.rows for o in (row.call, row.put) if o is not None]
    assert {o.no_ask for o in options} == {"book: expiry delisted"}
    assert trader.close(series, "0.5").after.size == pytest.approx(0.5)
    strike = there.rows[0].strike
    again = lister.prepare_list(expiry, [strike])
    assert again.preview.reopens
    assert again.preview.added == ()
    again.send()
    trader.mint(series, "0.5")
    assert not lister.prepare_list(expiry, [strike]).preview.reopens


def test_what_cannot_be_delisted_is_named(lister: Client, trader: Client, market: Any) -> None:
    expiry = market.series.expiry
    with pytest.raises(RoleError, match="no lister"):
        trader.delist(expiry)
    for wrong in (next_expiry(market.engine.now(), 30), expiry + 1, -1, 2**256):
        with pytest.raises(ListingError, match="is not listed"):
            lister.delist(wrong)
    lister.delist(expiry)
    with pytest.raises(ListingError, match="delisted already"):
        lister.delist(expiry)


def test_one_that_is_past_is_left_to_settle(lister: Client, market: Any) -> None:
    market.engine.set_time(market.series.expiry + 1)
    with pytest.raises(ListingError, match="nothing opens there"):
        lister.delist(market.series.expiry)


@pytest.mark.proves("BK-7")
def test_a_wish_is_for_what_opens(lister: Client, trader: Client, market: Any) -> None:
    """Another expiry is meant, though it is further from the wish; by its own name it says why."""
    near = market.series.expiry
    assert trader.quote("ATM-14D-C", 1).series.expiry == near
    lister.list_expiry(near + 30 * DAY, [2_500, 5_000])
    lister.delist(near)
    with pytest.raises(RefusedError, match="surface"):  # nobody has posted one there
        trader.quote("ATM-14D-C", 1)
    with pytest.raises(RefusedError, match=SAID):
        trader.quote(market.series, 1)


@pytest.mark.proves("BK-7")
def test_the_commands_show_it_in_words_and_in_json(ask: Callable[..., Any], market: Any) -> None:
    expiry, day = market.series.expiry, day_of(market.series.expiry)
    who = ("--account", market.tandem.roles.lister)
    shown = ask("delist", day, *who, "--dry-run")
    assert shown["preview"]["expiry"] == expiry
    assert ask("delist", day, *who, "--yes")["after"] is True
    found = ask("status")["expiries"]
    assert [e["is_delisted"] for e in found if e["expiry"] == expiry] == [True]
    reasons = {
        o["no_ask"]
        for e in ask("chain")["expiries"]
        for row in e["rows"]
        for o in row.values()
        if isinstance(o, dict)
    }
    assert reasons == {"book: expiry delisted"}
    assert ask("list", day, str(market.series.strike), *who, "--dry-run")["preview"]["reopens"]

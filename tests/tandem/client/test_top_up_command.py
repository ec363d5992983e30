"""`tandem top-up`, and what `tandem doctor` says meanwhile, beside a node (HG-12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from worlds import ETH, World

from keeper.cli import doctor
from tandem.client.errors import ClientError
from tandem.errors import Reverted
from tandem.units import USD


@pytest.fixture
def short(beside: World) -> Iterator[World]:
    """A hedge whose margin fell under its least with the price, and a floor that has plenty."""
    w = beside
    with w.undone():
        w.mint(w.call(2_500), 7 * ETH)
        with suppress(Reverted):
            w.tandem.desk.send("top_up", sender=w.stranger)
        w.mint(w.call(2_500), 7 * ETH)
        w.move(2_350)
        w.rest()
        assert w.tandem.snapshot().account.top_up > 0
        yield w


def test_while_nothing_is_due_it_says_so(trader: Any) -> None:
    with pytest.raises(ClientError, match="has its margin"):
        trader.prepare_top_up()


def test_it_sends_what_it_said_from_the_vault_to_the_venue(
    short: World, ask: Callable[..., Any]
) -> None:
    w = short
    cash, lacks = w.tandem.vault.call("cash"), w.tandem.snapshot().account.top_up
    shown = ask("top-up", "--dry-run")
    assert w.tandem.vault.call("cash") == cash
    done = ask("top-up", "--yes")
    sent = cash - w.tandem.vault.call("cash")
    assert done["after"]["sent"] == sent / USD == pytest.approx(lacks / USD)
    assert done["after"]["lacks"] == 0
    assert shown["preview"] == pytest.approx(done["after"], rel=1e-4)
    assert (done["verb"], len(done["sent"])) == ("top-up", 1)


def test_doctor_names_a_command_for_margin_that_is_short(short: World) -> None:
    """It named `HedgeRouter.top_up`, which nobody could type."""
    s = short.tandem.snapshot()
    told = doctor.margin_line(s, short.tandem.vault.call("would_lend", short.tandem.venue), "ETH")
    assert told.state == doctor.WARN
    assert "`tandem top-up`" in told.todo

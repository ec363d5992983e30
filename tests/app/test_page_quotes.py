"""The page's own arithmetic says what the commands say, to the last unit, of one block."""

from __future__ import annotations

import pytest
from browsing import Window
from quoting import Compared, agreed, of_one_block

from tandem.client import Client
from tandem.errors import Reverted
from tandem.protocol.deal import Wanted
from tandem.protocol.series import Series

SIZES = (10_000, 1_000_000, 7_250_000, 400_000_000)


def every_series(client: Client) -> list[Series]:
    return [option.series for option in client.chain(1, room=False).options]


@pytest.fixture(scope="module")
def compared(window: Window) -> Compared:
    """Each trade as the library quotes it and as the page does, of one block of one market."""
    client = Client.connect(window.rpc, window.up.file, window.engine.accounts[1])
    series = every_series(client)
    client.mint("ATM-21D-C", "0.5")
    wanted = [Wanted(s, u, c) for s in series for u in SIZES for c in (False, True)]
    return of_one_block(window.node, window.rpc, window.up.file, client, wanted)


def test_every_part_of_every_quote_is_the_library_s(compared: Compared) -> None:
    for wanted, _, said in compared:
        assert said["name"] == str(wanted.series)
    assert agreed(compared) >= 40, "too few trades could be quoted for the comparison to mean much"


def test_refusals_are_among_what_is_compared(
    compared: Compared,
) -> None:
    reasons = {answer.reason for _, answer, _ in compared if isinstance(answer, Reverted)}
    assert len(reasons) >= 3, reasons


def test_marks_of_the_page_are_the_model_s(window: Window, compared: Compared) -> None:
    for wanted, answer, said in compared:
        if isinstance(answer, Reverted) or wanted.is_close or wanted.units != 1_000_000:
            continue
        assert said["mark"]["value"] == pytest.approx(float(answer.mark), abs=2e-6)
        assert said["mark"]["vol"] == pytest.approx(answer.implied_vol, rel=1e-9)
        assert said["mark"]["delta"] == pytest.approx(answer.delta, abs=1e-9)
        assert said["mark"]["gamma"] == pytest.approx(answer.gamma, rel=1e-6, abs=1e-12)
        assert said["mark"]["vega"] == pytest.approx(answer.vega, rel=1e-6, abs=1e-9)


def test_a_price_that_the_page_s_node_made_up_is_held_against_the_wallet_s(window: Window) -> None:
    """What is signed is bounded by it: the page's node alone said what that is."""
    client = Client.connect(window.rpc, window.up.file, window.engine.accounts[1])
    series = next(each.series for each in client.positions().held)
    said = window.node("tests/second.ts", window.rpc, str(window.up.file), str(series.id))
    assert said.strip() == "held"

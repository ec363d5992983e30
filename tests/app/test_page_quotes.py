"""The page's own arithmetic says what the commands say, to the last unit, of one block."""

from __future__ import annotations

import json
from typing import Any

import pytest
from browsing import Window

from tandem.client import Client
from tandem.errors import Reverted
from tandem.protocol.deal import Quote, Wanted, quotes
from tandem.protocol.series import Series

SIZES = (10_000, 1_000_000, 7_250_000, 400_000_000)
PARTS = {
    "mark": "mark", "spread": "spread", "fee": "fee", "charge": "capital_charge", "carry": "carry",
    "hedgeCost": "hedge_cost", "total": "total", "units": "size",
}  # fmt: skip


def every_series(client: Client) -> list[Series]:
    return [option.series for option in client.chain(1, room=False).options]


@pytest.fixture(scope="module")
def compared(window: Window) -> list[tuple[Wanted, Quote | Reverted, dict[str, Any]]]:
    """Each trade as the library quotes it and as the page does, of one block of one market."""
    client = Client.connect(window.rpc, window.up.file, window.engine.accounts[1])
    series = every_series(client)
    client.mint("ATM-21D-C", "0.5")
    wanted = [Wanted(s, u, c) for s in series for u in SIZES for c in (False, True)]
    asked = json.dumps([[str(w.series.id), w.units, w.is_close] for w in wanted])
    said = json.loads(window.node("tests/quotes.ts", window.rpc, str(window.up.file), asked))
    engine, handles = client.session.engine, client.session.on
    with engine.pinned(said["block"]):
        answers = quotes(engine, handles, wanted)
    return list(zip(wanted, answers, said["said"], strict=True))


def test_every_part_of_every_quote_is_the_library_s(
    compared: list[tuple[Wanted, Quote | Reverted, dict[str, Any]]],
) -> None:
    quoted = 0
    for wanted, answer, said in compared:
        assert said["name"] == str(wanted.series)
        if isinstance(answer, Reverted):
            assert said["refused"] == answer.reason, wanted
            continue
        quoted += 1
        assert "quote" in said, (wanted, said)
        for theirs, ours in PARTS.items():
            assert int(said["quote"][theirs]) == getattr(answer, ours).scaleb(6), (wanted, theirs)
        assert int(said["quote"]["order"]) == answer.hedge_order.scaleb(18)
    assert quoted >= 40, "too few trades could be quoted for the comparison to mean much"


def test_refusals_are_among_what_is_compared(
    compared: list[tuple[Wanted, Quote | Reverted, dict[str, Any]]],
) -> None:
    reasons = {answer.reason for _, answer, _ in compared if isinstance(answer, Reverted)}
    assert len(reasons) >= 3, reasons


def test_marks_of_the_page_are_the_model_s(
    window: Window, compared: list[tuple[Wanted, Quote | Reverted, dict[str, Any]]]
) -> None:
    for wanted, answer, said in compared:
        if isinstance(answer, Reverted) or wanted.is_close or wanted.units != 1_000_000:
            continue
        assert said["mark"]["value"] == pytest.approx(float(answer.mark), abs=2e-6)
        assert said["mark"]["vol"] == pytest.approx(answer.implied_vol, rel=1e-9)
        assert said["mark"]["delta"] == pytest.approx(answer.delta, abs=1e-9)
        assert said["mark"]["gamma"] == pytest.approx(answer.gamma, rel=1e-6, abs=1e-12)
        assert said["mark"]["vega"] == pytest.approx(answer.vega, rel=1e-6, abs=1e-9)

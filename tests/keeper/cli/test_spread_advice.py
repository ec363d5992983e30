"""The doctor says what a keeper's fills speak for, where a keeper runs that has figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import Result
from metrics.asking import free_port

from keeper.cycle import Keeper
from keeper.metrics import Meter
from keeper.server import Server
from keeper.tables import MetricsTable

Run = Callable[..., Result]
ADDRESS = "0x" + "ab" * 20


class Page:
    """What a keeper's figures might be."""

    def __init__(self, market: str, advised: float, fills: int, of: str = "market") -> None:
        info = f'{of}="{market}"' + (',market="eth"' if of == "contract" else "")
        own = '{market="eth"}' if of == "contract" else ""
        labels = 'horizon="1h",side="%s"' + (',market="eth"' if of == "contract" else "")
        self._text = "\n".join(
            (
                f"tandem_keeper_info{{{info}}} 1.0",
                f"tandem_half_spread{own} 0.015",
                f"tandem_half_spread_advised{own} {advised}",
                f"tandem_markout_fills{{{labels % 'open'}}} {fills}",
                f"tandem_markout_fills{{{labels % 'close'}}} 1",
                f"tandem_markout_fills{{{labels.replace('1h', '5m') % 'close'}}} 999",
                'tandem_half_spread_advised{market="btc"} 0.09',
                "",
            )
        )

    def text(self) -> bytes:
        return self._text.encode()

    def stuck(self) -> str:
        return ""

    def lacks(self) -> str:
        return ""


@contextmanager
def said(page: Any, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    port = free_port()
    monkeypatch.setenv("TANDEM_METRICS__PORT", str(port))
    server = Server(MetricsTable(port=port), page)
    try:
        yield
    finally:
        server.close()


def advice(tandem: Run) -> dict[str, str] | None:
    listed = json.loads(tandem("doctor", "--json").stdout)
    found = [line for line in listed if line["name"] == "spread advice"]
    return found[0] if found else None


@pytest.mark.parametrize("of", ["market", "contract"])
def test_a_wider_spread_that_fills_speak_for_is_a_warning(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    """Of one market, and of one among several."""
    where = market.deployment.address("Market")
    with said(Page(where.lower(), 0.0225, 40, of), monkeypatch):
        line = advice(tandem)
    assert line
    assert line["state"] == "warn"
    assert line["found"] == "1.50 points of volatility hold, 41 fills speak for 2.25"
    assert "`tandem govern propose half_spread 225`" in line["todo"]


def test_few_fills_speak_for_nothing(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with said(Page(market.deployment.address("Market"), 0.0225, 28), monkeypatch):
        line = advice(tandem)
    assert line
    assert line["state"] == "ok"
    assert "29 of 30 fills are known" in line["found"]


def test_another_market_s_figures_are_not_this_one_s(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with said(Page(ADDRESS, 0.0225, 40), monkeypatch):
        line = advice(tandem)
    assert line
    assert "does not keep this market" in line["found"]


def test_a_keeper_s_own_figures_are_read(
    tandem: Run, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = Meter()
    meter.watch(keeper, None)
    meter.cycle(keeper)
    with said(meter, monkeypatch):
        line = advice(tandem)
    assert line
    assert line["found"] == "none: 1.50 points of volatility hold, 0 of 30 fills are known"


def test_where_there_are_no_figures_nothing_is_made_up(
    tandem: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert advice(tandem) is None
    monkeypatch.setenv("TANDEM_METRICS__PORT", str(free_port()))
    line = advice(tandem)
    assert line
    assert line["state"] == "ok"
    assert "no keeper says figures" in line["found"]

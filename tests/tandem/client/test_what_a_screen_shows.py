"""What chain, quotes and positions show, and on how narrow a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from tandem.client import Client

Run = Callable[..., Result]


def test_a_quote_says_each_unit_as_the_risk_of_the_book_does(run: Run, market: Any) -> None:
    """It told vega per 1.00 of volatility without a word of it, a hundred times what `risk` calls so."""
    quoted = json.loads(run("quote", str(market.series), "1", "--json").stdout)
    text = run("quote", str(market.series), "1").stdout
    assert f"{quoted['vega'] / 100:.2f} USD per vol point" in text
    assert f"{quoted['delta']:.4f} ETH, {quoted['gamma']:.6f} ETH per USD" in text
    risk = run("risk").stdout
    assert "ETH per USD" in risk
    assert "USD per vol point" in risk


def test_the_chain_reads_in_eighty_columns(run: Run, market: Any) -> None:
    text = run("chain").stdout
    assert max(map(len, text.splitlines())) <= 80
    row = next(line for line in text.splitlines() if line.startswith("2500-5000"))
    quoted = json.loads(run("quote", str(market.series), "1", "--json").stdout)
    assert row.split()[2] == f"{quoted['total']:.2f}"
    assert "One trade may only be so large" in text


def test_what_the_vault_pays_is_shown_where_nothing_opens(run: Run, market: Any) -> None:
    """While opens were stopped the chain had no strikes, and who held one saw no bid."""
    market.tandem.guardian.send("pause", sender=market.tandem.keeper)
    text = run("chain").stdout
    assert "Opens are stopped" in text
    row = next(line for line in text.splitlines() if line.startswith("2500-5000")).split()
    quoted = json.loads(run("quote", str(market.series), "1", "--close", "--json").stdout)
    assert (row[1], row[2]) == (f"{quoted['total']:.2f}", "-")


def test_the_chain_reads_in_sixty_columns(
    run: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = next(x for x in run("chain").stdout.splitlines() if x.startswith("2500-5000")).split()
    monkeypatch.setenv("COLUMNS", "60")
    lines = run("chain").stdout.splitlines()
    assert max(map(len, lines)) <= 60
    tables = lines[2:-2]
    call, put = (line.split() for line in tables if line.startswith("2500-5000"))
    assert call == [wide[0], *wide[1:5], wide[5]]
    assert put == [wide[0], *wide[6:10], wide[5]]


@pytest.mark.parametrize("columns", [40, 60])
def test_positions_and_chain_fit_a_narrow_terminal(
    run: Run, market: Any, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """A payoff's picture was of sixty columns wherever it was shown: a narrower terminal broke its rows."""
    data = json.loads(run("positions", "--account", market.tandem.trader, "--json").stdout)
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = run("positions", "--account", market.tandem.trader).stdout
    lines = [each for each in shown.splitlines() if market.tandem.trader not in each]
    assert max(map(len, lines)) <= columns
    assert any("█" in each for each in lines)
    chain = run("chain").stdout.splitlines()
    assert max(map(len, chain)) <= columns
    assert chain.count("calls") == chain.count("puts") > 0  # a row of either was like the other's
    again = json.loads(run("positions", "--account", market.tandem.trader, "--json").stdout)
    assert len(again["payoffs"][0]["prices"]) == len(data["payoffs"][0]["prices"]) == 60


def test_what_is_open_is_told_to_the_unit(run: Run, trader: Client, market: Any) -> None:
    """Beside "sold 2.123457 ETH" the table of expiries said that 2.12346 are open."""
    trader.mint(market.series, "1.123457")
    risk, status = run("risk").stdout, run("status").stdout
    sold = next(line for line in risk.splitlines() if line.startswith("sold")).split()[1]
    for text in (risk, status):
        rows = text.splitlines()
        head = next(i for i, line in enumerate(rows) if line.startswith("expiry   "))
        assert rows[head + 1].split()[1] == sold

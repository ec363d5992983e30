"""What `tandem deploy migrate` deposits is what came to the LP from the old one, neither more nor less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from leading import deposited, following, processed, sessions, undone
from lived_in import Market

from tandem.client.migration import carry_out, moves
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.tandem import Tandem
from tandem.units import USD


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Market, Path]]:
    with following(tmp_path_factory.mktemp("deployments")) as found:
        yield found


@pytest.fixture
def market(lives: tuple[Market, Path]) -> Iterator[Market]:
    with undone(*lives):
        yield lives[0]


@pytest.fixture
def new(lives: tuple[Market, Path]) -> Path:
    return lives[1]


def test_what_an_lp_put_into_the_new_one_before_is_not_taken_for_it(
    market: Market, new: Path
) -> None:
    """He was told that nothing was left to do, and what he had claimed lay in his account."""
    who = market.engine.accounts[7]
    fresh = put(market, new, who, 60_000 * USD)
    got = processed(market, new, who)
    carry_out(*sessions(market, new)(who))
    assert market.tandem.exchange.usdc.call("balanceOf", who) == 0
    assert deposited(fresh, who) == pytest.approx(60_000 * USD + got, abs=2)
    assert list(moves(*sessions(market, new)(who))) == []


def test_what_was_claimed_for_somebody_else_is_not_deposited_of_other_money(
    market: Market, new: Path
) -> None:
    """As much of what the LP had besides went after it."""
    t, (who, other) = market.tandem, market.engine.accounts[7:10:2]
    processed(market, new, who)
    t.vault.redeem(t.vault.maxRedeem(who), other, who).send(who)
    t.give(who, 70_000 * USD)
    assert list(moves(*sessions(market, new)(who))) == []
    assert carry_out(*sessions(market, new)(who)) == []


def put(market: Market, new: Path, who: str, amount: int) -> Tandem:
    """A deposit of other money in the new one, by hand."""
    fresh, t = tandem_of(market.engine, Deployment.load(new)), market.tandem
    t.give(who, amount)
    t.exchange.usdc.send("approve", fresh.vault.address, amount, sender=who)
    fresh.vault.deposit(amount, who).send(who)
    return fresh

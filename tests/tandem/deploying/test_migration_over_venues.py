"""A live book on two venues is led to the next deployment on the same two; an LP whom the token's issuer has
put on his list waits and holds nobody up."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from broken import copy_with
from leading import SMILE, deposited, following, processed, sessions, undone
from lived_in import Market

from tandem.client import liquidity
from tandem.client.migration import carry_out, moves, run_off
from tandem.engine.artifacts import compile_vyper
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.units import HOUR, USD, WAD

LISTED = "Blacklistable: account is blacklisted"
"""What Circle's token says."""


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Market, Path]]:
    with following(tmp_path_factory.mktemp("several"), "aave+morpho") as found:
        yield found


@contextmanager
def listing(market: Market, who: str) -> Generator[None]:
    """Meanwhile the market's token moves nothing from him or to him."""
    move = "    self.balanceOf[owner] -= amount\n"
    token = market.tandem.exchange.usdc
    names = f'    assert {who} not in [owner, to], "{LISTED}"\n'
    listed = compile_vyper("USDC", copy_with(("mocks/USDC.vy", move, names + move)))
    other = market.engine.deploy(listed, sender=market.tandem.exchange.owner)
    before = market.engine.code(token.address)
    sets = partial(market.engine.request, "anvil_setCode")
    sets([token.address, "0x" + market.engine.code(other.address).hex()])
    yield
    sets([token.address, "0x" + before.hex()])


def test_a_book_on_two_venues_is_led_to_the_next_deployment_on_them(
    market: Market, new: Path
) -> None:
    t, engine = market.tandem, market.engine
    fresh = tandem_of(engine, Deployment.load(new))
    ask = sessions(market, new)
    operator, who = engine.accounts[3], engine.accounts[7]
    assert run_off(ask(t.lp)[0]).hedge * WAD == t.router.position() != 0
    got = processed(market, new, who)
    carry_out(*ask(operator))
    assert [e.expiry for e in fresh.lens.expiries()] == [market.series.expiry]
    assert t.snapshot().is_paused
    held = t.exchange.usdc.call("balanceOf", who)
    carry_out(*ask(who))
    assert t.exchange.usdc.call("balanceOf", who) == held
    assert deposited(fresh, who) == got
    assert list(moves(*ask(who))) == []


def test_an_lp_on_the_issuers_list_waits_and_holds_nobody_up(market: Market, new: Path) -> None:
    t, engine = market.tandem, market.engine
    fresh = tandem_of(engine, Deployment.load(new))
    ask = sessions(market, new)
    listed, other = engine.accounts[7], engine.accounts[6]
    got = processed(market, new, listed)
    t.deposit(20_000 * USD, other)
    with listing(market, listed):
        assert carry_out(*ask(listed)) == []
        claim, put = moves(*ask(listed))
        assert LISTED in claim.waits
        assert put.waits == "until it is claimed"
        carry_out(*ask(other))
        engine.advance(26 * HOUR)
        t.exchange.set_index(2_500 * WAD)
        t.post({market.series.expiry: SMILE})
        t.vault.process(8).send(t.keeper)
        carry_out(*ask(other))
        assert deposited(fresh, other) > 19_900 * USD
        assert t.vault.maxWithdraw(listed) == got
        with undone(market, new):  # or he has it paid to somebody else, and migrates nothing
            liquidity.claim(ask(listed)[0], recipient=t.keeper).send()
            assert list(moves(*ask(listed))) == []
    held = t.exchange.usdc.call("balanceOf", listed)
    shares = fresh.vault.balanceOf(listed)
    carry_out(*ask(listed))
    assert fresh.vault.balanceOf(listed) > shares == 0
    assert t.exchange.usdc.call("balanceOf", listed) == held
    assert t.vault.maxWithdraw(listed) == 0

"""One program with several threads and one account: each trade by itself, none in another's way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from tandem.client import Client
from tandem.engine.signers import Signer

Connect = Callable[..., Client]


@pytest.mark.parametrize("shared", [True, False], ids=["one client", "a client each"])
def test_threads_that_trade_with_one_account_take_turns(
    connect: Connect, signer: Signer, fund: Callable[..., None], market: Any, *, shared: bool
) -> None:
    """Both took one nonce, or one spent the other's allowance: a trade was refused that had its money."""
    one = connect(signer)
    fund(one.address)
    clients = [one] * 3 if shared else [one, connect(signer), connect(signer)]
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(each.mint, market.series, "0.1") for each in clients]
        done = [each.result() for each in waiting]
    assert len({sent.hash for each in done for sent in each.sent}) == sum(len(d.sent) for d in done)
    assert market.tandem.option.balanceOf(one.address, market.series.id) == 300_000
    assert market.tandem.exchange.usdc.call("allowance", one.address, market.tandem.vault) == 0


def test_an_allowance_that_is_another_threads_is_not_taken_for_ones_own(
    connect: Connect, signer: Signer, fund: Callable[..., None], market: Any
) -> None:
    """It was: who prepared while it stood sent no allowance of his own, and it was spent by then."""
    one, other = connect(signer), connect(signer)
    fund(one.address)
    mine = one.prepare_mint(market.series, "0.1")
    meanwhile: list[Future[Any]] = []

    def told(_sent: object) -> None:
        if not meanwhile:  # the permit is in a block, what it is for is not
            meanwhile.append(pool.submit(other.prepare_mint, market.series, "0.05"))
            wait(meanwhile, timeout=1)

    with ThreadPoolExecutor(1) as pool:
        mine.send(told)
        done = meanwhile[0].result().send()
    assert [each.note[:5] for each in done.sent] == ["allow", "mint ", "take "]

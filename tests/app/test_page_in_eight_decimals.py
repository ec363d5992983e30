"""LM-10: on a base token of eight decimals an order is a multiple of what the token counts in. Quotes of
library and page are what the chain does then, to the last unit, and the library trades by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import run
from quoting import agreed, of_one_block
from wrapped import GRAIN, PRICE, opened

from tandem.client import Client
from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted
from tandem.protocol.deal import Wanted, quotes
from tandem.protocol.series import Series
from tandem.units import UNIT

SIZES = (10_000, 123_457, 500_001)
MAX = 2**256 - 1


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Client]]:
    """A node, a market's record, and a trader who holds a call and a put."""
    folder = tmp_path_factory.mktemp("wrapped")
    with AnvilEngine(prune_history=False) as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        deployment, tandem, expiry = opened(engine, folder)
        for is_put, other in ((False, 2 * PRICE), (True, 0)):
            tandem.mint(Series(expiry, is_put, PRICE, other, "BTC"), UNIT * 6 // 10)
        file = folder / "wrapped.json"
        deployment.save(file)
        yield node.url, file, Client.connect(node.url, file, tandem.trader)


def _series(client: Client) -> list[Series]:
    return [option.series for option in client.chain("0.1", room=False).options]


def test_what_is_quoted_is_what_the_chain_takes_and_pays(
    clients: tuple[str, Path, Client],
) -> None:
    """Each series and size: the Market's own answer of the same block."""
    client = clients[2]
    engine, on, who = client.session.engine, client.session.on, client.address
    wanted = [Wanted(s, u, c) for s in _series(client) for u in SIZES for c in (False, True)]
    compared = {False: 0, True: 0}
    with engine.pinned(engine.block()):
        for trade, said in zip(wanted, quotes(engine, on, wanted), strict=True):
            held = on.option.balanceOf(who, trade.series.id)
            if isinstance(said, Reverted) or (trade.is_close and held < trade.units):
                continue
            assert said.hedge_order.scaleb(18) % GRAIN == 0
            told = (trade.series.id, trade.units)
            if trade.is_close:
                closed = on.market.close(*told, 0, 0, MAX, who).simulate(who)
                assert closed.units == said.size.scaleb(6)
                paid = closed.payout
            else:
                paid = on.market.mint(*told, MAX, MAX, who).simulate(who)
            assert paid == said.total.scaleb(6), trade
            compared[trade.is_close] += 1
    assert compared[False] >= 9, compared
    assert compared[True] >= 4, compared


def test_the_library_mints_and_closes_as_it_said(clients: tuple[str, Path, Client]) -> None:
    client = clients[2]
    series = next(s for s in _series(client) if not s.is_put and s.strike == PRICE)
    prepared = client.prepare_mint(series, "0.123457")
    done = prepared.send()
    assert float(done.after.paid) == pytest.approx(float(prepared.preview.quote.total), rel=1e-5)
    closing = client.prepare_close(series, "0.05")
    paid = -closing.send().after.paid
    assert float(paid) == pytest.approx(float(closing.preview.quote.total), rel=1e-5)


def test_the_page_quotes_the_same(clients: tuple[str, Path, Client]) -> None:
    url, file, client = clients
    wanted = [Wanted(s, u, c) for s in _series(client) for u in SIZES for c in (False, True)]
    assert agreed(of_one_block(run, url, file, client, wanted)) >= 12

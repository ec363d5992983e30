"""What others do between the moment that `tandem run` simulates an act and the block that takes it: is the
journal what the chain says, and is what came to nothing tried again and again?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from faults.conftest import Told
from faults.ledgers import GWEI, costs, written
from faults.proxy import Sooner, between
from keeper.journal import State
from tandem.units import WAD

pytestmark = pytest.mark.usefixtures("as_before")

Run = Callable[..., Result]
Act = Callable[[Any], object]


@pytest.fixture
def sooner(market: Any) -> Iterator[Sooner]:
    with between(market.url, Sooner) as made:
        yield made


def due(market: Any) -> None:
    """The hedge is past its trigger, and the pool's average has not arrived: the keeper waits, and stamps."""
    market.engine.advance(700)
    market.move(2_650)
    costs(market, GWEI)


def ripe(tandem: Run, market: Any) -> None:
    """Ten minutes after its stamp: a bounty is worth most."""
    due(market)
    tandem("run", "--once")
    market.engine.advance(600)
    market.tandem.exchange.set_index(2_650 * WAD)
    costs(market, GWEI)


def stranger(market: Any) -> str:
    return market.engine.accounts[6]


def stamps(market: Any) -> object:
    return market.tandem.bounty.stamp().send(stranger(market))


def takes_it(market: Any) -> object:
    return market.tandem.bounty.rebalance(0, stranger(market), 0).send(stranger(market))


def rebalances(market: Any) -> object:
    return market.tandem.rebalance(sender=stranger(market))


def takes_down(market: Any) -> object:
    return market.tandem.guardian.send("take_down", sender=market.tandem.roles.guardian)


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("kind", "act", "state"),
    [
        ("stamp", stamps, State.REVERTED),
        ("stamp", takes_down, State.DROPPED),
        ("bounty", takes_it, State.REVERTED),
        pytest.param("bounty", rebalances, State.REVERTED, marks=pytest.mark.long),
        pytest.param("bounty", takes_down, State.DROPPED, marks=pytest.mark.long),
        ("remark", takes_down, State.DROPPED),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_who_comes_sooner_is_seen_and_nothing_is_tried_in_vain_again(
    tandem: Run, sooner: Sooner, market: Any, settings: Path, kind: str, act: Act, state: State,
    monkeypatch: pytest.MonkeyPatch, told: Told,
) -> None:  # fmt: skip
    """FAULTS 19 to 21: "seen as done", "classified; retried only if it can succeed". The guardian of a local
    market sends with the keeper's key: the act was signed for a nonce that is used elsewhere."""
    monkeypatch.setenv("TANDEM_FEES__WAIT_SECONDS", "1")
    t = market.tandem
    if kind == "bounty":
        ripe(tandem, market)
    else:
        due(market)
    call = {
        "stamp": t.bounty.stamp(), "remark": t.stress.remark(),
        "bounty": t.bounty.rebalance(0, t.keeper, 0),
    }[kind]  # fmt: skip
    sooner.selector = call.tx(t.keeper, 1).data[:4].hex()
    sooner.act = lambda: act(market)
    tandem("run", "--once", "--rpc", sooner.url)
    assert sooner.act is None
    said = [tandem("run", "--once").stderr for _ in range(3)]
    assert [found for name, _, found, _ in written(settings) if name == kind] == [state]
    assert told.says("reverted" if state is State.REVERTED else "dropped", f"intent: {kind}")
    assert ("used by another transaction" in "".join(said)) is (state is State.DROPPED)
    for _, hash_, found, block in written(settings):
        seen = market.engine.request("eth_getTransactionReceipt", [hash_])
        if seen is None:
            assert found == State.DROPPED
            continue
        assert found == (State.MINED if seen["status"] == "0x1" else State.REVERTED)
        assert int(seen["blockNumber"], 16) == block
    assert kind not in said[-1]
    assert "[info]" not in said[-1]

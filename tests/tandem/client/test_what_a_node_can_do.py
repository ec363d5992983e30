"""A node that lies cannot have more signed than the bounds say, and a trade that fails leaves no
allowance behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tandem.cli.list import expiry_of
from tandem.client import Bounds, Client
from tandem.client.accounts import find
from tandem.client.errors import ClientError, GasError, PriceMovedError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer

Connect = Callable[..., Client]
WAD = 10**18
GWEI = 10**9


def allowance(market: Any, account: str) -> int:
    return int(market.tandem.exchange.usdc.call("allowance", account, market.tandem.vault))


@pytest.mark.parametrize("verb", ["mint", "deposit"])
def test_a_trade_that_fails_after_its_permit_leaves_no_allowance(
    trader: Client, market: Any, verb: str
) -> None:
    """ "The Vault may take what one transaction costs at most, and nothing after it." """
    tandem = market.tandem
    verbs = {
        "mint": lambda: trader.prepare_mint(market.series, 1),
        "deposit": lambda: trader.prepare_deposit(100),
    }
    prepared = verbs[verb]()
    seen: list[int] = []

    def after(sent: Any) -> None:
        seen.append(allowance(market, trader.address))
        if len(seen) == 1:
            tandem.guardian.send("pause", sender=tandem.keeper)

    with pytest.raises(ClientError, match="paused"):
        prepared.send(after)
    assert seen[0] > 0
    assert allowance(market, trader.address) == 0


def test_a_price_that_moves_between_permit_and_mint_leaves_no_allowance(
    trader: Client, market: Any
) -> None:
    prepared = trader.prepare_mint(market.series, 1)

    def after(sent: Any) -> None:
        if "permit" in sent.note:
            market.tandem.exchange.set_index(2_540 * WAD)
            market.tandem.exchange.converge(2_540 * WAD)

    with pytest.raises(PriceMovedError):
        prepared.send(after)
    assert allowance(market, trader.address) == 0


@pytest.mark.parametrize("verb", ["mint", "deposit"])
def test_what_a_trade_that_was_cut_short_may_still_take_is_shown_and_revoked(
    trader: Client, market: Any, verb: str
) -> None:
    """The process ends after its permit, as at Ctrl-C or a power cut."""

    def ends(_: Any) -> None:
        raise KeyboardInterrupt

    prepared = (
        trader.prepare_mint(market.series, 1) if verb == "mint" else trader.prepare_deposit(100)
    )
    with pytest.raises(KeyboardInterrupt):
        prepared.send(ends)
    left = allowance(market, trader.address)
    assert left > 0
    assert trader.positions().allowance == Decimal(left).scaleb(-6)
    assert trader.revoke().after == trader.positions().allowance == 0
    assert allowance(market, trader.address) == 0
    with pytest.raises(ClientError, match="may take nothing"):
        trader.revoke()


@pytest.mark.parametrize(
    ("chain", "client", "believed"),
    [(31_337, "anvil/v1.5", True), (31_337, "Geth/v1.16", False), (42_161, "anvil/v1.5", False)],
)
def test_a_node_of_a_public_chain_that_calls_itself_anvil_is_not_believed(
    market: Any, chain: int, client: str, believed: bool
) -> None:
    """On a development node keys that everybody knows sign, without asking and without bounds."""
    ask: Any = market.engine.request
    answers = {"eth_chainId": hex(chain), "web3_clientVersion": client}
    engine = RemoteEngine(lambda name, params: answers.get(name) or ask(name, params))
    assert engine.is_development is believed
    assert (find(engine, None, None) is not None) is believed


@pytest.mark.parametrize("method", ["eth_maxPriorityFeePerGas", "eth_getBlockByNumber"])
def test_gas_that_a_node_makes_dear_is_not_signed(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """A node's word on gas is bounded: it could have the whole balance go to whoever mines."""
    engine = trader.session.engine
    market.engine.fund(trader.address, 10**6 * WAD)
    ask, signed = engine.request, list[str]()

    def dear(name: str, params: list[Any]) -> Any:
        if name == "eth_sendRawTransaction":
            signed.append(params[0])
        if name == "eth_maxPriorityFeePerGas":
            return hex(100_000 * GWEI if name == method else 1)
        answer = ask(name, params)
        if name == method:
            answer = answer | {"baseFeePerGas": hex(100_000 * GWEI)}
        return answer

    monkeypatch.setattr(engine, "is_development", False)
    monkeypatch.setattr(engine, "request", dear)
    with pytest.raises(GasError, match="more than") as error:
        trader.deposit(100)
    assert "--gas" in error.value.hint
    assert not signed


def test_the_bound_on_gas_is_the_callers(
    connect: Connect, trader: Client, signer: Signer, market: Any
) -> None:
    market.engine.request("anvil_setNextBlockBaseFeePerGas", [hex(GWEI)])
    market.engine.advance(1)
    mean = connect(signer, Bounds(gas=Decimal(0)))
    with pytest.raises(GasError, match="more than"):
        mean.deposit(100)
    market.engine.request("anvil_setNextBlockBaseFeePerGas", ["0x0"])


def test_a_node_whose_clock_is_ahead_gets_no_longer_deadline(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lifetime is ten minutes: a signed trade is no option that somebody holds for years."""
    engine = trader.session.engine
    monkeypatch.setattr(engine, "is_development", False)
    monkeypatch.setattr(engine, "now", lambda: int(time.time()) + 10**8)
    with pytest.raises(ClientError, match="clock") as error:
        trader.prepare_mint(market.series, 1)
    assert error.value.hint


@pytest.mark.parametrize("off", [-(14 * 86_400), 14 * 86_400])
def test_a_node_whose_clock_is_off_lists_no_other_day(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch, off: int
) -> None:
    """Days from now are counted from a moment that the node says, and what is listed stays."""
    engine = trader.session.engine
    monkeypatch.setattr(engine, "is_development", False)
    monkeypatch.setattr(engine, "now", lambda: int(time.time()) + off)
    with pytest.raises(ClientError, match="clock"):
        expiry_of("+20", trader.clock)
    assert expiry_of("27MAR26", trader.clock) == 1_774_598_400
    monkeypatch.setattr(engine, "now", lambda: int(time.time()) - 60)
    assert abs(expiry_of("+20", trader.clock) - time.time() - 20 * 86_400) < 86_400


def test_a_permit_that_somebody_else_sends_first_stops_no_trade(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may hand a permit in: who sees it in the open can only do what it is for."""
    engine, token = trader.session.engine, market.tandem.exchange.usdc
    ask, seen = engine.request, list[str]()

    def overtaken(method: str, params: list[Any]) -> Any:
        if method == "eth_sendRawTransaction" and not seen:
            data = params[0]
            at = data.index(token.abi.function("permit", 7).selector.hex())
            seen.append(data[at : at + 2 * (4 + 7 * 32)])
            other = {"from": market.tandem.keeper, "to": token.address, "data": "0x" + seen[0]}
            market.engine.request("eth_sendTransaction", [other | {"gas": hex(200_000)}])
        return ask(method, params)

    monkeypatch.setattr(engine, "request", overtaken)
    assert trader.mint(market.series, 1).after.holding == 1
    assert seen
    assert allowance(market, trader.address) == 0

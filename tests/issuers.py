"""Tokens whose issuer is an enemy: he pauses them, lists an address at a time, or gives them other code: it
takes a fee of each transfer, says False whatever it moved, or says nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from broken import Change, broken
from several import members
from worlds import World

from tandem.engine.base import Contract
from tandem.venues import _pair, _setup

STATE = "allowance: public(HashMap[address, HashMap[address, uint256]])\n"
POWERS = """is_paused: bool
listed: HashMap[address, bool]
fee: uint256  # 1e-4 of what arrives
says_no: bool
is_mute: bool


@external
def pause(is_paused: bool):
    self.is_paused = is_paused


@external
def list_one(who: address, is_listed: bool):
    self.listed[who] = is_listed


@external
def upgrade(fee: uint256, says_no: bool, is_mute: bool):
    self.fee = fee
    self.says_no = says_no
    self.is_mute = is_mute


@internal
@view
def _check(one: address, other: address):
    assert not self.is_paused, "usdc: paused"
    assert not self.listed[one] and not self.listed[other], "usdc: listed"


@internal
@view
def _word() -> Bytes[32]:
    return b"" if self.is_mute else abi_encode(not self.says_no)
"""
SAID = "    return True\n"
OLD_MOVE = """    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=owner, receiver=to, value=amount)
"""
NEW_MOVE = """    self._check(owner, to)
    kept: uint256 = amount * self.fee // 10_000
    self.balanceOf[self] += kept
    self.balanceOf[to] += amount - kept
    log IERC20.Transfer(sender=owner, receiver=to, value=amount - kept)
"""


def _issued(file: str) -> tuple[Change, ...]:
    return (
        (file, STATE, STATE + POWERS),
        (file, OLD_MOVE, NEW_MOVE),
        (file, "implements: IERC20\n", ""),
        (file, ") -> bool:", ") -> Bytes[32]:"),
        (file, SAID, "    return self._word()\n"),
        *(
            (file, f"@external\ndef {each}(", f"@external\n@raw_return\ndef {each}(")
            for each in FUNCTIONS
        ),
        (file, APPROVE, APPROVE + "    self._check(msg.sender, spender)\n"),
        (file, SPENT, SPENT + "    self._check(msg.sender, msg.sender)\n"),
    )


FUNCTIONS = ("transfer", "transferFrom", "approve")
SPENT = "    self.allowance[owner][msg.sender] -= amount\n"
APPROVE = "def approve(spender: address, amount: uint256) -> Bytes[32]:\n"
ISSUER = _issued("mocks/USDC.vy") + _issued("mocks/WETH.vy")
"""Of both stand-ins. As Circle's it asks of a transfer who sends, who gets and who calls, of an approval who
gives it and to whom, and nothing of either while it is paused."""


@contextmanager
def issued() -> Iterator[None]:
    """Whatever is deployed inside has tokens of such an issuer."""
    with broken(*ISSUER), pytest.MonkeyPatch.context() as patch:
        patch.setattr(_pair, "compile_vyper", _setup.compile_vyper)
        yield


def markets(w: World) -> list[Any]:
    """What the hedge stands on, one by one."""
    market: Any = w.curie
    return list(getattr(market, "members", [market]))


def adapters(w: World) -> list[Contract]:
    return members(w) if hasattr(w.curie, "members") else [w.tandem.venue]


def quote_of(w: World) -> Contract:
    return w.curie.usdc


def base_of(w: World) -> Contract:
    """Of the first of a world's markets that has one."""
    return next(each.weth for each in markets(w) if hasattr(each, "weth"))


def pools(w: World) -> list[Contract]:
    """Whatever pays the base token for the quote token, or the other way."""
    spots = [each for each in markets(w) if hasattr(each, "spot")]
    return [each.v4.manager if hasattr(each, "v4") else each.spot.pool for each in spots]


def lenders(w: World) -> list[Contract]:
    """Where the tokens lie that are lent, and who takes them there."""
    names = ("a_usdc", "a_weth", "lending_pool", "lender")
    parts = [each.parts for each in markets(w) if hasattr(each, "weth")]
    return [part[name] for part in parts for name in names if name in part]


def list_all(w: World, token: Contract, *who: Any, is_listed: bool = True) -> None:
    for each in who:
        token.send("list_one", getattr(each, "address", each), is_listed, sender=w.stranger)


def pause(w: World, token: Contract, *, is_paused: bool = True) -> None:
    token.send("pause", is_paused, sender=w.stranger)


def upgrade(
    w: World, token: Contract, *, fee: int = 0, says_no: bool = False, is_mute: bool = False
) -> None:
    token.send("upgrade", fee, says_no, is_mute, sender=w.stranger)

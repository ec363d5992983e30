"""What every verb stands on: one node, one deployment, one account, and how far it may go."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from types import UnionType
from typing import Any, Generic, Self, TypeVar, cast

from tandem.client import outbox
from tandem.client.accounts import Account, address_of
from tandem.client.errors import AccountError, ClientError, NotMinedError, refused
from tandem.client.outbox import Book, Outbox
from tandem.client.sending import MOST_GAS, Sender, Sent, Step
from tandem.engine.base import Contract, Outcome
from tandem.engine.bound import Log
from tandem.engine.bound import Prepared as Unsent
from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted
from tandem.protocol.bindings.usdc import USDC
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.handles import Handles
from tandem.units import HOUR, AmountError, number_of

P = TypeVar("P")
R = TypeVar("R")
T = TypeVar("T")
L = TypeVar("L", bound=Log)
CLOCK_SECONDS = 300
"""How far a chain's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a verb does not go beyond unless it is told. slippage: a share of the quoted total;
    lifetime: seconds from the latest block's time; wait: seconds for a transaction to be mined; gas:
    ETH for the gas of one transaction and its data."""

    slippage: Decimal = Decimal("0.01")
    lifetime: int = 600
    wait: float = 120.0
    gas: Decimal = MOST_GAS

    def __post_init__(self) -> None:
        """Text is taken for the Decimal that it spells, as everywhere. Raises AmountError for a slippage that
        is no share (five is no five percent, and a float none), and for what bounds nothing: a wait that is
        no number never ends."""
        slippage, gas = number_of(self.slippage), number_of(self.gas)
        if slippage is None or not 0 <= slippage <= 1:
            raise AmountError(
                f"slippage: {self.slippage!r} is no share",
                "a Decimal from 0 to 1: one percent is '0.01'",
            )
        if gas is None or gas < 0:
            raise AmountError(
                f"gas: {self.gas!r} is no amount", "a Decimal from 0 up, ETH, as '0.05'"
            )
        if not _is_time(self.lifetime, int) or not _is_time(self.wait, int | float):
            raise AmountError(
                f"lifetime or wait: {self.lifetime!r} or {self.wait!r} is no time",
                "seconds from 0 up; those of lifetime are whole",
            )
        object.__setattr__(self, "slippage", slippage)
        object.__setattr__(self, "gas", gas)


def _is_time(seconds: object, kind: type | UnionType) -> bool:
    is_number = isinstance(seconds, kind) and not isinstance(seconds, bool)
    return is_number and 0 <= cast("float", seconds) < math.inf


@dataclass(frozen=True, slots=True)
class Session:
    """A node, the contracts on its chain, who acts. token: the quote token; book: told of each transaction
    before it is sent."""

    engine: RemoteEngine
    deployment: Deployment
    on: Handles
    token: USDC
    account: Account | None
    bounds: Bounds = field(default_factory=Bounds)
    book: Book | None = None

    @classmethod
    def open(
        cls, engine: RemoteEngine, deployment: Deployment, account: Account | None, bounds: Bounds
    ) -> Self:
        """Bind the deployment's contracts to the node. What is signed here is noted until a block has it."""
        bound = handles(engine, deployment)
        token = USDC(engine, deployment.venue["usdc"])
        signs = account if account is not None and account.signer is not None else None
        book = Outbox(engine, signs.address, deployment.address("Market")) if signs else None
        return cls(engine, deployment, bound, token, account, bounds, book)

    @property
    def asset(self) -> str:
        """What the market's options are on, as "ETH"."""
        return self.on.asset

    @property
    def who(self) -> Account:
        """The account. Raises AccountError where there is none."""
        if self.account is None:
            raise AccountError(
                "there is no account to act for",
                "set TANDEM_KEY, or name an Ape account or an address with --account",
            )
        return self.account

    def receiver(self, named: str | None) -> str:
        """Who gets what an act brings: whoever is named, else who acts. Raises AccountError, for an empty
        name too."""
        return self.who.address if named is None else address_of(named)

    @property
    def sender(self) -> Sender:
        return Sender(self.engine, self.who, self.bounds.wait, self.bounds.gas, self.book)

    def deadline(self, given: int | None = None) -> int:
        """The bound in time, by the chain's own clock. given: what was asked for instead, a block's time.
        Raises AmountError where that is none, ClientError where the clock is far ahead: a signed trade would
        be good for longer than was said."""
        if given is not None:
            if not _is_time(given, int) or given >= 1 << 256:
                raise AmountError(
                    f"deadline: {given!r} is no time of a block",
                    "whole seconds since 1970, as `client.now() + 600`",
                )
            return given
        now = self.engine.now()
        if not self.engine.is_development and now > time.time() + CLOCK_SECONDS:
            raise ClientError(
                f"the node's clock is {now - time.time():,.0f} s ahead of this machine's",
                "correct the clock here, or ask another node",
            )
        return now + self.bounds.lifetime

    def clock(self) -> int:
        """The latest block's time. Raises ClientError where that is another hour than this machine's."""
        now, apart = self.engine.now(), 0.0
        if not self.engine.is_development:
            apart = abs(now - time.time())
        if apart > HOUR:
            raise ClientError(
                f"the node's latest block is {apart:,.0f} s from this machine's clock",
                "correct the clock here, ask another node, or write the day itself, as 27MAR26",
            )
        return now

    def logs(self, sent: Sequence[Sent], contract: Contract, kind: type[L]) -> list[L]:
        """What a contract said of one kind in some transactions."""
        topic = kind.TYPE.topic
        return [
            kind.decode(log)
            for each in sent
            for log in each.logs
            if log.address == contract.address and log.topics[:1] == (topic,)
        ]


def reads(view: Callable[..., T], *args: object) -> T:
    """A view that may refuse. Raises ClientError with the chain's refusal in words."""
    try:
        return view(*args)
    except Reverted as error:
        raise refused(error.reason, error.data) from error


def step(call: Unsent[Any], note: str) -> Step:
    """A call of a contract as a transaction. note: what it does, in words."""
    return Step(call.contract.address, call.data, note)


def for_another(session: Session, receiver: str) -> str:
    """What a note says of who gets what an act brings, where that is not who acts."""
    return "" if receiver == session.who.address else f" for {receiver}"


def turn(session: Session) -> AbstractContextManager[None]:
    """Whose turn it is to send for this account on this chain. Who has it sees no allowance that another's
    trade is about to spend. Raises ClientError where another process has it for longer than is waited for a
    block."""
    who = session.who
    return outbox.turn(session.engine, who.address, session.bounds.wait if who.signer else None)


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """What was sent, and the state after it."""

    sent: tuple[Sent, ...]
    after: R


@dataclass(frozen=True, slots=True)
class Prepared(Generic[P, R]):
    """A verb that was simulated and not sent. preview: what it would do; steps: its transactions in
    order; outcomes: of those that the node could simulate."""

    verb: str
    account: str
    preview: P
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...] = field(repr=False)
    _session: Session = field(repr=False)
    _after: Callable[[Sequence[Sent]], R] = field(repr=False)
    _since: float = field(default_factory=time.time, repr=False)

    def send(self, told: Callable[[Sent], None] = lambda _: None) -> Done[R]:
        """Sign and send what is needed, one transaction after the other, each simulated again. Called twice
        it sends twice. told: hears of each that is mined. Raises ClientError; what was mined before stays but
        for what can be undone, such as an allowance. What ends it, a node that is gone or a signal too, has a
        note of each that stays. Who sends for one account takes turns: an allowance is one trade's."""
        with turn(self._session):
            return self._send_all(told)

    def _send_all(self, told: Callable[[Sent], None]) -> Done[R]:
        self._look_again()
        sent: list[Sent] = []
        undo: list[Step] = []
        try:
            for step in self.steps:
                self._send(step, sent, told)
                undo += [step.undo] if step.undo else []
            return Done(tuple(sent), self._after(sent))
        except BaseException as error:
            stays = [*sent]
            if isinstance(error, ClientError) and type(error) is not NotMinedError:
                with suppress(ClientError):  # one that may still be mined needs it then
                    for step in undo:
                        self._send(step, sent, told)
                    stays = [each for each in stays if each.note not in self._undone]
            for each in stays:
                error.add_note(
                    f"{each.hash} ({each.note}) is in block {each.block} and stays: look at what it left "
                    "before trying again"
                )
            raise

    def _look_again(self) -> None:
        """Whoever was asked may have taken his time: where the price has left its bound by now no allowance
        is sent first, and none to take it back. Raises ClientError with the chain's refusal, or where the
        same was done before."""
        book = self._session.book
        steps = [each for each in self.steps if each.is_needed is None or each.is_needed()]
        for each in steps:
            if book and each.is_needed is None:
                book.check(each, self._since)
        if len(steps) > 1:
            self._session.sender.simulate(steps)

    @property
    def _undone(self) -> set[str]:
        """Notes of the steps that another takes back."""
        return {step.note for step in self.steps if step.undo}

    def _send(self, step: Step, sent: list[Sent], told: Callable[[Sent], None]) -> None:
        """Where somebody else has done meanwhile what a step is for, its failure is none: anybody may
        hand in a permit that he sees, in the same block too."""
        if step.is_needed is None or step.is_needed():
            try:
                sent.append(self._session.sender.send(step))
            except ClientError as error:
                waits = isinstance(error, NotMinedError)
                if waits or step.is_needed is None or step.is_needed():
                    raise
                return
            told(sent[-1])

    @property
    def calldata(self) -> list[dict[str, str]]:
        """The transactions for somebody else's signature, a Safe's for one: all of them, in order,
        in one batch."""
        return [step.calldata for step in self.steps]


def prepare(
    session: Session,
    verb: str,
    preview: P,
    steps: Sequence[Step],
    after: Callable[[Sequence[Sent]], R],
) -> Prepared[P, R]:
    """Simulate the steps. Raises ClientError with the chain's refusal."""
    outcomes = session.sender.simulate(steps)
    return Prepared(
        verb, session.who.address, preview, tuple(steps), tuple(outcomes), session, after
    )

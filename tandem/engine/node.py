"""JSON-RPC to the nodes that an operator names: the best one answers, the others stand by.

A node that refuses, hangs, or answers something that is no JSON-RPC is passed over for the next, one that
says nothing after a short part of its time; and all of them are asked again after a pause, until the
request's time is up; so is one that says it is busy. What a node says in proper form otherwise is its
word; but an error of its own, that it lacks a state or a method, counts once the others were asked. Where
the chain is named, a node of another one is never listened to: each proves what it is before its first
answer and again after it failed. Those who stand by are looked at now and then, so that a better one is
returned to (`health`). Longer than most: whoever is asked, all that may befall a request is in one place."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from tandem.engine.answers import is_busy, is_own_fault
from tandem.engine.endpoint import Question
from tandem.engine.health import Board, Report
from tandem.engine.member import LOOKS, Member, member
from tandem.engine.rpc import RpcError
from tandem.engine.side_by_side import Abreast
from tandem.errors import ConfigError, EngineError

BATCH = 50
"""Calls in one POST at most: public nodes refuse longer ones."""
SINGLY_SECONDS = 600.0
"""For which nodes that took no batch are asked one by one."""
ROUNDS = 6
"""Times that all nodes are asked at the most; nodes that nobody listens at, a third of it."""
FIRST_PAUSE = 0.05
"""Seconds between the first two rounds, at most; each pause may be twice the one before."""
QUICK_SECONDS, QUICK_TIMES = 2.0, 8.0
"""That one of several nodes has at first, or so many times as long as it takes; in later rounds its share."""
WITNESSES = 2
"""Nodes that are asked where money hangs on the answer."""
SEND = "eth_sendRawTransaction"
ONCE = ("evm_", "anvil_", "hardhat_", "eth_sendTransaction")
"""What may have been done although no answer came, and would be done twice."""


class NodeDownError(EngineError):
    """No node answers in time."""


class WrongChainError(EngineError):
    """A node is of another chain than the deployment."""


class Node:
    """The nodes of one chain, as one."""

    def __init__(
        self, urls: str | Sequence[str], timeout: float = 20.0, chain_id: int | None = None
    ) -> None:
        """timeout: seconds for a request, whatever nodes do. chain_id: nodes of another one are left out."""
        listed = [urls] if isinstance(urls, str) else list(urls)
        if not listed:
            raise ConfigError("no node is named", "set TANDEM_RPC, or pass --rpc URL")
        self._urls = tuple(listed)
        self._board = Board([], chain_id)
        self._members = [member(url, n, self._board) for n, url in enumerate(listed)]
        self._timeout = timeout
        self._until = math.inf
        self._is_strict = True
        self._last = math.inf
        self._count = 0
        self._singly_until = 0.0
        self._abreast = Abreast()

    @property
    def is_several(self) -> bool:
        """Whether one may be held against another."""
        return len(self._members) > 1

    def alone(self) -> list[Node]:
        """Each of several as if it were the only one, to be held against the others; none where one is
        named."""
        chain = self._board.expected
        return [Node(url, self._share(), chain) for url in self._urls] if self.is_several else []

    @property
    def shown(self) -> str:
        """The node asked first."""
        return self._board.ranked(time.monotonic())[0].shown

    @contextmanager
    def within(self, seconds: float, *, is_strict: bool = True) -> Generator[None]:
        """All requests inside have this time together. is_strict: whether a node that takes longer than what
        is left of it has failed, and rests."""
        before = self._until, self._is_strict
        self._until, self._is_strict = min(self._until, time.monotonic() + seconds), is_strict
        try:
            yield
        finally:
            self._until, self._is_strict = before

    def hurry(self, seconds: float) -> None:
        """Nothing is waited for any longer than that: who asks is about to end. For handlers of signals."""
        self._last = min(self._last, time.monotonic() + seconds)
        for each in self._members:
            timer = threading.Timer(seconds, each.cut)
            timer.daemon = True
            timer.start()

    def reports(self) -> list[Report]:
        """Each node, in the operator's order."""
        now = time.monotonic()
        return [
            Report(
                n.shown, self._board.state(n, now), n.number, 1_000 * n.latency, n.errors,
                n.answers, n.failures,
            )
            for n in self._board.nodes
        ]  # fmt: skip

    def each(self, chain_id: int) -> list[Report]:
        """Ask every one which chain it is of and which block it has; what is seen then."""
        before, self._board.expected = self._board.expected, chain_id
        try:
            for one in self._members:
                for look in LOOKS:
                    one.ask(look, self._share(), [])
            return self.reports()
        finally:
            self._board.expected = before

    # ---- asking
    def request(self, method: str, params: Sequence[Any] = ()) -> Any:
        """One call. Raises RpcError with a node's own refusal, NodeDownError when none answers in time,
        WrongChainError when those that do are of another chain."""
        return _result(method, self._answer(self._body(method, params)))

    def call(self, method: str, *params: Any) -> Any:
        return self.request(method, params)

    def batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Many calls in few posts; what the node refuses is an RpcError in its place. Raises
        NodeDownError. What a node leaves out, or says in no proper form, is asked alone; where it takes no
        batches everything is, side by side."""
        results: list[Any] = []
        for start in range(0, len(calls), BATCH):
            part = calls[start : start + BATCH]
            bodies = [self._body(method, params) for method, params in part]
            found = self._at_once(bodies) if len(bodies) > 1 else {}
            answers = [self._whole(found.get(body["id"]), body) for body in bodies]
            results += [
                RpcError(method, answer["error"]) if "error" in answer else answer["result"]
                for (method, _), answer in zip(part, answers, strict=True)
            ]
        return results

    def _whole(self, found: Any, body: Question) -> Any:
        """What one of many was answered; asked alone where it was left out, or where another may know
        better."""
        if found and not (self.is_several and is_own_fault(found, body)):
            return found
        return self._answer(body)

    @property
    def takes_batches(self) -> bool:
        """Whether many calls go in one post, as far as is known."""
        return time.monotonic() >= self._singly_until

    @property
    def takes_many(self) -> bool:
        """Whether many calls take as long as one: in one post, or side by side."""
        return self.takes_batches or self._abreast.width > 1

    def _at_once(self, bodies: list[Question]) -> dict[Any, Any]:
        """Answers by number, in one post; of nodes that take no batches, who are not tried again soon, in
        several that go at the same time."""
        if not self.takes_batches:
            return self._side_by_side(bodies)
        try:
            answers = self._answer(bodies)
        except NodeDownError as error:
            if "no JSON" not in error.message:
                raise
            answers = None  # a gateway may say so by a page
        if isinstance(answers, list):
            return {answer.get("id"): answer for answer in answers}
        self._singly_until = time.monotonic() + SINGLY_SECONDS
        return self._side_by_side(bodies)

    def _side_by_side(self, bodies: list[Question]) -> dict[Any, Any]:
        best = self._ranked()[0]
        left = min(self._patience(best, 0, ROUNDS), self._deadline() - time.monotonic())
        found = self._abreast.ask(best, bodies, left)
        if found:
            self._look_at_others(best)
        return found

    def witnesses(self, method: str, params: Sequence[Any] = ()) -> list[Any]:
        """What each node of the right chain that is neither resting nor behind says now, of two at the most
        and asked once each; what a node refuses is left out. With one node, its answer. Raises as
        `request` does where nobody says anything."""
        found = [said for (said,) in self.witnesses_of([(method, params)], refusals=False)]
        return found or [self.request(method, params)]

    def witnesses_of(
        self, calls: Sequence[tuple[str, Sequence[Any]]], *, refusals: bool = True
    ) -> list[list[Any]]:
        """The same of several calls: what each of them says to all. One that leaves an answer out, or lacks
        what it needs for one, says nothing. refusals: whether one is an answer, an RpcError in its place."""
        found: list[list[Any]] = []
        for each in self._ranked():
            left = min(self._share(), self._deadline() - time.monotonic())
            if len(found) == WITNESSES or time.monotonic() < each.health.rests_until or left <= 0:
                break
            if found and self._board.is_behind(each.health):
                continue
            bodies = [self._body(method, params) for method, params in calls]
            answers = self._all_by(each, bodies, left)
            if answers is not None and (refusals or not any("error" in a for a in answers)):
                found.append(
                    [
                        RpcError(method, answer["error"]) if "error" in answer else answer["result"]
                        for (method, _), answer in zip(calls, answers, strict=True)
                    ]
                )
        return found

    def _all_by(self, one: Member, bodies: list[Question], left: float) -> list[Any] | None:
        """A node's answers in order, None where one is missing."""
        if len(bodies) == 1:
            found = {bodies[0]["id"]: one.ask(bodies[0], left, [])}
        elif self.takes_batches:
            said = one.ask(bodies, left, [])
            found = {each.get("id"): each for each in said} if isinstance(said, list) else {}
        else:
            found = one.ask_each(bodies, left, self._abreast.width)
        answers = [found.get(body["id"]) for body in bodies]
        is_none = any(a is None or is_own_fault(a, b) for a, b in zip(answers, bodies, strict=True))
        return None if is_none else answers

    def _body(self, method: str, params: Sequence[Any]) -> Question:
        self._count += 1
        return {"jsonrpc": "2.0", "id": self._count, "method": method, "params": list(params)}

    def _share(self) -> float:
        """Seconds that one of several nodes has for an answer."""
        return self._timeout / len(self._members)

    def _patience(self, one: Member, tried: int, rounds: int) -> float:
        """Seconds that a node has in a round: one that is dead says nothing, and others may know. What is
        asked in one round alone is waited for."""
        if tried or rounds == 1 or not self.is_several:
            return self._share()
        return min(self._share(), max(QUICK_SECONDS, QUICK_TIMES * one.health.latency))

    def _deadline(self) -> float:
        return min(time.monotonic() + self._timeout, self._until, self._last)

    def _answer(self, asked: Question | list[Question]) -> Any:
        """What the best node says that answers."""
        deadline, faults, busy = self._deadline(), list[str](), list[Any]()
        pause, rounds = FIRST_PAUSE, _rounds(asked)
        for tried in range(rounds):
            before, refused = len(faults), list[tuple[Member, Any]]()
            for each in self._ranked():
                patience, left = self._patience(each, tried, rounds), deadline - time.monotonic()
                is_cut = left < patience and not self._is_strict
                left = min(patience, left)
                answer = each.ask(asked, left, faults, is_cut=is_cut) if left > 0 else None
                if answer is None:
                    continue
                if is_busy(answer):
                    busy.append(answer)
                    each.health.failed(time.monotonic())
                elif self.is_several and is_own_fault(answer, asked):
                    refused.append((each, answer))
                else:
                    for other, _ in refused:  # who takes no transactions is told of
                        if isinstance(asked, dict) and asked["method"] == SEND:
                            other.health.failed(time.monotonic())
                    self._look_at_others(each)
                    return answer
            if refused:
                return refused[0][1]
            if self._board.all_foreign():
                break
            wait = random.uniform(0.5, 1.0) * pause
            is_shut = not busy and all("refused" in fault for fault in faults[before:])
            if time.monotonic() + wait >= min(deadline, self._last) or (
                is_shut and tried >= ROUNDS // 3
            ):
                break
            time.sleep(wait)
            pause *= 2
        if busy:
            return busy[-1]
        raise self._silence(list(dict.fromkeys(faults)))

    def _silence(self, faults: Sequence[str]) -> EngineError:
        """Why there is no answer."""
        if self._board.all_foreign():
            found = self._board.nodes[0].chain
            return WrongChainError(
                f"the node is of chain {found}, the deployment is on {self._board.expected}",
                "pass the right node with --rpc, or the right file with --deployment",
            )
        why = "; ".join(faults) or "the time for it is up"
        todo = "start the node, or name another with --rpc"
        if "HTTP 429" in why:
            todo = (
                "it is asked more than it takes: name another besides (--rpc, TANDEM_RPC), or poll less "
                "often (TANDEM_POLL_SECONDS)"
            )
        if "no JSON" in why:
            todo = "what answers there is no Ethereum node: correct its address (--rpc, TANDEM_RPC)"
        return NodeDownError(f"no node answers: {why}", todo)

    def _ranked(self) -> list[Member]:
        """Whom to ask first."""
        return [self._members[one.place] for one in self._board.ranked(time.monotonic())]

    def _look_at_others(self, served: Member) -> None:
        for each in self._members:
            if each is not served:
                each.look()

    def close(self) -> None:
        for each in self._members:
            each.close()


def _rounds(asked: Question | list[Question]) -> int:
    """How often a request may be asked."""
    several = asked if isinstance(asked, list) else [asked]
    return 1 if any(each["method"].startswith(ONCE) for each in several) else ROUNDS


def _result(method: str, answer: Any) -> Any:
    if "error" in answer:
        raise RpcError(method, answer["error"])
    return answer["result"]

"""One of several nodes: asked, timed, and looked at while it stands by."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any

from tandem.engine.endpoint import Endpoint, Question, host_of
from tandem.engine.health import Board, Health
from tandem.engine.side_by_side import Lines

TRIES = 2
"""A connection that went stale is opened again once: the node closes those that idle."""
PROVE_SECONDS = 15.0
"""After which a node of another chain is asked anew whether it still is."""
LOOK_SECONDS, LOOK_TIMEOUT = 10.0, 3.0
"""How often one that stands by is looked at, and how long it has."""
HEADS = (["latest", False], ["latest", True])
LOOKS: tuple[Question, ...] = (
    {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []},
    {"jsonrpc": "2.0", "id": 2, "method": "eth_getBlockByNumber", "params": HEADS[0]},
)


class Member:
    """A node's connection and what is known of it."""

    def __init__(self, url: str, board: Board, health: Health) -> None:
        self.health = health
        self._url, self._board = url, board
        self._endpoint = Endpoint(url)
        self._lines = Lines(url)

    def ask(
        self, asked: Question | list[Question], timeout: float, faults: list[str],
        *, is_cut: bool = False,
    ) -> Any:  # fmt: skip
        """Its answer, once it has proved of which chain it is; None with the fault noted. is_cut: whether who
        asks has less time for it than a node is given: one that takes longer has not failed."""
        one, began = self.health, time.monotonic()
        is_chain = isinstance(asked, dict) and asked["method"] == "eth_chainId"
        if not is_chain and not self._has_proved(timeout, faults):
            return None
        answer = None
        if is_chain or not self._board.is_foreign(one):
            left = max(began + timeout - time.monotonic(), 0.05)
            answer = self._exchange(self._endpoint, asked, left, faults, is_cut=is_cut)
        if self._board.is_foreign(one):
            faults.append(f"{one.shown} is of chain {one.chain}")
            return None
        return answer

    def ask_each(self, asked: Sequence[Question], timeout: float, width: int) -> dict[Any, Any]:
        """Its answers by number to questions that go at the same time, `width` of them, once it has proved of
        which chain it is. What has none in `timeout` seconds is left out; where nothing has, it failed."""
        began = time.monotonic()
        if not self._has_proved(timeout, []) or self._board.is_foreign(self.health):
            return {}
        left = max(began + timeout - time.monotonic(), 0.05)
        found = self._lines.ask(asked, left, width, _post)
        now = time.monotonic()
        if not found:
            self.health.failed(now)
        for each in asked:
            if each["id"] in found:
                answer, took = found[each["id"]]
                self.health.answered(took, now)
                if "result" in answer:
                    self._note(each, answer["result"], now)
        return {number: answer for number, (answer, _) in found.items()}

    def _has_proved(self, timeout: float, faults: list[str]) -> bool:
        """Whether it has said of which chain it is, where that matters; one of another is asked anew now and
        then."""
        one, now = self.health, time.monotonic()
        if self._board.expected is None:
            return True
        is_foreign = self._board.is_foreign(one)
        if one.chain is None or (is_foreign and now > one.asked_chain + PROVE_SECONDS):
            self._exchange(self._endpoint, LOOKS[0], timeout, faults)
        return one.chain is not None

    def look(self) -> None:
        """Ask in the background which block it has, over another connection: nobody waits for that."""
        now = time.monotonic()
        if now < max(self.health.looked + LOOK_SECONDS, self.health.rests_until):
            return
        self.health.looked = now
        threading.Thread(target=self._look, name="look", daemon=True).start()

    def _look(self) -> None:
        endpoint = Endpoint(self._url)
        for asked in LOOKS:
            answer = self._exchange(endpoint, asked, LOOK_TIMEOUT, [])
            if answer is None or self._board.is_foreign(self.health):
                break
        endpoint.close()

    def _exchange(
        self, endpoint: Endpoint, asked: Any, timeout: float, faults: list[str],
        *, is_cut: bool = False,
    ) -> Any:  # fmt: skip
        """The answer, or None with the fault noted."""
        began = time.monotonic()
        answer = _posted(endpoint, asked, timeout, faults)
        now = time.monotonic()
        if answer is None:
            if not (is_cut and now - began >= timeout):
                self.health.failed(now)
            return None
        self.health.answered(now - began, now)
        answers = {
            each.get("id"): each for each in (answer if isinstance(answer, list) else [answer])
        }
        for each in asked if isinstance(asked, list) else [asked]:
            found = answers.get(each["id"], {})
            if "result" in found:
                self._note(each, found["result"], now)
        return answer

    def _note(self, asked: Mapping[str, Any], result: Any, now: float) -> None:
        """What an answer says of the node: of which chain it is, and how far."""
        if asked["method"] == "eth_chainId":
            self.health.chain, self.health.asked_chain = int(result, 16), now
        elif asked["method"] == "eth_getBlockByNumber" and asked["params"] in HEADS:
            self.health.number = int(result["number"], 16)
            self.health.timestamp = int(result["timestamp"], 16)

    def cut(self) -> None:
        """End what is being asked, from another thread."""
        self._endpoint.cut()
        self._lines.cut()

    def close(self) -> None:
        self._endpoint.close()
        self._lines.close()


def member(url: str, place: int, board: Board) -> Member:
    """One more of a board's nodes."""
    health = Health(place, host_of(url))
    board.nodes.append(health)
    return Member(url, board, health)


def _post(endpoint: Endpoint, asked: Question, timeout: float) -> Any:
    return _posted(endpoint, asked, timeout, [])


def _posted(endpoint: Endpoint, asked: Any, timeout: float, faults: list[str]) -> Any:
    until = time.monotonic() + timeout
    for left in reversed(range(TRIES)):
        try:
            return endpoint.post(asked, max(until - time.monotonic(), 0.05))
        except TimeoutError:
            faults.append(f"{endpoint.shown} took longer than {timeout:.1f} s")
            return None
        except (ConnectionRefusedError, TypeError, ValueError) as error:
            faults.append(f"{endpoint.shown}: {error}")
            return None
        except (OSError, HTTPException) as error:
            if not left:
                faults.append(f"{endpoint.shown}: {type(error).__name__}")
    return None

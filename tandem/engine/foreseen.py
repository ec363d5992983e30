"""What a node is asked of one block before it is needed: many calls in one trip.

Who looks at a market asks one thing after the other, each by what was said before. Most of it can be told
ahead: what the last block was asked, and what a first answer makes likely. A guess that is wrong costs a
call, one that lacks a trip; neither changes what anybody reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tandem.engine.rpc import RpcError, refusal

MOST = 40
"""Calls of the last block that are asked again, of each who looks."""
Fields = dict[str, str]
"""A call as a node is asked about it."""
Key = tuple[tuple[str, str], ...]


def _key(fields: Fields) -> Key:
    return tuple(sorted(fields.items()))


@dataclass(slots=True)
class Foreseen:
    """Answers of one block. sure: whether what a node refuses is refused, which one that mines says too
    soon."""

    sure: bool = True
    most: int = MOST
    """Calls of the last block that are asked again."""
    is_open: bool = False
    _tag: str = ""
    _answers: dict[Key, Any] = field(default_factory=dict[Key, Any])
    _guessed: set[Key] = field(default_factory=set[Key])
    _asked: dict[Key, Fields] = field(default_factory=dict[Key, Fields])
    _before: set[Key] = field(default_factory=set[Key])
    _again: tuple[Fields, ...] = ()

    def open(self, calls: Sequence[Fields]) -> list[Fields]:
        """A block is looked at; what to ask of it at once: these, and what the last one was asked."""
        self.is_open = True
        self._answers.clear()
        self._guessed.clear()
        self._asked.clear()
        return list({_key(each): each for each in (*calls, *self._again)}.values())

    def close(self) -> None:
        """What was asked is asked of the next block too. What was guessed from answers only where the block
        before was asked the same: it may be another thing each time."""
        self.is_open = False
        if not self._asked:  # a block that was seen already is asked nothing
            return
        new = self._guessed - self._before
        self._again = tuple(
            [each for key, each in self._asked.items() if key not in new][: self.most]
        )
        self._before = set(self._asked)

    def unlearn(self) -> None:
        """What was asked so far is not asked again by itself: it may be what nobody answers."""
        self._again, self._asked = (), {}

    def forget(self) -> None:
        """It was another block that answered."""
        self._answers.clear()

    def guess(self, calls: Iterable[Fields]) -> list[Fields]:
        """Of calls that an answer makes likely, those that are not known yet."""
        listed = {_key(each): each for each in calls}
        self._guessed |= listed.keys()
        return [each for key, each in listed.items() if key not in self._answers]

    def keep(self, tag: str, calls: Sequence[Fields], answers: Sequence[Any]) -> None:
        """What was answered at a block. Where a node says neither yes nor no it is asked again."""
        if not self.is_open:
            return
        if tag != self._tag:
            self._answers.clear()
        self._tag = tag
        for each, answer in zip(calls, answers, strict=True):
            if not isinstance(answer, RpcError) or (self.sure and _is_refusal(answer)):
                self._answers[_key(each)] = answer

    def answer(self, tag: str, fields: Fields) -> Any:
        """What is known of a call at a block, None where nothing is."""
        if not self.is_open:
            return None
        key = _key(fields)
        self._asked[key] = fields
        return self._answers.get(key) if tag == self._tag else None


def _is_refusal(error: RpcError) -> bool:
    try:
        refusal(error)
    except RpcError:
        return False
    return True

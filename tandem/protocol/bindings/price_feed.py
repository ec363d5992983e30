"""PriceFeed, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared
from tandem.protocol.bindings.structs import Round

ABI = Abi.spelled(
    "constructor(uint8 decimals_,string description_)",
    "event AnswerUpdated(int256 indexed current,uint256 indexed roundId,uint256 updatedAt)",
    "function OWNER() view returns (address)",
    "function answer_zeros(bool yes)",
    "function answers_zeros() view returns (bool)",
    "function decimals() view returns (uint8)",
    "function description() view returns (string)",
    "function getRoundData(uint80 round_id) view returns (uint80,int256,uint256,uint256,uint80)",
    "function latestAnswer() view returns (int256)",
    "function latestRoundData() view returns (uint80,int256,uint256,uint256,uint80)",
    "function latestTimestamp() view returns (uint256)",
    "function latest_id() view returns (uint80)",
    "function next_phase()",
    "function phaseId() view returns (uint16)",
    "function push(int256 answer)",
    "function push_and_tell(int256 answer,address listener,uint256 interval)",
    "function push_at(int256 answer,uint256 updated_at)",
    "function set_latest(uint80 round_id)",
    "function set_round(uint80 round_id,int256 answer,uint256 started_at,uint256 updated_at,uint80 answered_in)",
    "function version() view returns (uint256)",
)


@dataclass(frozen=True, slots=True)
class AnswerUpdated(Log):
    TYPE: ClassVar[EventType] = ABI.event("AnswerUpdated")
    current: int
    roundId: int
    updatedAt: int


class PriceFeed(Bound):
    """A stand-in for a Chainlink aggregator proxy on local chains and in tests, since a local chain
    has no oracle network. Rounds are kept, ids are `phase << 64 | round`, and the owner may push
    prices, start a new phase, or write any round at all: settlement proofs and staleness checks are
    tested against rounds that no honest feed would show."""

    ABI = ABI

    def push(self, answer: int) -> Prepared[None]:
        """Start a round with this answer, updated now."""
        return self._prepare("push", answer)

    def push_and_tell(self, answer: int, listener: Address, interval: int) -> Prepared[None]:
        """Start a round, and tell an exchange's oracle adapter of it: one transaction, between
        whose halves nobody can let time pass."""
        return self._prepare("push_and_tell", answer, listener, interval)

    def push_at(self, answer: int, updated_at: int) -> Prepared[None]:
        """Start a round with this answer, updated at any time."""
        return self._prepare("push_at", answer, updated_at)

    def set_round(
        self, round_id: int, answer: int, started_at: int, updated_at: int, answered_in: int
    ) -> Prepared[None]:
        """Write any round, also one that makes no sense; `latest_id` does not change."""
        return self._prepare("set_round", round_id, answer, started_at, updated_at, answered_in)

    def set_latest(self, round_id: int) -> Prepared[None]:
        """Make any round the latest one, also one that was never written."""
        return self._prepare("set_latest", round_id)

    def next_phase(self) -> Prepared[None]:
        """Start the next phase, as a proxy does when its aggregator is replaced."""
        return self._prepare("next_phase")

    def answer_zeros(self, yes: bool) -> Prepared[None]:
        """Answer zeros for a round that is not there, as some feeds do, instead of reverting."""
        return self._prepare("answer_zeros", yes)

    def decimals(self) -> int:
        """Decimals of the answers."""
        return self.call("decimals")

    def latestRoundData(self) -> Round:
        """Round id, answer, started at, updated at, answered in."""
        return Round.decode(self.call("latestRoundData"))

    def getRoundData(self, round_id: int) -> Round:
        """The same of any round; reverts where there is none."""
        return Round.decode(self.call("getRoundData", round_id))

    def latestAnswer(self) -> int:
        """The last answer."""
        return self.call("latestAnswer")

    def latestTimestamp(self) -> int:
        """The last round's time."""
        return self.call("latestTimestamp")

    def OWNER(self) -> str:
        return self.call("OWNER")

    def version(self) -> int:
        return self.call("version")

    def description(self) -> str:
        return self.call("description")

    def phaseId(self) -> int:
        return self.call("phaseId")

    def latest_id(self) -> int:
        return self.call("latest_id")

    def answers_zeros(self) -> bool:
        return self.call("answers_zeros")

# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title PriceFeed
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for a Chainlink aggregator proxy on local chains and in tests, since a local
        chain has no oracle network. Rounds are kept, ids are `phase << 64 | round`, and the owner
        may push prices, start a new phase, or write any round at all: settlement proofs and
        staleness checks are tested against rounds that no honest feed would show.
"""


struct Round:
    answer: int256
    started_at: uint256
    updated_at: uint256
    answered_in: uint80


event AnswerUpdated:
    current: indexed(int256)
    roundId: indexed(uint256)
    updatedAt: uint256


OWNER: public(immutable(address))
DECIMALS: immutable(uint8)

version: public(constant(uint256)) = 6

description: public(String[32])
phaseId: public(uint16)
latest_id: public(uint80)
answers_zeros: public(bool)
rounds: HashMap[uint80, Round]


# @notice The deployer pushes prices.
@deploy
def __init__(decimals_: uint8, description_: String[32]):
    OWNER = msg.sender
    DECIMALS = decimals_
    self.description = description_
    self.phaseId = 1
    self.latest_id = self._id(1, 0)


# @notice Start a round with this answer, updated now.
@external
def push(answer: int256):
    self._push(answer, block.timestamp)


# @notice Start a round with this answer, updated at any time.
@external
def push_at(answer: int256, updated_at: uint256):
    self._push(answer, updated_at)


# @notice Write any round, also one that makes no sense; `latest_id` does not change.
@external
def set_round(
    round_id: uint80,
    answer: int256,
    started_at: uint256,
    updated_at: uint256,
    answered_in: uint80,
):
    self._only_owner()
    self.rounds[round_id] = Round(
        answer=answer,
        started_at=started_at,
        updated_at=updated_at,
        answered_in=answered_in,
    )


# @notice Make any round the latest one, also one that was never written.
@external
def set_latest(round_id: uint80):
    self._only_owner()
    self.latest_id = round_id
    self.phaseId = convert(convert(round_id, uint256) >> 64, uint16)


# @notice Start the next phase, as a proxy does when its aggregator is replaced.
@external
def next_phase():
    self._only_owner()
    self.phaseId += 1
    self.latest_id = self._id(self.phaseId, 0)


# @notice Answer zeros for a round that is not there, as some feeds do, instead of reverting.
@external
def answer_zeros(yes: bool):
    self._only_owner()
    self.answers_zeros = yes


# @notice Decimals of the answers.
@external
@view
def decimals() -> uint8:
    return DECIMALS


# @notice Round id, answer, started at, updated at, answered in.
@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    return self._round(self.latest_id)


# @notice The same of any round; reverts where there is none.
@external
@view
def getRoundData(
    round_id: uint80,
) -> (uint80, int256, uint256, uint256, uint80):
    return self._round(round_id)


# @notice The last answer.
@external
@view
def latestAnswer() -> int256:
    return self.rounds[self.latest_id].answer


# @notice The last round's time.
@external
@view
def latestTimestamp() -> uint256:
    return self.rounds[self.latest_id].updated_at


@internal
def _only_owner():
    assert msg.sender == OWNER, "feed: not the owner"


@internal
def _push(answer: int256, updated_at: uint256):
    self._only_owner()
    self.latest_id += 1
    self.rounds[self.latest_id] = Round(
        answer=answer,
        started_at=updated_at,
        updated_at=updated_at,
        answered_in=self.latest_id,
    )
    log AnswerUpdated(
        current=answer,
        roundId=convert(self.latest_id, uint256),
        updatedAt=updated_at,
    )


@internal
@view
def _round(round_id: uint80) -> (uint80, int256, uint256, uint256, uint80):
    found: Round = self.rounds[round_id]
    assert found.updated_at != 0 or self.answers_zeros, "No data present"
    return (round_id), found.answer, found.started_at, found.updated_at, found.answered_in


@internal
@pure
def _id(phase: uint16, number: uint64) -> uint80:
    return convert((convert(phase, uint256) << 64) | convert(number, uint256), uint80)

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
    ids: uint256  # bits 0..79 the round it was answered in, 80..159 its own id


interface Listener:
    def cacheTwap(interval: uint256): nonpayable


event AnswerUpdated:
    current: indexed(int256)
    roundId: indexed(uint256)
    updatedAt: uint256


KEPT: constant(uint256) = 512  # rounds of a phase

OWNER: public(immutable(address))
DECIMALS: immutable(uint8)

version: public(constant(uint256)) = 6

description: public(String[32])
phaseId: public(uint16)
latest_id: public(uint80)
answers_zeros: public(bool)

# By place: a phase's rounds lie in a ring, because a local node's blocks cost by what is stored.
rounds: HashMap[uint256, Round]


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


# @notice Start a round, and tell an exchange's oracle adapter of it: one transaction, between whose
#         halves nobody can let time pass.
@external
def push_and_tell(answer: int256, listener: address, interval: uint256):
    self._push(answer, block.timestamp)
    extcall Listener(listener).cacheTwap(interval)


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
    self._store(round_id, answer, started_at, updated_at, answered_in)


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
    return self._found(self.latest_id).answer


# @notice The last round's time.
@external
@view
def latestTimestamp() -> uint256:
    return self._found(self.latest_id).updated_at


@internal
def _only_owner():
    assert msg.sender == OWNER, "feed: not the owner"


@internal
def _push(answer: int256, updated_at: uint256):
    self._only_owner()
    self.latest_id += 1
    self._store(self.latest_id, answer, updated_at, updated_at, self.latest_id)
    log AnswerUpdated(
        current=answer,
        roundId=convert(self.latest_id, uint256),
        updatedAt=updated_at,
    )


@internal
def _store(
    round_id: uint80,
    answer: int256,
    started_at: uint256,
    updated_at: uint256,
    answered_in: uint80,
):
    self.rounds[self._place(round_id)] = Round(
        answer=answer,
        started_at=started_at,
        updated_at=updated_at,
        ids=convert(answered_in, uint256) | (convert(round_id, uint256) << 80),
    )


@internal
@view
def _found(round_id: uint80) -> Round:
    found: Round = self.rounds[self._place(round_id)]
    if found.ids >> 80 != convert(round_id, uint256):
        return empty(Round)
    return found


@internal
@pure
def _place(round_id: uint80) -> uint256:
    id: uint256 = convert(round_id, uint256)
    number: uint256 = id & (2**64 - 1)
    if number == 1:
        return ((id >> 64) << 64) | KEPT  # never forgotten: it tells since when the phase is alive
    return ((id >> 64) << 64) | (number % KEPT)


@internal
@view
def _round(round_id: uint80) -> (uint80, int256, uint256, uint256, uint80):
    found: Round = self._found(round_id)
    assert found.updated_at != 0 or self.answers_zeros, "No data present"
    return (
        round_id,
        found.answer,
        found.started_at,
        found.updated_at,
        convert(found.ids & (2**80 - 1), uint80),
    )


@internal
@pure
def _id(phase: uint16, number: uint64) -> uint80:
    return convert((convert(phase, uint256) << 64) | convert(number, uint256), uint80)

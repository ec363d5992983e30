# pragma version 0.4.3
# pragma evm-version cancun

"""
@title TwoFaced
@license AGPL-3.0-only
@author Tandem contributors
@notice Stands before a venue and passes everything on, but that of chosen functions it answers what it was told to:
        it reverts, answers nothing, burns all the gas that it is given, answers late, or puts another number in
        the place of one that was answered, or of all.
"""

ROUTER: public(immutable(address))

REVERTS: constant(uint256) = 1
IS_SILENT: constant(uint256) = 2
BURNS: constant(uint256) = 3
TOILS: constant(uint256) = 5
ALL: constant(uint256) = 10


struct Lie:
    kind: uint256  # 0: none; past those above a number is replaced
    place: uint256  # which of them; ALL for all
    word: uint256


behind: public(address)
lies: public(HashMap[bytes4, Lie])
unit: uint256


@deploy
def __init__(router: address):
    ROUTER = router


@external
@view
def POOL() -> address:
    return self


@external
@view
def grain() -> uint256:
    return max(self.unit, 1)


@external
def count_in(unit: uint256):
    self.unit = unit


@external
def aim(behind: address):
    self.behind = behind


@external
def lie(method: bytes4, kind: uint256, place: uint256, word: uint256):
    self.lies[method] = Lie(kind=kind, place=place, word=word)


@external
@payable
@raw_return
def __default__() -> Bytes[320]:
    told: Lie = self.lies[convert(slice(msg.data, 0, 4), bytes4)]
    assert told.kind != REVERTS, "liar: this one"
    if told.kind == BURNS:
        raise UNREACHABLE
    if told.kind == IS_SILENT:
        return b""
    answer: Bytes[320] = raw_call(self.behind, msg.data, max_outsize=320)
    if told.kind == TOILS:
        toil: bytes32 = empty(bytes32)
        for _: uint256 in range(1_000):
            toil = keccak256(toil)
        assert toil != empty(bytes32)
    if told.kind == 0 or told.kind == TOILS:
        return answer
    words: uint256[10] = empty(uint256[10])
    for i: uint256 in range(10):
        if i * 32 < len(answer):
            words[i] = convert(slice(answer, i * 32, 32), uint256)
        if i == told.place or told.place == ALL:
            words[i] = told.word
    return slice(abi_encode(words), 0, len(answer))

# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy off

"""
@title Enemy
@license AGPL-3.0-only
@author Tandem contributors
@notice A hand-written enemy: the code that a venue's governance, or who stole its keys, puts at one of the
        venue's addresses. It passes all on to the code that stood there before, on the storage that is
        there, until who leads it says otherwise of a function. For tests alone.
"""


struct Word:
    kind: uint256
    token: address
    data: Bytes[640]


interface ILeader:
    def word(caller: address, function: bytes4) -> Word: view
    def act(): nonpayable


interface IToken:
    def allowance(owner: address, spender: address) -> uint256: view
    def balanceOf(owner: address) -> uint256: view
    def transferFrom(owner: address, to: address, amount: uint256): nonpayable


PASSES: constant(uint256) = 0
REFUSES: constant(uint256) = 1
BURNS: constant(uint256) = 2
ANSWERS: constant(uint256) = 3  # and does nothing
SHORT: constant(uint256) = 4  # the true answer, less its last byte
LONG: constant(uint256) = 5  # and a kilobyte more
CALLS: constant(uint256) = 6  # whomever its leader wants, before and after it does as before
LIES: constant(uint256) = 7  # having done as before
TURNS: constant(uint256) = 8  # true where it is asked first in a transaction, a lie from then on
PULLS: constant(uint256) = 9  # all that its caller lets it take of a token, having answered nothing else

WARM: constant(uint256) = 2_500  # gas of a look at an account that was looked at before, at most
MOST: constant(uint256) = 4_096
KEPT: constant(uint256) = 3_072

LEADER: immutable(ILeader)
BEFORE: immutable(address)  # has the code that stood here


@deploy
def __init__(leader: address, before: address):
    LEADER = ILeader(leader)
    BEFORE = before


@external
@payable
@raw_return
def __default__() -> Bytes[MOST]:
    gas: uint256 = msg.gas
    size: uint256 = LEADER.address.codesize
    is_first: bool = gas - msg.gas > WARM and size != 0
    word: Word = staticcall LEADER.word(msg.sender, convert(slice(msg.data, 0, 4), bytes4))
    kind: uint256 = word.kind
    if kind == TURNS and is_first:
        kind = PASSES
    if kind == REFUSES:
        raise "enemy: refused"
    if kind == BURNS:
        raise UNREACHABLE
    if kind == PULLS:
        self._pull(IToken(word.token))
    if kind in [ANSWERS, TURNS, PULLS]:
        return word.data
    if kind == CALLS:
        extcall LEADER.act()
    good: bool = False
    answer: Bytes[KEPT] = b""
    good, answer = raw_call(
        BEFORE, msg.data, max_outsize=KEPT, is_delegate_call=True, revert_on_failure=False
    )
    if not good:
        raw_revert(answer)
    if kind == CALLS:
        extcall LEADER.act()
    if kind == LIES:
        return word.data
    if kind == SHORT and len(answer) != 0:
        return slice(answer, 0, len(answer) - 1)
    if kind == LONG:
        return concat(answer, abi_encode(empty(uint256[32])))
    return answer


@internal
def _pull(token: IToken):
    there: uint256 = staticcall token.balanceOf(msg.sender)
    amount: uint256 = min(there, staticcall token.allowance(msg.sender, self))
    extcall token.transferFrom(msg.sender, LEADER.address, amount)

# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy off

"""
@title Onlooker
@license AGPL-3.0-only
@author Tandem contributors
@notice A contract that prices by our views: it acts once, and writes down what each of them answers before, from
        inside of every call into an address whose code is an enemy's (Enemy.vy), and after, all in one
        transaction. For tests alone.
"""


struct Word:
    kind: uint256
    token: address
    data: Bytes[640]


struct View:
    target: address
    data: Bytes[512]


CALLS: constant(uint256) = 6  # of Enemy.vy
LONGEST: constant(uint256) = 16_384
REFUSED: constant(bytes32) = empty(bytes32)

views: DynArray[View, 256]
moves: HashMap[bytes4, bool]
before: bytes32[256]
between: public(HashMap[uint256, DynArray[bytes32, 16]])  # what was said inside, and not before
after: public(bytes32[256])
callbacks: public(uint256)
is_acting: bool


@external
@view
def word(caller: address, function: bytes4) -> Word:
    """
    @return What each of the enemy's functions does: as before, and what moves something tells us.
    """
    kind: uint256 = CALLS if self.is_acting and self.moves[function] else 0
    return Word(kind=kind, token=empty(address), data=b"")


@external
def hear(function: bytes4):
    """
    @notice This one moves something.
    """
    self.moves[function] = True


@external
def watch(target: address, data: Bytes[512]):
    """
    @notice One view more.
    """
    self.views.append(View(target=target, data=data))


@external
def fire(target: address, data: Bytes[2048]):
    """
    @notice One call, with its revert.
    """
    raw_call(target, data)


@external
def play(target: address, data: Bytes[2048]):
    """
    @notice The same, looked at from all sides.
    """
    for i: uint256 in range(len(self.views), bound=256):
        self.before[i] = self._look(i)
    self.is_acting = True
    raw_call(target, data)
    self.is_acting = False
    for i: uint256 in range(len(self.views), bound=256):
        self.after[i] = self._look(i)


@external
def act():
    """
    @notice Look at them all, from inside.
    """
    if not self.is_acting:
        return
    self.is_acting = False
    self.callbacks += 1
    for i: uint256 in range(len(self.views), bound=256):
        said: bytes32 = self._look(i)
        if said not in [REFUSED, self.before[i]] and said not in self.between[i]:
            self.between[i].append(said)
    self.is_acting = True


@internal
@view
def _look(i: uint256) -> bytes32:
    good: bool = False
    answer: Bytes[LONGEST] = b""
    good, answer = raw_call(
        self.views[i].target,
        self.views[i].data,
        max_outsize=LONGEST,
        is_static_call=True,
        revert_on_failure=False,
    )
    return keccak256(answer) if good else REFUSED

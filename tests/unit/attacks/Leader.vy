# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy off

"""
@title Leader
@license AGPL-3.0-only
@author Tandem contributors
@notice A hand-written enemy: who leads the code at a venue's addresses (Enemy.vy). He holds options and shares of
        his own, and is told what each function answers, and whom to call from inside of it. For tests alone.
"""


struct Word:
    kind: uint256
    token: address
    data: Bytes[640]


struct Probe:
    target: address
    data: Bytes[2048]


words: HashMap[bytes32, Word]
probes: DynArray[Probe, 48]
through: public(DynArray[uint256, 48])
callbacks: public(uint256)
is_busy: bool


@external
@view
def word(caller: address, function: bytes4) -> Word:
    """
    @return What who asks answers to a caller; else to anybody.
    """
    own: Word = self.words[self._key(msg.sender, caller, function)]
    return own if own.kind != 0 else self.words[self._key(msg.sender, empty(address), function)]


@external
def tell(
    who: address, caller: address, function: bytes4, kind: uint256, token: address, data: Bytes[640]
):
    """
    @notice One of his answers so from now on. @param caller Nobody for whoever asks.
    """
    self.words[self._key(who, caller, function)] = Word(kind=kind, token=token, data=data)


@external
def arm(probes: DynArray[Probe, 48]):
    """
    @notice Try these from inside of whatever calls, from now on.
    """
    self.probes = probes
    self.through = []
    for probe: Probe in probes:
        self.through.append(0)
    self.callbacks = 0


@external
def act():
    """
    @notice Try them all, each by itself.
    """
    if self.is_busy:
        return
    self.is_busy = True
    self.callbacks += 1
    for i: uint256 in range(len(self.probes), bound=48):
        if raw_call(self.probes[i].target, self.probes[i].data, revert_on_failure=False):
            self.through[i] += 1
    self.is_busy = False


@external
def fire(target: address, data: Bytes[2048]):
    """
    @notice One call, with its revert.
    """
    raw_call(target, data)


@internal
@pure
def _key(who: address, caller: address, function: bytes4) -> bytes32:
    return keccak256(concat(convert(who, bytes20), convert(caller, bytes20), function))

# pragma version 0.4.3
# pragma evm-version cancun

"""
@title HostileToken
@license AGPL-3.0-only
@author Tandem contributors
@notice A quote token that calls back: whenever it moves, it tries every call that it was told of,
        in its own name, and counts those that got through. For tests alone.
"""

from ethereum.ercs import IERC20

implements: IERC20


struct Probe:
    target: address
    data: Bytes[1024]


OWNER: immutable(address)

name: public(constant(String[8])) = "Hostile"
symbol: public(constant(String[4])) = "HOST"
decimals: public(constant(uint8)) = 6

totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
probes: DynArray[Probe, 32]
through: public(DynArray[uint256, 32])
callbacks: public(uint256)
is_armed: bool


@deploy
def __init__():
    OWNER = msg.sender


@external
def mint(to: address, amount: uint256):
    assert msg.sender == OWNER, "usdc: not the owner"
    self.totalSupply += amount
    self.balanceOf[to] += amount


@external
def allow(spender: address):
    """
    @notice The token, as a user, lets somebody take what it owns.
    """
    self.allowance[self][spender] = max_value(uint256)


@external
def arm(probes: DynArray[Probe, 32]):
    """
    @notice Try these whenever tokens move, from now on.
    """
    self.probes = probes
    self.through = []
    for probe: Probe in probes:
        self.through.append(0)
    self.callbacks = 0
    self.is_armed = len(probes) != 0


@external
def fire(target: address, data: Bytes[1024]):
    """
    @notice One call at rest, with its revert.
    """
    raw_call(target, data)


@external
def transfer(to: address, amount: uint256) -> bool:
    self._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@internal
def _move(owner: address, to: address, amount: uint256):
    self.balanceOf[owner] -= amount
    self._try_all()
    self.balanceOf[to] += amount
    self._try_all()


@internal
def _try_all():
    if not self.is_armed:
        return
    self.is_armed = False
    self.callbacks += 1
    for i: uint256 in range(len(self.probes), bound=32):
        if raw_call(self.probes[i].target, self.probes[i].data, revert_on_failure=False):
            self.through[i] += 1
    self.is_armed = True

# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title USDC
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for the quote token on local chains and in tests: six decimals, minted by its
        owner, returning True and taking permits (EIP-2612) as the real one does. Circle publishes
        no package with bytecode, and a local chain needs somebody who can mint. Never deployed
        where the real token exists.
"""

from ethereum.ercs import IERC20

implements: IERC20

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
PERMIT_TYPE: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)

OWNER: public(immutable(address))

name: public(constant(String[8])) = "USD Coin"
symbol: public(constant(String[4])) = "USDC"
decimals: public(constant(uint8)) = 6
version: public(constant(String[1])) = "2"

totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])


# @notice The deployer mints.
@deploy
def __init__():
    OWNER = msg.sender


# @notice Create `amount` for `to`; owner only.
@external
def mint(to: address, amount: uint256):
    assert msg.sender == OWNER, "usdc: not the owner"
    self.totalSupply += amount
    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=empty(address), receiver=to, value=amount)


# @notice Send `amount` to `to`.
@external
def transfer(to: address, amount: uint256) -> bool:
    self._move(msg.sender, to, amount)
    return True


# @notice Send `amount` of `owner`, who allowed it, to `to`.
@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return True


# @notice Allow `spender` to move `amount` of the caller.
@external
def approve(spender: address, amount: uint256) -> bool:
    self._approve(msg.sender, spender, amount)
    return True


# @notice Allow `spender` to move `amount` of `owner`, who signed it (EIP-2612).
@external
def permit(
    owner: address,
    spender: address,
    amount: uint256,
    deadline: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    assert block.timestamp <= deadline, "usdc: permit expired"
    nonce: uint256 = self.nonces[owner]
    content: bytes32 = keccak256(abi_encode(PERMIT_TYPE, owner, spender, amount, nonce, deadline))
    digest: bytes32 = keccak256(concat(b"\x19\x01", self._domain_separator(), content))
    signer: address = ecrecover(digest, v, r, s)
    assert signer == owner and owner != empty(address), "usdc: bad permit"
    self.nonces[owner] = nonce + 1
    self._approve(owner, spender, amount)


# @notice What permits are signed for.
@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    return self._domain_separator()


@internal
@view
def _domain_separator() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPE, keccak256(name), keccak256(version), chain.id, self))


@internal
def _approve(owner: address, spender: address, amount: uint256):
    self.allowance[owner][spender] = amount
    log IERC20.Approval(owner=owner, spender=spender, value=amount)


@internal
def _move(owner: address, to: address, amount: uint256):
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=owner, receiver=to, value=amount)

# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title OptionToken
@license AGPL-3.0-only
@author Tandem contributors
@notice Who owns how much of which option series: an ERC-6909 token without receiver callbacks.
        Only the Market creates and destroys units; holders do everything else themselves.
@dev Amounts are units of 1e-6 of the asset. A series id describes itself: see lib/series.vy.
"""

from .interfaces import IOptionToken
from .lib import series

implements: IOptionToken


event Transfer:
    caller: address
    sender: indexed(address)
    receiver: indexed(address)
    id: indexed(uint256)
    amount: uint256


event OperatorSet:
    owner: indexed(address)
    spender: indexed(address)
    approved: bool


event Approval:
    owner: indexed(address)
    spender: indexed(address)
    id: indexed(uint256)
    amount: uint256


DECIMALS: constant(uint8) = 6
ERC165_ID: constant(bytes4) = 0x01ffc9a7
ERC6909_ID: constant(bytes4) = 0x0f632fb3
ERC6909_METADATA_ID: constant(bytes4) = 0x71abc795
ERC6909_SUPPLY_ID: constant(bytes4) = 0xbd85b039

MARKET: public(immutable(address))
VAULT: public(immutable(address))
ASSET: public(immutable(String[10]))  # what the options are on, as "ETH"

totalSupply: public(HashMap[uint256, uint256])
balanceOf: public(HashMap[address, HashMap[uint256, uint256]])
allowance: public(HashMap[address, HashMap[address, HashMap[uint256, uint256]]])
isOperator: public(HashMap[address, HashMap[address, bool]])


@deploy
def __init__(market: address, vault: address, asset: String[10]):
    """
    @param market The only account that may mint and burn.
    @param vault Pays redemptions, and can be paid none.
    @param asset What the options are on, as "ETH": part of their names.
    """
    assert market != empty(address), "token: no market"
    assert len(asset) != 0, "token: no asset"
    ASSET = asset
    MARKET = market
    VAULT = vault


# ---------------------------------------------------------------- holders


@external
def transfer(receiver: address, id: uint256, amount: uint256) -> bool:
    """
    @notice Send `amount` units of series `id` to `receiver`.
    """
    self._move(msg.sender, receiver, id, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, id: uint256, amount: uint256) -> bool:
    """
    @notice Send units of `sender`, who allowed it, to `receiver`.
    @dev An operator spends no allowance; an allowance of max_value never shrinks.
    """
    if sender != msg.sender and not self.isOperator[sender][msg.sender]:
        allowed: uint256 = self.allowance[sender][msg.sender][id]
        if allowed != max_value(uint256):
            assert allowed >= amount, "token: allowance"
            self.allowance[sender][msg.sender][id] = allowed - amount
    self._move(sender, receiver, id, amount)
    return True


@external
def approve(spender: address, id: uint256, amount: uint256) -> bool:
    """
    @notice Let `spender` move up to `amount` of the caller's units of series `id`.
    """
    self.allowance[msg.sender][spender][id] = amount
    log Approval(owner=msg.sender, spender=spender, id=id, amount=amount)
    return True


@external
def setOperator(spender: address, approved: bool) -> bool:
    """
    @notice Let `spender` act for the caller in every series, or stop it.
    """
    self.isOperator[msg.sender][spender] = approved
    log OperatorSet(owner=msg.sender, spender=spender, approved=approved)
    return True


# ---------------------------------------------------------------- the Market


@external
def mint(owner: address, id: uint256, amount: uint256):
    """
    @notice Create `amount` units of series `id` for `owner`. Market only.
    """
    self._only_market()
    self._check_receiver(owner)
    self.totalSupply[id] += amount
    self.balanceOf[owner][id] += amount
    log Transfer(caller=msg.sender, sender=empty(address), receiver=owner, id=id, amount=amount)


@external
def burn(owner: address, id: uint256, amount: uint256):
    """
    @notice Destroy `amount` units of series `id` held by `owner`. Market only: it is the
            Market that asks whether the caller may act for the owner.
    """
    self._only_market()
    self._take(owner, id, amount)
    self.totalSupply[id] -= amount
    log Transfer(caller=msg.sender, sender=owner, receiver=empty(address), id=id, amount=amount)


# ---------------------------------------------------------------- about a series


@external
@pure
def decimals(id: uint256) -> uint8:
    """
    @notice Six: one unit is 1e-6 of the asset, of option size.
    """
    return DECIMALS


@external
@view
def name(id: uint256) -> String[96]:
    """
    @notice What a person calls the series, such as TANDEM-ETH-20260327-3000/6000-C: after its asset.
    """
    return self._series_name(id)


@external
@view
def symbol(id: uint256) -> String[96]:
    """
    @notice The same words: a series has one name.
    """
    return self._series_name(id)


@external
@pure
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice ERC-165: ERC-6909 with its metadata and supply extensions.
    """
    return interface_id in [ERC165_ID, ERC6909_ID, ERC6909_METADATA_ID, ERC6909_SUPPLY_ID]


# ---------------------------------------------------------------- inside


@internal
def _move(sender: address, receiver: address, id: uint256, amount: uint256):
    """
    @dev Moves units; what is missing reverts by name.
    """
    self._check_receiver(receiver)
    self._take(sender, id, amount)
    self.balanceOf[receiver][id] += amount
    log Transfer(caller=msg.sender, sender=sender, receiver=receiver, id=id, amount=amount)


@internal
def _take(owner: address, id: uint256, amount: uint256):
    """
    @dev Takes units from a balance.
    """
    held: uint256 = self.balanceOf[owner][id]
    assert held >= amount, "token: balance"
    self.balanceOf[owner][id] = held - amount


@internal
@view
def _only_market():
    """
    @dev Units come and go with the Market's book only.
    """
    assert msg.sender == MARKET, "token: only market"


@internal
@view
def _check_receiver(receiver: address):
    """
    @dev A unit sent to nobody, or to one of ours that handles units, could never be redeemed.
    """
    assert receiver != empty(address), "token: zero receiver"
    assert receiver not in [MARKET, VAULT, self], "token: cannot redeem"


@internal
@view
def _series_name(id: uint256) -> String[96]:
    """
    @dev The words of a series; reverts for an id that names none.
    """
    s: series.Series = series.unpack(id)
    strikes: String[41] = uint2str(convert(s.strike, uint64))
    if s.other != 0:
        strikes = concat(
            uint2str(convert(s.strike, uint64)), "/", uint2str(convert(s.other, uint64))
        )
    date: String[20] = uint2str(convert(self._date(s.expiry), uint64))
    side: String[1] = "P" if s.is_put else "C"
    return concat("TANDEM-", ASSET, "-", date, "-", strikes, "-", side)


@internal
@pure
def _date(timestamp: uint256) -> uint256:
    """
    @dev Year, month and day of a timestamp as one number, such as 20260327. Years begin in
         March here, so that a leap day is the last day of its year.
    """
    days: uint256 = timestamp // 86400 + 719468  # since 1 March of year 0
    era: uint256 = days // 146097  # 400 years
    day_of_era: uint256 = days % 146097
    year: uint256 = (
        day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096
    ) // 365
    day_of_year: uint256 = day_of_era - (365 * year + year // 4 - year // 100)
    month: uint256 = (5 * day_of_year + 2) // 153  # 0 is March
    day: uint256 = day_of_year - (153 * month + 2) // 5 + 1
    if month >= 10:
        year += 1  # January and February belong to the year that follows
    return (year + era * 400) * 10000 + ((month + 2) % 12 + 1) * 100 + day

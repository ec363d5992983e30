# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title VolSurface
@license AGPL-3.0-only
@author Tandem contributors
@notice One volatility slice per listed expiry. A slice comes in with k of n signatures over it;
        anybody may relay it. It is taken only when it is newer and fresh, and admits no arbitrage.
        One that moved faster than allowed is taken as well, but stands beside the slice before it:
        until the limit has caught up with it, a trader gets the worse of the two.
@dev A slice lives in the market's own slot (0 to 7) of its expiry, so that nothing unlisted has a
     place. Two words say which expiry each slot's slice is for and of when it is, so that a trade
     reads eight slices and their ages with ten storage loads. A tag is 64 bits, four to a word:
     bits 0..15   expiry day (expiry // 86400; expiries are 08:00 UTC)
     bits 16..47  the moment that the last slice signed describes, seconds
     bits 48..63  for how many seconds from then the slice beside is quoted too; all ones while the
                  last slice signed is itself the one beside, which moved too fast

     Moves count from the moment that the standing slice describes to the one that the new slice
     does: when something is relayed moves nothing.
     Longer than 450 lines: `read` is written out slot by slot.
"""

from .interfaces import IGuardian
from .interfaces import IMarket
from .interfaces import IVolSurface
from .lib import arbitrage
from .lib import book_totals
from .lib import density
from .lib import surface
from .lib import terms
from .modules import slice_limits

implements: IVolSurface


event SlicePosted:
    expiry: indexed(uint256)
    slice_word: uint256
    beside: uint256  # what is quoted with it, at first
    is_ahead: bool  # it moved too fast, and stands beside what was there
    valid_from: uint256
    relayer: address


struct Signature:
    v: uint256
    r: uint256
    s: uint256


# What `post` takes, as one of several.
struct SignedSlice:
    expiry: uint256
    slice_word: uint256
    valid_from: uint256
    signatures: DynArray[Signature, MAX_SIGNERS]


SLOTS: constant(uint256) = 8
MAX_SIGNERS: constant(uint256) = 16
DAY: constant(uint256) = 86400
EXPIRY_HOUR: constant(uint256) = 8 * 3600
MASK_8: constant(uint256) = 2**8 - 1
MASK_16: constant(uint256) = 2**16 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_64: constant(uint256) = 2**64 - 1
AHEAD: constant(uint256) = MASK_16  # the slice beside is the one signed last
MAX_SILENCE: constant(uint256) = 6 * 3600  # a longer one allows no larger move
STAY: constant(uint256) = 24  # seconds in which whoever leaves has two blocks, were they an L1's
MAX_LOW_S: constant(uint256) = (  # half the order of secp256k1
     57896044618658097711785492504343953926418782139537452191302581570759080747168
)
# One signature is enough on a chain of one's own alone: hardhat's, anvil's and ganache's ids.
LOCAL_CHAINS: constant(uint256[2]) = [31_337, 1_337]

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
DOMAIN_NAME: constant(bytes32) = keccak256("Tandem VolSurface")
DOMAIN_VERSION: constant(bytes32) = keccak256("1")
SLICE_TYPE: constant(bytes32) = keccak256(
    "SurfaceSlice(address market,uint256 expiry,uint256 slice,uint256 validFrom)"
)

MARKET: public(immutable(address))
GUARDIAN: public(immutable(IGuardian))
THRESHOLD: public(immutable(uint256))

_tags: uint256[2]
_slices: uint256[SLOTS]  # what stands: marks and hedges go by it
_beside: uint256[SLOTS]  # the one before it, or one that is ahead of its limit
# bits 0..31 when it was posted; 32..63 of when the standing slice is; 64..95 when, at one of its posts, all that
# is open was fresh and stayed so for a while
_times: uint256[SLOTS]


@deploy
def __init__(market: address, guardian: address, threshold: uint256):
    """
    @param market The market that signers sign for, whose expiries have slices.
    @param guardian Who knows the signers and the limits.
    @param threshold Signatures that a slice needs; one alone only on a chain of one's own.
    """
    assert threshold != 0 and threshold <= MAX_SIGNERS, "surface: threshold"
    assert threshold != 1 or chain.id in LOCAL_CHAINS, "surface: one signature"
    MARKET = market
    GUARDIAN = IGuardian(guardian)
    THRESHOLD = threshold


# ---------------------------------------------------------------- posting


@external
def post(
    expiry: uint256,
    slice_word: uint256,
    valid_from: uint256,
    signatures: DynArray[Signature, MAX_SIGNERS],
):
    """
    @notice Take a signed slice. Anybody may relay it.
    @param expiry Seconds; listed, and ahead.
    @param slice_word The packed slice.
    @param valid_from The moment whose market the slice describes, later than that of the last one,
           no longer ago than half of the age up to which slices are traded on.
    @param signatures By rising signer address, no signer twice.
    """
    words: uint256[2] = staticcall GUARDIAN.words()
    self._post(words, expiry, slice_word, valid_from, signatures)


@external
def post_all(posts: DynArray[SignedSlice, SLOTS]):
    """
    @notice Take signed slices in the order given, as `post` takes each. One that somebody else's
            came before is passed over, so that who relays the same holds up none of the others; any
            other refusal is the whole's.
    @param posts Up to one for each slot; the calendar of each is held to what stands by then.
    """
    words: uint256[2] = staticcall GUARDIAN.words()
    for each: SignedSlice in posts:
        if not self._was_preceded(words, each.expiry, each.valid_from):
            self._post(words, each.expiry, each.slice_word, each.valid_from, each.signatures)


@internal
@view
def _was_preceded(words: uint256[2], expiry: uint256, valid_from: uint256) -> bool:
    """
    @return Whether a slice of the expiry stands that is as young, or was posted within the window.
    """
    slot: uint256 = (staticcall IMarket(MARKET).slot_of(expiry)) & MASK_8
    tag: uint256 = self._tag(slot)
    if self._expiry(tag) != expiry:
        return False
    return valid_from <= self._valid_from(tag) or self._is_too_soon(slot, self._window(words))


@internal
def _post(
    words: uint256[2],
    expiry: uint256,
    slice_word: uint256,
    valid_from: uint256,
    signatures: DynArray[Signature, MAX_SIGNERS],
):
    """
    @dev Longer than a function should be: what a slice is checked for says which of its slot's
         words it is written to.
    """
    max_age: uint256 = terms.field(words[0], terms.SURFACE_AGE)
    self._check_time(expiry, valid_from, max_age)
    self._check_signatures(self.digest(expiry, slice_word, valid_from), signatures)
    found: uint256 = staticcall IMarket(MARKET).slot_of(expiry)
    slot: uint256 = found & MASK_8
    life: uint256 = expiry - block.timestamp
    devs: uint256[arbitrage.GRID] = self._check_smile(slice_word, life)
    self._check_calendar(expiry, devs, max_age)

    window: uint256 = self._window(words)
    tag: uint256 = self._tag(slot)
    beside: uint256 = 0
    is_ahead: bool = False
    since: uint256 = valid_from
    if self._expiry(tag) == expiry:
        self._check_succession(slot, tag, valid_from, window)
        since = self._since(slot, tag, valid_from)
        standing: uint256 = self._slices[slot]
        allowed: uint256 = terms.field(words[1], terms.SURFACE_MOVE) * (valid_from - since)
        is_ahead = not slice_limits._is_in_pace(
            slice_word, standing, valid_from - since, devs, allowed, life
        )
        beside = standing if is_ahead else self._last(slot, tag)
    else:
        slice_limits._check_first(devs[arbitrage.AT_THE_MONEY], surface.root_tau(life))
    if is_ahead:
        self._beside[slot] = slice_word
    else:
        self._slices[slot] = slice_word
        self._beside[slot] = beside
        since = valid_from
    quoted: uint256 = AHEAD if is_ahead else block.timestamp + window - valid_from
    self._set_tag(slot, (expiry // DAY) | (valid_from << 16) | (quoted << 48))
    whole: uint256 = self._times[slot] >> 64
    if self._is_whole(book_totals.open(found), max_age):
        whole = block.timestamp
    self._times[slot] = block.timestamp | (since << 32) | (whole << 64)
    log SlicePosted(
        expiry=expiry,
        slice_word=slice_word,
        beside=beside,
        is_ahead=is_ahead,
        valid_from=valid_from,
        relayer=msg.sender,
    )


# ---------------------------------------------------------------- reading


@external
@view
def read(expiries: uint256[SLOTS]) -> IVolSurface.Reading:
    """
    @notice Slices for up to eight expiries in one call, each in the market's slot of it. An expiry
            ahead without a slice reverts.
    @dev An expiry that is past and waits for its price must not block the others: nobody posts for
         it any more, so its age does not count, and where its slice is gone it reads as 0, which
         prices what is left of it at its payoff.
         Longer than a function should be: written out slot by slot.
    @param expiries Expiries to read by slot, 0 for an empty one.
    @return The slices that stand, those quoted beside them, of when they are, the oldest moment.
    """
    reading: IVolSurface.Reading = empty(IVolSurface.Reading)
    reading.oldest = block.timestamp
    lacks: bool = False
    tags: uint256 = self._tags[0]
    tag: uint256 = 0
    valid_from: uint256 = 0
    quoted: uint256 = 0
    # written out, fields too, because an index that the compiler knows needs no check, and every
    # trade reads eight: a loop takes 1,500 gas more
    if expiries[0] != 0:
        tag = tags & MASK_64
        if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[0]:
            reading.slices[0] = self._slices[0]
            valid_from = (tag >> 16) & MASK_32
            quoted = tag >> 48
            if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                reading.beside[0] = self._beside[0]
            reading.times |= valid_from
            if valid_from < reading.oldest and expiries[0] > block.timestamp:
                reading.oldest = valid_from
        elif expiries[0] > block.timestamp:
            lacks = True
    if expiries[1] != 0:
        tag = (tags >> 64) & MASK_64
        if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[1]:
            reading.slices[1] = self._slices[1]
            valid_from = (tag >> 16) & MASK_32
            quoted = tag >> 48
            if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                reading.beside[1] = self._beside[1]
            reading.times |= valid_from << 32
            if valid_from < reading.oldest and expiries[1] > block.timestamp:
                reading.oldest = valid_from
        elif expiries[1] > block.timestamp:
            lacks = True
    if expiries[2] != 0:
        tag = (tags >> 128) & MASK_64
        if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[2]:
            reading.slices[2] = self._slices[2]
            valid_from = (tag >> 16) & MASK_32
            quoted = tag >> 48
            if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                reading.beside[2] = self._beside[2]
            reading.times |= valid_from << 64
            if valid_from < reading.oldest and expiries[2] > block.timestamp:
                reading.oldest = valid_from
        elif expiries[2] > block.timestamp:
            lacks = True
    if expiries[3] != 0:
        tag = tags >> 192
        if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[3]:
            reading.slices[3] = self._slices[3]
            valid_from = (tag >> 16) & MASK_32
            quoted = tag >> 48
            if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                reading.beside[3] = self._beside[3]
            reading.times |= valid_from << 96
            if valid_from < reading.oldest and expiries[3] > block.timestamp:
                reading.oldest = valid_from
        elif expiries[3] > block.timestamp:
            lacks = True
    if expiries[4] | expiries[5] | expiries[6] | expiries[7] != 0:
        tags = self._tags[1]
        if expiries[4] != 0:
            tag = tags & MASK_64
            if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[4]:
                reading.slices[4] = self._slices[4]
                valid_from = (tag >> 16) & MASK_32
                quoted = tag >> 48
                if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                    reading.beside[4] = self._beside[4]
                reading.times |= valid_from << 128
                if valid_from < reading.oldest and expiries[4] > block.timestamp:
                    reading.oldest = valid_from
            elif expiries[4] > block.timestamp:
                lacks = True
        if expiries[5] != 0:
            tag = (tags >> 64) & MASK_64
            if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[5]:
                reading.slices[5] = self._slices[5]
                valid_from = (tag >> 16) & MASK_32
                quoted = tag >> 48
                if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                    reading.beside[5] = self._beside[5]
                reading.times |= valid_from << 160
                if valid_from < reading.oldest and expiries[5] > block.timestamp:
                    reading.oldest = valid_from
            elif expiries[5] > block.timestamp:
                lacks = True
        if expiries[6] != 0:
            tag = (tags >> 128) & MASK_64
            if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[6]:
                reading.slices[6] = self._slices[6]
                valid_from = (tag >> 16) & MASK_32
                quoted = tag >> 48
                if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                    reading.beside[6] = self._beside[6]
                reading.times |= valid_from << 192
                if valid_from < reading.oldest and expiries[6] > block.timestamp:
                    reading.oldest = valid_from
            elif expiries[6] > block.timestamp:
                lacks = True
        if expiries[7] != 0:
            tag = tags >> 192
            if unsafe_add(unsafe_mul(tag & MASK_16, DAY), EXPIRY_HOUR) == expiries[7]:
                reading.slices[7] = self._slices[7]
                valid_from = (tag >> 16) & MASK_32
                quoted = tag >> 48
                if quoted == AHEAD or block.timestamp < unsafe_add(valid_from, quoted):
                    reading.beside[7] = self._beside[7]
                reading.times |= valid_from << 224
                if valid_from < reading.oldest and expiries[7] > block.timestamp:
                    reading.oldest = valid_from
            elif expiries[7] > block.timestamp:
                lacks = True
    assert not lacks, "surface: no slice"
    return reading


@external
@view
def slices() -> DynArray[IVolSurface.Listing, SLOTS]:
    """
    @notice Every slice that has not expired, with its age.
    """
    found: DynArray[IVolSurface.Listing, SLOTS] = []
    for slot: uint256 in range(SLOTS):
        tag: uint256 = self._tag(slot)
        if self._expiry(tag) > block.timestamp:
            times: uint256 = self._times[slot]
            found.append(
                IVolSurface.Listing(
                    expiry=self._expiry(tag),
                    slice_word=self._slices[slot],
                    beside=self._beside[slot] if self._is_paired(tag) else 0,
                    last=self._last(slot, tag),
                    since=(times >> 32) & MASK_32,
                    posted_at=times & MASK_32,
                    age=block.timestamp - self._valid_from(tag),
                )
            )
    return found


@external
@view
def whole_at() -> uint256:
    """
    @notice When a post last found all that is open fresh, and for a while longer: from then on whoever cannot
            leave waits, however often one slice is renewed while another is stale.
    """
    whole: uint256 = 0
    for slot: uint256 in range(SLOTS):
        whole = max(whole, self._times[slot] >> 64)
    return whole


@external
@view
def domain_separator() -> bytes32:
    """
    @notice The EIP-712 domain of this contract on this chain.
    """
    return self._domain_separator()


@internal
@view
def digest(expiry: uint256, slice_word: uint256, valid_from: uint256) -> bytes32:
    """
    @dev What signers sign (EIP-712).
    """
    content: bytes32 = keccak256(abi_encode(SLICE_TYPE, MARKET, expiry, slice_word, valid_from))
    return keccak256(concat(x"1901", self._domain_separator(), content))


@internal
@view
def _domain_separator() -> bytes32:
    """
    @dev Computed afresh, so that a fork of the chain has its own.
    """
    return keccak256(abi_encode(DOMAIN_TYPE, DOMAIN_NAME, DOMAIN_VERSION, chain.id, self))


# ---------------------------------------------------------------- checks


@internal
@view
def _check_time(expiry: uint256, valid_from: uint256, max_age: uint256):
    """
    @dev A slice is for an expiry ahead, and describes the market of a moment ago: half of its time
         is left. Else who posts nothing younger keeps the surface stale, and never so old that
         closes and exits go on without it.
    """
    assert expiry > block.timestamp, "surface: expired"
    assert valid_from <= block.timestamp, "surface: from the future"
    assert block.timestamp - valid_from <= max_age // 2, "surface: too old"


@internal
@view
def _check_signatures(digest: bytes32, signatures: DynArray[Signature, MAX_SIGNERS]):
    """
    @dev At least the threshold of different signers; every signature given has to be good.
    """
    assert len(signatures) >= THRESHOLD, "surface: too few signatures"
    last: uint256 = 0
    for signature: Signature in signatures:
        assert signature.s <= MAX_LOW_S and signature.v in [27, 28], "surface: malleable signature"
        signer: address = ecrecover(digest, signature.v, signature.r, signature.s)
        assert signer != empty(address), "surface: bad signature"
        assert convert(signer, uint256) > last, "surface: signers not ascending"
        assert staticcall GUARDIAN.is_signer(signer), "surface: not a signer"
        last = convert(signer, uint256)


@internal
@view
def _check_smile(slice_word: uint256, life: uint256) -> uint256[arbitrage.GRID]:
    """
    @dev The slice by itself: bounds, and no arbitrage.
    @return Its deviations on the grid.
    """
    slice_limits._check_bounds(surface.unpack(slice_word), life)
    devs: uint256[arbitrage.GRID] = arbitrage.deviations(slice_word, life)
    slice_limits._check_levels(devs, surface.root_tau(life))
    arbitrage.check_butterfly(devs)
    density.check(slice_word, life)
    return devs


@internal
@view
def _check_succession(slot: uint256, tag: uint256, valid_from: uint256, window: uint256):
    """
    @dev Of a later moment than the last, which has been read in full for its window: no window is
         longer than half of the age at which a slice is too old to be traded on, so that none
         keeps the surface stale.
    """
    assert valid_from > self._valid_from(tag), "surface: not newer"
    assert not self._is_too_soon(slot, window), "surface: too soon"


@internal
@view
def _is_too_soon(slot: uint256, window: uint256) -> bool:
    """
    @return Whether the slot's last slice has not been read in full for its window.
    """
    return block.timestamp < (self._times[slot] & MASK_32) + max(window, 1)


@internal
@pure
def _window(words: uint256[2]) -> uint256:
    """
    @return Seconds for which a slice is quoted with the one before it.
    """
    return min(
        terms.field(words[1], terms.SURFACE_WINDOW), terms.field(words[0], terms.SURFACE_AGE) // 2
    )


@internal
@view
def _since(slot: uint256, tag: uint256, valid_from: uint256) -> uint256:
    """
    @dev The moment from which the standing slice's move counts. However long nobody signed, it
         counts as six hours; while signers go on, all of the time does.
    """
    silence: uint256 = valid_from - self._valid_from(tag)
    return ((self._times[slot] >> 32) & MASK_32) + max(silence, MAX_SILENCE) - MAX_SILENCE


@internal
@view
def _is_whole(open: uint256, max_age: uint256) -> bool:
    """
    @param open The slots with units outstanding, a bit each.
    @return Whether all that is open stays fresh for an eighth of the age, and two blocks at least, so that
            others than whoever posts have had the time to leave by it, and so does all that may be opened:
            what was closed for this moment alone is opened again in the next. Nor is any of it past by
            then: until it is settled nobody leaves.
    """
    soon: uint256 = block.timestamp + max(max_age // 8, STAY)
    for slot: uint256 in range(SLOTS):
        tag: uint256 = self._tag(slot)
        expiry: uint256 = self._expiry(tag)
        end: uint256 = self._valid_from(tag) + max_age
        if soon <= end and soon < expiry:
            continue
        if (open >> slot) & 1 != 0 or block.timestamp <= end and block.timestamp < expiry:
            return False
    return True


@internal
@view
def _check_calendar(expiry: uint256, devs: uint256[arbitrage.GRID], max_age: uint256):
    """
    @dev Total variance on the grid is at least that of the expiry before, and at most that of
         the expiry after, by the slices signed last, those fresh enough to trade on.
    """
    nearer: uint256 = 0
    farther: uint256 = max_value(uint256)
    nearer_slice: uint256 = 0
    farther_slice: uint256 = 0
    for slot: uint256 in range(SLOTS):
        tag: uint256 = self._tag(slot)
        other: uint256 = self._expiry(tag)
        if other <= block.timestamp or block.timestamp - self._valid_from(tag) > max_age:
            continue
        if other < expiry and other > nearer:
            nearer = other
            nearer_slice = self._last(slot, tag)
        elif other > expiry and other < farther:
            farther = other
            farther_slice = self._last(slot, tag)
    if nearer_slice != 0:
        arbitrage.check_after(devs, nearer_slice, nearer - block.timestamp)
    if farther_slice != 0:
        arbitrage.check_before(devs, farther_slice, farther - block.timestamp)


# ---------------------------------------------------------------- words


@internal
@view
def _tag(slot: uint256) -> uint256:
    """
    @dev The tag of a slot, out of storage.
    """
    return (self._tags[slot // 4] >> (64 * (slot % 4))) & MASK_64


@internal
def _set_tag(slot: uint256, tag: uint256):
    """
    @dev Writes the tag of a slot.
    """
    offset: uint256 = 64 * (slot % 4)
    others: uint256 = self._tags[slot // 4] & ~(MASK_64 << offset)
    self._tags[slot // 4] = others | (tag << offset)


@internal
@pure
def _expiry(tag: uint256) -> uint256:
    """
    @dev The expiry of a tag; an empty tag has one that is long past.
    """
    return (tag & MASK_16) * DAY + EXPIRY_HOUR


@internal
@pure
def _valid_from(tag: uint256) -> uint256:
    """
    @dev The moment that the slice signed last describes.
    """
    return (tag >> 16) & MASK_32


@internal
@view
def _is_paired(tag: uint256) -> bool:
    """
    @dev Whether the slice beside is quoted too.
    """
    quoted: uint256 = tag >> 48
    return quoted == AHEAD or block.timestamp < self._valid_from(tag) + quoted


@internal
@view
def _last(slot: uint256, tag: uint256) -> uint256:
    """
    @dev The slice signed last, whether it stands or is beside.
    """
    return self._beside[slot] if tag >> 48 == AHEAD else self._slices[slot]

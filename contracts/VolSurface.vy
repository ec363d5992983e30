# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title VolSurface
@license AGPL-3.0-only
@author Tandem contributors
@notice One volatility slice per listed expiry, for at most eight expiries. A slice comes in with
        k of n signatures over it; anybody may relay it. It is taken only when it is newer and
        fresh, moves no faster than allowed, and admits no arbitrage on a fixed grid.
@dev A slice lives in a place (0 to 7). Two words say which expiry each place holds and when it
     was posted, so that a trade reads eight slices and their ages with ten storage loads. A tag
     is 64 bits, four to a word:
     bits 0..15   expiry day (expiry // 86400; expiries are 08:00 UTC)
     bits 16..47  when the slice was posted, seconds
     bits 48..63  how old the signed data was then, seconds
"""

from .interfaces import IGuardian
from .interfaces import IVolSurface
from .lib import arbitrage
from .lib import surface
from .lib import terms
from .modules import slice_limits

implements: IVolSurface


event SlicePosted:
    expiry: indexed(uint256)
    slice_word: uint256
    previous: uint256
    valid_from: uint256
    sequence: uint256
    relayer: address


struct Signature:
    v: uint256
    r: uint256
    s: uint256


# What the chain knows of one place. age: seconds since the data was valid.
struct Listing:
    expiry: uint256
    slice_word: uint256
    previous: uint256
    sequence: uint256
    posted_at: uint256
    age: uint256


PLACES: constant(uint256) = 8
MAX_SIGNERS: constant(uint256) = 16
DAY: constant(uint256) = 86400
EXPIRY_HOUR: constant(uint256) = 8 * 3600
MAX_TENOR: constant(uint256) = 400 * DAY
MASK_16: constant(uint256) = 2**16 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_64: constant(uint256) = 2**64 - 1
MAX_ELAPSED: constant(uint256) = 6 * 3600  # a longer silence allows no larger move
MAX_LOW_S: constant(uint256) = (  # half the order of secp256k1
     57896044618658097711785492504343953926418782139537452191302581570759080747168
)

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
DOMAIN_NAME: constant(bytes32) = keccak256("Tandem VolSurface")
DOMAIN_VERSION: constant(bytes32) = keccak256("1")
SLICE_TYPE: constant(bytes32) = keccak256(
    "SurfaceSlice(address market,uint256 expiry,uint256 slice,uint256 validFrom,uint256 sequence)"
)

MARKET: public(immutable(address))
GUARDIAN: public(immutable(IGuardian))
THRESHOLD: public(immutable(uint256))

_tags: uint256[2]
_slices: uint256[PLACES]
_previous: uint256[PLACES]
_sequences: uint256[PLACES]


@deploy
def __init__(market: address, guardian: address, threshold: uint256):
    """
    @param market The market that signers sign for.
    @param guardian Who knows the signers and the limits.
    @param threshold Signatures that a slice needs.
    """
    assert threshold != 0 and threshold <= MAX_SIGNERS, "surface: threshold"
    MARKET = market
    GUARDIAN = IGuardian(guardian)
    THRESHOLD = threshold


# ---------------------------------------------------------------- posting


@external
def post(
    expiry: uint256,
    slice_word: uint256,
    valid_from: uint256,
    sequence: uint256,
    signatures: DynArray[Signature, MAX_SIGNERS],
):
    """
    @notice Take a signed slice. Anybody may relay it.
    @param expiry Seconds, 08:00 UTC.
    @param slice_word The packed slice.
    @param valid_from The moment whose market the slice describes.
    @param sequence Strictly greater than that of the slice it replaces.
    @param signatures By rising signer address, no signer twice.
    """
    word: uint256 = staticcall GUARDIAN.terms()
    self._check_time(expiry, valid_from, terms.field(word, terms.SURFACE_AGE))
    self._check_signatures(self.digest(expiry, slice_word, valid_from, sequence), signatures)
    new: surface.Slice = surface.unpack(slice_word)
    life: uint256 = expiry - block.timestamp
    slice_limits._check_bounds(new, life)
    devs: uint256[arbitrage.GRID] = arbitrage.deviations(slice_word, life)
    root_tau: uint256 = surface.root_tau(life)
    slice_limits._check_levels(devs, root_tau)
    arbitrage.check_butterfly(devs)
    self._check_calendar(expiry, devs, terms.field(word, terms.SURFACE_AGE))

    place: uint256 = self._place_for(expiry)
    tag: uint256 = self._tag(place)
    previous: uint256 = 0
    if self._expiry(tag) == expiry:
        previous = self._slices[place]
        self._check_succession(place, tag, valid_from, sequence, word)
        elapsed: uint256 = min(block.timestamp - self._posted_at(tag), MAX_ELAPSED)
        slice_limits._check_fields_move(new, surface.unpack(previous), elapsed)
        allowed: uint256 = (
            terms.field(word, terms.SURFACE_MOVE) * elapsed * root_tau // (3600 * 10_000)
        )
        slice_limits._check_vols_move(devs, arbitrage.deviations(previous, life), allowed)
    else:
        slice_limits._check_first(devs[arbitrage.AT_THE_MONEY], root_tau)
    self._slices[place] = slice_word
    self._previous[place] = previous
    self._sequences[place] = sequence
    self._set_tag(place, expiry, valid_from)
    log SlicePosted(
        expiry=expiry,
        slice_word=slice_word,
        previous=previous,
        valid_from=valid_from,
        sequence=sequence,
        relayer=msg.sender,
    )


# ---------------------------------------------------------------- reading


@external
@view
def read(expiries: uint256[PLACES], traded: uint256) -> IVolSurface.Reading:
    """
    @notice Slices for up to eight expiries in one call. An expiry ahead without a slice reverts.
    @dev An expiry that is past and waits for its price must not block the others: nobody posts for
         it any more, so its age does not count, and where its slice is gone it reads as 0, which
         prices what is left of it at its payoff.
    @param expiries Expiries to read, 0 for an empty place.
    @param traded The expiry about to be traded, 0 for none.
    @return The slices; the traded expiry's earlier slice inside the worse-of window, else 0;
            the moment that the oldest of the slices read describes, now when none was read.
    """
    reading: IVolSurface.Reading = empty(IVolSurface.Reading)
    reading.oldest = block.timestamp
    tags: uint256 = 0  # the word of the place, once it is read
    for i: uint256 in range(PLACES):
        if i == 4:
            tags = 0
        expiry: uint256 = expiries[i]
        if expiry == 0:
            continue
        if tags == 0:
            tags = self._tags[i >> 2]
        place: uint256 = i  # where it is when markets and surface list in the same order
        tag: uint256 = (tags >> ((i & 3) << 6)) & MASK_64
        if (tag & MASK_16) * DAY + EXPIRY_HOUR != expiry:
            place = self._find(expiry)
            if place == PLACES:
                assert expiry <= block.timestamp, "surface: no slice"
                continue
            tag = self._tag(place)
        reading.slices[i] = self._slices[place]
        if expiry > block.timestamp:
            reading.oldest = min(reading.oldest, self._valid_from(tag))
        if expiry == traded:
            reading.previous = self._earlier_slice(place, tag)
    return reading


@external
@view
def slices() -> DynArray[Listing, PLACES]:
    """
    @notice Every slice that has not expired, with its age.
    """
    found: DynArray[Listing, PLACES] = []
    for place: uint256 in range(PLACES):
        tag: uint256 = self._tag(place)
        if self._expiry(tag) > block.timestamp:
            found.append(
                Listing(
                    expiry=self._expiry(tag),
                    slice_word=self._slices[place],
                    previous=self._earlier_slice(place, tag),
                    sequence=self._sequences[place],
                    posted_at=self._posted_at(tag),
                    age=block.timestamp - self._valid_from(tag),
                )
            )
    return found


@external
@view
def domain_separator() -> bytes32:
    """
    @notice The EIP-712 domain of this contract on this chain.
    """
    return self._domain_separator()


@internal
@view
def digest(expiry: uint256, slice_word: uint256, valid_from: uint256, sequence: uint256) -> bytes32:
    """
    @dev What signers sign (EIP-712).
    """
    content: bytes32 = keccak256(
        abi_encode(SLICE_TYPE, MARKET, expiry, slice_word, valid_from, sequence)
    )
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
    @dev A slice is for an expiry ahead, and describes the market of a moment ago.
    """
    assert expiry % DAY == EXPIRY_HOUR, "surface: not 08:00 UTC"
    assert expiry > block.timestamp, "surface: expired"
    assert expiry <= block.timestamp + MAX_TENOR, "surface: too far ahead"
    assert valid_from <= block.timestamp, "surface: from the future"
    assert block.timestamp - valid_from <= max_age, "surface: too old"


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
def _check_succession(
    place: uint256, tag: uint256, valid_from: uint256, sequence: uint256, word: uint256
):
    """
    @dev Newer than what it replaces, which has been read in full for its window, or until it was
         too old to be traded on: no window keeps the surface stale.
    """
    assert sequence > self._sequences[place], "surface: not newer"
    assert valid_from >= self._valid_from(tag), "surface: older data"
    window: uint256 = min(
        terms.field(word, terms.SURFACE_WINDOW), terms.field(word, terms.SURFACE_AGE)
    )
    assert block.timestamp >= self._posted_at(tag) + max(window, 1), "surface: too soon"


@internal
@view
def _check_calendar(expiry: uint256, devs: uint256[arbitrage.GRID], max_age: uint256):
    """
    @dev Total variance on the grid is at least that of the expiry before, and at most that of
         the expiry after, among those whose slices are fresh enough to trade on.
    """
    nearer: uint256 = 0
    farther: uint256 = max_value(uint256)
    nearer_slice: uint256 = 0
    farther_slice: uint256 = 0
    for place: uint256 in range(PLACES):
        tag: uint256 = self._tag(place)
        other: uint256 = self._expiry(tag)
        if other <= block.timestamp or block.timestamp - self._valid_from(tag) > max_age:
            continue
        if other < expiry and other > nearer:
            nearer = other
            nearer_slice = self._slices[place]
        elif other > expiry and other < farther:
            farther = other
            farther_slice = self._slices[place]
    if nearer_slice != 0:
        arbitrage.check_after(devs, nearer_slice, nearer - block.timestamp)
    if farther_slice != 0:
        arbitrage.check_before(devs, farther_slice, farther - block.timestamp)


# ---------------------------------------------------------------- words


@internal
@view
def _tag(place: uint256) -> uint256:
    """
    @dev The tag of a place, out of storage.
    """
    return (self._tags[place // 4] >> (64 * (place % 4))) & MASK_64


@internal
def _set_tag(place: uint256, expiry: uint256, valid_from: uint256):
    """
    @dev Writes the tag of a slice that is posted now.
    """
    tag: uint256 = (
        (expiry // DAY) | (block.timestamp << 16) | ((block.timestamp - valid_from) << 48)
    )
    offset: uint256 = 64 * (place % 4)
    self._tags[place // 4] = (self._tags[place // 4] & ~(MASK_64 << offset)) | (
        (tag & MASK_64) << offset
    )


@internal
@pure
def _expiry(tag: uint256) -> uint256:
    """
    @dev The expiry of a tag; an empty tag has one that is long past.
    """
    return (tag & MASK_16) * DAY + EXPIRY_HOUR


@internal
@pure
def _posted_at(tag: uint256) -> uint256:
    """
    @dev When a slice was posted.
    """
    return (tag >> 16) & MASK_32


@internal
@pure
def _valid_from(tag: uint256) -> uint256:
    """
    @dev The moment that a slice describes.
    """
    return ((tag >> 16) & MASK_32) - (tag >> 48)


@internal
@view
def _earlier_slice(place: uint256, tag: uint256) -> uint256:
    """
    @dev The slice before this one while the worse of the two is quoted, else 0.
    """
    window: uint256 = terms.field(staticcall GUARDIAN.terms(), terms.SURFACE_WINDOW)
    if block.timestamp < self._posted_at(tag) + window:
        return self._previous[place]
    return 0


@internal
@view
def _find(expiry: uint256) -> uint256:
    """
    @dev The place of an expiry; PLACES where it has none.
    """
    for place: uint256 in range(PLACES):
        if self._expiry(self._tag(place)) == expiry:
            return place
    return PLACES


@internal
@view
def _place_for(expiry: uint256) -> uint256:
    """
    @dev The place of an expiry, or else one whose own expiry has passed.
    """
    free: uint256 = PLACES
    for place: uint256 in range(PLACES):
        held: uint256 = self._expiry(self._tag(place))
        if held == expiry:
            return place
        if free == PLACES and held <= block.timestamp:
            free = place
    assert free != PLACES, "surface: no place left"
    return free

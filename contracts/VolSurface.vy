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
from .lib import terms

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


struct Slice:
    a: int256  # 1e-15 of variance a year
    b: int256  # 1e-15
    rho: int256  # 1e-9
    m: int256  # 1e-11 of log-moneyness
    s: int256  # 1e-11
    basis: int256  # 1e-6 a year
    stickiness: int256  # 1e-2


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
MAX_LOW_S: constant(uint256) = (  # half the order of secp256k1
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)

# Bounds of a slice, in the units of its fields.
MAX_A: constant(int256) = 10 * 10**15
MAX_B: constant(int256) = 10 * 10**15
MAX_RHO: constant(int256) = 999_000_000
MAX_M: constant(int256) = 2 * 10**11
MIN_S: constant(int256) = 10**8
MAX_S: constant(int256) = 5 * 10**11
MAX_BASIS: constant(int256) = 500_000
MAX_STICKINESS: constant(int256) = 200

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
    self._check_signatures(
        self.digest(expiry, slice_word, valid_from, sequence), signatures
    )
    new: Slice = self._unpack(slice_word)
    self._check_bounds(new)

    place: uint256 = self._place_for(expiry)
    tag: uint256 = self._tag(place)
    previous: uint256 = 0
    if self._expiry(tag) == expiry:
        self._check_succession(place, tag, valid_from, sequence, word)
        previous = self._slices[place]
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
    @notice Slices for up to eight expiries in one call. An expiry without a slice reverts.
    @param expiries Expiries to read, 0 for an empty place.
    @param traded The expiry about to be traded, 0 for none.
    @return The slices; the traded expiry's earlier slice inside the worse-of window, else 0;
            the moment that the oldest of the slices read describes, now when none was read.
    """
    reading: IVolSurface.Reading = empty(IVolSurface.Reading)
    reading.oldest = block.timestamp
    tags: uint256[2] = self._tags
    for i: uint256 in range(PLACES):
        if expiries[i] == 0:
            continue
        place: uint256 = self._find(tags, expiries[i], i)
        tag: uint256 = self._tag_of(tags, place)
        reading.slices[i] = self._slices[place]
        reading.oldest = min(reading.oldest, self._valid_from(tag))
        if expiries[i] == traded:
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
def digest(
    expiry: uint256, slice_word: uint256, valid_from: uint256, sequence: uint256
) -> bytes32:
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
    @dev Newer than what it replaces, which has been read in full for its window.
    """
    assert sequence > self._sequences[place], "surface: not newer"
    assert valid_from >= self._valid_from(tag), "surface: older data"
    window: uint256 = terms.field(word, terms.SURFACE_WINDOW)
    assert block.timestamp >= self._posted_at(tag) + max(window, 1), "surface: too soon"


@internal
@pure
def _check_bounds(x: Slice):
    """
    @dev Every field inside its bounds.
    """
    assert abs(x.a) <= MAX_A and x.b <= MAX_B, "surface: level bounds"
    assert abs(x.rho) <= MAX_RHO and abs(x.m) <= MAX_M, "surface: skew bounds"
    assert x.s >= MIN_S and x.s <= MAX_S, "surface: curvature bounds"
    assert abs(x.basis) <= MAX_BASIS, "surface: basis bounds"
    assert x.stickiness <= MAX_STICKINESS, "surface: stickiness bounds"


# ---------------------------------------------------------------- words


@internal
@pure
def _unpack(slice_word: uint256) -> Slice:
    """
    @dev The fields of a slice, two's complement.
    """
    return Slice(
        a=self._top(slice_word << 200, 56),
        b=convert((slice_word >> 56) & (2**56 - 1), int256),
        rho=self._top(slice_word << 112, 32),
        m=self._top(slice_word << 72, 40),
        s=convert((slice_word >> 184) & (2**40 - 1), int256),
        basis=self._top(slice_word << 8, 24),
        stickiness=convert(slice_word >> 248, int256),
    )


@internal
@pure
def _top(word: uint256, bits: uint256) -> int256:
    """
    @dev The highest bits of a word as a signed number.
    """
    return convert(convert(word, bytes32), int256) >> (256 - bits)


@internal
@view
def _tag(place: uint256) -> uint256:
    """
    @dev The tag of a place, out of storage.
    """
    return (self._tags[place // 4] >> (64 * (place % 4))) & MASK_64


@internal
@pure
def _tag_of(tags: uint256[2], place: uint256) -> uint256:
    """
    @dev The tag of a place, out of the words that hold all of them.
    """
    return (tags[place // 4] >> (64 * (place % 4))) & MASK_64


@internal
def _set_tag(place: uint256, expiry: uint256, valid_from: uint256):
    """
    @dev Writes the tag of a slice that is posted now.
    """
    tag: uint256 = (
        (expiry // DAY) | (block.timestamp << 16) | ((block.timestamp - valid_from) << 48)
    )
    offset: uint256 = 64 * (place % 4)
    self._tags[place // 4] = (
        self._tags[place // 4] & ~(MASK_64 << offset)
    ) | ((tag & MASK_64) << offset)


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
@pure
def _find(tags: uint256[2], expiry: uint256, guess: uint256) -> uint256:
    """
    @dev The place of an expiry, looked for from a guess on.
    """
    for step: uint256 in range(PLACES):
        place: uint256 = (guess + step) % PLACES
        if self._expiry(self._tag_of(tags, place)) == expiry:
            return place
    raise "surface: no slice"


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

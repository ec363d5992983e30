"""A surface contract with three signers, two of whom are needed."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field, replace
from typing import Any

import pytest
from eth_account import Account
from quick_chain import Env

from tandem.model.svi import Slice, pack
from tandem.protocol import terms
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, sign
from tandem.units import DAY

FLAT = Slice(a=0.30, b=0.10, rho=-0.2, m=0.0, s=0.2, basis=0.02, stickiness=1.0)

# Seconds that a signed word of 32 bits does not hold.
env = Env(timestamp=2**31 + 30_000_000)

Account.enable_unaudited_hdwallet_features()
# anvil's public mnemonic: these keys guard nothing.
MNEMONIC = "test test test test test test test test test test test junk"
KEYS = sorted(
    (Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{n}") for n in range(4, 7)),
    key=lambda account: int(account.address, 16),
)


MARKET = """
# pragma version 0.4.3
# What a surface asks of its market: which slot an expiry has.
held: uint256[8]
open: uint256

@external
def set_open(slots: uint256):
    self.open = slots

@external
def list_expiry(expiry: uint256):
    for slot: uint256 in range(8):
        if self.held[slot] == expiry:
            return
    for slot: uint256 in range(8):
        if self.held[slot] <= block.timestamp:
            self.held[slot] = expiry
            return
    raise "book: no free slot"

@external
@view
def slot_of(expiry: uint256) -> uint256:
    for slot: uint256 in range(8):
        if self.held[slot] == expiry:
            return slot | (self.open << 8)
    raise "book: expiry not listed"
"""


@dataclass(frozen=True)
class Read:
    """A reading of some expiries, by expiry."""

    slices: dict[int, int]
    beside: dict[int, int]
    times: dict[int, int]
    oldest: int


@dataclass
class Bench:
    """Posts slices as a relayer would; everything has a good default."""

    surface: Any
    guardian: Any
    market: Any
    domain: SurfaceDomain = field(init=False)

    def __post_init__(self) -> None:
        chain = env.engine.chain_id
        self.domain = SurfaceDomain(chain, self.surface.address, self.market.address)

    def expiry(self, days: int) -> int:
        return (env.timestamp // DAY + days) * DAY + 8 * 3_600

    def signed(self, expiry: int, slice_: Slice | int = FLAT, **changes: Any) -> list[Any]:
        post = SlicePost(
            expiry=expiry,
            slice_word=slice_ if isinstance(slice_, int) else pack(slice_),
            valid_from=env.timestamp,
        )
        keys = changes.pop("keys", KEYS[:2])
        domain = replace(self.domain, **changes.pop("domain", {}))
        post = replace(post, **changes)
        signatures = [astuple(signature) for signature in sign(domain, post, keys)]
        return [post.expiry, post.slice_word, post.valid_from, signatures]

    def post(self, expiry: int, slice_: Slice | int = FLAT, **changes: Any) -> None:
        """Post for an expiry, listed for it where it was not."""
        self.market.list_expiry(expiry)
        self.surface.post(*self.signed(expiry, slice_, **changes))

    def reads(self, *expiries: int) -> Read:
        slots = {expiry: self.market.slot_of(expiry) for expiry in expiries}
        asked = [0] * 8
        for expiry, slot in slots.items():
            asked[slot] = expiry
        found = self.surface.read(asked)
        return Read(
            {e: found.slices[slot] for e, slot in slots.items()},
            {e: found.beside[slot] for e, slot in slots.items()},
            {e: found.times >> 32 * slot & 2**32 - 1 for e, slot in slots.items()},
            found.oldest,
        )


@pytest.fixture(scope="session")
def bench_once() -> Bench:
    owner = env.generate_address("owner")
    guardian = env.load(
        "Guardian", owner, [owner], [owner], [key.address for key in KEYS],
        2 * DAY, terms.defaults(), owner, 0,
    )  # fmt: skip
    market = env.loads(MARKET)
    surface = env.load("VolSurface", market, guardian, 2)
    return Bench(surface, guardian, market)


@pytest.fixture
def bench(bench_once: Bench) -> Any:
    with env.anchor():
        yield bench_once

"""Gas of whole transactions on anvil, with the perpetual exchange's own bytecode under them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.registry import Row, benchmark
from tandem.engine import open_engine
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import create_address
from tandem.engine.base import Receipt
from tandem.feeds.surface import SMILE
from tandem.model import svi
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.roles import Roles
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import DAY, USD, WAD, YEAR
from tandem.venues import Exchange, Opening, VenueRecipe, recipe
from tandem.venues.curie import Curie
from tandem.venues.curie import recipe as curie_recipe

SPOT = 2_500

CALLS = ((2_500, 4_700), (2_550, 4_800), (2_600, 4_900), (2_650, 5_000), (2_700, 5_100))
PUTS = (2_250, 2_300, 2_350, 2_400, 2_450, 2_525)
DAYS = (9, 14, 19, 24, 29, 34, 39, 44)
LIFE = ((5, 6), (2, 2), (2, 2), (2, 3), (2, 3), (2, 2))  # 16 nodes and five times 6 or 7: 48


@dataclass(slots=True)
class Bench:
    """A funded deployment, and an account of somebody else's."""

    engine: AnvilEngine
    exchange: Exchange
    tandem: Tandem
    expiries: list[int]
    stranger: str
    ours: frozenset[str]
    """Addresses of what is deployed for this market, in small letters: the rest was there."""

    def post(self) -> None:
        """A fresh surface for every expiry."""
        now = self.engine.now()
        shape = SMILE[0].normalised()
        self.tandem.post(
            {e: svi.pack(shape.at(e, 0.6, (e - now) / YEAR, 0.03, 1.0)) for e in self.expiries}
        )
        self.engine.advance(61)

    def move(self, usd: int) -> None:
        """The price by so much, the pool after it, and its average too."""
        self.exchange.set_index((SPOT + usd) * WAD)
        self.exchange.converge()
        self.engine.advance(600)
        self.exchange.set_index((SPOT + usd) * WAD)

    def stock(self, per_expiry: Sequence[Series]) -> None:
        """Sell a little of each series, so that its nodes carry something."""
        for series in per_expiry:
            self.tandem.mint(series, 20_000)


@contextmanager
def bench_of(
    shapes: Sequence[tuple[int, int]], *, bounty: bool = False, on: VenueRecipe = curie_recipe
) -> Generator[Bench]:
    """A deployment with 20M USD of capital, posted surfaces, and one expiry for each shape (calls,
    puts), which lists the strikes of those series and no others. bounty: where gas costs something; on: what
    the hedge stands on."""
    with AnvilEngine() as engine:
        exchange = on.open(engine, SPOT * WAD, Opening())
        settings = DeploySettings()
        if bounty:  # the engine has no base fee
            fees = engine.deploy(compile_vyper("DataFees"), sender=exchange.owner)
            fees.send("say", 10**15, sender=exchange.owner)
            settings = DeploySettings(data_fees=fees.address)
        roles = Roles.local(engine)
        first = engine.nonce(roles.deployer)
        tandem = deploy_tandem(engine, exchange, settings, roles)
        nonces = range(first, engine.nonce(roles.deployer))
        ours = frozenset(create_address(roles.deployer, n).lower() for n in nonces)
        exchange.set_index(SPOT * WAD)
        tandem.deposit(20_000_000 * USD)
        tandem.give(tandem.trader, 10_000_000 * USD)
        tandem.desk.send("top_up", sender=tandem.keeper)
        listed = [next_expiry(engine.now(), days) for days in DAYS[: len(shapes)]]
        for expiry, shape in zip(listed, shapes, strict=True):
            tandem.list_expiry(expiry, strikes_of(*shape))
        bench = Bench(engine, exchange, tandem, listed, engine.accounts[6], ours)
        bench.post()
        yield bench


def strikes_of(calls: int, puts: int) -> list[int]:
    """The nodes of such an expiry."""
    return sorted({k for pair in CALLS[:calls] for k in pair} | set(PUTS[:puts]))


def book_of(expiry: int, calls: int, puts: int) -> list[Series]:
    """Series of an expiry: a call is two nodes, its strike and its cap; a put is one."""
    found = [Series(expiry, False, k, cap) for k, cap in CALLS[:calls]]
    return found + [Series(expiry, True, k) for k in PUTS[:puts]]


def _overhead(calls: int, puts: int, expiries: int) -> tuple[int, int]:
    """Gas of a mint, and of the same order bare, over a book of that size: from an account that already holds
    a position of the same sign."""
    with bench_of([(calls, puts)] * expiries) as b:
        curie = b.exchange
        assert isinstance(curie, Curie)
        curie.deposit(b.stranger, 1_000_000 * USD)
        for expiry in b.expiries:
            b.stock(book_of(expiry, calls, puts))
        b.post()
        series = book_of(b.expiries[0], 1, 0)[0]
        b.tandem.mint(series, 500_000)
        curie.open(b.stranger, WAD)
        receipt = b.tandem.mint(series, 1_000_000)
        order = receipt.events("Hedged")[0]["order"]
        b.engine.advance(1)
        return receipt.gas_used, curie.open(b.stranger, order).gas_used


def _mint_row(name: str, book: tuple[int, int, int], goal: int) -> Row:
    whole, bare = _overhead(*book)
    return Row(
        name=f"mint less the same hedge bare, {name}",
        value=whole - bare,
        unit="gas",
        goal=f"≤ {goal:,}",
        peer="900,000–1,300,000, hedged later by somebody else",
        peer_source="Lyra's own tests",
        details={"whole": whole, "bare": bare},
    )


@benchmark("gas")
def mint_overhead() -> Iterable[Row]:
    """What an option adds to the hedge that it trades with."""
    yield _mint_row("8 series", (2, 2, 2), 245_000)
    yield _mint_row("64 nodes", (3, 2, 8), 415_000)
    yield _mint_row("128 nodes", (5, 6, 8), 570_000)


def _venue_gas(b: Bench, receipt_of: Any) -> tuple[int, int]:
    """Gas of a transaction, and of that what its calls to the venue adapter took."""
    contract, fn, args, sender = receipt_of
    data = contract.abi.function(fn, len(args)).encode(args)
    call = {
        "from": sender,
        "to": contract.address,
        "data": "0x" + data.hex(),
        "gas": hex(15 * 10**6),
    }
    trace = b.engine.trace(call)
    receipt: Receipt = b.engine.send(contract, fn, *args, sender=sender)
    return receipt.gas_used, _inside(trace, b.tandem.venue.address.lower())


def _inside(frame: dict[str, Any], address: str) -> int:
    if str(frame.get("to", "")).lower() == address:
        return int(frame["gasUsed"], 16)
    return sum(_inside(call, address) for call in frame.get("calls", []))


@benchmark("gas")
def life_cycle() -> Iterable[Row]:
    """Everything else that people send, over 48 nodes on six expiries; settle with 16 nodes."""
    with bench_of(LIFE) as b:
        yield from _life_rows(b)


def _life_rows(b: Bench) -> Iterator[Row]:
    tandem, engine = b.tandem, b.engine
    for expiry, shape in zip(b.expiries, LIFE, strict=True):
        b.stock(book_of(expiry, *shape))
    b.post()
    series = book_of(b.expiries[0], 1, 0)[0]
    tandem.mint(series, 2_000_000)
    lp, trader, keeper = tandem.lp, tandem.trader, tandem.keeper
    market, vault = tandem.market, tandem.vault
    close = (series.id, 1_000_000, 0, 0, 2**256 - 1, trader)
    yield _row("close with partial fill", _venue_gas(b, (market, "close", close, trader)), 430_000)
    tandem.give(lp, 1_000_000 * USD)
    deposit = (vault, "deposit", (100_000 * USD, lp), lp)
    yield _row("deposit, 48 nodes", _venue_gas(b, deposit), 370_000)
    shares = vault.call("balanceOf", lp) // 100
    request = (vault, "requestRedeem", (shares, lp, lp), lp)
    yield _row("request an exit", _venue_gas(b, request), 115_000)
    engine.advance(DAY + 3_700)
    b.exchange.set_index(SPOT * WAD)
    b.post()
    yield _row(
        "process one epoch, 48 nodes", _venue_gas(b, (vault, "process", (1,), keeper)), 380_000
    )
    ready = vault.call("maxRedeem", lp)
    yield _row("claim", _venue_gas(b, (vault, "redeem", (ready, lp, lp), lp)), 60_000)
    b.exchange.set_index((SPOT - 30) * WAD)
    engine.set_time(b.expiries[0])
    b.exchange.set_index((SPOT + 100) * WAD)
    round_id = b.exchange.feed.call("latestRoundData")[0]
    settle = (market, "settle", (b.expiries[0], round_id), keeper)
    yield _row("settle, 16 nodes", _venue_gas(b, settle), 130_000)
    units = tandem.balance_of(series)
    redeem = (market, "redeem", (series.id, units, trader, trader), trader)
    yield _row("redeem", _venue_gas(b, redeem), 75_000)


def _row(name: str, gas: tuple[int, int], goal: int) -> Row:
    whole, venue = gas
    return Row(
        name=name,
        value=whole - venue,
        unit="gas",
        goal=f"≤ {goal:,}",
        details={"whole": whole, "venue": venue},
    )


@benchmark("gas")
def rebalances() -> Iterable[Row]:
    """A chunk of the residual brought home over 48 nodes: by anybody, and by a bot that is paid for it."""
    with bench_of(LIFE, bounty=True) as b:
        t = b.tandem
        for expiry, shape in zip(b.expiries, LIFE, strict=True):
            b.stock(book_of(expiry, *shape))
        b.post()
        series = book_of(b.expiries[0], 1, 0)[0]
        for _ in range(4):
            t.mint(series, 40_000_000)
        b.move(60)
        t.rebalance()
        b.engine.advance(60)
        yield _row(
            "rebalance, 48 nodes", _venue_gas(b, (t.market, "rebalance", (0,), t.keeper)), 300_000
        )
        b.engine.advance(60)
        yield _row("stamp, 48 nodes", _venue_gas(b, (t.bounty, "stamp", (), t.keeper)), 340_000)
        b.engine.advance(600)
        b.exchange.set_index((SPOT + 60) * WAD)
        paid = (t.bounty, "rebalance", (0, t.keeper, 1), t.keeper)
        yield _row("rebalance through the bounty", _venue_gas(b, paid), 400_000)


@benchmark("gas")
def marks() -> Iterable[Row]:
    """What it takes anybody to mark the book for the gate and have the breaker look: all of it."""
    for name, (calls, puts, expiries) in (
        ("an empty book", (2, 2, 0)), ("8 series", (2, 2, 2)), ("128 nodes", (5, 6, 8)),
    ):  # fmt: skip
        with bench_of([(calls, puts)] * max(expiries, 1)) as b:
            for expiry in b.expiries[:expiries]:
                b.stock(book_of(expiry, calls, puts))
            b.post()
            spent: list[int] = []
            for _ in range(2):  # the first writes where nothing was
                b.engine.advance(60)
                receipt = b.engine.send(b.tandem.stress, "remark", sender=b.stranger)
                spent.append(receipt.gas_used)
        yield Row(name=f"mark for the gate, {name}", value=spent[-1], unit="gas")


EVERY_VENUE = ("curie+aave+morpho", "morpho4")
"""Between them deployments have every contract."""


def code_sizes() -> dict[str, int]:
    """Bytes of code of every contract that a deployment may have, as it is deployed."""
    sizes: dict[str, int] = {}
    for name in EVERY_VENUE:
        engine = open_engine("pyrevm")
        tandem = deploy_tandem(engine, recipe(name).open(engine, SPOT * WAD, Opening()))
        sizes |= {one: len(engine.code(each)) for one, each in tandem.contracts.items()}
    return sizes


@benchmark("gas")
def contract_sizes() -> Iterable[Row]:
    """The largest contract of all that a deployment may have, in bytes of code that is deployed."""
    sizes = code_sizes()
    largest = max(sizes, key=lambda name: sizes[name])
    yield Row(
        name=f"largest contract ({largest})",
        value=sizes[largest],
        unit="bytes",
        goal="≤ 20,000",
        peer="24,576",
        peer_source="the chain's limit (EIP-170)",
        details={name: float(size) for name, size in sizes.items()},
    )

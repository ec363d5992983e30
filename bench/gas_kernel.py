"""Gas of the on-chain mathematics: whole transactions on anvil, as differences.

Each figure is a transaction less one that carries the same words to a function that ignores them,
so that neither the 21,000 nor the calldata counts; a node is the difference between two counts.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from bench.registry import Row, benchmark
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.units import DAY, WAD, YEAR

NOW = 1_700_000_000
SPOT = 2_500


def _bits(value: int, width: int) -> int:
    return value % 2**width


def slice_word(a: float, b: float, rho: float, m: float, s: float, basis: float) -> int:
    """A packed slice at sticky strike."""
    return (
        _bits(round(a * 1e15), 56)
        | _bits(round(b * 1e15), 56) << 56
        | _bits(round(rho * 1e9), 32) << 112
        | _bits(round(m * 1e11), 40) << 144
        | _bits(round(s * 1e11), 40) << 184
        | _bits(round(basis * 1e6), 24) << 224
        | 100 << 248
    )


SMILE = slice_word(0.25, 0.3, -0.2, 0.03, 0.15, 0.04)


def row_of(index: int, count: int, rng: random.Random) -> list[int]:
    """One expiry: header, slice and four node words. No slope is left beyond the last node."""
    strikes = sorted(rng.sample(range(SPOT * 6 // 10, SPOT * 3), count))
    sizes = [rng.randint(-50_000_000, 50_000_000) for _ in strikes]
    sizes[-1] -= sum(sizes)
    nodes = [k << 40 | _bits(size, 40) for k, size in zip(strikes, sizes, strict=True)]
    nodes += [0] * (16 - count)
    words = [
        sum(n << 64 * (3 - j) for j, n in enumerate(nodes[i : i + 4])) for i in range(0, 16, 4)
    ]
    most = 2**60 - 1  # a maximum that clamps no mark
    return [count | NOW + 7 * DAY * (index + 1) << 8 | most << 196, SMILE, *words]


class _Bench:
    """Risk and its harness on anvil."""

    def __init__(self, engine: AnvilEngine) -> None:
        self.engine = engine
        self.risk = engine.deploy(compile_vyper("Risk"))
        self.harness = engine.deploy(compile_vyper("KernelHarness"))

    def gas(self, contract: Any, fn: str, *args: Any) -> int:
        return self.engine.send(contract, fn, *args, sender=self.engine.accounts[1]).gas_used

    def over(self, fn: str, *args: Any) -> int:
        """Less the same words, ignored."""
        return self.gas(self.risk, fn, *args) - self.gas(self.harness, f"ignore_{fn}", *args)


@benchmark("gas_kernel")
def kernel() -> Iterable[Row]:
    """Every figure of the kernel."""
    with AnvilEngine() as engine:
        bench = _Bench(engine)
        yield from _nodes(bench)
        yield from _books(bench)
        yield from _payoffs(bench)


def _nodes(bench: _Bench) -> Iterable[Row]:
    head = (SMILE, SPOT * WAD, 28 * DAY, row_of(3, 16, random.Random(5))[2:])
    few, many = (bench.gas(bench.harness, "warm_node", *head, n, 0) for n in (2, 16))
    yield Row(
        "value, delta, gamma, vega (and theta) of one node incl. SVI and ln K, warm",
        (many - few) / 14,
        "gas",
        "≤ 2,600",
        "Rysk 40k (1.6e-7 S), Lyra 53k (2e-16 S), Premia 152k (4e-7)",
        "their own tests and contracts",
    )
    yield Row(
        "one option on its forward, value and four Greeks",
        bench.gas(bench.risk, "price", False, SPOT * WAD, SPOT * WAD, 0, YEAR // 12, WAD // 2)
        - 21_000,
        "gas, with calldata",
    )


def _books(bench: _Bench) -> Iterable[Row]:
    rng = random.Random(1)
    book = [row_of(i, 8, rng) for i in range(8)]
    yield Row(
        "exact book delta (with gamma and vega), 64 nodes in 8 expiries",
        bench.over("exposure", book, SPOT * WAD, NOW),
        "gas",
        "≤ 145,000",
        "nobody in the trade; Lyra's board update ~14.6M for 25 strikes",
        "its own tests",
    )
    yield Row(
        "value and Greeks of 64 nodes (marks at mid, bid and ask)",
        bench.over("marks", book, SPOT * WAD, NOW, WAD // 50),
        "gas",
        "≤ 205,000",
        "Derive's margin test: 17M for 16 options",
        "its own tests",
    )
    query = (NOW + 20 * DAY, False, 2_600, 5_200, SMILE, 0)
    none = [[0] * 6] * 8
    empty = bench.gas(bench.risk, "exposure", none, SPOT * WAD, NOW)
    yield Row(
        "one capped series beside an exposure",
        bench.gas(bench.risk, "assess", none, SPOT * WAD, NOW, query) - empty,
        "gas, with calldata",
    )


def _payoffs(bench: _Bench) -> Iterable[Row]:
    row = row_of(0, 16, random.Random(2))
    head = (row[0], row[2:])
    yield Row("floor of one expiry, 16 nodes", bench.over("maximum", *head), "gas", "≤ 5,000")
    peak = bench.engine.call(bench.risk, "maximum", *head)
    close = (*head, False, 2_600, 5_200, 10**6, 200 * 10**6, peak + 10**9)
    yield Row(
        "partial close in closed form, 16 nodes",
        bench.over("max_close", *close),
        "gas",
        "≤ 18,000",
    )

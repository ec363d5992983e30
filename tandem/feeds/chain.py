"""A recorded option chain: smile shapes by tenor, and what is traded, for paths of other dates.

Chain and candles need not overlap: a shape is in standard deviations and a menu in tenor and
delta, so both are anchored to the spot and volatility of any path. Log-moneyness is taken against
each expiry's own forward (a snapshot's index is not simultaneous with it); rows without a forward
are dropped, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtr

from tandem.feeds.errors import (
    ChainUnitError,
    ChainValueError,
    ColumnTypeError,
    ThinChainError,
)
from tandem.feeds.flow import Menu
from tandem.feeds.surface import Shape
from tandem.feeds.tabular import Float, Int, epoch_seconds, floats, read_frame
from tandem.model.fit import MIN_QUOTES, fit_slices
from tandem.units import DAY, YEAR

COLUMNS = ("timestamp", "expiry", "strike", "option_type", "mark_iv", "open_interest", "forward")
TENORS = (7.0, 14.0, 30.0, 60.0)
"""Days around which shapes are taken."""

PERCENT = 5.0
"""A middle volatility of 500 % was never quoted; one of 5 % in percent neither."""
MOST = 1e15
"""Of what is summed over rows."""
_REACH = 2.5
"""Standard deviations from the forward within which quotes shape a smile."""
_GRID = np.linspace(-2.0, 2.0, 33)
_TYPES = {"call": False, "put": True, "c": False, "p": True}


@dataclass(frozen=True, slots=True)
class Chain:
    """Quotes with a forward and time left, ordered by snapshot, expiry, strike. All arrays [n]."""

    timestamp: Int
    expiry: Int
    strike: Float
    is_put: npt.NDArray[np.bool_]
    mark_iv: Float
    """1.0 = 100 %."""
    vega: Float
    """USD per vol point; NaN where the file has none."""
    open_interest: Float
    forward: Float
    dropped: int
    """Rows left out: no forward, no volatility, or already expired."""
    source: str

    def __len__(self) -> int:
        return len(self.strike)

    @property
    def tau(self) -> Float:
        """Years to expiry."""
        return (self.expiry - self.timestamp) / YEAR

    @property
    def log_moneyness(self) -> Float:
        """ln(K / F)."""
        return np.log(self.strike / self.forward)


@dataclass(frozen=True, slots=True)
class Smiles:
    """One fitted slice per snapshot and expiry. All arrays [n]; svi [n, 5] = a, b, rho, m, s."""

    timestamp: Int
    expiry: Int
    forward: Float
    atm_vol: Float
    svi: Float

    @property
    def tenor_days(self) -> Float:
        """Days from snapshot to expiry."""
        return (self.expiry - self.timestamp) / DAY


def load(path: str | Path) -> Chain:
    """A chain from a Parquet or CSV file. Raises a FeedError that names what is wrong."""
    path = Path(path)
    frame = read_frame(path, COLUMNS, "option chain")
    timestamp, expiry = (epoch_seconds(frame, name, path) for name in ("timestamp", "expiry"))
    strike, iv, interest, forward = (
        floats(frame, name, path) for name in ("strike", "mark_iv", "open_interest", "forward")
    )
    nothing = np.full(frame.height, np.nan)
    vega = floats(frame, "vega", path) if "vega" in frame.columns else nothing
    _check(path, "strike", strike, np.isfinite(strike) & (strike > 0), "above 0")
    _check(path, "forward", forward, np.isnan(forward) | (forward > 0), "above 0, or empty")
    _check_unit(path, iv)
    _check(
        path, "mark_iv", iv, np.isnan(iv) | ((iv >= 0) & (iv < 50)), "from 0 to 50 (1.0 = 100 %)"
    )
    for name, values in (("open_interest", interest), ("vega", vega)):
        good = np.isnan(values) | ((values >= 0) & (values <= MOST))
        _check(path, name, values, good, f"from 0 to {MOST:.0e}, or empty")
    is_put = _puts(frame, path)
    keep = np.isfinite(forward) & (iv > 0) & (expiry > timestamp)
    if not keep.any():
        raise ThinChainError(
            f"{path} has no row with a forward, a volatility and time to expiry",
            "give a chain with `forward` and `mark_iv` filled",
        )
    order = np.flatnonzero(keep)
    order = order[np.lexsort((strike[order], expiry[order], timestamp[order]))]
    return Chain(
        timestamp=timestamp[order], expiry=expiry[order], strike=strike[order],
        is_put=is_put[order], mark_iv=iv[order], vega=vega[order],
        open_interest=np.nan_to_num(interest[order]), forward=forward[order],
        dropped=int(len(keep) - keep.sum()), source=str(path),
    )  # fmt: skip


def _check_unit(path: Path, iv: Float) -> None:
    """By the middle one: a wing may be quoted at more than PERCENT on its last day. Raises ChainUnitError."""
    known = iv[np.isfinite(iv) & (iv > 0)]
    if len(known) and (middle := float(np.median(known))) >= PERCENT:
        raise ChainUnitError(
            f"{path} has its mark_iv in percent: the middle one is {middle:g}",
            "divide the column by 100: 1.0 is 100 %",
        )


def _check(path: Path, name: str, values: Float, good: npt.NDArray[np.bool_], rule: str) -> None:
    if not good.all():
        row = int(np.argmin(good))
        raise ChainValueError(
            f"row {row + 1} of {path} has {name} = {values[row]}",
            f"{name} must be {rule}: drop or repair the row",
        )


def _puts(frame: pl.DataFrame, path: Path) -> npt.NDArray[np.bool_]:
    column = frame.get_column("option_type")
    if column.dtype.is_nested() or isinstance(column.dtype, pl.Binary | pl.Object):
        raise ColumnTypeError(
            f"column option_type of {path} is no text: type {column.dtype}",
            "write call or put in every row",
        )
    texts = column.cast(pl.String).fill_null("").str.to_lowercase()
    known = texts.is_in(list(_TYPES))
    if not known.all():
        row = int((~known).arg_max() or 0)
        raise ChainValueError(
            f"row {row + 1} of {path} has option_type = {texts[row]!r}",
            "write call or put in every row",
        )
    return np.asarray(texts.is_in(["put", "p"]).to_numpy(), dtype=np.bool_)


def smiles(chain: Chain, min_days: float = 4.0, max_days: float = 100.0) -> Smiles:
    """SVI per snapshot and expiry, from out-of-the-money marks near the forward."""
    k, days = chain.log_moneyness, chain.tau * 365.0
    width = chain.mark_iv * np.sqrt(chain.tau)
    use = (chain.is_put == (k < 0)) & (np.abs(k) < _REACH * width)
    use &= (days >= min_days) & (days <= max_days)
    rows = np.flatnonzero(use)
    breaks = np.diff(chain.timestamp[rows]) | np.diff(chain.expiry[rows])
    groups = np.split(rows, np.flatnonzero(breaks) + 1) if len(rows) else []
    groups = [group for group in groups if len(group) >= MIN_QUOTES + 1]
    if not groups:
        raise ThinChainError(
            f"{chain.source} has no expiry with {MIN_QUOTES + 1} quotes near its forward",
            f"give a chain with expiries of {min_days:.0f} to {max_days:.0f} days",
        )
    used, first = np.concatenate(groups), np.array([group[0] for group in groups])
    starts = np.concatenate([[0], np.cumsum([len(group) for group in groups])])
    iv, tau = chain.mark_iv[used], chain.tau[first]
    svi = fit_slices(starts, k[used], 0.99 * iv, 1.01 * iv, tau)
    atm = np.sqrt(_variance(svi, np.zeros((len(svi), 1)))[:, 0])
    return Smiles(chain.timestamp[first], chain.expiry[first], chain.forward[first], atm, svi)


def _variance(svi: Float, k: Float) -> Float:
    """Annual variance of slices [n, 5] at log-moneyness [n, m] -> [n, m]."""
    a, b, rho, m, s = (svi[:, i : i + 1] for i in range(5))
    return a + b * (rho * (k - m) + np.hypot(k - m, s))


def shapes(fitted: Smiles, tenors: tuple[float, ...] = TENORS) -> tuple[Shape, ...]:
    """The median smile around each tenor, in standard deviations; tenors without data are left out."""
    width = fitted.atm_vol * np.sqrt((fitted.expiry - fitted.timestamp) / YEAR)
    curve = _variance(fitted.svi, _GRID[None, :] * width[:, None]) / fitted.atm_vol[:, None] ** 2
    made = []
    for tenor in tenors:
        near = np.abs(np.log(fitted.tenor_days / tenor)) < 0.3
        if near.sum() < 3:
            continue
        made.append(
            _shape(tenor, float(np.median(fitted.atm_vol[near])), np.median(curve[near], 0))
        )
    if not made:
        raise ThinChainError(
            "the chain has too few smiles around any of the tenors asked for",
            f"give more snapshots, or other tenors than {', '.join(map(str, tenors))} days",
        )
    return tuple(made)


def _shape(tenor: float, vol: float, curve: Float) -> Shape:
    """SVI through one standardised curve on the grid, free of butterflies at that level of vol."""
    tau = tenor / 365.0
    width = vol * np.sqrt(tau)
    level = vol * np.sqrt(curve)
    a, b, rho, m, s = fit_slices(
        [0, len(_GRID)], _GRID * width, 0.995 * level, 1.005 * level, [tau]
    )[0].tolist()
    square = vol * vol
    return Shape(tenor, a / square, b * width / square, rho, m / width, s / width).normalised()


def menu(chain: Chain, min_days: float = 7.0, max_days: float = 45.0) -> Menu:
    """What is held, as what is traded: open interest by type, tenor and |delta|.

    Weighted with vega where the file has it, so that strikes left far behind do not count.
    """
    days = chain.tau * 365.0
    width = chain.mark_iv * np.sqrt(chain.tau)
    call_delta = ndtr(-chain.log_moneyness / width + 0.5 * width)
    delta = np.where(chain.is_put, 1.0 - call_delta, call_delta)
    weight = chain.open_interest * np.where(np.isfinite(chain.vega), chain.vega, 1.0)
    use = (days >= min_days) & (days <= max_days) & (weight > 0) & (delta > 0.02) & (delta < 0.7)
    if not use.any():
        raise ThinChainError(
            f"{chain.source} has no open interest at {min_days:.0f} to {max_days:.0f} days",
            "give a chain with `open_interest` filled",
        )
    frame = pl.DataFrame(
        {"put": chain.is_put[use], "days": days[use], "delta": delta[use], "weight": weight[use]}
    ).with_columns(
        week=(pl.col("days") / 4.0).floor(),
        step=(pl.col("delta") / 0.05).floor(),
    )
    held = (
        frame.group_by("put", "week", "step")
        .agg(
            (pl.col("days") * pl.col("weight")).sum() / pl.col("weight").sum(),
            (pl.col("delta") * pl.col("weight")).sum() / pl.col("weight").sum(),
            pl.col("weight").sum(),
        )
        .sort("put", "week", "step")
    )
    share = held["weight"].to_numpy()
    return Menu(
        is_put=held["put"].to_numpy(), tenor_days=held["days"].to_numpy(),
        abs_delta=held["delta"].to_numpy(), weight=share / share.sum(),
    )  # fmt: skip


def opened(chain: Chain, min_days: float = 7.0, max_days: float = 45.0) -> Float:
    """How much was opened: each rise of a series' open interest from one snapshot to the next, ETH [n],
    where there was one. Empty for a chain of one snapshot.

    It is what a chain says of sizes: the net of some hours' trades, whose proportions count alone. They
    hardly differ by tenor and delta, so they are of no series.
    """
    frame = pl.DataFrame(
        {"expiry": chain.expiry, "strike": chain.strike, "put": chain.is_put,
         "time": chain.timestamp, "days": chain.tau * YEAR / DAY, "held": chain.open_interest}
    )  # fmt: skip
    rises = (
        frame.sort("expiry", "strike", "put", "time")
        .with_columns(rise=pl.col("held").diff().over("expiry", "strike", "put"))
        .filter(pl.col("days").is_between(min_days, max_days) & (pl.col("rise") > 0.0))
    )
    return np.sort(rises["rise"].to_numpy())

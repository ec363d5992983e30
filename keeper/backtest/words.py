"""What a back-test found, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from keeper.backtest.judging import CLOCKS, Estimate
from keeper.backtest.outcomes import Outcome
from keeper.backtest.session import Asked, Found, Judged, Span
from tandem.feeds.tabular import utc
from tandem.terminal.common import table, told

HEAD = (
    "policy", "cost of a clock as exact", "90 %", "error over the 8 h clock's", "orders over its",
    "cost, % of spot", "error, %", "as calibrated: cost", "error",
)  # fmt: skip
UNKNOWN = "–"


def shown(number: float, form: str = ".3f") -> str:
    """A number, or a dash where there is none."""
    return format(number, form) if isfinite(number) else UNKNOWN


def between(estimate: Estimate) -> str:
    """`0.52 to 0.60`."""
    if not isfinite(estimate.low):
        return UNKNOWN
    return f"{estimate.low:.3f} to {estimate.high:.3f}"


def name(judged: Judged) -> str:
    """The policy with its settings as they were frozen."""
    given = judged.policy.settings(judged.value)
    values = ",".join(f"{key}={value:.4g}" for key, value in sorted(given.items(), reverse=True))
    return f"{judged.policy.name}:{values}" if values else judged.policy.name


def cells(found: Found) -> list[tuple[str, ...]]:
    """One row a policy."""
    return [
        (
            name(each),
            shown(each.test.cost_ratio.value),
            between(each.test.cost_ratio),
            shown(each.test.error_ratio.value),
            shown(each.test.trades_ratio.value),
            shown(each.test.outcome.cost),
            shown(each.test.outcome.error),
            shown(each.train.cost_ratio.value),
            shown(each.train.error_ratio.value),
        )
        for each in found.judged
    ]


def lines(found: Found) -> list[str]:
    """For a terminal."""
    if not found.judged:
        return ["Nothing is finished."]
    seen = (
        f"Calibrated on {found.asked.train}, frozen, judged on {found.asked.test}: "
        f"{found.judged[0].test.episodes} episodes, none of them seen before."
    )
    said = [verdict(each) for each in found.judged]
    said += [unmet(each) for each in found.judged if not each.met]
    return [
        *told("", about(found.asked)),
        *told("", seen),
        *table([HEAD, *cells(found)]),
        *(line for each in said for line in told("", each)),
    ]


def about(asked: Asked) -> str:
    """What was sold and what an order costs."""
    costs = asked.costs
    capital = f", {costs.nav:,.0f} USD of capital behind it" if isfinite(costs.nav) else ""
    chain = f", volatility as {asked.chain} quoted it" if asked.chain else ""
    return (
        f"Book {asked.book} of {costs.size:g} ETH; an order costs {1e4 * costs.cost:g} bp and "
        f"{costs.gas:g} USD{capital}{chain}."
    )


def verdict(judged: Judged) -> str:
    """One sentence."""
    ratio, test = judged.test.cost_ratio, judged.test
    if not isfinite(ratio.value):
        unlike = _unlike(judged)
        return (
            f"{judged.policy.name}: no clock of 2 to 96 hours {unlike}, so its cost is beside none."
        )
    costs = f"{judged.policy.name}: on days it has not seen it costs {ratio.value:.2f}"
    costs += f" ({ratio.low:.2f} to {ratio.high:.2f})" if isfinite(ratio.low) else ""
    return (
        f"{costs} of what a clock costs that is as exact, with {test.trades_ratio.value:.2f} of the 8 h "
        f"clock's orders and {test.error_ratio.value:.2f} of its tracking error."
    )


def _unlike(judged: Judged) -> str:
    """What no clock is that a policy is."""
    if judged.test.yardstick.cost <= 0.0:
        return "costs anything"
    return "is as exact" if judged.test.error_ratio.value < 1.0 else "is as loose"


def unmet(judged: Judged) -> str:
    """Why a calibrated setting stands at the end of its range."""
    swept = judged.policy.swept
    setting = swept.setting if swept else ""
    return (
        f"{judged.policy.name}: no {setting} in its range has the error that was wanted; the nearest end "
        "was taken. Give another range, or more --nav where the contract's band binds."
    )


def as_json(found: Found) -> dict[str, Any]:
    """Everything, for programs. Costs and errors in % of the first spot per unit of notional."""
    asked = found.asked
    return {
        "complete": found.complete,
        "prices": list(asked.files),
        "chain": asked.chain or None,
        "book": asked.book,
        "size_eth": asked.costs.size,
        "cost": asked.costs.cost,
        "gas_usd": asked.costs.gas,
        "nav_usd": asked.costs.nav,
        "margin": asked.margin,
        "train": _span(asked.train, found.train_clocks),
        "test": _span(asked.test, found.test_clocks),
        "policies": [
            {
                "policy": each.policy.name,
                "settings": each.policy.settings(each.value),
                "calibrated": each.policy.swept.setting if each.policy.swept else None,
                "met": each.met,
                "train": asdict(each.train),
                "test": asdict(each.test),
                "swept": [
                    {"value": value, "train": asdict(train), "test": asdict(test)}
                    for value, train, test in each.swept
                ],
            }
            for each in found.judged
        ],
    }


def _span(span: Span, clocks: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "begin": utc(span.begin),
        "end": utc(span.end),
        "clocks": [
            {"hours": hours, **asdict(each)} for hours, each in zip(CLOCKS, clocks, strict=False)
        ],
    }

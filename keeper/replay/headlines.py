"""What a run says of itself in words and figures, the same on a page and on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from keeper.pages.page import Banner, Card, Item
from keeper.pages.palette import Tone, of_cost, of_gain
from tandem.protocol.reverts import explain

DAYS_PER_YEAR = 365.0
STRESS = (
    "prices run through the extremes of every candle, which has several times the "
    "variance of the price that was recorded. It shows what holds, not what is earned: no profit "
    "may be read off it."
)
POOL_LAG = (
    "Pool lag stands apart: it is what a pool that had not yet followed the index gave or took, and "
    "no profit of the protocol's."
)
KINDS = ("opens", "closes")
"""What traders send."""
COSTS = frozenset({"hedge_cost"})
"""Causes that are costs: shown as losses, and never as gains."""
UNJUDGED = frozenset({"pool_lag", "residual"})
"""Causes that are neither earned nor lost by the protocol."""
SIZES = {
    "drawn": "lognormal",
    "recorded": "of the chain's openings, scaled to the same mean; strikes by delta on the "
    "replay's own ladder",
}

Summary = Mapping[str, Any]


def number(values: Summary, key: str) -> float:
    """The figure of that name; 0 where there is none."""
    value = values.get(key)
    return float(value) if value is not None else 0.0


def signed(value: float) -> str:
    """+$1,234 or −$12.00; nothing has no sign."""
    if round(value, 2) == 0:
        return "$0"
    sign = "−" if value < 0 else "+"
    return f"{sign}${abs(value):,.0f}" if abs(value) >= 100 else f"{sign}${abs(value):,.2f}"


def percent(value: float, places: int = 2) -> str:
    """+1.25 % or −0.50 %."""
    return f"{value:+.{places}f} %".replace("-", "−")


def term_tone(name: str, value: float) -> Tone:
    """The tone of a cause of profit, USD above 0 for a gain."""
    if name in UNJUDGED:
        return Tone.PLAIN
    return of_cost(-value) if name in COSTS else of_gain(value)


def is_stress(summary: Summary) -> bool:
    """Whether the run's prices go through the extremes of candles: its profits mean nothing."""
    return bool(summary.get("path_is_stress", False))


def banners(summary: Summary) -> list[Banner]:
    """What must be known before a figure is read."""
    found = []
    if not summary.get("complete", True):
        at, of = summary.get("ends"), int(number(summary, "visits_planned"))
        title = f"Ended early at {at} UTC" if at else "Ended early"
        done = int(number(summary, "visits"))
        text = f"{done:,} of {of:,} visits." if of else f"after {done:,} visits."
        found.append(Banner(title, f"{text} Every figure is of the part that was run."))
    if is_stress(summary):
        found.append(Banner("A stress", STRESS))
    if gaps := int(number(summary, "gaps_bridged")):
        hours = number(summary, "hours_without_prices")
        where = f"{gaps:,} place{'s' * (gaps != 1)}"
        text = f"Prices of {hours:,.4g} hours are left out, in {where}: the last one before each stood until"
        found.append(Banner("Gaps", f"{text} the next came."))
    return found


def surfaces(summary: Summary) -> str:
    """Where volatilities came from, in words; nothing for a run that does not say."""
    if "surfaces" not in summary:
        return ""
    refused = _posts(summary)
    if summary["surfaces"] == "recorded":
        return f"surfaces as quoted at the time, {refused}"
    return f"surfaces modelled, implied {summary['vol_premium']:g} times realised, {refused}"


def _posts(summary: Summary) -> str:
    """What became of the surfaces that were to be posted."""
    mended, held = (
        sum(dict(summary.get(f"surface_posts_{what}", {})).values())
        for what in ("mended", "held_back")
    )
    cut = (
        f"{mended:,} cut to what the contract takes, {held:,} held back, " if mended or held else ""
    )
    return f"{cut}{int(number(summary, 'surface_posts_refused')):,} posts refused"


def cards(summary: Summary) -> list[Card]:
    """The figures that a reader looks for first, each with its meaning."""
    return [
        *([] if is_stress(summary) else [_earned(summary), _worst_fall(summary)]),
        _floor(summary), *_worst_jump(summary), _residual(summary), _after_opens(summary), _hedging(summary),
        _trades(summary), _settled(summary), _gas(summary),
    ]  # fmt: skip


def _earned(summary: Summary) -> Card:
    start, end = number(summary, "nav_start_usd"), number(summary, "nav_end_usd")
    lag = number(dict(summary.get("pnl", {})), "pool_lag")
    value = end - start - number(summary, "lp_flows_usd") - lag
    share, days = (100 * value / start if start else 0.0), number(summary, "days")
    year = f", {percent(share * DAYS_PER_YEAR / days, 1)} as a year" if days else ""
    without = f"; without {signed(lag)} of pool lag" if lag else ""
    note = f"{percent(share)} of {start:,.0f} USD{year}{without}"
    return Card("LPs earned", signed(value), note, of_gain(round(value, 2)))


def _worst_fall(summary: Summary) -> Card:
    start, fall = number(summary, "nav_start_usd"), number(summary, "worst_fall_usd")
    share = 100 * fall / start if start else 0.0
    note = f"{share:.2f} % of NAV; from an earlier high, LPs' flows apart"
    return Card("Worst fall", signed(-fall) if fall else "none", note, of_cost(fall))


def _floor(summary: Summary) -> Card:
    floor, share = number(summary, "floor_min_usd"), 100 * number(summary, "floor_min_over_nav")
    sign = "−" if floor < 0 else ""
    note = f"{share:.1f} % of NAV; left after every worst payout"
    tone = Tone.GOOD if floor >= 0 else Tone.BAD
    return Card("Lowest floor", f"{sign}${abs(floor):,.0f}", note, tone)


def _worst_jump(summary: Summary) -> list[Card]:
    if summary.get("worst_jump_max_usd") is None:
        return []
    worst, share = (number(summary, f"worst_jump_max_{key}") for key in ("usd", "over_limit"))
    start = number(summary, "nav_start_usd")
    part = f"{100 * worst / start:.1f} % of NAV; " if start else ""
    note = f"{part}{100 * share:.0f} % of what opens may leave"
    return [Card("Worst jump would cost", f"${worst:,.0f}", note)]


def _residual(summary: Summary) -> Card:
    before = number(summary, "max_residual_over_band_between")
    after = number(summary, "max_residual_over_band")
    eth, minutes = (
        number(summary, "max_abs_residual_delta_eth"),
        number(summary, "residual_over_band_minutes"),
    )
    note = (
        f"of the hard band, before and after the keeper acted; then {eth:.2f} ETH or less, "
        f"and {minutes:,.0f} minutes over the band in all"
    )
    return Card("Residual at most", f"{before:.2f} → {after:.2f} ×", note,
                Tone.BAD if after > 1 else Tone.PLAIN)  # fmt: skip


def _after_opens(summary: Summary) -> Card:
    most = number(summary, "max_open_residual_over_band")
    note = "of the hard band at most; a trade above 1 would revert"
    return Card("Residual after opens", f"{most:.2f} ×", note, Tone.GOOD if most <= 1 else Tone.BAD)


def _hedging(summary: Summary) -> Card:
    cost = number(summary, "hedge_cost_per_eth_pool_at_index_usd")
    hedges, eth = int(number(summary, "hedges")), number(summary, "hedged_eth")
    note = f"USD per ETH of {eth:,.0f} ETH in {hedges:,} hedges, with the pool at the index"
    return Card("Hedging cost", f"{cost:,.2f}", note, of_cost(cost))


def _trades(summary: Summary) -> Card:
    opens, closes = (sum(dict(summary.get(f"{kind}_reverted", {})).values()) for kind in KINDS)
    others = sum(dict(summary.get("others_reverted", {})).values())
    note = f"{opens:,} opens and {closes:,} closes refused, each reverted whole"
    note += f"; {others:,} transactions of others" if others else ""
    above = summary.get("open_cost_over_mark")
    note += f"; opens cost {above:.1%} above their mark" if above is not None else ""
    dear = int(number(summary, "opens_too_dear"))
    note += f"; {dear:,} opens were too dear to their traders" if dear else ""
    return Card("Trades", f"{int(number(summary, 'trades')):,}", note)


def _settled(summary: Summary) -> Card:
    note = f"of options; {number(summary, 'payouts_usd'):,.2f} USD paid out"
    return Card("Settled", f"{number(summary, 'options_settled') / 1e6:,.2f} ETH", note)


def _gas(summary: Summary) -> Card:
    found = dict(summary.get("gas", {}))
    most, rebalance = number(found, "mint_max") / 1e3, number(found, "rebalance_p50") / 1e3
    note = f"median; most {most:,.0f}k; rebalance {rebalance:,.0f}k"
    note += "" if gas_is_real(summary) else "; too low: not from anvil"
    return Card("Gas of a mint", f"{number(found, 'mint_p50') / 1e3:,.0f}k", note)


def gas_is_real(summary: Summary) -> bool:
    """Whether gas was counted as a chain counts it."""
    return bool(summary.get("gas_is_real", True))


def settings(summary: Summary) -> list[tuple[str, str]]:
    """What was asked for, in words; what the run does not say is left out."""

    def of(key: str, form: str) -> str:
        value = summary.get(key)
        return "" if value is None else form.format(value)

    kinds = {"conditioned": "random, through each candle's open, high, low and close",
             "extremes": "through the extremes of each candle: a stress"}  # fmt: skip
    informed = of("informed_share", "{:.0%} of traders")
    if summary.get("informed_of"):
        informed += f", of {summary['informed_of']}"
    rows = [
        ("Prices", of("prices", "{}")),
        ("Path", kinds.get(str(summary.get("path")), "")),
        ("Visits", of("visits_planned", "{:,}")),
        ("Visits in a candle", of("visits_per_candle", "{:.3g} on average")),
        ("Seed", of("seed", "{}")),
        ("Engine", of("engine", "{}")),
        ("LPs deposit", of("nav_deposited_usd", "{:,.0f} USD")),
        ("Trades a day", of("trades_per_day", "{:g}")),
        ("Sizes of trades", SIZES.get(str(summary.get("trade_sizes")), "")),
        ("Informed", informed),
        ("Reservation", of("reservation", "{:.0%} above the mark on average; else left alone")),
        ("Pool depth", of("pool_depth_usd", "{:,.0f} USD within 2 %")),
        ("Venue's fee", of("pool_fee_bps", "{:g} bp")),
        ("Arbitrage follows after", of("arbitrage_lag_blocks", "{:g} block(s)")),
        ("Policy", of("policy", "{}")),
        ("Surfaces", surfaces(summary).removeprefix("surfaces ")),
    ]
    return [(name, value) for name, value in rows if value]


def refusals(summary: Summary) -> list[Item]:
    """Every reason for which something reverted, or a surface would have: what it means, what to do, how
    often; most first."""
    traders = Counter[str]()
    for kind in KINDS:
        traders.update(summary.get(f"{kind}_reverted", {}))
    found = [("trader", reason, n) for reason, n in traders.items()]
    for key, n in dict(summary.get("others_reverted", {})).items():
        who, _, reason = str(key).partition(": ")
        found.append((who, reason, n))
    for what in ("mended", "held_back"):
        posts = dict(summary.get(f"surface_posts_{what}", {})).items()
        found += [(f"surface, {what.replace('_', ' ')}", reason, n) for reason, n in posts]
    items = []
    for who, reason, count in sorted(found, key=lambda each: -each[2]):
        words = explain(reason)
        items.append(Item(words.code, f"{words.what} {words.todo}", f"{who} × {count:,}"))
    return items


def carry(summary: Mapping[str, Any]) -> str:
    """What each of several venues gave or took for holding the hedge, in words; "" for one."""
    paid = dict(summary.get("carry", {}))
    if len(paid) < 2:
        return ""
    told = ", ".join(f"{venue} {amount:+,.2f}" for venue, amount in paid.items())
    return f"Funding by venue, USD: {told}."

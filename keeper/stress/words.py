"""A stress test in words and figures: for programs, and for a terminal."""

from __future__ import annotations

from dataclasses import asdict
from math import isnan
from typing import Any

from keeper.stress.session import Found
from keeper.stress.tails import Quantile
from tandem.model.jumps import BOUGHT_VOL, GATE, PUBLISHED, SOLD_VOL
from tandem.model.svcj import NAMES
from tandem.model.svcj_fit import Fit
from tandem.terminal.common import pairs, table, when
from tandem.units import HOUR

SHORT = 2_000
"""Hours under which a record says little of jumps."""
MEANING = {
    "level": "variance between jumps, a year",
    "reversion": "a year",
    "vol_of_vol": "of variance",
    "leverage": "of price and variance",
    "rate": "jumps a year",
    "jump_mean": "of the log price",
    "jump_std": "of the log price",
    "variance_jump": "mean, a year",
}
"""What a parameter is, in few words."""


def as_json(found: Found) -> dict[str, Any]:
    """Everything, for programs. Losses are shares of NAV."""
    record = found.asked.record
    return {
        "complete": found.complete,
        "seed": found.asked.seed,
        "record": {
            "hours": len(record.returns),
            "from": int(record.times[0]) - HOUR,
            "to": int(record.times[-1]),
            "missing_hours": record.missing,
            "volatility": record.long,
        },
        "book": _book(found),
        "fit": _fit(found.fit),
        "tails": [asdict(each) for each in found.tails],
        "realised": _realised(found),
        "gate": [asdict(row) for row in found.carried],
        "quoted": [asdict(row) for row in found.quoted],
    }


def _fit(fit: Fit) -> dict[str, Any]:
    low, high = fit.interval()
    columns = (fit.model.vector(), fit.errors, fit.robust, low, high)
    parameters = {
        name: {"value": v, "standard_error": e, "robust_error": b, "low": x, "high": y}
        for name, v, e, b, x, y in zip(NAMES, *(c.tolist() for c in columns), strict=True)
    }
    return {
        "parameters": parameters,
        "distance": fit.distance,
        "expected_distance": fit.expected,
        "p_value": fit.p_value,
        "jumps_found": fit.found,
    }


def _realised(found: Found) -> dict[str, Any]:
    lived = found.realised
    return {
        "days": len(lived.kept),
        "worst": {"keeper": lived.worst(True), "dead": lived.worst(False)},
        "past_published": {"keeper": lived.past(True), "dead": lived.past(False)},
        "worst_fresh_day": {
            "from": lived.times[lived.at],
            "move": float(lived.moves[lived.at]),
            "keeper": float(lived.kept[lived.at]),
            "dead": float(lived.dead[lived.at]),
            "published": float(lived.published[lived.at]),
            "instantly": instantly(found),
        },
    }


def instantly(found: Found) -> float:
    """What the move of the worst fresh day would cost today's book in an instant, share of NAV."""
    lived = found.realised
    return found.asked.stood.losses((float(lived.moves[lived.at]),))[0]


def _book(found: Found) -> dict[str, Any]:
    stood = found.asked.stood
    return {
        "name": stood.name,
        "spot": stood.spot,
        "sold_eth": stood.gross,
        "position": stood.position,
        "equity": stood.equity,
        "nav": stood.nav,
        "losses": dict(zip(map(str, PUBLISHED), stood.losses(PUBLISHED), strict=True)),
        "worst": stood.worst,
        "wiped": stood.wiped,
    }


def percent(share: float, digits: int = 2) -> str:
    """2.31 %"""
    return f"{100 * share:z.{digits}f} %"


def lines(found: Found) -> list[str]:
    """The same for a terminal."""
    asked, lived, fit = found.asked, found.realised, found.fit
    first, last = int(asked.record.times[0]) - HOUR, int(asked.record.times[-1])
    at = lived.at
    cut = (
        []
        if found.complete
        else [("CUT SHORT", f"{found.done} of {found.planned} worlds are in it")]
    )
    head = [
        *cut,
        ("book", asked.stood.name),
        ("", f"{asked.stood.gross:,.2f} ETH sold, hedge {asked.stood.position:,.3f} ETH"),
        ("record", f"{len(asked.record.returns):,} hours, {when(first)} to {when(last)}"),
        (
            "published",
            f"worst L(j) {percent(asked.stood.worst)} of NAV; gate {100 * asked.stood.gate:g} %",
        ),
        ("realised", _worst(found, True) + ", " + _worst(found, False)),
        ("worst day", f"from {when(lived.times[at])}, spot {lived.moves[at]:+.1%}"),
        ("", f"in an instant that would cost {percent(instantly(found))}"),
        (
            "model",
            f"{fit.distance:.1f} off the record, {fit.expected:.1f} expected, p {fit.p_value:.2g}",
        ),
    ]
    tables = [jump_rows(found), fit_rows(found), tail_rows(found), gate_rows(found)]
    if found.quoted:
        tables.append(quoted_rows(found))
    blocks = [table(rows) for rows in tables]
    return [*pairs(head), *(line for block in blocks for line in ["", *block])]


def _worst(found: Found, keeper: bool) -> str:
    lost = percent(found.realised.worst(keeper))
    return f"worst day {lost} with a keeper" if keeper else f"{lost} without one"


def jump_rows(found: Found) -> list[list[str]]:
    """What is published, jump by jump, under its head."""
    losses = zip(PUBLISHED, found.asked.stood.losses(PUBLISHED), strict=True)
    rows = [["jump of spot", "L(j), of NAV", "in the gate"]]
    rows += [[f"{j:+.0%}", percent(loss), "yes" if j in GATE else "no"] for j, loss in losses]
    return rows


def fit_rows(found: Found) -> list[list[str]]:
    """The fitted model under its head."""
    fit = found.fit
    columns = (fit.model.vector(), fit.errors, fit.robust, *fit.interval())
    head = ["SVCJ", "value", "standard error", "by blocks", "90 %", "what"]
    rows = zip(NAMES, *(column.tolist() for column in columns), strict=True)
    return [
        head,
        *(
            [name.replace("_", " "), f"{v:.4g}", f"{e:.2g}", f"{b:.2g}", f"{x:.3g} … {y:.3g}",
             MEANING[name]]
            for name, v, e, b, x, y in rows
        ),
    ]  # fmt: skip


def tail_rows(found: Found) -> list[list[str]]:
    """The worst day of a path by its quantiles, under their head."""
    said = [q.level for q in found.tails[0].quantiles] if found.tails else []
    names = [f"{100 * level:g} % stay under" for level in said]
    rows = [["worst day, of NAV", "keeper", *names, "worst", "past L(j)", "L(j) later, 99 %"]]
    for tail in found.tails:
        cells = [_ranged(q) for q in tail.quantiles]
        rows.append([tail.source, "yes" if tail.keeper else "dead", *cells, percent(tail.worst),
                     percent(tail.past), percent(tail.drift)])  # fmt: skip
    for keeper in (True, False):
        worst, past = found.realised.worst(keeper), found.realised.past(keeper)
        rows.append(["recorded days", "yes" if keeper else "dead", *([""] * len(said)),
                     percent(worst), percent(past), ""])  # fmt: skip
    return rows


def _ranged(q: Quantile) -> str:
    if isnan(q.low):
        return percent(q.value)
    return f"{percent(q.value)} ({100 * q.low:.2f} … {100 * q.high:.2f})"


def gate_rows(found: Found) -> list[list[str]]:
    """What the gate carries by what is left unhedged, under its head."""
    rows = [["left unhedged", "worst at", "L(j), USD per ETH sold", "ETH the gate carries"]]
    for row in found.carried:
        rows.append([f"{row.unhedged:.0%}", f"{row.jump:+.0%}", f"{row.worst:,.2f}",
                     f"{row.most:,.2f}"])  # fmt: skip
    return rows


def quoted_rows(found: Found) -> list[list[str]]:
    """What quoted volatility did within a day, by tenor, under its head."""
    rows = [["days ahead", "volatility rose, at most", "since", "spot", "99 % under", "fell, at most",
             f"past {SOLD_VOL:g}", f"under {BOUGHT_VOL:g}"]]  # fmt: skip
    for row in found.quoted:
        rows.append([f"{row.low:.0f} to {row.high:.0f}", f"{row.highest:.2f} x in {row.hours:.0f} h",
                     when(row.since), f"{row.move:+.1%}", f"{row.usual:.2f} x", f"{row.lowest:.2f} x",
                     percent(row.over), percent(row.under)])  # fmt: skip
    return rows

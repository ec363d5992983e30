"""A still picture of a run as hand-made SVG: small, crisp, and no browser needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import numpy as np

from keeper.pages.palette import AMBER, BLUE, GREY, INK, MUTED, RED, TEAL
from keeper.replay.charts import thinned
from keeper.replay.report import EmptyRunError
from keeper.replay.types import Event, StepRow
from tandem.files import write_file
from tandem.units import DAY

WIDTH, HEIGHT = 960, 600
LEFT, RIGHT = 74, 936
_PANELS = ((108, 266), (318, 438), (490, 556))
"""Top and bottom of: price, residual, NAV with floor."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Maps times and values to the pixels of one panel."""

    start: int
    end: int
    low: float
    high: float
    top: int
    bottom: int

    def x(self, time: int) -> float:
        return LEFT + (RIGHT - LEFT) * (time - self.start) / max(self.end - self.start, 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.bottom - (self.bottom - self.top) * share

    def path(self, points: Iterable[tuple[int, float]]) -> str:
        made: list[tuple[str, str]] = []
        for time, value in points:
            x, y = f"{self.x(time):.1f}", f"{self.y(value):.1f}"
            if len(made) > 1 and made[-1][1] == made[-2][1] == y:
                made.pop()
            made.append((x, y))
        return "M" + "L".join(f"{x} {y}" for x, y in made)


def write(
    path: Path, rows: Sequence[StepRow], events: Sequence[Event], title: str = "A replayed crash"
) -> Path:
    """Write the picture of a run to `path` (.svg) and return it."""
    return write_file(path, svg(rows, events, title))


def svg(rows: Sequence[StepRow], events: Sequence[Event], title: str = "A replayed crash") -> str:
    """Price with hedges, residual delta in its bands, NAV over the solvency floor."""
    if not rows:
        raise EmptyRunError("the run has no steps", "replay a window with at least one candle")
    drawn = thinned(rows, 700)
    head = (
        f'<text x="{LEFT}" y="38" class="title">{escape(title)}</text>'
        f'<text x="{LEFT}" y="59" class="note">{_facts(rows, events)}</text>'
    )
    parts = [head, *_price(rows, drawn, events), *_residual(drawn), *_worth(drawn), _dates(drawn)]
    return _SVG.format(width=WIDTH, height=HEIGHT, label=escape(title), body="\n".join(parts))


def _facts(rows: Sequence[StepRow], events: Sequence[Event]) -> str:
    hedges = sum(row.hedged != 0 for row in rows)  # a price may take several orders
    spots = np.array([row.spot for row in rows])
    worst = float((spots / np.maximum.accumulate(spots) - 1).min())
    trades = sum(event.kind in {"open", "close"} for event in events)
    floor = min(row.floor for row in rows)
    days = (rows[-1].time - rows[0].time) / 86_400
    return (
        f"{days:.0f} days · ETH falls {-worst:.0%} from its high · {trades:,} trades · "
        f"hedged at {hedges:,} prices · floor never below ${floor / 1e3:,.0f}k"
        if floor >= 0
        else f"{days:.0f} days · the floor broke: ${floor:,.0f}"
    )


def _frame(drawn: Sequence[StepRow], panel: int, values: Iterable[float]) -> _Frame:
    found = list(values)
    low, high = min(found), max(found)
    margin = 0.06 * ((high - low) or abs(high) or 1.0)
    top, bottom = _PANELS[panel]
    return _Frame(drawn[0].time, drawn[-1].time, low - margin, high + margin, top, bottom)


def _heading(panel: int, text: str, keys: Sequence[tuple[str, str]]) -> str:
    y = _PANELS[panel][0] - 12
    made = [f'<text x="{LEFT}" y="{y}" class="head">{text}</text>']
    x = float(RIGHT)
    for name, colour in reversed(keys):
        x -= 6.4 * len(name)
        made.append(f'<text x="{x:.0f}" y="{y}" class="note">{name}</text>')
        made.append(f'<rect x="{x - 20:.0f}" y="{y - 5}" width="14" height="3" fill="{colour}"/>')
        x -= 36
    return "".join(made)


def _axis(frame: _Frame, form: str, scale: float = 1.0) -> str:
    made = []
    for tick in _ticks(frame.low, frame.high):
        y = frame.y(tick)
        colour = GREY if tick == 0 else "#e9edf2"
        made.append(f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="{colour}"/>')
        made.append(
            f'<text x="{LEFT - 10}" y="{y + 4:.1f}" class="tick">{_label(form, tick * scale)}</text>'
        )
    return "".join(made)


def _label(form: str, value: float) -> str:
    text = form.format(abs(value))
    return f"−{text}" if value < 0 else text


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / 4
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(power * next(m for m in (1, 2, 2.5, 5, 10) if m * power >= raw))
    return [
        float(tick) for tick in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    ]


def _stroke(path: str, colour: str, width: float = 1.5, extra: str = "") -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" {extra}/>'


def _price(rows: Sequence[StepRow], drawn: Sequence[StepRow], events: Sequence[Event]) -> list[str]:
    frame = _frame(drawn, 0, [row.spot for row in drawn])
    made = [
        _heading(0, "ETH, and where the hedge moved", (("bought", TEAL), ("sold", RED))),
        _axis(frame, "${:,.0f}"),
    ]
    for event in [event for event in events if event.kind == "settle"][:20]:
        x = frame.x(event.time)
        made.append(
            _stroke(f"M{x:.1f} {frame.top}V{frame.bottom}", GREY, 1, 'stroke-dasharray="2 3"')
        )
        made.append(f'<text x="{x + 5:.1f}" y="{frame.top + 10}" class="note">settled</text>')
    made.append(_stroke(frame.path((row.time, row.spot) for row in drawn), INK))
    for row in rows:
        if row.hedged:
            x, y, up = frame.x(row.time), frame.y(row.spot), row.hedged > 0
            tip, base = (-5, 4) if up else (5, -4)
            made.append(
                f'<path d="M{x:.1f} {y + tip:.1f}l-4.5 {base - tip}h9z" stroke="#fff" '
                f'stroke-width=".8" fill="{TEAL if up else RED}"/>'
            )
    return made


def _residual(drawn: Sequence[StepRow]) -> list[str]:
    reach = max(max(abs(row.residual), row.hard_band) for row in drawn)
    frame = _frame(drawn, 1, [-reach, reach])
    keys = (("hard band", RED), ("trigger", AMBER), ("residual", BLUE))
    made = [_heading(1, "Delta left unhedged (ETH)", keys), _axis(frame, "{:,.3g}")]
    for sign in (1, -1):
        hard = frame.path((row.time, sign * row.hard_band) for row in drawn)
        trigger = frame.path((row.time, sign * row.trigger) for row in drawn)
        made += [_stroke(hard, RED, 1.1), _stroke(trigger, AMBER, 1.1, 'stroke-dasharray="5 4"')]
    made.append(_stroke(frame.path((row.time, row.residual) for row in drawn), BLUE, 1.2))
    return made


def _worth(drawn: Sequence[StepRow]) -> list[str]:
    values = [value for row in drawn for value in (row.nav, row.floor)]
    frame = _frame(drawn, 2, [0.0, *values])
    floor = [(row.time, row.floor) for row in drawn]
    area = frame.path(floor) + f"L{RIGHT} {frame.y(0):.1f}L{LEFT} {frame.y(0):.1f}Z"
    return [
        _heading(2, "Net asset value, and the floor under it", (("NAV", INK), ("floor", TEAL))),
        _axis(frame, "${:,.0f}k", 1e-3),
        f'<path d="{area}" fill="{TEAL}" fill-opacity=".12"/>',
        _stroke(frame.path(floor), TEAL),
        _stroke(frame.path((row.time, row.nav) for row in drawn), INK),
    ]


def _dates(drawn: Sequence[StepRow]) -> str:
    """Dates where days begin; in a window of under three days, times."""
    frame = _frame(drawn, 2, [0.0, 1.0])
    span = frame.end - frame.start
    form = "%-d %b %Y" if span >= 3 * DAY else "%-d %b %H:%M"
    unit = DAY if span >= 3 * DAY else 3_600
    step = unit * max(1, -(-span // (6 * unit)))
    first = -(-frame.start // unit) * unit
    made = []
    for time in range(first, frame.end + 1, step):
        text = datetime.fromtimestamp(time, UTC).strftime(form)
        x = min(max(frame.x(time), LEFT + 36.0), RIGHT - 36.0)
        made.append(
            f'<text x="{x:.1f}" y="{frame.bottom + 24}" class="note" '
            f'text-anchor="middle">{text}</text>'
        )
    return "".join(made)


_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    'width="{width}" height="{height}" role="img" aria-label="{label}">'
    "<style>text{{font-family:Inter,system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}}"
    f".title{{{{font-size:21px;font-weight:650;fill:{INK}}}}}"
    f".head{{{{font-size:13.5px;font-weight:600;fill:{INK}}}}}"
    f".note{{{{font-size:12px;fill:{MUTED}}}}}"
    f".tick{{{{font-size:11.5px;fill:{MUTED};text-anchor:end}}}}</style>"
    '<rect width="{width}" height="{height}" rx="14" fill="#fff"/>{body}</svg>\n'
)

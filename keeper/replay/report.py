"""The report of a run: one HTML file that needs no network, and a summary for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs
from rich.console import Group
from rich.table import Table
from rich.text import Text

from keeper.errors import TandemError
from keeper.feeds.tabular import utc
from keeper.replay import charts
from keeper.replay.types import PNL_NAMES, Event, StepRow

EVENTS_SHOWN = 2_000


class EmptyRunError(TandemError):
    """A report was asked for a run in which nothing happened."""


def write(
    path: Path,
    summary: Mapping[str, Any],
    rows: Sequence[StepRow],
    events: Sequence[Event],
    title: str = "Tandem replay",
    subtitle: str = "",
) -> Path:
    """Write the report of a run to `path` and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(summary, rows, events, title, subtitle), encoding="utf-8")
    return path


def html(
    summary: Mapping[str, Any],
    rows: Sequence[StepRow],
    events: Sequence[Event],
    title: str = "Tandem replay",
    subtitle: str = "",
) -> str:
    """The report as one self-contained page."""
    if not rows:
        raise EmptyRunError("the run has no steps", "replay a window with at least one candle")
    period = f"{utc(rows[0].time)} to {utc(rows[-1].time)} UTC"
    gas = charts.gas(events)
    sections = [
        _section("The run", charts.timeline(rows, events)),
        '<div class="pair">',
        _section("Profit by cause", charts.waterfall(dict(summary.get("pnl", {})))),
        _section("Profit over time", charts.earned(rows)),
        "</div>",
        _section("Gas of each transaction", gas) if gas else "",
        _refusals(summary),
        _event_table(events),
    ]
    return _PAGE.format(
        title=escape(title),
        subtitle=escape(" · ".join(filter(None, (subtitle, period)))),
        plotly=get_plotlyjs(),
        style=_STYLE,
        cards="".join(_cards(summary)),
        body="\n".join(sections),
    )


def headlines(summary: Mapping[str, Any]) -> list[tuple[str, str, str, bool | None]]:
    """Label, figure, note, and whether it is good (None where that is no question)."""
    start, end = _number(summary, "nav_start_usd"), _number(summary, "nav_end_usd")
    flows = _number(summary, "lp_flows_usd")
    profit = end - start - flows
    opens = _number(summary, "max_open_residual_over_band")
    after = _number(summary, "max_residual_over_band")
    between = _number(summary, "max_residual_over_band_between")
    refused = sum(dict(summary.get("trades_reverted", {})).values())
    gas = dict(summary.get("gas", {}))
    most, rebalance = _number(gas, "mint_max") / 1e3, _number(gas, "rebalance_p50") / 1e3
    floor = _number(summary, "floor_min_usd")
    share = 100 * _number(summary, "floor_min_over_nav")
    residual = _number(summary, "max_abs_residual_delta_eth")
    cost = _number(summary, "hedge_cost_per_eth_pool_at_index_usd")
    return [
        ("Profit of the LPs", charts.signed(profit),
         f"{100 * profit / start if start else 0:+.2f} % of {start:,.0f} USD", profit >= 0),
        ("Lowest floor", f"${floor:,.0f}", f"{share:.1f} % of NAV; never below 0", floor >= 0),
        ("Residual after opens", f"{opens:.2f} ×", "of the hard band, at most", opens <= 1),
        ("Residual after hedges", f"{after:.2f} ×",
         f"of the hard band; {between:.2f} × before them; {residual:.2f} ETH", None),
        ("Trades", f"{int(_number(summary, 'trades')):,}", f"{refused:,} reverted whole", None),
        ("Hedges", f"{int(_number(summary, 'hedges')):,}",
         f"{_number(summary, 'hedged_eth'):,.0f} ETH, {cost:+.2f} USD per ETH at the index", None),
        ("Options settled", f"{_number(summary, 'options_settled') / 1e6:,.2f} ETH",
         f"{_number(summary, 'payouts_usd'):,.2f} USD paid out", None),
        ("Gas of a mint", f"{_number(gas, 'mint_p50') / 1e3:,.0f}k",
         f"median; most {most:,.0f}k; rebalance {rebalance:,.0f}k"
         + ("" if summary.get("gas_is_real", True) else "; too low: not from anvil"), None),
    ]  # fmt: skip


def terminal(summary: Mapping[str, Any]) -> Group:
    """The same headline figures and the profit by cause, for a terminal."""
    title = "The run" if summary.get("complete", True) else "The run, cut short"
    facts = Table(title=title, title_style="bold", title_justify="left", box=None,
                  show_header=False, pad_edge=False, padding=(0, 1))  # fmt: skip
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(justify="right", no_wrap=True)
    facts.add_column(style="dim")
    for label, figure, note, good in headlines(summary):
        style = "" if good is None else ("green" if good else "bold red")
        facts.add_row(label, Text(figure, style=style), note)
    prices = (
        f"{int(_number(summary, 'visits')):,} prices, {int(_number(summary, 'blocks')):,} blocks"
    )
    facts.add_row("Wall time", f"{_number(summary, 'wall_s'):.1f} s", prices)
    causes = Table(title="Profit by cause, USD", title_style="bold", title_justify="left", box=None,
                   show_header=False, pad_edge=False, padding=(0, 1))  # fmt: skip
    causes.add_column(style="dim")
    causes.add_column(justify="right")
    pnl = dict(summary.get("pnl", {}))
    for name in [name for name in PNL_NAMES if name in pnl]:
        style = "green" if pnl[name] > 0 else "red" if pnl[name] < 0 else "dim"
        causes.add_row(name.replace("_", " "), Text(f"{pnl[name]:+,.2f}", style=style))
    causes.add_row("total", Text(f"{sum(pnl.values()):+,.2f}", style="bold"))
    return Group(facts, Text(), causes)


def _number(values: Mapping[str, Any], key: str) -> float:
    value = values.get(key)
    return float(value) if value is not None else 0.0


def _cards(summary: Mapping[str, Any]) -> list[str]:
    tone = {True: "good", False: "bad", None: ""}
    return [
        f'<div class="card {tone[good]}"><h3>{escape(label)}</h3><p>{escape(figure)}</p>'
        f"<small>{escape(note)}</small></div>"
        for label, figure, note, good in headlines(summary)
    ]


def _section(title: str, figure: go.Figure) -> str:
    drawn = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        config={
            "displaylogo": False,
            "responsive": True,
            "modeBarButtonsToRemove": ["lasso2d", "select2d"],
        },
    )
    return f"<section><h2>{escape(title)}</h2>{drawn}</section>"


def _refusals(summary: Mapping[str, Any]) -> str:
    refused = dict(summary.get("trades_reverted", {}))
    if not refused:
        return ""
    lines = "".join(
        f"<tr><td><code>{escape(str(reason))}</code></td><td class='n'>{count:,}</td></tr>"
        for reason, count in sorted(refused.items(), key=lambda item: -item[1])
    )
    return (
        "<section><h2>Trades refused</h2><table class='narrow'><thead><tr><th>reason</th>"
        f"<th class='n'>trades</th></tr></thead><tbody>{lines}</tbody></table></section>"
    )


def _event_table(events: Sequence[Event]) -> str:
    lines = "".join(
        f"<tr data-kind='{escape(event.kind)}'><td class='t'>{utc(event.time)}</td>"
        f"<td><b class='k'>{escape(event.kind)}</b></td><td>{escape(event.text)}</td>"
        f"<td class='n'>{'' if event.amount is None else f'{event.amount:,.2f}'}</td>"
        f"<td class='n'>{'' if event.gas is None else f'{event.gas:,}'}</td></tr>"
        for event in events[:EVENTS_SHOWN]
    )
    kinds = sorted({event.kind for event in events[:EVENTS_SHOWN]})
    buttons = "".join(f"<button data-kind='{escape(k)}'>{escape(k)}</button>" for k in kinds)
    more = len(events) - EVENTS_SHOWN
    note = f"<p class='note'>{more:,} later events are left out here.</p>" if more > 0 else ""
    return (
        f"<section><h2>Events</h2><nav><button data-kind='' class='on'>all</button>{buttons}</nav>"
        "<div class='scroll'><table id='events'><thead><tr><th>time, UTC</th><th>kind</th>"
        "<th>what happened</th><th class='n'>amount</th><th class='n'>gas</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></div>{note}</section>"
    )


_STYLE = """
:root{--ink:#1c2430;--muted:#687385;--line:#e3e8ef;--page:#f5f7fa;--good:#0f8b7c;--bad:#c8402f}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
 font:15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1240px;margin:0 auto;padding:36px 24px 64px}
header h1{font-size:28px;letter-spacing:-.02em;margin:0}
header p{margin:4px 0 24px;color:var(--muted)}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin-bottom:20px}
.card,section{background:#fff;border:1px solid var(--line);border-radius:12px}
.card{padding:14px 18px;border-top:3px solid var(--line)}
.card.good{border-top-color:var(--good)}.card.bad{border-top-color:var(--bad)}
.card h3{margin:0;font-size:13px;font-weight:500;color:var(--muted)}
.card p{margin:2px 0;font-size:25px;font-weight:650;letter-spacing:-.02em;
 font-variant-numeric:tabular-nums}
.card.bad p{color:var(--bad)}
.card small{color:var(--muted);font-size:12.5px}
section{padding:18px 20px 12px;margin-bottom:20px;min-width:0}
h2{font-size:16px;margin:0 0 6px;letter-spacing:-.01em}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:20px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
table.narrow{width:auto;min-width:340px}
th{position:sticky;top:0;background:#fff;text-align:left;font-weight:500;color:var(--muted);
 border-bottom:1px solid var(--line);padding:6px 12px 6px 0}
td{padding:5px 12px 5px 0;border-bottom:1px solid #f0f3f7;vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.t{white-space:nowrap;color:var(--muted);font-variant-numeric:tabular-nums}
.k{font-weight:550}.note{color:var(--muted)}
.scroll{max-height:520px;overflow:auto}
nav{display:flex;gap:6px;flex-wrap:wrap;margin:4px 0 10px}
button{font:inherit;font-size:12.5px;padding:2px 11px;border:1px solid var(--line);
 border-radius:99px;background:#fff;color:var(--muted);cursor:pointer}
button.on{background:var(--ink);border-color:var(--ink);color:#fff}
@media(max-width:900px){.cards{grid-template-columns:1fr 1fr}.pair{grid-template-columns:1fr}}
@media print{body{background:#fff}.scroll{max-height:none}}
"""

_SCRIPT = """
document.querySelectorAll('nav button').forEach(b=>b.onclick=()=>{
 document.querySelectorAll('nav button').forEach(o=>o.classList.toggle('on',o===b));
 document.querySelectorAll('#events tbody tr').forEach(r=>{
  r.hidden=b.dataset.kind!==''&&r.dataset.kind!==b.dataset.kind})})
"""

_PAGE = (
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style>{style}</style><script>{plotly}</script></head>
<body><main><header><h1>{title}</h1><p>{subtitle}</p></header>
<div class="cards">{cards}</div>
{body}
</main><script>"""
    + _SCRIPT.replace("{", "{{").replace("}", "}}")
    + """</script></body></html>
"""
)

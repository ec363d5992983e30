"""`tandem risk`: Greeks and worst cases, from chain state alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import rich_click as click

from tandem.client import bounty, breaker, gate, limits
from tandem.client.margin import distress
from tandem.connection import connect
from tandem.protocol.bindings.structs import BreakerState, Snapshot, VenueLosses
from tandem.protocol.deployment import handles
from tandem.protocol.snapshot import tenor_and_vol
from tandem.protocol.waits import snapshot_of
from tandem.settings import Connection, load
from tandem.terminal.common import (
    chain_options,
    counted,
    date_of,
    emit,
    pairs,
    sized,
    small,
    table,
    usd,
)
from tandem.units import UNIT, USD, WAD, bare, decimal

WHO = "LP"

MOVES = (-90, -50, -30, -20, -10, 0, 10, 20, 40, 100, 200, 300)
"""Percent of spot: the published grid."""


@click.command()
@chain_options
def risk(rpc: str | None, deployment: Path | None, market: str | None, as_json: bool) -> None:
    """Greeks of what was sold, and what is left for LPs should every expiry settle at a price.

    Nothing is trusted but the chain: payoffs come from the stored book, the Greeks from the
    contracts, all at one block. "Left" is cash less what is owed, plus the hedge marked at that
    price. The last table is how much of each limit is used. In JSON vega is per 1.00 of volatility, a
    hundred points.

    \b
    Examples:
      tandem risk
      tandem risk --rpc http://127.0.0.1:8545 --json
    """
    engine, found = connect(load(Connection, rpc=rpc, deployment=deployment, market=market))
    h = handles(engine, found)
    with engine.pinned(block := engine.block()):
        snapshot = snapshot_of(h)
        asked = limits.ask(found, h, snapshot, engine.base_fee)
        data = {"block": block} | facts(snapshot, h.breaker.signers_hour(), asked)
    found_limits, due = limits.limits(snapshot, asked), asked.due
    data["bounty"] = due and asdict(bounty.shown(due, snapshot.timestamp))
    data["limits"] = limits.plain(found_limits)
    lines = _lines(snapshot, data, h.asset, bounty.line(due, snapshot.timestamp, h.asset))
    emit(as_json, data, [*lines, "", *table(limits.rows(found_limits))])


def facts(s: Snapshot, signers_hour: int, asked: limits.Asked) -> dict[str, Any]:
    """Everything that the command shows, as plain numbers in the asset and USD. signers_hour: token units."""
    spot = s.spot / WAD
    return {
        "spot": spot,
        "delta": s.stance.delta / WAD,
        "gamma": s.stance.gamma / WAD,
        "vega": s.stance.vega / WAD,
        "hedge": s.position / WAD,
        "residual": s.stance.residual / WAD,
        "floor": s.floor / USD,
        "maxima": s.maxima / USD,
        "distress": distress(s, asked.lendable, asked.asset),
        "expiries": [
            {"expiry": e.expiry, "units": e.units / UNIT, "maximum": e.maximum / USD}
            for e in s.open_expiries
        ],
        "payoffs": [_row(s, move) for move in MOVES],
        "gate": {
            "worst": s.gate.worst / WAD,
            "limit": s.gate.limit / WAD,
            "fresh": s.gate.is_fresh,
            "age": gate.age(s),
            "jumps": [
                {"move": move, "book": loss / WAD}
                for move, loss in zip(gate.JUMPS, s.gate.losses, strict=True)
            ],
        },
        "breaker": _breaker(breaker.now(s.breaker, s.timestamp)),
        "hour_left": s.gate.room / UNIT,
        "signers_hour": signers_hour / USD,
        "venue_losses": _fullest(asked.lost),
        "tenor_days": tenor_and_vol(s)[0] * 365,
    }


def _breaker(state: BreakerState) -> dict[str, Any]:
    return {
        "reasons": list(breaker.reasons(state)),
        "until": state.until,
        "volatility": math.sqrt(state.variance / WAD),
        "widens": 1 + state.wildness / 8,
        "lost_day": state.lost / USD,
        "drained_day": state.drained / USD,
    }


def _fullest(lost: Mapping[str, VenueLosses]) -> dict[str, Any]:
    """Of the venue that lost most; the others stand among the limits. All have one cap."""
    name, most = max(lost.items(), key=lambda each: each[1].lost)
    return {"venue": name, "lost": most.lost / USD, "cap": most.cap / USD}


def _lost(losses: Mapping[str, Any]) -> str:
    past = losses["lost"] > losses["cap"]
    told = "past" if past else "of"
    end = "no margin follows until it is forgotten" if past else "that margin follows"
    lost = f"{losses['venue']}: {usd(losses['lost'])} without a reason in prices"
    return f"{lost}, {told} {usd(losses['cap'])} {end}"


def _row(s: Snapshot, move: int) -> dict[str, float | None]:
    """At one settlement price, USD. hedge: what lies at the venues then, None where a venue does not say what
    its account is worth; left: with nothing gained there."""
    whole = math.floor(s.spot * (100 + move) // 100 / WAD)
    owed, hedge, left = gate.settled_at(s, whole)
    return {"move": move, "price": whole, "owed": owed, "hedge": hedge, "left": left}


def _lines(s: Snapshot, data: dict[str, Any], asset: str, paid: str) -> list[str]:
    expiries = counted(len(s.open_expiries), "expiry", "expiries")
    head = pairs(
        [
            ("sold", f"{sized(s.gross / UNIT, asset)} of options in {expiries}"),
            (
                "delta, gamma",
                f"{data['delta']:.4f} {asset}, {small(data['gamma'])} {asset} per USD",
            ),
            ("vega", f"{usd(data['vega'] / 100)} per vol point"),
            ("hedge, residual", f"{sized(data['hedge'], asset)}, {sized(data['residual'], asset)}"),
            ("most that options may pay", usd(data["maxima"])),
            ("gate", gate.line(s)),
            ("breaker", breaker.line(s.breaker, s.timestamp)),
            ("opens of this hour", f"{sized(data['hour_left'], asset)} more"),
            ("captured signers' hour", f"{usd(data['signers_hour'])} at the most"),
            ("lost at the venue", _lost(data["venue_losses"])),
            ("bounty", paid),
            ("floor", f"{usd(data['floor'])}: cash that is left after paying all of it"),
            *([("DISTRESS", data["distress"])] if data["distress"] else []),
        ]
    )
    rows = [["settles at", "move", "owed", "at the venue", "left for LPs"]]
    rows += [
        [
            f"{r['price']:,.0f}",
            f"{r['move']:+d} %",
            *("not known" if r[k] is None else f"{r[k]:z,.2f}" for k in ("owed", "hedge", "left")),
        ]
        for r in data["payoffs"]
    ]
    jumps = [["instant jump", "costs the book, at the most"]]
    if gate.age(s) is not None:
        jumps += [[f"{j['move']:+d} %", f"{j['book']:z,.2f}"] for j in data["gate"]["jumps"]]
    each = [["expiry", f"open {asset}", "most it may pay"]]
    each += [
        [date_of(e.expiry), bare(decimal(e.units)), f"{e.maximum / USD:z,.2f}"]
        for e in s.open_expiries
    ]
    return [*head, "", *table(rows), "", *table(jumps), "", *table(each)]

"""Running a study's replays on several processes, and keeping each result as soon as it is there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from keeper.replay.inputs import settings_for
from keeper.replay.run import ReplayResult, replay
from keeper.replay.settings import ReplaySettings
from keeper.replay.stopping import as_they_end, pooled
from keeper.study.grid import Case
from keeper.study.measures import DAYS_PER_YEAR, hedging, measure
from tandem.errors import TandemError
from tandem.feeds import candles as feed
from tandem.feeds.flow import Knowledge
from tandem.files import read_text, write_file

Row = dict[str, Any]
KEPT = (
    "hedged_eth", "hedge_cost_per_eth_usd", "hedge_cost_per_eth_pool_at_index_usd", "max_residual_over_band",
    "liquidations", "open_cost_over_mark", "opens", "opens_reverted", "closes_reverted", "opens_too_dear",
    "visits", "wall_s",
)  # fmt: skip
"""Figures of a replay's summary that its row has as they are."""


OF_A_ROW = frozenset({
    "window", "prices", "chain", "start", "end", "seed", "trades_per_day", "vol_premium", "informed",
    "knowledge", "return_year", "drawdown", "worst_day", "sharpe", "terms", "surface",
})  # fmt: skip
"""What the table is made of; older rows have no more."""


class StudyError(TandemError):
    """A study that cannot go on."""


class Results:
    """Rows by key in one file, a line each. A last line that a crash cut short is dropped; another that is
    no row is `damaged` (its number, from 1), counts as none, and stays where it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[str, Row] = {}
        self.damaged: list[int] = []
        self._lines: list[str] = []
        text = self._read = _text(path) if path.exists() else ""
        lines = text.splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                self.rows[row["key"]] = row
            except (ValueError, KeyError, TypeError, RecursionError):
                if number == len(lines) and not text.endswith("\n"):
                    continue
                if line.strip():
                    self.damaged.append(number)
            self._lines.append(line)

    def rewrite(self) -> None:
        """Without the line that was dropped, before others are written below it. Where none was the file is
        left as it is: another study may write to it."""
        text = "".join(line + "\n" for line in self._lines)
        if text != self._read:
            write_file(self.path, text)

    def add(self, row: Row) -> None:
        """Kept before anything else happens."""
        self.rows[row["key"]] = row
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _text(path: Path) -> str:
    """Raises StudyError where it is no file of text: what another program wrote is not replaced."""
    try:
        return read_text(path)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise StudyError(
            f"the rows of {path} cannot be read: {why}", "move it away, or name another folder"
        ) from error


def settings_of(case: Case) -> ReplaySettings:
    """What the replay of a case is asked to do. Raises a TandemError for what cannot be replayed."""
    window = case.window
    candles = feed.load(window.prices).window(window.start, window.end)
    return settings_for(
        candles,
        chain=case.chain,
        seed=case.seed,
        trades_per_day=case.trades_per_day,
        nav=case.nav,
        visits=case.visits,
        vol_premium=case.vol_premium,
        informed=case.informed,
        knowledge=Knowledge(case.knowledge),
        lp_flows=False,
        policy=case.policy,
        reservation=case.reservation,
    )


def run_case(case: Case, key: str) -> Row | None:
    """One replay, measured; None where it was interrupted."""
    result = replay(settings_of(case))
    return row_of(case, key, result) if result.complete else None


def row_of(case: Case, key: str, result: ReplayResult) -> Row:
    """The figures of one replay, as the file keeps them. Shares of NAV a year where not said else."""
    rows, summary = result.rows, result.summary
    time = np.array([r.time for r in rows], dtype=np.int64)
    earned = np.array([r.pnl.earned for r in rows])
    found = measure(time, earned - earned[0], case.nav)
    spot, residual = (np.array([getattr(r, name) for r in rows]) for name in ("spot", "residual"))
    held = hedging(time, spot, residual, summary["hedged_eth"], case.nav)
    yearly = DAYS_PER_YEAR / found.days / case.nav
    terms = {name: value * yearly for name, value in rows[-1].pnl.as_dict().items()}
    return {
        "key": key,
        "window": case.window.name,
        "start": case.window.start,
        "end": case.window.end,
        "prices": case.window.prices.name,
        "chain": case.chain.name if case.chain else None,
        "policy": case.policy,
        "seed": case.seed,
        "trades_per_day": case.trades_per_day,
        "vol_premium": case.vol_premium,
        "informed": case.informed,
        "knowledge": case.knowledge,
        "reservation": case.reservation,
        **asdict(found),
        **asdict(held),
        "terms": terms,
        "surface": summary["surfaces"],
        "trades": summary["trades"],
    } | {name: summary[name] for name in KEPT}


def run(
    cases: Sequence[Case],
    results: Results,
    jobs: int,
    stop: Event,
    done: Callable[[Row], None] = lambda _: None,
) -> list[Row]:
    """Every case that has no row yet, `jobs` at a time; rows in the order of `cases`. A set `stop` starts
    nothing new. A process ends with its replay, because the machine in it keeps its history."""
    keys = {case: case.key() for case in cases}
    waiting = [case for case in cases if keys[case] not in results.rows]
    broken = StudyError(
        "a replay's process was ended from outside (not enough memory?)",
        "run again with fewer --jobs: what is finished is kept",
    )
    with pooled(jobs, broken, max_tasks_per_child=1) as pool:
        asked = ((case, keys[case]) for case in waiting)
        for _, row in as_they_end(pool, run_case, asked, jobs, stop):
            if row is not None:
                results.add(row)
                done(row)
    return [results.rows[keys[case]] for case in cases if keys[case] in results.rows]

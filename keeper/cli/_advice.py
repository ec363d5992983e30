"""What a running keeper says of the half-spread, asked of its figures where settings have a port for them.

The chain says what holds, and nothing of how fills ended: that only a process knows that saw them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException

from prometheus_client.parser import text_string_to_metric_families

from keeper.cli._nodes import OK, WARN, Line
from keeper.markouts import JUDGED, LEAST_FILLS
from keeper.tables import MetricsTable
from tandem.units import BPS

NAME = "spread advice"
SECONDS = 2.0
"""That a keeper has for its figures."""
MOST_BYTES = 8_000_000
FILLS = "tandem_markout_fills"
Samples = list[tuple[str, Mapping[str, str], float]]


def advice(table: MetricsTable, market: str) -> Iterator[Line]:
    """One line where figures are to be had. market: its address."""
    if not table.port:
        return
    try:
        found = _of(_asked(table), market)
    except (OSError, HTTPException, ValueError):
        yield Line(OK, NAME, f"none: no keeper says figures at {table.host} port {table.port}")
        return
    now, advised = (found.get(f"tandem_half_spread{end}") for end in ("", "_advised"))
    if now is None or advised is None:
        yield Line(OK, NAME, f"none: the keeper at port {table.port} does not keep this market")
        return
    yield _judged(now, advised, round(found.get(FILLS, 0.0)))


def _judged(now: float, advised: float, fills: int) -> Line:
    """Both in volatility; fills: that have been looked at after an hour."""
    held = f"{100 * now:.2f} points of volatility hold"
    if fills < LEAST_FILLS:
        return Line(OK, NAME, f"none: {held}, {fills} of {LEAST_FILLS} fills are known")
    if abs(advised - now) * BPS < 1:
        return Line(OK, NAME, f"{held}, and {fills} fills speak for no other")
    found = f"{held}, {fills} fills speak for {100 * advised:.2f}"
    todo = f"it is the owner's to set: `tandem govern propose half_spread {advised * BPS:.0f}`"
    return Line(WARN if advised > now else OK, NAME, found, todo)


def _asked(table: MetricsTable) -> str:
    connection = HTTPConnection(table.host, table.port, timeout=SECONDS)
    try:
        connection.request("GET", "/metrics")
        answered = connection.getresponse()
        if answered.status != 200:
            raise HTTPException(str(answered.status))
        return answered.read(MOST_BYTES).decode()
    finally:
        connection.close()


def _of(text: str, market: str) -> dict[str, float]:
    """The figures of one market, those of both sides added up. Raises ValueError for what is none."""
    listed: Samples = [
        (sample.name, sample.labels, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
    names = {
        labels.get("market", "") if "contract" in labels else ""
        for name, labels, _ in listed
        if name == "tandem_keeper_info"
        and labels.get("contract", labels.get("market", "")).lower() == market.lower()
    }
    found: dict[str, float] = {}
    for name, labels, value in listed:
        if labels.get("market", "") in names and labels.get("horizon", JUDGED) == JUDGED:
            found[name] = found.get(name, 0.0) + value
    return found

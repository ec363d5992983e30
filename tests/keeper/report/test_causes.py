"""Profit by cause of a market that lived, read back from the chain alone, beside the account that the replay
kept of it while it ran."""

from __future__ import annotations

import csv
import io
from itertools import count
from typing import Any

import pytest

from keeper.replay import pnl
from keeper.replay.types import PNL_NAMES, PnlState, PnlTerms
from keeper.report import account, reading, session, words
from keeper.report import figures as report_figures
from keeper.report.figures import figures
from keeper.report.session import Told, Watch
from tandem.engine.log_pages import time_of
from tandem.engine.rpc import RpcError
from tandem.errors import ConfigError

from .conftest import Lived, Request

CENT = 0.005


def whole(told: Told) -> PnlTerms:
    assert told.account is not None
    assert told.account.whole is not None
    return told.account.whole.terms


def shown(told: Told) -> dict[str, Any]:
    return figures(told, "0x0", "ETH", None)


@pytest.fixture(scope="module")
def told(lived: Lived) -> Told:
    return session.tell(lived.chain(), 0, lived.span)


def test_causes_are_those_of_the_replays_own_ledger_to_the_cent(lived: Lived) -> None:
    """Stepped where the replay stepped. Where the pool stood no log says: its lag is in what hedges cost."""
    found = whole(session.tell(lived.chain(), 0, lived.span, marks=lived.blocks[1:]))
    kept = lived.result.rows[-1].pnl
    for name in PNL_NAMES:
        if name not in ("hedge_cost", "pool_lag"):
            assert getattr(found, name) == pytest.approx(getattr(kept, name), abs=CENT), name
    assert found.hedge_cost == pytest.approx(kept.hedge_cost + kept.pool_lag, abs=CENT)
    assert all(abs(getattr(kept, name)) > 1 for name in ("premium", "fees", "gamma", "vega"))
    kinds = {event.kind for event in lived.result.events}
    assert {"top_up", "rebalance", "open", "close", "deposit"} <= kinds


def test_a_steps_causes_are_worked_out_once_where_nothing_is_left_out(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as in the account of the whole: they were worked out to look, and again to close."""
    honest, ends = pnl.step, list[int]()

    def counted(before: PnlState, after: PnlState, *of: Any) -> PnlTerms:
        ends.append(after.time)
        return honest(before, after, *of)

    monkeypatch.setattr(pnl, "step", counted)
    told = session.tell(lived.chain(), 0, lived.span, marks=lived.blocks[1:])
    assert ends == [row.time for row in lived.result.rows[1:]]
    assert told.asked_again == 0


def test_causes_add_up_to_the_change_of_nav_to_the_cent(lived: Lived, told: Told) -> None:
    """With the report's own steps: the sum, and every cause that no path divides, are the replay's."""
    found, kept = whole(told), lived.result.rows[-1].pnl
    assert found.total == pytest.approx(kept.total, abs=CENT)
    assert abs(found.residual) < CENT
    for name in ("fees", "funding"):
        assert getattr(found, name) == pytest.approx(getattr(kept, name), abs=CENT), name
    said, rows = shown(told), lived.result.rows
    assert said["nav_start_usd"] == round(rows[0].nav, 2)
    assert said["nav_end_usd"] == round(rows[-1].nav, 2)
    change = said["nav_end_usd"] - said["nav_start_usd"] - said["lp_flows_usd"]
    assert sum(said["pnl"].values()) == pytest.approx(change, abs=1e-6)
    assert said["lp_flows_usd"] == round(lived.run.lp_flows, 2) != 0


def test_causes_by_share_add_up_to_the_change_of_a_share(told: Told) -> None:
    said = shown(told)
    change = said["share_end_usd"] - said["share_start_usd"]
    assert sum(said["pnl_by_share"].values()) == pytest.approx(change, abs=1e-12)
    assert said["share_end_usd"] != said["share_start_usd"]
    assert abs(said["pnl_by_share"]["residual"]) < 1e-7
    assert said["pnl_by_share"]["entries"] != 0


def test_days_follow_each_other_and_add_up_to_the_span(lived: Lived, told: Told) -> None:
    said = shown(told)
    assert len(said["days"]) == 2
    first, last = said["days"][0], said["days"][-1]
    assert first["nav_end_usd"] == last["nav_start_usd"]
    assert sum(sum(day["pnl"].values()) for day in said["days"]) == pytest.approx(
        sum(said["pnl"].values()), abs=1e-6
    )
    assert sum(day["hedges"]["orders"] for day in said["days"]) == said["hedges"]["orders"] > 5
    assert sum(day["trades"] for day in said["days"]) == said["trades"] > 5


def test_days_are_the_same_by_states_and_by_logs(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a day's first block has a trade in it: days here are as long as makes it so."""
    engine, span = lived.chain().engine, lived.span
    times = [
        time_of(engine, found.block)
        for _, page in lived.chain().events(span.first + 1, span.last, trades_only=True)
        for found in page
    ]
    day = next(d for d in range(4_000, 40_000) if any(time % d == 0 for time in times))
    for module in (session, account, report_figures):
        monkeypatch.setattr(module, "DAY", day)
    by_states = shown(session.tell(lived.chain(), 0, span))
    by_logs = shown(session.tell(lived.chain(forgetful), 0, span))
    traded = {each["day"]: each["trades"] for each in by_states["days"] if each["trades"]}
    paid = {each["day"]: each["paid"]["trades"] for each in by_logs["days"]}
    assert traded == {name: count for name, count in paid.items() if count}
    assert len(traded) > 1


def test_of_what_hedges_cost_it_is_told_who_bore_it(lived: Lived, told: Told) -> None:
    said = shown(told)
    cost, kept = said["hedges"], lived.result.rows[-1].pnl
    assert cost["borne_by_traders_usd"] > 1
    assert cost["borne_by_lps_usd"] == pytest.approx(-kept.hedge_cost - kept.pool_lag, abs=0.011)
    assert cost["borne_by_traders_usd"] + cost["borne_by_lps_usd"] == pytest.approx(
        cost["cost_usd"], abs=0.011
    )
    assert len(said["dearest_orders"]) == min(cost["orders"], 20)
    dearest = [order["cost"] for order in said["dearest_orders"]]
    assert dearest == sorted(dearest, reverse=True)


def test_a_node_that_refuses_long_ranges_says_the_same(lived: Lived, told: Told) -> None:
    asked = list[int]()

    def narrow(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == "eth_getLogs":
                asked.append(int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1)
                if asked[-1] > 20:
                    raise RpcError(method, {"code": -32602, "message": "at most 20 blocks"})
            return ask(method, params)

        return request

    assert shown(session.tell(lived.chain(narrow), 0, lived.span)) == shown(told)
    assert max(asked) > 20 >= min(asked)


def test_no_more_than_so_many_blocks_are_held_at_a_time(
    lived: Lived, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    def count_blocks(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == "eth_getLogs":
                asked.append(int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1)
            return ask(method, params)

        return request

    monkeypatch.setattr(reading, "WIDEST", 50)
    assert shown(session.tell(lived.chain(count_blocks), 0, lived.span)) == shown(told)
    assert max(asked) == 50


def test_logs_that_are_left_out_doubled_or_in_disorder_change_nothing(
    lived: Lived, told: Told
) -> None:
    """A node leaves every fifth log out when it is first asked for a stretch, and turns the others round."""
    number = count()

    def careless(ask: Request) -> Request:
        first = set[str]()

        def request(method: str, params: list[Any]) -> Any:
            found = ask(method, params)
            if method != "eth_getLogs" or len(params[0]["topics"][0]) < 4:
                return found
            kept = [log for log in found if log["transactionHash"] in first or next(number) % 5]
            first.update(log["transactionHash"] for log in found)
            return [*reversed(kept), *kept[:3]]

        return request

    again = session.tell(lived.chain(careless), 0, lived.span)
    assert again.filled > 2
    found = whole(again)
    assert abs(found.residual) < CENT
    assert found.total == pytest.approx(whole(told).total, abs=CENT)
    assert found.fees == pytest.approx(whole(told).fees, abs=CENT)


def forgetful(ask: Request) -> Request:
    """A node that keeps the latest state alone, as most do."""

    def request(method: str, params: list[Any]) -> Any:
        if method == "eth_call" and params[1] != "latest":
            raise RpcError(method, {"code": -32000, "message": "missing trie node 0x00"})
        return ask(method, params)

    return request


def test_without_past_states_it_says_so_and_tells_what_was_paid(lived: Lived) -> None:
    told = session.tell(lived.chain(forgetful), 0, lived.span)
    said, kept = shown(told), lived.result.rows[-1].pnl
    assert said["by"] == "logs"
    assert "has no state of block" in said["notes"][0]
    assert "archive node" in said["notes"][0]
    assert "pnl" not in said
    assert said["paid"]["fees_usd"] == pytest.approx(kept.fees, abs=CENT)
    assert said["paid"]["hedge_cost_of_lps_usd"] == pytest.approx(
        -kept.hedge_cost - kept.pool_lag, abs=0.011
    )
    assert said["paid"]["trades"] == shown(session.tell(lived.chain(), 0, lived.span))["trades"]
    assert sum(day["paid"]["trades"] for day in said["days"]) == said["paid"]["trades"]
    for text in ("\n".join(words.lines(said)), words.html(said)):
        assert "has no state of block" in text


def test_a_state_that_is_missing_in_between_is_told_with_the_next(lived: Lived, told: Told) -> None:
    """As of several nodes one knows the past and another does not."""
    ends = lived.span.first, lived.span.last

    def now_and_then(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            block = params[1] if method == "eth_call" else "latest"
            if block != "latest" and int(block, 16) not in ends and int(block, 16) % 5 == 3:
                raise RpcError(method, {"code": -32000, "message": "missing trie node 0x00"})
            return ask(method, params)

        return request

    again = session.tell(lived.chain(now_and_then), 0, lived.span)
    assert again.unread > 2
    (note,) = again.notes
    assert "the state was not to be had" in note
    assert whole(again).total == pytest.approx(whole(told).total, abs=CENT)
    assert whole(again).fees == pytest.approx(whole(told).fees, abs=CENT)


def test_what_is_read_when_it_is_stopped_is_kept(lived: Lived) -> None:
    left = iter([False] * 5)
    told = session.tell(lived.chain(), 0, lived.span, Watch(stops=lambda: next(left, True)))
    said = shown(told)
    assert not said["complete"]
    change = said["nav_end_usd"] - said["nav_start_usd"] - said["lp_flows_usd"]
    assert sum(said["pnl"].values()) == pytest.approx(change, abs=1e-6)
    assert words.CUT_SHORT in "\n".join(words.lines(said))


def test_a_span_without_a_block_is_refused_by_name(lived: Lived) -> None:
    with pytest.raises(ConfigError, match="no block of this market"):
        session.span_of(lived.chain(), 0, lived.span.until + 1_000_000, None)


def test_a_span_is_the_blocks_of_its_time(lived: Lived) -> None:
    found = session.span_of(lived.chain(), 0, lived.span.since, lived.span.until)
    assert (found.first, found.last) == (lived.span.first, lived.span.last)


def test_people_programs_and_tables_are_told_the_same(told: Told) -> None:
    said = shown(told)
    earned = f"{sum(said['pnl'].values()):+,.2f}"
    assert earned in "\n".join(words.lines(said))
    rows = list(csv.DictReader(io.StringIO(words.as_csv(said))))
    assert [row["day"] for row in rows] == [day["day"] for day in said["days"]]
    assert [float(row["gamma"]) for row in rows] == [day["pnl"]["gamma"] for day in said["days"]]
    page = words.html(said)
    assert "By cause, USD" in page
    assert "venue" not in "\n".join(words.lines(said)), (
        "where there is one, nothing is told by venue"
    )
    assert "venues" not in said
    assert "Dearest orders" in page

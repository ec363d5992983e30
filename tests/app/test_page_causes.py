"""What the page says was earned, by cause, is what `tandem report` says of the same blocks, to the cent; an
account's part is its shares' part of it, whenever they came and went."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import LP, living
from earning import DAY, Past, lived_through, patiently

from keeper.report import session
from keeper.report.causes import CAUSES
from keeper.report.reading import Chain, State
from keeper.report.session import Span
from tandem.client import Client
from tandem.engine.log_pages import block_at, time_of
from tandem.units import WAD

pytestmark = pytest.mark.long

CENT = 0.0101
STRANGER = "0x00000000000000000000000000000000000a11ce"
"""An account that never had a share."""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    with living(tmp_path_factory.mktemp("up"), "--vol", "1.5", "--speed", "60") as window:
        yield lived_through(window)


def check(page: dict[str, float], report: dict[str, float]) -> None:
    assert page == pytest.approx({name: report[name] for name in CAUSES}, abs=CENT)


def test_causes_of_the_page_are_those_of_a_report_to_the_cent(past: Past) -> None:
    """Of all blocks, so with a settlement and with a day that is empty; and of some in between. Causes of
    either sign, as funding is, come near to nothing by chance, one of them now and then."""
    first = past.start + 20
    last = past.window.engine.block()
    for span in ((first, last), (past.came[0] + 3, past.came[1] + 9)):
        page, report = past.page(*span), past.told(*span)
        check(page["terms"], report["pnl"])
        assert page["nav"] == pytest.approx(
            [report["nav_start_usd"], report["nav_end_usd"]], abs=CENT
        )
        assert page["lpFlows"] == report["lp_flows_usd"]
        assert sum(page["terms"].values()) == pytest.approx(page["total"], abs=1e-6)
        assert page["trades"] == report["trades"]
        assert abs(report["pnl"]["residual"]) < 0.05
    whole = past.told(first, last)["pnl"]
    small = [name for name in CAUSES if name != "residual" and abs(whole[name]) < 2 * CENT]
    assert len(small) < 2, f"{small}: a cause that is nothing could be left out unseen"


def test_what_the_market_earned_is_the_same_whoever_looks(past: Past) -> None:
    """Shares that he gave away between two events end a step of his own, and none of the market's: delta and
    gamma would be told apart anew at each transfer of an account that nobody else asks about."""
    first, last = past.came[1], past.given + 1
    his, others = (past.page(first, last, each) for each in (past.account, STRANGER))
    assert his["mine"]["given"] < -6_900
    assert others["mine"]["shares"] == 0
    for name in ("terms", "nav", "lpFlows", "trades", "steps"):
        assert his[name] == others[name], name


def test_a_span_may_begin_while_an_expiry_waits_for_its_settlement(past: Past) -> None:
    """Its slice is the one that it had before it was over: no state of the span has it."""
    last = past.window.engine.block()
    settled = past.found("Settled")[0]
    first = settled.block - 1
    assert time_of(past.chain.engine, first) >= settled.event["expiry"], "nothing waits there"
    page, report = past.page(first, last), past.told(first, last)
    assert page["first"]["block"] == report["first_block"] == first
    check(page["terms"], report["pnl"])
    assert abs(report["pnl"]["residual"]) < 0.05


@dataclass(frozen=True)
class Silent(Chain):
    """Whose contracts do not say how the market stood at one block."""

    at: int = -1

    def state(self, block: int) -> State | None:
        return None if block == self.at else Chain.state(self, block)


def test_a_report_whose_first_block_does_not_say_begins_later_though_an_expiry_waits(
    past: Past,
) -> None:
    chain, last, settled = past.chain, past.window.engine.block(), past.found("Settled")[0]
    first = block_at(chain.engine, settled.event["expiry"], past.start, last)
    assert first < settled.block - 1, "nothing waits there"
    span = Span(first, last, time_of(chain.engine, first), time_of(chain.engine, last))
    silent = Silent(chain.engine, chain.handles, at=first)
    found = session.tell(silent, past.start, span, marks=[*range(first + 1, last + 1)])
    assert found.account is not None
    assert found.account.whole is not None
    assert first < found.account.whole.start.block < settled.block
    assert abs(found.account.whole.terms.residual) < 0.05


def test_a_part_is_the_shares_part_of_each_cause_while_they_stay(past: Past) -> None:
    first, second = past.came
    page, report = past.page(first, second - 1), past.told(first, second - 1)
    shares = page["mine"]["shares"]
    assert shares > 199_000
    for name in CAUSES:
        owed = shares * report["pnl_by_share"][name]
        assert page["mine"]["terms"][name] == pytest.approx(owed, abs=CENT), name
    assert page["mine"]["own"] == pytest.approx(0, abs=1e-6)


def test_a_part_adds_up_whenever_shares_come_and_go(past: Past) -> None:
    """He came twice, gave shares away, and was paid a part: the sum is what his stake became."""
    chain, vault = past.chain, past.chain.handles.vault
    first, last = past.start + 20, past.window.engine.block()
    mine = past.page(first, last)["mine"]
    with chain.engine.pinned(last):
        shares = vault.balanceOf(past.account) + vault.pendingRedeemRequest(0, past.account)
        claimable = vault.maxWithdraw(past.account) / 1e6
    assert mine["shares"] == pytest.approx(shares / WAD)
    assert mine["out"] == pytest.approx(claimable) != 0
    assert mine["put"] == 250_000
    assert mine["given"] == pytest.approx(-7_000, rel=0.01)
    change = mine["last"] - mine["first"] - mine["put"] + mine["out"] - mine["given"]
    assert sum(mine["terms"].values()) + mine["entries"] + mine["own"] == pytest.approx(
        change, abs=1e-6
    )
    assert mine["last"] == pytest.approx(
        shares / WAD * past.told(first, last)["share_end_usd"], abs=CENT
    )
    assert -2_000 < mine["own"] < -0.5, "he came at the high NAV and left at the low one"
    for name in ("premium", "theta"):
        assert mine["terms"][name] > 1


def test_a_second_look_reads_what_is_new_alone(past: Past) -> None:
    """What may still change is asked for again: 22 to 38 questions beside some 560, as the market went."""
    page = past.page(past.start + 20)
    once, again = page["looks"]
    assert once["asked"] > page["steps"] > 30
    assert again["asked"] < once["asked"] / 10, "a new block costs a few questions"


def test_an_operator_and_an_lp_see_it_in_a_real_browser(past: Past, tmp_path: Path) -> None:
    """At two widths, light and dark: each figure on the screen is the command's of the same blocks."""
    assert "fail 0" in past.window.scenario("causes", out=str(tmp_path))
    for width in (1440, 390):
        said = json.loads((tmp_path / f"operate-{width}.json").read_text())
        begun, last = said["blocks"]
        first = past.begin_of(last, 7 * DAY)
        assert first <= begun, "the page begins where the contracts said first how the market stood"
        report = past.told(first, last)
        rows = said["rows"]
        check({name: rows[name.replace("_", " ")][0] for name in CAUSES}, report["pnl"])
        assert rows["change"][0] == pytest.approx(sum(report["pnl"].values()), abs=CENT)
        lp = json.loads((tmp_path / f"earn-{width}.json").read_text())
        again = past.page(*lp["blocks"])
        for name in CAUSES:
            mine = lp["rows"][name.replace("_", " ")][0]
            assert mine == pytest.approx(again["mine"]["terms"][name], abs=2 * CENT), name


def test_the_command_prints_what_it_is_held_against(past: Past) -> None:
    up, page = past.window.up, past.page(past.start + 20)
    since, until_ = (str(page[end]["time"]) for end in ("first", "last"))
    done = up.tandem("report", "--json", "--since", since, "--until", until_)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    ours = past.told(printed["first_block"], printed["last_block"])
    assert printed["pnl"] == ours["pnl"]


def test_a_fork_of_the_market_under_states_that_were_read_leaves_nothing_of_them(
    past: Past,
) -> None:
    """A deposit and what came after it are taken back: the page that read them says then what the command
    says, and what a page says that never saw them."""
    window = past.window
    lp = Client.connect(window.rpc, window.up.file, window.engine.accounts[LP])
    before = window.engine.block()
    patiently(lp.deposit, "70000")
    time.sleep(3)
    asked = (window.rpc, str(window.up.file), str(past.start + 20), str(before - 4))
    said = json.loads(window.node("tests/forked.ts", *asked))
    assert said["after"] == said["fresh"]
    assert said["before"]["lpFlows"] - said["after"]["lpFlows"] == pytest.approx(70_000, abs=CENT)
    last = said["after"]["last"]["block"]
    check(said["after"]["terms"], past.told(past.start + 20, last)["pnl"])

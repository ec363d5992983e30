"""What the pages promise in numbers is what the code does: each sentence below stands in its page with the
number that the code has. An index's 64 blocks stood in the page's guide after they had become 256."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from keeper import feed_watch, logs, markouts
from keeper.alerts import rules, told
from keeper.execution import asking, reverts, signers
from keeper.index import asked, reading
from keeper.planner import PlannerSettings
from keeper.settings import Settings
from keeper.tables import FeeTable, ForecastTable, LeasesTable
from tandem import foreign
from tandem.client import liquidity, session
from tandem.engine import health, node, rpc, side_by_side, states
from tandem.protocol import insisting, outside, recipe_checks, terms, verifying
from tandem.protocol.deploy import DeploySettings
from tandem.terminal import deploying
from tandem.units import DAY, HOUR, MINUTE, UNIT, WAD

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 10: "ten", 20: "twenty",
    30: "thirty",
}  # fmt: skip
BOUNDS, FIXED, FEES, KEPT = session.Bounds(), DeploySettings(), FeeTable(), Settings.model_fields
DEFAULT = {name: field.default for name, field in terms.FIELDS.items()}


def says(number: float) -> str:
    """As a page writes it: without a point where there is nothing behind it."""
    return f"{int(number):,}" if number == int(number) else f"{number:g}"


def in_words(number: float) -> str:
    return WORDS[int(number)]


def of_contract(source: str, name: str) -> int:
    text = (ROOT / "contracts" / f"{source}.vy").read_text()
    pattern = rf"^{name}: (?:public\()?constant\(u?int\d+\)\)? = ([A-Z0-9_* +/-]+?)(?:  #.*)?$"
    (found,) = re.findall(pattern, text, re.MULTILINE)
    known = {"DAY": DAY, "HOUR": HOUR, "WAD": WAD}
    return int(eval(compile(ast.parse(found.strip(), mode="eval"), source, "eval"), known))  # noqa: S307


def of_page(source: str, name: str) -> int:
    text = (ROOT / "app" / "src" / f"{source}.ts").read_text()
    (found,) = re.findall(rf"^(?:export )?const {name} = ([\d_]+);", text, re.MULTILINE)
    return int(found)


WAIT = in_words(DEFAULT["exit_wait"] / HOUR)
GRACE = in_words(of_contract("modules/expiries", "GRACE") / DAY)
PATIENCE = in_words(of_contract("oracles/ChainlinkSpot", "PATIENCE") / DAY)
VENUE_WAIT = in_words(of_contract("lib/terms", "VENUE_WAIT") / DAY)
LIMITS = "modules/limits"

TRADERS = [
    (
        f"Bought are options of {of_contract(LIMITS, 'MIN_TENOR') // DAY} to "
        f"{of_contract(LIMITS, 'MAX_TENOR') // DAY} days"
    ),
    (
        f"whose delta without cap or floor is from {of_contract(LIMITS, 'MIN_DELTA') / WAD:g} to "
        f"{of_contract(LIMITS, 'MAX_DELTA') / WAD:g}"
    ),
    f"in sizes from {of_contract(LIMITS, 'MIN_UNITS') / UNIT:g} of the asset",
    f"(`max_trade`, {says(DEFAULT['max_trade'] / 100)} % by default)",
    f"for holding the hedge, for {in_words(DEFAULT['carry'] / 24)} days at most",
    f"`--slippage` ({says(float(BOUNDS.slippage) * 100)} %)",
    f"`--deadline` ({in_words(BOUNDS.lifetime / MINUTE)} minutes)",
    f"`--gas` ({BOUNDS.gas} ETH)",
    f"bought back again after {WAIT} hours (`exit_wait`)",
    f"{GRACE} days after the expiry anybody may redeem for you",
    f"a second feed settles it from {PATIENCE} days later on",
]
LPS = [
    f"you get at most {says(liquidity.SLIPPAGE_BPS / 100)} % fewer shares",
    f"After {WAIT} hours without such a moment it goes on",
    f"for {VENUE_WAIT} days after a guardian took the venue down",
    f"Beside a stale surface it waits for {WAIT} hours",
    f"joins an hourly epoch {'a day' if FIXED.exit_delay == DAY else '?'} ahead",
]
DEPLOYERS = [
    f"A transaction that waits for {says(insisting.STUCK)} seconds is made dearer",
    f"No run bids more than {in_words(deploying.DEARER)} times what it found",
    f"under `--gas` ({deploying.MOST_GAS} ETH",
    f"happened in {'ten thousand' if verifying.LOOKED_THROUGH == 10_000 else '?'} blocks",
    f"from which today's price must be {in_words(outside.ROOM)} times away",
    f"nobody takes lapse {in_words(of_contract('modules/timelock', 'VALIDITY') / DAY / 7)} weeks later",
    f"wait for their epoch, {in_words(of_contract('Vault', 'MAX_DELAY') / DAY)} days at most",
    f"a day more at least, {in_words(of_contract('modules/timelock', 'MAX_DELAY') / DAY)} days at most",
    f"`max_age` ({in_words(recipe_checks.MOST_AGE / DAY)} days at most, and `grace` a day)",
    (
        f"{recipe_checks.MOST_LOST / WAD:g} at most and {in_words(recipe_checks.LEAST_PERIOD / DAY)} days "
        "at least on a chain that is not your own"
    ),
]
OPERATORS = [
    f"{says(max(FEES.day_eth, FEES.urgent_day_eth))} ETH, where you set nothing, is the most",
    f"`TANDEM_FEES__STUCK_SECONDS` ({says(FEES.stuck_seconds)})",
    f"`TANDEM_HEARTBEAT_SECONDS` ({says(KEPT['heartbeat_seconds'].default)}; 0 for none)",
    f"`TANDEM_POLL_SECONDS` ({says(KEPT['poll_seconds'].default)},",
    f"`TANDEM_LEASES__AWAY_SECONDS` ({says(LeasesTable().away_seconds)})",
    f"after that file's end; {says(ForecastTable().rounds_days)} by default",
    f"they are asked again {in_words(signers.REST_SECONDS)} seconds later",
    f"clock may be {'half a minute' if asking.AHEAD_SECONDS == 30 else '?'} ahead of this machine's",
    f"a price that moves {'a tenth' if feed_watch.JUMP == 0.1 else '?'} from one look to the next",
    f"What the chain reverts {in_words(reverts.MOST_REVERTS)} times in a row",
    (f"left alone for {'a minute' if reverts.FIRST_HOLD == MINUTE else '?'}, and longer each time: "
    f"{'an hour' if reverts.LONGEST_HOLD == HOUR else '?'} in the end, and "
    f"{in_words(reverts.URGENT_HOLD / MINUTE)} minutes where it is urgent"),
    (f"for less than {in_words(PlannerSettings().least_exit)} dollars, or than its gas, at most once "
    f"{'a day' if PlannerSettings().exit_patience == DAY else '?'}"),
    f"says nothing has {in_words(node.QUICK_SECONDS)} seconds, or {in_words(node.QUICK_TIMES)} times",
    f"half as many at a time for {in_words(side_by_side.NARROW_SECONDS / MINUTE)} minutes",
    f"{in_words(told.MOST_AN_HOUR)} letters an hour, {in_words(told.MOST_OF_A_KIND)} of one kind",
    f"the last {'hundred' if logs.MOST_LATELY == 100 else '?'} warnings and errors",
    f"`limit` ({asked.LIMIT}, at most {asked.MOST})",
    f"mean of the last {markouts.MOST_FILLS} by side",
    f"while there are fewer than {in_words(markouts.LEAST_FILLS)} fills",
    f"Fills of the same {in_words(markouts.SPAN / HOUR)} hours",
    f"less than {in_words(rules.DAYS_OF_GAS)} days of what the last one cost",
    f"past {says(FIXED.loss_cap * 100 / WAD)} % of NAV",
    f"the cap in {in_words(FIXED.loss_period / DAY / 7)} weeks",
    f"one and a half times the gas after {in_words(of_contract('Bounty', 'RAMP') / MINUTE)} minutes",
    f"LPs leave from {VENUE_WAIT} days later on",
]  # fmt: skip
BROWSER = [
    f"older than its newest {of_page('state/past', 'AGAIN')} blocks (an index: {reading.UNSETTLED})",
    f"which keeps those of its newest {says(states.KEPT)} blocks",
    (
        f"more than {says(of_page('state/earnings', 'MOST_STEPS'))} steps or "
        f"{says(of_page('state/past', 'MOST'))} events is refused"
    ),
    f"in stretches of {says(of_page('state/index-sample', 'WIDTH'))},",
    f"at first {in_words(of_page('state/index-sample', 'FIRST'))} of the stretches",
    f"one of each every {in_words(of_page('state/index-sample', 'PAUSE') / 1_000)} seconds",
    f"where that is {'a quarter of an hour' if of_page('state/trade', 'AHEAD') == 900 else '?'} ahead",
]
TRUST = [
    f"{BOUNDS.gas} ETH a transaction, up to three of them in a mint; {deploying.MOST_GAS} ETH for all",
    (
        f"a clock that is {in_words(session.CLOCK_SECONDS / MINUTE)} minutes ahead of yours "
        f"({of_page('state/trade', 'AHEAD') // MINUTE} in the page) is refused"
    ),
    f"until its deadline, {in_words(BOUNDS.lifetime / MINUTE)} minutes",
    f"of {foreign.MOST} characters at most ({rpc.MOST_WORDS} of its errors)",
    (
        f"from {says(of_contract('oracles/EtherSpot', 'LEAST') / WAD)} to "
        f"{says(of_contract('oracles/EtherSpot', 'MOST') / WAD)} USD"
    ),
]
PROTOCOL = [
    f"{'a million' if of_contract('Bounty', 'GAS') == 10**6 else '?'} of it whatever it takes",
    (
        f"fee for {of_contract('Bounty', 'BYTES')} bytes of data "
        f"({'an ether' if of_contract('Bounty', 'MOST_DATA_FEE') == WAD else '?'} at most)"
    ),
    (
        f"from {of_contract('Bounty', 'LEAST_SIGMA') * 100 // WAD} to "
        f"{of_contract('Bounty', 'MOST_SIGMA') * 100 // WAD} %"
    ),
    f"after {GRACE} days anybody may, for him and to him",
    f"From {PATIENCE} days after the expiry on a round of the second feed",
    f"under {'a twentieth' if of_contract('modules/nav', 'LEAST_PART') == 20 else '?'} of the high one",
]
WEAKNESSES = [
    f"a head {in_words(health.LATE_BLOCKS + 1)} blocks and {in_words(health.LATE_SECONDS + 1)} seconds ahead",
]
PAGES = {
    "guide/traders": TRADERS, "guide/lps": LPS, "guide/deployers": DEPLOYERS, "guide/operators": OPERATORS,
    "guide/browser": BROWSER, "trust": TRUST, "protocol": PROTOCOL, "weaknesses": WEAKNESSES,
}  # fmt: skip


@cache
def words(page: str) -> str:
    return " ".join((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_promises_in_numbers_is_what_the_code_does(page: str) -> None:
    assert [each for each in PAGES[page] if each not in words(page)] == []

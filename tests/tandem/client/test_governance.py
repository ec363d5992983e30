"""Who may do what is said before anything is sent; what is tighter applies at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from tandem.client import Client, governance
from tandem.client.errors import ListingError, RefusedError, RoleError
from tandem.client.governance import Role
from tandem.errors import ConfigError
from tandem.protocol.series import day_of, next_expiry, parse
from tandem.protocol.terms import FIELDS
from tandem.terminal.group import main
from tandem.units import DAY

Connect = Callable[..., Client]


@pytest.fixture
def lister(connect: Connect, market: Any) -> Client:
    return connect(market.tandem.roles.lister)


@pytest.fixture
def owner(connect: Connect, market: Any) -> Client:
    return connect(market.tandem.roles.owner)


def test_a_listing_shows_the_ladder_that_it_leaves(lister: Client, market: Any) -> None:
    expiry = next_expiry(market.engine.now(), 30)
    assert lister.list_expiry(expiry, [2_500, 2_000, 5_000]).after == (2_000, 2_500, 5_000)
    prepared = lister.prepare_list(expiry, [3_000, 2_500])
    assert prepared.preview.added == (3_000,)
    assert prepared.send().after == prepared.preview.strikes == (2_000, 2_500, 3_000, 5_000)
    assert {e.expiry for e in lister.chain().expiries} == {expiry, market.series.expiry}


@pytest.mark.parametrize(
    ("days", "strikes", "said"),
    [
        (30, [], "one at least"),
        (30, [2_500, 2_500], "once each"),
        (30, [0], "whole USD"),
        (30, [2**24], "whole USD"),
        (30, list(range(1_000, 1_017)), "17 strikes"),
        (120, [2_500], "at most 90 days"),
        (-5, [2_500], "a day ahead"),
    ],
)
def test_a_ladder_that_cannot_be_listed(
    lister: Client, market: Any, days: int, strikes: list[int], said: str
) -> None:
    with pytest.raises(ListingError) as error:
        lister.list_expiry(next_expiry(market.engine.now(), days), strikes)
    assert said in str(error.value)
    with pytest.raises(ListingError, match=r"^2023-\d\d-\d\d 20:00 UTC is no expiry to list"):
        lister.list_expiry(market.series.expiry + DAY // 2, [2_500])
    for never in (-1, 2**256):
        with pytest.raises(ListingError, match=f"^{never} is no expiry to list"):
            lister.list_expiry(never, [2_500])


@pytest.mark.parametrize("command", [("propose-price", "2500"), ("withdraw-price",)])
def test_a_day_is_of_this_century(
    market: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TANDEM_RPC", market.url)
    monkeypatch.setenv("TANDEM_DEPLOYMENT", str(market.file))
    who = ("--account", market.tandem.roles.owner, "--dry-run")
    verb, *price = command
    said = CliRunner(mix_stderr=False).invoke(
        main, ["govern", verb, "27MAR69", *price, *who, "--json"]
    )
    assert said.exit_code == 2, said
    assert "what to do next" in said.stderr
    assert parse("ETH-27MAR69-3000-6000-C").expiry == 3_131_596_800


def test_a_role_that_is_lacking_is_named_with_its_holders(trader: Client, market: Any) -> None:
    roles = market.tandem.roles
    for act, role, holder in (
        (lambda: trader.list_expiry(market.series.expiry, [3_000]), "lister", roles.lister),
        (trader.pause, "guardian", roles.guardian),
        (trader.unpause, "owner", roles.owner),
        (lambda: trader.propose("fee", 20), "owner", roles.owner),
        (lambda: trader.apply_term("fee"), "owner", roles.owner),
    ):
        with pytest.raises(RoleError, match=f"no {role}") as error:
            act()
        assert holder in error.value.hint


def test_a_tighter_term_applies_at_once_and_another_waits(owner: Client, market: Any) -> None:
    default = FIELDS["max_trade"].default
    tighter = governance.propose(owner.session, "max_trade", default - 50)
    assert tighter.preview.ready_at is None
    assert tighter.send().after == default - 50
    looser = governance.propose(owner.session, "max_trade", default)
    guardian = market.tandem.guardian
    assert looser.send().after == default - 50
    ready = guardian.call("queued", FIELDS["max_trade"].index)[1]
    assert ready == pytest.approx(looser.preview.ready_at, abs=30)
    with pytest.raises(RefusedError, match="delay is not over"):
        owner.apply_term("max_trade")
    market.engine.set_time(ready)
    assert owner.apply_term("max_trade").after == default


def test_what_is_announced_while_a_venue_is_down_is_ready_when_lps_may_have_left(
    owner: Client, connect: Connect, market: Any
) -> None:
    """PW-5: later than the delay of two days; what brings the venue back waits for that alone."""
    governance.take_down(connect(market.tandem.roles.guardian).session).send()
    held = market.tandem.guardian.call("held_until")
    ready = market.engine.now() + market.tandem.guardian.call("DELAY")
    assert held > ready + DAY
    assert governance.propose(owner.session, "fee", 30).preview.ready_at == held
    assert governance.offer_role(owner.session, Role.signer, owner.address).preview.ready_at == held
    assert governance.bring_back(owner.session).preview.ready_at == pytest.approx(ready, abs=30)


def test_a_proposed_term_is_dropped(owner: Client) -> None:
    owner.propose("fee", FIELDS["fee"].default + 5)
    governance.cancel(owner.session, "fee").send()
    with pytest.raises(RefusedError, match="No change"):
        governance.cancel(owner.session, "fee")


def test_a_term_that_is_none_or_out_of_bounds(owner: Client) -> None:
    with pytest.raises(ConfigError, match="no term 'fees'"):
        owner.propose("fees", 1)
    with pytest.raises(ConfigError, match="between 0 and 300"):
        owner.propose("fee", 301)
    with pytest.raises(ConfigError, match="no term 'flags' to set"):
        owner.propose("flags", 1)


def test_a_pause_is_at_once_and_its_end_waits(owner: Client, connect: Connect, market: Any) -> None:
    guardian = connect(market.tandem.roles.guardian)
    assert guardian.pause().after == 1
    assert owner.unpause().after == 1
    market.engine.advance(3 * DAY)
    assert owner.apply_term("flags").after == 0


def test_a_role_is_offered_taken_and_taken_away(owner: Client, trader: Client, market: Any) -> None:
    governance.offer_role(owner.session, Role.lister, trader.address).send()
    with pytest.raises(RefusedError, match="delay is not over"):
        governance.accept_role(trader.session, Role.lister)
    market.engine.advance(3 * DAY)
    assert trader.address in governance.accept_role(trader.session, Role.lister).send().after
    left = governance.revoke_role(owner.session, Role.lister, trader.address).send().after
    assert trader.address not in left
    with pytest.raises(ConfigError, match="no address"):
        governance.offer_role(owner.session, Role.lister, "somebody")


def test_an_offer_is_taken_back(owner: Client, trader: Client, market: Any) -> None:
    guardian = market.tandem.guardian
    governance.offer_role(owner.session, Role.signer, trader.address).send()
    assert [offer.account for offer in guardian.offers(Role.signer)] == [trader.address]
    governance.withdraw_offer(owner.session, Role.signer, trader.address).send()
    assert guardian.offers(Role.signer) == ()
    with pytest.raises(RefusedError, match="not offered to this account"):
        governance.withdraw_offer(owner.session, Role.signer, trader.address)


def test_a_settlement_price_is_proposed_and_withdrawn(owner: Client, market: Any) -> None:
    with pytest.raises(RefusedError, match="only after the expiry"):
        governance.propose_price(owner.session, market.series.expiry, 2_500)
    market.engine.set_time(market.series.expiry + 1)
    with pytest.raises(ListingError, match="waits for no price") as unlisted:
        governance.propose_price(owner.session, market.series.expiry - DAY, 2_500)
    assert day_of(market.series.expiry) in unlisted.value.hint
    governance.propose_price(owner.session, market.series.expiry, "2512.5").send()
    stored = market.tandem.guardian.call("proposals", market.series.expiry)
    assert stored[0] == 25_125 * 10**17
    governance.withdraw_price(owner.session, market.series.expiry).send()
    assert market.tandem.guardian.call("proposals", market.series.expiry)[0] == 0

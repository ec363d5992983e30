"""`tandem govern`: pause, parameters, roles, and settlement prices of last resort."""

from __future__ import annotations

from typing import Any

import rich_click as click

from tandem.cli.list import expiry_of
from tandem.client import Prepared, governance
from tandem.client.governance import (
    GrowthPreview,
    PricePreview,
    Role,
    RolePreview,
    TermPreview,
)
from tandem.terminal.common import usd, when
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "deployer"

ROLE = click.argument("role", type=click.Choice([role.name for role in Role]))


@click.group()
def govern() -> None:
    """Change what the Guardian holds.

    What makes the system safer applies at once; everything else waits in public for a delay, then
    `apply` makes it take effect. `tandem terms` shows all of it.

    \b
    Examples:
      tandem govern propose fee 40
      tandem govern pause
    """


@govern.command()
@click.argument("term")
@click.argument("amount", type=click.IntRange(0))
@writing
def propose(term: str, amount: int, how: How) -> None:
    """Set TERM to AMOUNT, in the term's own unit: at once where that is tighter.

    \b
    Examples:
      tandem govern propose fee 40
      tandem govern propose half_spread 200 --dry-run
    """
    _term(how, governance.propose(how.connect().session, term, amount))


@govern.command()
@click.argument("term")
@writing
def apply(term: str, how: How) -> None:
    """Make the change of TERM that was proposed take effect ("flags" ends a pause).

    \b
    Examples:
      tandem govern apply fee
    """
    _term(how, governance.apply_term(how.connect().session, term))


@govern.command()
@click.argument("term")
@writing
def cancel(term: str, how: How) -> None:
    """Drop the change of TERM that was proposed.

    \b
    Examples:
      tandem govern cancel fee
    """
    _term(how, governance.cancel(how.connect().session, term))


@govern.command()
@writing
def pause(how: How) -> None:
    """Stop opens and deposits, at once. A guardian's to do.

    \b
    Examples:
      tandem govern pause --yes
    """
    _term(how, governance.pause(how.connect().session))


@govern.command()
@writing
def unpause(how: How) -> None:
    """Propose the end of the pause; `apply flags` ends it after the delay. The owner's to do, both.

    \b
    Examples:
      tandem govern unpause
    """
    _term(how, governance.unpause(how.connect().session))


@govern.command("take-down")
@writing
@click.argument("venue", required=False)
def take_down(how: How, venue: str | None) -> None:
    """Say that the hedge venue is down, at once. A guardian's to do.

    Its margin counts for nothing from then on. Opens, rebalances, top-ups and deposits stop; closes that
    need no order go on, and LPs leave from three days later on. Of several venues name one (VENUE, as
    "aave"): then the others go on, and deposits stop; after three days the others hold its hedge too.

    \b
    Examples:
      tandem govern take-down --yes
      tandem govern take-down aave --yes
    """
    _term(how, governance.take_down(how.connect().session, venue))


@govern.command("bring-back")
@writing
@click.argument("venue", required=False)
def bring_back(how: How, venue: str | None) -> None:
    """Propose that the hedge venue is up again; `apply flags` says so after the delay. Of several venues
    name the one (VENUE, as "aave"), or none for all of them. The owner's to do, both.

    \b
    Examples:
      tandem govern bring-back
      tandem govern bring-back aave
    """
    _term(how, governance.bring_back(how.connect().session, venue))


@govern.command("offer-role")
@ROLE
@click.argument("address")
@writing
def offer_role(role: str, address: str, how: How) -> None:
    """Offer ROLE to ADDRESS, which takes it after the delay.

    \b
    Examples:
      tandem govern offer-role owner 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
    """
    _role(how, governance.offer_role(how.connect().session, Role[role], address))


@govern.command("withdraw-offer")
@ROLE
@click.argument("address")
@writing
def withdraw_offer(role: str, address: str, how: How) -> None:
    """Take the offer of ROLE to ADDRESS back, at once.

    \b
    Examples:
      tandem govern withdraw-offer signer 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
    """
    _role(how, governance.withdraw_offer(how.connect().session, Role[role], address))


@govern.command("accept-role")
@ROLE
@writing
def accept_role(role: str, how: How) -> None:
    """Take ROLE, which was offered to your account. A new owner replaces the old one.

    \b
    Examples:
      tandem govern accept-role owner
    """
    _role(how, governance.accept_role(how.connect().session, Role[role]))


@govern.command("revoke-role")
@ROLE
@click.argument("address")
@writing
def revoke_role(role: str, address: str, how: How) -> None:
    """Take ROLE from ADDRESS, at once. The owner's is never taken: it passes on by an offer that is accepted.

    \b
    Examples:
      tandem govern revoke-role signer 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
    """
    _role(how, governance.revoke_role(how.connect().session, Role[role], address))


@govern.command("propose-price")
@click.argument("expiry")
@click.argument("price")
@writing
def propose_price(expiry: str, price: str, how: How) -> None:
    """Propose PRICE (USD) for EXPIRY (27MAR26), which is past and which no feed settles.

    \b
    Examples:
      tandem govern propose-price 27MAR26 2512.50
    """
    client = how.connect()
    _price(how, governance.propose_price(client.session, expiry_of(expiry, client.clock), price))


@govern.command("withdraw-price")
@click.argument("expiry")
@writing
def withdraw_price(expiry: str, how: How) -> None:
    """Take the price that was proposed for EXPIRY back.

    \b
    Examples:
      tandem govern withdraw-price 27MAR26
    """
    client = how.connect()
    _price(how, governance.withdraw_price(client.session, expiry_of(expiry, client.clock)))


@govern.command("propose-growth", context_settings={"ignore_unknown_options": True})
@click.argument("venue")
@click.argument("growth")
@writing
def propose_growth(venue: str, growth: str, how: How) -> None:
    """Propose that what VENUE, one of several, holds has grown by GROWTH (of a short below 0) by interest.

    A lender whose interest was over 105 % a year for weeks says more than our orders there come to, and no
    more than that counts as ours (`tandem venues` shows both). After the delay `begin-anew` has it believed
    again, as far as it grew by no more than GROWTH: leave room for interest until then.

    \b
    Examples:
      tandem govern propose-growth aave -0.6
    """
    _growth(how, governance.propose_growth(how.connect().session, venue, growth))


@govern.command("withdraw-growth")
@click.argument("venue")
@writing
def withdraw_growth(venue: str, how: How) -> None:
    """Take what was proposed that VENUE has grown by back.

    \b
    Examples:
      tandem govern withdraw-growth aave
    """
    _growth(how, governance.withdraw_growth(how.connect().session, venue))


@govern.command("begin-anew")
@click.argument("venue")
@writing
def begin_anew(venue: str, how: How) -> None:
    """Have VENUE believed again, as far as the owner proposed, once the delay is over. Anybody may.

    \b
    Examples:
      tandem govern begin-anew aave
    """
    found = governance.begin_anew(how.connect().session, venue)
    carry_out(how, found, _proposed(found.preview), lambda now: [("believed", f"{now:+f}")])


def _term(how: How, prepared: Prepared[TermPreview, int]) -> None:
    p = prepared.preview
    shown = [("term", p.term), ("now", str(p.before)), ("then", str(p.amount)), _when(p.ready_at)]
    carry_out(how, prepared, shown, lambda now: [(p.term, str(now))])


def _role(how: How, prepared: Prepared[RolePreview, Any]) -> None:
    p = prepared.preview
    shown = [("role", p.role), ("account", p.account), _when(p.ready_at)]
    carry_out(how, prepared, shown, lambda who: [(p.role, ", ".join(who) or "nobody")])


def _price(how: How, prepared: Prepared[PricePreview, None]) -> None:
    p = prepared.preview
    price = usd(p.price) if p.price is not None else "withdrawn"
    shown = [("expiry", when(p.expiry)), ("price", price), _when(p.ready_at)]
    carry_out(how, prepared, shown, lambda _: _nothing())


def _growth(how: How, prepared: Prepared[GrowthPreview, None]) -> None:
    carry_out(how, prepared, _proposed(prepared.preview), lambda _: _nothing())


def _proposed(p: GrowthPreview) -> Pairs:
    grown = f"{p.growth:+f}" if p.growth is not None else "withdrawn"
    return [("venue", p.venue), ("grown by", grown), _when(p.ready_at)]


def _nothing() -> Pairs:
    return []


def _when(ready_at: int | None) -> tuple[str, str]:
    return "takes effect", "at once" if ready_at is None else f"from {when(ready_at)} on"

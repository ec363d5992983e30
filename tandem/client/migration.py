"""From one deployment to the next: nothing else replaces contracts that cannot be changed.

The old one runs off: its options are closed, settled and redeemed where they are, its hedge is kept until the
last of them is gone. What can be led over is led by whoever may: listers list on the new one what the old one
has, a guardian stops opens and deposits on the old one, LPs leave there and deposit here. Laws:

- Nothing moves but by its owner's key, and each move is one that the account could make by hand.
- What is done is seen on the chains and not done again, so that whoever is interrupted runs it again; what
  was sent is in a journal first, so that a node that has not seen it yet changes nothing
  (`migration_journal`).
- What an LP claims from the old one is what is deposited in the new one, to the token unit: not what he had
  paid to somebody else, and whatever he deposited there before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tandem.client import governance, liquidity, listing
from tandem.client.amounts import SHARES, shown
from tandem.client.errors import ClientError
from tandem.client.governance import PAUSED, Role
from tandem.client.history import sent_by
from tandem.client.migration_journal import MigrationError, head_of, opened
from tandem.client.sending import Sent
from tandem.client.session import Prepared, Session
from tandem.protocol.bindings.vault import Deposit, Withdraw
from tandem.protocol.reverts import explain
from tandem.protocol.waits import UnreadableError, processing, snapshot_of
from tandem.units import DAY, decimal

E = TypeVar("E", Withdraw, Deposit)
CRUMB = Decimal("0.001")
"""USD, or a share, which was sold for one at first."""
LEAST_LIFE = DAY
"""An expiry that is nearer is not listed anew: it ends where it is."""
MOST_MOVES = 64
"""Of one run: an account with more has a fault in it."""


@dataclass(frozen=True, slots=True)
class Move:
    """What an account is to do. role: as whom; prepared: None where the time has not come, for the reason
    in `waits`; follows: whether it comes in the same run, once what is due was sent."""

    role: str
    what: str
    prepared: Prepared[Any, Any] | None = None
    waits: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class RunOff:
    """What is left of a deployment. expiries: listed and not settled; owed: the most that its options can
    have to pay, USD; claims: settled options' payoffs, USD; shares: of all LPs; waiting: USD of exits in the
    queue; exits: USD that is set aside for them; hedge: ETH; is_stale: whether the surface of what is open
    is."""

    expiries: int
    owed: Decimal
    claims: Decimal
    shares: Decimal
    waiting: Decimal
    exits: Decimal
    hedge: Decimal
    is_stale: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing is left but crumbs: of what an epoch or a lender keeps nobody has a cent."""
        crumbs = self.claims < CRUMB and self.shares < CRUMB and self.exits < CRUMB
        return crumbs and not (self.owed or self.hedge)


def check(old: Session, new: Session) -> None:
    """Raises MigrationError unless LPs may go from the one to the other, UnreadableError where the new one
    cannot be read."""
    if old.deployment.address("Market") == new.deployment.address("Market"):
        raise MigrationError(
            "both files describe the same deployment", "name the new one with --to"
        )
    if new.deployment.block < old.deployment.block:
        raise MigrationError(
            f"what --to names stood first: at block {new.deployment.block}, the other at "
            f"{old.deployment.block}",
            "--deployment is the old one, --to the new one; back to an older one LPs go by hand: "
            "`tandem exit`, `claim`, `deposit`",
        )
    if old.asset != new.asset:
        raise MigrationError(
            f"the old one's options are on {old.asset}, the new one's on {new.asset}",
            f"name the new market on {old.asset} with --to; LPs go to another one by hand: "
            "`tandem exit`, `claim`, `deposit`",
        )
    if old.token.address != new.token.address:
        raise MigrationError(
            f"the old one's money is {old.token.address}, the new one's {new.token.address}",
            "leave the old one with `tandem exit` and `tandem claim`, and exchange it yourself",
        )
    try:
        fresh = snapshot_of(new.on)
    except UnreadableError as error:
        raise UnreadableError(
            f"the new deployment, {new.deployment.name}: {error.message}",
            f"{error.hint}; `tandem exit` and `tandem claim` leave the old one without it",
        ) from error
    if not fresh.takes_deposits:
        raise MigrationError(
            "the new deployment takes no deposits now",
            "see `tandem status --deployment` of it: nobody is led to what is stopped",
        )


def run_off(session: Session) -> RunOff:
    """At the latest block. Raises UnreadableError."""
    s = snapshot_of(session.on)
    return RunOff(
        expiries=len(s.expiries),
        owed=decimal(s.maxima),
        claims=decimal(s.claims),
        shares=decimal(session.on.vault.totalSupply(), SHARES),
        waiting=decimal(s.funds.queued),
        exits=decimal(s.funds.exits),
        hedge=decimal(s.position, 18),
        is_stale=not s.surface_fresh,
    )


def moves(old: Session, new: Session, sent: Sequence[Sent] = ()) -> Iterator[Move]:
    """What the account is to do, what is due first. sent: by this run or by one before; not every machine
    behind a node's address has the logs of it yet. Raises ClientError."""
    listed = list(_listings(old, new))
    yield from (move for _, move in listed)
    yield from _stop(old, new, {expiry for expiry, move in listed if move.prepared})
    yield from _stake(old, new, sent)


def _ask(role: str, what: str, prepare: Callable[[], Prepared[Any, Any]]) -> Move:
    """Due, or what refuses it at this moment: the account's other moves do not wait for it."""
    try:
        return Move(role, what, prepare())
    except ClientError as error:
        return Move(role, what, waits=str(error))


def carry_out(
    old: Session,
    new: Session,
    told: Callable[[Sent], None] = lambda _: None,
    journal: Path | None = None,
) -> list[Sent]:
    """Everything that is due, one after the other, each looked for anew; nothing while something of the
    account's is on its way, for that may be what is due. journal: written before anything is sent, it says
    what earlier runs sent. Raises ClientError, JournalError, ConfigError."""
    if journal is None:
        return _carry_out(old, new, told, ())
    with opened(journal, old.engine, head_of(old, new)) as book:
        return _carry_out(replace(old, book=book), replace(new, book=book), told, book.before.sent)


def _carry_out(
    old: Session, new: Session, told: Callable[[Sent], None], before: Sequence[Sent]
) -> list[Sent]:
    sent: list[Sent] = []
    if waiting := old.engine.waiting(old.who.address):
        raise MigrationError(
            f"{waiting} transactions of {old.who.address} are still on their way",
            "run it again once they are in a block: what they do is not done twice then",
        )
    for _ in range(MOST_MOVES):
        todo = moves(old, new, [*before, *sent])
        due = next((move for move in todo if move.prepared is not None), None)
        if due is None or due.prepared is None:
            return sent
        sent += due.prepared.send(told).sent
    raise MigrationError(
        f"after {MOST_MOVES} moves there are more", "look at what was sent, and report it"
    )


def _listings(old: Session, new: Session) -> Iterator[tuple[int, Move]]:
    """Each expiry with a day to live in which options open, its strikes with it; what a lister delisted there
    stays so."""
    if not new.on.guardian.is_lister(new.who.address):
        return
    there = new.on.lens.expiries()
    here = {each.expiry: set(each.strikes) for each in there}
    ended = {each.expiry for each in there if each.is_delisted}
    now = new.engine.now()
    for each in sorted(old.on.lens.expiries(), key=lambda e: e.expiry):
        missing = sorted(set(each.strikes) - here.get(each.expiry, set()))
        opens = each.expiry > now + LEAST_LIFE and not each.is_delisted
        if missing and opens and each.expiry not in ended:
            what = f"list {_day(each.expiry)} with {len(missing)} strikes"
            ask = partial(listing.list_expiry, new, each.expiry, missing)
            yield each.expiry, _ask("lister", what, ask)


def _stop(old: Session, new: Session, listed: Collection[int]) -> Iterator[Move]:
    """Opens and deposits on the old one, once the new one has what the old one lists. listed: there, by this
    run."""
    guardian, who = old.on.guardian, old.who.address
    if not guardian.has_role(Role.guardian, who) or guardian.terms() & PAUSED:
        return
    now, here = new.engine.now(), {each.expiry for each in new.on.lens.expiries()}
    lacks = [
        each.expiry
        for each in old.on.lens.expiries()
        if each.expiry > now + LEAST_LIFE and each.expiry not in here and not each.is_delisted
    ]
    what = "stop opens and deposits on the old one"
    if lacks:
        others = sorted(set(lacks) - {*listed})
        why = f"until the new one lists {_day(min(others or lacks))}"
        why += ": a lister's" if others else ""
        yield Move("guardian", what, waits=why, follows=not others)
        return
    yield _ask("guardian", what, partial(governance.pause, old))


def _stake(old: Session, new: Session, sent: Sequence[Sent]) -> Iterator[Move]:
    """An LP's: claim there, deposit here, ask to leave there."""
    stake, vault = liquidity.stake(old), old.on.vault
    if stake.claimable:
        what = f"claim {shown(stake.claimable)} USD from the old one"
        claim = _ask("LP", what, partial(liquidity.claim, old))
        yield claim
        put, then = "deposit it in the new one", claim.prepared is not None
        yield Move("LP", put, waits="until it is claimed", follows=then)
    elif amount := between(old, new, sent):
        what = f"deposit {shown(amount)} USD in the new one"
        yield _ask("LP", what, partial(liquidity.deposit, new, amount))
    if stake.shares:
        what = f"ask to leave the old one with {shown(stake.shares)} shares"
        yield _ask("LP", what, partial(liquidity.request_exit, old))
    if stake.pending:
        _, refused = processing(vault, old.who.address)
        why = explain(refused).what if refused else "by the hour after their delay"
        yield Move(
            "LP", f"claim {shown(stake.pending)} shares' worth", waits=f"exits are processed {why}"
        )


def between(old: Session, new: Session, sent: Sequence[Sent] = ()) -> Decimal:
    """USD that came to the account from the old one since the new one stands, and that it has not deposited
    there after that: what was under way when a run ended. No more than it still has."""
    since = replace(old, deployment=replace(old.deployment, block=new.deployment.block))
    who, held = new.who.address, 0
    came = [(block, 1, e) for block, e in _events(since, Withdraw, sent) if e.receiver == who]
    went = [(block, -1, e) for block, e in _events(new, Deposit, sent) if e.sender == who]
    for _, sign, event in sorted([*came, *went], key=lambda each: (each[0], -each[1])):
        held = max(held + sign * event.assets, 0)
    return decimal(min(held, new.token.balanceOf(who)))


def _events(session: Session, kind: type[E], sent: Sequence[Sent]) -> Iterator[tuple[int, E]]:
    """The account's of one kind, each with its block; those of what was sent just now among them, whether or
    not the node has them yet."""
    vault, who = session.on.vault, session.who.address
    known: set[str] = set()
    for hash_, block, event in sent_by(session, vault, kind, owner=who):
        known.add(hash_)
        yield block, event
    for each in sent:
        if each.hash not in known:
            found = session.logs([each], vault, kind)
            yield from ((each.block, event) for event in found if event.owner == who)


def _day(expiry: int) -> str:
    return datetime.fromtimestamp(expiry, UTC).strftime("%Y-%m-%d")

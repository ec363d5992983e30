"""Who may do what once a recipe is deployed, with what each address is now: a key or a contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tandem.engine.backend import BaseEngine
from tandem.protocol.holders import is_key
from tandem.protocol.recipe import Recipe, roles_of

MAY = {
    "owner": "changes parameters inside their bounds, gives and takes roles; what loosens waits",
    "guardian": "stops opens and deposits, and takes the hedge venue down, at once",
    "lister": "lists expiries and strikes by the rules",
    "signer": "signs volatility surfaces, {signatures} together",
    "deployer": "nothing",
    "anybody": "trades, hedges, settles, redeems, tops margin up, processes exits",
}
"""What a role may do; docs/trust.md says what it can do by lying."""


@dataclass(frozen=True, slots=True)
class Access:
    """One holder of one role. who: an address, "" for anybody; kind: "contract", "key" or ""."""

    role: str
    who: str
    kind: str
    may: str


def accesses(engine: BaseEngine, recipe: Recipe, deployer: str) -> Iterator[Access]:
    """Every holder of every role, the deployer and anybody last."""
    roles = roles_of(recipe, deployer)
    holders = [("owner", roles.owner or deployer), ("guardian", roles.guardian)]
    holders += [("lister", roles.lister), *(("signer", each) for each in roles.signers)]
    for role, who in holders:
        kind = "key" if is_key(engine.code(who)) else "contract"
        yield Access(role, who, kind, MAY[role].format(signatures=recipe.settings.signatures))
    if deployer not in {who for _, who in holders}:
        yield Access("deployer", deployer, "key", MAY["deployer"])
    yield Access("anybody", "", "", MAY["anybody"])

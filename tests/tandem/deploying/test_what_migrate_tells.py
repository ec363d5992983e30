"""Whoever is led to the next deployment knows what is other there before he goes."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from leading import sessions
from lived_in import Market

from tandem.client.differences import Difference, differences
from tandem.client.governance import Role
from tandem.protocol import terms
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.terminal.group import main
from tandem.units import DAY


def migrate(market: Market, new: Path, *more: str) -> Result:
    how = ["--deployment", str(market.file), "--to", str(new), "--account", "TEST::2", *more]
    how += ["--rpc", market.url]
    return CliRunner(mix_stderr=False).invoke(main, ["deploy", "migrate", *how])


def test_what_is_other_is_told_before_anybody_is_asked(market: Market, new: Path) -> None:
    """An exit delay of seven days, a term and a guardian of its own were found by who had moved."""
    fresh = tandem_of(market.engine, Deployment.load(new))
    owner, guardian = fresh.roles.owner or fresh.roles.deployer, market.engine.accounts[3]
    field, old = terms.FIELDS["max_trade"], terms.unpack(market.tandem.guardian.words())
    lower = old["max_trade"] - 1
    fresh.guardian.set_term(field.index, lower).send(owner)
    fresh.guardian.revoke_role(Role.guardian, guardian).send(owner)
    raw = json.loads(new.read_text())
    raw["settings"]["exit_delay"] = str(7 * DAY)
    other = new.with_name("other.json")
    other.write_text(json.dumps(raw))
    wanted = [
        Difference("guardian", [guardian], []),
        Difference("max_trade", lower + 1, lower),
        Difference("exit_delay", str(DAY), str(7 * DAY)),
    ]
    found = differences(*sessions(market, other)(market.tandem.lp))
    assert [each for each in found if each.name != "owner"] == wanted
    said = migrate(market, other, "--dry-run")
    assert said.exit_code == 0, said.stderr
    assert "other in the new one:" in said.stdout
    assert f"{guardian} → nobody" in said.stdout
    assert "86400 → 604800" in said.stdout
    told = json.loads(migrate(market, other, "--dry-run", "--json").stdout)["differs"]
    assert {"name": "exit_delay", "old": str(DAY), "new": str(7 * DAY)} in told


def test_where_nothing_is_other_nothing_is_said(market: Market, new: Path) -> None:
    old, fresh = sessions(market, new)(market.tandem.lp)
    assert differences(old, old) == []
    assert {d.name for d in differences(old, fresh)} <= {"owner"}

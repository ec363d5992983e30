"""Each row of deployers.md on keys that are lost or stolen, by the commands that it names, in its order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from eth_account import Account

from tandem.units import DAY, HOUR

from .conftest import KEEPER_KEY

Run = Callable[..., Result]
Govern = Callable[..., Result]


@pytest.fixture
def govern(tandem: Run) -> Govern:
    """`tandem govern …` by an account."""
    return lambda by, *arguments: tandem("govern", *arguments, "--account", by, "--yes")


def done(result: Result) -> None:
    assert result.exit_code == 0, result.stderr + result.stdout


def test_a_guardian_whose_key_is_stolen_is_dismissed_before_what_he_did_is_undone(
    govern: Govern, market: Any
) -> None:
    """The other way round he drops what the owner proposed, in the last second of its delay."""
    roles, heir, m = market.tandem.roles, market.engine.accounts[8], market
    done(govern(roles.guardian, "pause"))
    done(govern(roles.owner, "unpause"))
    m.engine.advance(2 * DAY - 60)
    done(govern(roles.guardian, "pause"))
    m.engine.advance(60)
    assert "No change of this waits" in govern(roles.owner, "apply", "flags").stderr
    done(govern(roles.owner, "revoke-role", "guardian", roles.guardian))
    done(govern(roles.owner, "unpause"))
    done(govern(roles.owner, "offer-role", "guardian", heir))
    assert "is no guardian" in govern(roles.guardian, "take-down").stderr
    m.engine.advance(2 * DAY + 60)
    done(govern(roles.owner, "apply", "flags"))
    done(govern(heir, "accept-role", "guardian"))
    assert m.tandem.guardian.call("terms") & 1 == 0


def test_while_there_is_no_guardian_the_others_stop_opens(
    tandem: Run, govern: Govern, market: Any
) -> None:
    roles, m = market.tandem.roles, market
    done(govern(roles.owner, "revoke-role", "guardian", roles.guardian))
    done(govern(roles.owner, "propose", "max_trade", "10"))
    larger = tandem("mint", str(m.series), "2", "--account", m.tandem.trader, "--yes")
    assert "Trade smaller" in larger.stderr
    done(tandem("delist", "05DEC23", "--account", roles.lister, "--yes"))
    said = tandem("mint", str(m.series), "0.1", "--account", m.tandem.trader, "--yes")
    assert "delisted" in said.stderr, said.stdout


def test_a_signers_heir_needs_gas_once(
    tandem: Run, govern: Govern, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signer sends nothing, so nobody thinks of its ether, but it takes its role by itself."""
    roles, heir, m = market.tandem.roles, Account.create(), market
    m.engine.request("anvil_setNextBlockBaseFeePerGas", [hex(10**8)])
    m.engine.request("evm_mine", [])
    done(govern(roles.owner, "offer-role", "signer", heir.address))
    done(govern(roles.owner, "revoke-role", "signer", roles.signers[0]))
    m.engine.advance(2 * DAY)
    m.move(2_500)
    undone = tandem("run", "--once")
    assert "[info] mined" not in undone.stderr
    assert "by an account without the signer's role" in undone.stderr
    monkeypatch.setenv("TANDEM_KEY", heir.key.hex())
    assert "send it some ETH" in tandem("govern", "accept-role", "signer", "--yes").stderr
    m.engine.request("anvil_setBalance", [heir.address, hex(10**15)])
    done(tandem("govern", "accept-role", "signer", "--yes"))
    monkeypatch.setenv("TANDEM_KEY", KEEPER_KEY)
    monkeypatch.setenv("TANDEM_SURFACE__KEYS", heir.key.hex())
    posted = tandem("run", "--once")
    assert "intent=post" in posted.stderr
    m.engine.request("anvil_setNextBlockBaseFeePerGas", ["0x0"])
    m.engine.request("evm_mine", [])


def test_of_two_who_hold_the_owners_key_neither_gets_rid_of_the_other(
    govern: Govern, market: Any
) -> None:
    """Each takes back what the other offers or announces; nothing loosens, and LPs have time to leave."""
    roles, thief, heir, m = market.tandem.roles, *market.engine.accounts[8:10], market
    done(govern(roles.owner, "offer-role", "owner", thief))
    done(govern(roles.owner, "propose", "fee", "40"))
    done(govern(roles.owner, "withdraw-offer", "owner", thief))
    done(govern(roles.owner, "cancel", "fee"))
    done(govern(roles.owner, "offer-role", "owner", heir))
    done(govern(roles.owner, "withdraw-offer", "owner", heir))
    m.engine.advance(2 * DAY + HOUR)
    for each in (thief, heir):
        assert "was not offered" in govern(each, "accept-role", "owner").stderr
    assert (
        "handed over, never given up"
        in govern(roles.owner, "revoke-role", "owner", roles.owner).stderr
    )

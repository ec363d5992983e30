"""In a browser: every figure computed again, and attestations of the command line held to the chain."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tandem.client import Client
from tandem.engine.signers import from_key
from tandem.protocol.attestation import Attestation, parse, typed_data

if TYPE_CHECKING:
    from browsing import Window

# Account 1 of anvil's public mnemonic: everybody knows its key, it guards nothing.
KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
OWNER = 5


@pytest.mark.live
def test_every_figure_is_computed_again_and_forged_attestations_are_told(window: Window) -> None:
    client = Client.connect(window.rpc, window.up.file, window.engine.accounts[1])
    for wish in ("ATM-21D-C", "ATM-7D-P", "ATM-30D-P"):
        client.mint(wish, "0.7")
    owner = window.engine.accounts[OWNER]
    queued = window.up.tandem("govern", "propose", "fee", "40", "--account", owner, "--yes")
    assert queued.returncode == 0, queued.stderr
    done = window.up.tandem("attest", "sign", "--account", "TEST::1")
    assert done.returncode == 0, done.stderr
    said = parse(done.stdout)
    lie = replace(said.view, nav=said.view.nav * 2)
    signer = from_key(KEY)
    assert signer.sign_typed is not None
    v, r, s = signer.sign_typed(typed_data(lie))
    signature = "0x" + (r.to_bytes(32) + s.to_bytes(32) + bytes([v])).hex()
    resigned = Attestation(lie, signer.address, signature).plain()
    told = window.scenario(
        "verify", attested=json.loads(done.stdout), resigned=resigned, owner=owner
    )
    assert "fail 0" in told

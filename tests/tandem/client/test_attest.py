"""`tandem attest`: what was signed of a block is computed again from the chain, and a lie is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from lived_in import KEEPER_KEY, Market

from tandem.engine.signers import from_key
from tandem.protocol.attestation import (
    LARGEST,
    Attestation,
    NotAnAttestationError,
    RiskView,
    parse,
    typed_data,
)

PLACE = ("chain_id", "market")
"""What says where it is: of another place nothing can be looked at."""


@pytest.fixture
def signed(ask: Callable[..., Any]) -> dict[str, Any]:
    return ask("attest", "sign")


@pytest.fixture
def judge(tandem: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """`attest verify` of what a file would hold."""

    def verify(said: Any, *options: str) -> Result:
        file = tmp_path / "said.json"
        file.write_text(said if isinstance(said, str) else json.dumps(said))
        return tandem("attest", "verify", str(file), *options)

    return verify


def other(value: Any) -> Any:
    """A value of the same kind that is not the same."""
    if isinstance(value, list):
        return [other(value[0]), *value[1:]]
    if value.startswith("0x"):
        return value[:-1] + ("1" if value[-1] == "0" else "0")
    return str(int(value) + 1)


def again(said: dict[str, Any], **edited: Any) -> dict[str, Any]:
    """Edited, and signed anew by the same key: what a signer who lies hands out."""
    view = parse(json.dumps(said)).view
    view = replace(view, **edited)
    sign = from_key(KEEPER_KEY).sign_typed
    assert sign is not None
    v, r, s = sign(typed_data(view))
    raw = "0x" + (r.to_bytes(32) + s.to_bytes(32) + bytes([v])).hex()
    return Attestation(view, said["signer"], raw).plain()


def test_what_was_signed_of_a_block_agrees_with_the_chain(
    signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    result = judge(signed, "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["good"]
    assert told["differences"] == []
    assert told["signer"] == from_key(KEEPER_KEY).address
    assert "everything agrees with the chain" in judge(signed).stdout


def test_it_says_what_the_market_is_at_that_block(signed: dict[str, Any], market: Market) -> None:
    view, s = signed["view"], market.tandem.lens.snapshot()
    (e,) = s.open_expiries
    nodes = [(k, n) for k, n in zip(e.strikes, e.sizes, strict=True) if n]
    row = (e.expiry, e.forward, e.cash, [k for k, _ in nodes], [n for _, n in nodes])
    assert len(nodes) < len(e.strikes), "an untraded strike is among those that are listed"
    packed = encode(["(uint256,int256,int256,uint256[],int256[])[]"], [[row]])
    assert view["book_hash"] == "0x" + keccak(packed).hex()
    assert view["surface"] == [str(e.slice)]
    assert [int(each) for each in view["losses"]] == list(s.gate.losses)
    assert int(view["floor"]) == s.funds.cash - s.funds.exits - s.maxima - s.claims
    assert int(view["residual"]) == s.position - s.stance.delta
    assert (int(view["position"]), int(view["spot"])) == (s.position, s.spot)
    assert int(view["nav"]) == s.funds.nav


def test_an_older_block_is_verified_after_the_market_moved_on(
    signed: dict[str, Any], judge: Callable[..., Result], market: Market, ask: Callable[..., Any]
) -> None:
    market.tandem.mint(market.series, 1_000_000)
    assert judge(signed).exit_code == 0
    newer = ask("attest", "sign")
    assert newer["view"]["book_hash"] != signed["view"]["book_hash"]
    old = ask("attest", "sign", "--block", signed["view"]["block"])
    assert old == signed


@pytest.mark.parametrize("name", [f.name for f in fields(RiskView) if f.name not in PLACE])
def test_each_edited_field_is_named_with_what_was_said_and_found(
    name: str, signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    if name == "block":
        view = signed["view"] | {"block": str(int(signed["view"]["block"]) - 1)}
    else:
        view = signed["view"] | {name: other(signed["view"][name])}
    result = judge(signed | {"view": view}, "--json")
    assert result.exit_code == 1, result.stderr
    told = {d["field"].split("[")[0]: d for d in json.loads(result.stdout)["differences"]}
    assert told["signature"]["said"] == signed["signer"]
    assert told["signature"]["found"] != signed["signer"]
    named = told["block_hash" if name == "block" else name]
    assert named["said"] != named["found"]


@pytest.mark.parametrize(
    "name",
    ["book_hash", "spot", "floor", "residual", "position", "nav", "timestamp", "losses", "surface"],
)
def test_a_signer_who_lies_is_caught_by_that_field_alone(
    name: str, signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    true: Any = getattr(parse(json.dumps(signed)).view, name)
    if isinstance(true, tuple):
        false: Any = (true[0] + 7, *true[1:])
    else:
        false = true + 7 if isinstance(true, int) else other(true)
    result = judge(again(signed, **{name: false}), "--json")
    assert result.exit_code == 1, result.stderr
    (only,) = json.loads(result.stdout)["differences"]
    assert only["field"].split("[")[0] == name
    shown = true[0] if isinstance(true, tuple) else true
    assert only["found"] == str(shown)


def test_a_list_of_another_length_is_a_difference(
    signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    result = judge(again(signed, expiries=(), surface=()), "--json")
    listed = json.loads(result.stdout)["differences"]
    assert [(d["field"], d["said"], d["found"]) for d in listed] == [
        ("expiries", "0 of them", "1 of them"),
        ("surface", "0 of them", "1 of them"),
    ]


def test_a_block_that_a_reorganisation_removed_is_said_as_such(
    market: Market, ask: Callable[..., Any], judge: Callable[..., Result]
) -> None:
    mark = market.engine.request("evm_snapshot", [])
    market.engine.advance(30)
    gone = ask("attest", "sign")
    market.engine.request("evm_revert", [mark])
    ahead = judge(gone)
    assert ahead.exit_code == 2
    assert "reorganisation" in ahead.stderr
    market.engine.advance(90)
    result = judge(gone)
    assert result.exit_code == 1
    assert "the block is not on this chain: a reorganisation removed it" in result.stdout
    assert "DIFFERS block_hash" in result.stdout


def test_a_block_before_the_market_is_said_as_such(
    market: Market,
    tandem: Callable[..., Result],
    signed: dict[str, Any],
    judge: Callable[..., Result],
) -> None:
    done = tandem("attest", "sign", "--block", "1")
    assert done.exit_code == 2
    assert "in block 1 there is no market yet" in done.stderr
    found = market.engine.request("eth_getBlockByNumber", ["0x1", False])
    told = again(signed, block=1, block_hash=found["hash"])
    assert "in block 1 there is no market yet" in judge(told).output + judge(told).stderr


def test_another_chain_s_and_another_market_s_are_not_looked_at(
    signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    elsewhere = judge(again(signed, chain_id=1))
    assert elsewhere.exit_code == 2
    assert "is of chain 1, the deployment is on 31337" in elsewhere.stderr
    stranger = judge(again(signed, market="0x" + "11" * 20))
    assert stranger.exit_code == 2
    assert "is of the market 0x1111" in stranger.stderr


def test_a_signature_by_somebody_else_is_named(
    signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    named = judge(signed | {"signer": "0x" + "22" * 20}, "--json")
    assert named.exit_code == 1
    (only,) = json.loads(named.stdout)["differences"]
    assert (only["field"], only["found"]) == ("signature", signed["signer"])
    broken = judge(signed | {"signature": "0x" + "00" * 65}, "--json")
    (only,) = json.loads(broken.stdout)["differences"]
    assert (only["field"], only["found"]) == ("signature", "nobody")


def test_the_twin_of_a_signature_is_nobody_s(
    signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    order = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
    raw = bytes.fromhex(signed["signature"][2:])
    s = order - int.from_bytes(raw[32:64])
    twin = "0x" + (raw[:32] + s.to_bytes(32) + bytes([55 - raw[64]])).hex()
    result = judge(signed | {"signature": twin}, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["signer"] is None


def test_whom_one_expects_must_have_signed(
    signed: dict[str, Any], judge: Callable[..., Result]
) -> None:
    assert judge(signed, "--signer", signed["signer"]).exit_code == 0
    result = judge(signed, "--signer", "0x" + "22" * 20)
    assert result.exit_code == 1
    assert "DIFFERS signer" in result.stdout


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "no JSON"),
        ("\x00\x01", "no JSON"),
        ("[" * 20_000, "no JSON"),
        ("{" + " " * LARGEST + "}", "characters"),
        ("[]", "no table"),
        ('{"kind": "tandem risk view"}', "lacks"),
    ],
)
def test_what_is_no_attestation_is_refused_by_name(
    said: str, why: str, judge: Callable[..., Result]
) -> None:
    result = judge(said)
    assert result.exit_code == 2
    assert "is no attestation" in result.stderr
    assert why in result.stderr


@pytest.mark.parametrize(
    "edited",
    [
        {"spot": 7}, {"spot": "1e9"}, {"spot": "-1"}, {"spot": "9" * 79}, {"spot": "٣"}, {"spot": True},
        {"spot": None}, {"floor": "-0"}, {"block_hash": "0x12"}, {"market": "0x12"}, {"market": 3},
        {"losses": "many"}, {"losses": ["1"] * 17}, {"losses": [["1"]]}, {"note": "and more"},
    ],
)  # fmt: skip
def test_a_field_of_another_kind_is_refused_by_name(
    edited: dict[str, Any], signed: dict[str, Any]
) -> None:
    with pytest.raises(NotAnAttestationError):
        parse(json.dumps(signed | {"view": signed["view"] | edited}))


def test_what_nobody_signed_has_no_place_in_the_file(signed: dict[str, Any]) -> None:
    for extra in (
        {"note": "audited by all"},
        {"version": 2},
        {"version": True},
        {"signature": "0x"},
    ):
        with pytest.raises(NotAnAttestationError):
            parse(json.dumps(signed | extra))


def test_a_node_s_own_account_signs_and_who_is_watched_does_not(
    tandem: Callable[..., Result], judge: Callable[..., Result], market: Market
) -> None:
    result = tandem("attest", "sign", "--account", "TEST::3")
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["signer"] == market.engine.accounts[3]
    assert judge(said).exit_code == 0
    watched = tandem("attest", "sign", "--account", "0x" + "33" * 20)
    assert watched.exit_code == 2
    assert "only watched" in watched.stderr


def test_the_file_that_is_written_is_the_one_that_is_verified(
    tandem: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "risk.json"
    assert "written to" in tandem("attest", "sign", "--out", str(file)).stdout
    assert tandem("attest", "verify", str(file)).exit_code == 0
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())  # as some editors begin a file
    assert tandem("attest", "verify", str(file)).exit_code == 0
    assert tandem("attest", "verify", str(tmp_path / "none.json")).exit_code == 2
    assert tandem("attest", "verify", str(tmp_path)).exit_code == 2
    assert tandem("attest", "sign", "--block", "999999").exit_code == 2

"""Signing what a market's risk is at a block, and holding what somebody signed to the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tandem.client.accounts import Account
from tandem.client.errors import AccountError, NodesDisagreeError
from tandem.client.second import engines
from tandem.engine.answers import quantity
from tandem.engine.node import WrongChainError
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, Reverted, TandemError
from tandem.protocol.attestation import Attestation, RiskView, typed_data, view_of
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.waits import snapshot_of


class OtherMarketError(TandemError):
    """An attestation of a market that the deployment is not."""


class NoSuchBlockError(EngineError):
    """The node has no block of that number."""


class NoMarketYetError(EngineError):
    """A block before the market's contracts."""


class MovedError(EngineError):
    """The block was replaced while it was looked at, as often as it was."""


LOOKS = 3
"""How often a block that is replaced beneath a look is looked at."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as it was said. found: what the chain has, or the signature."""

    field: str
    said: str
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """signer: whose signature it is, None where it is nobody's. is_gone: another block has that number.
    unseen: why the chain was not looked at, "" where it was."""

    signer: str | None
    differences: tuple[Difference, ...]
    is_gone: bool
    unseen: str


def look(engine: RemoteEngine, deployment: Deployment, block: int) -> RiskView:
    """The view of a block, of the one that took its place where it was replaced meanwhile. Raises
    NoSuchBlockError, NoMarketYetError, MovedError, and what reading the market raises."""
    for _ in range(LOOKS):
        view = _look_once(engine, deployment, block)
        if view is not None:
            return view
    raise MovedError(
        f"block {block} was replaced {LOOKS} times while it was looked at",
        "name an older block with --block, or run it again when the chain has come to rest",
    )


def sign(
    engine: RemoteEngine, deployment: Deployment, who: Account, block: int | None = None
) -> Attestation:
    """An attestation of a block, by default the latest. Raises AccountError for who signs no data,
    NodesDisagreeError where another node that is named says something else of it."""
    view = look(engine, deployment, engine.block() if block is None else block)
    for other in engines(engine):
        _check_same(view, other, deployment)
    if who.signer is not None and who.signer.sign_typed is not None:
        v, r, s = who.signer.sign_typed(typed_data(view))
        signature = "0x" + (r.to_bytes(32) + s.to_bytes(32) + bytes([v])).hex()
    elif who.is_held:
        asked = [who.address, _as_asked(typed_data(view))]
        signature = str(engine.request("eth_signTypedData_v4", asked)).lower()
    else:
        raise AccountError(
            f"{who.address} is only watched, so it cannot sign",
            "set TANDEM_KEY, or name an Ape account with --account",
        )
    signed = Attestation(view, who.address, signature)
    if signed.recovered() != who.address:
        raise AccountError(
            f"what {who.origin} gave is no signature by {who.address}", "sign with another account"
        )
    return signed


def verify(engine: RemoteEngine, deployment: Deployment, said: Attestation) -> Verdict:
    """Everything that was signed against the signature and the chain. Raises WrongChainError,
    OtherMarketError, and what looking raises where nothing was found to differ before."""
    _check_place(deployment, said.view)
    signer = said.recovered()
    found: list[Difference] = []
    if signer != said.signer:
        found.append(Difference("signature", said.signer, signer or "nobody"))
    try:
        there = str(_header(engine, said.view.block)["hash"])
        if there != said.view.block_hash:
            found.append(Difference("block_hash", said.view.block_hash, there))
            return Verdict(signer, tuple(found), is_gone=True, unseen="")
        found += differences(said.view, look(engine, deployment, said.view.block))
    except TandemError as error:
        if not found:
            raise
        return Verdict(signer, tuple(found), is_gone=False, unseen=error.message)
    return Verdict(signer, tuple(found), is_gone=False, unseen="")


def differences(said: RiskView, found: RiskView) -> list[Difference]:
    """Field by field; of lists each place."""
    listed: list[Difference] = []
    for f in fields(RiskView):
        one, other = getattr(said, f.name), getattr(found, f.name)
        if isinstance(one, tuple):
            listed += _of_lists(f.name, one, other)  # pyright: ignore[reportUnknownArgumentType]
        elif one != other:
            listed.append(Difference(f.name, str(one), str(other)))
    return listed


# ---- inside
def _check_same(view: RiskView, other: RemoteEngine, deployment: Deployment) -> None:
    """One that is away, or lacks the block, says nothing against it. Raises NodesDisagreeError."""
    try:
        found = differences(view, look(other, deployment, view.block))
    except (EngineError, Reverted):
        return
    if found:
        names = ", ".join(each.field for each in found[:3])
        raise NodesDisagreeError(
            f"two nodes differ on block {view.block} in {len(found)} fields: {names}",
            "nothing was signed: ask nodes that you trust",
        )


def _look_once(engine: RemoteEngine, deployment: Deployment, block: int) -> RiskView | None:
    """None where the block was replaced meanwhile, or the node answered for another one (a local node does
    so for a call that comes while it mines)."""
    before = _header(engine, block)
    if engine.request("eth_getCode", [deployment.address("Lens"), hex(block)]) == "0x":
        raise NoMarketYetError(
            f"in block {block} there is no market yet",
            f"name a later one: it stands since block {deployment.block} at the latest",
        )
    with engine.pinned(block):
        snapshot = snapshot_of(handles(engine, deployment))
    after = _header(engine, block)
    if before["hash"] != after["hash"] or snapshot.timestamp != quantity(before["timestamp"]):
        return None
    market, hash_ = deployment.address("Market"), str(before["hash"])
    return view_of(snapshot, deployment.chain_id, market, block, hash_)


def _of_lists(name: str, said: tuple[int, ...], found: tuple[int, ...]) -> list[Difference]:
    if len(said) != len(found):
        return [Difference(name, f"{len(said)} of them", f"{len(found)} of them")]
    pairs = enumerate(zip(said, found, strict=True))
    return [Difference(f"{name}[{n}]", str(a), str(b)) for n, (a, b) in pairs if a != b]


def _check_place(deployment: Deployment, view: RiskView) -> None:
    if view.chain_id != deployment.chain_id:
        raise WrongChainError(
            f"the attestation is of chain {view.chain_id}, the deployment is on {deployment.chain_id}",
            "name a node of that chain with --rpc and its deployment with --deployment",
        )
    if view.market != deployment.address("Market"):
        raise OtherMarketError(
            f"the attestation is of the market {view.market}, "
            f"the deployment's is {deployment.address('Market')}",
            "name that market's file with --deployment, or --market",
        )


def _header(engine: RemoteEngine, block: int) -> Mapping[str, Any]:
    missing = NoSuchBlockError(
        f"the node has no block {block}",
        "it is behind, keeps no old blocks, or lost them in a reorganisation: ask another with --rpc",
    )
    if block >= 2**63:
        raise missing
    found = engine.request("eth_getBlockByNumber", [hex(block), False])
    if not isinstance(found, Mapping) or not isinstance(found.get("hash"), str):  # pyright: ignore[reportUnknownMemberType]
        raise missing
    return found  # pyright: ignore[reportUnknownVariableType]


def _as_asked(data: Any) -> Any:
    """Numbers as text, which every node reads: JSON's own end at 2**53."""
    if isinstance(data, Mapping):
        return {key: _as_asked(value) for key, value in data.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(data, list):
        return [_as_asked(each) for each in data]  # pyright: ignore[reportUnknownVariableType]
    return str(data) if isinstance(data, int) else data

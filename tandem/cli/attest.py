"""`tandem attest`: sign what a market's risk is at a block, and hold what was signed to the chain."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import rich_click as click

from tandem.client import Client
from tandem.client import attest as logic
from tandem.client.accounts import address_of
from tandem.client.attest import Difference, Verdict
from tandem.connection import connect
from tandem.errors import ConfigError
from tandem.files import check_file, readable, write_file
from tandem.protocol.attestation import LARGEST, Attestation, NotAnAttestationError, parse
from tandem.settings import Connection, load
from tandem.terminal.common import (
    EXIT_FAULT,
    Place,
    chain_options,
    emit,
    pairs,
    sized,
    told,
    usd,
    when,
)
from tandem.terminal.json_text import to_json
from tandem.terminal.verbs import account_option
from tandem.units import USD, WAD

WHO = "auditor"


@click.group()
def attest() -> None:
    """Sign a market's risk at a block, or verify what somebody signed.

    Signed are block, book, surface, spot, floor, residual, hedge, losses by jump and NAV
    (docs/adr/0049-what-an-attestation-says.md). Whoever has a node computes all of it again.

    \b
    Examples:
      tandem attest sign --out risk.json
      tandem attest verify risk.json
    """


@attest.command()
@click.option(
    "--block",
    type=click.IntRange(0, 2**63 - 1),
    help="Of which block; the latest where it is left out.",
)
@click.option("--out", type=Place(), help="Write it to this file; else it is printed.")
@account_option
@chain_options
def sign(
    block: int | None, out: Path | None, account: str | None, rpc: str | None,
    deployment: Path | None, market: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Sign the risk of a block. Nothing is sent.

    \b
    Examples:
      tandem attest sign --out risk.json
      tandem attest sign --block 1200 --account auditor --json
    """
    if out is not None:
        check_file(out)
    session = Client.connect(rpc, deployment, account, market=market).session
    signed = logic.sign(session.engine, session.deployment, session.who, block)
    if out is not None:
        write_file(out, to_json(signed.plain()) + "\n")
    emit(
        as_json or out is None,
        signed.plain(),
        [*_lines(signed, session.asset), f"written to {out}"],
    )


@attest.command()
@click.argument("file", type=Place())
@click.option("--signer", metavar="ADDRESS", help="Who must have signed it.")
@chain_options
def verify(
    file: Path, signer: str | None, rpc: str | None, deployment: Path | None, market: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Compute all that FILE says again, from the chain at its block, and say what differs.

    Ends with 1 where anything differs, with 2 where it could not be looked at. That somebody signed says
    nothing of who he is: name whom you expect with --signer.

    \b
    Examples:
      tandem attest verify risk.json
      tandem attest verify risk.json --rpc http://127.0.0.1:8545 --json
    """
    due = address_of(signer) if signer is not None else None
    said = parse(_read(file))
    engine, found = connect(load(Connection, rpc=rpc, deployment=deployment, market=market))
    verdict = logic.verify(engine, found, said)
    listed = [*verdict.differences]
    if due is not None and due != said.signer:
        listed.insert(0, Difference("signer", said.signer, due))
    data = asdict(verdict) | {
        "differences": [asdict(each) for each in listed], "good": not listed, "block": said.view.block,
        "market": said.view.market,
    }  # fmt: skip
    emit(as_json, data, [*_lines(said, found.asset), "", *_found(verdict, listed)])
    if listed:
        raise SystemExit(EXIT_FAULT)


def _read(file: Path) -> str:
    """No more of it than an attestation has. Raises ConfigError where it cannot be read."""
    try:
        with readable(file).open(encoding="utf-8-sig") as text:
            return text.read(LARGEST + 1)
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be read: {error.strerror or error}", "name a file that you may read"
        ) from error
    except ValueError as error:
        raise NotAnAttestationError("it holds no text") from error


def _lines(said: Attestation, asset: str) -> list[str]:
    view = said.view
    worst = max(view.losses, default=0) / WAD
    return pairs(
        [
            ("market", f"{view.market} on chain {view.chain_id}"),
            ("block", f"{view.block} at {_time(view.timestamp)}"),
            ("book", view.book_hash),
            ("spot", usd(view.spot / WAD)),
            ("floor", usd(view.floor / USD)),
            ("NAV, low", usd(view.nav / USD)),
            ("hedge", sized(view.position / WAD, asset)),
            ("residual", sized(view.residual / WAD, asset)),
            ("the book's worst jump", usd(worst)),
            ("said to be signed by", said.signer),
        ]
    )


def _time(seconds: int) -> str:
    return when(seconds) if seconds < 2**37 else f"second {seconds}"


def _found(verdict: Verdict, listed: list[Difference]) -> list[str]:
    """What came of it, for people."""
    if not listed:
        return told("", f"everything agrees with the chain, and {verdict.signer} signed it")
    lines: list[str] = []
    for each in listed:
        lines += [f"DIFFERS {each.field}", f"  said   {each.said}", f"  found  {each.found}"]
    if verdict.is_gone:
        lines.append(GONE)
    if verdict.unseen:
        lines.append(f"nothing more was looked at: {verdict.unseen}")
    return lines


GONE = "the block is not on this chain: a reorganisation removed it, or it never was"

"""`tandem sign`: a surface signer in a process of its own."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import rich_click as click

from tandem.errors import ConfigError
from tandem.terminal.common import Place, emit, json_option
from tandem.terminal.ending import ends_by

WHO = "operator"


@click.command()
@click.option("--deployment", type=Place(), help="What `tandem deploy apply` wrote.")
@click.option("--market", help="Which one, of a deployment that has several.")
@json_option
def sign(deployment: Path | None, market: str | None, as_json: bool) -> None:
    """Sign surfaces that keepers ask for, with one key, after a look of its own.

    It holds TANDEM_SIGNER__KEY, shares TANDEM_SIGNER__SECRET with the keeper that may ask, and listens
    on 127.0.0.1 at TANDEM_SIGNER__PORT. It signs a slice of its own market, of a moment ago, that the
    contract would take and that is near what its own [surface] source says; what it refuses it refuses
    by name. A keeper names several of them in TANDEM_SURFACE__SIGNERS. It asks no node, but for the
    price feed's rounds where its surfaces follow realised volatility: its own, not the keeper's. SIGTERM
    or Ctrl-C ends it.

    \b
    Examples:
      TANDEM_SIGNER__KEY=0x… TANDEM_SIGNER__SECRET=… tandem sign
      TANDEM_SIGNER__PORT=8702 tandem sign --deployment deployments/base.json --market eth
    """
    from keeper.assembly import domain_of, surfaces_of
    from keeper.execution.proofs import SIGNERS, secret_of
    from keeper.settings import load_settings
    from keeper.signer.judge import Judge
    from keeper.signer.level import level_of
    from keeper.signer.server import Desk, listener
    from tandem.connection import record
    from tandem.protocol.deployment import Deployment

    settings = load_settings(deployment=deployment, market=market)
    if not settings.signer_key:
        raise ConfigError("there is no key to sign with", "set TANDEM_SIGNER__KEY")
    secret = secret_of(settings.signer_secret, SIGNERS)
    found = Deployment.load(record(settings))
    source = surfaces_of(settings.surface, found.asset)
    judge = Judge(domain_of(found), source, settings.signer, level_of(settings))
    judge.warm()
    desk = Desk(settings.signer_key, judge, secret, partial(click.echo, err=True))
    server = listener(settings.signer.port, desk)
    ends_by(lambda: threading.Thread(target=server.shutdown).start())
    said = f"{desk.address} signs for {judge.domain.market} at port {settings.signer.port}"
    emit(as_json, {**desk.who(), "port": settings.signer.port}, [said])
    with server:
        server.serve_forever(poll_interval=0.1)

"""A keeper that dies: sends one transaction and ends itself with SIGKILL at a named point."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from keeper.execution.fees import FeeSettings
from keeper.execution.sender import Sender
from keeper.journal import Journal
from keeper.tables import FeeTable
from tandem.engine.base import Tx
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key


def main(url: str, journal: str, key: str, to: str, data: str, point: str) -> None:
    def die(reached: str) -> None:
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    engine, signer = RemoteEngine(Node(url).request), from_key(key)
    held = Journal(Path(journal), 31_337, signer.address)
    fees = FeeSettings.from_table(FeeTable(wait_seconds=2))
    sender = Sender(engine, signer, held, 31_337, fees, checkpoint=die)
    tx = Tx(signer.address, to, bytes.fromhex(data), 200_000)
    print(sender.send("mint", (5,), "a test", tx))


if __name__ == "__main__":
    main(*sys.argv[1:])

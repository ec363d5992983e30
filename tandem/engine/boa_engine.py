"""titanoboa in process: slow on the venues, but side by side with what a test loads through boa."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import boa
from boa.util.abi import Address

from tandem.engine.backend import BaseEngine
from tandem.engine.base import CHAIN_ID, GENESIS, Outcome, RawLog, Tx, address_of
from tandem.units import WAD

BLOCK_GAS = 2**62


class BoaEngine(BaseEngine):
    """py-evm inside this process, in an environment of its own unless one is given.

    With `env=boa.env` the contracts live side by side with what a test deploys through boa; the
    engine then sets that environment's time and block number. Gas is too low: it is execution
    alone, and slots stay warm, because cooling them would make snapshots useless.
    """

    name = "boa"

    def __init__(
        self, timestamp: int = GENESIS, chain_id: int = CHAIN_ID, *, env: Any = None
    ) -> None:
        super().__init__(timestamp, chain_id)
        self._env = env if env is not None else boa.Env()
        self._patch = self._env.evm.patch
        self._patch.chain_id = chain_id
        self._patch.gas_limit = BLOCK_GAS
        self._mine(0, timestamp)
        for account in self.accounts:
            self._env.set_balance(account, 10_000 * WAD)

    def _mine(self, block: int, timestamp: int) -> None:
        self._patch.block_number = block
        self._patch.timestamp = timestamp

    def _execute(self, txs: Sequence[Tx], block: int, timestamp: int) -> list[Outcome]:
        self._mine(block, timestamp)
        return [self._run(tx) for tx in txs]

    def _run(self, tx: Tx) -> Outcome:
        env, state = self._env, self._env.evm.vm.state
        sender = Address(tx.sender)
        nonce = state.get_nonce(sender.canonical_address)
        created = None
        if tx.to is None:
            where, result = env.deploy(sender=sender, gas=tx.gas, value=tx.value, bytecode=tx.data)
            created = address_of(str(where))
        else:
            result = env.execute_code(
                to_address=tx.to, sender=sender, gas=tx.gas, value=tx.value, data=tx.data
            )
        # py-evm counts deployments only, and none that failed
        state.set_nonce(sender.canonical_address, nonce + 1)
        state.clear_transient_storage()
        if result.is_error:
            return Outcome(False, bytes(result.output), result.get_gas_used())
        logs = tuple(
            RawLog(
                address_of("0x" + address.hex()),
                tuple(topic.to_bytes(32, "big") for topic in topics),
                bytes(data),
            )
            for address, topics, data in result.get_log_entries()
        )
        return Outcome(True, bytes(result.output), result.get_gas_used(), logs, created)

    def _static(self, tx: Tx, view: bool) -> Outcome:
        result = self._env.execute_code(
            to_address=tx.to or "",
            sender=Address(tx.sender),
            gas=tx.gas,
            data=tx.data,
            is_modifying=not view,
            simulate=True,
        )
        return Outcome(not result.is_error, bytes(result.output), 0)

    def _take_snapshot(self) -> Any:
        return self._env.evm.snapshot()

    def _restore(self, token: Any) -> None:
        self._env.evm.revert(token)
        self._mine(self._block, self._now)

    def balance(self, address: Any) -> int:
        return self._env.get_balance(address_of(address))

    def fund(self, address: Any, wei: int) -> None:
        self._env.set_balance(address_of(address), wei)

    def code(self, address: Any) -> bytes:
        return bytes(self._env.get_code(address_of(address)))

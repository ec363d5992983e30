"""A chain that is already there: somebody's node, Ape's provider, a fork.

Time is the chain's. On a development node (anvil) it can be set, as on the other backends; on a
real chain blocks come by themselves, and every transaction is its own. Accounts sign through the
signers that are given, else the node signs for the accounts it holds (anvil's do).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from keeper.engine.base import (
    ACCOUNTS,
    BaseEngine,
    Outcome,
    RawLog,
    Tx,
    address_of,
    checksum,
    create_address,
)
from keeper.engine.rpc import RpcError, refusal
from keeper.errors import EngineError

Request = Callable[[str, list[Any]], Any]
"""A JSON-RPC method and its parameters -> its result; raises where the node refuses."""
Sign = Callable[[dict[str, Any]], bytes]
"""A transaction (from, to, data, value, gas, gasPrice, nonce, chainId; integers) -> signed."""

GAS_SLACK = 1.3
POLL_SECONDS = 0.25


class RemoteEngine(BaseEngine):
    """Attached to a node through one function."""

    name = "remote"

    def __init__(
        self,
        request: Request,
        *,
        signers: Mapping[str, Sign] | None = None,
        accounts: Sequence[str] = ACCOUNTS,
        wait_seconds: float = 180.0,
        shared: bool = False,
    ) -> None:
        """shared: others send on this development node as well, so blocks take its own time and
        not one second each."""
        self.request = request
        super().__init__(chain_id=int(request("eth_chainId", []), 16))
        self.accounts = tuple(accounts)
        self._signers = {checksum(a): sign for a, sign in (signers or {}).items()}
        self._wait_seconds = wait_seconds
        self.shared = shared
        self._tag = "latest"
        self._before = 0
        client = str(request("web3_clientVersion", [])).lower()
        self.is_development = client.startswith("anvil")
        self.sync()

    # ---- time
    def sync(self) -> None:
        """Catch up with the chain."""
        latest = self.request("eth_getBlockByNumber", ["latest", False])
        self._block, self._now = int(latest["number"], 16), int(latest["timestamp"], 16)

    def now(self) -> int:
        self.sync()
        return self._now

    def block(self) -> int:
        self.sync()
        return self._block

    @contextmanager
    def pinned(self, block: int) -> Generator[None]:
        """Calls inside see the state at the end of `block`."""
        self._tag = hex(block)
        try:
            yield
        finally:
            self._tag = "latest"

    def _next(self, timestamp: int | None) -> tuple[int, int]:
        self.sync()
        self._before = self._now
        return super()._next(timestamp)

    def _mine(self, block: int, timestamp: int) -> None:
        if not self.is_development:
            raise EngineError(
                "time cannot be set on this chain", "wait for it, or use a development node"
            )
        if self.shared:
            self.request("evm_increaseTime", [timestamp - self._before])
        else:
            self.request("evm_setNextBlockTimestamp", [timestamp])
        self.request("evm_mine", [])
        self.sync()

    # ---- execution
    def next_address(self, sender: Any = None, ahead: int = 0) -> str:
        who = address_of(sender or self.accounts[0])
        return create_address(who, self._nonce(who) + ahead)

    def _nonce(self, account: str) -> int:
        return int(self.request("eth_getTransactionCount", [account, "latest"]), 16)

    def _execute(self, txs: Sequence[Tx], block: int, timestamp: int) -> list[Outcome]:
        """One after the other: a block that holds exactly these cannot be asked for."""
        outcomes: list[Outcome] = []
        for place, tx in enumerate(txs):
            if self.is_development and not self.shared:
                self.request("evm_setNextBlockTimestamp", [timestamp + place])
            outcomes.append(self._outcome(tx, self._receipt(self._submit(tx))))
        self.sync()
        return outcomes

    def _submit(self, tx: Tx) -> str:
        sign = self._signers.get(tx.sender)
        price = self._gas_price()
        if sign is None:
            fields = self._fields(tx) | {"gas": hex(tx.gas), "gasPrice": hex(price)}
            return str(self.request("eth_sendTransaction", [fields]))
        gas = tx.gas
        if not self.is_development:
            gas = int(int(self.request("eth_estimateGas", [self._fields(tx)]), 16) * GAS_SLACK)
        raw = sign(
            {
                "from": tx.sender,
                "to": tx.to,
                "data": tx.data,
                "value": tx.value,
                "gas": gas,
                "gasPrice": price,
                "nonce": self._nonce(tx.sender),
                "chainId": self.chain_id,
            }
        )
        return str(self.request("eth_sendRawTransaction", ["0x" + raw.hex()]))

    def _gas_price(self) -> int:
        """Twice the base fee, and a tip where tips are usual. A development node suggests the tips
        that it saw, ours, so that following it would double them with every transaction."""
        latest = self.request("eth_getBlockByNumber", ["latest", False])
        price = 2 * int(latest.get("baseFeePerGas", "0x0"), 16)
        if not self.is_development:
            price += int(self.request("eth_maxPriorityFeePerGas", []), 16)
        return price

    @staticmethod
    def _fields(tx: Tx) -> dict[str, str]:
        fields = {"from": tx.sender, "data": "0x" + tx.data.hex(), "value": hex(tx.value)}
        return fields if tx.to is None else fields | {"to": tx.to}

    def _receipt(self, hash_: str) -> dict[str, Any]:
        deadline = time.monotonic() + self._wait_seconds
        while time.monotonic() < deadline:
            receipt = self.request("eth_getTransactionReceipt", [hash_])
            if receipt is not None:
                return dict(receipt)
            time.sleep(POLL_SECONDS)
        raise EngineError(
            f"transaction {hash_} was not mined in {self._wait_seconds:.0f} s",
            "look it up before sending anything again from this account",
        )

    def _outcome(self, tx: Tx, receipt: Mapping[str, Any]) -> Outcome:
        ok = receipt["status"] == "0x1"
        logs = tuple(
            RawLog(
                address_of(log["address"]),
                tuple(bytes.fromhex(topic[2:]) for topic in log["topics"]),
                bytes.fromhex(log["data"][2:]),
            )
            for log in receipt["logs"]
        )
        output = b"" if ok else self._static(tx, view=False).output
        return Outcome(ok, output, int(receipt["gasUsed"], 16), logs, receipt["contractAddress"])

    def simulate(self, tx: Tx) -> Outcome:
        """What a transaction would do now; sends nothing. For a deployment the output is the code
        that it would leave."""
        return self._static(tx, view=False)

    def _static(self, tx: Tx, view: bool) -> Outcome:
        fields = self._fields(tx)
        if not view:
            fields["gas"] = hex(tx.gas)
        try:
            answer = self.request("eth_call", [fields, self._tag])
        except RpcError as error:
            return refusal(error)
        return Outcome(True, bytes.fromhex(answer[2:]), 0)

    # ---- state
    def _take_snapshot(self) -> Any:
        return self.request("evm_snapshot", [])

    def _restore(self, token: Any) -> None:
        self.request("evm_revert", [token])
        self.sync()

    def balance(self, address: Any) -> int:
        return int(self.request("eth_getBalance", [address_of(address), self._tag]), 16)

    def fund(self, address: Any, wei: int) -> None:
        self.request("anvil_setBalance", [address_of(address), hex(wei)])

    def code(self, address: Any) -> bytes:
        return bytes.fromhex(self.request("eth_getCode", [address_of(address), self._tag])[2:])

"""A local anvil node of our own: the truth about gas, and a chain that others can connect to."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tandem.engine import states
from tandem.engine.artifacts import MAKE_SETUP, ROOT
from tandem.engine.backend import BaseEngine
from tandem.engine.base import CHAIN_ID, GENESIS, Call, Outcome, Tx, address_of, logs_of
from tandem.engine.orphans import die_with_parent, is_listening
from tandem.engine.rpc import Rpc, RpcError, refusal
from tandem.errors import EngineError, SetupError

HOST = "127.0.0.1"
START_SECONDS = 20.0
BLOCK_GAS = 2_000_000_000


def find_anvil() -> Path:
    """The binary from the lock file's package, else the one on PATH."""
    found = sorted((ROOT / "node_modules" / "@foundry-rs").glob("anvil-*/bin/anvil*"))
    if found:
        return found[0]
    on_path = shutil.which("anvil")
    if on_path is None:
        raise SetupError("anvil is not installed", MAKE_SETUP)
    return Path(on_path)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def check_port(port: int) -> None:
    """Raises EngineError where somebody listens on this port already."""
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise EngineError(
                f"port {port} of {HOST} is taken",
                "end what listens there (another node?), or choose another port with --port",
            )


class AnvilEngine(BaseEngine):
    """Starts its own node, mines only when told to, and ends the node when closed.

    A batch is three POSTs: all transactions, the block, the receipts. The node works through the
    members of one POST concurrently, so a block cannot share a POST with its transactions.

    A node by itself hashes the whole state into a root at every block, which soon takes longer than
    the transactions do. A fork has no roots. So where history is pruned, ours is a fork of an empty
    chain, whose own node waits beside it.
    """

    name = "anvil"

    def __init__(
        self,
        timestamp: int = GENESIS,
        chain_id: int = CHAIN_ID,
        *,
        port: int | None = None,
        prune_history: bool = True,
    ) -> None:
        super().__init__(timestamp, chain_id)
        self._process: subprocess.Popen[bytes] | None = None
        self._held = ExitStack()  # what to give back, however far the start came
        atexit.register(self.close)
        self._rpc = self._start(port, prune_history)
        self._held.callback(self._rpc.close)

    @property
    def url(self) -> str:
        """Where others can connect."""
        return self._rpc.url

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def rpc(self, method: str, *parameters: Any) -> Any:
        """What the node answers to a method that the interface does not have."""
        return self._rpc.call(method, *parameters)

    # ---- the node
    def _start(self, port: int | None, prune_history: bool) -> Rpc:
        command = [str(find_anvil()), "--host", HOST, "--no-mining", "--silent", "--order", "fees"]
        command += ["--hardfork", "cancun", "--base-fee", "0", "--gas-price", "0"]
        command += ["--gas-limit", str(BLOCK_GAS), "--chain-id", str(self.chain_id)]
        command += ["--timestamp", str(self._now)]
        if prune_history:
            command.append("--prune-history")
            origin = self._launch(command, None).url
            command += ["--fork-url", origin, "--fork-block-number", "0"]
            command += ["--no-storage-caching", "--no-rate-limit"]
        else:
            kept = self._held.enter_context(states.state_folder())
            command += ["--cache-path", str(kept), "--max-persisted-states", str(states.KEPT)]
        return self._launch(command, port)

    def _launch(self, command: Sequence[str], port: int | None) -> Rpc:
        for _ in range(1 if port else 3):  # a free port may be taken before the node binds it
            chosen = port or free_port()
            process = self._process = subprocess.Popen(
                [*command, "--port", str(chosen)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is ours to handle: the node must outlive it
                preexec_fn=die_with_parent,
                env=environment(),
            )
            self._held.callback(_end, process)
            if self.listens(process, chosen):
                return Rpc(HOST, chosen)
            _end(process)
        if port:
            check_port(port)
        raise EngineError("anvil did not start", "run its binary by hand to see why")

    @staticmethod
    def listens(process: subprocess.Popen[bytes], port: int) -> bool:
        """Waits until a node of ours answers at a port; whether it does. process: the first of its session;
        somebody else may have taken the port just before it, and answers as well."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, port)) == 0 and is_listening(process.pid, port):
                    return process.poll() is None
            time.sleep(0.01)
        return False

    def close(self) -> None:
        atexit.unregister(self.close)
        self._held.close()
        self._process = None

    def sync(self) -> None:
        """Catch up after somebody else sent transactions or mined blocks."""
        latest = self._rpc.call("eth_getBlockByNumber", "latest", False)
        self._block, self._now = int(latest["number"], 16), int(latest["timestamp"], 16)
        self._mined += 1
        for account in {*self.accounts, *self._nonces}:
            count = self._rpc.call("eth_getTransactionCount", account, "latest")
            self._nonces[account] = int(count, 16)

    # ---- execution
    def _mine(self, block: int, timestamp: int) -> None:
        self._rpc.call("evm_mine", {"timestamp": timestamp})

    def _execute(self, txs: Sequence[Tx], block: int, timestamp: int) -> list[Outcome]:
        nonces = dict(self._nonces)
        sends: list[tuple[str, Sequence[Any]]] = []
        for place, tx in enumerate(txs):
            nonce = nonces.get(tx.sender, 0)
            nonces[tx.sender] = nonce + 1
            request = self._request(tx, nonce)
            request["gasPrice"] = hex(len(txs) - place)  # they arrive in any order: sort by fee
            sends.append(("eth_sendTransaction", [request]))
        hashes = self._rpc.batch(sends) if sends else []
        mined = self._rpc.call("evm_mine_detailed", {"timestamp": timestamp})[0]
        details = mined["transactions"]
        if [detail["hash"] for detail in details] != hashes or int(mined["number"], 16) != block:
            raise EngineError(
                f"block {block} does not hold the transactions that were sent, in their order",
                "does somebody else use this node? call sync() first",
            )
        receipts = self._rpc.call("eth_getBlockReceipts", mined["number"]) if details else []
        return [_outcome(d, r) for d, r in zip(details, receipts, strict=True)]

    def _request(self, tx: Tx, nonce: int | None) -> dict[str, str]:
        request = {
            "from": tx.sender,
            "gas": hex(tx.gas),
            "gasPrice": "0x0",
            "value": hex(tx.value),
            "data": "0x" + tx.data.hex(),
        }
        if nonce is not None:
            request["nonce"] = hex(nonce)
        if tx.to is not None:
            request["to"] = tx.to
        return request

    def _static(self, tx: Tx, view: bool) -> Outcome:
        try:
            answer = self._rpc.call("eth_call", self._request(tx, None), "latest")
        except RpcError as error:
            return refusal(error)
        return Outcome(True, bytes.fromhex(answer[2:]), 0)

    def call_many(self, calls: Sequence[Call]) -> list[Any]:
        """One POST; the node works through its members concurrently."""
        functions = [c.contract.abi.function(c.fn, len(c.args)) for c in calls]
        posts: list[tuple[str, Sequence[Any]]] = []
        for c, function in zip(calls, functions, strict=True):
            tx = Tx(address_of(c.sender), c.contract.address, function.encode(c.args), c.gas)
            posts.append(("eth_call", [self._request(tx, None), "latest"]))
        try:
            answers = self._rpc.batch(posts)
        except RpcError:
            return super().call_many(calls)  # one by one: the one that reverts raises
        return [
            function.decode(bytes.fromhex(answer[2:]))
            for function, answer in zip(functions, answers, strict=True)
        ]

    # ---- state
    def trace(self, call: dict[str, str]) -> dict[str, Any]:
        """The tree of calls that a transaction would make now, with the gas of each."""
        return self._rpc.call("debug_traceCall", call, "latest", {"tracer": "callTracer"})

    def _take_snapshot(self) -> Any:
        return self._rpc.call("evm_snapshot")

    def _restore(self, token: Any) -> None:
        if not self._rpc.call("evm_revert", token):
            raise EngineError(f"anvil does not know snapshot {token}", "take a new one")

    def balance(self, address: Any) -> int:
        return int(self._rpc.call("eth_getBalance", address_of(address), "latest"), 16)

    def fund(self, address: Any, wei: int) -> None:
        self._rpc.call("anvil_setBalance", address_of(address), hex(wei))

    def code(self, address: Any) -> bytes:
        return bytes.fromhex(self._rpc.call("eth_getCode", address_of(address), "latest")[2:])


def environment() -> dict[str, str]:
    """Ours without what would change the node; a fork asks its origin directly."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("ANVIL_")}
    return ours | {"NO_PROXY": HOST, "no_proxy": HOST}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _outcome(detail: dict[str, Any], receipt: dict[str, Any]) -> Outcome:
    logs = logs_of(receipt)
    return Outcome(
        ok=receipt["status"] == "0x1",
        output=bytes.fromhex((detail.get("output") or "0x")[2:]),
        gas_used=int(receipt["gasUsed"], 16),
        logs=logs,
        created=receipt.get("contractAddress"),
    )

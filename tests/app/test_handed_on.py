"""What `tandem ui` hands on of a person's own settings, and what a folder for a static host holds."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tandem.settings import Connection
from tandem.terminal.group import main
from tandem.window.bundle import market_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "keyed",
    [
        "http://me:a-key@127.0.0.1:8545",
        "http://127.0.0.1:8545/v2/a-key",
        "http://localhost:8545/?token=a-key",
        "http://[::1]:8545/",
    ],
)
def test_an_address_of_this_machine_with_a_key_or_that_a_page_cannot_ask_is_not_handed_on(
    record: Path, keyed: str
) -> None:
    """A content policy names no IPv6 address, so that the page could not ask there."""
    assert json.loads(market_file(Connection(rpc=keyed, deployment=record)))["rpc"] is None
    plain = "http://127.0.0.1:8545/"
    both = Connection(rpc=f"{keyed},{plain}", deployment=record)
    assert json.loads(market_file(both))["rpc"] == plain


def test_a_node_that_is_no_address_is_a_typing_error_here_too(record: Path, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out"), "--deployment", str(record)]
    done = CliRunner().invoke(main, ["ui", *out, "--rpc", "htp:/127.0.0.1:8545"])
    assert done.exit_code == 2
    assert "no address of a node" in done.output


def test_a_folder_names_no_node_of_this_machine(record: Path, tmp_path: Path) -> None:
    """Whoever looks at it sits elsewhere, and would ask his own machine."""
    out = ["--out", str(tmp_path / "out"), "--deployment", str(record)]
    done = CliRunner().invoke(main, ["ui", *out, "--rpc", "http://127.0.0.1:8545"])
    assert done.exit_code == 0
    assert json.loads((tmp_path / "out" / "market.json").read_text())["rpc"] is None
    done = CliRunner().invoke(main, ["ui", *out, "--keeper", "http://127.0.0.1:9000"])
    assert done.exit_code == 2
    assert "a static host passes no keeper's figures on" in done.output


def test_a_disk_that_fills_up_leaves_the_page_that_was_there(record: Path, tmp_path: Path) -> None:
    out = tmp_path / "public"
    out.mkdir()
    (out / "index.html").write_text("the page of before")
    command = [sys.executable, "-m", "tandem", "ui", "--out", str(out)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    done = subprocess.run(
        [*command, "--deployment", str(record)], cwd=ROOT, env=clean, text=True, capture_output=True,
        check=False, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert (out / "index.html").read_text() == "the page of before"
    assert not [path for path in out.iterdir() if path.name.endswith("partial")]

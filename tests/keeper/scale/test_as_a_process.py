"""`tandem run` over three markets with two keys, as it is started: files, figures, journals, its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from lived_in import KEEPER_KEY, SIGNER_KEY
from metrics.asking import figure, free_port, get

from keeper.journal import State, read_actions
from scale.street import Street
from tandem.engine.signers import from_key

OTHER_KEY = "0x" + "5e" * 32
PATIENCE = 40.0


@contextmanager
def running(folder: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tandem", "run", "--log", "json", *words],
            env=os.environ | {"TANDEM_POLL_SECONDS": "0.2"} | more, cwd=folder, stderr=said, stdout=said,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(holds: Callable[[], bool], folder: Path, meanwhile: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, (folder / "said").read_text()[-4_000:]
        meanwhile()
        time.sleep(0.1)


@pytest.fixture
def two_keys(three: Street, keyed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that names the markets; the last has a key and a policy of its own."""
    other = from_key(OTHER_KEY).address
    three.engine.fund(other, 10**19)
    monkeypatch.delenv("TANDEM_KEY")
    lines = [f'[[markets]]\ndeployment = "{each.file}"\n' for each in three.markets]
    lines[2] += 'key = "other"\npolicy = {name = "clock"}\n'
    (keyed / "tandem.toml").write_text("\n".join(lines))
    monkeypatch.setenv("TANDEM_KEYS__OTHER", OTHER_KEY)
    monkeypatch.setenv("TANDEM_KEY", KEEPER_KEY)
    return keyed


def test_markets_of_a_file_are_kept_by_their_keys_side_by_side(
    three: Street, two_keys: Path
) -> None:
    port = free_port()
    three.passes(700)
    three.move(2_650)
    with running(two_keys, TANDEM_METRICS__PORT=str(port)) as process:

        def done() -> bool:
            try:
                text = get(port, "/metrics")[1]
            except OSError:
                return False
            posted = [
                figure(text, "tandem_actions_total", market=name, kind="post", state="mined")
                for name in ("m0", "m1", "m2")
            ]
            return all(posted) and get(port, "/ready")[0] == 200

        until(done, two_keys, lambda: three.passes(2))
        text = get(port, "/metrics")[1]
        assert figure(text, "tandem_node_up", account=from_key(OTHER_KEY).address) == 1
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 5
    journals = sorted((two_keys / "data" / "tandem" / "keeper").glob("31337-*.sqlite"))
    kept = [
        {a.market for a in read_actions(each, 50) if a.state is State.MINED} for each in journals
    ]
    assert sorted(kept, key=len) == [{"m2"}, {"m0", "m1"}]
    said = [json.loads(line) for line in (two_keys / "said").read_text().splitlines()]
    started = {line["market"] for line in said if line["event"] == "keeper started"}
    assert len(started) == 3
    assert {line.get("market") for line in said if line["event"] == "mined"} == {"m0", "m1", "m2"}
    text = (two_keys / "said").read_text()
    assert not any(key[2:] in text for key in (OTHER_KEY, KEEPER_KEY, SIGNER_KEY))


def test_a_dry_run_shows_each(tandem: Callable[..., Result], three: Street) -> None:
    done = tandem("run", "--dry-run", "--once", "--json", *three.options)
    assert done.exit_code == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["market"] for line in lines] == ["m0", "m1", "m2"]


@pytest.mark.parametrize(
    ("file", "said", "todo"),
    [
        ('[[markets]]\ndeployment = "{0}"\nkey = "bob"', "no key called bob", "TANDEM_KEYS__BOB"),
        ('[[markets]]\ndeployment = "{0}"\npolcy = {{}}', "polcy", "remove it"),
        ('[[markets]]\ndeployment = "{0}"\n[[markets]]\ndeployment = "{0}"', "two markets",
         "another `name`"),
        ('[[markets]]\ndeployment = "{0}"\n[[markets]]\ndeployment = "{1}"\nrpc = "http://127.0.0.1:1"',
         "name different nodes", "the same `rpc`"),
        ('[[markets]]\ndeployment = "nowhere.json"', "nowhere.json", "deploy"),
        (('journal = "j.sqlite"\n[[markets]]\ndeployment = "{0}"\n[[markets]]\ndeployment = "{1}"\n'
          'key = "other"'), "cannot be the journal of 2 keys", "leave TANDEM_JOURNAL out"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_before_anything_starts(
    tandem: Callable[..., Result], three: Street, keyed: Path,
    monkeypatch: pytest.MonkeyPatch, file: str, said: str, todo: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("TANDEM_KEYS__OTHER", OTHER_KEY)
    files = [each.file for each in three.markets]
    (keyed / "tandem.toml").write_text(file.format(*files))
    done = tandem("run", "--once")
    assert done.exit_code == 2
    assert said in done.stderr
    assert todo in done.stderr
    assert not list(keyed.glob("**/*.sqlite"))


def test_a_market_has_what_its_table_sets_and_the_rest_of_all(
    three: Street, two_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keeper.markets import kept
    from keeper.settings import load_settings

    monkeypatch.setenv("TANDEM_FEES__MOST_GWEI", "3")
    monkeypatch.setenv("TANDEM_POLICY__NAME", "whalley_wilmott")
    listed = kept(load_settings())
    assert [one.settings.policy.name for one in listed] == ["whalley_wilmott"] * 2 + ["clock"]
    assert {one.settings.fees.most_gwei for one in listed} == {3}
    assert [one.name for one in listed] == [each.deployment.name for each in three.markets]

"""What a keeper says of itself: a line an event, for people or for machines, and never a secret."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from listening import Said
from pydantic import SecretStr

from keeper.logs import QUIET, configure
from keeper.runner import Runner
from keeper.settings import Settings, load_settings
from keeper.tables import LogForm, LogLevel, SurfaceTable
from tandem.engine.node import NodeDownError
from tandem.errors import ConfigError

KEY, SIGNERS = "0x" + "ab" * 32, ("0x" + "cd" * 32, "0x" + "ef" * 32)
TOKEN = "v3-s3cr3t-t0ken"
RPC = f"https://user:passw0rd@node.example/{TOKEN}?key=q-u-e-r-y"
SECRETS = (KEY[2:], *(each[2:] for each in SIGNERS), TOKEN, "passw0rd", "q-u-e-r-y")


def settings(**more: Any) -> Settings:
    table = SurfaceTable(keys=SecretStr(", ".join(SIGNERS)))
    return Settings(key=SecretStr(KEY), rpc=RPC, surface=table, **more)


def test_a_line_of_json_has_time_level_event_and_fields_in_that_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = configure(settings(log=LogForm.JSON))
    log.info("mined", reason="it is late", intent="post", note="", hash="0x1", size=2**60, block=7)
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    found = json.loads(line)
    assert list(found) == ["time", "level", "event", "block", "hash", "intent", "reason", "size"]
    assert found["level"] == "info"
    assert (found["event"], found["block"], found["size"]) == ("mined", 7, str(2**60))
    assert found["time"].endswith("Z")
    age = datetime.now(UTC) - datetime.fromisoformat(found["time"])
    assert 0 <= age.total_seconds() < 60


@pytest.mark.parametrize("form", LogForm)
def test_a_line_leaves_in_one_piece(form: LogForm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under Silverback others write to the same place: its lines stood in the middle of ours."""
    pieces: list[str] = []
    stream = StringIO()
    monkeypatch.setattr(stream, "write", pieces.append)
    monkeypatch.setattr(sys, "stderr", stream)
    configure(settings(log=form)).info("mined")
    (line,) = pieces
    assert line.index("\n") == len(line) - 1


def test_a_line_for_people_begins_with_the_time_and_the_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(settings()).warning("no node answers", hint="start it")
    (line,) = capsys.readouterr().err.splitlines()
    assert line[4] + line[7] + line[19] == "--Z"
    assert line[20:] == " [warning] no node answers hint='start it'"


def test_people_read_where_a_file_lies_and_not_how_python_writes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = configure(settings(log=LogForm.TEXT))
    there = Path("/var/lib/keeper")
    log.warning(
        "set aside",
        path=there,
        beside=[there / "a", there / "b"],
        of={"k": there},
        price=Decimal("1.5"),
    )
    line = capsys.readouterr().err
    assert "path=/var/lib/keeper " in line
    assert "beside=['/var/lib/keeper/a', '/var/lib/keeper/b']" in line
    assert "price=1.5" in line
    assert not any(word in line for word in ("Path(", "Decimal("))


@pytest.mark.parametrize("form", LogForm)
def test_no_secret_is_in_any_line(form: LogForm, capsys: pytest.CaptureFixture[str]) -> None:
    """FAULTS 29. In the words, in a field, inside of one, in a traceback and its variables."""
    log = configure(settings(log=form))
    for secret in SECRETS:
        log.info(f"asked {secret}")
        log.info("asked", url=f"https://x/{secret.upper()}", inside={"of": [secret]}, raw=secret)
        hidden = f"variable of {secret[:3]}"
        try:
            raise NodeDownError(f"no answer from {secret}", hidden[:3])
        except NodeDownError:
            log.exception("cycle failed")
    said = capsys.readouterr().err
    assert "NodeDownError" in said
    assert "variable of" not in said, "a traceback shows no variables"
    for secret in SECRETS:
        assert secret.lower() not in said.lower()
    assert "…" in said


def test_what_is_less_than_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    log = configure(settings(log_level=LogLevel.WARNING))
    log.info("mined")
    log.warning("reverted")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_form_and_level_are_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_LOG", "json")
    monkeypatch.setenv("TANDEM_LOG_LEVEL", "error")
    assert load_settings().log is LogForm.JSON
    assert load_settings(log="text").log is LogForm.TEXT
    assert load_settings().log_level is LogLevel.ERROR
    monkeypatch.setenv("TANDEM_LOG", "xml")
    with pytest.raises(ConfigError, match="log"):
        load_settings()


def test_who_was_given_nobody_to_tell_tells_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """A replay's keeper and the demo's print what they print, and no line beside."""
    QUIET.info("mined", block=1)
    QUIET.error("gone")
    assert capsys.readouterr() == ("", "")


def test_a_note_that_repeats_is_said_once_and_then_how_often() -> None:
    said, ended = Said(), threading.Event()
    runner = Runner(None, 60, said, stopping=ended)

    def away(words: str) -> None:
        raise NodeDownError(words, "start it")

    for words in ["no node answers"] * 3 + ["it hangs"]:
        assert runner.once(lambda words=words: away(words)) is None
    assert runner.once(lambda: 5) == 5
    assert said.lines == [
        ("warning", "no node answers", {"hint": "start it"}),
        ("info", "what was said last was so for some cycles", {"cycles": 3}),
        ("warning", "it hangs", {"hint": "start it"}),
    ]
    ended.set()
    runner.once(lambda: away("no node answers"))
    assert len(said.lines) == 3, "who was told to end says no more"

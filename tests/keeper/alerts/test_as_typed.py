"""`tandem alerts test`, the settings beside it, and a keeper that says by itself that it halts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from receiving import Service, nobody, service, silence

from keeper.alerts.rules import HALTED

Run = Callable[..., Result]


@pytest.fixture
def there() -> Iterator[Service]:
    with service() as made:
        yield made


def test_a_test_arrives_where_the_settings_say(
    tandem: Run, there: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_ALERTS__URLS", json.dumps([there.url]))
    result = tandem("alerts", "test", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["found"] == "took it"
    (told,) = there.told
    assert told["title"] == "Tandem: a test"


@pytest.mark.parametrize("away", ["refuses", "hangs", "is gone"])
def test_an_alert_that_nobody_took_is_an_error_by_name(
    tandem: Run, there: Service, away: str
) -> None:
    there.status = 500
    with silence() as hanging:
        url = {"refuses": there.url, "hangs": hanging, "is gone": nobody()}[away]
        result = tandem("alerts", "test", "--url", url)
    assert result.exit_code == 2
    assert "nobody took the alert" in result.stderr
    assert "127.0.0.1" not in result.stdout + result.stderr


def test_of_two_the_one_that_did_not_is_named(tandem: Run, there: Service) -> None:
    result = tandem("alerts", "test", "--url", there.url, "--url", nobody())
    assert result.exit_code == 1
    assert "number 2 (json): did not take it" in result.stdout
    assert len(there.told) == 1


def test_without_an_address_it_says_where_to_write_one(tandem: Run) -> None:
    result = tandem("alerts", "test")
    assert result.exit_code == 2
    assert "TANDEM_ALERTS__URLS" in result.stderr


@pytest.mark.parametrize("given", ["hunter2", "[1]", "[oops", '{"a": 1}'])
def test_what_is_no_address_is_refused_without_being_shown(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("TANDEM_ALERTS__URLS", given)
    result = tandem("config", "validate")
    assert result.exit_code in (1, 2)
    assert "alerts.urls" in result.stdout + result.stderr
    assert given not in (result.stdout + result.stderr).replace("hunter", "")
    assert "hunter2" not in result.stdout + result.stderr


def test_addresses_are_never_shown(tandem: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_ALERTS__URLS", "json://u:hunter2@h/x json://h/token-abc")
    for words in (("config", "show"), ("config", "show", "--json"), ("config", "validate")):
        said = tandem(*words)
        assert "alerts.urls" in said.stdout
        assert "hunter2" not in said.stdout
        assert "token-abc" not in said.stdout


def test_a_keeper_that_halts_says_so_before_it_ends(
    tandem: Run, market: Any, there: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other code stands at one of the deployment's addresses."""
    monkeypatch.setenv("TANDEM_ALERTS__URLS", there.url)
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    desk = market.deployment.address("MarginDesk")
    market.engine.request("anvil_setCode", [desk, "0x" + market.engine.code(desk).hex() + "00"])
    result = tandem("run")
    assert result.exit_code == 2
    *warned, told = there.told
    assert ["margin lacks" in each["message"] or "hard band" in each["message"] for each in warned]
    assert told["title"].startswith(HALTED)
    assert "It halted" in told["message"]
    assert told["type"] == "failure"

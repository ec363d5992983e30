"""`tandem alerts`: what a keeper tells its operator by itself."""

from __future__ import annotations

from dataclasses import asdict

import rich_click as click

from keeper.cli._nodes import FAIL, OK, Line, shown
from keeper.settings import load_settings
from tandem.errors import ConfigError
from tandem.terminal.common import EXIT_FAULT, emit, json_option
from tandem.terminal.group import Group

WHO = "operator"


@click.group(cls=Group)
def alerts() -> None:
    """Alerts that `tandem run` sends by itself, to TANDEM_ALERTS__URLS.

    \b
    Examples:
      tandem alerts test
    """


@alerts.command()
@click.option("--url", "urls", multiple=True, help="To this address instead; may be given again.")
@json_option
def test(urls: tuple[str, ...], as_json: bool) -> None:
    """Send one alert to each address, and say who took it.

    Exits with 2 where nobody did, with 1 where some did not. An address on a command line is seen by
    whoever lists processes: keep it in TANDEM_ALERTS__URLS.

    \b
    Examples:
      tandem alerts test
      tandem alerts test --url json://127.0.0.1:8080/alerts --json
    """
    from keeper.alerts.post import Letter, Tone, UndeliveredError, addresses

    named = urls or load_settings().alert_urls
    if not named:
        raise ConfigError("nobody is named to tell", "set TANDEM_ALERTS__URLS, or pass --url")
    words = "This is a test: alerts of this keeper arrive here."
    letter = Letter("Tandem: a test", words, Tone.PLAIN)
    lines = [
        Line(OK, each.name, "took it")
        if each.takes(letter)
        else Line(FAIL, each.name, "did not take it", "is it there, and is the address right?")
        for each in addresses(named)
    ]
    emit(as_json, [asdict(line) for line in lines], map(shown, lines))
    failed = sum(line.state == FAIL for line in lines)
    if failed == len(lines):
        raise UndeliveredError(
            "nobody took the alert", "see which addresses above, and correct TANDEM_ALERTS__URLS"
        )
    if failed:
        raise SystemExit(EXIT_FAULT)

"""Delivery to a server that is there, and none that is not: whatever it does, nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from receiving import Service, nobody, service, silence

from keeper.alerts.post import MOST_WAITING, Letter, Post, Tone
from keeper.settings import Settings
from keeper.tables import AlertsTable
from tandem.errors import ConfigError

LETTER = Letter("TandemMarginLacks: local", "The hedge lacks 12.50 USD of margin.", Tone.BAD)


@pytest.fixture
def there() -> Iterator[Service]:
    with service() as made:
        yield made


def test_an_alert_arrives_with_its_name_its_words_and_how_bad_it_is(there: Service) -> None:
    post = Post([there.url], lambda _: None)
    post.hand(LETTER)
    assert there.came.wait(5)
    post.close(5)
    (told,) = there.told
    assert (told["title"], told["message"], told["type"]) == (LETTER.title, LETTER.text, "failure")


def test_one_that_refuses_is_asked_three_times_and_said_once(there: Service) -> None:
    there.status = 500
    said: list[str] = []
    post = Post([there.url], said.append, pause=0.01)
    post.hand(LETTER)
    post.hand(LETTER)
    limit = time.monotonic() + 10
    while len(there.told) < 6 and time.monotonic() < limit:
        time.sleep(0.01)
    assert len(there.told) == 6
    there.status = 200
    post.hand(LETTER)
    while len(said) < 2 and time.monotonic() < limit:
        time.sleep(0.01)
    post.close(5)
    assert said == [
        "an alert was not taken by number 1 (json) of alerts.urls",
        "alerts reach number 1 (json) again",
    ]


def test_one_that_fails_keeps_nothing_from_the_others(there: Service) -> None:
    with silence() as hanging:
        post = Post([hanging, nobody(), there.url], lambda _: None, pause=0.01)
        post.hand(LETTER)
        assert there.came.wait(15)
        post.close(1)
    assert len(there.told) == 1


def test_one_that_fails_holds_up_no_later_letter_of_the_others(there: Service) -> None:
    """Each letter waited for a dead address's three tries: a minute by the settings' own pause, so that the
    twentieth came after twenty."""
    post = Post([nobody(), there.url], lambda _: None, pause=60.0)
    for each in range(5):
        post.hand(Letter(f"number {each}", "words", Tone.BAD))
    limit = time.monotonic() + 10
    while len(there.told) < 5 and time.monotonic() < limit:
        time.sleep(0.01)
    arrived = [told["title"] for told in there.told]
    post.close(1)
    assert arrived == [f"number {each}" for each in range(5)]


def test_whoever_hands_over_waits_for_nobody_and_no_more_than_so_many_are_kept() -> None:
    said: list[str] = []
    with silence() as hanging:
        post = Post([hanging], said.append)
        began = time.monotonic()
        for _ in range(3 * MOST_WAITING):
            post.hand(LETTER)
        assert time.monotonic() - began < 1.0
        assert sum("more are left out" in each for each in said) == 1
        began = time.monotonic()
        post.close(1.0)
        assert time.monotonic() - began < 1.5


def test_what_is_said_of_an_address_holds_none_of_it(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = nobody().replace("json://", "json://user:hunter2@").replace("/x", "/token-abc")
    said: list[str] = []
    post = Post([secret], said.append, pause=0.01)
    post.hand(LETTER)
    limit = time.monotonic() + 10
    while not said and time.monotonic() < limit:
        time.sleep(0.01)
    post.close(5)
    with pytest.raises(ConfigError) as refused:
        Post(["hunter2 is no address"], said.append)
    settings = Settings(alerts=AlertsTable(urls=[secret]))  # pyright: ignore[reportArgumentType]
    everything = [*said, str(refused.value), repr(settings), caplog.text, *capfd.readouterr()]
    assert said
    assert not any("hunter2" in each or "token-abc" in each for each in everything)

"""docs/settings.md has every setting, what it may be and what holds without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keeper.settings import Settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def page(scripts):
    from list_settings import page

    return page()


def test_every_setting_has_its_row(page):
    for name, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        found = [f"{name}__{part}" for part in inner] if inner else [name]
        for variable in found:
            assert f"| `TANDEM_{variable.upper()}` |" in page


def test_it_knows_no_machine_and_no_secret(page):
    assert str(ROOT) not in page
    assert "| `key`, a *secret* | `TANDEM_KEY` | – |" in page
    assert "(over 0 to 10000)" in page


def test_the_page_is_as_it_is_written(page):
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page

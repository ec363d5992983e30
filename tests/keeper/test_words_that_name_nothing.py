"""Paths and addresses that name nothing end in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from keeper import pauses
from keeper.index.serving import bound
from keeper.pauses import PauseError
from tandem.errors import ConfigError


@pytest.mark.parametrize("journal", ["", ".", "/"])
def test_a_pause_beside_a_folder_is_refused(journal: str) -> None:
    """`tandem pause --journal .` ended in a traceback."""
    with pytest.raises(PauseError, match="names a folder"):
        pauses.path_beside(Path(journal))


def test_an_address_with_a_zero_byte_is_refused() -> None:
    """`tandem index --host` ended in a traceback by one, as by no other name."""
    with pytest.raises(ConfigError, match="cannot be served"):
        bound("\x00", 0)

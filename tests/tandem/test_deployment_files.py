"""What is named as a deployment and is none is called what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem.errors import ConfigError
from tandem.protocol.deployment import Deployment, NotDeployedError


def test_a_folder_is_called_a_folder(tmp_path: Path) -> None:
    """It said "deploy again"."""
    with pytest.raises(ConfigError, match="is a folder") as refused:
        Deployment.load(tmp_path)
    assert "--deployment" in refused.value.hint
    assert "again" not in refused.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"7"])
def test_a_file_that_is_none_says_who_writes_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "local.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="is no deployment") as refused:
        Deployment.load(file)
    assert "tandem deploy apply" in refused.value.hint


def test_what_may_not_be_read_is_not_to_be_deployed_again(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as refused:
        Deployment.load(Path("/dev/null"))
    assert "may read" in refused.value.hint


def test_where_there_is_none_it_says_how_to_deploy(tmp_path: Path) -> None:
    with pytest.raises(NotDeployedError) as refused:
        Deployment.load(tmp_path / "none.json")
    assert "tandem deploy apply" in refused.value.hint

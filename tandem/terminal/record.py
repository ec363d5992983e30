"""Writing down what was deployed: addresses that cost gas are not lost with a file."""

from __future__ import annotations

from pathlib import Path

from tandem.errors import ConfigError
from tandem.protocol.deployment import Deployment
from tandem.terminal.stdout import put


def record(deployment: Deployment, path: Path) -> None:
    """Save it; where that fails, print the file's text, then raise ConfigError."""
    try:
        deployment.save(path)
    except ConfigError as error:
        put(deployment.text(), nl=False)
        raise ConfigError(
            f"deployed, but {error.message}",
            f"the deployment was printed instead: keep that text as {path.name}",
        ) from error

"""The page's files, and `market.json` beside them, which says which markets it opens with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tandem.connection import record
from tandem.engine.artifacts import ROOT
from tandem.errors import ConfigError
from tandem.files import check_folder, write_file
from tandem.protocol.deployment import Deployment, NotDeployedError, markets_beside, record_of
from tandem.settings import Connection
from tandem.terminal.json_text import to_json

FOLDER = ROOT / "app" / "dist"
MARKET_FILE = "market.json"
FIRST = "index.html"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ASKED = LOOPBACK - {"::1"}
"""What of this machine the page may ask: a content policy cannot name an IPv6 address."""


class NotBuiltError(ConfigError):
    """The page was not built in this checkout."""


def page_files(folder: Path = FOLDER) -> dict[str, bytes]:
    """Each file's content by its name. Raises NotBuiltError."""
    if not (folder / FIRST).is_file():
        raise NotBuiltError(f"there is no page in {folder}", "build it with `make app`")
    return {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in KINDS
    }


def market_file(
    settings: Connection, *, metrics: bool = False, index: str | None = None, is_here: bool = True
) -> bytes:
    """`market.json`: the deployment's records, and the node where that is on this machine, without a key, and
    whoever looks is here, too; any other address stays here. is_here: whether he is. index: where `tandem
    index` answers for the market's past. Raises NotDeployedError, ConfigError."""
    near = [
        node for node in settings.nodes if is_here and host_of(node) in ASKED and _is_bare(node)
    ]
    data = {
        "deployments": [json.loads(found.text()) for found in _deployments(settings)],
        "rpc": near[0] if near else None,
        "metrics": metrics,
        "index": index,
    }
    return to_json(data).encode()


def host_of(url: str) -> str:
    """The host that an address names; "" where it is no address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a bracket that never closes
        return ""


def is_near(url: str) -> bool:
    """Whether an address is of this machine."""
    return host_of(url) in LOOPBACK


def is_reachable(url: str) -> bool:
    """Whether the page's policy lets it ask there."""
    host = host_of(url)
    return bool(host) and (
        url.startswith("https://") or (url.startswith("http://") and host in ASKED)
    )


def _is_bare(url: str) -> bool:
    """Whether an address is scheme, host and port alone: any more may be a key."""
    parts = urlsplit(url)
    return parts.username is None and parts.path in ("", "/") and not parts.query


def _deployments(settings: Connection) -> list[Deployment]:
    """The one that is named, or all of the file's markets."""
    named = markets_beside(settings.deployment)
    try:
        return [Deployment.load(record(settings))]
    except NotDeployedError:
        if settings.market or not named:
            raise
        return [Deployment.load(record_of(settings.deployment, market)) for market in named]


def export(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write them where any static host takes them from: what names the others last, so that a disk that fills
    up leaves the page that was there. Raises ConfigError."""
    check_folder(folder)
    last = sorted(files, key=lambda name: name == FIRST)
    return [write_file(folder / name, files[name]) for name in last]

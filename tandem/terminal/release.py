"""What `tandem --version` says: the package's version and, in a checkout, its commit."""

from __future__ import annotations

import subprocess
from importlib.metadata import PackageNotFoundError, version

import rich_click as click


def print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    """A click callback: print and end, where it is wanted."""
    if not wanted or ctx.resilient_parsing:
        return
    commit = checkout_commit()
    click.echo(f"tandem {_version()}" + (f" at {commit}" if commit else ""))
    ctx.exit()


def _version() -> str:
    try:
        return version("tandem-hedge")
    except PackageNotFoundError:
        return "(not installed)"


def checkout_commit() -> str:
    """The short commit, with a + where tracked files differ from it; "" outside of a checkout."""
    from tandem.engine.artifacts import ROOT  # only here: engines take their time to load

    if not (ROOT / ".git").exists():
        return ""

    def git(*arguments: str) -> str:
        ran = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
        )
        return ran.stdout.strip() if ran.returncode == 0 else ""

    try:
        commit = git("rev-parse", "--short=10", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no")
    except OSError:  # no git here
        return ""
    return commit + ("+" if commit and changed else "")

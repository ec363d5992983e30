"""A Postgres of a test's own, from the package's programs: on a loopback port, as nobody where one is root,
which Postgres refuses to be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from metrics.asking import free_port

from keeper.sharing import connector


@contextmanager
def running() -> Generator[str]:
    """Its address. Skips where the package has no wheel, or nobody may run its programs."""
    found: Any = pytest.importorskip("pgserver", reason="its wheel is of few machines")
    programs = Path(found.__file__).parent / "pginstall" / "bin"
    who: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    port, data = free_port(), folder / "data"
    try:
        make = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "tandem", "-N"]
        try:
            subprocess.run(make, check=True, capture_output=True, cwd=folder, **who)
        except PermissionError:
            pytest.skip("nobody may run the package's programs here")
        serve = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*serve, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
                cwd=folder, stdout=log, stderr=log, **who,
            )  # fmt: skip
        try:
            yield _waited(f"postgresql://tandem@127.0.0.1:{port}/postgres", folder)
        finally:
            server.terminate()
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _waited(url: str, folder: Path) -> str:
    limit = time.monotonic() + 20
    while True:
        try:
            connector(url)().close()
        except Exception:
            if time.monotonic() > limit:
                raise AssertionError((folder / "log").read_text()) from None
            time.sleep(0.1)
        else:
            return url


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of one that lives as long as the tests do."""
    with running() as url:
        yield url

"""A signal ends a command wherever it meets it: a callback, a compiler, an import, or what fails then."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .surface import environment

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def ended(code: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """How a process of these lines ends, and what it says."""
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


def test_a_signal_inside_a_callback_from_c_is_not_lost() -> None:
    code = (
        "import ctypes, os, signal, time\n"
        "from tandem.terminal.ending import orderly\n"
        "hit = ctypes.CFUNCTYPE(None)(lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
        "with orderly(last=True):\n    hit()\n    time.sleep(300)\n"
    )
    done = ended(code)
    assert done.returncode == 143
    assert "Traceback" not in done.stderr


def test_a_signal_that_a_library_takes_for_an_error_of_its_own_is_still_a_signal() -> None:
    """`config show` that was told to end while its settings were written down ended with 1 and a traceback:
    what writes them, in Rust, fails with its own error by what it met."""
    code = (
        "import os, signal\n"
        "from pydantic import BaseModel, field_serializer\n"
        "from tandem.terminal.ending import orderly\n"
        "class Settings(BaseModel):\n"
        "    place: int = 1\n"
        "    @field_serializer('place')\n"
        "    def write(self, _):\n        os.kill(os.getpid(), signal.SIGTERM)\n        return 1\n"
        "with orderly(last=True):\n    Settings().model_dump()\n"
    )
    done = ended(code)
    assert done.returncode == 143
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_for_machine_code_that_is_being_made(number: signal.Signals) -> None:
    """Unwound halfway, numba leaves what fails later, or crashes the process."""
    code = (
        "import os, signal, time\n"
        "from tandem.terminal.ending import orderly\n"
        f"text = 'os.kill(os.getpid(), {int(number)}); time.sleep(0.2); print(1, flush=True)'\n"
        "with orderly(last=True):\n"
        "    exec(text, {'__name__': 'numba.core.compiler', 'os': os, 'time': time})\n"
        "    time.sleep(300)\n"
    )
    done = ended(code)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "1\n", "")


def test_a_signal_is_not_lost_in_an_import_that_catches_everything(tmp_path: Path) -> None:
    (tmp_path / "greedy.py").write_text(
        "import os, signal, time\n"
        "try:\n    os.kill(os.getpid(), signal.SIGTERM)\n    time.sleep(0.2)\n"
        "except BaseException:\n    pass\n"
    )
    code = (
        "import time\n"
        "from tandem.terminal.ending import orderly\n"
        "with orderly(last=True):\n    import greedy\n    time.sleep(15)\n"
    )
    done = ended(code, environment(PYTHONPATH=str(tmp_path)))
    assert (done.returncode, done.stderr) == (143, "")


@pytest.mark.parametrize("heard", [True, False])
def test_a_signal_is_not_lost_in_a_panic_of_a_native_library(heard: bool) -> None:
    """Which is no Exception, and has forgotten what it met; without a signal it is what it is."""
    met = "os.kill(os.getpid(), signal.SIGTERM); time.sleep(15)" if heard else "pass"
    code = (
        "import os, signal, time\n"
        "from tandem.terminal.ending import orderly\n"
        "class Panic(BaseException): pass\n"
        "with orderly(last=True):\n"
        f"    try:\n        {met}\n    except BaseException:\n        pass\n"
        "    raise Panic('unwound')\n"
    )
    done = ended(code)
    assert (done.returncode, "Panic: unwound" in done.stderr) == (
        (143, False) if heard else (1, True)
    )


@pytest.mark.parametrize("error", ["KeyError('Smile')", "OSError(9, 'Bad file')"])
def test_a_signal_is_not_lost_in_what_fails_while_it_is_unwound(error: str) -> None:
    """A compiler told a traceback of its own, "unhandled exception 'Smile'", once in thousands of ends."""
    code = (
        "import os, signal, time\n"
        "from tandem.terminal.ending import orderly\n"
        "with orderly(last=True):\n"
        "    try:\n        os.kill(os.getpid(), signal.SIGTERM)\n        time.sleep(15)\n"
        f"    finally:\n        raise {error}\n"
    )
    done = ended(code)
    assert (done.returncode, done.stderr) == (143, "")

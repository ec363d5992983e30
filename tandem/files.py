"""Files that a person asked for: looked at before the work, written beside and renamed after it.

A run of minutes must not end at a folder that cannot be written, and a disk that fills up must not
leave half a file where a whole one stood.
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

from platformdirs import user_data_path

from tandem.errors import ConfigError

DATA = user_data_path("tandem", appauthor=False)
"""The user's own folder for data, wherever the program lies."""
HINT = "name a file in a folder that you may write, on a disk with room"
FOLDER_HINT = "name a folder that you may write, on a disk with room"


def check_file(path: Path) -> None:
    """Make the folder of `path` and try it. Raises ConfigError where the file could not be written
    now; what stands there is not touched."""
    try:
        _try(path)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error


def check_folder(path: Path) -> None:
    """The same for a folder that files are to go to."""
    try:
        if path.exists() and not path.is_dir():
            raise NotADirectoryError("it is no folder")
        path.mkdir(parents=True, exist_ok=True)
        _try(path / "probe")
    except (OSError, ValueError) as error:
        raise _refused(path, error, FOLDER_HINT) from error


def _try(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError("it is a folder")
    if _is_special(path):
        path.open("ab").close()
        return
    probe = _beside(path)
    try:
        probe.write_bytes(b"\n")
    finally:
        probe.unlink(missing_ok=True)


def readable(path: Path) -> Path:
    """The path of a file or a pipe. Raises OSError for a folder or a device: a device may never end."""
    if path.is_dir():
        raise IsADirectoryError("it is a folder")
    if path.is_char_device() or path.is_block_device():
        raise OSError(f"{path} is a device")
    return path


def read_text(path: Path) -> str:
    """All of it, UTF-8, without the mark that some editors begin a file with. Raises FileNotFoundError,
    OSError or ValueError."""
    return readable(path).read_text(encoding="utf-8-sig")


def write_file(path: Path, data: bytes | str) -> Path:
    """Write all of it or nothing; text as UTF-8. Raises ConfigError where it cannot."""
    raw = data.encode("utf-8", errors="replace") if isinstance(data, str) else data
    try:
        if path.is_dir():
            raise IsADirectoryError("it is a folder")
        if _is_special(path):  # a pipe or a device is written to, never replaced
            path.write_bytes(raw)
            return path
        partial = _beside(path)
        try:
            with partial.open("xb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path.resolve())
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error
    return path


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _beside(path: Path) -> Path:
    """A name in the same folder, which is made; a link is followed, so that it stays one."""
    real = path.resolve()
    real.parent.mkdir(parents=True, exist_ok=True)
    own = f"{os.getpid()}-{token_hex(4)}"  # two containers over one folder have one number
    return real.with_name(f".{real.name[:100]}.{own}.partial")


def _refused(path: Path, error: OSError | ValueError, hint: str = HINT) -> ConfigError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ConfigError(f"cannot write {path}: {why}", hint)

"""Ctrl-C during a run: what is in progress is finished, and what there is so far is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar, TypeVarTuple

Asked = TypeVarTuple("Asked")
R = TypeVar("R")


@contextmanager
def stoppable() -> Generator[threading.Event]:
    """Ctrl-C sets the flag, so that the price in progress is finished; a second one interrupts."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.getsignal(signal.SIGINT)

    def ask(_number: int, _frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def as_they_end(
    pool: ProcessPoolExecutor,
    call: Callable[[*Asked], R],
    asked: Iterable[tuple[*Asked]],
    jobs: int,
    stop: threading.Event,
) -> Iterator[tuple[tuple[*Asked], R]]:
    """What was asked with what came of it, `jobs` at a time, as each ends. A set `stop` starts nothing new.
    Raises BrokenProcessPool where a process is ended from outside."""
    queue = iter(asked)
    running: dict[Future[R], tuple[*Asked]] = {}
    while True:
        while len(running) < jobs and not stop.is_set():
            given = next(queue, None)
            if given is None:
                break
            running[pool.submit(call, *given)] = given
        if not running:
            return
        ended, _ = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
        for future in ended:
            given = running.pop(future)
            try:
                found = future.result()
            except (KeyboardInterrupt, BrokenProcessPool) as error:
                if isinstance(error, BrokenProcessPool) and not stop.is_set():
                    raise
                stop.set()  # a terminal's Ctrl-C reaches a process that is still starting, too
                continue
            yield given, found

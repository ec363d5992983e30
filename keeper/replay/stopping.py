"""Ctrl-C during a run, or a terminal that is closed: what is in progress is finished, and what there is so
far is kept."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.process import BaseProcess
from typing import TypeVar, TypeVarTuple

from tandem.errors import TandemError
from tandem.terminal.ending import asked_to_end, let_go_after, say_at_once, unless_ignored

Asked = TypeVarTuple("Asked")
R = TypeVar("R")
ASKS = (signal.SIGINT, signal.SIGHUP)
"""Signals that ask for what there is."""


@contextmanager
def stoppable(keeps: str) -> Generator[threading.Event]:
    """Either signal sets the flag, so that what is in progress is finished; a second Ctrl-C interrupts.
    keeps: what is said then of what there is."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {each: signal.getsignal(each) for each in unless_ignored(*ASKS)}

    def ask(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])
        asked_to_end(number)
        if parent_process() is None:  # else whoever asked says it
            below = "\n" if os.isatty(2) else ""  # a terminal's bar
            say_at_once(f"{below}ending: {keeps}; Ctrl-C again ends at once")

    for each in before:
        signal.signal(each, ask)
    try:
        yield stop
    finally:
        for each in unless_ignored(*before):
            signal.signal(each, before[each])


def pool_of(jobs: int, *, max_tasks_per_child: int | None = None) -> ProcessPoolExecutor:
    """So many processes, none of which outlives this one. What Python keeps beside them to tidy up takes over
    the mask: a terminal that is closed would end it, and it would be told of in tracebacks."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()
        return ProcessPoolExecutor(
            jobs,
            mp_context=get_context("spawn"),
            initializer=_ends_with_its_parent,
            max_tasks_per_child=max_tasks_per_child,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ends_with_its_parent() -> None:
    """For a pool's processes: where whoever asked is gone, killed or ended by a second signal, they would
    wait for work for good. Stdout is whoever asked's: a policy of another package that prints has stderr."""
    sys.stdout = sys.stderr
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def pooled(
    jobs: int, broken: TandemError, *, max_tasks_per_child: int | None = None
) -> Generator[ProcessPoolExecutor]:
    """A pool that is ended at once whatever else ends who asks it: SIGTERM, a second Ctrl-C, a full disk.
    Raises `broken` where one of its processes is ended from outside."""
    pool = pool_of(jobs, max_tasks_per_child=max_tasks_per_child)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise broken from error
    except BaseException:
        _end_now(pool)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_now(pool: ProcessPoolExecutor) -> None:
    """What a pool does is wanted no more: without this, to leave it waits for what it does, which may be
    minutes."""
    # until Python 3.14, which has terminate_workers, nothing public knows them
    running = pool._processes or {}  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    for process in list(running.values()):
        process.terminate()


def _submitted(pool: ProcessPoolExecutor, call: Callable[[*Asked], R], *given: *Asked) -> Future[R]:
    """A terminal's signals reach a pool's processes, too. One that is starting, or has nothing to do, would
    end with a traceback: it hears none but in its task. A mask is what a new process takes over."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ASKS)
    try:
        return pool.submit(_hearing, call, *given)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hearing(call: Callable[[*Asked], R], *given: *Asked) -> R:
    """The task, in a process that hears nothing else."""
    if unless_ignored(signal.SIGHUP):
        signal.signal(signal.SIGHUP, _give_up)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKS)
        return call(*given)
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, ASKS)


def _give_up(number: int, _frame: object) -> None:
    """As Ctrl-C does where a task asks for nothing else: to be ended by it would break the pool."""
    let_go_after(number)
    raise KeyboardInterrupt


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
            running[_submitted(pool, call, *given)] = given
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

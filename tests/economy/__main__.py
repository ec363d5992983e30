"""Search for a plan that pays: `python tests/economy --plans 100000 --seed 1 --jobs 2`.

Prints the best plans found, each as a line that `--replay` takes. Fails if one brought more than it
cost.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from pathlib import Path
from queue import Empty

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from books import BOOKS, world_of
from plans import parse
from search import Found, again, search, shrunk

STRIDE = 1_000_003  # between the seeds of two jobs


def _work(plans: int, seed: int, books: tuple[str, ...], queue: multiprocessing.Queue) -> None:
    for_progress = [0]

    def tell(found: Found) -> None:
        queue.put((found.played - for_progress[0], found.best[0], None))
        for_progress[0] = found.played

    last = search(plans, seed, books, tell=tell)
    queue.put((0, last.best[0], last))


def _run(plans: int, seed: int, jobs: int, books: tuple[str, ...]) -> Found:
    """The same jobs with the same seeds give the same plans. Worlds are built once, then forked."""
    for book in books:
        world_of(book)
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue = context.Queue()
    share = -(-plans // jobs)
    workers = [
        context.Process(target=_work, args=(share, seed + job * STRIDE, books, queue))
        for job in range(jobs)
    ]
    for worker in workers:
        worker.start()
    total, done, best, began, said = Found(), 0, 0.0, time.monotonic(), 0.0
    while done < jobs:
        try:
            played, leader, last = queue.get(timeout=5)
        except Empty:
            if not any(worker.is_alive() for worker in workers):
                raise SystemExit("a job ended without its plans") from None
            continue
        total.played += played
        if leader.taken > best:
            best = leader.taken
            print(leader, file=sys.stderr)
        if last is not None:
            done += 1
            total.refused += last.refused
            total.add(last.best, 96)
        spent = time.monotonic() - began
        if spent - said > 10:
            said = spent
            rate = total.played / spent
            print(f"{total.played:,} plans, {rate:.0f}/s, best {best:,.2f} USD", file=sys.stderr)
    for worker in workers:
        worker.join()
    spent = time.monotonic() - began
    rate = f"{total.played:,} plans in {spent:.0f} s ({total.played / spent:.0f}/s)"
    print(f"{rate}, {total.refused:,} of them refused in every act", file=sys.stderr)
    return total


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/economy", description=__doc__)
    parser.add_argument("--plans", type=int, default=1_000, help="how many (default 1,000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same plans")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--books", default=",".join(BOOKS), help="some of " + ",".join(BOOKS))
    parser.add_argument("--show", type=int, default=10, help="best plans to print (default 10)")
    parser.add_argument("--replay", metavar="PLAN", help="play one plan, as it was printed")
    asked = parser.parse_args()
    if asked.replay:
        print(again(parse(asked.replay)))
        return 0
    books = tuple(asked.books.split(","))
    if unknown := sorted({*books} - {*BOOKS}):
        parser.error(f"no such book: {', '.join(unknown)}; there are {', '.join(BOOKS)}")
    found = _run(asked.plans, asked.seed, max(asked.jobs, 1), books)
    best = Found()
    best.add([shrunk(r) for r in found.best[: 4 * asked.show] if r.taken > 0])
    for line in best.best[: asked.show]:
        print(line)
    return 1 if found.profits else 0


if __name__ == "__main__":
    sys.exit(main())

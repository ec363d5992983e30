"""`python -m bench` is `tandem bench`."""

from __future__ import annotations

from tandem.terminal.group import main

if __name__ == "__main__":
    import sys

    main(["bench", *sys.argv[1:]], prog_name="tandem")

"""`python -m linli`: what the `./linli` script starts once everything is installed."""

from __future__ import annotations

import sys

from linli.machine.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``python -m rawabit``: see :mod:`rawabit.cli`."""

import sys

from rawabit.cli import main

if __name__ == "__main__":
    sys.exit(main())

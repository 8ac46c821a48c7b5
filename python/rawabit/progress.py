"""What `progress=True` shows: tqdm's bar where tqdm is installed, a line on stderr where it is not."""

from __future__ import annotations

import sys
from collections.abc import Callable


def bar(unit: str = "text") -> Callable[[int, int], None]:
    """A function that shows progress when it is called with what is done and what there is in all."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _line(unit)
    shown = tqdm(unit=unit)

    def update(done: int, total: int) -> None:
        shown.total = total
        shown.update(done - shown.n)
        if done >= total:
            shown.close()

    return update


def _line(unit: str) -> Callable[[int, int], None]:
    def update(done: int, total: int) -> None:
        end = "\n" if done >= total else ""
        print(f"\r{done:,} of {total:,} {unit}s", end=end, file=sys.stderr, flush=True)

    return update

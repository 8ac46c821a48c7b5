"""How fast texts become records: all of the ANT news, on one thread and on two.

Each figure is the best of several runs, in tokens per second of the package's own tokens. Run it by `make bench`; it needs ../shared.
"""

from __future__ import annotations

import json
import lzma
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "shared/text/antcorpus.jsonl.xz"
RUNS = 3


def best(call: Callable[[], object]) -> float:
    """Seconds of the quickest of several runs."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    if not CORPUS.exists():
        sys.exit(f"{CORPUS}: not there; the figures are measured on it")
    start = time.perf_counter()
    import rawabit as rw

    rw.relations("بايعت بوكو حرام داعش")
    print(f"import and first call {time.perf_counter() - start:.2f} s")
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    tokens = len(rw.tokens(texts))
    print(f"{len(texts):,} articles, {tokens:,} tokens")
    for function in (rw.tokens, rw.entities, rw.analyze):
        one, two = (best(partial(function, texts, threads=n)) for n in (1, 2))
        name = function.__name__
        print(
            f"{name:<9} 1 thread {tokens / one:>11,.0f} tokens/s   2 threads {tokens / two:>11,.0f} (× {one / two:.2f})"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process {peak:,.0f} MiB, texts included")


if __name__ == "__main__":
    main()

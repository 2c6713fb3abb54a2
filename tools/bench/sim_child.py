"""What the simulation benchmark runs in a process of its own, in either environment: one side, so many posts."""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final

from tools.bench.measure import Watch

_ENOUGH: Final = 0.5
"""CPU seconds after which a side isn't run again in the same process."""
_MOST_PASSES: Final = 10


def years(module: str, posts: int, seed: int) -> dict[str, Any]:
    """Run a side until the clock has seen enough of it; memory is what rises above what it holds before it begins."""
    run = importlib.import_module(module).run
    run(min(posts, 1_000), seed)  # what is made once, on first use
    gc.collect()
    with Watch() as watch:
        begun = time.process_time()
        counts = run(posts, seed)
        spent = [time.process_time() - begun]
    while sum(spent) < _ENOUGH and len(spent) < _MOST_PASSES:
        begun = time.process_time()
        run(posts, seed)
        spent.append(time.process_time() - begun)
    return {"cpu": min(spent), "above": watch.above, "counts": _plain(counts)}


def digests(posts: int) -> dict[str, str]:
    """Run our model in every way that one process can: chunks of all sizes, workers, orders of rows."""
    import numpy as np
    from workforce import model

    from shequ_core.simulation.chunks import Chunks, digest, totals

    found = {
        f"chunks of {rows:,}": digest(model.run(posts, 1, at_least=rows)) for rows in (1, 7, 1_000, 32_768, posts)
    }
    for workers in (1, 2, 4):
        with ProcessPoolExecutor(workers) as hands:
            found[f"{workers} workers"] = digest(model.run(posts, 1, at_least=1_000, workers=hands))
    ground = model.Ground.of(posts)
    keys, group = ground.post_keys(0, posts), np.repeat(np.arange(len(ground.sizes)), ground.sizes)
    for order in range(1, 6):
        mixed = np.random.default_rng(order).permutation(posts)
        some, of_group = keys[mixed], group[mixed]
        counts = totals(model.ten_years(some[rows], 1) for rows in Chunks.of(of_group, 1_000))
        found[f"order {order}"] = digest(counts)
    return found


def plain(posts: int) -> dict[str, str]:
    """Run our model as it comes: what differs is the machine."""
    from workforce import model

    from shequ_core.simulation.chunks import digest

    return {"digest": digest(model.run(posts, 1))}


def _plain(counts: Mapping[str, Any]) -> dict[str, list[int]]:
    return {name: [int(count) for count in one] for name, one in counts.items()}

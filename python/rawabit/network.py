"""Pairs as a network: for networkx, Gephi and other tools, and as a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from rawabit.highlight import Html, escape

#: What an edge carries, named as in the pairs table.
EDGE_COLUMNS = (
    "n_mentions", "n_docs", "n_certain", "n_hedged", "n_negated", "cooperation", "conflict", "score", "low", "high",
    "npmi", "g2", "families", "first", "last",
)  # fmt: skip


def graph(
    pairs: Iterable[Mapping[str, Any]],
    labels: Mapping[str, str] | None = None,
    english: Mapping[str, str] | None = None,
) -> Any:
    """The pairs as a ``networkx.DiGraph``, ready for ``networkx.write_graphml`` and ``write_gexf``.

    Parameters
    ----------
    pairs
        Rows of a pairs table.
    labels
        What each actor is (PER, ORG, …), kept as the node attribute ``kind``.
    english
        Each actor's English name, kept as the node attribute ``english``.

    Returns
    -------
    networkx.DiGraph
        An edge for each pair, with the numbers of its row; a column without a value leaves no attribute. ``weight`` is the
        number of documents.

    Raises
    ------
    ImportError
        If networkx is not installed.
    """
    try:
        import networkx
    except ImportError as error:
        raise ImportError("the network needs networkx: pip install rawabit[network]") from error
    network = networkx.DiGraph()
    for row in pairs:
        for name in (row["source"], row["target"]):
            known = {"kind": (labels or {}).get(name), "english": (english or {}).get(name)}
            network.add_node(name, **{key: value for key, value in known.items() if value})
        numbers = {column: row[column] for column in EDGE_COLUMNS if row.get(column) is not None}
        network.add_edge(row["source"], row["target"], weight=row["n_docs"], **numbers)
    return network


def picture(
    pairs: Iterable[Mapping[str, Any]], *, width: int = 860, height: int = 560, nodes: int = 24
) -> Html:
    """The strongest part of the network as SVG.

    Every pair is two parallel lines, as thick as its cooperation (green) and its conflict (red), so that a pair with both
    shows both. The labels are text, shaped by the browser.

    Parameters
    ----------
    pairs
        Rows of a pairs table; the two directions of a pair are drawn as one.
    width, height
        Size in user units; the picture scales to the page.
    nodes
        How many actors to draw at most, those with the greatest masses.
    """
    edges = _undirected(pairs)
    names = _strongest(edges, nodes)
    edges = {pair: mass for pair, mass in edges.items() if pair[0] in names and pair[1] in names}
    if not edges:
        return Html('<p class="none">No scored pairs: nothing to draw.</p>')
    places = _apart(_layout(names, edges, width, height), width, height)
    greatest = max(max(mass) for mass in edges.values())
    lines = [_edge(places[a], places[b], mass, greatest, f"{a} – {b}") for (a, b), mass in edges.items()]
    degree = dict.fromkeys(names, 0.0)
    for (a, b), mass in edges.items():
        degree[a] += sum(mass)
        degree[b] += sum(mass)
    top = max(degree.values())
    dots = [_node(name, places[name], degree[name] / top) for name in names]
    return Html(
        f'<svg class="network" viewBox="0 0 {width} {height}" role="img" aria-label="Network of the strongest pairs" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(lines)}{"".join(dots)}</svg>'
    )


def _undirected(pairs: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Cooperation and conflict by unordered pair. Symmetric claims stand in both directions of a pair: the greater row is
    taken, not the sum, so that they are not drawn double."""
    edges: dict[tuple[str, str], tuple[float, float]] = {}
    for row in pairs:
        key = (min(row["source"], row["target"]), max(row["source"], row["target"]))
        before = edges.get(key, (0.0, 0.0))
        mass = (max(before[0], row["cooperation"]), max(before[1], row["conflict"]))
        if sum(mass) > 0:
            edges[key] = mass
    return edges


def _strongest(edges: Mapping[tuple[str, str], tuple[float, float]], count: int) -> list[str]:
    """Names by the sum of their masses: every one of them has an edge to another."""
    kept: dict[str, None] = {}
    for pair in sorted(edges, key=lambda pair: (-sum(edges[pair]), pair)):
        added = [name for name in pair if name not in kept]
        if len(kept) + len(added) <= count:
            kept.update(dict.fromkeys(added))
    return list(kept)


def _layout(
    names: list[str], edges: Mapping[tuple[str, str], tuple[float, float]], width: int, height: int
) -> dict[str, tuple[float, float]]:
    """Places by forces (Fruchterman and Reingold 1991), from a circle, so always the same."""
    count = len(names)
    x = [math.cos(2 * math.pi * i / count) for i in range(count)]
    y = [math.sin(2 * math.pi * i / count) for i in range(count)]
    index = {name: i for i, name in enumerate(names)}
    ends = [(index[a], index[b]) for a, b in edges]
    distance = 2.2 / math.sqrt(count)
    rounds = 250
    for step in range(rounds):
        dx, dy = [0.0] * count, [0.0] * count
        for i in range(count):
            for j in range(i):
                ux, uy = x[i] - x[j], y[i] - y[j]
                square = ux * ux + uy * uy or 1e-6
                push = distance * distance / square
                dx[i] += ux * push
                dy[i] += uy * push
                dx[j] -= ux * push
                dy[j] -= uy * push
            # A weak pull to the middle keeps parts without a link between them on the page.
            dx[i] -= 0.6 * x[i]
            dy[i] -= 0.6 * y[i]
        for i, j in ends:
            ux, uy = x[i] - x[j], y[i] - y[j]
            pull = math.hypot(ux, uy) / distance
            dx[i] -= ux * pull
            dy[i] -= uy * pull
            dx[j] += ux * pull
            dy[j] += uy * pull
        heat = 0.12 * (1 - step / rounds)
        for i in range(count):
            length = math.hypot(dx[i], dy[i]) or 1.0
            x[i] += dx[i] / length * min(length, heat)
            y[i] += dy[i] / length * min(length, heat)
    return {
        name: (_fit(x[i], x, 90, width - 90), _fit(y[i], y, 40, height - 50)) for i, name in enumerate(names)
    }


def _apart(places: dict[str, tuple[float, float]], width: int, height: int) -> dict[str, tuple[float, float]]:
    """Move dots until no label covers another: each stands in a box of its label's size."""
    boxes = [[x, y, _label_width(name) / 2 + 6, 26.0] for name, (x, y) in places.items()]
    for _ in range(120):
        moved = False
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                over_x = a[2] + b[2] - abs(a[0] - b[0])
                over_y = a[3] + b[3] - abs(a[1] - b[1])
                if over_x <= 0 or over_y <= 0:
                    continue
                moved = True
                # Along the shorter way; labels are wide, so that is mostly up and down.
                axis, over = (0, over_x) if over_x < over_y else (1, over_y)
                step = (over / 2 + 0.5) * (1 if a[axis] >= b[axis] else -1)
                a[axis] += step
                b[axis] -= step
        for box in boxes:
            box[0] = min(max(box[0], box[2]), width - box[2])
            box[1] = min(max(box[1], 16.0), height - 42.0)
        if not moved:
            break
    return {name: (box[0], box[1]) for name, box in zip(places, boxes, strict=True)}


def _label_width(name: str) -> float:
    return 8.5 * min(len(name), 26)


def _fit(value: float, values: list[float], low: float, high: float) -> float:
    span = max(values) - min(values)
    return (low + high) / 2 if span < 1e-9 else low + (value - min(values)) / span * (high - low)


def _edge(
    start: tuple[float, float],
    end: tuple[float, float],
    mass: tuple[float, float],
    greatest: float,
    title: str,
) -> str:
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    nx, ny = (end[1] - start[1]) / length, -(end[0] - start[0]) / length
    widths = [1.2 + 7 * math.sqrt(m / greatest) if m > 0 else 0.0 for m in mass]
    both = all(widths)
    lines = []
    for name, line, side in zip(("cooperation", "conflict"), widths, (1, -1), strict=True):
        if line:
            off = side * (line / 2 + 0.6) if both else 0.0
            x1, y1, x2, y2 = start[0] + nx * off, start[1] + ny * off, end[0] + nx * off, end[1] + ny * off
            lines.append(
                f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-width="{line:.1f}"/>'
            )
    note = f"{title}: cooperation {mass[0]:.1f}, conflict {mass[1]:.1f}"
    return f"<g><title>{escape(note)}</title>{''.join(lines)}</g>"


def _node(name: str, place: tuple[float, float], share: float) -> str:
    radius = 5 + 7 * math.sqrt(share)
    short = name if len(name) <= 26 else name[:25].rstrip() + "…"
    return (
        f'<g><title>{escape(name)}</title><circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius:.1f}"/>'
        f'<text x="{place[0]:.1f}" y="{place[1] + radius + 16:.1f}" text-anchor="middle" direction="rtl" lang="ar">'
        f"{escape(short)}</text></g>"
    )

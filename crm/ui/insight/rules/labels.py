"""Where the names of points stand, so that they do not lie on each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Box = tuple[float, float, float, float]  # left, bottom, right, top; pixels

LETTER, LINE, GAP = 6.0, 15.0, 3.0  # pixels: a letter, a line of them, to the point
DOT, DOTS = 8.0, 12  # a line between points is kept clear at so many dots of that size
SIDES = ("top center", "bottom center", "middle right", "middle left")


def sides(
    points: Sequence[tuple[float, float]],
    radii: Sequence[float],
    names: Sequence[str],
    wanted: Sequence[str],
    lines: Iterable[tuple[int, int]] = (),
) -> list[str]:
    """For each point the side its name stands on: as wanted, unless it is taken.

    One point after the other takes the first side where its name covers the least of
    points, of lines, and of names placed before.

    Args:
        points: places in pixels, y upwards.
        radii: of the points, in pixels.
        wanted: one of `SIDES` each.
        lines: between which points, by their position.
    """
    marks = [
        (x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True)
    ]
    placed = [box for a, b in lines for box in _dots(points[a], points[b])]
    chosen: list[str] = []
    for at, name in enumerate(names):
        boxes = {
            side: _box(points[at], radii[at], len(name), side)
            for side in (wanted[at], *SIDES)
        }
        others = np.array([*placed, *marks[:at], *marks[at + 1 :]]).reshape(-1, 4)
        best = _freest(boxes, others)
        chosen.append(best)
        placed.append(boxes[best])
    return chosen


def _freest(boxes: Mapping[str, Box], others: npt.NDArray[np.float64]) -> str:
    """The first of the sides that covers the least of others."""
    return min(boxes, key=lambda side: _covered(boxes[side], others))


def _box(point: tuple[float, float], radius: float, letters: int, side: str) -> Box:
    x, y = point
    across, down, far = LETTER * letters, LINE, radius + GAP
    left, bottom = {
        "top center": (x - across / 2, y + far),
        "bottom center": (x - across / 2, y - far - down),
        "middle right": (x + far, y - down / 2),
        "middle left": (x - far - across, y - down / 2),
    }[side]
    return left, bottom, left + across, bottom + down


def _dots(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Box]:
    """Small boxes on the way from one point to another."""
    for number in range(1, DOTS):
        part = number / DOTS
        x, y = ((1 - part) * a + part * b for a, b in zip(start, end, strict=True))
        yield x - DOT / 2, y - DOT / 2, x + DOT / 2, y + DOT / 2


def _covered(box: Box, others: npt.NDArray[np.float64]) -> float:
    """The area, in square pixels, that a box shares with others."""
    low = np.maximum(others[:, :2], box[:2])
    shared = np.minimum(others[:, 2:], box[2:]) - low
    return float(shared.clip(min=0).prod(axis=1).sum())

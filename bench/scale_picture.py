"""The picture of `bench.scale`: processor seconds by size, as an SVG made by hand.

Both axes are logarithmic. Colours come as two sets, of which the reader's browser
takes one; each line bears its name at its end, so that none is told by colour alone.
"""

from html import escape
from math import log10
from typing import Any

WIDTH, HEIGHT = 900, 620
LEFT, RIGHT, TOP, BOTTOM = 64, 290, 16, 56
LABEL = 17  # pixels between the names of two lines
LIGHT = (
    *("#0b62c4", "#b3541e", "#0f7b5f", "#8a3ab9"),
    *("#b0225e", "#5b6b00", "#0b7285", "#6d4c41"),
)
DARK = (
    *("#6db3ff", "#ffa36b", "#4fd6ae", "#d19cff"),
    *("#ff86b3", "#c6d64a", "#5cd3e8", "#d7b8a8"),
)
DASHES = ("", "6 4", "2 3")

Point = tuple[float, float]


def svg(known: dict[str, Any]) -> str:
    """The whole picture of figures as `bench.scale` keeps them."""
    lines = series(known)
    sizes = [int(one) for one in known]
    seconds = [cpu for points in lines.values() for _size, cpu in points]
    across = Scale(min(sizes), max(sizes), LEFT, WIDTH - RIGHT)
    up = Scale(decade(min(seconds), -1), decade(max(seconds), 1), HEIGHT - BOTTOM, TOP)
    parts = [*frame(across, up), *drawn(lines, across, up)]
    title = "Processor seconds of each analysis by number of order lines"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{title}">\n<style>{style()}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def series(known: dict[str, Any]) -> dict[str, list[Point]]:
    """Lines and processor seconds by analysis, the most costly first."""
    found: dict[str, list[Point]] = {}
    for size, one in known.items():
        for name, figures in one["figures"].items():
            if "cpu" in figures:
                point = (float(size), max(figures["cpu"], 0.001))
                found.setdefault(name, []).append(point)
    return dict(sorted(found.items(), key=lambda item: -item[1][-1][1]))


class Scale:
    """From a number to pixels, by its logarithm."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        whole = log10(self.high / self.low) or 1.0
        share = log10(value / self.low) / whole
        return round(self.start + share * (self.end - self.start), 1)

    def decades(self) -> list[float]:
        first, last = round(log10(self.low)), round(log10(self.high))
        return [10.0**power for power in range(first, last + 1)]


def decade(value: float, direction: int) -> float:
    """The power of ten at or beyond `value`."""
    power = log10(value)
    return 10.0 ** (-int(-power // 1) if direction > 0 else int(power // 1))


def style() -> str:
    """Text and lines in the colours of the reader's theme."""
    return (
        "text{font:13px system-ui,sans-serif;fill:#1f2328}"
        ".grid{stroke:#1f232833}.line{fill:none;stroke-width:2}"
        + _colours(LIGHT)
        + "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#e6edf333}"
        + _colours(DARK)
        + "}"
    )


def _colours(palette: tuple[str, ...]) -> str:
    rules = (
        f".c{at}{{stroke:{colour}}}.d{at}{{fill:{colour}}}"
        for at, colour in enumerate(palette)
    )
    return "".join(rules)


def frame(across: Scale, up: Scale) -> list[str]:
    """Grid, numbers and titles of the axes."""
    bottom, right = up.start, across.end
    parts = []
    for value in across.decades():
        x = across(value)
        parts.append(f'<path class="grid" d="M{x} {up.end}V{bottom}"/>')
        parts.append(_text(x, bottom + 20, f"{value:,.0f}", "middle"))
    for value in up.decades():
        y = up(value)
        parts.append(f'<path class="grid" d="M{LEFT} {y}H{right}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{value:,g} s", "end"))
    middle = (LEFT + right) / 2
    return [*parts, _text(middle, HEIGHT - 10, "Order lines", "middle")]


def drawn(lines: dict[str, list[Point]], across: Scale, up: Scale) -> list[str]:
    """The lines, the dots on them, and their names."""
    parts = []
    heights = spread([up(points[-1][1]) for points in lines.values()])
    for at, (name, points) in enumerate(lines.items()):
        colour, dash = at % len(LIGHT), DASHES[at // len(LIGHT)]
        places = [(across(size), up(cpu)) for size, cpu in points]
        path = "L".join(f"{x} {y}" for x, y in places)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path class="line c{colour}"{dashed} d="M{path}"/>')
        parts += [
            f'<circle class="d{colour}" cx="{x}" cy="{y}" r="3"/>' for x, y in places
        ]
        (x, y), label = places[-1], heights[at]
        link = f"M{x + 5} {y}L{x + 16} {label}H{x + 20}"
        parts.append(f'<path class="line c{colour}" stroke-opacity=".6" d="{link}"/>')
        parts.append(_text(x + 25, label + 4, name, "start"))
    return parts


def spread(heights: list[float]) -> list[float]:
    """Heights from the top down, moved so that names do not lie on each other."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + LABEL) if placed else height)
    lowest = HEIGHT - BOTTOM
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], lowest)
        lowest = placed[at] - LABEL
    return placed


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'

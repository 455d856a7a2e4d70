"""A picture of the figures: for each operation a bar of each server, its own CPU and that of the database behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from bench.beside.servers import REFERENCE

WIDTH, LEFT, RIGHT = 860, 190, 150  # pixels
BAR, GAP, SPACE, TOP = 14, 3, 16, 64
LONGEST = 12  # milliseconds at most; what takes longer is cut, and its figure says how long

STYLE = """
svg { --ink: #1d2733; --soft: #5b6875; --own: #2563a8; --database: #9cc4ea; --line: #d5dce3; background: #fff; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e6ebf0; --soft: #9aa7b4; --own: #6cb0f5; --database: #2f5478; --line: #36424e; background: #12181f; }
}
text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.title { font-size: 15px; font-weight: 600; }
.soft { fill: var(--soft); }
.name { font-weight: 600; }
.own { fill: var(--own); }
.database { fill: var(--database); }
.line { stroke: var(--line); }
"""


def of(found: Mapping[str, Any]) -> str:
    """An SVG of what `bench.operations` measured, readable on light and on dark ground."""
    operations = found["operations"]
    scale, height = Scale.of(operations), _height(operations)
    title = f"CPU of one request, ms: {found['people']:,} people, 16 connections"
    legend = (
        f'<rect class="own" x="{LEFT}" y="36" width="12" height="12"/><text x="{LEFT + 18}" y="46">the server</text>'
        f'<rect class="database" x="{LEFT + 110}" y="36" width="12" height="12"/>'
        f'<text x="{LEFT + 128}" y="46">the database for it</text>'
    )
    grid = "".join(
        f'<line class="line" x1="{scale.x(ms)}" x2="{scale.x(ms)}" y1="{TOP - 4}" y2="{height - 24}"/>'
        f'<text class="soft" x="{scale.x(ms)}" y="{height - 8}" text-anchor="middle">{ms}</text>'
        for ms in range(scale.longest + 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" width="{WIDTH}"'
        f' height="{height}">\n<title>{escape(title)}</title>\n<style>{STYLE}</style>\n'
        f'<text class="title" x="16" y="26">{escape(title)}</text>\n{legend}\n{grid}\n'
        + "\n".join(_bars(operations, scale))
        + "\n</svg>\n"
    )


@dataclass(frozen=True)
class Scale:
    """How long a bar is at most, in milliseconds."""

    longest: int

    @classmethod
    def of(cls, operations: Mapping[str, Any]) -> Scale:
        """One on which all but the reference executor find room, if `LONGEST` is enough for it."""
        rows = (row for told in operations.values() for name, row in told["servers"].items() if name != REFERENCE)
        return cls(min(LONGEST, ceil(max((row["server ms"] or 0.0) + row["database ms"] for row in rows))))

    def x(self, ms: float) -> float:
        return round(LEFT + min(ms, self.longest) / self.longest * (WIDTH - LEFT - RIGHT), 1)


def _bars(operations: Mapping[str, Any], scale: Scale) -> Iterator[str]:
    y = TOP
    for name, told in operations.items():
        yield f'<text class="name" x="16" y="{y + 11}">{escape(name)}</text>'
        for server, row in told["servers"].items():
            yield _bar(server, row, y, scale)
            y += BAR + GAP
        y += SPACE


def _bar(server: str, row: Mapping[str, Any], y: int, scale: Scale) -> str:
    own, database = row["server ms"] or 0.0, row["database ms"]
    middle, end = scale.x(own), scale.x(own + database)
    figures = f"{own:.2f} + {database:.2f}"
    cut = f'<text class="soft" x="{end + 4}" y="{y + 11}">…</text>' if own + database > scale.longest else ""
    at = end + (18 if cut else 6)
    return (
        f'<text class="soft" x="{LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(server)}</text>'
        f'<rect class="own" x="{LEFT}" y="{y}" width="{middle - LEFT:.1f}" height="{BAR}"/>'
        f'<rect class="database" x="{middle:.1f}" y="{y}" width="{end - middle:.1f}" height="{BAR}"/>{cut}'
        f'<text x="{at:.1f}" y="{y + 11}">{figures}</text>'
    )


def _height(operations: Mapping[str, Any]) -> int:
    return TOP + sum(len(told["servers"]) * (BAR + GAP) + SPACE for told in operations.values()) + 24

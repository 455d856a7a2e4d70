"""Blocks: the parts of a crowd that results are sums of, so that no two results can differ by a few people.

Whatever is told of an anonymous or confidential survey is told of a union of blocks, each of which stands for at least
k people. So is every difference, and every other sum, of results that can be asked for: the k people of a block are
told apart by nothing. Parts are let in one after the other, each splitting the blocks that it cuts; one that would
leave a block of fewer than k is hidden. That hides the sibling of what is hidden as well, and what crosses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(frozen=True)
class Blocks(Generic[P]):
    """How cells (of people who are alike in all that is told apart) fall into blocks, from 0; what can be told.

    `of_cell` has a block for each cell; `told` the blocks of each part that may be asked for. Parts that are not in it
    are hidden, and so is the whole where `is_empty`: there are too few people for any block.
    """

    of_cell: list[int]
    told: dict[P, frozenset[int]]
    is_empty: bool = False


def blocks(sizes: Sequence[int], parts: Mapping[P, Collection[int]], k: int) -> Blocks[P]:
    """Blocks of at least `k` people each, of cells with so many in them, for `parts` of cells; the first come first.

    A part names each of its cells once. That there is nobody in a cell is never told: it goes with cells that have
    people, and what would have it without these, or these without it, is hidden. Takes a time in proportion to the
    cells in all parts.
    """
    if sum(sizes) < max(k, 1):
        return Blocks([0] * len(sizes), {}, is_empty=True)
    made = _Made(sizes, k)
    for cells in parts.values():
        made.split(cells)
    return Blocks(made.of_cell, {part: found for part, cells in parts.items() if (found := made.whole(cells))})


class _Made:
    """Blocks in the making: at first there is one."""

    def __init__(self, sizes: Sequence[int], k: int) -> None:
        self.sizes, self.k = sizes, k
        self.of_cell = [0] * len(sizes)
        self.people, self.cells = [sum(sizes)], [len(sizes)]  # in each block

    def split(self, cells: Iterable[int]) -> None:
        """Split the blocks that a part cuts, unless one of them would become too small."""
        inside: dict[int, int] = {}
        for cell in cells:
            block = self.of_cell[cell]
            inside[block] = inside.get(block, 0) + self.sizes[cell]
        cut = {block: count for block, count in inside.items() if 0 < count < self.people[block]}
        if not cut or any(count < self.k or self.people[block] - count < self.k for block, count in cut.items()):
            return
        new = {block: len(self.people) + i for i, block in enumerate(cut)}
        for block, count in cut.items():
            self.people[block] -= count
            self.people.append(count)
            self.cells.append(0)
        for cell in cells:
            block = self.of_cell[cell]
            if block in new:
                self.of_cell[cell] = new[block]
                self.cells[block] -= 1
                self.cells[new[block]] += 1

    def whole(self, cells: Iterable[int]) -> frozenset[int] | None:
        """The blocks that a part is made of; None where it has but some cells of one of them."""
        inside: dict[int, int] = {}
        for cell in cells:
            block = self.of_cell[cell]
            inside[block] = inside.get(block, 0) + 1
        if not inside or any(count != self.cells[block] for block, count in inside.items()):
            return None
        return frozenset(inside)

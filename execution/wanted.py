"""Wanted: what an operation reads of the rows of a list, so that no more of them is read, and with what they name."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS_MAX = 8  # of a row that is not read whole: each choice is a statement of its own to the database


@dataclass(frozen=True)
class Companion:
    """A row that each row of a list names by its `key`: the loader of that name is asked for these columns of it."""

    loader: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """The columns that are read of the rows, the keys of their companions among them; None: who knows what."""

    columns: tuple[str, ...] | None = None
    companions: tuple[Companion, ...] = ()


WHOLE = Wanted()
"""All of each row, and nothing with it."""

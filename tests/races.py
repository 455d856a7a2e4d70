"""Races in the tests: how many rounds each is run. `make fuzz` asks for more than an ordinary run does."""

from __future__ import annotations

import os

LEAST = int(os.environ.get("ATRIUM_RACE_ROUNDS", "1"))


def rounds(usual: int = 3) -> range:
    """The rounds of a race: `usual` ones, or as many as ATRIUM_RACE_ROUNDS asks for where that is more."""
    return range(max(usual, LEAST))

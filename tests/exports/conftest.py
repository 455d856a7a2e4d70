"""Commands to run, as the tests of commands have them, and records to bring in."""

from __future__ import annotations

import pytest

from tests.clocks import TurnedClock
from tests.commands.conftest import atrium, company, interpreter, rows, server
from tests.exports.bringing import Bring

__all__ = ["atrium", "bring", "company", "interpreter", "rows", "server"]


@pytest.fixture
def bring(database: None, clock: TurnedClock) -> Bring:
    return Bring(clock)

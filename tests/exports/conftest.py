"""Commands to run, as the tests of commands have them."""

from tests.commands.conftest import atrium, company, interpreter, rows, server

__all__ = ["atrium", "company", "interpreter", "rows", "server"]

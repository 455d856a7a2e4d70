"""Engines that one may do without: whose program may be missing."""

from abc import abstractmethod
from pathlib import Path
from typing import Self

from atrium.embedded.engine import Engine


class Addition(Engine):
    """An engine that starts where its program is there, and otherwise says why it is not."""

    _program: Path

    @property
    @abstractmethod
    def unavailable(self) -> str | None:
        """Why there can be no server; None when there can."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it listens, once it has been started."""

    def start(self) -> str | None:
        """Hold the server, and start it unless it runs; its url, or None where it is `unavailable`.

        Raises `EngineError`.
        """
        program = self._find()
        if program is None:
            return None
        self._program = program
        self._ensure()
        self._settle()
        return self.url

    ensure = start

    def __enter__(self) -> Self:
        self.start()
        return self

    @abstractmethod
    def _find(self) -> Path | None:
        """Its program; None where there is none."""

    def _settle(self) -> None:
        """See to what a running server may lack, that somebody else has started."""

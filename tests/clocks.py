"""A clock that tests turn by hand."""

from datetime import UTC, datetime, timedelta


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self, time: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        """Forward, by the arguments of a timedelta."""
        self.time += timedelta(**by)

"""Chance and keys that are the same at every run: seeded streams, and UUIDv7 made from a moment and a stream."""

import uuid
from datetime import UTC, datetime, timedelta
from random import Random

MINUTE = 60_000  # milliseconds, as all lengths of the demonstration
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def stream(seed: int, purpose: str) -> Random:
    """A generator of its own for each purpose, so that a change to one part leaves the others as they were."""
    return Random(f"{seed}/{purpose}")  # noqa: S311 - made to be repeated, not to be secret


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC, exactly (no float between)."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The aware moment, in UTC, of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=ms)


def seeded_uuid7(rng: Random, ms: int) -> uuid.UUID:
    """A key that sorts by `ms`, milliseconds since 1970 UTC. RFC 9562, 5.7."""
    noise = rng.getrandbits(74)
    return uuid.UUID(int=ms << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0x2 << 62 | noise & (1 << 62) - 1)

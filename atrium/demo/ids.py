"""Keys made from a moment and a seeded generator: UUIDv7 in shape, the same at every run."""

import uuid
from datetime import UTC, datetime, timedelta
from random import Random

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


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

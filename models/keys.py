"""Keys of rows: UUIDv7, sortable by time; UUIDv4 where the time of creation must not show."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new key that sorts by time. RFC 9562, 5.7, 6.2 (3): milliseconds, 12 bits of their fraction, 62 random bits."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") & (1 << 62) - 1
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random)


uuid4 = uuid.uuid4

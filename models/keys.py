"""Keys of rows: UUIDv7, sortable by time; UUIDv4 where the time of creation must not show."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new time-ordered key. RFC 9562, 5.7: 48 bits of milliseconds, 74 bits of randomness."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


uuid4 = uuid.uuid4

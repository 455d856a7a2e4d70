"""Guessing slowed down: attempts to sign in are counted before the password is looked at.

An attempt takes a place in its own committed statement, so that a thousand at once have no more places than a thousand
in a row; success gives the places back. Nobody is locked out for good, and nobody waits on the server.
"""

from __future__ import annotations

import ipaddress
import math
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from auth.secrets import digest
from models import db
from models.errors import RateLimited

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many failed attempts a window has room for."""

    account: int = 10
    address: int = 50  # of one subscriber's network: offices share one


LIMITS = Limits()

# The condition is tested on the row as the last writer has left it, so concurrent attempts take their places in turn.
_TAKE = """
INSERT INTO login_throttle AS t (key, failures, window_ends_at, next_try_at) VALUES ($1, 1, $3, $2)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN t.window_ends_at <= $2 THEN 1 ELSE t.failures + 1 END,
    window_ends_at = CASE WHEN t.window_ends_at <= $2 THEN $3 ELSE t.window_ends_at END,
    next_try_at = $2
WHERE t.window_ends_at <= $2 OR (t.failures < $4 AND t.next_try_at <= $2)
RETURNING failures
"""
_FREE_AT = "SELECT CASE WHEN failures < $2 THEN next_try_at ELSE window_ends_at END FROM login_throttle WHERE key = $1"
_GIVE_BACK = "UPDATE login_throttle SET failures = failures - 1 WHERE key = $1 AND failures > 0"
# After the third failure 1 second, then 2, 4, 8 ... 60.
_DELAY = """
UPDATE login_throttle
SET next_try_at = greatest(
    next_try_at, $2::timestamptz + make_interval(secs => least(60, power(2, least(failures, 20) - 3)))
)
WHERE key = $1 AND failures >= 3
"""
_CLEAR = "DELETE FROM login_throttle WHERE key = ANY($1::text[])"
_PURGE = "DELETE FROM login_throttle WHERE window_ends_at <= $1 AND next_try_at <= $1"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has its places.

    `is_spent`: the account has no place left, though this login has. It is then answered like a wrong password: to say
    more would tell that the two logins of a person are one account.
    """

    login: str
    account: str
    address: str | None
    is_spent: bool

    async def failed(self, now: datetime) -> None:
        """The password was wrong: keep the places taken, and have the next attempt wait."""
        await db.execute(_DELAY, self.login, now)

    async def succeeded(self) -> None:
        """The password was right: forget the account's failures; the address keeps those of others."""
        await db.execute(_CLEAR, [self.login, self.account])
        if self.address:
            await db.execute(_GIVE_BACK, self.address)


async def attempt(login: str, account: uuid.UUID | None, ip: str, now: datetime, limits: Limits = LIMITS) -> Attempt:
    """Take the places of an attempt, of an unknown login (no `account`) as of a known one. Raises `RateLimited`.

    Refuses to run within a transaction: what is rolled back would not count.
    """
    await _outside_a_transaction()
    made = _attempt(login, account, ip)
    if made.address and not await _take(made.address, limits.address, now):
        raise await _too_often(made.address, limits.address, now)
    if not await _take(made.login, limits.account, now):
        if made.address:
            await db.execute(_GIVE_BACK, made.address)  # nothing was tried
        raise await _too_often(made.login, limits.account, now)
    return replace(made, is_spent=not await _take(made.account, limits.account, now))


async def clear(account: uuid.UUID, *logins: str) -> None:
    """Forget a person's failures: they have proven who they are in another way."""
    made = [_attempt(login, account, "") for login in (*logins, str(account))]
    await db.execute(_CLEAR, [key for one in made for key in (one.login, one.account)])


async def purge(now: datetime) -> int:
    """Delete what counts no more; how many."""
    return await db.execute(_PURGE, now)


def _attempt(login: str, account: uuid.UUID | None, ip: str) -> Attempt:
    # Digests: what people type by mistake into the field of the login may be their password.
    typed = digest(login.strip().lower())
    address = f"address:{_network(ip)}" if ip else None  # empty on a local socket, where all would share one
    return Attempt(f"login:{typed}", f"account:{account or typed}", address, is_spent=False)


def _network(ip: str) -> str:
    """What one subscriber has: an IPv4 address, or 64 bits of IPv6."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return digest(ip)
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address)


async def _take(key: str, most: int, now: datetime) -> bool:
    return await db.value(_TAKE, key, now, now + WINDOW, most) is not None


async def _too_often(key: str, most: int, now: datetime) -> RateLimited:
    free_at: datetime | None = await db.value(_FREE_AT, key, most)
    seconds = max(1, math.ceil((free_at - now).total_seconds())) if free_at else 1
    # Not "wrong passwords": right ones that are tried at the same moment are turned away too.
    return RateLimited(f"Too many attempts to sign in. Try again in {seconds:,} seconds.", seconds)


async def _outside_a_transaction() -> None:
    async with db.connection() as con:
        if con.is_in_transaction():
            raise RuntimeError("an attempt to sign in was counted within a transaction, which could undo it")

"""Who holds which secret, remembered for a moment: a statement a second for whoever asks, not one a request."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from auth import secrets, sessions
from auth.viewer import Viewer

TRUST = timedelta(seconds=1)
"""How long a viewer is taken for unchanged where no event has told otherwise: what another process has changed is
mostly heard of within milliseconds, and after this time it is looked up."""
MOST = 10_000  # viewers


@dataclass(frozen=True, slots=True)
class Seen:
    """A viewer as they were at a moment, and until when they are taken for that."""

    viewer: Viewer
    at: datetime
    until: datetime


class Identities:
    """The viewers who came last, by the digest of their secret.

    What changes somebody's rights, or ends their access, must `forget` them: after the commit, and before anybody is
    told that it is done.
    """

    def __init__(
        self,
        may_trust: Callable[[], bool] = lambda: True,
        trust: timedelta = TRUST,
        most: int = MOST,
        zone: tzinfo = UTC,
    ) -> None:
        """`may_trust` says whether changes by other processes are being heard of; `zone` is where days begin."""
        self._may_trust, self._trust, self._most, self._zone = may_trust, trust, most, zone
        self._seen: OrderedDict[str, Seen] = OrderedDict()
        self._of: dict[uuid.UUID, set[str]] = {}
        self._changes = 0

    def __len__(self) -> int:
        return len(self._seen)

    async def identify(self, secret: str, now: datetime, *, noted: bool = True) -> Viewer | None:
        """As `sessions.identify`, whose answer may be remembered, and with the day of `now`."""
        digest = secrets.digest(secret)
        seen = self._seen.get(digest)
        if seen is not None and seen.at <= now < seen.until and self._may_trust():
            return seen.viewer
        if not secrets.well_formed(secret):
            return None
        before = self._changes
        viewer = await sessions.identify(secret, now, noted=noted)
        self._drop(digest)
        if viewer is not None:
            viewer = replace(viewer, today=now.astimezone(self._zone).date())
            if before == self._changes:  # else what was read may be older than the change
                self._keep(digest, viewer, now)
        return viewer

    def forget(self, people: Iterable[uuid.UUID]) -> None:
        """Look these people up again."""
        self._changes += 1
        for person in people:
            for digest in tuple(self._of.get(person, ())):
                self._drop(digest)

    def forget_all(self) -> None:
        """Look everybody up again."""
        self._changes += 1
        self._seen.clear()
        self._of.clear()

    def _keep(self, digest: str, viewer: Viewer, now: datetime) -> None:
        until, ends = now + self._trust, viewer.expires_at
        self._seen[digest] = Seen(viewer, now, until if ends is None else min(until, ends))
        self._of.setdefault(viewer.person_id, set()).add(digest)
        if len(self._seen) > self._most:
            self._drop(next(iter(self._seen)))

    def _drop(self, digest: str) -> None:
        seen = self._seen.pop(digest, None)
        if seen is None:
            return
        person = seen.viewer.person_id
        self._of[person].discard(digest)
        if not self._of[person]:
            del self._of[person]

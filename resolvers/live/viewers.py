"""The viewers of those who follow something, as they are now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import tzinfo

from auth import sessions
from models.clock import Clock
from resolvers.live.followers import Follower


class Viewers:
    """Knows for whom a viewer must be read anew: `structure` rises whenever the org chart changes."""

    def __init__(self, clock: Clock, zone: tzinfo) -> None:
        self.structure = 0
        self.clock, self._zone = clock, zone

    async def renew(self, followers: Collection[Follower]) -> list[Follower]:
        """Bring the viewers of these up to date; those whose session or token has ended.

        One statement while nobody's rights have changed, another one for all whose have, or who must be read anew.
        """
        now = self.clock.now()
        today, structure = now.astimezone(self._zone).date(), self.structure
        changed = await sessions.changed({f.access: f.viewer.epoch for f in followers}, now)
        stale = [f for f in followers if f.structure != structure or f.viewer.today != today or f.access in changed]
        alive = {follower.access for follower in stale if changed.get(follower.access, True)}
        again = await sessions.again_all(list(alive), now)
        gone: list[Follower] = []
        for follower in stale:
            viewer = again.get(follower.access)
            if viewer is None:
                gone.append(follower)
            else:
                follower.see_as(replace(viewer, today=today), structure)
        return gone

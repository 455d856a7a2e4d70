"""What the open connections of a process share: its tail of the log, its fan-out, its doors, and people's places."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator

from atrium.settings import Settings
from atrium.web.deadline import Places
from atrium.web.live.doors import LOOK_EVERY, Doors
from resolvers.context import Services
from resolvers.live.fanout import Fanout
from subscriptions import live


class Switchboard:
    """Made once a process, and handed to whatever serves connections."""

    def __init__(self, services: Services, settings: Settings, look_every: float = LOOK_EVERY) -> None:
        self.services = services
        self.fanout = Fanout(services)
        self.doors = Doors(services, look_every)
        self.places = Places(settings.concurrent_per_person)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[Switchboard]:
        """At work for as long as the block runs."""
        services = self.services
        async with (
            live.running(services.hub),
            services.presence.running(),
            self.fanout.running(),
            self.doors.running(),
        ):
            yield self

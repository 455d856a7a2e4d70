"""A real server and a real browser that knows no other host."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import uvicorn
from playwright.async_api import ConsoleMessage, Page, async_playwright
from starlette.applications import Starlette

from atrium.commands.serve import uvicorn_config
from atrium.settings import Settings

CHROMIUM = shutil.which("chromium")


@contextlib.asynccontextmanager
async def serving(app: Starlette, settings: Settings) -> AsyncGenerator[str]:
    """The address of the application, served as `python -m atrium serve` does."""
    config = uvicorn_config(settings)
    config.app = app
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass
class Watched:
    """A page, with all that it complains of and all hosts that it has asked."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])
    asked: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._saw(request.url))
        self.page.on("websocket", lambda opened: self._saw(opened.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _saw(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        if scheme != "data" and not url.startswith("data:"):
            self.asked.add(rest.split("/")[0])


@contextlib.asynccontextmanager
async def browsing() -> AsyncGenerator[Watched]:
    """A fresh page in Debian's Chromium, for which only 127.0.0.1 exists."""
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to be root otherwise
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield Watched(await browser.new_page())
        finally:
            await browser.close()

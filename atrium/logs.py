"""Structured logs: text for people, JSON for machines, and no secrets in either."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = ("password", "secret", "token", "authorization", "cookie", "code", "key", "dsn", "url")


def configure(log_format: str, *, level: int = logging.INFO) -> None:
    """Send our lines, and those of the libraries, to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        scrub,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for noisy in ("httpx", "tortoise", "asyncio", "uvicorn.access", "uvicorn.error", "strawberry.execution"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("asyncpg.pool").addFilter(without_traceback)


def without_traceback(line: logging.LogRecord) -> bool:
    """Shorten a warning to its sentence and its cause: while the database is away, each would be a screen long."""
    if line.levelno == logging.WARNING and line.exc_info:
        line.msg, line.args = f"{line.getMessage()} ({line.exc_info[1]!r})", ()
        line.exc_info = None
    return True


def scrub(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank every value whose name speaks of a secret."""
    for name in line:
        if any(word in name.lower() for word in HIDDEN) and name != "error_code":
            line[name] = "[hidden]"
    return line

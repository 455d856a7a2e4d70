"""Settings that are wrong, unsafe or odd."""

from __future__ import annotations

import difflib
import ipaddress
import os
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from pydantic import ValidationError

from atrium.doctor.findings import Finding, fail, ok, warn
from atrium.settings import Settings, Unsafe, read_settings, unsafe

SUBJECT = "settings"
PREFIX = "ATRIUM_"


def check(environment: Mapping[str, str]) -> tuple[list[Finding], Settings | None]:
    """What is to be said of the settings, and the settings, unless they cannot even be read."""
    try:
        found = Settings()  # pyright: ignore[reportCallIssue]  # its values come from the environment
    except ValidationError:
        return [*_unreadable(), *_unknown(environment)], None
    findings = [*_unknown(environment), *_unsafe(found), *_odd(found)]
    return findings or [ok(SUBJECT, f"{found.mode} mode")], found


def _unreadable() -> Iterator[Finding]:
    try:
        read_settings()
    except Unsafe as error:
        for line in str(error).splitlines():
            yield fail(SUBJECT, line, "Correct it in the environment or in .env.")


def _unknown(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, 1)
            mend = f"Did you mean {close[0]}?" if close else "Remove it."
            yield warn(SUBJECT, f"{name} is no setting of Atrium, so it does nothing.", mend)


def _unsafe(found: Settings) -> Iterator[Finding]:
    if not found.is_development:
        for fault in unsafe(found):
            what, _, mend = fault.partition(": ")
            yield fail(SUBJECT, f"Production mode refuses this: {what}.", f"{mend[:1].upper()}{mend[1:]}" or what)


def _odd(found: Settings) -> Iterator[Finding]:
    if found.is_development and not _is_loopback(found.host):
        yield warn(
            SUBJECT,
            f"Development mode listens on {found.host}, where others can reach it.",
            "Set ATRIUM_HOST=127.0.0.1, or ATRIUM_MODE=production.",
        )
    if found.public_url and not _is_origin(found.public_url):
        yield warn(
            SUBJECT,
            f"ATRIUM_PUBLIC_URL is {found.public_url!r}.",
            "Write scheme and name only: https://social.company.example",
        )
    for origin in sorted(found.origins - {found.public_url.rstrip("/")}):
        if origin != "*" and not _is_origin(origin):
            yield warn(
                SUBJECT,
                f"{origin!r} in ATRIUM_ALLOWED_ORIGINS is no origin, so it allows nothing.",
                "Write scheme and name only: https://app.company.example",
            )
    for proxy in sorted(found.proxies):
        if not _is_network(proxy):
            yield warn(SUBJECT, f"{proxy!r} in ATRIUM_TRUSTED_PROXIES is no address.", "Write the proxy's IP address.")
    yield from _servers(found)
    if found.workers > (os.cpu_count() or 1):
        yield warn(
            SUBJECT,
            f"ATRIUM_WORKERS is {found.workers}, and this machine has {os.cpu_count()} processors.",
            "More processes than processors only cost memory.",
        )


def _servers(found: Settings) -> Iterator[Finding]:
    schemes = {
        "database_url": ("postgresql", "postgres"),
        "redis_url": ("redis", "rediss", "unix"),
        "meilisearch_url": ("http", "https"),
    }
    for name, allowed in schemes.items():
        value: str = getattr(found, name)
        # The value itself is not told: it may hold a password.
        if value and urlsplit(value).scheme not in allowed:
            yield fail(SUBJECT, f"{PREFIX}{name.upper()} is no such address.", f"Let it begin with {allowed[0]}://")
    if found.meilisearch_key and not found.meilisearch_url:
        yield warn(SUBJECT, "ATRIUM_MEILISEARCH_KEY is set without ATRIUM_MEILISEARCH_URL.", "Set both, or neither.")
    if found.meilisearch_url and not found.meilisearch_key and not found.is_development:
        yield warn(SUBJECT, "Meilisearch is used without a key.", "Start it with a master key, and set a key of it.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_origin(text: str) -> bool:
    parts = urlsplit(text.rstrip("/"))
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.path or parts.query or parts.fragment)
    )


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True

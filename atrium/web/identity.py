"""Who sends a request: by bearer token or session cookie, and from which page."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from atrium.settings import Settings
from atrium.web.body import Refused

DEVELOPMENT_COOKIE = "atrium_session"
COOKIE = "__Host-atrium_session"
PASSED_ON = ("x-forwarded", "forwarded", "via", "x-real-ip", "cf-", "true-client-ip")
"""How the headers begin by which proxies tell that they passed a request on."""
COOKIE_AGE = 30 * 24 * 3600  # seconds
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Presented:
    """The secret that a connection shows, and whether a browser added it by itself."""

    secret: str | None
    by_cookie: bool


def cookie_name(settings: Settings) -> str:
    """`__Host-` wants https, which a laptop has not."""
    return DEVELOPMENT_COOKIE if settings.is_development else COOKIE


def presented(connection: HTTPConnection, settings: Settings) -> Presented:
    """What a connection shows of who it is. Raises `Refused` for a malformed header."""
    header = connection.headers.get("authorization")
    if header is not None:
        return Presented(bearer(header), by_cookie=False)
    secret = connection.cookies.get(cookie_name(settings))
    return Presented(secret or None, by_cookie=bool(secret))


def keep_session(response: Response, settings: Settings, secret: str) -> None:
    """Have the browser show this secret from now on; with an empty one it forgets what it had."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=COOKIE_AGE if secret else 0,
        path="/",
        secure=not settings.is_development,
        httponly=True,
        samesite="lax",
    )


def bearer(header: str) -> str:
    """The token of an Authorization header. Raises `Refused`."""
    scheme, _, secret = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Refused(401, "UNAUTHENTICATED", "Write the header as: Authorization: Bearer <token>")
    return secret.strip()


def check_origin(connection: HTTPConnection, settings: Settings) -> None:
    """Refuse what another site's page sends with our cookie, or opens as a socket. Raises `Refused`."""
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise _foreign("another site")
        return
    if origin.rstrip("/") in settings.origins or _same(origin, connection):
        return
    raise _foreign(origin[:200])


def is_own_page(connection: HTTPConnection) -> bool:
    """Whether a page of this very address sends it: browsers name the origin of what a page posts."""
    return _same(connection.headers.get("origin", ""), connection)


def is_local(connection: HTTPConnection) -> bool:
    """Whether it comes from this machine, to this machine's own name and through no proxy.

    The name matters: a page whose name is made to point here (DNS rebinding) comes from this machine, too.
    """
    try:
        near = ipaddress.ip_address(connection.client.host if connection.client else "").is_loopback
        name = urlsplit(f"//{connection.headers.get('host', '')}").hostname
    except ValueError:
        return False
    passed_on = any(header.startswith(PASSED_ON) for header in connection.headers)
    return near and name in LOOPBACK_NAMES and "@" not in connection.headers.get("host", "") and not passed_on


def client_ip(connection: HTTPConnection, settings: Settings) -> str:
    """The address of who asks; that of X-Forwarded-For only where the peer is a trusted proxy."""
    peer = connection.client.host if connection.client else ""
    if peer not in settings.proxies:
        return peer
    for hop in reversed(connection.headers.get("x-forwarded-for", "").split(",")):
        if (address := hop.strip()) and address not in settings.proxies:
            try:
                return str(ipaddress.ip_address(address))
            except ValueError:
                return peer
    return peer


def _same(origin: str, connection: HTTPConnection) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    own = {"http": "http", "ws": "http", "https": "https", "wss": "https"}.get(connection.url.scheme)
    return parts.scheme == own and parts.netloc != "" and parts.netloc == connection.headers.get("host")


def _foreign(origin: str) -> Refused:
    return Refused(
        403,
        "FORBIDDEN",
        f"Pages of {origin} may not call this API. Add the origin to ATRIUM_ALLOWED_ORIGINS to allow it.",
    )

"""Who sends a request: by bearer token or session cookie, and from which page."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import Response

from atrium.settings import Settings
from atrium.web.asked import Asked
from atrium.web.body import Refused

DEVELOPMENT_COOKIE = "atrium_session"
COOKIE = "__Host-atrium_session"
PASSED_ON = (b"x-forwarded", b"forwarded", b"via", b"x-real-ip", b"cf-", b"true-client-ip")
"""How the headers begin by which proxies tell that they passed a request on."""
COOKIE_AGE = 30 * 24 * 3600  # seconds
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
OF_OTHER_SITES = (b"cross-site", b"same-site")


@dataclass(slots=True)
class Presented:
    """The secret that a connection shows, and whether a browser added it by itself."""

    secret: str | None
    by_cookie: bool


def cookie_name(settings: Settings) -> str:
    """`__Host-` wants https, which a laptop has not."""
    return DEVELOPMENT_COOKIE if settings.is_development else COOKIE


def presented(asked: Asked, settings: Settings) -> Presented:
    """What a connection shows of who it is. Raises `Refused` for a malformed header."""
    header = asked.headers.get(b"authorization")
    if header is not None:
        return Presented(bearer(header.decode("latin-1")), by_cookie=False)
    secret = asked.cookie(cookie_name(settings))
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


def check_origin(asked: Asked, settings: Settings) -> None:
    """Refuse what another site's page sends with our cookie, or opens as a socket. Raises `Refused`."""
    if b"origin" not in asked.headers:
        if asked.headers.get(b"sec-fetch-site") in OF_OTHER_SITES:
            raise _foreign("another site")
        return
    origin = asked.text(b"origin")
    if origin.rstrip("/") in settings.origins or _same(origin, asked):
        return
    raise _foreign(origin[:200])


def is_own_page(asked: Asked) -> bool:
    """Whether a page of this very address sends it: browsers name the origin of what a page posts."""
    return _same(asked.text(b"origin"), asked)


def is_local(asked: Asked) -> bool:
    """Whether it comes from this machine, to this machine's own name and through no proxy.

    The name matters: a page whose name is made to point here (DNS rebinding) comes from this machine, too.
    """
    host = asked.text(b"host")
    try:
        near = ipaddress.ip_address(asked.peer).is_loopback
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    passed_on = any(header.startswith(PASSED_ON) for header in asked.headers)
    return near and name in LOOPBACK_NAMES and "@" not in host and not passed_on


def client_ip(asked: Asked, settings: Settings) -> str:
    """The address of who asks; that of X-Forwarded-For only where the peer is a trusted proxy."""
    peer, proxies = asked.peer, settings.proxies
    if peer not in proxies:
        return peer
    for hop in reversed(asked.text(b"x-forwarded-for").split(",")):
        if (address := hop.strip()) and address not in proxies:
            try:
                return str(ipaddress.ip_address(address))
            except ValueError:
                return peer
    return peer


def _same(origin: str, asked: Asked) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    own = {"http": "http", "ws": "http", "https": "https", "wss": "https"}.get(asked.scope.get("scheme", "http"))
    return parts.scheme == own and parts.netloc != "" and parts.netloc == asked.text(b"host")


def _foreign(origin: str) -> Refused:
    return Refused(
        403,
        "FORBIDDEN",
        f"Pages of {origin} may not call this API. Add the origin to ATRIUM_ALLOWED_ORIGINS to allow it.",
    )

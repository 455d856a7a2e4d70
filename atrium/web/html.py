"""Pages made of our templates: every value escaped, every script and style from our own address."""

from __future__ import annotations

import html
import re
import secrets
from pathlib import Path
from string import Template

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse

TEMPLATES = Path(__file__).parent / "templates"
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")


class Safe(str):
    """HTML that is put into a page as it is."""


def page(request: Request, template: str, values: dict[str, str], *, inline_styles: bool = False) -> HTMLResponse:
    """The template with its values; those that are not `Safe` are escaped. Its scripts carry `$nonce`."""
    nonce = secrets.token_urlsafe(16)
    headers = {
        "content-security-policy": _policy(request, nonce, inline_styles=inline_styles),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
    }
    return HTMLResponse(fill(template, {**values, "nonce": nonce}), headers=headers)


def fill(template: str, values: dict[str, str]) -> Safe:
    """A template's text with its values, as part of a page."""
    shown = {name: value if isinstance(value, Safe) else html.escape(value) for name, value in values.items()}
    return Safe(Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(shown))


def joined(parts: list[Safe]) -> Safe:
    """Pieces of a page one after the other."""
    return Safe("".join(parts))


def data(value: object) -> Safe:
    """JSON for a `<script type="application/json">`, which nothing within can end."""
    return Safe(orjson.dumps(value).decode().replace("<", "\\u003c"))


def _policy(request: Request, nonce: str, *, inline_styles: bool) -> str:
    """Nothing from elsewhere. Browsers differ in whether 'self' covers sockets, so the socket is named."""
    host = request.headers.get("host", "")
    socket = f" {'wss' if request.url.scheme == 'https' else 'ws'}://{host}" if HOST.fullmatch(host) else ""
    styles = " 'unsafe-inline'" if inline_styles else ""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'{styles}; img-src 'self' data:;"
        f" font-src 'self' data:; connect-src 'self'{socket};"
        " form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )

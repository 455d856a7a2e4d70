"""Signing in as one of the demonstration's four people by a click, on the machine where it runs."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response

from atrium.demo.accounts import ADMIN, GUEST, HEAD, MEMBER
from atrium.settings import Settings
from atrium.web.asked import Asked
from atrium.web.identity import is_local, is_own_page, keep_session
from models.errors import DomainError
from models.people import Person
from models.session import AccessKind
from resolvers import session
from resolvers.context import Context
from schema.answer import refused

PEOPLE = {
    "admin": (ADMIN.email, "Runs the network: administrator, HR and communications."),
    "head": (HEAD.email, "Leads an org unit, and moderates it by that."),
    "member": (MEMBER.email, "Works here, like most people."),
    "guest": (GUEST.email, "From outside: sees only what is shared with them."),
}
KEPT_IN = "demo_password"
"""The file in the data folder with the password of the four, for its owner's eyes only."""


@dataclass(frozen=True)
class Card:
    """Somebody whom the start page offers to be."""

    who: str
    name: str
    initials: str
    title: str
    email: str
    about: str


async def cards(settings: Settings) -> list[Card]:
    """The four, or nobody where no demonstration company is loaded."""
    if not (settings.data_dir / KEPT_IN).is_file():
        return []
    found = {person.email: person for person in await Person.filter(email__in=[email for email, _ in PEOPLE.values()])}
    return [
        Card(who, person.name, _initials(person.name), person.title, email, about)
        for who, (email, about) in PEOPLE.items()
        if (person := found.get(email))
    ]


async def sign_in(request: Request, asked: Asked, ctx: Context, settings: Settings) -> Response:
    """Open a session for the person of the address, with the password that this machine keeps.

    Only a page of ours in a browser on this machine gets one: who reaches the port could else be anybody.
    """
    if not (is_local(asked) and is_own_page(asked)):
        return _refusal(403, "FORBIDDEN", "Only the start page of this server, opened on its own machine, may do this.")
    who = request.path_params["who"]
    if who not in PEOPLE:
        return _refusal(404, "NOT_FOUND", f"The demonstration's people are {', '.join(PEOPLE)}.")
    try:
        password = (settings.data_dir / KEPT_IN).read_text(encoding="utf-8").strip()
    except OSError:
        return _refusal(404, "NOT_FOUND", "There is no demonstration company here. Load one: python -m atrium demo")
    try:
        signed_in = await session.sign_in(ctx, PEOPLE[who][0], password, AccessKind.SESSION)
    except DomainError as error:
        return _refusal(400, error.code.value, error.message)
    response = Response(orjson.dumps({"name": signed_in.viewer.name}), media_type="application/json")
    response.headers["cache-control"] = "no-store"
    keep_session(response, settings, signed_in.secret)
    return response


def _refusal(status: int, code: str, message: str) -> Response:
    return Response(orjson.dumps({"errors": [refused(code, message)]}), status, media_type="application/json")


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

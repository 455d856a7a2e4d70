"""Guests, as files hold them: people outside the org chart."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, Column, Extra, listed, text
from atrium.imports.extras.telling import tell_of_guests
from models.people import BIO_MAX, NAME_MAX

GUEST = Extra(
    "guest",
    (
        text("name", NAME_MAX, needed=True),
        text("email", 320),
        Column("active", "boolean", default="true"),
        Column("expires_at", "timestamptz"),
        text("location", 200),
        text("pronouns", 50),
        text("bio", BIO_MAX, default="''"),
        text("phone", 50),
        text("photo", 2000),
        text("time_zone", 64),
        listed("languages"),
        listed("interests"),
        listed("links"),
        Column("is_guest", sql="true"),
        Column("title", sql="''"),
        Column("auth_epoch", sql="0"),
        Column("version", sql="1"),
        CREATED,
        Column("updated_at", sql="e.now"),
    ),
    natural=("email",),
    own_only=True,
    after=tell_of_guests,
    kept_in="person",
)

"""Which installation this is: what keeps two of them apart that share a server by mistake."""

from __future__ import annotations

from models import db

# A copy of the database in another cluster, or by another name in the same one, is another installation.
INSTALLATION = "SELECT system_identifier::text || '/' || current_database() FROM pg_control_system()"


async def installation() -> str:
    """A name for this database that no other one has, and that stays for as long as the database does."""
    return await db.value(INSTALLATION)

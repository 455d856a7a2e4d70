"""What each condition of the policies means, written a second time: plain loops over the raw world.

Nothing here looks at a viewer's snapshot, an atom or the database; who belongs to what is found out anew for every row.
"""

from tests.auth.reference import chat, feed, groups, org, people, surveys, tags
from tests.auth.reference.registry import REFERENCE, Asker

__all__ = ["REFERENCE", "Asker", "chat", "feed", "groups", "org", "people", "surveys", "tags"]

"""Who may ask why somebody can, or cannot, see a thing: its author, who moderates it, administrators who see it."""

from auth.conditions import by_viewer
from auth.policies import feed, groups
from auth.policies.groups import administers

can_explain_post = feed.readable_posts & (feed.is_own | feed.moderates | administers)
can_explain_comment = feed.readable_comments & (by_viewer("author_id") | feed.moderates | administers)
can_explain_group = groups.readable & (groups.leads | administers)

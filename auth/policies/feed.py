"""Who may see, write, change and remove posts and comments."""

from auth.conditions import Column, by_viewer, granted, has_role, in_audience
from models.feed import PostStatus
from models.session import Role

is_published = Column("status", PostStatus.PUBLISHED)
is_removed = Column("removed", True)

# A unit's audience has the unit's key, so a moderator of a unit is one of what was posted to it.
moderates = has_role(Role.MODERATOR, unit="audience_id")

readable_posts = granted("feed:read") & is_published & in_audience
readable_comments = granted("feed:read") & ~is_removed & in_audience

can_post = granted("feed:write") & in_audience
can_edit_post = granted("feed:write") & readable_posts & by_viewer("author_id")
can_delete_post = granted("feed:write") & readable_posts & (by_viewer("author_id") | moderates)
can_comment = granted("feed:write") & readable_posts
can_edit_comment = granted("feed:write") & readable_comments & by_viewer("author_id")
can_delete_comment = granted("feed:write") & readable_comments & (by_viewer("author_id") | moderates)

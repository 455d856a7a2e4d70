"""Who may know of a tag, follow it, and keep the tags in order."""

from auth.conditions import Among, Column, OfViewer, Unset, by_viewer, granted, is_member
from auth.policies import feed
from auth.policies.audiences import is_open
from auth.related import Of, Own, Some
from models.audiences import AudienceMember
from models.feed import Post
from models.session import Role
from models.tags import PostTag, TagFollow

# A word may itself be a secret: a tag is known to those who may read a post with it. What is kept for the company is
# known to all of it, and nobody loses sight of a tag that they have begun or follow.
is_kept = is_member & Column("kept", True)
is_followed = Own("id", TagFollow, "tag_id", OfViewer(lambda viewer: True))

# Apart, so that each is found by the index of a tag's posts within an audience, however many there are in others.
is_published = ~Unset("published_at")
is_carried = Among("audience_id", lambda viewer: viewer.audiences)
is_listed = Own("audience_id", AudienceMember, "audience_id", Column("listed", True))
is_on_post = (
    Some("id", PostTag, "tag_id", is_published & is_carried)
    | Some("id", PostTag, "tag_id", is_published & is_listed)
    | is_member & Some("id", PostTag, "tag_id", is_published & is_open)
    | Some("id", PostTag, "tag_id", Unset("published_at") & Of("post_id", Post, feed.readable_posts))
)

readable = granted("feed:read") & (is_kept | by_viewer("created_by") | is_followed | is_on_post)

can_follow = granted("feed:write")

# One set of tags for the whole company: a role for a single unit is not enough.
can_keep = is_member & granted("feed:write") & OfViewer(lambda viewer: viewer.everywhere(Role.COMMUNICATOR, Role.ADMIN))

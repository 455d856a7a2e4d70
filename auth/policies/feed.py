"""Who may see, write, change and remove posts and comments."""

from auth.conditions import Among, Column, OfViewer, by_viewer, granted, has_role, in_audience, is_member
from auth.policies.audiences import is_live, may_read, may_write
from auth.related import Of, Own
from models.delegates import Delegate
from models.feed import Comment, Post, PostStatus
from models.session import Role

is_published = Column("status", PostStatus.PUBLISHED)
is_in_review = Column("status", PostStatus.IN_REVIEW)
is_unpublished = is_in_review | Column("status", PostStatus.DRAFT) | Column("status", PostStatus.SCHEDULED)
is_removed = Column("removed", True)
is_kept = Column("kept", True)
is_written = by_viewer("author_id") | by_viewer("written_by")
# Who wrote in somebody's name keeps their hands on it for as long as that person lets them.
is_allowed = Own("author_id", Delegate, "person_id", OfViewer(lambda viewer: True), person="delegate_id")
is_own = by_viewer("author_id") | by_viewer("written_by") & is_allowed

# The audience of a unit or group has its key: who moderates the one moderates what was posted to it.
moderates = has_role(Role.MODERATOR, unit="audience_id") | Among("audience_id", lambda viewer: viewer.leads)
speaks_for = has_role(Role.COMMUNICATOR, unit="audience_id") | moderates
keeps_record = has_role(Role.HR, unit="audience_id")

readable_posts = granted("feed:read") & (
    is_published & may_read | is_unpublished & is_own | is_in_review & in_audience & moderates
)
readable_comments = granted("feed:read") & (~is_removed | is_kept) & may_read

reads_posts = granted("feed:read") & may_read  # of an audience, whatever was published to it

# What is in a group that has been archived stays as it is; what was never published there is still its author's.
stands = is_published & may_read & is_live
can_post = granted("feed:write") & may_write
can_announce = can_post & speaks_for
can_edit_post = granted("feed:write") & readable_posts & is_own & (is_unpublished | stands)
can_delete_post = granted("feed:write") & readable_posts & (is_own & (is_unpublished | stands) | moderates & stands)
can_judge_post = (
    granted("feed:write") & is_in_review & may_write & moderates & ~is_written
)  # let it pass, or send it back
can_curate_post = granted("feed:write") & stands & in_audience & moderates  # pin it
can_close_post = granted("feed:write") & stands & (is_own | in_audience & moderates)  # its comments; accept an answer
can_require_reading = granted("feed:write") & stands & in_audience & speaks_for
# Who learns of everybody whether they have read: never by a role alone, which gives no sight of the post.
can_oversee_reading = granted("feed:read") & is_published & may_read & (is_own | speaks_for | keeps_record)
can_see_reach = granted("feed:read") & is_published & may_read & (is_own | in_audience & speaks_for)
can_take_part = granted("feed:write") & is_published & may_write  # react, vote, acknowledge
can_comment = can_take_part & Column("comments_closed", False)
can_publish_post = granted("feed:write") & is_unpublished & is_own
can_move_post = granted("feed:write") & (is_unpublished & is_own | stands & (is_own | in_audience & moderates))
can_share_post = granted("feed:write") & is_published & may_read
can_see_post_history = readable_posts & (is_own | in_audience & moderates)

can_edit_comment = granted("feed:write") & ~is_removed & may_read & is_live & by_viewer("author_id")
can_delete_comment = granted("feed:write") & ~is_removed & may_read & is_live & (by_viewer("author_id") | moderates)
can_take_part_in_comment = granted("feed:write") & ~is_removed & may_write
can_see_comment_history = readable_comments & ~is_removed & (by_viewer("author_id") | in_audience & moderates)

# What a text said before is for those who wrote it and those who keep order: it was taken back.
readable_revisions = Of("subject_id", Post, can_see_post_history) | Of("subject_id", Comment, can_see_comment_history)
can_moderate_unit = granted("feed:write") & is_member & has_role(Role.MODERATOR, unit="id")

# What was done already: doing it again is no fault, and changes nothing.
was_published = granted("feed:write") & is_published & is_own
was_judged = granted("feed:write") & stands & in_audience & moderates & ~is_written

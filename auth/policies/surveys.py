"""Who is asked, who may ask, and who is told what was answered: only ever through `resolvers.survey_gate`."""

from auth.conditions import Among, Column, InAudience, Within, by_viewer, granted, has_role, is_member
from models.session import Role
from models.surveys import SurveyStatus

is_asked = InAudience("id")  # those who were invited when it opened
is_own = by_viewer("author_id")
is_draft = Column("status", SurveyStatus.DRAFT)
is_scheduled = Column("status", SurveyStatus.SCHEDULED)
is_open = Column("status", SurveyStatus.OPEN)
is_closed = Column("status", SurveyStatus.CLOSED)
is_archived = Column("status", SurveyStatus.ARCHIVED)
is_over = is_closed | is_archived
is_unopened = is_draft | is_scheduled

# Whoever asks the company, or the part of it that they answer for; the audience of a unit or group has its key.
answers_for = (
    has_role(Role.HR, Role.ANALYST, Role.COMMUNICATOR, Role.ADMIN, unit="target_id")
    | Within("target_id", lambda viewer: viewer.headed)
    | Among("target_id", lambda viewer: viewer.leads)
)
keeps = has_role(Role.HR, Role.ANALYST, unit="target_id")

# A draft is its author's alone.
readable = granted("surveys:read") & (is_asked | is_own | is_member & keeps & ~is_draft)

can_create = granted("surveys:write") & is_member & answers_for
can_edit = granted("surveys:write") & readable & is_own & is_unopened
can_delete = can_edit
can_open = can_edit & answers_for
can_manage = granted("surveys:write") & readable & is_member & (is_own | keeps)  # close, remind, archive
can_answer = granted("surveys:write") & is_asked & is_open
can_see_results = granted("surveys:read") & (
    is_member & (is_own | keeps & ~is_draft) | is_asked & is_over & Column("shared", True)
)
can_export = can_see_results & is_member & (is_own | keeps)

readable_series = granted("surveys:read") & is_member & (is_own | keeps)
can_manage_series = granted("surveys:write") & readable_series

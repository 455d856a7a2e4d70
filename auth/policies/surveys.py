"""Who is asked, who may ask, and who is told what was answered: only ever through `resolvers.survey_gate`."""

from auth.conditions import Among, Column, InAudience, Within, by_viewer, granted, has_role, is_member
from auth.related import Of
from models.audiences import Audience, AudienceKind
from models.session import Role
from models.surveys import Anonymity, SurveyStatus

is_draft = Column("status", SurveyStatus.DRAFT)
is_scheduled = Column("status", SurveyStatus.SCHEDULED)
is_open = Column("status", SurveyStatus.OPEN)
is_closed = Column("status", SurveyStatus.CLOSED)
is_archived = Column("status", SurveyStatus.ARCHIVED)
is_over = is_closed | is_archived
is_unopened = is_draft | is_scheduled

in_target = InAudience("target_id")
is_live = Of("target_id", Audience, Column("read_only", False))
# Put to the company, a part of it, or people by name; what a group or conversation is asked stays with who is in it.
is_of_company = Of(
    "target_id", Audience, ~Column("kind", AudienceKind.GROUP) & ~Column("kind", AudienceKind.CONVERSATION)
)

# Written down when it opened: who moves is still asked, who leaves the group is not, nor is a guest of none.
is_asked = InAudience("id") & (in_target | is_member & is_of_company)
is_own = is_member & by_viewer("author_id")  # who comes back as a guest has lost what they ran

# Whoever asks the company, or the part of it that they answer for; the audience of a unit or group has its key.
answers_for = (
    has_role(Role.HR, Role.ANALYST, Role.COMMUNICATOR, Role.ADMIN, unit="target_id") & (in_target | is_of_company)
    | Within("target_id", lambda viewer: viewer.headed)
    | Among("target_id", lambda viewer: viewer.leads)
)
keeps = is_member & has_role(Role.HR, Role.ANALYST, unit="target_id") & (in_target | is_of_company)

# Having written it is not enough: who has lost the office asks nobody any more, and is told nothing new.
runs = is_own & answers_for | keeps & ~is_unopened

# Before it opens it is its author's alone.
readable = granted("surveys:read") & (is_asked | is_own | keeps & ~is_unopened)

can_create = granted("surveys:write") & is_member & answers_for & is_live
can_edit = granted("surveys:write") & readable & is_own & is_unopened
can_delete = can_edit
can_open = can_edit & answers_for & is_live  # asked again when the time has come that it was scheduled for
can_manage = granted("surveys:write") & readable & runs & ~is_unopened  # close, remind, archive
can_announce = readable & (is_own | runs)  # in a post, which shows it to nobody who does not see it anyway
can_answer = granted("surveys:write") & readable & is_asked & is_open
can_see_results = granted("surveys:read") & (runs | is_asked & is_over & Column("shared", True))
# Of names that are known, parts of a few would tell all; what parts the company has is not for guests to know.
can_see_parts = granted("surveys:read") & (
    runs | is_member & is_asked & is_over & Column("shared", True) & ~Column("anonymity", Anonymity.NAMED)
)
can_export = granted("surveys:read") & runs

# Whoever edits it wrote the key of a quiz. Those who manage other people's quizzes take them like everybody else.
can_see_key = can_edit | can_manage & is_own
# A head is told of their own unit once it is over, also where nobody else who was asked is.
can_see_own_unit = granted("surveys:read") & is_member & is_over

readable_series = granted("surveys:read") & (is_own | keeps)
can_manage_series = granted("surveys:write") & readable_series & answers_for

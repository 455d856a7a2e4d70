"""Who may see skills, say that somebody has them, endorse them, and keep their catalogue."""

from auth.conditions import OfViewer, by_viewer, granted, is_member
from auth.policies import people
from auth.related import Of
from models.people import Person
from models.session import Role

# A guest sees the skills of those whom they see, but not the catalogue: it would tell what the company can do.
readable_catalogue = is_member & granted("people:read")
readable = Of("person_id", Person, people.readable)

can_change = people.can_update
can_endorse = is_member & granted("people:write") & people.is_active & ~by_viewer("id")
can_withdraw = granted("people:write")

# One catalogue for the whole company: a role for a single unit is not enough.
can_keep = is_member & granted("people:write") & OfViewer(lambda viewer: viewer.everywhere(Role.HR, Role.ADMIN))

"""Who may see re-org drafts and work on them: HR and administrators of the whole company, nobody else."""

from auth.conditions import OfViewer, granted, is_member
from models.session import Role

plans = OfViewer(lambda viewer: viewer.everywhere(Role.HR, Role.ADMIN))

# What a draft would change is told with the names of people.
readable = is_member & plans & granted("org:read") & granted("people:read")

can_edit = readable & granted("org:write")

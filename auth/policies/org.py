"""Who may see and change units and positions: everybody of the company sees them, no guest does."""

from auth.conditions import Column, OfViewer, Within, granted, is_member
from auth.viewer import Viewer
from models.session import Role


def sees_future(viewer: Viewer) -> bool:
    """Whether what is planned is shown to them before its day."""
    return viewer.everywhere(Role.HR, Role.ADMIN) and viewer.allows("org:read")


has_begun = Column("planned", False) | OfViewer(sees_future)

# Every token may read its person's roles, and so the units that these are for.
in_office = Within("id", lambda viewer: viewer.units_of(*Role))

readable = is_member & (granted("org:read") & has_begun | in_office)
readable_positions = is_member & granted("org:read") & has_begun

"""Global ids of rows."""

from tortoise.models import Model

from execution.ids import encode_id


def global_id(row: Model) -> str:
    """The id that clients know the row by."""
    return encode_id(type(row).__name__, row.id)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]

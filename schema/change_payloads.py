"""What became of changes of the org chart: the payloads of their mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.errors import UserError, failed
from schema.refs import OrgUnitRef, PersonRef, PositionRef, ReportingLineRef

PERSON = "The person as they are today; null where they are not visible."
POSITION = "The position as it is today; null where it is not visible."
LINE = "The line as it is from that day on; null where there is none."
UNIT = "The unit as it is today; null where it is not visible."
CODE = (
    "By it they choose a password, from their first day on for two weeks; shown this once. Null where they have nothing"
    " to sign in with, or a password already."
)


def _shown(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.type(description="What became of `createPerson`.")
class CreatePersonPayload:
    person: PersonRef | None = _shown(PERSON)
    activation_code: str | None = _shown(CODE)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `movePerson`.")
class MovePersonPayload:
    person: PersonRef | None = _shown(PERSON)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `setManager`.")
class SetManagerPayload:
    person: PersonRef | None = _shown(PERSON)
    position: PositionRef | None = _shown(POSITION)
    reporting_line: ReportingLineRef | None = _shown(LINE)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `promotePerson`.")
class PromotePersonPayload:
    person: PersonRef | None = _shown(PERSON)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `renamePerson`.")
class RenamePersonPayload:
    person: PersonRef | None = _shown(PERSON)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `recordLeave`.")
class RecordLeavePayload:
    person: PersonRef | None = _shown(PERSON)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `rehirePerson`.")
class RehirePersonPayload:
    person: PersonRef | None = _shown(PERSON)
    activation_code: str | None = _shown(CODE)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `assignPosition`.")
class AssignPositionPayload:
    position: PositionRef | None = _shown(POSITION)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `vacatePosition`.")
class VacatePositionPayload:
    position: PositionRef | None = _shown(POSITION)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `createPosition`.")
class CreatePositionPayload:
    position: PositionRef | None = _shown(POSITION)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `endPosition`.")
class EndPositionPayload:
    position: PositionRef | None = _shown(POSITION)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `addReportingLine`.")
class AddReportingLinePayload:
    reporting_line: ReportingLineRef | None = _shown(LINE)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `endReportingLine`.")
class EndReportingLinePayload:
    reporting_line: ReportingLineRef | None = _shown(LINE)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `createUnit`.")
class CreateUnitPayload:
    org_unit: OrgUnitRef | None = _shown(UNIT)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `renameUnit`.")
class RenameUnitPayload:
    org_unit: OrgUnitRef | None = _shown(UNIT)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `moveUnit`.")
class MoveUnitPayload:
    org_unit: OrgUnitRef | None = _shown(UNIT)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `setUnitHead`.")
class SetUnitHeadPayload:
    org_unit: OrgUnitRef | None = _shown(UNIT)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `mergeUnits`.")
class MergeUnitsPayload:
    org_unit: OrgUnitRef | None = _shown(UNIT)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `dissolveUnit`.")
class DissolveUnitPayload:
    org_unit: OrgUnitRef | None = _shown(UNIT)
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deactivatePerson`.")
class DeactivatePersonPayload:
    person: PersonRef | None = _shown(PERSON)
    errors: list[UserError] = failed()

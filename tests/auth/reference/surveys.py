"""What the conditions on surveys and pulses mean."""

from __future__ import annotations

import uuid

from models.audiences import AudienceKind
from models.session import Role
from models.surveys import SurveyStatus
from tests.auth.inquiries import OVER, UNOPENED, Inquiry, Pulse
from tests.auth.reference.registry import Asker, on_inquiries, on_pulses
from tests.auth.reference.standing import belongs, circle_of, holds_office, is_archived, leads, leads_circle

OFFICES = (Role.HR, Role.ANALYST, Role.COMMUNICATOR, Role.ADMIN)
KEEPERS = (Role.HR, Role.ANALYST)


@on_inquiries("surveys.readable")
def sees_survey(asker: Asker, survey: Inquiry) -> bool:
    if not asker.may_ask("surveys:read"):
        return False
    if survey.status not in UNOPENED and keeps(asker, survey.target):
        return True
    return is_asked(asker, survey) or is_own(asker, survey)


@on_inquiries("surveys.can_create")
def asks(asker: Asker, survey: Inquiry) -> bool:
    if asker.person.is_guest or is_archived(asker, survey.target):
        return False
    return asker.may_ask("surveys:write") and answers_for(asker, survey.target)


@on_inquiries("surveys.can_edit", "surveys.can_delete")
def edits_survey(asker: Asker, survey: Inquiry) -> bool:
    granted = asker.may_ask("surveys:write") and asker.may_ask("surveys:read")
    return granted and survey.status in UNOPENED and is_own(asker, survey)


@on_inquiries("surveys.can_open")
def opens_survey(asker: Asker, survey: Inquiry) -> bool:
    return edits_survey(asker, survey) and asks(asker, survey)


@on_inquiries("surveys.can_manage")
def manages_survey(asker: Asker, survey: Inquiry) -> bool:
    granted = asker.may_ask("surveys:write") and asker.may_ask("surveys:read")
    return granted and survey.status not in UNOPENED and runs(asker, survey)


@on_inquiries("surveys.can_answer")
def answers_survey(asker: Asker, survey: Inquiry) -> bool:
    granted = asker.may_ask("surveys:write") and asker.may_ask("surveys:read")
    return granted and survey.status == SurveyStatus.OPEN and is_asked(asker, survey)


@on_inquiries("surveys.can_see_key")
def sees_key(asker: Asker, survey: Inquiry) -> bool:
    return edits_survey(asker, survey) or (manages_survey(asker, survey) and is_own(asker, survey))


@on_inquiries("surveys.can_see_own_unit")
def sees_own_unit(asker: Asker, survey: Inquiry) -> bool:
    return asker.may_ask("surveys:read") and not asker.person.is_guest and survey.status in OVER


@on_inquiries("surveys.can_see_results")
def sees_results(asker: Asker, survey: Inquiry) -> bool:
    if exports(asker, survey):
        return True
    if not survey.shared or survey.status not in OVER:
        return False
    return asker.may_ask("surveys:read") and is_asked(asker, survey)


@on_inquiries("surveys.can_see_parts")
def sees_parts(asker: Asker, survey: Inquiry) -> bool:
    if exports(asker, survey):
        return True
    return not asker.person.is_guest and not survey.named and sees_results(asker, survey)


@on_inquiries("surveys.can_announce")
def announces(asker: Asker, survey: Inquiry) -> bool:
    return sees_survey(asker, survey) and (is_own(asker, survey) or runs(asker, survey))


@on_inquiries("surveys.can_export")
def exports(asker: Asker, survey: Inquiry) -> bool:
    return asker.may_ask("surveys:read") and runs(asker, survey)


@on_pulses("surveys.readable_series")
def sees_pulse(asker: Asker, pulse: Pulse) -> bool:
    return asker.may_ask("surveys:read") and (is_own(asker, pulse) or keeps(asker, pulse.target))


@on_pulses("surveys.can_manage_series")
def manages_pulse(asker: Asker, pulse: Pulse) -> bool:
    return asker.may_ask("surveys:write") and sees_pulse(asker, pulse) and answers_for(asker, pulse.target)


def is_asked(asker: Asker, survey: Inquiry) -> bool:
    """Whether the asker was written down, and is still in the group it was put to; a guest is in whatever it was."""
    if asker.person.id not in survey.asked:
        return False
    if belongs(asker, survey.target):
        return True
    return not asker.person.is_guest and not is_among_members(asker, survey.target)


def is_own(asker: Asker, one: Inquiry | Pulse) -> bool:
    return one.author == asker.person.id and not asker.person.is_guest


def runs(asker: Asker, survey: Inquiry) -> bool:
    """Whether the asker may have it closed, and be told what was answered: by their own office as it is now."""
    if is_own(asker, survey) and answers_for(asker, survey.target):
        return True
    return survey.status not in UNOPENED and keeps(asker, survey.target)


def keeps(asker: Asker, target: uuid.UUID) -> bool:
    return not asker.person.is_guest and serves_for(asker, target, *KEEPERS)


def answers_for(asker: Asker, target: uuid.UUID) -> bool:
    return serves_for(asker, target, *OFFICES) or leads(asker, target) or leads_circle(asker, target)


def serves_for(asker: Asker, target: uuid.UUID, *roles: Role) -> bool:
    """Whether a role reaches what is put to an audience: of a group it does for those in it alone."""
    if is_among_members(asker, target) and not belongs(asker, target):
        return False
    return holds_office(asker, target, *roles)


def is_among_members(asker: Asker, target: uuid.UUID) -> bool:
    """Whether it is put to a group or a conversation."""
    circle = circle_of(asker, target)
    return circle is not None and circle.kind in (AudienceKind.GROUP, AudienceKind.CONVERSATION)

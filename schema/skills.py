"""Skills: the catalogue, who has which, and who agrees."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry import argument

from execution.fields import batched, column, relation
from models.skills import SYNONYMS_MAX, SkillLevel
from resolvers import catalogue
from resolvers import skills as actions
from resolvers.lists import PageArgs
from schema.connections import Connection, connection, listed
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.nodes import Info, Node, found_key, identity, key, node
from schema.refs import PersonRef
from schema.visibility import public

shown(
    SkillLevel,
    "How well somebody knows a skill, by their own word.",
    {
        SkillLevel.BEGINNER: "Has begun to learn it.",
        SkillLevel.INTERMEDIATE: "Works with it, with help.",
        SkillLevel.ADVANCED: "Works with it alone.",
        SkillLevel.EXPERT: "Helps others with it.",
    },
)


@node("skills", description="A skill of the company's catalogue.")
class Skill(Node):
    id: strawberry.ID = identity("Skill")
    name: str = column("At most 100 characters.")
    synonyms: list[str] = batched(
        catalogue.synonyms, description="Other names that mean it; at most 50.", most=SYNONYMS_MAX, usual=2
    )
    person_count: int = relation("skilled_counts", key="id", description="How many active people have it.")
    version: int = column("Rises with each change; edits may expect one.")
    viewer_can_update: bool = batched(
        catalogue.keepable, description="Whether the viewer may rename it, merge it and change its synonyms."
    )

    @connection(description="The active people who have it: those who know it best first, then by name.")
    def people(self, info: Info, *, page: PageArgs) -> Connection[PersonSkill]:
        return actions.people_of(info.context, self, page)


@node("person_skills", description="A skill of one person, by their own word or HR's.")
class PersonSkill(Node):
    id: strawberry.ID = identity("PersonSkill")
    person: PersonRef | None = relation("people", key="person_id", description="Whose; null once they are erased.")
    skill: Skill | None = relation(
        "skills_of_people", key="skill_id", description="Which; null where it is removed at this very moment."
    )
    level: SkillLevel | None = column("How well they know it; null if not said.")
    endorsement_count: int = relation("endorsement_counts", key="id", description="How many people agree.")
    viewer_has_endorsed: bool = batched(actions.endorsed_by_viewer, description="Whether the viewer is one of them.")
    viewer_can_endorse: bool = batched(
        actions.endorsable,
        description="Whether the viewer may be one of them: not for themselves, nor for who has left.",
    )

    @connection(description="Those who agree, by name; also those who have left since.")
    def endorsers(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return actions.endorsers_of(info.context, self, page)


@strawberry.type
class PersonSkills:
    """What a person has of skills."""

    skills: Connection[PersonSkill] = public(
        listed(
            actions.skills_of,
            key="id",
            description="Their skills: the best known first, then by name; at most 100 in all.",
        )
    )


@strawberry.input(description="A skill that somebody has.")
class AddSkillInput:
    person_id: strawberry.ID = strawberry.field(description="Whose: one's own, or as HR anybody's.")
    skill: str = strawberry.field(
        description="Its name or a synonym, however written; an unknown one begins a new skill. At most 100 characters."
    )
    level: SkillLevel | None = strawberry.field(
        default=None, description="How well they know it; absent or null: not said, or as it was."
    )


@strawberry.input(description="A skill that somebody no longer has.")
class RemoveSkillInput:
    person_id: strawberry.ID = strawberry.field(description="Whose: one's own, or as HR anybody's.")
    skill_id: strawberry.ID = strawberry.field(description="Which skill of the catalogue.")


@strawberry.input(description="A skill of somebody to agree with.")
class EndorseSkillInput:
    person_id: strawberry.ID = strawberry.field(description="Whose; not one's own.")
    skill_id: strawberry.ID = strawberry.field(description="Which skill of the catalogue.")


@strawberry.input(description="A skill of somebody to agree with no longer.")
class WithdrawEndorsementInput:
    person_id: strawberry.ID = strawberry.field(description="Whose.")
    skill_id: strawberry.ID = strawberry.field(description="Which skill of the catalogue.")


@strawberry.input(
    description="A new name of a skill. What was endorsed is withdrawn, unless only case, accents or spaces differ or"
    " the name was a synonym already."
)
class RenameSkillInput:
    skill_id: strawberry.ID = strawberry.field(description="Which skill.")
    name: str = strawberry.field(description="1 to 100 characters; no other skill's name or synonym.")
    keep_old_name: bool = strawberry.field(default=False, description="Whether the old name becomes a synonym.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the skill is at another version."
    )


@strawberry.input(description="Another name of a skill.")
class AddSkillSynonymInput:
    skill_id: strawberry.ID = strawberry.field(description="Which skill.")
    name: str = strawberry.field(description="1 to 100 characters; no other skill's name or synonym.")


@strawberry.input(description="A name that is to mean a skill no longer.")
class RemoveSkillSynonymInput:
    skill_id: strawberry.ID = strawberry.field(description="Which skill.")
    name: str = strawberry.field(description="The synonym, however written.")


@strawberry.input(description="Two skills that are one.")
class MergeSkillsInput:
    skill_id: strawberry.ID = strawberry.field(description="The one that goes; its name becomes a synonym.")
    into_id: strawberry.ID = strawberry.field(description="The one that stays.")


@strawberry.type(description="What became of `addSkill`.")
class AddSkillPayload:
    person: PersonRef | None = strawberry.field(default=None, description="The person as they are now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `removeSkill`.")
class RemoveSkillPayload:
    person: PersonRef | None = strawberry.field(default=None, description="The person as they are now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `endorseSkill`.")
class EndorseSkillPayload:
    person_skill: PersonSkill | None = strawberry.field(default=None, description="Their skill as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `withdrawEndorsement`.")
class WithdrawEndorsementPayload:
    person_skill: PersonSkill | None = strawberry.field(default=None, description="Their skill as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `renameSkill`.")
class RenameSkillPayload:
    skill: Skill | None = strawberry.field(default=None, description="The skill as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `addSkillSynonym`.")
class AddSkillSynonymPayload:
    skill: Skill | None = strawberry.field(default=None, description="The skill as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `removeSkillSynonym`.")
class RemoveSkillSynonymPayload:
    skill: Skill | None = strawberry.field(default=None, description="The skill as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `mergeSkills`.")
class MergeSkillsPayload:
    skill: Skill | None = strawberry.field(default=None, description="The skill that stays, as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(
        description="A skill, or the one that it was merged into; null where there is none. Scope people:read."
    )
    async def skill(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Of a skill.")]
    ) -> Skill | None:
        return await catalogue.skill(info.context, found_key("Skill", id))  # pyright: ignore[reportReturnType]

    @connection(description="The catalogue of skills, by name; empty for guests. Scope people:read.")
    async def skills(
        self,
        info: Info,
        text: Annotated[
            str | None, argument(description="Only those with this in their name or a synonym; at most 100 characters.")
        ] = None,
        *,
        page: PageArgs,
    ) -> Connection[Skill]:
        return await catalogue.skills(info.context, text, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Say that oneself, or as HR somebody, has a skill, and how well. Scope people:write."
    )
    @answers(AddSkillPayload)
    async def add_skill(self, info: Info, input: AddSkillInput) -> AddSkillPayload:
        id = key("Person", input.person_id, ["personId"])
        return AddSkillPayload(person=await actions.add_skill(info.context, id, input.skill, input.level))

    @strawberry.mutation(description="Say that oneself, or as HR somebody, no longer has a skill. Scope people:write.")
    @answers(RemoveSkillPayload)
    async def remove_skill(self, info: Info, input: RemoveSkillInput) -> RemoveSkillPayload:
        return RemoveSkillPayload(person=await actions.remove_skill(info.context, *_keys(input)))

    @strawberry.mutation(description="Agree that somebody has a skill; twice is once. Scope people:write.")
    @answers(EndorseSkillPayload)
    async def endorse_skill(self, info: Info, input: EndorseSkillInput) -> EndorseSkillPayload:
        return EndorseSkillPayload(person_skill=await actions.endorse_skill(info.context, *_keys(input)))

    @strawberry.mutation(description="Agree no longer that somebody has a skill. Scope people:write.")
    @answers(WithdrawEndorsementPayload)
    async def withdraw_endorsement(self, info: Info, input: WithdrawEndorsementInput) -> WithdrawEndorsementPayload:
        return WithdrawEndorsementPayload(person_skill=await actions.withdraw_endorsement(info.context, *_keys(input)))

    @strawberry.mutation(description="Call a skill otherwise; HR and ADMIN. Scope people:write.")
    @answers(RenameSkillPayload)
    async def rename_skill(self, info: Info, input: RenameSkillInput) -> RenameSkillPayload:
        renamed = await catalogue.rename_skill(
            info.context,
            key("Skill", input.skill_id, ["skillId"]),
            input.name,
            keep_old_name=input.keep_old_name,
            expected_version=input.expected_version,
        )
        return RenameSkillPayload(skill=renamed)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Let another name mean a skill, too; HR and ADMIN. Scope people:write.")
    @answers(AddSkillSynonymPayload)
    async def add_skill_synonym(self, info: Info, input: AddSkillSynonymInput) -> AddSkillSynonymPayload:
        id = key("Skill", input.skill_id, ["skillId"])
        return AddSkillSynonymPayload(skill=await catalogue.add_synonym(info.context, id, input.name))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Let a synonym mean a skill no longer; HR and ADMIN. Scope people:write.")
    @answers(RemoveSkillSynonymPayload)
    async def remove_skill_synonym(self, info: Info, input: RemoveSkillSynonymInput) -> RemoveSkillSynonymPayload:
        id = key("Skill", input.skill_id, ["skillId"])
        return RemoveSkillSynonymPayload(skill=await catalogue.remove_synonym(info.context, id, input.name))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Make a skill part of another one, with its people, endorsements and names; HR and ADMIN."
        " Scope people:write."
    )
    @answers(MergeSkillsPayload)
    async def merge_skills(self, info: Info, input: MergeSkillsInput) -> MergeSkillsPayload:
        id, into = key("Skill", input.skill_id, ["skillId"]), key("Skill", input.into_id, ["intoId"])
        return MergeSkillsPayload(skill=await catalogue.merge_skills(info.context, id, into))  # pyright: ignore[reportArgumentType]


def _keys(input: RemoveSkillInput | EndorseSkillInput | WithdrawEndorsementInput) -> tuple[Any, Any]:
    return key("Person", input.person_id, ["personId"]), key("Skill", input.skill_id, ["skillId"])

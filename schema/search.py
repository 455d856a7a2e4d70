"""Search."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched, column
from execution.lengths import at_most
from execution.scalars import HTML
from models.errors import Invalid, NotFound
from models.feed import PostKind
from resolvers import search as reads
from resolvers.lists import PageArgs
from resolvers.search_asking import Filters
from resolvers.search_facets import FACETS_MAX, VALUES_MAX
from resolvers.search_highlights import HIGHLIGHTS_MAX
from schema.comments import Comment
from schema.connections import PageInfo, connection
from schema.groups import Group
from schema.messages import Message
from schema.nodes import Info, any_key, key
from schema.people import Person
from schema.posts import Post
from schema.tags import Tag

CHOSEN_MAX = 50  # values of one filter
PLACES = ("Group", "OrgUnit", "Conversation")


@strawberry.enum(description="What a search may find.")
class SearchKind(Enum):
    PERSON = strawberry.enum_value("PERSON", description="People.")
    POST = strawberry.enum_value("POST", description="Posts.")
    COMMENT = strawberry.enum_value("COMMENT", description="Comments under posts.")
    MESSAGE = strawberry.enum_value("MESSAGE", description="Messages of the conversations that the viewer is in.")
    GROUP = strawberry.enum_value("GROUP", description="Groups.")
    TAG = strawberry.enum_value("TAG", description="Tags.")


@strawberry.enum(description="What hits may have in common.")
class SearchFacetField(Enum):
    KIND = strawberry.enum_value("KIND", description="What they are; values for `kinds`.")
    AUTHOR = strawberry.enum_value("AUTHOR", description="Who wrote them; values for `authorIds`.")
    PLACE = strawberry.enum_value(
        "PLACE", description="The group, unit or conversation in which they were written; values for `placeIds`."
    )
    TAG = strawberry.enum_value("TAG", description="Tags of posts; values for `tagIds`.")
    POST_KIND = strawberry.enum_value("POST_KIND", description="What posts are meant as; values for `postKinds`.")
    LANGUAGE = strawberry.enum_value("LANGUAGE", description="Languages of texts; values for `languages`.")
    UNIT = strawberry.enum_value("UNIT", description="Units of people; values for `orgUnitIds`.")
    SKILL = strawberry.enum_value("SKILL", description="Skills of people; values for `skillIds`.")
    LOCATION = strawberry.enum_value(
        "LOCATION", description="Locations of people, as far as everybody may see them; values for `locations`."
    )


@strawberry.input(
    description="What hits must have, as facets name it: one of each list. What is absent or null asks nothing."
)
class SearchFilter:
    author_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Written by one of these people; at most 50."
    )
    place_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Written in one of these groups, units or conversations; at most 50."
    )
    tag_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Posts (and comments under them) with one of these tags; at most 50."
    )
    post_kinds: list[PostKind] | None = strawberry.field(default=None, description="Posts of one of these kinds.")
    languages: list[str] | None = strawberry.field(
        default=None, description="Texts in one of these languages, such as en; at most 50."
    )
    org_unit_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="People in just one of these units; at most 50."
    )
    skill_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="People with one of these skills; at most 50."
    )
    locations: list[str] | None = strawberry.field(
        default=None, description="People at one of these locations; at most 50."
    )
    after: datetime | None = strawberry.field(
        default=None, description="Written then or later; people, groups and tags, which have no time, are left out."
    )
    before: datetime | None = strawberry.field(
        default=None, description="Written earlier; people, groups and tags, which have no time, are left out."
    )
    include_deactivated: bool = strawberry.field(
        default=False, description="Whether people whose account is closed are found, too."
    )

    def asked(self) -> Filters:
        """What it asks for. Raises `Invalid`, `NotFound`."""
        return Filters(
            authors=[key("Person", id, path) for id, path in _chosen(self.author_ids, "authorIds")],
            audiences=[_place(id, path) for id, path in _chosen(self.place_ids, "placeIds")],
            units=[key("OrgUnit", id, path) for id, path in _chosen(self.org_unit_ids, "orgUnitIds")],
            tags=[key("Tag", id, path) for id, path in _chosen(self.tag_ids, "tagIds")],
            skills=[key("Skill", id, path) for id, path in _chosen(self.skill_ids, "skillIds")],
            locations=[text for text, _ in _chosen(self.locations, "locations")],
            languages=[text.lower() for text, _ in _chosen(self.languages, "languages")],
            post_kinds=[kind.value for kind in self.post_kinds or ()],
            after=self.after,
            before=self.before,
            with_left=self.include_deactivated,
        )


Chosen = list[tuple[str, list[str | int]]]


def _chosen(values: Sequence[str] | None, name: str) -> Chosen:
    """The values of a filter, each with its place in the input. Raises `Invalid`."""
    if values and len(values) > CHOSEN_MAX:
        raise Invalid(f"Choose at most {CHOSEN_MAX} of them.", ["filterBy", name])
    return [(value, ["filterBy", name, at]) for at, value in enumerate(values or ())]


def _place(id: str, path: Sequence[str | int]) -> uuid.UUID:
    type_name, found = any_key(id, path)
    if type_name not in PLACES:
        raise NotFound(path=path)
    return found


@strawberry.type(description="A value that some of the hits have.")
class SearchFacetValue:
    value: str = column("What a filter takes.")
    label: str = column("What people call it.")
    count: int = column("How many of the hits have it.")


@strawberry.type(description="What the hits have of one sort, counted over those that the viewer may see.")
class SearchFacet:
    field: SearchFacetField = column("What they have in common.")
    values: list[SearchFacetValue] = column("Those of most hits first; at most 20.", most=VALUES_MAX, usual=5)


@strawberry.type(description="A passage of a hit that matches.")
class SearchHighlight:
    field: str = column("The field in which it stands, such as name or body.")
    html: HTML = column("The passage, with what matches in <mark>; all else is escaped.")


SearchResult = Annotated[
    Person | Post | Comment | Message | Group | Tag,
    strawberry.union("SearchResult", description="What a search found."),
]


@strawberry.type(description="Something that a search found.")
class SearchEdge:
    cursor: str = column("Its place among the hits of this search.")
    node: SearchResult = column("What was found.")
    highlights: list[SearchHighlight] = batched(
        reads.marked, description="What matches; at most 3 passages.", most=HIGHLIGHTS_MAX, usual=2
    )


@strawberry.type(description="A page of hits, best first; at most 1,000 in all.")
class SearchConnection:
    edges: list[SearchEdge] = column("The hits with their cursors.")
    nodes: list[SearchResult] = column("The hits alone.")
    page_info: PageInfo = column("Where this page lies.")
    total_count: int = column("How many hits the viewer may see; at least so many where it is not exact.")
    total_count_is_exact: bool = column("Whether there are no more hits than `totalCount`.")
    is_degraded: bool = column(
        "Whether the search engine is not well, so that PostgreSQL has answered: it forgives fewer misspellings."
    )

    @strawberry.field(
        description="What the hits have in common, to narrow the search by; over all hits, not only this page.",
        metadata=at_most(FACETS_MAX),
    )
    async def facets(self, info: Info) -> list[SearchFacet]:
        return await reads.facets(info.context, self)  # pyright: ignore


@strawberry.type
class Query:
    @connection(
        description="What holds all words of the text (1 to 500 characters): as they are, inflected, misspelt or as"
        ' beginnings of words. "Quotes" ask for these very words, -word for none of it; from:name, in:place, tag:name,'
        " before:2026-05-31 and after:2026 narrow it. Scope search:read.",
        backward=False,
    )
    async def search(
        self,
        info: Info,
        text: Annotated[str, argument(description="Words, phrases and operators.")],
        kinds: Annotated[list[SearchKind] | None, argument(description="Only these; null: all.")] = None,
        filter_by: Annotated[SearchFilter | None, argument(description="What hits must have.")] = None,
        *,
        page: PageArgs,
    ) -> SearchConnection:
        names = [kind.name for kind in kinds] if kinds else None
        filters = filter_by.asked() if filter_by else reads.NOTHING
        return await reads.search(info.context, text, names, filters, page)  # pyright: ignore[reportReturnType]

"""GraphiQL's tabs: operations ready to run, with ids of things that the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from graphql import GraphQLField, GraphQLObjectType

from atrium.demo.accounts import HEAD, MEMBER
from atrium.web.operations import UNKNOWN, Tab, operation
from atrium.web.survey_tabs import KnownSurveys, known_surveys, survey_tabs
from auth.scope import scope
from execution.ids import encode_id
from execution.rows import read
from models.org import OrgUnit
from models.people import Person
from resolvers import conversation_lists, feed
from resolvers.context import Context
from resolvers.conversation_lists import ConversationListing
from resolvers.lists import PageArgs
from schema.build import Schema

LATER = "# Sign in first: then this page fills in the ids.\n"


@dataclass(frozen=True)
class Known:
    """Global ids to fill in; `UNKNOWN` where there is nothing or nobody is signed in."""

    person: str = UNKNOWN
    unit: str = UNKNOWN
    post: str = UNKNOWN
    conversation: str = UNKNOWN
    surveys: KnownSurveys = field(default_factory=KnownSurveys)


async def known(ctx: Context) -> Known:
    """What the viewer may see: the demonstration's head or themselves, the top unit, their newest post and talk."""
    if ctx.viewer is None:
        return Known()
    head = await scope(Person, ctx.viewer).filter(email=HEAD.email).first()
    top = await scope(OrgUnit, ctx.viewer).filter(parent_id__isnull=True).order_by("id").first()
    posts = await feed.home(ctx, PageArgs(first=1))
    newest = [encode_id("Post", read(post, "id")) for post in posts.nodes]
    rooms = await conversation_lists.of_viewer(ctx, ConversationListing.ALL, PageArgs(first=1))
    return Known(
        encode_id("Person", head.id if head else ctx.viewer.person_id),
        encode_id("OrgUnit", top.id) if top else UNKNOWN,
        newest[0] if newest else UNKNOWN,
        next((encode_id("Conversation", read(room, "id")) for room in rooms.nodes), UNKNOWN),
        await known_surveys(ctx),
    )


def tabs(schema: Schema, ids: Known, *, signed_in: bool) -> list[Tab]:
    """The tabs in their order; one to sign in comes first for those who are not."""
    ready = _ready(ids)
    overall = Tab("schema", "All root fields", "What there is, at a glance.", overview(schema))
    if signed_in:
        return [*ready, overall]
    return [_sign_in(), *(replace(tab, query=LATER + tab.query) for tab in ready), overall]


def _ready(ids: Known) -> list[Tab]:
    # GraphiQL marks a required field as missing also where the schema has a default: hence False, spelled out.
    post = {"kind": "DISCUSSION", "body": "Hello **all**, this comes from the API.", "isDraft": False}
    message = {"conversationId": ids.conversation, "body": "Hello from the API.", "confirmEveryone": False}
    group = {"name": "A quiet room", "visibility": "SECRET", "joinPolicy": "INVITE", "isModerated": False}
    everybody = {"filterBy": {"isActive": True}, "first": 20}
    line = {"id": ids.person, "first": 20, "asOf": None}
    found = {"text": "forklift", "kinds": None, "filterBy": None, "first": 20, "after": None}
    return [
        Tab("me", "Me", "Who is signed in, with their roles.", operation("session/me")),
        Tab("home-feed", "Home feed", "Posts, authors and comments.", operation("feed/home_feed"), {"first": 10}),
        Tab(
            "org-chart",
            "Org chart",
            "Two levels from the top.",
            operation("org/org_chart"),
            {"rootId": ids.unit, "depth": 2},
        ),
        Tab("profile", "A profile", "A person and their line.", operation("people/profile"), {"id": ids.person}),
        Tab("line", "A person's line", "Managers, reports and peers, of any day.", operation("lines/line"), line),
        Tab("directory", "Directory", "People by name, in pages.", operation("people/directory"), everybody),
        Tab(
            "facets",
            "Facets",
            "How the directory is spread.",
            operation("directory/people_facets"),
            {"filterBy": {"isActive": True}},
        ),
        Tab(
            "skills",
            "Skills",
            "What people can do, by a word.",
            operation("skills/skills"),
            {"text": "weld", "first": 20},
        ),
        Tab(
            "head-count",
            "Head-count",
            "Of a unit, by those below it and by grade.",
            operation("headcounts/head_count"),
            {"orgUnitId": ids.unit, "asOf": None},
        ),
        Tab("search", "Search", "Whatever holds a word, what they have in common.", operation("search/search"), found),
        Tab(
            "suggest",
            "Suggest",
            "People, groups and tags as one types.",
            operation("suggestions/suggest"),
            {"prefix": "co", "first": 8},
        ),
        Tab(
            "experts",
            "Experts",
            "Whom to ask about a topic, and why.",
            operation("experts/experts"),
            {"topic": "TIG welding", "first": 10},
        ),
        Tab("create-post", "Create a post", "A mutation.", operation("posts/create_post"), {"input": post}),
        Tab(
            "comment",
            "Comment on a post",
            "Under the newest post.",
            operation("comments/add_comment"),
            {"input": {"postId": ids.post, "body": "Well said."}},
        ),
        Tab(
            "groups",
            "Groups",
            "Those one may know of, with who is in them.",
            operation("groups/groups"),
            {"first": 20, "filterBy": None},
        ),
        Tab(
            "create-group",
            "Create a group",
            "A secret one: only its members know of it.",
            operation("groups/create_group"),
            {"input": group},
        ),
        Tab(
            "audience",
            "Who would see it",
            "An audience, before one posts to it.",
            operation("audiences/audience_preview"),
            {"audience": {"orgUnitId": ids.unit}},
        ),
        Tab(
            "chat-history",
            "Chat history",
            "The newest page of a conversation.",
            operation("messages/chat_history"),
            {"id": ids.conversation, "last": 20, "before": None},
        ),
        Tab(
            "send-message",
            "Send a message",
            "To the same conversation.",
            operation("messages/send_message"),
            {"input": message},
        ),
        Tab(
            "chat-stream",
            "Chat stream",
            "A subscription: what happens in the same conversation.",
            operation("streams/conversation_updated"),
            {"conversationId": ids.conversation, "after": None},
        ),
        *survey_tabs(ids.surveys),
        Tab(
            "feed-stream",
            "Feed stream",
            "A subscription: posts as they come.",
            operation("feed/feed_updated"),
            {"after": None},
        ),
    ]


def overview(schema: Schema) -> str:
    """All root fields with what they give, as a comment over an operation that anybody may run."""
    core = schema._schema  # pyright: ignore[reportPrivateUsage]  # Strawberry hands it out in no other way
    roots = [root for root in (core.query_type, core.mutation_type, core.subscription_type) if root]
    lines = ["Everything that can be asked, done and followed.", *(line for root in roots for line in _fields(root))]
    comment = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    return f"{comment}\nquery Overview {{\n  __typename\n  viewer {{ person {{ name }} }}\n}}\n"


def _fields(root: GraphQLObjectType) -> list[str]:
    lines = ["", root.name]
    for name, found in root.fields.items():
        if not name.startswith("_"):
            lines += [f"  {name}{_arguments(found)}: {found.type}", f"      {found.description or ''}"]
    return lines


def _arguments(found: GraphQLField) -> str:
    listed = ", ".join(f"{name}: {cast(Any, argument).type}" for name, argument in found.args.items())
    return f"({listed})" if listed else ""


def _sign_in() -> Tab:
    hint = (
        "# The start page of this server signs you in with one click.\n"
        "# Here it takes the password that `make run` prints; then load this page again.\n"
    )
    variables = {"input": {"login": MEMBER.email, "password": "", "wants": "SESSION"}}
    return Tab("sign-in", "Sign in", "By password.", hint + operation("session/sign_in"), variables)

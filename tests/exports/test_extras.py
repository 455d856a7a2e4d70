"""What a file of another system may hold beside the org chart: posts, comments, skills and whom people follow."""

from __future__ import annotations

from models import audiences, db
from models.audiences import COMPANY
from models.feed import Comment, Post
from models.groups import Group, Membership
from models.people import Person
from models.reactions import Reaction
from models.skills import Skill
from models.tags import PostTag
from tests.exports.bringing import ANN, BOB, KITCHEN, Bring, counts, problems

POST = ("post a", {"author": "1", "title": "Hello", "body": "To all", "created_at": "2026-01-05T08:00:00+01:00"})
REPLY = ("comment y", {"post": "a", "author": "1", "reply_to": "x", "body": "Thanks"})
COMMENT = ("comment x", {"post": "a", "author": "2", "body": "Well said"})


async def test_posts_and_comments_come_in_quietly_with_their_times(bring: Bring) -> None:
    report = await bring(REPLY, COMMENT, POST, ANN, BOB)

    assert problems(report) == []
    post = await Post.get()
    assert (post.audience_id, post.title, post.body) == (COMPANY, "Hello", "To all")
    assert post.created_at.isoformat() == str(post.published_at).replace(" ", "T") == "2026-01-05T07:00:00+00:00"
    ann, first = await Person.get(name="Ann"), await Comment.get(body="Well said")
    assert (post.author_id, (await Comment.get(body="Thanks")).reply_to_id) == (ann.id, first.id)
    events = await db.rows("SELECT kind, quiet FROM event WHERE kind IN ('PostPublished', 'CommentAdded')")
    assert sorted(map(tuple, events)) == [("CommentAdded", True)] * 2 + [("PostPublished", True)]


async def test_again_changes_nothing_and_a_change_is_one(bring: Bring) -> None:
    await bring(ANN, BOB, POST, COMMENT, REPLY)

    again = await bring(ANN, BOB, POST, COMMENT, REPLY)
    edited = await bring(("post a", {"body": "To you"}))

    assert [counts(again, type) for type in ("post", "comment")] == [(0, 0, 1, 0), (0, 0, 2, 0)]
    assert counts(edited, "post") == (0, 1, 0, 0)
    assert [(post.title, post.body) for post in await Post.all()] == [("Hello", "To you")]


async def test_a_dry_run_tells_what_the_real_one_does(bring: Bring) -> None:
    told = (ANN, POST, COMMENT, REPLY, KITCHEN, ("post b", {"org_unit": "K", "body": "Hi"}), ("post c", {"body": None}))

    dry = await bring(*told, dry_run=True)

    assert await Post.all().count() == 0
    assert dry.problems == (real := await bring(*told)).problems
    assert dry.summary() == real.summary()


async def test_who_sees_a_post(bring: Bring) -> None:
    await bring(
        *(
            BOB,
            KITCHEN,
            ("post a", {"body": "unit", "org_unit": "K"}),
            ("post b", {"body": "Paris", "location": "Paris"}),
        ),
        *(("post c", {"body": "Rome", "location": "Rome"}),),
    )

    seen = {
        row[0]: (row[1], row[2])
        for row in await db.rows(
            "SELECT p.body, a.kind, coalesce(u.name, a.location) FROM post p JOIN audience a ON a.id = p.audience_id"
            " LEFT JOIN org_unit u ON u.id = a.id"
        )
    }
    assert seen == {"unit": ("UNIT", "Kitchen"), "Paris": ("LOCATION", "Paris"), "Rome": ("LOCATION", "Rome")}


async def test_what_names_an_unknown_audience_is_shown_to_nobody(bring: Bring) -> None:
    report = await bring(ANN, ("post a", {"body": "secret", "org_unit": "nowhere"}))

    assert problems(report) == [(3, "unknown_ref", "org_unit")]
    assert not await Post.exists()


async def test_bad_records_are_left_out_and_told(bring: Bring) -> None:
    report = await bring(
        ANN,
        ("post a", {"body": "x" * 20_001}),
        ("post b", {"title": "No text"}),
        ("post c", {"body": "ok", "created_at": "yesterday"}),
        ("post d", {"body": "ok", "kind": "RANT"}),
        ("post e", {"body": "ok", "author": "nobody"}),
        ("comment f", {"body": "ok", "post": "nowhere"}),
        ("follow g", {"person": "1", "target": "1"}),
    )

    assert problems(report) == [
        (3, "bad_value", "body"),
        (4, "missing_field", "body"),
        (5, "bad_value", "created_at"),
        (6, "bad_value", "kind"),
        (7, "unknown_ref", "author"),
        (8, "unknown_ref", "post"),
        (9, "bad_value", "person"),
    ]
    assert [(post.body, post.author_id) for post in await Post.all()] == [("ok", None)]


async def test_what_is_gone_leaves_its_place(bring: Bring) -> None:
    await bring(ANN, BOB, POST, COMMENT, REPLY, ("follow f", {"person": "1", "target": "2"}))

    report = await bring(POST, COMMENT, ("follow f", {}), gone=["post a", "comment x", "follow f"])

    assert [counts(report, type)[3] for type in ("post", "comment", "follow")] == [1, 1, 1]
    assert [(post.status, post.body) for post in await Post.all()] == [("REMOVED", "")]
    assert sorted((comment.removed, comment.body) for comment in await Comment.all()) == [(False, "Thanks"), (True, "")]
    assert await db.value("SELECT count(*) FROM follow") == 0


async def test_skills_are_known_by_any_of_their_names(bring: Bring) -> None:
    await bring(ANN, ("skill r", {"name": "Rust", "synonyms": ["Rust Lang", "rüst"]}), source="one")

    report = await bring(
        *(
            ANN,
            BOB,
            ("skill 7", {"name": "RUST"}),
            ("person_skill s", {"person": "1", "skill": "7", "level": "EXPERT"}),
        ),
        *(
            ("person_skill t", {"person": "one:1", "skill": "7"}),
            ("endorsement e", {"person_skill": "s", "person": "2"}),
        ),
        source="two",
    )

    assert problems(report) == []
    assert [skill.key for skill in await Skill.all()] == ["rust"]
    assert await db.value("SELECT count(DISTINCT person_id) FROM person_skill") == 2
    assert await db.value("SELECT count(*) FROM endorsement") == 1
    assert [row[0] for row in await db.rows("SELECT key FROM skill_synonym")] == ["rust lang"]


async def test_the_same_twice_is_one(bring: Bring) -> None:
    follow = {"person": "1", "target": "2"}

    report = await bring(ANN, BOB, ("follow f", follow), ("follow g", follow))

    assert problems(report) == [(4, "duplicate_id", None)]
    assert await db.value("SELECT count(*) FROM follow") == 1


async def test_roles_guests_and_lists_come_from_our_own_exports_alone(bring: Bring) -> None:
    report = await bring(
        ANN,
        ("role r", {"person": "1", "role": "ADMIN"}),
        ("guest g", {"name": "Gil"}),
        ("audience l", {"people": ["1"]}),
    )

    assert await db.value("SELECT count(*) FROM role_grant") == 0
    assert await Person.all().count() == 1
    assert await audiences.Audience.filter(kind="PEOPLE").count() == 0
    assert report.people.created == 1


CLUB = ("group c", {"name": "Club", "visibility": "OPEN", "join_policy": "OPEN"})
ANN_OWNS = ("membership o", {"group": "c", "person": "1", "role": "OWNER"})
BOB_IS_IN = ("membership b", {"group": "c", "person": "2", "created_at": "2026-01-02T08:00:00Z"})
IN_CLUB = "SELECT p.name FROM audience_member m JOIN person p ON p.id = m.person_id WHERE m.audience_id = $1 ORDER BY 1"


async def test_groups_come_with_their_members_and_posts(bring: Bring) -> None:
    report = await bring(ANN, BOB, ("post a", {"author": "2", "group": "c", "body": "Hi"}), BOB_IS_IN, ANN_OWNS, CLUB)

    assert problems(report) == []
    group = await Group.get()
    assert (await Post.get()).audience_id == group.id
    assert [row[0] for row in await db.rows(IN_CLUB, group.id)] == ["Ann", "Bob"]
    assert await db.value("SELECT open AND NOT read_only FROM audience WHERE id = $1", group.id)
    members = await Membership.all().order_by("created_at")
    assert [(one.role, one.status, one.joined_at == one.created_at) for one in members] == [
        ("MEMBER", "MEMBER", True),
        ("OWNER", "MEMBER", True),
    ]
    told = await db.rows("SELECT kind, quiet FROM event WHERE kind IN ('GroupCreated', 'RightsChanged') ORDER BY id")
    assert [tuple(row) for row in told] == [("GroupCreated", True), *[("RightsChanged", False)] * 2]


async def test_again_groups_and_members_are_the_same_ones(bring: Bring) -> None:
    await bring(ANN, BOB, CLUB, ANN_OWNS, BOB_IS_IN)

    again = await bring(ANN, BOB, CLUB, ANN_OWNS, BOB_IS_IN)
    moved = await bring(("membership b", {"group": "c", "person": "2", "active": False}))

    assert [counts(again, type) for type in ("group", "membership")] == [(0, 0, 1, 0), (0, 0, 2, 0)]
    assert counts(moved, "membership") == (0, 1, 0, 0)
    group = await Group.get()
    assert [row[0] for row in await db.rows(IN_CLUB, group.id)] == ["Ann"]
    assert (await Membership.get(status="REMOVED")).joined_at is None


async def test_a_member_is_the_same_whatever_the_record_is_called(bring: Bring) -> None:
    await bring(ANN, BOB, CLUB, BOB_IS_IN)

    report = await bring(("membership other", {"group": "c", "person": "2", "role": "MODERATOR"}))

    assert counts(report, "membership") == (0, 1, 0, 0)
    assert [one.role for one in await Membership.all()] == ["MODERATOR"]


async def test_a_secret_group_is_by_invitation_and_a_silent_one_private(bring: Bring) -> None:
    await bring(("group s", {"name": "S", "visibility": "SECRET", "join_policy": "OPEN"}), ("group t", {"name": "T"}))

    groups = {group.name: (group.visibility, group.join_policy) for group in await Group.all()}
    assert groups == {"S": ("SECRET", "INVITE"), "T": ("PRIVATE", "INVITE")}
    assert await db.value("SELECT count(*) FROM audience WHERE kind = 'GROUP' AND open") == 0


async def test_a_group_that_is_gone_is_archived(bring: Bring) -> None:
    await bring(ANN, CLUB, ANN_OWNS)

    await bring(CLUB, ("membership o", {}), gone=["group c", "membership o"])

    group = await Group.get()
    assert group.archived_at is not None
    assert await db.value("SELECT read_only FROM audience WHERE id = $1", group.id)
    assert await db.rows(IN_CLUB, group.id) == []


async def test_what_names_an_unknown_group_is_shown_to_nobody(bring: Bring) -> None:
    report = await bring(ANN, ("post a", {"body": "secret", "group": "nowhere"}))

    assert problems(report) == [(3, "unknown_ref", "group")]
    assert not await Post.exists()


async def test_what_hangs_on_a_post_comes_with_it(bring: Bring) -> None:
    told = (
        *(ANN, BOB, ("tag t", {"name": "Lunch", "about": "Food", "synonyms": ["Canteen"]})),
        ("post a", {"author": "1", "kind": "PRAISE", "body": "Hi", "tags": ["t", "gone"], "praised": ["2"]}),
        ("post q", {"author": "1", "kind": "POLL", "body": "Which?"}),
        *(("poll p", {"post": "q"}), ("poll_option x", {"poll": "p", "place": 0, "text": "This"})),
        *(COMMENT, ("reaction r", {"target": "x", "person": "1", "emoji": "❤"})),
        *(("reaction s", {"target": "a", "person": "2", "emoji": "no"}), ("tag_follow f", {"person": "2", "tag": "t"})),
    )

    dry = await bring(*told, dry_run=True)
    report = await bring(*told)

    assert sorted(problems(report)) == [(5, "unknown_ref", "tags"), (11, "missing_field", "emoji")]
    assert dry.summary() == report.summary()
    tagged = await PostTag.get()
    post = await Post.get(kind="PRAISE")
    assert (tagged.post_id, tagged.given, tagged.published_at) == (post.id, True, post.published_at)
    assert await db.value("SELECT count(*) FROM praised_person") == 1
    assert await db.value("SELECT count(*) FROM poll JOIN poll_option ON poll_id = poll.id") == 1
    reaction = await Reaction.get()
    assert (reaction.emoji, reaction.subject_id) == ("❤️", (await Comment.get()).id)
    assert await db.value("SELECT count(*) FROM tag_follow") == 1


async def test_an_answer_is_accepted_and_taken_back(bring: Bring) -> None:
    await bring(ANN, BOB, ("post a", {"author": "1", "kind": "QUESTION", "body": "Who?"}), COMMENT)

    await bring(("comment x", {"post": "a", "body": "Me", "accepted": True}))
    accepted = (await Post.get()).accepted_id
    await bring(("comment x", {"post": "a", "body": "Me", "accepted": False}))

    assert accepted == (await Comment.get()).id
    assert (await Post.get()).accepted_id is None


async def test_a_reaction_that_is_gone_is_taken_back(bring: Bring) -> None:
    reaction = {"target": "a", "person": "2", "emoji": "👍"}
    await bring(ANN, BOB, POST, ("reaction r", reaction))

    report = await bring(("reaction r", {}), gone=["reaction r"])

    assert counts(report, "reaction")[3] == 1
    assert not await Reaction.exists()


async def test_a_post_for_a_later_day_needs_one(bring: Bring) -> None:
    later = {"body": "x", "status": "SCHEDULED", "scheduled_at": "2030-01-01T08:00:00Z"}

    await bring(ANN, ("post a", later), ("post b", {"body": "y", "status": "SCHEDULED"}))

    assert {post.body: (post.status, post.published_at) for post in await Post.all()} == {
        "x": ("SCHEDULED", None),
        "y": ("DRAFT", None),
    }
    assert await db.value("SELECT count(*) FROM timer WHERE kind = 'publish_post'") == 1


async def test_private_things_come_from_our_own_exports_alone(bring: Bring) -> None:
    await bring(
        *(ANN, BOB, POST),
        *((f"{type} 1", {"post": "a", "person": "2"}) for type in ("seen", "bookmark", "must_read", "acknowledgement")),
        *(("poll_vote 1", {"option": "x", "person": "2"}), ("delegate 1", {"person": "1", "delegate": "2"})),
    )

    for table in ("seen", "bookmark", "must_read", "acknowledgement", "poll_vote", "delegate"):
        assert await db.value(f"SELECT count(*) FROM {table}") == 0

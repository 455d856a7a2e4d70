"""Conversations written by hand, so that each of the four accounts finds some of every kind, and something unread."""

from dataclasses import dataclass

from models.conversations import ConversationKind, ReceiptPolicy

Lines = tuple[tuple[str, str], ...]
"""Who says what. `> ` replies to the last before it that does not, `! ` is pinned, `~ ` was edited since, and `- ` is
removed. What follows a `|` is a reaction, by the part before the emoji: `|head 👍`.
"""


@dataclass(frozen=True, slots=True)
class ChatScene:
    """One conversation. People are parts (`admin head member guest first mate lead`), also in texts, as `{member}`.

    The first of `people` owns it; `unit` stands for those of the head's unit. It begins `ago` days before the end, and
    a line takes `pace` minutes. The last lines of others that somebody has not read are counted in `unread`.
    """

    kind: ConversationKind
    people: tuple[str, ...]
    lines: Lines
    ago: float
    pace: float = 4
    title: str | None = None
    purpose: str = ""
    unread: tuple[tuple[str, int], ...] = ()
    receipts: ReceiptPolicy = ReceiptPolicy.NAMES
    retention_days: int | None = None
    archived: bool = False


DIRECT, GROUP, CHANNEL = ConversationKind.DIRECT, ConversationKind.GROUP, ConversationKind.CHANNEL

CHAT_SCENES: tuple[ChatScene, ...] = (
    ChatScene(
        GROUP,
        ("head", "member", "admin", "guest"),
        (
            (
                "head",
                "! Welcome, {guest}! Here we can ask each other quickly; what matters goes into the group.|guest 🙏",
            ),
            ("guest", "Thank you. When may I see the benches?"),
            ("member", "> Thursday at nine, the oldest one first.|guest 👍|head 👍"),
            ("admin", "> I have opened gate two for you. Please bring your passport."),
            ("guest", "~ Will there be a projector in the hall?"),
            ("member", "> There is one, and I bring the cable."),
            ("admin", "- The password for the visitors' network is"),
            ("admin", "Sorry, that was the wrong window 🙈|member 😂|head 😂"),
            ("head", "The data of the last quarter is in your folder since noon, {guest}."),
            ("member", "@here Who joins us for dinner on Thursday?"),
        ),
        *(0.9, 35),
        title="Brightwell audit",
        purpose="For the days of the audit: who is where, and what is missing.",
        unread=(("guest", 2), ("admin", 1), ("head", 1)),
    ),
    ChatScene(
        DIRECT,
        ("member", "head"),
        (
            ("head", "Do you have a minute for the plan of the test hall?"),
            ("member", "In ten. I am at the bench."),
            ("head", "No hurry.|member 👍"),
            ("member", "The crane is the question: ours, or that of maintenance?"),
            ("head", "> Share it, as you wrote. I have asked, they agree.|member 🎉"),
            ("member", "Then the page is done. I send it tonight."),
            ("head", "Perfect, the board meets tomorrow at eight."),
            ("head", "And please take Friday off. You have earned it."),
        ),
        *(0.75, 22),
        unread=(("member", 2),),
    ),
    ChatScene(
        DIRECT,
        ("mate", "member"),
        (
            ("mate", "Is the coffee on your floor as bad as here?"),
            ("member", "Worse. They have changed the beans.|mate 😂"),
            ("mate", "> I bring my own from tomorrow on."),
            ("member", "Two cups, please ☕"),
            ("mate", "Can you swap the late shift with me next week?"),
            ("member", "> Which day?"),
            ("mate", "> Wednesday. I take your Friday."),
        ),
        *(0.6, 9),
        unread=(("member", 1),),
    ),
    ChatScene(
        DIRECT,
        ("member", "member"),
        (
            ("member", "Bench 4: zero it *warm*, after each move."),
            ("member", "! Number of the calibration lab: extension 4711"),
            ("member", "Ask {lead} for the key of the grey box."),
        ),
        *(6.3, 600),
    ),
    ChatScene(
        DIRECT,
        ("head", "lead"),
        (
            ("head", "Who covers the board while you are away?"),
            ("lead", "{mate}, and {member} knows the rest."),
            ("head", "> Good. Enjoy it!"),
            ("lead", "One more thing: the gauges for bench 2 have not come."),
        ),
        *(0.8, 30),
        unread=(("head", 1),),
    ),
    ChatScene(
        DIRECT,
        ("admin", "first"),
        (
            ("first", "My telephone does not ring any more. It only hums."),
            ("admin", "That is the night mode. Press the moon for three seconds.|first 🙏"),
            ("first", "> It rings. Thank you! Is it the same on the tablet?"),
            ("admin", "> Almost: there the moon is at the bottom."),
            ("first", "You should write a book."),
        ),
        *(0.7, 6),
        unread=(("admin", 1),),
    ),
    ChatScene(
        GROUP,
        ("lead", "member", "mate", "head"),
        (
            ("lead", "! Late shift: please lock the cabinet, the key is in the box.|mate 👍"),
            ("member", "Bench 3 runs until six, then it is free."),
            ("mate", "> I take it.|lead 👍|head 👍"),
            ("lead", "~ Bench 1 is down until Tuesday. A part is missing."),
            ("head", "> Which one? I call the supplier."),
            ("lead", "> The left bearing. Number 6204, I think."),
            ("member", "> It is 6205: I have the old one here.|lead 🙏"),
            ("mate", "- Where is everybody?"),
            ("mate", "Found you. I was in the wrong hall 😅|member 😂"),
            ("head", "The bearing comes tomorrow at ten."),
            ("lead", "Great. {mate}, can you be at the gate? {member}, you have the papers."),
        ),
        *(1.6, 80),
        title="Test hall, shifts",
        purpose="What the next shift must know. It is kept for ninety days.",
        unread=(("member", 1), ("head", 1)),
        receipts=ReceiptPolicy.COUNTS,
        retention_days=90,
    ),
    ChatScene(
        GROUP,
        ("member", "mate", "lead"),
        (
            ("member", "Lunch?"),
            ("mate", "Ten minutes."),
            ("lead", "Only if it is not soup again.|mate 😂|member 😂"),
            ("member", "It is soup again."),
            ("lead", "> Around the corner, then."),
            ("member", "At the door in five."),
        ),
        *(3.55, 3),
    ),
    ChatScene(
        GROUP,
        ("admin", "first", "head"),
        (
            ("admin", "! The new network comes on Sunday, six to eight.|first 👍|head 👍"),
            ("first", "Will the telephones work?"),
            ("admin", "> They will."),
            ("head", "> And the benches? They run over the weekend."),
            ("admin", "> On a line of their own. Nothing happens to them.|head 🙏"),
            ("first", "Then go ahead, {admin}. Tell everybody on Friday, please."),
            ("head", "I can lend you two people on Sunday, if that helps."),
        ),
        *(1.3, 45),
        title="Network, switch-over",
        purpose="Until it is done.",
        unread=(("admin", 2),),
    ),
    ChatScene(
        CHANNEL,
        ("head", "member", "lead", "mate", "unit"),
        (
            ("head", "! This channel is for quick questions; what should be found again goes into a post."),
            ("lead", "Who has the torque wrench of bench 2?"),
            ("mate", "> On my desk, sorry!|lead 😅"),
            ("member", "@here Hall closed from two to three: the floor is being marked.|head 👍|lead 👍|mate 👍"),
            ("mate", "> Also for the robots? 🤖|member 😂|head 😂"),
            ("member", "> They have been told."),
            ("head", "Visitors on Thursday: please wear your badges, Kenji brings a colleague."),
            ("lead", "Done with the marking. Mind the wet paint at gate two."),
        ),
        *(0.95, 50),
        title="test-hall",
        purpose="Quick questions around the benches.",
        unread=(("member", 2), ("head", 1)),
        receipts=ReceiptPolicy.OFF,
    ),
    ChatScene(
        GROUP,
        ("member", "head", "mate"),
        (
            ("member", "Who grills, who brings salad?"),
            ("mate", "Salad!"),
            ("head", "I have the charcoal.|mate 🔥"),
            ("member", "That was a great evening. Until next year!|head ❤️|mate ❤️"),
        ),
        *(20, 900),
        title="Summer party",
        archived=True,
    ),
)

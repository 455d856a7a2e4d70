"""What people of the demonstration company write into surveys."""

from __future__ import annotations

from atrium.demo.survey_pen import Phrases

BETTER = Phrases(
    (
        "Fewer meetings on Thursdays, please: it is the only day on which the whole team is in.",
        "I would like to hear why something was decided, not only that it was.",
        "Our tools are slow, and we all have our own spreadsheets by now.",
        "Give new colleagues somebody to ask during the first three months. I had nobody.",
        "Handovers between shifts: half of it is on paper, the other half in somebody's head.",
        "Say no to some projects. We begin everything and finish half of it.",
        "I learn about openings in other departments from people outside the company.",
        "Pay is fine. Planning is not: the roster comes two days before the month begins.",
        "The appraisal is a form that we fill in because it has to be filled in.",
        "More training that is not an online course with a quiz at the end.",
        "Let teams choose their own days for the office.",
        "Answer the last survey before you send the next one.",
        "A quiet room on our floor. Headphones are not a solution.",
        "Somebody should own the shared mailbox. Customers write three times until they get an answer.",
        "We work well with the next team and hardly know the one after that.",
        "Travel approvals take longer than the journey.",
        "My manager is great; it is the level above that I never see.",
        "Promotions should be explained. Nobody knows what it takes.",
        "Honest deadlines would help more than any wellness programme.",
        "Part-time colleagues get the same work in fewer days.",
    ),
    (
        "It was promised last year as well.",
        "That alone would save us an hour a week.",
        "Other sites have solved this, so why not ask them?",
        "I would help with it, if somebody gave me the time.",
        "Otherwise I like it here.",
        "This has become better since spring, but it is not good yet.",
        "We have said so in every team meeting.",
        "It does not cost anything, either.",
        "For me this is why people leave.",
        "Thank you for asking.",
    ),
)
KEEP = Phrases(
    (
        "The people. I have never had to ask twice for help.",
        "That we may try things and are not blamed when they fail.",
        "Flexible hours. I could not work full time otherwise.",
        "My team lead, who tells us what is going on before the rumours do.",
        "The apprentices' programme: keep it, and keep those who finish it.",
        "Friday demos. It is the one meeting that I would miss.",
        "We do what we promise to customers, even where it is expensive.",
        "The canteen!",
        "Being trusted to plan my own day.",
        "The long weekends in summer.",
        "That safety comes first here is more than a poster.",
        "People stay for a long time, so somebody always knows how it was done before.",
        "Working with colleagues of five countries without making a fuss about it.",
        "The budget for books and conferences. Most companies only talk about it.",
        "Short ways: I wrote to the head of the division and had an answer the same day.",
        "Two days at home. Please do not touch them.",
    ),
    (
        "Do not change it.",
        "I have worked elsewhere and know that this is rare.",
        "It is the reason why I came back.",
        "More of that!",
        "Everything else follows from it.",
        "New people should hear of it sooner.",
    ),
)
OFFICE = Phrases(
    (
        "Desks by the window are gone at eight. A booking that works would be fair.",
        "At home I get the thinking done, in the office the talking. I need both.",
        "The train takes an hour. If I come in, then for people and not for calls.",
        "Meeting rooms are booked by people who do not come.",
        "Please agree on two days for the whole team; now everybody comes on another one.",
        "Our machines are here, so am I. The discussion is for others, and that is all right.",
        "The office is too loud for calls and too quiet for company.",
        "I would come more often if there were a second screen at every desk.",
        "Childcare decides, not I.",
        "Hybrid meetings with one camera for twelve people do not work.",
    ),
    (
        "It was better before the move.",
        "Nothing dramatic, but every week.",
        "I am sure I am not the only one.",
        "Our neighbours upstairs have solved it.",
        "Happy to show what I mean.",
    ),
)
WEEK = Phrases(
    (
        "Good week: the release went out on time.",
        "Too many interruptions to finish anything.",
        "Two colleagues are ill, and the work is not.",
        "The new roster helps, thanks.",
        "We finally know what has priority.",
        "Still waiting for an answer from purchasing.",
        "I had time to learn something, for once.",
        "The customer was here and was happy. So were we.",
        "Nobody has told us what the re-organisation means for our site.",
        "The overtime has gone down. Keep it like that.",
    ),
    ("Let us see how next week goes.", "Better than last month.", "Same as always.", "Just so you know."),
)
ELSEWHERE = Phrases(
    ("On the road", "At customers'", "In the lab", "In a shared office near home", "On site, in shifts", "It depends"),
)

"""What the demonstration company's surveys ask."""

from __future__ import annotations

from random import Random

from atrium.demo.survey_pen import Pen, Phrases, Sheet
from atrium.demo.survey_phrases import BETTER, ELSEWHERE, KEEP, OFFICE, WEEK
from models.questionnaires import Scale


def engagement(rng: Random) -> Sheet:
    """The large one: how it is to work here."""
    pen = Pen(rng)
    pen.section("Your work", "Think of the last three months.")
    pen.scale("expected", "I know what is expected of me at work.", 0.74)
    pen.scale("equipment", "I have what I need to do my work well.", 0.58)
    pen.scale("strengths", "I can do what I am good at every day.", 0.66)
    pen.choice(
        "workload",
        "My workload is …",
        {"far too high": 9, "a little too high": 31, "about right": 52, "a little too low": 6, "far too low": 2},
    )
    pen.section("Your team and manager")
    pen.scale("speak", "I can say what I think without having to fear for it.", 0.68)
    pen.scale("feedback", "My manager gives me feedback that helps me.", 0.6)
    pen.matrix(
        "meetings",
        "How often does this happen in your team?",
        {"We decide in time": 0.52, "We help each other out": 0.76, "We learn from mistakes": 0.58},
        ("Never", "Seldom", "Often", "Always"),
    )
    pen.section("The company")
    pen.scale("direction", "I understand where the company is heading.", 0.5)
    pen.scale("change", "What we say in surveys leads to change.", 0.38)
    pen.nps("recommend", "How likely are you to recommend us as a place to work?", 0.71)
    pen.several(
        "stay",
        "What keeps you here? Choose up to three.",
        {
            "Colleagues": 0.62,
            "The work itself": 0.48,
            "Pay and benefits": 0.3,
            "Flexible hours": 0.42,
            "A secure job": 0.34,
            "Chances to learn": 0.24,
            "The company's purpose": 0.18,
        },
        most=3,
        shuffled=True,
    )
    pen.ranking(
        "next",
        "What should we work on next? The most important first.",
        {"Planning": 0.72, "Tools and equipment": 0.66, "Information": 0.52, "Training": 0.4, "Office and sites": 0.22},
    )
    pen.text("better", "What one thing should we do better?", BETTER, 0.34)
    pen.text("keep", "What should stay exactly as it is?", KEEP, 0.22)
    return pen.sheet()


def hybrid(rng: Random) -> Sheet:
    """The one that is open: where people work."""
    pen = Pen(rng)
    pen.section("Where you work")
    pen.choice(
        "place",
        "Where do you work most of the time?",
        {"At the office": 34, "At home": 22, "Half and half": 36},
        said=ELSEWHERE,
    )
    days = Scale(0, 5, "None", "All of the week")
    pen.scale("days", "How many days a week would you like to work at home?", 0.46, days)
    pen.matrix(
        "suits",
        "Where does this go best?",
        {"Work that needs quiet": 0.2, "Meetings of the team": 0.8, "Helping new colleagues": 0.9},
        ("At home", "Makes no difference", "At the office"),
    )
    pen.section("At the office")
    pen.scale("desk", "When I come to the office I find a good place to work.", 0.52)
    pen.several(
        "missing",
        "What do you miss there?",
        {"Quiet rooms": 0.48, "Larger screens": 0.3, "Rooms for calls": 0.44, "Colleagues of my team": 0.36},
        shuffled=True,
    )
    pen.ranking(
        "invest",
        "Where should we invest first?",
        {"Quiet rooms": 0.7, "Rooms for hybrid meetings": 0.6, "Equipment at home": 0.46, "The canteen": 0.3},
    )
    pen.nps("recommend", "How likely are you to recommend our way of working to a friend?", 0.72)
    pen.text("office", "What would make you recommend it?", OFFICE, 0.4)
    pen.date("moved", "Since when have you worked like this? Roughly is fine.", 0.3)
    pen.skip("recommend", "moved", least=9, most=10)
    return pen.sheet()


def pulse(rng: Random) -> Sheet:
    """A minute a week."""
    pen = Pen(rng)
    pen.scale("week", "All in all this was a good week at work.", 0.55)
    pen.scale("load", "I could do my work in the time that I had.", 0.5)
    pen.scale("informed", "I know what matters most right now.", 0.58)
    pen.nps("recommend", "How likely are you to recommend us as a place to work?", 0.68)
    pen.text("say", "Anything that you want to say about this week?", WEEK, 0.16)
    return pen.sheet()


def security(rng: Random) -> Sheet:
    """A quiz on what everybody should know."""
    pen = Pen(rng)
    pen.right(
        "link",
        "The head of finance writes: “Pay this at once, I am in a meeting.” What do you do?",
        {
            "I call back on the number in the directory": 2,
            "I pay: it is urgent": 0,
            "I reply and ask whether it is true": 0,
            "I forward it to a colleague who may know": 0,
        },
    )
    pen.right(
        "password",
        "Which password is the best?",
        {
            "Summer2026!": 0,
            "Four words by chance from the password manager": 1,
            "The one that I use elsewhere: I know it by heart": 0,
            "P@ssw0rd": 0,
        },
    )
    pen.right(
        "found",
        "What belongs to a phishing mail? Several are right.",
        {
            "It is urgent": 1,
            "The address is almost the right one": 1,
            "It has an attachment that you did not expect": 1,
            "It comes from somebody you know": -1,
        },
    )
    pen.right(
        "stick",
        "You find a USB stick at the car park. Where do you take it?",
        {"To the service desk": 1, "To my computer, to see whose it is": 0, "Home": 0},
    )
    pen.right(
        "data",
        "Which of these are personal data? Several are right.",
        {"A photograph for the intranet": 1, "An employee number": 1, "The price list": -1, "A customer's address": 1},
    )
    days = Scale(1, 14, "A day", "Two weeks")
    pen.number("days", "Within how many days must a leak of personal data be told to the authority?", days, 3, 2)
    pen.right(
        "screen",
        "You fetch a coffee. What about your screen?",
        {"I lock it": 1, "It locks itself after ten minutes": 0, "I turn it away": 0},
    )
    return pen.sheet()


def lunch(rng: Random) -> Sheet:
    """A poll of a team."""
    pen = Pen(rng)
    days = {"Tuesday": 3, "Wednesday": 5, "Thursday": 4}
    pen.choice("day", "Which day suits you for our team lunch?", days, said=Phrases(("Friday, if it is short",)))
    return pen.sheet()

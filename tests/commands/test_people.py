"""The commands for people and their accounts."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import orjson
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from auth import secrets
from tests.commands.conftest import Ask
from tests.commands.interpreter import ROOT, Atrium, Done, Interpreter

ANN, BOB = "ann@company.example", "bob@company.example"
A_PERSON = """
INSERT INTO person (id, name, email, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at)
VALUES (uuidv7(), initcap(split_part($1, '@', 1)), $1, '', '', false, true, 0, 1, now(), now()) RETURNING id
"""
A_ROLE = "INSERT INTO role_grant (id, person_id, role) VALUES (uuidv7(), $1, $2)"
A_UNIT = """
WITH unit AS (INSERT INTO org_unit (id, name, version, created_at) VALUES (uuidv7(), $1, 1, now()) RETURNING id, name)
INSERT INTO unit_term (id, unit_id, name, valid_from, valid_to)
SELECT uuidv7(), id, name, '2020-01-01', 'infinity' FROM unit RETURNING unit_id AS id
"""
UNAUTHENTICATED = 4401


def a_person(rows: Ask, email: str, *roles: str) -> None:
    [person] = rows(A_PERSON, email)
    for role in roles:
        rows(A_ROLE, person["id"], role)


def test_a_token_is_all_that_is_printed(atrium: Atrium, rows: Ask) -> None:
    a_person(rows, ANN)

    done = atrium("token", ANN.upper())

    assert (done.code, done.err) == (0, "")
    secret = done.out.removesuffix("\n")
    assert secrets.well_formed(secret)
    [kept] = rows("SELECT * FROM access")
    assert (kept["secret_hash"], kept["scopes"]) == (secrets.digest(secret), None)
    assert kept["expires_at"] - kept["created_at"] == timedelta(days=30)


def test_a_token_is_limited_to_scopes_and_days(atrium: Atrium, rows: Ask) -> None:
    a_person(rows, ANN)

    atrium.done("token", ANN, "--scope", "people:read", "--scope", "feed:read", "--days", "365")

    [kept] = rows("SELECT * FROM access")
    assert kept["scopes"] == ["feed:read", "people:read"]
    assert kept["expires_at"] - kept["created_at"] == timedelta(days=365)


def test_what_cannot_be_done_is_refused_in_a_sentence(atrium: Atrium, rows: Ask) -> None:
    for unit in ("Twin", "Twin"):
        rows(A_UNIT, unit)
    a_person(rows, ANN)

    for words, says in (
        (("token", "nobody@company.example"), "Nobody has the e-mail address or employee id"),
        (("token", ANN, "--scope", "people:own"), "There is no scope people:own. Choose among admin:read"),
        (("token", ANN, "--days", "0"), "--days"),
        (("token", ANN, "--days", "366"), "--days"),
        (("person", "add", "--name", "Bob", "--unit", "Moon"), "There is no unit 'Moon'"),
        (("person", "add", "--name", "Bob", "--unit", "Twin"), "Several units are called 'Twin'"),
        (("person", "role", ANN, "BOSS"), "BOSS"),
    ):
        done = atrium(*words)

        assert (done.code, done.out) == (2, "")
        assert says in done.err
        assert "Traceback" not in done.err
    assert not rows("SELECT 1 FROM event")


def test_a_person_is_added_and_invited(atrium: Atrium, rows: Ask) -> None:
    [unit] = rows(A_UNIT, "Sales")
    who = ("--name", "Ann", "--email", ANN, "--employee-id", "17", "--title", "Agent")

    added = atrium.done("person", "add", *who, "--unit", "Sales", "--role", "HR", "--role", "ADMIN")
    invited = atrium.done("person", "invite", "17", public_url="https://social.company.example/")

    assert added == f"Ann was added. Let them in: person invite {ANN}\n"
    [ann] = rows("SELECT * FROM person")
    assert (ann["name"], ann["email"], ann["title"], ann["unit_id"]) == ("Ann", ANN, "Agent", unit["id"])
    assert {row["role"] for row in rows("SELECT role FROM role_grant")} == {"ADMIN", "HR"}
    code = re.search(r"Code +(\S+)", invited)
    assert code and f"https://social.company.example/#activate={code[1]}\n" in invited
    [kept] = rows("SELECT * FROM one_time_code")
    assert kept["code_hash"] == secrets.digest(secrets.typed_code(code[1]) or "")


def test_a_reset_is_a_code_for_this_machine(atrium: Atrium, rows: Ask) -> None:
    a_person(rows, ANN)

    assert "http://127.0.0.1:8123/#activate=" in atrium.done("person", "reset", ANN, port="8123")


def test_a_role_is_given_and_taken_by_the_units_name_or_id(atrium: Atrium, rows: Ask) -> None:
    [unit] = rows(A_UNIT, "Sales")
    a_person(rows, ANN)

    assert atrium.done("person", "role", ANN, "HR", "--unit", "Sales") == "Ann is HR in Sales.\n"
    assert [row["unit_id"] for row in rows("SELECT unit_id FROM role_grant")] == [unit["id"]]
    again = atrium.done("person", "role", ANN, "HR", "--unit", str(unit["id"]), "--remove")
    assert again == f"Ann is not HR in {unit['id']}.\n"
    assert not rows("SELECT 1 FROM role_grant")


def test_of_two_administrators_whom_two_processes_deactivate_one_stays(
    atrium: Atrium, rows: Ask, interpreter: Interpreter, tmp_path: Path
) -> None:
    for email in (ANN, BOB):
        a_person(rows, email, "ADMIN")

    def deactivate(by: Interpreter, email: str) -> Done:
        return by.run("person", "deactivate", email, environment=atrium.environment())

    with Interpreter(tmp_path) as second, ThreadPoolExecutor(2) as both:
        done = list(both.map(deactivate, (interpreter, second), (ANN, BOB)))

    assert sorted(one.code for one in done) == [0, 2]
    assert "the last active administrator" in "".join(one.err for one in done)
    assert len(rows("SELECT 1 FROM person WHERE active")) == 1


def test_a_live_stream_ends_when_another_process_deactivates(atrium: Atrium, rows: Ask) -> None:
    a_person(rows, ANN)
    bearer = {"authorization": f"Bearer {atrium.done('token', ANN).strip()}"}
    question = {"query": "{ viewer { person { name } } }"}
    command = [sys.executable, "-m", "atrium", "serve", "--port", "0"]
    environment = {**atrium.environment(), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            address = next(found[1] for line in server.stdout if (found := re.search(r"http://(\S+)", line)))
            asked = httpx.post(f"http://{address}/graphql", json=question, headers=bearer)
            assert asked.json() == {"data": {"viewer": {"person": {"name": "Ann"}}}}
            with connect(f"ws://{address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
                socket.send(orjson.dumps({"type": "connection_init", "payload": bearer}).decode())
                assert orjson.loads(socket.recv(5))["type"] == "connection_ack"

                atrium.done("person", "deactivate", ANN)

                assert ended_with(socket) == UNAUTHENTICATED
            assert httpx.post(f"http://{address}/graphql", json=question, headers=bearer).status_code == 401
        finally:
            server.terminate()


def ended_with(socket: ClientConnection) -> int | None:
    """The code with which the server closes the socket."""
    with pytest.raises(ConnectionClosed):
        socket.recv(5)
    return socket.close_code


def test_a_career_is_told_from_day_to_day(atrium: Atrium, rows: Ask) -> None:
    for unit in ("Sales", "Support"):
        rows(A_UNIT, unit)
    atrium.done("person", "add", "--name", "Bea", "--email", BOB, "--unit", "Sales", "--from", "2023-01-01")

    said = [
        atrium.done("person", *words)
        for words in (
            ("add", "--name", "Ann", "--email", ANN, "--title", "Agent", "--unit", "Sales", "--from", "2024-01-01"),
            ("manager", ANN, "--to", BOB, "--from", "2024-02-01"),
            ("promote", ANN, "--title", "Lead", "--grade", "7", "--from", "2024-03-01"),
            ("move", ANN, "--unit", "Support", "--from", "2024-04-01"),
            ("manager", ANN, "--nobody", "--from", "2024-05-01"),
            ("leave", ANN, "--from", "2024-06-01"),
            ("rehire", ANN, "--title", "Agent", "--unit", "Sales", "--manager", BOB),
        )
    ]

    assert said == [
        f"Ann was added. Let them in: person invite {ANN}\n",
        "Ann reports to Bea from 2024-02-01 on.\n",
        "Ann is promoted from 2024-03-01 on.\n",
        "Ann is in Support from 2024-04-01 on.\n",
        "Ann reports to nobody from 2024-05-01 on.\n",
        "Ann does not belong to the company any more from 2024-06-01 on.\n",
        f"Ann belongs to the company again from today on. Let them in: person invite {ANN}\n",
    ]
    [ann] = rows(
        "SELECT p.active, p.title, u.name FROM person p JOIN org_unit u ON u.id = p.unit_id WHERE email = $1", ANN
    )
    assert tuple(ann) == (True, "Agent", "Sales")
    terms = rows("SELECT title, grade, valid_from FROM position_term WHERE title <> '' ORDER BY valid_from")
    assert [(row["title"], row["grade"]) for row in terms] == [
        ("Agent", None),
        ("Lead", "7"),
        ("Lead", "7"),
        ("Agent", None),
    ]
    told = rows("SELECT refs, actor_id FROM event WHERE kind = 'HrChanged' ORDER BY generation, xid, id")
    assert [orjson.loads(row["refs"])["what"] for row in told] == [
        *("CreatePerson", "CreatePerson", "SetManager", "Promote", "MovePerson", "SetManager", "Leave", "Rehire"),
    ]
    assert not any(row["actor_id"] for row in told)


def test_what_hr_would_be_refused_is_refused_here(atrium: Atrium, rows: Ask) -> None:
    rows(A_UNIT, "Sales")
    atrium.done("person", "add", "--name", "Ann", "--email", ANN, "--role", "ADMIN")

    for words, says in (
        (("manager", ANN, "--to", ANN), "lead back to where it begins"),
        (("manager", ANN), "Say to whom"),
        (("leave", ANN), "the last active administrator"),
        (("move", ANN, "--unit", "Sales", "--from", "1899-12-31"), "too far away"),
        (("move", ANN, "--unit", "Sales", "--from", "tomorrow"), "--from"),
        (("rehire", ANN), "belongs to the company"),
        (("promote", ANN), "Say what changes"),
    ):
        done = atrium("person", *words)

        assert (done.code, done.out) == (2, "")
        assert says in done.err
        assert "Traceback" not in done.err

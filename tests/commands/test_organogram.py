"""`import organogram` as a command: killed in the middle of its writing it goes on, and the rows are the same."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.commands.conftest import Ask
from tests.commands.interpreter import ROOT, Atrium

DATA = Path("tests/data/uk_organogram")
UNFINISHED = "SELECT 1 FROM import_run WHERE phase = 'WRITING'"
FACTS = """
SELECT count(*), min(t.valid_from), count(DISTINCT l.manager_id), string_agg(m.external_id, ',' ORDER BY m.external_id)
FROM position_term t JOIN import_map m ON m.subject_id = t.position_id
LEFT JOIN reporting_line l ON l.position_id = t.position_id
"""


def words(snapshot: str, *options: str) -> list[str]:
    senior, junior = (str(DATA / f"{snapshot}-{which}.csv") for which in ("senior", "junior"))
    return ["import", "organogram", senior, junior, "--mode", "full", *options]


def test_killed_while_it_writes_it_goes_on(atrium: Atrium, rows: Ask) -> None:
    told = words("home_office-2012-09-30", "--effective", "2012-09-30")
    process = subprocess.Popen(
        [sys.executable, "-m", "atrium", *told],
        cwd=ROOT,
        env={"PATH": "", **atrium.environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not rows(UNFINISHED):
        time.sleep(0.01)
    process.kill()
    process.wait(10)
    assert rows(UNFINISHED), "it was too fast to be killed"

    resumed = atrium(*told)

    assert resumed.code == 0
    assert "went on from there" in resumed.err
    [(posts, since, managers, _)] = rows(FACTS)
    assert (posts, since.isoformat(), managers) == (190, "2012-09-30", 40)
    again = atrium(*told)
    assert (again.code, '"created":0' in again.out, '"created":1' in again.out) == (0, True, False)


def test_a_report_of_what_was_odd(atrium: Atrium, tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    done = atrium(*words("home_office-2012-09-30"), "--report", str(report))

    assert (done.code, done.out) == (0, "")
    assert report.read_text().count('"skipped":944') == 1  # 933 rows of junior posts, and 11 of senior ones
    assert len(report.with_suffix(".problems.jsonl").read_text().splitlines()) == 12

#!/usr/bin/env python3
"""An independent recount of the annual review, straight from the published files.

Written from the rules of docs/rules.md and from nothing else: it shares no code, no intermediate file and no language
with the program it checks.  Python's standard library is all it needs.

    recount.py FOLDER                      the review of 2019-20 as at 2019-02-28 on results 2017/18, as JSON
    recount.py FOLDER --no-schools         the same, threshold and counts only
    recount.py --threshold-only FILE       the threshold that one KS4 file gives, as JSON

FOLDER is the folder of national files, as `ks4/`, `ofsted/` and `register/`.

The JSON has the form of `ledge review --json`.  Instead of `clauses`, each school has what an explanation can be checked
against: `read_at`, the lines of the files its answers rest on, and `withheld`, the code that stands where a Progress 8
would.
"""

import argparse
import csv
import datetime
import json
import sys
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

YEAR = "2019-20"
AS_AT = datetime.date(2019, 2, 28)
RELEASE = "2017/18 final"

RESULTS = Path("ks4/2017-18/final_base_feat_gcse_2018.csv")
INSPECTIONS = Path("ofsted/ofsted_ratings_2018.csv")
LINKS = Path("register/links_edubasealldata20250422.csv")

# D3: state-funded mainstream schools.
MAINSTREAM = "1"
SPECIAL = "2"
POPULATION = {"CY", "VA", "VC", "FD", "AC", "ACC", "F", "UTC", "SS", "CTC", "FUTC", "FSS"}
PERCENTILE = 75

# Ofsted's words for the four overall grades; until August 2012 the third was called satisfactory.
GRADES = {
    "outstanding": 1,
    "good": 2,
    "requires improvement": 3,
    "satisfactory": 3,
    "inadequate": 4,
}


class School:
    """One row of the performance tables."""

    def __init__(self, line, row):
        self.line = line
        self.urn = identifier(row["URN"])
        self.name = row["SCHNAME"].strip()
        self.record_type = row["RECTYPE"].strip()
        self.kind = row["NFTYPE"].strip()
        self.progress8 = cell(row["P8MEA"])
        self.lower = cell(row["P8CILOW"])

    @property
    def in_population(self):
        return (
            self.record_type == MAINSTREAM
            and self.kind in POPULATION
            and isinstance(self.progress8, Decimal)
        )

    @property
    def significant(self):
        """D2: the published lower limit strictly above 0; None where none was published."""
        return self.lower > 0 if isinstance(self.lower, Decimal) else None


class Inspection:
    def __init__(self, day, grade, line):
        self.day = day
        self.grade = grade
        self.lines = [line]


def rows(path, encoding):
    """Each row as a dictionary, with the line it begins on (the header is line 1)."""
    with open(path, encoding=encoding, newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        begins = reader.line_num + 1
        for fields in reader:
            if len(fields) != len(header):
                sys.exit(f"{path} line {begins}: {len(fields)} fields under a header of {len(header)}")
            yield begins, dict(zip(header, fields))
            begins = reader.line_num + 1


def identifier(text):
    """`100049.0` and `100049` are one URN, kept as text."""
    number = Decimal(text.strip())
    if number != number.to_integral_value():
        sys.exit(f"`{text}` is not a URN")
    return str(int(number))


def cell(text):
    """A number to two places, or the code printed in its stead, or BLANK."""
    text = text.strip()
    if not text:
        return "BLANK"
    try:
        return Decimal(text).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return text


def schools(path):
    """The schools of a KS4 file: totals for authorities and the nation are left out."""
    found = [
        School(line, row)
        for line, row in rows(path, "utf-8-sig")
        if row["RECTYPE"].strip() in (MAINSTREAM, SPECIAL)
    ]
    if len({school.urn for school in found}) != len(found):
        sys.exit(f"{path}: a URN has two rows")
    return found


def threshold(found, release):
    """D3: the 75th percentile by linear interpolation between order statistics, and who stands on or above it."""
    population = [school for school in found if school.in_population]
    scores = sorted(school.progress8 for school in population)
    if not scores:
        sys.exit(f"{release}: no school has a published Progress 8")
    rank = Decimal(PERCENTILE) * (len(scores) - 1) / 100
    below = int(rank)
    above = min(below + 1, len(scores) - 1)
    value = scores[below] + (scores[above] - scores[below]) * (rank - below)
    return value, {
        "release": release,
        "population": len(scores),
        "value": float(value),
        "on_or_above": sum(score >= value for score in scores),
        "tied": sum(score == value for score in scores),
    }


def inspections(path, as_at):
    """URN -> its latest graded inspection public on or before the day (D6).

    The file has no publication dates, so the inspection day stands for them.  Of two grades for one school and day the
    poorer counts.
    """
    latest = {}
    for line, row in rows(path, "utf-8-sig"):
        day = datetime.datetime.strptime(row["Inspection Date"].strip(), "%Y%m%d").date()
        if day > as_at:
            continue
        urn = identifier(row["URN"])
        grade = GRADES[row["Rating"].strip().lower()]
        known = latest.get(urn)
        if known is None or day > known.day or (day == known.day and grade > known.grade):
            latest[urn] = Inspection(day, grade, line)
        elif day == known.day and grade == known.grade:
            known.lines.append(line)
    return latest


def predecessors(path, as_at):
    """URN -> the schools it directly succeeded, as the links stood on the day (always, where a link has no date).

    A row says what its second URN is to its first; both directions are united.
    """
    before = {}
    for _, row in rows(path, "cp1252"):
        kind = row["LinkType"].strip().lower()
        one, other = identifier(row["URN"]), identifier(row["LinkURN"])
        if kind.startswith("predecessor"):
            successor, predecessor = one, other
        elif kind.startswith("successor"):
            successor, predecessor = other, one
        else:
            continue
        established = row["LinkEstablishedDate"].strip()
        if established and datetime.datetime.strptime(established, "%d-%m-%Y").date() > as_at:
            continue
        before.setdefault(successor, set()).add(predecessor)
    return before


def grade_in_force(urn, graded, before):
    """D6: its own; else that of its one predecessor, one step back; else none."""
    if urn in graded:
        return graded[urn], None
    candidates = before.get(urn, set())
    if len(candidates) == 1:
        (only,) = candidates
        if only in graded:
            return graded[only], only
    return None, None


def outcome(grade, significant):
    """May it stay, were it a member: one published year, of which one may be missed (R12 to R14, D5, D6)."""
    if grade is None:
        return "referral"
    if grade in (3, 4):
        return "not_eligible"
    if grade == 1:
        return "renew"
    if significant is None:
        return "referral"
    return "renew" if significant else "renew_noted_dip"


def review(folder):
    found = schools(folder / RESULTS)
    cut, figures = threshold(found, RELEASE)
    graded = inspections(folder / INSPECTIONS, AS_AT)
    before = predecessors(folder / LINKS, AS_AT)
    counts = dict.fromkeys(
        [
            "significant",
            "eligible",
            "invited",
            "graded",
            "carried_over",
            "not_inspected",
            "referral",
            "judgement",
            "not_eligible",
        ],
        0,
    )
    answers = []
    for school in sorted(found, key=lambda school: int(school.urn)):
        inspection, carried_from = grade_in_force(school.urn, graded, before)
        grade = inspection.grade if inspection else None
        eligible = grade == 1 or (grade == 2 and school.significant is True)
        on_or_above = isinstance(school.progress8, Decimal) and school.progress8 >= cut
        invited = grade in (1, 2) and on_or_above
        stays = outcome(grade, school.significant)
        answers.append(
            {
                "urn": school.urn,
                "name": school.name,
                "in_population": school.in_population,
                "eligible": eligible,
                "invited": invited,
                "outcome": stays,
                "grade": grade,
                "carried_from": carried_from,
                "progress8": number(school.progress8),
                "withheld": None if isinstance(school.progress8, Decimal) else school.progress8,
                "read_at": {
                    RESULTS.name: [school.line],
                    INSPECTIONS.name: inspection.lines if inspection else [],
                },
            }
        )
        if not school.in_population:
            continue
        counts["significant"] += school.significant is True
        counts["eligible"] += eligible
        counts["invited"] += invited
        counts["graded"] += inspection is not None and carried_from is None
        counts["carried_over"] += carried_from is not None
        counts["not_inspected"] += inspection is None
        if stays in counts:
            counts[stays] += 1
    return {"year": YEAR, "threshold": figures, "counts": counts, "schools": answers}


def threshold_only(path):
    found = schools(path)
    _, figures = threshold(found, path.name)
    significant = sum(school.in_population and school.significant is True for school in found)
    return {"threshold": figures, "counts": {"significant": significant}}


def number(value):
    return float(value) if isinstance(value, Decimal) else None


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    what.add_argument("--threshold-only", type=Path, metavar="FILE")
    parser.add_argument("--no-schools", action="store_true", help="threshold and counts only")
    asked = parser.parse_args()
    answer = threshold_only(asked.threshold_only) if asked.threshold_only else review(asked.folder)
    if asked.no_schools:
        answer.pop("schools", None)
    sys.stdout.reconfigure(encoding="utf-8")
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()

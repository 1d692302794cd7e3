#!/usr/bin/env python3
"""Retention, recounted from the raw events of a journal; it shares nothing with the program.

    retention.py FOLDER TODAY

The program keeps a row for each term and looks at rows.  This keeps stretches of days, each from a first day to a last one
under one URN, and asks of single days who was a member.
"""

import json
import sqlite3
import sys
from datetime import date, timedelta

REASONS = [
    "never_offered", "unanswered", "not_renewed", "refused_mark", "refused_review", "refused_judgement", "refused_cover",
    "declined", "closed", "merged", "earlier",
]
LISTS = ["members", "kept", "new", "returned", "joined_late", "lost", "undecided"]
NOT_GONE = [None, "renewed", "carried_over"]
ONE_DAY = timedelta(days=1)


class Stretch:
    """Days of membership in a row under one URN."""

    def __init__(self, urn, first, last):
        self.urn, self.first, self.last = urn, first, last
        self.agreed = last              # the last day that was agreed, whatever came of it
        self.fees = {}                  # pence, by the year's number
        self.ending = None
        self.words = None
        self.successor = None
        self.taken_from = None          # the stretch at the predecessor
        self.inherited = None           # (member since, continuous since) as handed over

    def end(self, last, ending, words=None):
        self.last, self.ending, self.words = last, ending, words


def day(text):
    return date.fromisoformat(text)


def year_of(a_day):
    return a_day.year if a_day.month > 3 else a_day.year - 1


def opens(year):
    return date(year, 4, 1)


def closes(year):
    return date(year + 1, 3, 31)


def written(year):
    return f"{year}-{(year + 1) % 100:02}"


def number(year):
    return int(year[:4])


def events(folder):
    """Who, what, and the payload, in the order of the journal."""
    journal = sqlite3.connect(f"file:{folder}/journal.sqlite?mode=ro", uri=True)
    prefix = "membership.membership."
    rows = journal.execute("SELECT stream, event_type, payload FROM events ORDER BY position")
    for stream, kind, payload in rows:
        if stream.startswith(prefix):
            yield stream[len(prefix):], kind, json.loads(payload)[kind]


def why_lapsed(reason):
    """The word, and the sentence."""
    if reason == "not_renewed":
        return "not_renewed", "not renewed"
    if reason == "never_offered":
        return "never_offered", "not renewed, it was never offered"
    if reason == "unanswered":
        return "unanswered", "not renewed, its offer was not answered"
    if "declined" in reason:
        said = reason["declined"]
        return "declined", "its own wish" + (f", {said}" if said is not None else "")
    why = reason["refused"]
    if isinstance(why, dict):
        judged = why["judgement"]
        words = f"judgement of the steering group ({judged['minute']}), {judged['reason']}"
        return "refused_judgement", f"renewal refused, {words}"
    word, words = {
        "marked": ("refused_mark", "Ofsted grade of 3 or 4"),
        "not_eligible": ("refused_review", "criteria no longer met"),
        "no_cover": ("refused_cover", "no SSAT membership"),
    }[why]
    return word, f"renewal refused, {words}"


def stretches(folder):
    """By URN, all days of membership."""
    schools = {}
    now = {}        # the stretch that runs, by URN
    for urn, kind, what in events(folder):
        own = schools.setdefault(urn, [])
        if kind == "MembershipStarted":
            now[urn] = Stretch(urn, day(what["from"]), day(what["until"]))
            now[urn].fees[number(what["year"])] = what["fee_pence"]
            own.append(now[urn])
        elif kind == "MembershipRenewed":
            now[urn].last = now[urn].agreed = day(what["until"])
            now[urn].fees[number(what["year"])] = what["fee_pence"]
        elif kind == "MembershipLapsed":
            now.pop(urn).end(day(what["last_day"]), *why_lapsed(what["reason"]))
        elif kind == "MembershipEnded":
            ending = "closed" if what["reason"] == "closed" else "merged"
            now.pop(urn).end(day(what["on"]), ending)
        elif kind == "MembershipCarriedOver":
            gone = now.pop(urn)
            gone.end(day(what["on"]) - ONE_DAY, "carried_over")
            gone.successor = what["to"]
        elif kind == "MembershipTakenOver":
            before = [it for it in schools[what["from"]] if it.successor == urn][-1]
            on, carried = day(what["on"]), what["carried"]
            taken = Stretch(urn, max(on, before.first), before.agreed)
            taken.fees = {year: fee for year, fee in before.fees.items() if closes(year) >= on}
            taken.taken_from = before
            taken.inherited = day(what["member_since"]), day(carried["continuous_since"])
            now[urn] = taken
            own.append(taken)
        elif kind == "EarlierMembershipEnded":
            long_ago = Stretch(urn, day(what["from"]), day(what["last_day"]))
            long_ago.end(long_ago.last, "earlier", what["reason"])
            own.append(long_ago)
        elif kind == "EarlierMembershipRuns":
            now[urn] = Stretch(urn, day(what["from"]), day(what["until"]))
            own.append(now[urn])
    return schools


class Network:
    def __init__(self, schools):
        self.all = sorted(
            (it for own in schools.values() for it in own if it.first <= it.last),
            key=lambda it: (it.first, it.urn))
        self.of = {}
        for it in self.all:
            self.of.setdefault(it.urn, []).append(it)
        # Also those that never ran: who converts on the day it would begin.
        self.everything = [it for own in schools.values() for it in own]
        self.taken_on = {id(it.taken_from): it for it in self.everything if it.taken_from}

    def since(self, stretch):
        """First day ever, and first day of the unbroken run, as of a stretch."""
        before = [it for it in self.of[stretch.urn] if it.first < stretch.first]
        ever = min([self.since(it)[0] for it in before[-1:]] + [stretch.first])
        if stretch.inherited:
            return min(ever, stretch.inherited[0]), stretch.inherited[1]
        if before and before[-1].last + ONE_DAY == stretch.first:
            return ever, self.since(before[-1])[1]
        return ever, stretch.first

    def present(self, year):
        """By what each is counted as, the stretches that have a day in a year, in order."""
        members = {}
        for it in self.all:
            if it.first <= closes(year) and it.last >= opens(year):
                members.setdefault(self.counted_as(it, year), []).append(it)
        return members

    def counted_as(self, stretch, year):
        """The URN at the year's end.  What was taken over in the year is apart from what that URN had itself."""
        end = self.by_the_end(stretch, year)
        return end.urn, bool(end.taken_from) and year_of(end.first) == year

    def by_the_end(self, stretch, year):
        """The stretch into which one goes over within a year."""
        while id(stretch) in self.taken_on and stretch.last + ONE_DAY <= closes(year):
            stretch = self.taken_on[id(stretch)]
        return stretch

    def on_1_april(self, held, year):
        """The stretch that holds a year's first day, of a school that one holds the day before."""
        first = opens(year)
        own = [
            it for it in self.everything
            if it.urn == held.urn and it.first == first and not it.taken_from]
        for it in [held, self.taken_on.get(id(held))] + own:
            # Who converts on that day, and then again, goes from one to the next.
            while it and it.last < first:
                it = self.taken_on.get(id(it))
            if it and it.first <= first:
                return it
        return None


def ending_in(stretch, year):
    """What came of a stretch at the end of its days in a year."""
    last = closes(year)
    if stretch.last > last or (stretch.ending == "carried_over" and stretch.last == last):
        return "renewed", None
    return stretch.ending, stretch.words


def told(network, urn, pieces, year, formerly=None):
    first, last = pieces[0], pieces[-1]
    since, continuous = network.since(first)
    ending, words = ending_in(last, year)
    fees = [it.fees[year] for it in pieces if it.urn == urn and year in it.fees]
    return {
        "urn": urn,
        "formerly": formerly if formerly != urn else None,
        "first_day": max(first.first, opens(year)).isoformat(),
        "last_day": min(last.last, closes(year)).isoformat(),
        "member_since": since.isoformat(),
        "continuous_since": continuous.isoformat(),
        "fee_pence": sum(fees) if fees else None,
        "ending": ending,
        "reason": words,
    }


def count(network, year, today):
    members, before = network.present(year), network.present(year - 1)
    eve = closes(year - 1)
    kept, lost, undecided = {}, [], []
    for pieces in before.values():
        held = [it for it in pieces if it.first <= eve <= it.last]
        on = network.on_1_april(held[-1], year) if held else None
        if on is not None:
            kept[network.counted_as(on, year)] = held[-1].urn
            continue
        gone = told(network, pieces[-1].urn, pieces, year - 1)
        (undecided if gone["ending"] in NOT_GONE else lost).append(gone)

    lists = {name: [] for name in LISTS}
    lists["lost"], lists["undecided"] = lost, undecided
    for name, pieces in members.items():
        school = told(network, name[0], pieces, year, kept.get(name))
        lists["members"].append(school)
        if name in kept:
            lists["kept"].append(school)
        elif day(school["member_since"]) >= opens(year):
            lists["new"].append(school)
        else:
            lists["returned"].append(school)
        if day(school["first_day"]) > opens(year):
            lists["joined_late"].append(school)
    for schools in lists.values():
        schools.sort(key=lambda school: (school["urn"], school["first_day"], school["member_since"]))

    there_at_end = [pieces for pieces in before.values() if any(it.last >= eve for it in pieces)]
    rate = None
    if there_at_end and not undecided:
        tenths, rest = divmod(len(kept) * 1000, len(there_at_end))
        rate = (tenths + (1 if rest * 2 >= len(there_at_end) else 0)) / 10
    figures = {
        "year": written(year),
        "state": "over" if today > closes(year) else "running" if today >= opens(year) else "to_come",
        "at_start": sum(1 for it in lists["members"] if it["first_day"] == opens(year).isoformat()),
        "at_end": sum(any(it.last >= closes(year) for it in pieces) for pieces in members.values()),
        "members_before": len(before),
        "at_end_before": len(there_at_end),
        "lost_by_reason": {why: sum(it["ending"] == why for it in lost) for why in REASONS},
        "rate": rate,
        "fee_pence": sum(it["fee_pence"] or 0 for it in lists["members"]),
        "without_fee": sum(it["fee_pence"] is None for it in lists["members"]),
    }
    figures.update({name: len(schools) for name, schools in lists.items()})
    return figures, lists


def main():
    folder, today = sys.argv[1], day(sys.argv[2])
    network = Network(stretches(folder))
    years = [year for it in network.all for year in (year_of(it.first), year_of(it.last))]
    answer = {"today": today.isoformat(), "years": [], "lists": {}}
    for year in range(min(years), max(years) + 2) if years else []:
        figures, lists = count(network, year, today)
        # The year after the last with a member: only where some were lost, and it has begun.
        if year > max(years) and not (figures["lost"] and today >= opens(year)):
            continue
        answer["years"].append(figures)
        answer["lists"][written(year)] = lists
    json.dump(answer, sys.stdout, ensure_ascii=False)


main()

"""Who should have had which letter, worked out from the events alone and held against the files of the outbox.

    letters.py EVENTS OUTBOX

EVENTS has one JSON object a line: the day on which it was recorded, its stream and its payload.  The office of the story
writes at the end of every day: a letter goes on the first day on which the school has somebody to have it, unless its news
was undone by then, can no longer be answered, or is old; an invoice is never old, and is undone while it is settled.  Prints
what does not fit; nothing: everything does.
"""

import collections
import datetime
import email
import email.policy
import email.utils
import json
import pathlib
import sys

OLD = 28


def day(text):
    return datetime.date.fromisoformat(text)


def news(kind, of):
    """The letters an event calls for: kind, what tells it from another, the day of the news, the last day of use."""
    year = of.get("year") if isinstance(of, dict) else None
    match kind:
        case "SchoolInvited":
            return [("invitation", year, of["on"], of.get("until"))]
        case "InvitationExtended":
            return [("invitation", (year, of["until"]), of["on"], of["until"])]
        case "SchoolApplied":
            return [("application_reply", (year, of["on"]), of["on"], None)]
        case "EvidenceRequested":
            return [("evidence_request", (year, of["on"], of["due"]), of["on"], of["due"])]
        case "ReferralDeferred":
            return [("deferral", (year, of["to"]), of["on"], of["to"])]
        case "ReferralDecided":
            decided = of["decision"]
            letter = {"accepted": "may_join", "declined": "decline"}[decided["verdict"]]
            return [(letter, (year, decided["on"]), decided["on"], None)]
        case "ApplicationDeclined":
            return [("decline", (year, of["on"]), of["on"], None)]
        case "ApplicationAccepted":
            accepted = of["acceptance"]
            terms = accepted["terms"]
            fee = terms["agreed_terms"]["fee_pence"] if isinstance(terms, dict) else None
            return [("acceptance", (year, accepted["first_day"], fee), accepted["on"], None)]
        case "RenewalOffered":
            offer = of["offer"]
            return [("renewal_offer", (year, offer["on"]), offer["on"], offer.get("answer_by"))]
        case "MarkedNotEligibleToRenew":
            return [("not_eligible", (of["counts_for"], of["grading"]["inspected_on"]), None, None)]
        case "RenewalRefused" if of["why"] == "marked" and of.get("mark"):
            return [("not_eligible", (year, of["mark"]["inspected_on"]), of["on"], None)]
        case "RenewalRefused":
            return [("renewal_refused", (year, of["on"]), of["on"], None)]
        case "EligibilityRestored":
            return [("eligible_again", of["inspected_on"], None, None)]
        case "InvoiceRaised":
            return [("invoice", of["number"], of["raised_on"], None)]
        case "InvoiceReminded":
            return [("overdue_invoice", (of["number"], of["step"], of["on"]), of["on"], None)]
        case "Reminded":
            letter = {
                "invitation_answer": "invitation_reminder",
                "evidence": "evidence_reminder",
                "renewal_answer": "renewal_reminder",
            }[of["step"]]
            return [(letter, of["due"], of["on"], of["due"])]
    return []


OVER = {"MembershipLapsed", "MembershipEnded", "MembershipCarriedOver"}
DECIDED = {"ReferralDecided", "ApplicationAccepted", "ApplicationDeclined", "ApplicationWithdrawn"}
AGAIN = {"SchoolApplied"}
INVITED = {"InvitationDeclined", "InvitationExpired", "InvitationExtended", "SchoolApplied"}
OFFERED = {
    "RenewalAccepted",
    "RenewalDeclined",
    "RenewalRefused",
    "MembershipRenewed",
    "RenewalOffered",
    "MarkedNotEligibleToRenew",
}
UNDOES = {
    "invitation": INVITED,
    "invitation_reminder": INVITED,
    "application_reply": DECIDED | AGAIN,
    "evidence_request": DECIDED | AGAIN | {"EvidenceReceived", "EvidenceRequested"},
    "evidence_reminder": DECIDED | AGAIN | {"EvidenceReceived", "EvidenceRequested"},
    "deferral": DECIDED | AGAIN | {"ReferralDeferred"},
    "may_join": DECIDED | AGAIN,
    "acceptance": (DECIDED | AGAIN) - {"ReferralDecided"},
    "decline": set(),
    "renewal_offer": OFFERED | OVER,
    "renewal_reminder": OFFERED | OVER,
    "not_eligible": OVER | {"EligibilityRestored"},
    "eligible_again": OVER | {"MarkedNotEligibleToRenew"},
    "renewal_refused": OVER | {"RenewalOffered"},
    "invoice": {"InvoiceSettled"},
    "overdue_invoice": {"InvoiceSettled", "InvoiceReminded"},
}


# Undone only by what speaks of the same year, where that has one.
OF_A_YEAR = {"invitation", "invitation_reminder", "renewal_offer", "renewal_reminder", "renewal_refused"}


def undone(letter, which, year, kind, of):
    if kind not in UNDOES[letter]:
        return False
    if letter == "overdue_invoice":
        return which[0] == of["number"]
    if letter == "invoice":
        return which == of["number"]
    other = of.get("year") or of.get("counts_for")
    return letter not in OF_A_YEAR or None in (year, other) or year == other


class Contacts:
    def __init__(self):
        self.roles, self.forgotten = [], set()

    def heard(self, person, kind, of):
        match kind:
            case "ContactAdded" | "RoleTaken":
                self.roles.append([person, of["urn"], of["role"], of["from"], None])
            case "RoleEnded":
                for role in self.roles:
                    if role[:3] == [person, of["urn"], of["role"]] and role[4] is None:
                        role[4] = of["until"]
            case "PersonForgotten":
                self.forgotten.add(person)

    def reach(self, urn, letter, today):
        """Whether the school has somebody in the role, or else a main contact, on a day."""
        own = "finance" if "invoice" in letter else "head"
        return any(
            of == urn and role in (own, "main") and since <= today and (until is None or today <= until)
            for person, of, role, since, until in self.roles
            if person not in self.forgotten
        )


def expected(events):
    """By the kind, the school and the day: how many letters should have gone."""
    days = collections.defaultdict(list)
    for event in events:
        days[event["day"]].append(event)
    contacts, written = Contacts(), collections.Counter()
    waiting, had = collections.defaultdict(dict), collections.defaultdict(set)
    years, settled = {}, {}
    today, last = day(min(days)), day(max(days))
    while today <= last:
        on_the_day = today.isoformat()
        for event in days.get(on_the_day, []):
            (kind, of), = event["payload"].items()
            context, _, stream = event["stream"].split(".", 2)
            if context == "contacts":
                contacts.heard(stream, kind, of)
                continue
            school = of["urn"] if context == "billing" else stream
            letters = waiting[school]
            for which in [it for it in letters if undone(*it, letters[it][0], kind, of)]:
                settled[which] = letters.pop(which)
            if kind in ("PaymentReversed", "RefundPaid") and of["open_pence"] > 0:
                open_again = ("invoice", of["number"])
                if open_again in settled and open_again not in had[school]:
                    letters[open_again] = settled.pop(open_again)
            for letter, which, on, until in news(kind, of):
                if letter == "eligible_again" and not any(it[0] == "not_eligible" for it in had[school]):
                    continue
                year = of.get("year") or years.get((school, letter, until))
                if letter in ("invitation", "renewal_offer"):
                    years[school, letter.replace("_offer", "") + "_reminder", until] = year
                if (letter, which) not in had[school]:
                    letters[letter, which] = (year, on or on_the_day, until)
        for urn, letters in waiting.items():
            for (letter, which), (_, on, until) in list(letters.items()):
                old = letter != "invoice" and (today - day(on)).days > OLD
                if old or (until and day(until) < today):
                    del letters[letter, which]
                elif contacts.reach(urn, letter, on_the_day):
                    del letters[letter, which]
                    had[urn].add((letter, which))
                    written[letter, urn, on_the_day] += 1
        today += datetime.timedelta(days=1)
    return written


def found(outbox):
    written, ids = collections.Counter(), set()
    for path in outbox.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert message["Message-ID"] not in ids, path
        ids.add(message["Message-ID"])
        on = email.utils.parsedate_to_datetime(message["Date"]).date()
        assert message["X-Ledge-School"] in message["To"].addresses[0].addr_spec, path
        written[message["X-Ledge-Kind"], message["X-Ledge-School"], on.isoformat()] += 1
    return written


def main():
    events = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    should, did = expected(events), found(pathlib.Path(sys.argv[2]))
    for letter in sorted((should - did).keys()):
        print("should have gone and did not:", *letter)
    for letter in sorted((did - should).keys()):
        print("went and should not have:", *letter)
    kinds = collections.Counter()
    for (kind, _, _), number in did.items():
        kinds[kind] += number
    print(sum(did.values()), "letters:", dict(sorted(kinds.items())), file=sys.stderr)


main()

"""Who should have had which letter, worked out from the events alone and held against the files of the outbox.

    letters.py EVENTS OUTBOX

EVENTS has one JSON object a line: the day on which it was recorded, its stream and its payload.  The office of the story
writes at the end of every day, so a letter goes on the day of its news, unless a later event of the same day undoes the
news, nobody is on record at the school, or the news is old.  Prints what does not fit; nothing: everything does.
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
INVITED = {"InvitationDeclined", "InvitationExpired", "SchoolApplied"}
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
}


def expected(events):
    """By the kind, the school and the day: how many letters should have gone."""
    heard, written, reached = collections.defaultdict(list), collections.Counter(), set()
    for event in events:
        (kind, of), = event["payload"].items()
        if event["stream"].startswith("contacts.person.") and kind in ("ContactAdded", "RoleTaken"):
            if of["role"] in ("head", "main"):
                reached.add(of["urn"])
        if event["stream"].startswith("membership.membership."):
            urn = event["stream"].rsplit(".", 1)[1]
            heard[urn, event["day"]].append((kind, of))
    had = collections.defaultdict(set)
    for (urn, today), happened in sorted(heard.items(), key=lambda it: it[0][1]):
        for place, (kind, of) in enumerate(happened):
            for letter, which, on, until in news(kind, of):
                later = {other for other, _ in happened[place + 1 :]}
                old = on is not None and (day(today) - day(on)).days > OLD
                late = until is not None and day(until) < day(today)
                untold = letter == "eligible_again" and not any(it[0] == "not_eligible" for it in had[urn])
                if later & UNDOES[letter] or old or late or untold:
                    continue
                if urn in reached and (letter, which) not in had[urn]:
                    had[urn].add((letter, which))
                    written[letter, urn, today] += 1
    return written


def found(outbox):
    written, ids = collections.Counter(), set()
    for path in outbox.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert message["Message-ID"] not in ids, path
        ids.add(message["Message-ID"])
        on = email.utils.parsedate_to_datetime(message["Date"]).date()
        assert message["X-Ledge-School"] in message["To"].addresses[0].username, path
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

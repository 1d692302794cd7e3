//! How applications are spoken of.

use app::{Next, RestsOn};
use kernel::Day;
use membership::membership::{Advice, Role, Step};
use projections::memberships::{Application as Stage, Terms};

use crate::output::counted;

pub(in crate::commands) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::EvidenceNeeded => "evidence needed",
        Stage::BelowCriteria => "below the criteria",
        Stage::EvidenceAsked => "evidence asked for",
        Stage::EvidenceReceived => "evidence received",
        Stage::Referred => "before the steering group",
        Stage::Prepared => "prepared",
        Stage::Accepted => "accepted",
        Stage::Declined => "declined",
        Stage::Withdrawn => "withdrawn",
        Stage::Joined => "joined",
    }
}

/// What an applicant is told (R4, R5).
pub(super) fn advice(advice: Advice) -> &'static str {
    match advice {
        Advice::Eligible => "It is eligible; no evidence is needed.",
        Advice::EvidenceNeeded => {
            "National data do not decide: further evidence is needed, and the steering group is asked."
        }
        Advice::Refer => {
            "It does not meet the criteria: a strong case goes to the steering group, with evidence of performance in line \
             with the top quartile nationally."
        }
    }
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Headteacher => "its headteacher",
        Role::SeniorLeader => "a senior leader",
        Role::Governors => "its governors",
        Role::Trust => "its trust",
        Role::Office => "the office, on its behalf",
    }
}

pub(super) fn rests_on(rests_on: &RestsOn) -> String {
    match rests_on {
        RestsOn::Invitation(invited) => {
            format!("by its invitation of {}", Day(invited.invited_on))
        }
        RestsOn::Profile(profile) => {
            let release = profile
                .release
                .map_or_else(|| "no results".to_owned(), |release| release.to_string());
            format!(
                "on its profile as at {}: criteria of {}, {release}",
                Day(profile.as_at),
                profile.criteria
            )
        }
    }
}

/// `the school: send the evidence, by 30 Apr 2019 (OVERDUE)`.
pub(super) fn next(next: &Next) -> String {
    let by = next.by.map_or_else(String::new, |day| format!(", by {}", Day(day)));
    let overdue = if next.overdue { " (OVERDUE)" } else { "" };
    format!("{}: {}{by}{overdue}", next.who, next.what)
}

pub(super) fn terms(terms: Terms) -> &'static str {
    match terms {
        Terms::FullPackage => "full package",
        Terms::AgreedTerms => "agreed terms",
        Terms::FromNextApril => "from next April",
    }
}

pub(super) fn reminded_of(step: Step) -> &'static str {
    match step {
        Step::InvitationAnswer => "the answer to its invitation",
        Step::Evidence => "the evidence",
        Step::RenewalAnswer => "the answer to its renewal",
    }
}

pub(super) fn received(new: usize, already: usize) -> String {
    let already = match already {
        0 => String::new(),
        some => format!("; {} on record already", counted(some as u64, "document")),
    };
    format!("{} received{already}.", counted(new as u64, "document"))
}

/// `1.3 MB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_people_write_them() {
        assert_eq!([size(1), size(999), size(48_213)], ["1 byte", "999 bytes", "48.2 kB"]);
        assert_eq!(size(50_000_000), "50.0 MB");
    }

    #[test]
    fn documents_are_counted_and_told_apart_from_those_known() {
        assert_eq!(received(2, 0), "2 documents received.");
        assert_eq!(received(0, 1), "0 documents received; 1 document on record already.");
    }
}

//! What happened, in one plain sentence each.

mod billing;
mod letters;
mod membership;

use std::fmt::{Display, Write};

use ::contacts::person::Event as Person;
use ::contacts::person::Reason;
use ::membership::criteria::Event as Criteria;
use ::membership::fee::Event as Fee;
use ::membership::review::{Basis, Event as Review};
use kernel::{Cell, Day, Progress8, Release, pounds};
use routine::calendar::Event as Calendar;
use routine::parked::Event as Parked;
use schools::national_data::{Dataset, Event as NationalData};
use schools::school::{Event as School, Fact, Inspection, Predecessor};
use schools::{Details, Figures};

use crate::Event;

impl Event {
    /// What happened, in one plain sentence, for a timeline: `Ofsted graded it 2 (Good) on 3 May 2016, published 20 May
    /// 2016`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::School(_, event) => school(event),
            Self::NationalData(_, event) => national_data(event),
            Self::Criteria(year, event) => match event {
                Criteria::CriteriaAdopted(adoption) => format!(
                    "The steering group adopted criteria for {year} on {} ({})",
                    Day(adoption.adopted_on),
                    adoption.minute
                ),
                Criteria::CriteriaAmended { adoption, reason } => format!(
                    "The steering group changed the criteria for {year} on {} ({}): {reason}",
                    Day(adoption.adopted_on),
                    adoption.minute
                ),
                Criteria::CriteriaCorrected { adoption, corrects, reason } => format!(
                    "Corrected: the steering group's decision of {} on the criteria for {year} was taken down wrongly; it is \
                     of {} ({}): {reason}",
                    Day(*corrects),
                    Day(adoption.adopted_on),
                    adoption.minute
                ),
            },
            Self::Review(year, event) => review(&year.to_string(), event),
            Self::Fee(year, Fee::FeeSet(price)) => format!(
                "The fee for {year} is {} and VAT ({})",
                pounds(price.fee_pence),
                price.minute
            ),
            Self::Membership(_, event) => membership::told(event),
            Self::Ledger(_, event) => billing::ledger(event),
            Self::Issuer(event) => billing::issuer(event),
            Self::Customer(_, event) => billing::customer(event),
            Self::Calendar(Calendar::DayBegan { on }) => format!("{} began", Day(*on)),
            Self::Parked(_, event) => parked(event),
            Self::Letter(_, event) => letters::told(event),
            Self::Person(_, event) => person(event),
        }
    }
}

fn parked(event: &Parked) -> String {
    match event {
        Parked::ReactionParked(reaction) => format!(
            "Could not be done and waits: {} after {} ({}): {}",
            reaction.policy, reaction.event_type, reaction.position, reaction.why
        ),
        Parked::ReactionResumed { position, .. } => {
            format!("What waited since position {position} has been done")
        }
        Parked::ReactionDismissed { position, reason, .. } => {
            format!("What waited since position {position} stays undone: {reason}")
        }
    }
}

/// Of a person no more than their role: a sentence is printed, exported and kept.
fn person(event: &Person) -> String {
    match event {
        Person::ContactAdded { role, from, .. } => {
            format!("It has a new contact as its {} from {}", role.in_words(), Day(*from))
        }
        Person::ContactCorrected { .. } => "What is known of a contact was corrected".to_owned(),
        Person::RoleTaken { role, from, .. } => {
            format!("A contact became its {} on {}", role.in_words(), Day(*from))
        }
        Person::RoleEnded { role, until, .. } => {
            format!("A contact was its {} until {}", role.in_words(), Day(*until))
        }
        Person::PersonForgotten { reason, .. } => match reason {
            Reason::Asked => "A contact was forgotten, as they asked".to_owned(),
            Reason::Retention => {
                "A contact was forgotten: the office needs to know them no longer".to_owned()
            }
            Reason::Mistake => {
                "A contact was forgotten, who should not have been entered".to_owned()
            }
        },
    }
}

fn school(event: &School) -> String {
    match event {
        School::SchoolRegistered { details, source, .. } => {
            format!("First on record{} ({source})", described(details))
        }
        School::SchoolDetailsCorrected { changes, source, .. } => {
            format!("Its record was brought up to date{} ({source})", described(changes))
        }
        School::SchoolClosed { on: Some(on), source, .. } => {
            format!("It closed on {} ({source})", Day(*on))
        }
        School::SchoolClosed { on: None, source, .. } => {
            format!("It closed; the register does not say when ({source})")
        }
        School::SchoolConverted(predecessor) => succession("It was converted from", predecessor),
        School::SchoolsMerged(predecessor) => succession("It came of a merger with", predecessor),
        School::SchoolSplit(predecessor) => succession("It came of the splitting of", predecessor),
        School::ResultsPublished(results) => format!(
            "Results of {}: {} ({})",
            results.release,
            figures(&results.figures),
            results.source
        ),
        School::ResultsRevised { results, from, from_release } => format!(
            "Results of {}: {}; {from_release} had {} ({})",
            results.release,
            figures(&results.figures),
            figures(from),
            results.source
        ),
        School::OfstedInspected(inspection) => inspected(inspection),
        School::OfstedUpgraded { from, to, inspected_on, published_on } => format!(
            "Ofsted's grade rose from {from} to {to} (inspected {}, public from {})",
            Day(*inspected_on),
            Day(*published_on)
        ),
        School::OfstedDowngraded { from, to, inspected_on, published_on } => format!(
            "Ofsted's grade fell from {from} to {to} (inspected {}, public from {})",
            Day(*inspected_on),
            Day(*published_on)
        ),
        School::SsatCoverRecorded { from, until, via_trust, source } => {
            let until = until.map_or_else(|| "on".to_owned(), |day| format!("to {}", Day(day)));
            let trust =
                via_trust.as_ref().map_or_else(String::new, |trust| format!(", through {trust}"));
            format!(
                "SSAT Secondary Network membership from {} {until}{trust} ({source})",
                Day(*from)
            )
        }
        School::FactCorrected { fact, reason } => corrected(fact, reason),
    }
}

fn described(details: &Details) -> String {
    let said: Vec<String> = [
        details.name.clone(),
        details.laestab.map(|number| format!("LAESTAB {number}")),
        details.kind.map(|kind| format!("kind {kind}")),
        details.phase.map(|phase| phase.to_string()),
        details.status.map(|status| status.to_string().replace('_', " ")),
        details.opened_on.map(|day| format!("opened {}", Day(day))),
        details.closed_on.map(|day| format!("closed {}", Day(day))),
        details.local_authority.clone(),
        details.street.as_ref().map(|lines| lines.join(", ")),
        details.town.clone(),
        details.postcode.clone(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
}

fn succession(how: &str, predecessor: &Predecessor) -> String {
    let on = predecessor.established_on.map_or_else(String::new, |day| format!(" on {}", Day(day)));
    format!("{how} {}{on} ({})", predecessor.urn, predecessor.source)
}

fn figures(figures: &Figures) -> String {
    let mut text = match figures.progress8 {
        Some(score) => format!("Progress 8 {score}"),
        None => "no Progress 8 column".to_owned(),
    };
    if let (Some(Cell::Published(lower)), Some(Cell::Published(upper))) =
        (figures.lower, figures.upper)
    {
        // Writing to a string cannot fail.
        let _ = write!(text, " (limits {lower} to {upper})");
    } else if let Some(lower) = figures.lower.and_then(Cell::<Progress8>::published) {
        let _ = write!(text, " (lower limit {lower})");
    }
    if let Some(pupils) = figures.pupils {
        let _ = write!(text, ", pupils {pupils}");
    }
    text
}

fn inspected(inspection: &Inspection) -> String {
    let on = Day(inspection.inspected_on);
    let published = match inspection.published_on {
        Some(day) => format!("published {}", Day(day)),
        None => "publication day not given".to_owned(),
    };
    let what = match inspection.outcome.overall() {
        Some(grade) => format!("Ofsted graded it {grade} on {on}, {published}"),
        None => format!("Ofsted inspected it on {on}, {published}: {}", inspection.outcome),
    };
    let also = inspection.also_printed.map_or_else(String::new, |grade| {
        format!("; {grade} is printed for that day too, the poorer counts")
    });
    format!("{what}{also} ({})", inspection.source)
}

fn corrected(fact: &Fact, reason: &str) -> String {
    match fact {
        Fact::Results { release, from, to } => {
            format!("Corrected in the results of {release}: {}: {reason}", cells(from, to))
        }
        Fact::Inspection { inspected_on, from, to: Some(to) } => {
            format!(
                "Corrected: the inspection of {} came to {to}, not {from}: {reason}",
                Day(*inspected_on)
            )
        }
        Fact::Inspection { inspected_on, from, to: None } => {
            format!(
                "Corrected: there was no inspection on {} ({from}): {reason}",
                Day(*inspected_on)
            )
        }
    }
}

/// The cells that are not as they were: `Progress 8 0.13 (was 0.31), lower limit 0.05`.
fn cells(from: &Figures, to: &Figures) -> String {
    fn cell<T: Display>(name: &str, was: Option<T>, is: Option<T>) -> Option<String> {
        let was = was.map_or_else(String::new, |was| format!(" (was {was})"));
        is.map(|is| format!("{name} {is}{was}"))
    }
    let changed = to.except(*from);
    [
        cell("Progress 8", from.progress8, changed.progress8),
        cell("lower limit", from.lower, changed.lower),
        cell("upper limit", from.upper, changed.upper),
        cell("pupils", from.pupils, changed.pupils),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

/// `2017/18 final`, or `ofsted`.
fn dataset(release: Option<Release>, dataset: Dataset) -> String {
    release.map_or_else(|| dataset.to_string(), |release| release.to_string())
}

fn national_data(event: &NationalData) -> String {
    match event {
        NationalData::ImportBegun(begun) => {
            format!("{} is being read from {}", dataset(begun.release, begun.dataset), begun.file)
        }
        NationalData::DatasetImported(import) => {
            let what = dataset(import.release, import.dataset);
            let confirmed = match import.confirmed.len() {
                0 => String::new(),
                schools => format!(
                    "; it vouches for the earlier figures of {}",
                    count(schools as u64, "school")
                ),
            };
            format!(
                "{what} was read from {}: {}, {} with something new{confirmed}",
                import.file,
                count(import.rows.read, "row"),
                import.rows.recorded
            )
        }
        NationalData::ImportAbandoned(abandoned) => format!(
            "{} is not read to its end from {}, which was given up on {}: {}; what of it was recorded stays",
            dataset(abandoned.release, abandoned.dataset),
            abandoned.file,
            Day(abandoned.on),
            abandoned.reason
        ),
        NationalData::ThresholdComputed(threshold) => format!(
            "Percentile {} of {} over {}: {}; {} on or above it, {} exactly on it, {}",
            threshold.percentile,
            threshold.release,
            count(threshold.population.into(), "school"),
            threshold.shown(),
            threshold.on_or_above,
            threshold.tied,
            threshold.significant.map_or_else(
                || "no confidence limits published".to_owned(),
                |significant| format!("{significant} significant")
            )
        ),
    }
}

fn count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn review(year: &str, event: &Review) -> String {
    let basis = |basis: &Basis| {
        let release = basis
            .release
            .map_or_else(|| "no results".to_owned(), |release| format!("the results of {release}"));
        format!(
            "as at {}, on {release} and the criteria of {}",
            Day(basis.as_at),
            basis.criteria.year
        )
    };
    match event {
        Review::AnnualReviewOpened(on) => format!("The review of {year} was run {}", basis(on)),
        Review::AnnualReviewRepeated(on) => {
            format!("The review of {year} was run again {}", basis(on))
        }
        Review::SchoolReviewed(finding) => format!(
            "Reviewed for {year}: {}, {}, {}",
            if finding.eligible { "eligible" } else { "not eligible" },
            if finding.invited { "invited" } else { "not invited" },
            finding.outcome.in_words()
        ),
        Review::SchoolLeftReview { urn } => {
            format!("{urn} is no longer among the schools reviewed for {year}")
        }
        Review::JudgementRecorded { verdict, reason, minute, on, .. } => format!(
            "The steering group judged it {} for {year} on {} ({minute}): {reason}",
            verdict.to_string().replace('_', " "),
            Day(*on)
        ),
        Review::AnnualReviewClosed { on, counts } => format!(
            "The review of {year} was closed on {}: {} eligible, {} invited",
            Day(*on),
            counts.eligible,
            counts.invited
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_school(payload: &str) -> String {
        Event::decode("schools.school.100003", payload).unwrap().unwrap().sentence()
    }

    const SOURCE: &str = r#""source":{"file":"a.csv","sha256":"0123456789ab","line":7}"#;

    #[test]
    fn an_inspection_is_told_with_both_its_days() {
        let dated = format!(
            r#"{{"OfstedInspected":{{"inspected_on":"2016-05-03","published_on":"2016-05-20","outcome":{{"overall":2}},{SOURCE}}}}}"#
        );
        assert_eq!(
            of_school(&dated),
            "Ofsted graded it 2 (Good) on 3 May 2016, published 20 May 2016 (a.csv line 7)"
        );
        let undated = format!(
            r#"{{"OfstedInspected":{{"inspected_on":"2016-05-03","outcome":{{"ungraded":"School remains Good"}},"also_printed":1,{SOURCE}}}}}"#
        );
        assert_eq!(
            of_school(&undated),
            "Ofsted inspected it on 3 May 2016, publication day not given: ungraded: School remains Good; \
             1 (Outstanding) is printed for that day too, the poorer counts (a.csv line 7)"
        );
    }

    #[test]
    fn results_are_told_with_what_stood_before() {
        let revised = format!(
            r#"{{"ResultsRevised":{{"results":{{"release":"2017/18 final","figures":{{"progress8":31,"lower":5,"upper":57,"pupils":180}},"public_from":"2019-01-31",{SOURCE}}},"from":{{"progress8":"SUPP"}},"from_release":"2017/18 provisional"}}}}"#
        );
        assert_eq!(
            of_school(&revised),
            "Results of 2017/18 final: Progress 8 0.31 (limits 0.05 to 0.57), pupils 180; 2017/18 provisional had \
             Progress 8 SUPP (suppressed: five pupils or fewer) (a.csv line 7)"
        );
    }

    #[test]
    fn a_correction_is_told_with_its_reason() {
        assert_eq!(
            of_school(
                r#"{"FactCorrected":{"fact":{"inspection":{"inspected_on":"2016-05-03","from":{"overall":2},"to":null}},"reason":"another school's"}}"#
            ),
            "Corrected: there was no inspection on 3 May 2016 (2 (Good)): another school's"
        );
        assert_eq!(
            of_school(
                r#"{"FactCorrected":{"fact":{"results":{"release":"2017/18 final","from":{"progress8":31,"pupils":180},"to":{"progress8":13,"lower":5,"pupils":180}}},"reason":"digits swapped"}}"#
            ),
            "Corrected in the results of 2017/18 final: Progress 8 0.13 (was 0.31), lower limit 0.05: digits swapped"
        );
    }
}

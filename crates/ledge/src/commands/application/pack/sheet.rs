//! A pack in the words that stand on the page, on paper or on the screen.

mod matter;

use app::{ClauseDocument, InspectionLine, Matter, Pack, School, YearOfResults};
use chrono::NaiveDate;
use kernel::Day;
use membership::Answer;

use super::picture::Picture;

/// One school's page.
pub(super) struct Sheet {
    pub(super) kicker: String,
    pub(super) name: String,
    pub(super) identity: Vec<Fact>,
    pub(super) asked: &'static str,
    pub(super) question: String,
    pub(super) why: Vec<String>,
    pub(super) criteria: String,
    pub(super) clauses: Vec<Way>,
    pub(super) picture: Picture,
    pub(super) percentile: String,
    pub(super) results: Vec<Year>,
    pub(super) inspections: Vec<Sourced>,
    pub(super) cover: Vec<String>,
    pub(super) is_application: bool,
    pub(super) asked_for: Vec<String>,
    pub(super) documents: Vec<Evidence>,
    pub(super) happened: Vec<Line>,
    /// How many happened before those.
    pub(super) earlier: usize,
    pub(super) interests: Vec<String>,
    pub(super) decision_head: &'static str,
    pub(super) decision: Option<Decision>,
    pub(super) ways: Vec<Fact>,
    pub(super) footer: String,
}

/// A term, and what is so.
pub(super) struct Fact {
    pub(super) term: &'static str,
    pub(super) value: String,
}

/// What is so, and where it stands.
pub(super) struct Sourced {
    pub(super) what: String,
    pub(super) source: String,
}

/// The clauses of one way of the criteria; those that no way needs stand alone.
pub(super) struct Way {
    pub(super) name: String,
    pub(super) clauses: Vec<Clause>,
}

pub(super) struct Clause {
    pub(super) rule: String,
    pub(super) needed: String,
    pub(super) actual: String,
    pub(super) source: String,
    pub(super) answer: &'static str,
    /// How the answer is coloured, besides being said.
    pub(super) class: &'static str,
}

pub(super) struct Year {
    pub(super) release: String,
    pub(super) score: String,
    pub(super) limits: String,
    pub(super) threshold: String,
    pub(super) answer: &'static str,
}

pub(super) struct Evidence {
    pub(super) on: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) hash: String,
}

pub(super) struct Line {
    pub(super) day: NaiveDate,
    pub(super) shown: String,
    pub(super) what: String,
}

pub(super) struct Decision {
    pub(super) verdict: String,
    pub(super) facts: Vec<Fact>,
}

/// So many inspections fit the page: the newest.
const INSPECTIONS: usize = 4;

impl Sheet {
    pub(super) fn of(pack: &Pack) -> Self {
        let shared = Self {
            kicker: String::new(),
            name: pack.school.name.clone(),
            identity: identity(pack),
            asked: "What is asked",
            question: String::new(),
            why: vec![],
            criteria: format!(
                "The criteria of {}, as at {}",
                pack.criteria.year,
                Day(pack.criteria.as_at)
            ),
            clauses: ways(&pack.criteria.clauses),
            picture: Picture::of(&pack.results),
            percentile: percentile(&pack.results),
            results: pack.results.iter().map(Year::of).collect(),
            inspections: inspections(&pack.inspections),
            cover: cover(pack),
            is_application: false,
            asked_for: vec![],
            documents: vec![],
            happened: vec![],
            earlier: 0,
            interests: vec![],
            decision_head: "The three decisions that are possible",
            decision: None,
            ways: vec![],
            footer: format!(
                "Made on {} from what was public by {}. It may name people: for the steering group alone.",
                Day(pack.made_on),
                Day(pack.as_at)
            ),
        };
        let mut sheet = match &pack.matter {
            Matter::Application(case) => shared.on_application(case),
            Matter::Judgement(judged) => shared.on_member(judged),
        };
        if let Some(grading) = &pack.graded_since {
            sheet.why.insert(0, graded_since(grading, pack));
        }
        sheet
    }
}

impl Year {
    fn of(year: &YearOfResults) -> Self {
        let threshold = year.nation.map(|nation| nation.threshold);
        Self {
            release: year.release.to_string(),
            score: match (year.progress8, &year.withheld) {
                (Some(score), _) => shown(score),
                (None, Some(why)) => why.clone(),
                (None, None) => "none".to_owned(),
            },
            limits: limits(year).unwrap_or_else(|| "none".to_owned()),
            threshold: threshold.map_or_else(|| "none".to_owned(), shown),
            answer: match (year.progress8, threshold) {
                (Some(score), Some(threshold)) if score >= threshold => "on or above",
                (Some(_), Some(_)) => "below",
                (None, _) | (_, None) => "not known",
            },
        }
    }
}

/// `0.31 (0.05 to 0.57)`, or why there is none.
pub(super) fn score(year: &YearOfResults) -> String {
    match (year.progress8, &year.withheld) {
        (Some(score), _) => {
            let limits = limits(year).map_or_else(String::new, |limits| format!(" ({limits})"));
            format!("{}{limits}", shown(score))
        }
        (None, Some(why)) => why.clone(),
        (None, None) => "none".to_owned(),
    }
}

fn limits(year: &YearOfResults) -> Option<String> {
    match (year.lower, year.upper) {
        (Some(lower), Some(upper)) => Some(format!("{} to {}", shown(lower), shown(upper))),
        (Some(lower), None) => Some(format!("from {}", shown(lower))),
        (None, Some(upper)) => Some(format!("to {}", shown(upper))),
        (None, None) => None,
    }
}

/// Two decimals, or up to four where it falls between two scores.
pub(super) fn shown(points: f64) -> String {
    let text = format!("{points:.4}");
    let shorter = text.strip_suffix("00").or_else(|| text.strip_suffix('0'));
    shorter.unwrap_or(&text).to_owned()
}

fn identity(pack: &Pack) -> Vec<Fact> {
    let school = &pack.school;
    let text = |text: &Option<String>| text.clone();
    let status = school.status.map(|status| status.to_string().replace('_', " "));
    let closed = school.closed_on.map(|day| format!("closed on {}", Day(day)));
    let after = school.successor.as_ref().map(|after| format!("now {}", called(after)));
    let status: Vec<String> = status.into_iter().chain(closed).chain(after).collect();
    let before: Vec<String> = school.predecessors.iter().map(called).collect();
    [
        ("URN", Some(school.urn.to_string())),
        ("LAESTAB", text(&school.laestab)),
        ("Town", text(&school.town)),
        ("Local authority", text(&school.local_authority)),
        ("Kind", school.kind.map(str::to_owned)),
        ("Phase", school.phase.map(|phase| phase.to_string().replace('_', " ").to_lowercase())),
        ("Register", Some(status.join("; ")).filter(|status| !status.is_empty())),
        ("Opened", school.opened_on.map(|day| Day(day).to_string())),
        ("Came from", Some(before.join("; ")).filter(|before| !before.is_empty())),
    ]
    .into_iter()
    .filter_map(|(term, value)| value.map(|value| Fact { term, value }))
    .collect()
}

/// Clauses of one way stand together, under its name.
fn ways(clauses: &[ClauseDocument]) -> Vec<Way> {
    let mut ways: Vec<Way> = vec![];
    for clause in clauses {
        let name = clause.way.clone().unwrap_or_default();
        let told = Clause::of(clause);
        match ways.last_mut() {
            Some(way) if way.name == name => way.clauses.push(told),
            _ => ways.push(Way { name, clauses: vec![told] }),
        }
    }
    ways
}

impl Clause {
    fn of(clause: &ClauseDocument) -> Self {
        let public = clause.date.map(|day| Day(day).to_string());
        let (answer, class) = match clause.result {
            Answer::Passed => ("✓ passed", "yes"),
            Answer::Failed => ("✗ failed", "no"),
            Answer::NoData => ("– no data", "open"),
        };
        Self {
            rule: clause.rule.clone(),
            needed: clause.needed.clone(),
            actual: clause.actual.clone(),
            source: clause.source.clone().into_iter().chain(public).collect::<Vec<_>>().join(", "),
            answer,
            class,
        }
    }
}

fn percentile(results: &[YearOfResults]) -> String {
    let nation = results.iter().find_map(|year| year.nation);
    nation.map_or_else(
        || "Threshold".to_owned(),
        |nation| format!("{}th percentile", nation.percentile),
    )
}

/// Where no day of publication is given, the inspection day stands for it.
fn inspections(all: &[InspectionLine]) -> Vec<Sourced> {
    let line = |line: &InspectionLine| {
        let published =
            line.published_on.map_or_else(String::new, |day| format!(", published {}", Day(day)));
        let of = line
            .of_predecessor
            .map_or_else(String::new, |urn| format!(", of its predecessor {urn}"));
        Sourced {
            what: format!("{}{of}: inspected {}{published}", line.outcome, Day(line.inspected_on)),
            source: line.source.clone(),
        }
    };
    let more = all.len().saturating_sub(INSPECTIONS);
    let left_out =
        (more > 0).then(|| Sourced { what: format!("and {more} earlier"), source: String::new() });
    all.iter().take(INSPECTIONS).map(line).chain(left_out).collect()
}

/// What the criteria below were not held against.
fn graded_since(grading: &InspectionLine, pack: &Pack) -> String {
    let public = Day(grading.published_on.unwrap_or(grading.inspected_on));
    let advice = match pack.matter {
        Matter::Application(_) => "look at it beside the criteria below",
        Matter::Judgement(_) => {
            "run the review again before deciding: a grade of 3 or 4 bars renewal (R14)"
        }
    };
    format!(
        "GRADED SINCE {}: {}, inspected {}, public from {public}; {advice}.",
        Day(pack.criteria.as_at),
        grading.outcome,
        Day(grading.inspected_on)
    )
}

fn cover(pack: &Pack) -> Vec<String> {
    let asked_on = Day(pack.cover_asked_on);
    let answer = match &pack.without_cover {
        None => format!("Covered on {asked_on}."),
        Some(why) => format!("Not covered on {asked_on}, the first day of membership: {why}."),
    };
    let term = |term: &app::CoverTerm| {
        let until =
            term.until.map_or_else(|| "open-ended".to_owned(), |day| format!("to {}", Day(day)));
        let via =
            term.via_trust.as_ref().map_or_else(String::new, |trust| format!(", via {trust}"));
        format!("From {} {until}{via}", Day(term.from))
    };
    std::iter::once(answer).chain(pack.cover.iter().map(term)).collect()
}

fn called(school: &School) -> String {
    format!("{} ({})", school.name, school.urn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_two_decimals_or_as_many_as_they_need() {
        assert_eq!(
            [shown(0.27), shown(-1.5), shown(0.2675), shown(0.268)],
            ["0.27", "-1.50", "0.2675", "0.268"]
        );
    }

    #[test]
    fn clauses_of_one_way_stand_together() {
        let clause = |way: Option<&str>| ClauseDocument {
            rule: "R2".to_owned(),
            way: way.map(str::to_owned),
            needed: "1".to_owned(),
            actual: "2".to_owned(),
            source: None,
            date: None,
            result: Answer::Failed,
        };
        let ways = ways(&[clause(Some("a")), clause(Some("b")), clause(Some("b")), clause(None)]);
        let sizes: Vec<(&str, usize)> =
            ways.iter().map(|way| (way.name.as_str(), way.clauses.len())).collect();
        assert_eq!(sizes, [("a", 1), ("b", 2), ("", 1)]);
    }
}

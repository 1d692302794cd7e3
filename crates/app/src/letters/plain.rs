//! A clause of a finding in the words of whoever runs a school: what was asked for, what the school has, and where anybody can
//! look that up.  A finding keeps its clauses in the office's words, for ever; here they are only put otherwise, and what this
//! does not know stays as it was recorded.

use std::collections::BTreeSet;

use membership::{Answer, Clause};

use super::paper::{Fact, one_line};
use super::words::long;

/// Clauses as a headteacher reads them.  Where they are of several ways, any one of which is enough, each says of which it is.
pub(super) fn facts<'a>(clauses: impl Iterator<Item = &'a Clause>) -> Vec<Fact> {
    let clauses: Vec<&Clause> = clauses.collect();
    let ways: BTreeSet<&str> = clauses.iter().filter_map(|it| it.way.as_deref()).collect();
    let told = |clause: &&Clause| {
        let mut fact = fact(clause);
        if let Some(way) = clause.way.as_deref().filter(|_| ways.len() > 1) {
            fact.term = format!("{} (way in: {})", fact.term, one_line(way));
        }
        fact
    };
    clauses.iter().map(told).collect()
}

/// A clause as a headteacher reads it.
fn fact(clause: &Clause) -> Fact {
    let (needed, actual) = (one_line(&clause.needed), one_line(&clause.actual));
    let about = About::of(&needed);
    let value = about.what_is_so(&actual);
    let met = match clause.result {
        // What is met needs no word.
        Answer::Passed => "",
        Answer::Failed => " This was not met.",
        Answer::NoData => " Published data do not answer this.",
    };
    let stop = if met.is_empty() { "" } else { "." };
    Fact {
        term: begun_large(&about.what_is_needed(&needed)),
        value: begun_large(&format!("{}{stop}{met}", value.trim_end_matches('.'))),
        source: one_line(&about.where_it_stands(clause)),
    }
}

/// What a clause is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum About {
    Inspection,
    Results,
    SomethingElse,
}

impl About {
    fn of(needed: &str) -> Self {
        if needed.contains("Progress 8") || needed.starts_with("significant results") {
            Self::Results
        } else if needed.starts_with("Ofsted") || needed.starts_with("not graded") {
            Self::Inspection
        } else {
            Self::SomethingElse
        }
    }

    fn what_is_needed(self, needed: &str) -> String {
        // How the years are weighed is said in the letter itself.
        let needed = needed.split_once("; ").map_or(needed, |(needed, _)| needed);
        if let Some(grades) = needed.strip_prefix("Ofsted overall effectiveness ") {
            return format!("an overall grade from Ofsted of {}", without_numbers(grades));
        }
        if let Some(grades) = needed.strip_prefix("not graded ") {
            return format!("no overall grade of {grades} from Ofsted");
        }
        let significant = "results clearly above the national average (Progress 8)";
        if needed.starts_with("significant results:") {
            return significant.to_owned();
        }
        if let Some(year) = needed.strip_prefix("significant results in ") {
            return format!("{significant} in {year}");
        }
        in_the_top(needed).unwrap_or_else(|| needed.to_owned())
    }

    fn what_is_so(self, actual: &str) -> String {
        match self {
            Self::Inspection => inspected(actual),
            Self::Results => results(actual),
            Self::SomethingElse => actual.to_owned(),
        }
    }

    fn where_it_stands(self, clause: &Clause) -> String {
        let public = clause.date.map(|day| format!("public from {}", long(day)));
        let file = clause.source.as_ref().map(|it| format!("{}, line {}", it.file, it.line));
        let published = match self {
            Self::Inspection => "Ofsted's published inspection outcomes",
            Self::Results => "the Department for Education's performance tables",
            Self::SomethingElse => "",
        };
        let published = Some(published.to_owned()).filter(|it| file.is_some() && !it.is_empty());
        let said: Vec<String> = published.into_iter().chain(public).collect();
        match (said.join(", "), file) {
            (said, Some(file)) if said.is_empty() => file,
            (said, Some(file)) => format!("{} ({file})", begun_large(&said)),
            (said, None) => begun_large(&said),
        }
    }
}

/// `Progress 8 on or above the 75th percentile nationally, 0.27 (2017/18 final, 3,150 schools)`.
fn in_the_top(needed: &str) -> Option<String> {
    let rest = needed.strip_prefix("Progress 8 on or above the ")?;
    let (percentile, rest) = rest.split_once(" percentile ")?;
    let percentile: u8 = percentile.trim_end_matches(char::is_alphabetic).parse().ok()?;
    let top = match 100_u8.checked_sub(percentile)? {
        25 => "top quarter".to_owned(),
        50 => "top half".to_owned(),
        top => format!("top {top}%"),
    };
    if let Some(year) = rest.strip_prefix("in ") {
        return Some(format!("Progress 8 in the {top} of schools nationally in {year}"));
    }
    let at_least = rest.strip_prefix("nationally, ").and_then(|rest| rest.split_once(' '));
    let at_least = at_least.map_or_else(String::new, |(score, _)| format!(": {score} or more"));
    Some(format!("Progress 8 in the {top} of schools nationally{at_least}"))
}

/// `2 (Good), inspected 3 May 2016, published 20 May 2016, carried over from 112345`.
fn inspected(actual: &str) -> String {
    let actual = actual
        .replace(" (publication day not given; inspection day stands for it)", "")
        .replace(
            ", carried over from ",
            ", which your school carries over from the school with URN ",
        )
        .replace(", published ", ", report published ");
    without_numbers(&actual)
}

/// `Progress 8 0.86, lower limit 0.67, in 2017/18 final`.
fn results(actual: &str) -> String {
    let mut told = actual.to_owned();
    for (office, plain) in [
        ("the file has no lower limit", "no range of uncertainty was published"),
        ("the file has no Progress 8", "no Progress 8 was published"),
        ("lower limit ", "with its published range of uncertainty beginning at "),
        ("no row for this school in ", "no figures for your school were published in "),
        (
            "; the last published results stand, for: ",
            "; these are the last results that were published, because of this: ",
        ),
        ("no threshold was computed", "there is no national figure to compare it with"),
        (" final", ""),
        (" revised", " (revised)"),
    ] {
        told = told.replace(office, plain);
    }
    // Which other figure was computed is nothing to a school: that there is none for the year is.
    match told.find("; the threshold computed is ") {
        Some(at) => {
            let end = told[at + 2..].find("; ").map_or(told.len(), |next| at + 2 + next);
            told.replace_range(
                at..end,
                "; there is no national figure of that year to compare it with",
            );
            told
        }
        None => told,
    }
}

/// `Outstanding or Good` of `1 (Outstanding) or 2 (Good)`: the names of grades alone.
fn without_numbers(text: &str) -> String {
    let mut plain = text.to_owned();
    for number in 1..=4 {
        while let Some(at) = plain.find(&format!("{number} (")) {
            let Some(end) = plain[at..].find(')') else { return plain };
            let name = plain[at + 3..at + end].to_owned();
            plain.replace_range(at..=at + end, &name);
        }
    }
    plain
}

fn begun_large(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use kernel::Source;

    use super::*;

    fn clause(needed: &str, actual: &str, result: Answer) -> Clause {
        Clause {
            rule: "R2".into(),
            way: None,
            needed: needed.into(),
            actual: actual.into(),
            value: None,
            source: Some(Source { file: "a.csv".into(), sha256: String::new(), line: 7 }),
            date: "2019-01-31".parse().ok(),
            result,
        }
    }

    #[test]
    fn of_several_ways_each_clause_says_which_it_is_of() {
        let of = |way: &str| Clause {
            way: Some(way.into()),
            ..clause("Ofsted overall effectiveness 2 (Good)", "2 (Good)", Answer::Passed)
        };
        let term = "An overall grade from Ofsted of Good";
        let terms = |clauses: &[Clause]| {
            facts(clauses.iter()).into_iter().map(|it| it.term).collect::<Vec<_>>()
        };
        assert_eq!(terms(&[of("A"), of("A")]), [term, term]);
        let each = [format!("{term} (way in: A)"), format!("{term} (way in: B)")];
        assert_eq!(terms(&[of("A"), of("B")]), each);
    }

    #[test]
    fn a_clause_is_told_as_a_headteacher_reads_it() {
        for (needed, actual, result, term, value) in [
            (
                "Ofsted overall effectiveness 1 (Outstanding) or 2 (Good)",
                "2 (Good), inspected 3 May 2016, published 20 May 2016",
                Answer::Passed,
                "An overall grade from Ofsted of Outstanding or Good",
                "Good, inspected 3 May 2016, report published 20 May 2016",
            ),
            (
                "Progress 8 on or above the 75th percentile nationally, 0.27 (2017/18 final, 3,150 schools)",
                "Progress 8 0.31, in 2017/18 final",
                Answer::Passed,
                "Progress 8 in the top quarter of schools nationally: 0.27 or more",
                "Progress 8 0.31, in 2017/18",
            ),
            (
                "significant results: lower 95% confidence limit of Progress 8 above 0",
                "Progress 8 0.12, lower limit -0.08, in 2017/18 final",
                Answer::Failed,
                "Results clearly above the national average (Progress 8)",
                "Progress 8 0.12, with its published range of uncertainty beginning at -0.08, in 2017/18. This was not met.",
            ),
            (
                "Progress 8 on or above the 75th percentile in 2016/17; of the last 3 published years, failing in up to 1 is a dip",
                "Progress 8 0.31, in 2016/17 final; the threshold computed is that of 2017/18 final",
                Answer::NoData,
                "Progress 8 in the top quarter of schools nationally in 2016/17",
                "Progress 8 0.31, in 2016/17; there is no national figure of that year to compare it with. Published data do \
                 not answer this.",
            ),
            ("something new", "so", Answer::Passed, "Something new", "So"),
        ] {
            let fact = fact(&clause(needed, actual, result));
            assert_eq!((fact.term.as_str(), fact.value.as_str()), (term, value));
        }
        let source = |needed| fact(&clause(needed, "x", Answer::Passed)).source;
        assert_eq!(
            source("Ofsted overall effectiveness 2 (Good)"),
            "Ofsted's published inspection outcomes, public from 31 January 2019 (a.csv, line 7)"
        );
        assert_eq!(source("something new"), "Public from 31 January 2019 (a.csv, line 7)");
    }
}

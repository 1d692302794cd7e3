//! `docs/rules.md`: every rule and decision has its line, and each line tells the truth.

use std::collections::BTreeSet;

use crate::program::repository;
use crate::sources::rust;

const RULES: u32 = 45;
const DECISIONS: u32 = 17;

/// Contexts that will keep what is not kept yet.
const TO_COME: &[&str] = &[
    "membership",
    "billing",
    "visits",
    "accreditation",
    "conference",
    "publishing",
    "grants",
    "bus",
    "backoffice",
];

struct Line {
    rule: String,
    kept: String,
}

#[test]
fn every_rule_and_decision_has_one_line_in_order() {
    let expected: Vec<String> = (1..=RULES)
        .map(|number| format!("R{number}"))
        .chain((1..=DECISIONS).map(|number| format!("D{number}")))
        .collect();
    let written: Vec<String> = lines().into_iter().map(|line| line.rule).collect();
    assert_eq!(written, expected);
}

#[test]
fn every_rule_names_a_place_that_exists_or_who_will_keep_it() {
    let mut broken = vec![];
    for line in lines() {
        let places = places(&line.kept);
        for place in &places {
            if !repository().join(place).exists() {
                broken.push(format!("{}: there is no {place}", line.rule));
            }
        }
        let later = line.kept.split_once("not yet: ").map(|(_, context)| context.trim());
        match later {
            Some(context) if !TO_COME.contains(&context) => {
                broken.push(format!("{}: `{context}` is none of {TO_COME:?}", line.rule));
            }
            None if places.is_empty() => broken.push(format!("{}: kept nowhere", line.rule)),
            _ => {}
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// So that "where is R12 kept?" is one search.
#[test]
fn a_source_file_that_keeps_a_rule_names_it() {
    let sources = rust();
    let mut broken = vec![];
    for line in lines() {
        for place in places(&line.kept) {
            let mut at_place = sources.iter().filter(|it| it.path.starts_with(&place)).peekable();
            if at_place.peek().is_none() {
                continue;
            }
            if !at_place.any(|source| named(&source.text).contains(line.rule.as_str())) {
                broken.push(format!("{}: {place} does not name it", line.rule));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_rule_that_the_code_names_exists() {
    let known: BTreeSet<String> = lines().into_iter().map(|line| line.rule).collect();
    let mut unknown = vec![];
    for source in rust() {
        for (number, line) in source.lines().filter(|(_, line)| line.contains("//")) {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            for rule in named(comment).into_iter().filter(|rule| !known.contains(*rule)) {
                unknown.push(format!("{} line {number}: {rule}", source.path));
            }
        }
    }
    assert!(unknown.is_empty(), "not in docs/rules.md:\n{}", unknown.join("\n"));
}

/// The rows of the tables: `| R1 | what it says | where it is kept |`.
fn lines() -> Vec<Line> {
    let text = std::fs::read_to_string(repository().join("docs/rules.md")).unwrap();
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, rule, _, kept, _] = cells[..] else { return None };
            is_rule(rule).then(|| Line { rule: rule.to_owned(), kept: kept.to_owned() })
        })
        .collect()
}

/// What stands between backticks is a path from the repository's folder.
fn places(kept: &str) -> Vec<String> {
    kept.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rules and decisions that a text names: `R3`, `D12`; also the ends of `R12 to R14`.
fn named(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| is_rule(word)).collect()
}

fn is_rule(word: &str) -> bool {
    let number = word.strip_prefix(['R', 'D']).unwrap_or_default();
    matches!(number.len(), 1 | 2) && number.bytes().all(|byte| byte.is_ascii_digit())
}

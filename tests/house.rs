//! The house rules that no lint knows, over every source file.

use crate::sources::{Source, rust};

/// A file beyond about 400 lines is two things; beyond this it is refused.
const LONGEST_FILE: usize = 500;

/// Who may do what `clippy.toml` bans everywhere else, and what else may say so.
const ONLY: &[(&[&str], &[&str])] = &[
    // The kernel mints ids.
    (&["Uuid::now_v7", "Uuid::new_v4"], &["crates/kernel/src/id.rs"]),
    // The app reads the clock.  The journal's lock tells people since when it is held; nothing is decided by that.
    (
        &["Utc::now", "Local::now", "SystemTime::now"],
        &["crates/app/src/clock.rs", "crates/journal/src/lock.rs"],
    ),
];

/// Words that say nothing about what a thing is for.
const EMPTY_WORDS: &[&str] =
    &["Manager", "Handler", "Service", "Processor", "Helper", "Util", "Utils", "Impl", "Dto"];

// Written in pieces, so that this file does not find itself.
const IGNORED: &str = concat!("#[", "ignore");
const PANIC_WANTED: &str = concat!("should", "_panic");
const UNFINISHED: &[&str] = &[concat!("to", "do!("), concat!("unimple", "mented!(")];
const SLEEPS: &[&str] = &[concat!("thread::", "sleep"), concat!("time::", "sleep")];
const THIS_MACHINE: &[&str] = &[concat!("\"/", "work/"), concat!("\"/", "root/")];
const BANNED_METHODS: &str = "clippy::disallowed_methods";

#[test]
fn no_file_is_longer_than_one_thing() {
    assert_none(|source| {
        let lines = source.text.lines().count();
        (lines > LONGEST_FILE)
            .then(|| format!("{}: {lines} lines, at most {LONGEST_FILE}", source.path))
            .into_iter()
            .collect()
    });
}

#[test]
fn every_test_runs_and_says_what_it_expects() {
    assert_none(|source| found(source, &[IGNORED, PANIC_WANTED], 1));
}

#[test]
fn nothing_is_left_unfinished() {
    assert_none(|source| found(source, UNFINISHED, 1));
}

#[test]
fn no_test_sleeps() {
    assert_none(|source| source.tests_from().map_or(vec![], |from| found(source, SLEEPS, from)));
}

#[test]
fn only_the_kernel_mints_ids_and_only_the_app_reads_the_clock() {
    assert_none(|source| {
        if source.path == "tests/house.rs" {
            return vec![];
        }
        let may = |places: &[&str]| places.contains(&source.path.as_str());
        let mut broken = vec![];
        for (methods, places) in ONLY.iter().filter(|(_, places)| !may(places)) {
            let lines = found(source, methods, 1);
            broken.extend(lines.into_iter().map(|line| format!("{line} (only in {places:?})")));
        }
        if !ONLY.iter().any(|(_, places)| may(places)) {
            broken.extend(found(source, &[BANNED_METHODS], 1));
        }
        broken
    });
}

#[test]
fn no_source_knows_a_folder_of_this_machine() {
    assert_none(|source| found(source, THIS_MACHINE, 1));
}

#[test]
fn a_type_is_named_for_what_it_is() {
    assert_none(|source| {
        let named = source.lines().filter_map(|(number, line)| {
            let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
            let kind = words.next()?;
            let name = words.next()?.split(|c: char| !c.is_alphanumeric()).next()?;
            let empty = EMPTY_WORDS.iter().any(|word| name.ends_with(word));
            (matches!(kind, "struct" | "enum" | "trait") && empty)
                .then(|| format!("{} line {number}: {name}", source.path))
        });
        named.chain(found(source, &[concat!("fn ", "get_")], 1)).collect()
    });
}

/// Where a file has one of these texts, from a line on; lines that only talk about it do not count.
fn found(source: &Source, texts: &[&str], from: usize) -> Vec<String> {
    source
        .lines()
        .filter(|(number, line)| *number >= from && !line.trim_start().starts_with("//"))
        .filter_map(|(number, line)| {
            let text = texts.iter().find(|text| line.contains(**text))?;
            Some(format!("{} line {number}: {text}", source.path))
        })
        .collect()
}

#[track_caller]
fn assert_none(broken: impl Fn(&Source) -> Vec<String>) {
    let broken: Vec<String> = rust().iter().flat_map(broken).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

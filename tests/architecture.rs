//! Who may depend on whom (R44).  This table is the law; `docs/architecture.md` only explains it.

use std::collections::BTreeMap;
use std::process::Command;

/// A crate, the crates of this workspace that it may use, and those that only its tests and benches may use.
struct Row {
    name: &'static str,
    may_use: &'static [&'static str],
    may_test_with: &'static [&'static str],
}

/// Lower crates first.  A row says what is allowed, not what is used today.
const LAW: &[Row] = &[
    row("kernel", &[], &[]),
    row("scenario", &[], &[]),
    // Contexts decide, and never know of each other.
    row("schools", &["kernel"], &["scenario"]),
    row("membership", &["kernel"], &["scenario"]),
    row("letters", &["kernel"], &["scenario"]),
    row("routine", &["kernel"], &["scenario"]),
    row("contacts", &["kernel"], &["scenario"]),
    row("billing", &["kernel"], &["scenario"]),
    // Projections remember.
    row(
        "projections",
        &["billing", "contacts", "kernel", "letters", "membership", "routine", "schools"],
        &[],
    ),
    // Policies ask.
    row(
        "policies",
        &["billing", "kernel", "membership", "projections", "routine", "schools"],
        &["scenario"],
    ),
    // The shell.  The journal knows bytes, the event store knows aggregates, neither knows a context.
    row("journal", &[], &[]),
    row("event-store", &["journal", "kernel"], &["membership", "schools"]),
    // What reads the events from NATS stands alone: services outside this workspace take it too.
    row("subscriber", &[], &["schools"]),
    row("bus", &["journal", "kernel", "subscriber"], &[]),
    row("national-data", &["contacts", "kernel", "schools"], &[]),
    row(
        "read-store",
        &["billing", "journal", "kernel", "projections"],
        &["contacts", "membership", "routine", "schools"],
    ),
    row(
        "app",
        &[
            "contacts",
            "billing",
            "event-store",
            "journal",
            "kernel",
            "letters",
            "membership",
            "national-data",
            "policies",
            "projections",
            "read-store",
            "routine",
            "schools",
        ],
        &[],
    ),
    // Two years of an office on a sample nation, asked of the shell as people ask it.
    row(
        "rehearsal",
        &["app", "billing", "kernel", "membership", "national-data", "projections", "schools"],
        &[],
    ),
    row(
        "ledge",
        &[
            "app",
            "bus",
            "contacts",
            "billing",
            "event-store",
            "journal",
            "kernel",
            "letters",
            "membership",
            "national-data",
            "policies",
            "projections",
            "read-store",
            "rehearsal",
            "routine",
            "schools",
            "subscriber",
        ],
        &[],
    ),
    row("tests", &[], ANY),
];

/// Only the package of tests: it sees everything, and nothing sees it.
const ANY: &[&str] = &["*"];

const PURE: &[&str] = &[
    "billing",
    "contacts",
    "kernel",
    "letters",
    "membership",
    "policies",
    "projections",
    "routine",
    "schools",
];
/// What a pure crate may take from outside: no runtime, no disk, no network, no clock.
const PURE_MAY_USE: &[&str] = &[
    "base64",
    "chrono",
    "cqrs-es",
    "email_address",
    // Says what a type looks like as JSON, and does nothing.
    "schemars",
    "serde",
    "serde_json",
    "strum",
    "thiserror",
    "uuid",
];

#[test]
fn crates_depend_only_downwards() {
    let packages = packages();
    let mut broken = vec![];
    for package in &packages {
        let Some(row) = LAW.iter().find(|row| row.name == package.name) else {
            broken.push(format!("{} has no row in LAW", package.name));
            continue;
        };
        for (dependency, use_) in &package.dependencies {
            if !packages.iter().any(|it| it.name == *dependency) {
                continue;
            }
            let allowed = match use_ {
                Use::Always => row.may_use.contains(&dependency.as_str()),
                Use::Tests => {
                    row.may_test_with == ANY
                        || row.may_use.contains(&dependency.as_str())
                        || row.may_test_with.contains(&dependency.as_str())
                }
            };
            if !allowed {
                broken.push(format!("{} must not depend on {dependency} ({use_:?})", package.name));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn pure_crates_use_no_runtime_disk_network_or_clock() {
    let packages = packages();
    let mut broken = vec![];
    for package in packages.iter().filter(|it| PURE.contains(&it.name.as_str())) {
        for (dependency, use_) in &package.dependencies {
            let ours = packages.iter().any(|it| it.name == *dependency);
            if *use_ == Use::Always && !ours && !PURE_MAY_USE.contains(&dependency.as_str()) {
                broken.push(format!("{} is pure and must not use {dependency}", package.name));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_row_of_the_law_is_about_a_crate_and_looks_down() {
    let packages = packages();
    let mut above: Vec<&str> = vec![];
    for row in LAW {
        assert!(packages.iter().any(|it| it.name == row.name), "there is no crate {}", row.name);
        assert!(!above.contains(&row.name), "{} has two rows", row.name);
        for below in row.may_use {
            assert!(above.contains(below), "{} stands above {below}: rows go upwards", row.name);
        }
        above.push(row.name);
    }
    for pure in PURE {
        let row = LAW.iter().find(|row| row.name == *pure).unwrap();
        let impure: Vec<_> = row.may_use.iter().filter(|it| !PURE.contains(*it)).collect();
        assert!(impure.is_empty(), "{pure} is pure and may not rest on {impure:?}");
    }
}

#[test]
fn a_crate_lives_in_the_folder_of_its_name() {
    for package in packages() {
        let folder = format!("/{}/Cargo.toml", package.name);
        let manifest = package.manifest.replace('\\', "/");
        assert!(manifest.ends_with(&folder), "{} lives in {manifest}", package.name);
    }
}

const fn row(
    name: &'static str,
    may_use: &'static [&'static str],
    may_test_with: &'static [&'static str],
) -> Row {
    Row { name, may_use, may_test_with }
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Use {
    Always,
    Tests,
}

struct Package {
    name: String,
    manifest: String,
    dependencies: BTreeMap<String, Use>,
}

/// The packages of this workspace, as cargo sees them.
fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(crate::program::repository())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", crate::program::said(&output)));
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

fn package(metadata: &serde_json::Value) -> Package {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut dependencies = BTreeMap::new();
    for dependency in metadata["dependencies"].as_array().unwrap() {
        // One that is both is used always; so is what the building of a crate needs.
        let use_ = if dependency["kind"] == "dev" { Use::Tests } else { Use::Always };
        dependencies
            .entry(text(&dependency["name"]))
            .and_modify(|known: &mut Use| *known = use_.min(*known))
            .or_insert(use_);
    }
    Package {
        name: text(&metadata["name"]),
        manifest: text(&metadata["manifest_path"]),
        dependencies,
    }
}

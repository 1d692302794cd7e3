//! What days cost: one that brings nothing to 1,500 schools, 1 April with 500 lapses, and seeing what follows from all
//! that a nation published.
//!
//! `cargo bench -p app --bench days`.  A figure is the median of some runs, each in a folder of its own.

#![expect(clippy::unwrap_used, reason = "an office that cannot work is not worth measuring")]
#![expect(clippy::print_stdout, reason = "the figures are what is asked for")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{Office, What, no_progress};
use chrono::{DateTime, NaiveDate, Utc};
use futures::{StreamExt, stream};
use kernel::{CommandId, Grade, Urn};
use membership::Membership;
use membership::membership::{Command, Invitation};
use national_data::File;
use national_data::sample::Nation;
use tokio::runtime::Runtime;

const RUNS: usize = 5;
/// Schools with a membership of which there is something to tell, and those of them that are members.
const SCHOOLS: u32 = 1_500;
const MEMBERS: u32 = 500;

fn main() {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let (mut first, mut next, mut lapses) = (vec![], vec![], vec![]);
        for _ in 0..RUNS {
            let dir = tempfile::tempdir().unwrap();
            let office = open(dir.path());
            a_network(&office).await;
            office.close().await.unwrap();
            let mut office = open(dir.path());
            begin(&mut office, "2019-03-28").await;
            // Another program comes to it, and knows nothing yet.
            office.close().await.unwrap();
            let mut office = open(dir.path());
            first.push(begin(&mut office, "2019-03-29").await);
            next.push(begin(&mut office, "2019-03-30").await);
            begin(&mut office, "2019-03-31").await;
            lapses.push(begin(&mut office, "2019-04-01").await);
            office.close().await.unwrap();
        }
        print("a day, the first in a program", first, "1,500 schools told, nothing to do");
        print("a day, the next", next, "1,500 schools told, nothing to do");
        print("1 April", lapses, "1,500 schools told, 500 memberships lapse");
        let (events, took) = a_nation().await;
        print(
            "seeing what follows",
            took,
            &format!("{events} events, 500 members, none told before"),
        );
    });
}

/// What settling takes after everything that a nation published was loaded, by an office that lost its bookmark.
async fn a_nation() -> (u64, Vec<Duration>) {
    let dir = tempfile::tempdir().unwrap();
    let mut office = open(dir.path());
    a_network(&office).await;
    for (name, bytes) in Nation::with_primaries(2003, 3_500).files() {
        let what = kind_of(&name);
        let file = File::from_bytes(name, bytes);
        office.import(&file, what, None, &no_progress).await.unwrap();
    }
    let mut took = vec![];
    for _ in 0..RUNS {
        office.close().await.unwrap();
        std::fs::remove_dir_all(dir.path().join("heads.sled")).unwrap();
        office = open(dir.path());
        let begun = Instant::now();
        office.settle(&no_progress).await.unwrap();
        took.push(begun.elapsed());
    }
    (office.desk().journal().head().unwrap(), took)
}

async fn begin(office: &mut Office, until: &str) -> Duration {
    let begun = Instant::now();
    let days = office.begin_days(Some(day(until)), &no_progress).await.unwrap().days;
    assert_eq!(days.len(), 1);
    begun.elapsed()
}

/// Members until 31 March 2019, and schools that hold an invitation.
async fn a_network(office: &Office) {
    let asked = (0..SCHOOLS).map(|index| async move {
        let urn: Urn = (100_000 + 7 * index).to_string().parse().unwrap();
        let command = if index < MEMBERS {
            Command::RecordRunning { from: day("2015-04-01"), year: "2018-19".parse().unwrap() }
        } else {
            Command::Invite(Invitation {
                year: "2019-20".parse().unwrap(),
                on: day("2019-02-01"),
                name: format!("School {index}"),
                grade: Some(Grade::Outstanding),
                progress8: None,
                release: None,
                threshold: None,
                reviewed_as_at: day("2019-02-01"),
                until: Some(day("2019-06-30")),
            })
        };
        let asked = office.asked(CommandId::mint());
        office.ask::<Membership>(&urn.to_string(), command, asked).await.unwrap();
    });
    stream::iter(asked).buffered(512).collect::<Vec<()>>().await;
}

fn open(dir: &Path) -> Office {
    let now: DateTime<Utc> = "2019-04-01T12:00:00Z".parse().unwrap();
    Office::open(dir, Arc::new(move || now), "office", &no_progress).unwrap()
}

fn print(what: &str, mut took: Vec<Duration>, of: &str) {
    took.sort_unstable();
    let median = took.get(took.len() / 2).copied().unwrap_or_default();
    println!("{what:<30} {:>8.1} ms  {of}", median.as_secs_f64() * 1e3);
}

fn kind_of(name: &str) -> What {
    match name.split_once("_england_ks4") {
        Some((year, standing)) => {
            let release =
                format!("{} {}", year.replace('-', "/"), standing.trim_end_matches(".csv"));
            What::Ks4(release.parse().unwrap())
        }
        None if name.starts_with("ofsted") => What::Ofsted,
        None if name.starts_with("links") => What::Links,
        None if name.starts_with("ssat-cover") => What::Cover,
        None => What::Register,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

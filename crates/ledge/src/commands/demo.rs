//! `ledge demo`: two years of an office on a generated sample nation.
//!
//! It goes the way an office goes, day by day with the clock in hand: the nation's files are loaded as they come out, and
//! reviewed, answered and decided on with the same code as the real ones.  Stopped anywhere it goes on from the day it was
//! at; started again at its end it changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use app::{Failure, Office, no_progress};
use chrono::NaiveDate;
use kernel::{Day, Urn};
use projections::memberships::{Application, Row, Standing};
use rehearsal::{Hand, Played, Story, Wish};
use serde_json::json;

use crate::cli::{Demo, Global};
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines};
use crate::progress::Bar;

mod nation;

/// One school in seven is a member of the network when the story begins: 500 of 3,500.
const SCHOOLS_A_MEMBER: usize = 7;

pub(crate) async fn run(global: &Global, asked: Demo) -> anyhow::Result<Outcome> {
    let global = Global { data: Some(global.folder_or("ledge-demo")), ..global.clone() };
    let begun = Instant::now();
    let bar = Arc::new(Bar::new(&global));
    if let Some(until) = asked.until.filter(|until| *until < Story::first_day()) {
        return Err(Failure::Refused(format!(
            "the story begins on {}: it cannot end on {until}",
            Story::first_day()
        ))
        .into());
    }
    let nation = nation::Chosen { seed: asked.seed, schools: asked.schools };
    nation.settle_in(&global.folder())?;
    bar.tell("making a nation", 0, 1);
    let schools = asked.schools as usize;
    let files = global.folder().join("files");
    let story =
        Story::of(asked.seed, schools, schools / SCHOOLS_A_MEMBER, files.join("from-schools"));
    let hand = Hand::at(Story::first_day());
    let mut office =
        Office::open(&global.folder(), hand.clock(), super::actor(&global), &no_progress)?;
    let shown = play(&story, &mut office, &hand, &files, asked.until, &bar).await;
    office.close().await?;
    drop(bar);
    let shown = shown?;
    if global.json {
        document(&json!({
            "data": global.folder(),
            "files": shown.files,
            "from": Story::first_day(),
            "until": shown.until,
            "days": shown.days,
            "done": shown.played.done,
            "refused": shown.played.refused.len(),
            "members": shown.members,
            "parked": shown.parked,
            "events": shown.events,
        }))?;
    } else {
        shown.tell(&global.folder(), begun)?;
    }
    Ok(Outcome::Done)
}

/// What came of it.
struct Shown {
    /// The files that came out so far.
    files: Vec<PathBuf>,
    /// The day at which the office is, and how many days were played now.
    until: NaiveDate,
    days: usize,
    played: Played,
    members: usize,
    parked: usize,
    events: u64,
    /// An application that the steering group decided on, and a member that is not to be renewed.
    decided: Option<Urn>,
    marked: Option<Urn>,
}

async fn play(
    story: &Story,
    office: &mut Office,
    hand: &Hand,
    files: &Path,
    until: Option<NaiveDate>,
    bar: &Bar,
) -> anyhow::Result<Shown> {
    let at = story.day_of(office)?;
    let total = story.days().count() as u64;
    let mut played = Played::default();
    let (mut loaded, mut days, mut last) = (vec![], 0, at);
    for (done, day) in story.days().enumerate() {
        if until.is_some_and(|until| day.on > until) && day.on > at {
            break;
        }
        for wish in &day.wishes {
            if let Wish::Load(issue) = wish {
                let path = files.join(&issue.name);
                if !path.exists() {
                    std::fs::write(&path, story.nation().bytes_of(issue))
                        .with_context(|| format!("writing {}", path.display()))?;
                }
                loaded.push(path);
            }
        }
        if day.on < at {
            continue;
        }
        bar.tell("day by day", done as u64, total);
        played.and(story.play(office, hand, &day, &no_progress).await?);
        days += 1;
        last = day.on;
    }
    let rows = office.desk().read_store().memberships()?;
    Ok(Shown {
        files: loaded,
        until: last,
        days,
        played,
        members: rows.iter().filter(|row| row.standing == Standing::Member).count(),
        parked: office.desk().parked()?.len(),
        events: office.desk().journal().head()?,
        decided: rows.iter().find(|row| was_decided(row)).map(|row| row.urn),
        marked: rows.iter().find(|row| is_marked(row)).map(|row| row.urn),
    })
}

fn was_decided(row: &Row) -> bool {
    let is_open = !matches!(row.application, None | Some(Application::Withdrawn));
    is_open && row.meeting_on.is_some()
}

fn is_marked(row: &Row) -> bool {
    row.standing == Standing::Member && row.mark_grade.is_some()
}

impl Shown {
    fn tell(&self, folder: &Path, begun: Instant) -> anyhow::Result<()> {
        let done = |what: &str| grouped(self.played.done.get(what).copied().unwrap_or(0));
        if self.days > 1 {
            lines(format!(
                "Played {} of an office up to {}:\n\
                 \x20 {} files loaded, {} reviews run, {} judgements of the steering group\n\
                 \x20 {} applications, {} referred, {} decided on, {} accepted\n\
                 \x20 {} renewals accepted and {} declined by the schools",
                counted(self.days as u64, "day"),
                Day(self.until),
                done("load"),
                done("review"),
                done("judge"),
                done("apply"),
                done("refer"),
                done("decide"),
                done("accept"),
                done("accept_renewal"),
                done("decline_renewal"),
            ))?;
        }
        lines(format!(
            "On {} it has {}, {} parked, and {}, every one durable ({:.1} s).  Look at it:",
            Day(self.until),
            counted(self.members as u64, "member"),
            self.parked,
            counted(self.events, "event"),
            begun.elapsed().as_secs_f64(),
        ))?;
        let data = folder.display();
        let mut looks = vec!["retention".to_owned()];
        looks.extend(self.decided.map(|urn| format!("application pack {urn}")));
        looks.push(format!("application list --on {}", self.until));
        looks.extend(self.marked.map(|urn| format!("member show {urn} --on {}", self.until)));
        looks.push("events --type MarkedNotEligibleToRenew --limit 5".to_owned());
        looks.push(match self.parked {
            0 => {
                "sql \"SELECT urn, policy, why, state, settled_on FROM parked LIMIT 5\"".to_owned()
            }
            _ => "parked".to_owned(),
        });
        looks.push("verify".to_owned());
        for look in looks {
            lines(format!("  ledge --data {data} {look}"))?;
        }
        lines(
            "(From this checkout, `cargo run --release --` stands for `ledge`; `ledge day --until DATE` goes on.)",
        )
    }
}

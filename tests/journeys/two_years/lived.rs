//! A story that was lived through, and everything that was recorded of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use app::{Folder, Office, no_progress};
use chrono::NaiveDate;
use kernel::Urn;
use membership::membership::Event as Membership;
use projections::Event;
use rehearsal::{Hand, Played, Story};

/// As large as the nation is, and its network.
const SCHOOLS: usize = 3_500;
const MEMBERS: usize = 500;

pub(super) struct Lived {
    folder: PathBuf,
    pub(super) story: Story,
    pub(super) played: Played,
    pub(super) events: Vec<Recorded>,
}

/// An event as it stands in the journal, in the words of its context.
pub(super) struct Recorded {
    pub(super) position: u64,
    /// The day on which it was recorded.
    pub(super) day: NaiveDate,
    pub(super) actor: String,
    pub(super) event: Event,
}

/// The whole story, lived through once for all tests.
pub(super) fn lived() -> &'static Lived {
    static LIVED: OnceLock<Lived> = OnceLock::new();
    LIVED.get_or_init(|| {
        let begun = Instant::now();
        // Nothing static is ever dropped, so the folder is made empty before it is used and not after.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("two-years");
        drop(std::fs::remove_dir_all(&folder));
        let story = Story::of(2003, SCHOOLS, MEMBERS, folder.join("papers"));
        let (played, slowest) = play(&story, &folder);
        let lived = Lived { events: events(&folder), folder, story, played };
        let took = begun.elapsed();
        eprintln!("two years took {took:.1?}: {} events", lived.events.len());
        for (what, on, took) in slowest {
            eprintln!("  {took:>8.1?}  {on} {what}");
        }
        for (what, often) in &lived.played.done {
            eprintln!("  {often:>6} {what}");
        }
        lived
    })
}

/// Plays a story from the day the folder is at, to its end.
fn play(story: &Story, folder: &Path) -> (Played, Vec<(String, NaiveDate, Duration)>) {
    let hand = Hand::at(Story::first_day());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut office = Office::open(folder, hand.clock(), "office", &no_progress).unwrap();
    let mut played = Played::default();
    let mut took = vec![];
    for day in story.days() {
        let begun = Instant::now();
        let done = runtime.block_on(story.play(&mut office, &hand, &day, &no_progress)).unwrap();
        took.push((format!("{:?}", done.done), day.on, begun.elapsed()));
        played.and(done);
    }
    runtime.block_on(office.close()).unwrap();
    took.sort_by_key(|(_, _, took)| std::cmp::Reverse(*took));
    took.truncate(12);
    (played, took)
}

fn events(folder: &Path) -> Vec<Recorded> {
    let mut entries = vec![];
    Folder::at(folder).reader().unwrap().read(0, usize::MAX >> 1, &mut entries).unwrap();
    entries
        .into_iter()
        .map(|entry| Recorded {
            position: entry.position,
            day: app::clock::day_of(entry.recorded_at),
            event: Event::decode(&entry.stream, &entry.payload).unwrap().unwrap(),
            actor: entry.actor,
        })
        .collect()
}

impl Lived {
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What happened to memberships, in order.
    pub(super) fn memberships(&self) -> impl Iterator<Item = (&Recorded, Urn, &Membership)> {
        self.events.iter().filter_map(|recorded| match &recorded.event {
            Event::Membership(urn, event) => Some((recorded, *urn, event)),
            _ => None,
        })
    }

    /// What happened to each school's membership, in order.
    pub(super) fn by_school(&self) -> BTreeMap<Urn, Vec<&Membership>> {
        let mut schools: BTreeMap<Urn, Vec<&Membership>> = BTreeMap::new();
        for (_, urn, event) in self.memberships() {
            schools.entry(urn).or_default().push(event);
        }
        schools
    }
}

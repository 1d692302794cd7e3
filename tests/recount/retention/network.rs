//! A network of schools whose memberships a test has in its hand: every wish is asked of the membership itself, through the
//! office, on whatever day the test names.

use app::{Failure, Office, no_progress};
use chrono::{Days, NaiveDate};
use kernel::{CommandId, Grade, LeadingEdgeYear, Source, Urn};
use membership::facts::Cover;
use membership::membership::{
    Acceptance, Command, EndReason, Event, Grading, How, Invitation, JoiningTerms, Offer, Role,
    WhyRefused,
};
use membership::{Membership, Outcome};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What a year costs, in pence.
const FEE: u64 = 160_000;

pub(super) struct Network {
    folder: TempDir,
    runtime: Runtime,
    office: Office,
}

impl Network {
    pub(super) fn on_an_empty_folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = app::clock::wall();
        let office = Office::open(folder.path(), clock, "office", &no_progress).unwrap();
        Self { folder, runtime: Runtime::new().unwrap(), office }
    }

    /// Closes the office and leaves what it recorded.
    pub(super) fn close(self) -> TempDir {
        self.runtime.block_on(self.office.close()).unwrap();
        self.folder
    }

    /// Asks, and answers the position of what was recorded; a refusal is an answer too.
    pub(super) fn try_ask(&self, urn: u32, command: Command) -> Result<u64, Failure> {
        let asked = self.office.asked(CommandId::mint());
        let urn = urn.to_string();
        let ask = self.office.ask::<Membership>(&urn, command, asked);
        self.runtime.block_on(ask).map(|done| done.position)
    }

    #[track_caller]
    fn ask(&self, urn: u32, command: Command) -> u64 {
        self.try_ask(urn, command).unwrap()
    }

    #[track_caller]
    pub(super) fn runs(&self, urn: u32, from: &str, year: &str) {
        self.ask(urn, Command::RecordRunning { from: day(from), year: year.parse().unwrap() });
    }

    #[track_caller]
    pub(super) fn past(&self, urn: u32, from: &str, last_day: &str, reason: &str) {
        let (from, last_day, reason) = (day(from), day(last_day), reason.to_owned());
        self.ask(urn, Command::RecordPast { from, last_day, reason });
    }

    #[track_caller]
    pub(super) fn joins(&self, urn: u32, first_day: &str, agreed: Option<u64>) {
        for command in joining(day(first_day), agreed) {
            self.ask(urn, command);
        }
    }

    #[track_caller]
    pub(super) fn renews(&self, urn: u32, year: &str, on: &str) {
        for command in renewing(year.parse().unwrap(), day(on)) {
            self.ask(urn, command);
        }
    }

    #[track_caller]
    pub(super) fn declines(&self, urn: u32, year: &str, reason: Option<&str>, on: &str) {
        let (year, reason) = (year.parse().unwrap(), reason.map(str::to_owned));
        self.ask(urn, Command::DeclineRenewal { year, reason, on: day(on) });
    }

    #[track_caller]
    pub(super) fn is_refused(&self, urn: u32, year: &str, why: WhyRefused, on: &str) {
        self.ask(urn, Command::RefuseRenewal { year: year.parse().unwrap(), why, on: day(on) });
    }

    #[track_caller]
    pub(super) fn is_graded_3(&self, urn: u32, published_on: &str) {
        self.ask(urn, Command::MarkNotEligible(grading(day(published_on))));
    }

    #[track_caller]
    pub(super) fn lapses(&self, urn: u32, year: &str, on: &str) {
        self.ask(urn, Command::Lapse { year: year.parse().unwrap(), cover: None, on: day(on) });
    }

    #[track_caller]
    pub(super) fn ends(&self, urn: u32, into: Option<u32>, on: &str) {
        let reason = into.map_or(EndReason::Closed, |into| EndReason::MergedInto(school(into)));
        self.ask(urn, Command::End { reason, on: day(on) });
    }

    #[track_caller]
    pub(super) fn goes_on_at(&self, urn: u32, successor: u32, on: &str) {
        self.try_to_go_on_at(urn, successor, day(on)).unwrap();
    }

    /// What was carried is read back from the journal, as whoever asks the successor does.
    pub(super) fn try_to_go_on_at(
        &self,
        urn: u32,
        successor: u32,
        on: NaiveDate,
    ) -> Result<(), Failure> {
        let at = self.try_ask(urn, Command::CarryOver { to: school(successor), on })?;
        let entry = self.office.desk().journal().event(at).unwrap().unwrap();
        let Ok(Event::MembershipCarriedOver { to, carried, on }) =
            serde_json::from_str(&entry.payload)
        else {
            return Ok(());
        };
        let successor = to.number();
        self.try_ask(successor, Command::TakeOver { from: school(urn), carried, on }).map(drop)
    }
}

/// Invited, applied, accepted and begun.  Whoever joins in the course of a year pays what was agreed.
pub(super) fn joining(first_day: NaiveDate, agreed: Option<u64>) -> [Command; 4] {
    let year = LeadingEdgeYear::containing(first_day);
    let on = first_day - Days::new(5);
    let terms = agreed.map_or(JoiningTerms::FullPackage, |fee_pence| JoiningTerms::AgreedTerms {
        fee_pence,
        reason: "only a part of the year remains".into(),
        approver: "steering group, minutes of the last meeting".into(),
    });
    let invitation = Invitation {
        year,
        on: first_day - Days::new(20),
        name: "Hill Top".into(),
        grade: Some(Grade::Good),
        progress8: None,
        release: None,
        threshold: None,
        reviewed_as_at: first_day - Days::new(30),
        until: None,
    };
    let apply = Command::Apply { year, by: Role::Headteacher, how: How::ByInvitation, on };
    let cover = covered();
    let missed = vec![];
    [
        Command::Invite(invitation),
        apply,
        Command::Accept(Acceptance { first_day, terms, missed, cover, on }),
        Command::Start { year, fee_pence: FEE, on: first_day },
    ]
}

/// Offered and agreed.
pub(super) fn renewing(year: LeadingEdgeYear, on: NaiveDate) -> [Command; 3] {
    let offer = Offer { outcome: Outcome::Renew, judgement: None, answer_by: None, on };
    [
        Command::OfferRenewal { year, offer },
        Command::AcceptRenewal { year, by: Role::Headteacher, on },
        Command::Renew { year, cover: covered(), fee_pence: FEE, on },
    ]
}

pub(super) fn no_cover() -> WhyRefused {
    WhyRefused::NoCover
}

pub(super) fn reviewed() -> WhyRefused {
    WhyRefused::NotEligible
}

pub(super) fn judged() -> WhyRefused {
    WhyRefused::Judgement {
        reason: "two weak years".into(),
        minute: "Minutes of 14 January 2020, item 5".into(),
    }
}

pub(super) fn grading(published_on: NaiveDate) -> Grading {
    Grading {
        grade: Grade::RequiresImprovement,
        inspected_on: published_on - Days::new(30),
        published_on,
        source: None,
    }
}

fn covered() -> Cover {
    let source = Source { file: "cover.csv".into(), sha256: "0123456789ab".into(), line: 2 };
    Cover::Covered { from: day("2003-09-01"), until: None, via_trust: None, source }
}

pub(super) fn school(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

#[track_caller]
pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

use chrono::NaiveDate;
use kernel::{RecordType, SchoolKind, Urn};
use schools::school::Succession;
use schools::{LaEstab, Phase, Register};

use super::authorities::{AUTHORITIES, Authority};

/// One URN of the sample nation, with what is behind its figures.
#[derive(Clone)]
pub(super) struct School {
    pub(super) urn: u32,
    pub(super) kind: SchoolKind,
    pub(super) phase: Phase,
    /// `None`: it takes no part in the performance tables (a primary, a middle school, a sixth form centre).
    pub(super) record_type: Option<RecordType>,
    /// With straight apostrophes, as the performance tables print it.
    pub(super) name: String,
    pub(super) site: Site,
    pub(super) estab: u16,
    pub(super) ukprn: Option<u32>,
    /// `None`: before the register began to say.
    pub(super) opened: Option<NaiveDate>,
    pub(super) closed: Option<NaiveDate>,
    pub(super) closing: Closing,
    pub(super) status: Register,
    /// What its Progress 8 varies around, in points.
    pub(super) ability: f64,
    /// What its Ofsted grades vary around: mean 0 and deviation 1 over the nation, more is better.
    pub(super) quality: f64,
    pub(super) entries: Entries,
    /// The first summer in which it has pupils to examine; 0: always.
    pub(super) first_results: i32,
    pub(super) descent: Vec<Descent>,
    /// The sixth form centre it shares.
    pub(super) centre: Option<usize>,
    /// The trust it belongs to: its place among the trusts.
    pub(super) trust: Option<usize>,
}

/// A school's place and pupils, which stay as they are when it becomes an academy.
#[derive(Clone)]
pub(super) struct Site {
    /// Its place in `AUTHORITIES`.
    pub(super) authority: usize,
    pub(super) street: String,
    pub(super) town: String,
    pub(super) postcode: String,
    /// On the National Grid, in metres.
    pub(super) easting: i32,
    pub(super) northing: i32,
    pub(super) faith: Faith,
    pub(super) gender: Gender,
    pub(super) selective: bool,
    pub(super) ages: (u8, u8),
    /// Pupils at the end of key stage 4 in a usual year.
    pub(super) cohort: u32,
}

/// A predecessor: its place among the schools, and how this one came from it.
#[derive(Clone, Copy)]
pub(super) struct Descent {
    pub(super) from: usize,
    pub(super) succession: Succession,
    pub(super) on: NaiveDate,
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Faith {
    None,
    ChurchOfEngland,
    RomanCatholic,
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Gender {
    Mixed,
    Girls,
    Boys,
}

/// Whether a school enters its pupils for GCSEs: many special schools enter few or none.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Entries {
    Usual,
    Few,
    None,
}

/// Why a school closed, for the register.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Closing {
    NotClosed,
    BecameAcademy,
    Merged,
    Split,
    ForGood,
}

impl School {
    pub(super) fn authority(&self) -> &'static Authority {
        &AUTHORITIES[self.site.authority]
    }

    #[expect(clippy::expect_used, reason = "numbers are dealt out from 100,000 to 999,999")]
    pub(super) fn urn(&self) -> Urn {
        self.urn.to_string().parse().expect("six digits that do not start with 0")
    }

    pub(super) fn laestab(&self) -> Option<LaEstab> {
        LaEstab::new(self.authority().code, self.estab).ok()
    }

    /// Whether it is of the population of the national threshold (D3).
    pub(super) fn is_state_funded_mainstream(&self) -> bool {
        self.record_type == Some(RecordType::Mainstream)
            && SchoolKind::STATE_FUNDED_MAINSTREAM.contains(&self.kind)
    }

    pub(super) fn is_special(&self) -> bool {
        self.record_type == Some(RecordType::Special)
    }

    pub(super) fn is_academy(&self) -> bool {
        matches!(
            self.kind,
            SchoolKind::AC
                | SchoolKind::ACC
                | SchoolKind::F
                | SchoolKind::UTC
                | SchoolKind::SS
                | SchoolKind::ACS
                | SchoolKind::ACCS
                | SchoolKind::FS
        )
    }

    pub(super) fn is_open_on(&self, day: NaiveDate) -> bool {
        self.opened.is_none_or(|opened| opened <= day)
            && self.closed.is_none_or(|closed| closed >= day)
    }

    /// The name in the register, whose typists use the typographic apostrophe more often than not.
    pub(super) fn register_name(&self) -> String {
        match self.urn % 3 {
            0 => self.name.clone(),
            _ => self.name.replace('\'', "\u{2019}"),
        }
    }
}

/// A day that exists: for days written in this program.
pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

/// The day the register of the sample nation describes.
pub(super) fn register_day() -> NaiveDate {
    day(2019, 1, 31)
}

/// The day in September before the examinations on which the tables take stock of schools.
pub(super) fn census(examined_in: i32) -> NaiveDate {
    day(examined_in - 1, 9, 12)
}

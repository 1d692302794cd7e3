//! Staying, as stories of a nation of a handful of schools, with the clock in the hand.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kernel::{LeadingEdgeYear, Release, Urn};
use membership::fee::Price;
use membership::membership::Role;
use membership::review::Verdict;
use national_data::File;
use projections::memberships::{Renewal, Row, Standing};

use super::renewals::{OldData, Renewals, Stands};
use crate::{Failure, MembersImported, Office, ReviewQuestion, What, no_progress, read_criteria};

mod answers;
mod confirming;
mod grades;
mod past;
mod waiting;

/// The year that the network would renew in these stories.
const COMING: &str = "2019-20";

/// The first school of a story; the others follow.
const FIRST: u32 = 100_003;

/// A story: an office, and the day it is.
struct Story {
    folder: tempfile::TempDir,
    now: Arc<Mutex<DateTime<Utc>>>,
    office: Office,
}

/// A school's results: the lower confidence limits of 2017/18, 2016/17 and 2015/16, as the tables print them.
type Limits = [&'static str; 3];

const FINE: Limits = ["0.10", "0.10", "0.10"];
const ONE_DIP: Limits = ["0.10", "-0.10", "0.10"];
const TWO_DIPS: Limits = ["-0.10", "-0.10", "0.10"];

impl Story {
    /// Begins on a day, with a year's fee.
    async fn on(today: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(Mutex::new(noon(today)));
        let clock = Arc::clone(&now);
        let office = Office::open(
            folder.path(),
            Arc::new(move || *clock.lock().unwrap()),
            "office",
            &no_progress,
        );
        let mut story = Self { folder, now, office: office.unwrap() };
        let price = Price {
            year: "2018-19".parse().unwrap(),
            fee_pence: 160_000,
            minute: "minute 4".into(),
            on: day("2017-12-05"),
        };
        assert_eq!(story.office.set_fee(price).await.unwrap(), 1);
        story
    }

    /// Another day comes, and with it every day until then that nobody began.
    async fn comes(&mut self, today: &str) {
        *self.now.lock().unwrap() = noon(today);
        self.office.begin_days(None, &no_progress).await.unwrap();
    }

    /// Members of 2018-19, since 2015; the register has them as open.
    async fn with_members(&mut self, schools: u32) {
        let mut list = String::from("urn,from,until,reason,year\n");
        for urn in FIRST..FIRST + schools {
            list += &format!("{urn},2015-04-01,,,2018-19\n");
        }
        self.register(schools, &BTreeMap::new()).await;
        self.import_members(&list).await.unwrap();
    }

    /// The register, with the days on which schools closed.
    async fn register(&mut self, schools: u32, closed: &BTreeMap<u32, &str>) {
        let mut text = String::from(
            "URN,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),CloseDate,PhaseOfEducation (name)\n",
        );
        for urn in FIRST..FIRST + schools {
            let (status, on) = closed.get(&urn).map_or(("Open", ""), |day| ("Closed", *day));
            text += &format!("{urn},School {urn},Academy converter,{status},{on},Secondary\n");
        }
        self.import("register.csv", text, What::Register).await;
    }

    /// Three years of results, school by school.
    async fn results(&mut self, schools: &[Limits]) {
        for (place, year) in ["2017/18", "2016/17", "2015/16"].into_iter().enumerate() {
            let mut text = String::from("URN,SCHNAME,RECTYPE,NFTYPE,P8MEA,P8CILOW,P8CIUPP,TPUP\n");
            for (urn, limits) in (FIRST..).zip(schools) {
                let (lower, score) = match limits[place] {
                    "SUPP" => ("SUPP", "SUPP"),
                    lower => (lower, "0.20"),
                };
                text += &format!("{urn},School {urn},1,ACC,{score},{lower},{score},100\n");
            }
            let release: Release = format!("{year} final").parse().unwrap();
            let name = format!("ks4-{}.csv", year.replace('/', "-"));
            self.import(&name, text, What::Ks4(release)).await;
        }
    }

    /// Graded inspections: URN, grade in words, inspected on, published on.
    async fn inspected(&mut self, inspections: &[(u32, &str, &str, &str)]) {
        let mut text = String::from("URN,Rating,Inspection Date,Publication date\n");
        for (urn, rating, inspected, published) in inspections {
            text += &format!("{urn},{rating},{inspected},{published}\n");
        }
        let name = format!("ofsted-{}.csv", text.len());
        self.import(&name, text, What::Ofsted).await;
    }

    /// All of them good, long ago.
    async fn all_good(&mut self, schools: u32) {
        let good: Vec<_> =
            (FIRST..FIRST + schools).map(|urn| (urn, "Good", "2014-03-03", "2014-04-03")).collect();
        self.inspected(&good).await;
    }

    /// SSAT cover from September 2014, to a last day or on and on.
    async fn covered(&mut self, until: &[(u32, &str)]) {
        let mut text = String::from("urn,from,until,via_trust\n");
        for (urn, until) in until {
            text += &format!("{urn},2014-09-01,{until},\n");
        }
        self.import("cover.csv", text, What::Cover).await;
    }

    async fn import(&mut self, name: &str, text: String, what: What) {
        let file = File::from_bytes(name, text);
        self.office.import(&file, what, None, &no_progress).await.unwrap();
    }

    async fn import_members(&mut self, list: &str) -> Result<MembersImported, Failure> {
        let file = File::from_bytes("members.csv", list);
        self.office.import_members(&file, &no_progress).await
    }

    /// The annual review for 2019-20, as at the day it is, under the criteria that ship with the program.
    async fn review(&mut self) {
        let criteria =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/criteria/2018-19.toml");
        self.office.adopt(read_criteria(&criteria).unwrap()).await.unwrap();
        let question = ReviewQuestion {
            year: coming(),
            results: None,
            as_at: self.office.today(),
            as_known_on: None,
            criteria: None,
        };
        let reviewed = self.office.desk().review(&question).unwrap();
        self.office.record_review_anyway(&reviewed).await.unwrap();
    }

    /// Confirms the review: what stands where.
    async fn offer(&mut self) -> Renewals {
        let today = self.office.today();
        self.office.offer_renewals(coming(), None, today, &no_progress).await.unwrap()
    }

    async fn accept(&mut self, urn: u32) -> super::Became {
        let today = self.office.today();
        let reply = self.office.accept_renewal(number(urn), coming(), Role::Headteacher, today);
        reply.await.unwrap().became
    }

    async fn judge(&mut self, urn: u32, verdict: Verdict) {
        let today = self.office.today();
        let (reason, minute) = ("three years looked at".into(), "minute 7".into());
        self.office.judge(coming(), number(urn), verdict, reason, minute, today).await.unwrap();
    }

    fn renewals(&self) -> Renewals {
        let today = self.office.today();
        self.office.desk().renewals(coming(), today, OldData::HeldBack).unwrap()
    }

    fn row(&self, urn: u32) -> Row {
        self.office.desk().read_store().membership(number(urn)).unwrap().unwrap()
    }

    fn stands(&self, urn: u32) -> (Standing, Option<Renewal>, Option<NaiveDate>) {
        let row = self.row(urn);
        (row.standing, row.renewal, row.term_until)
    }

    fn head(&self) -> u64 {
        self.office.desk().journal().head().unwrap()
    }

    async fn ends(self) {
        self.office.close().await.unwrap();
        drop(self.folder);
    }
}

/// Where each school stands, in order of URN.
fn stand(renewals: &Renewals) -> Vec<Stands> {
    renewals.schools.iter().map(|school| school.stands).collect()
}

fn coming() -> LeadingEdgeYear {
    COMING.parse().unwrap()
}

fn number(urn: u32) -> Urn {
    urn.to_string().parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon(text: &str) -> DateTime<Utc> {
    day(text).and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).and_utc()
}

//! What the post brings of one school on a day, and what the office does for it then.
//!
//! Everything has its own day, counted from the one before: a day that is played again finds what it did, and nothing
//! that belongs to another.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::{JoiningTerms, Role};
use projections::memberships::{Application, Departure, Invitation, Renewal, Row, Standing};

use crate::Act;
use crate::calendar::{Season, day, later, meeting_after, post_after, post_within};
use crate::temper::Temper;

/// Of a school that wishes to join.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wisher {
    /// Whether it will ever have SSAT cover: others seldom try.
    pub(crate) covered: bool,
    /// Its last day, whether or not the office has heard of it.
    pub(crate) closes: Option<NaiveDate>,
}

/// A school's post.
pub(crate) struct Post<'a> {
    pub(crate) temper: Temper,
    pub(crate) row: &'a Row,
    pub(crate) wisher: Wisher,
    pub(crate) on: NaiveDate,
    /// The days on which a list of SSAT's members comes.
    pub(crate) lists: &'a [NaiveDate],
}

impl Post<'_> {
    /// At most one thing a day, and nothing from a school that is no more.
    pub(crate) fn act(&self) -> Option<Act> {
        if self.wisher.closes.is_some_and(|closes| closes < self.on) {
            return None;
        }
        match self.row.standing {
            Standing::Member => self.renewal(),
            Standing::Outside | Standing::Left => {
                self.application().or_else(|| self.invitation()).or_else(|| self.returns())
            }
        }
    }

    fn urn(&self) -> Urn {
        self.row.urn
    }

    fn draw(&self, matter: &str, year: LeadingEdgeYear, below: u32) -> u32 {
        self.temper.draw(self.urn(), matter, year.first_day_year(), below)
    }

    fn percent(&self, matter: &str, year: LeadingEdgeYear, percent: u32) -> bool {
        self.draw(matter, year, 100) < percent
    }

    /// Most say yes within four weeks; some say no, a few of them think better of it; some say nothing.
    fn renewal(&self) -> Option<Act> {
        let year = self.row.renewal_year?;
        let season = Season { year };
        let answers = post_within(
            later(season.offered_on(), 1),
            later(season.offered_on(), 26),
            self.draw("renewal answered", year, 1_000),
        );
        let by = self.speaker(year);
        let yes = || Act::AcceptRenewal { year, by };
        let no = |reason: &str| Act::DeclineRenewal { year, reason: Some(reason.to_owned()) };
        let mood = self.draw("renewal", year, 1_000);
        let takes_back = post_after(answers, 7);
        let says_yes = post_after(takes_back, 3);
        match (mood, self.row.renewal?) {
            (..860, Renewal::Offered) if self.on == answers => Some(yes()),
            // Offered later than the others: by the last post.
            (..860, Renewal::Offered) if self.on == season.last_post() => Some(yes()),
            (860..900, Renewal::Offered) if self.on == answers => {
                Some(no(["the budget is cut", "it joins another network", "a new headteacher"]
                    [self.draw("why it leaves", year, 3) as usize]))
            }
            (900..930, Renewal::Offered) if self.on == answers => Some(no("the budget is cut")),
            (900..930, Renewal::Declined) if self.on == takes_back => Some(Act::TakeBackDecline {
                year,
                reason: "the governors found the money".to_owned(),
            }),
            (900..930, Renewal::Offered) if self.on == says_yes => Some(yes()),
            // Late, and still before 31 March.
            (930..955, Renewal::Offered) if self.on == season.last_post() => Some(yes()),
            _ => None,
        }
    }

    fn invitation(&self) -> Option<Act> {
        let year =
            self.row.invitation_year.filter(|_| self.row.invitation == Some(Invitation::Open))?;
        let season = Season { year };
        let answers = post_within(
            later(season.invited_on(), 4),
            season.invitation_answer_by(),
            self.draw("invitation answered", year, 1_000),
        );
        if self.on != answers {
            return None;
        }
        let applies = if self.wisher.covered { 300 } else { 50 };
        match self.draw("invitation", year, 1_000) {
            mood if mood < applies => Some(Act::Apply { year, by: self.speaker(year) }),
            mood if mood < applies + 120 => Some(Act::DeclineInvitation {
                year,
                reason: (mood % 2 == 0).then(|| "not this year".to_owned()),
            }),
            _ => None,
        }
    }

    /// What lapsed of its own, or for want of cover, may come back: in the autumn after, or for the next year.
    fn returns(&self) -> Option<Act> {
        let lapsed = matches!(
            self.row.departure,
            Some(
                Departure::NotRenewed
                    | Departure::NeverOffered
                    | Departure::Unanswered
                    | Departure::Declined
                    | Departure::RefusedCover
                    | Departure::Earlier
            )
        );
        if !lapsed || !self.wisher.covered {
            return None;
        }
        [2018, 2019].into_iter().find_map(|began| {
            let year = LeadingEdgeYear::containing(day(began, 4, 1));
            if !self.percent("returns", year, 40) {
                return None;
            }
            let autumn = self.percent("returns in autumn", year, 50);
            let (year, from, until) = match autumn {
                true => (year, day(began, 9, 24), day(began, 11, 20)),
                false => (year.next(), day(began + 1, 1, 28), day(began + 1, 3, 10)),
            };
            let applies = post_within(from, until, self.draw("returns on", year, 1_000));
            (self.on == applies).then(|| Act::Apply { year, by: self.speaker(year) })
        })
    }

    fn application(&self) -> Option<Act> {
        let (year, applied) = (self.row.application_year?, self.row.applied_on?);
        if self.on == post_after(applied, 1)
            && self.percent("applies twice", year, 12)
            && self.is_open()
        {
            return Some(Act::ApplyAgain { year, by: Role::Office });
        }
        match self.row.application? {
            Application::Prepared => self.prepared(year, applied),
            Application::Accepted => (self.on == post_after(applied, 21)
                && self.row.first_day.is_some_and(|first_day| first_day > self.on)
                && self.percent("thinks better of it", year, 10))
            .then(|| withdraw("the governors decided otherwise")),
            Application::EvidenceNeeded
            | Application::BelowCriteria
            | Application::EvidenceAsked
            | Application::EvidenceReceived => self.considered(year, applied),
            Application::Referred => {
                (self.on == self.evidence_comes(year, applied)?).then_some(Act::ReceiveEvidence)
            }
            Application::Declined | Application::Withdrawn | Application::Joined => None,
        }
    }

    fn is_open(&self) -> bool {
        !matches!(
            self.row.application,
            None | Some(Application::Declined | Application::Withdrawn | Application::Joined)
        )
    }

    /// Accepted a week after eligibility was shown, or once cover is found: the lists are looked at as they come.
    fn prepared(&self, year: LeadingEdgeYear, applied: NaiveDate) -> Option<Act> {
        if self.on == post_after(applied, 4) && self.percent("withdraws", year, 6) {
            return Some(withdraw("it found no time this year"));
        }
        let shown = self.row.meeting_on.unwrap_or(applied);
        if self.on > year.last_day() {
            let over = shown.max(year.last_day());
            return (self.on == post_after(over, 7)).then(|| withdraw("the year is over"));
        }
        let again = self.lists.iter().any(|list| self.on == post_after(*list, 1));
        if self.on == post_after(shown, 7) || again {
            return Some(self.accept(year));
        }
        // Nothing came of it in its year.
        let last = later(day(year.first_day_year() + 1, 3, 1), 0);
        (self.on == post_after(last, 0)).then(|| withdraw("it did not join SSAT"))
    }

    fn accept(&self, year: LeadingEdgeYear) -> Act {
        let next_april = year.next().first_day();
        if self.on < year.first_day() {
            return Act::Accept { first_day: None, terms: JoiningTerms::FullPackage };
        }
        match self.draw("terms", year, 100) {
            ..55 => Act::Accept { first_day: None, terms: JoiningTerms::FullPackage },
            55..80 => Act::Accept {
                first_day: None,
                terms: JoiningTerms::AgreedTerms {
                    fee_pence: 80_000,
                    reason: "half of the year is over".to_owned(),
                    approver: "steering group, minute 7".to_owned(),
                },
            },
            _ => Act::Accept { first_day: Some(next_april), terms: JoiningTerms::FromNextApril },
        }
    }

    /// Evidence is asked for, comes in time, late or never, and the steering group is asked; or the office says no.
    fn considered(&self, year: LeadingEdgeYear, applied: NaiveDate) -> Option<Act> {
        let hopeless = self.percent("is hopeless", year, 15);
        if self.on == post_after(applied, 4) && !hopeless {
            return Some(Act::RequestEvidence {
                what: "three years of results by subject, and the last external review".to_owned(),
                due: later(applied, 32),
            });
        }
        if Some(self.on) == self.evidence_comes(year, applied) && !hopeless {
            return Some(Act::ReceiveEvidence);
        }
        if self.on != post_after(applied, 45) {
            return None;
        }
        let comes = self.evidence_comes(year, applied).is_some();
        if hopeless || (!comes && self.percent("is declined", year, 50)) {
            return Some(Act::DeclineApplication {
                reasons: "no evidence of performance in line with the top quartile nationally"
                    .to_owned(),
            });
        }
        Some(Act::Refer {
            question: "Is its performance in line with the top quartile nationally?".to_owned(),
            why: "national data alone do not show it".to_owned(),
            meeting_on: meeting_after(later(self.on, 6)),
        })
    }

    /// The day on which evidence comes: before the day it is due, after it, or never.
    fn evidence_comes(&self, year: LeadingEdgeYear, applied: NaiveDate) -> Option<NaiveDate> {
        evidence_comes(self.temper, self.urn(), year, applied)
    }

    fn speaker(&self, year: LeadingEdgeYear) -> Role {
        match self.draw("speaker", year, 10) {
            ..7 => Role::Headteacher,
            7 => Role::SeniorLeader,
            8 => Role::Trust,
            _ => Role::Governors,
        }
    }
}

/// Late enough it comes to a school that is before the steering group already.
pub(crate) fn evidence_comes(
    temper: Temper,
    urn: Urn,
    year: LeadingEdgeYear,
    applied: NaiveDate,
) -> Option<NaiveDate> {
    match temper.draw(urn, "evidence", year.first_day_year(), 100) {
        ..65 => Some(post_after(applied, 18)),
        65..85 => Some(post_after(applied, 37)),
        _ => None,
    }
}

fn withdraw(reason: &str) -> Act {
    Act::Withdraw { reason: Some(reason.to_owned()) }
}

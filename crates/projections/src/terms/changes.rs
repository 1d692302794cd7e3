//! How each event changes a school's terms.  What was decided is so.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::{EndReason, Event as Membership};

use super::{Came, Ending, Row, School};
use crate::memberships::Departure;

impl School {
    /// `handed_over` are the predecessor's terms that this school takes on, where that is what happened.
    pub(super) fn take_down(&mut self, urn: Urn, event: &Membership, handed_over: &[Row]) {
        match event {
            Membership::MembershipStarted(started) => self.lay(Row {
                fee_pence: Some(started.fee_pence),
                agreed_on: Some(started.on.unwrap_or(started.from)),
                ..Row::new(urn, started.from, Came::Joined)
            }),
            Membership::MembershipRenewed { from, fee_pence, on, .. } => {
                let open = self.rows.range_mut(..from).rev().find(|(_, row)| row.ending.is_none());
                if let Some((_, row)) = open {
                    row.ending = Some(Ending::Renewed);
                }
                self.lay(Row {
                    fee_pence: Some(*fee_pence),
                    agreed_on: Some(*on),
                    ..Row::new(urn, *from, Came::Renewed)
                });
            }
            Membership::MembershipLapsed { last_day, reason, .. } => {
                let ending = Departure::from(reason).into();
                for row in self.running_on(*last_day) {
                    row.end(ending, *last_day);
                    row.reason = Some(reason.to_string());
                }
            }
            Membership::MembershipEnded { reason, on } => {
                for row in self.running_on(*on) {
                    row.end(Departure::from(*reason).into(), *on);
                    if let EndReason::MergedInto(urn) = reason {
                        row.successor = Some(*urn);
                    }
                }
            }
            Membership::MembershipCarriedOver { to, on, .. } => {
                for row in self.carried_on(*on) {
                    row.end(Ending::CarriedOver, on.pred_opt().unwrap_or(*on));
                    row.successor = Some(*to);
                }
            }
            Membership::MembershipTakenOver { from, carried, member_since, on } => {
                let since = carried.continuous_since;
                let unknown: Vec<Row>;
                let handed_over = if handed_over.is_empty() {
                    unknown = years(since.max(*on), carried.year)
                        .map(|first_day| Row::new(*from, first_day, Came::Renewed))
                        .collect();
                    &unknown
                } else {
                    handed_over
                };
                let mut came = Came::TakenOver;
                for (after, term) in (0..handed_over.len()).rev().zip(handed_over) {
                    self.lay(Row {
                        fee_pence: term.fee_pence,
                        member_since: *member_since,
                        continuous_since: since,
                        ending: (after > 0).then_some(Ending::Renewed),
                        predecessor: Some(*from),
                        ..Row::new(urn, term.first_day.max(*on), came)
                    });
                    came = Came::Renewed;
                }
            }

            // How it went on follows; as at a day in between only this is shown.
            Membership::EarlierMembershipStarted { from, .. } => {
                self.rows.entry(*from).or_insert_with(|| Row::new(urn, *from, Came::Earlier));
            }
            Membership::EarlierMembershipEnded { from, last_day, reason } => {
                let last = self.lay_earlier(urn, *from, LeadingEdgeYear::containing(*last_day));
                if let Some(row) = last {
                    row.end(Ending::Earlier, *last_day);
                    row.reason = Some(reason.clone());
                }
            }
            Membership::EarlierMembershipRuns { from, year, .. } => {
                self.lay_earlier(urn, *from, *year);
            }

            Membership::SchoolInvited(_)
            | Membership::InvitationDeclined { .. }
            | Membership::InvitationExtended { .. }
            | Membership::InvitationExpired { .. }
            | Membership::SchoolApplied { .. }
            | Membership::ApplicationWithdrawn { .. }
            | Membership::EvidenceRequested { .. }
            | Membership::EvidenceReceived { .. }
            | Membership::ApplicationReferred { .. }
            | Membership::ReferralDeferred { .. }
            | Membership::InterestDeclared { .. }
            | Membership::ReferralDecided { .. }
            | Membership::ApplicationAccepted { .. }
            | Membership::ApplicationDeclined { .. }
            | Membership::MarkedNotEligibleToRenew { .. }
            | Membership::EligibilityRestored(_)
            | Membership::ConnectionsOffered { .. }
            | Membership::RenewalOffered { .. }
            | Membership::RenewalAccepted { .. }
            | Membership::RenewalRefused { .. }
            | Membership::RenewalDeclined { .. }
            | Membership::RenewalDeclineTakenBack { .. }
            | Membership::CoverEnding { .. }
            | Membership::Reminded { .. }
            | Membership::ReminderSkipped { .. } => {}
        }
    }

    /// The terms agreed for `urn` to take on, as this school has handed them over.
    pub(super) fn handed_over_to(&self, urn: Urn) -> Vec<Row> {
        let handed_over =
            |row: &&Row| row.ending == Some(Ending::CarriedOver) && row.successor == Some(urn);
        self.rows.values().filter(handed_over).cloned().collect()
    }

    /// Says of every term since when the school was a member, as the terms before it have it: those of long ago may be
    /// told of later (R38).
    pub(super) fn look_back(&mut self) {
        let mut since: Option<NaiveDate> = None;
        // The first and the last day of the run before.
        let mut run: Option<(NaiveDate, NaiveDate)> = None;
        for row in self.rows.values_mut() {
            if row.came == Came::TakenOver {
                row.member_since = since.map_or(row.member_since, |day| day.min(row.member_since));
            } else {
                row.member_since = since.unwrap_or(row.first_day);
                row.continuous_since = match run {
                    Some((first, last)) if last.succ_opt() == Some(row.first_day) => first,
                    Some(_) | None => row.first_day,
                };
            }
            if matches!(row.came, Came::Joined | Came::Returned) {
                row.came = if since.is_some() { Came::Returned } else { Came::Joined };
            }
            if row.ran() {
                since = Some(row.member_since);
                run = Some((row.continuous_since, row.until()));
            }
        }
    }

    fn lay(&mut self, row: Row) {
        self.rows.insert(row.first_day, row);
    }

    /// Lays a term for each year of a membership of long ago, and answers the last.
    fn lay_earlier(
        &mut self,
        urn: Urn,
        from: NaiveDate,
        until: LeadingEdgeYear,
    ) -> Option<&mut Row> {
        let days: Vec<NaiveDate> = years(from, until).collect();
        for first_day in &days {
            let ending = (days.last() != Some(first_day)).then_some(Ending::Renewed);
            self.lay(Row { ending, ..Row::new(urn, *first_day, Came::Earlier) });
        }
        self.rows.get_mut(days.last()?)
    }

    /// The term that runs on a day, and those agreed after it.
    fn running_on(&mut self, day: NaiveDate) -> impl Iterator<Item = &mut Row> {
        let goes_on = |row: &&mut Row| matches!(row.ending, None | Some(Ending::Renewed));
        self.rows.values_mut().filter(goes_on).filter(move |row| row.until() >= day)
    }

    /// Those that run on a day, or would, had the school not closed: what came after it may become known later (D12).
    fn carried_on(&mut self, day: NaiveDate) -> impl Iterator<Item = &mut Row> {
        self.rows.values_mut().filter(move |row| match row.ending {
            None | Some(Ending::Renewed) => row.until() >= day,
            Some(Ending::Closed) => row.last_day >= day,
            Some(_) => false,
        })
    }
}

impl Row {
    /// A term to 31 March (R11).
    fn new(urn: Urn, first_day: NaiveDate, came: Came) -> Self {
        let year = LeadingEdgeYear::containing(first_day);
        Self {
            urn,
            year,
            first_day,
            last_day: year.last_day(),
            came,
            fee_pence: None,
            agreed_on: None,
            member_since: first_day,
            continuous_since: first_day,
            ending: None,
            ended_on: None,
            reason: None,
            predecessor: None,
            successor: None,
            position: 0,
            recorded_at: 0,
        }
    }

    fn end(&mut self, ending: Ending, on: NaiveDate) {
        self.ending = Some(ending);
        self.ended_on = Some(on);
        self.reason = None;
        self.successor = None;
    }
}

/// The first day of a membership, and every 1 April of it up to a year.
fn years(from: NaiveDate, until: LeadingEdgeYear) -> impl Iterator<Item = NaiveDate> {
    let first = Some(LeadingEdgeYear::containing(from));
    std::iter::successors(first, |year| Some(year.next()))
        .take_while(move |year| *year <= until)
        .map(move |year| year.first_day().max(from))
}

//! Wishes granted: everything is asked of the office, and of nobody behind it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::billing::IssuerFile;
use app::{Failure, Office, Progress, Recording, ReviewQuestion, What, no_progress};
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::Outcome;
use membership::criteria::{Adoption, CriteriaFile};
use membership::membership::{Decision, Role};
use membership::review::Verdict;
use national_data::File;
use national_data::sample::{Issue, Kind};
use projections::memberships::{Row, Standing};
use schools::school::Succession;

use crate::money::Deal;
use crate::post::{Post, Wisher};
use crate::story::Played;
use crate::{Act, Story, Wish, meeting};

const ISSUER: &str = include_str!("../../../deploy/office.toml");
/// The criteria that ship with the program.
const CRITERIA: &str = include_str!("../../../deploy/criteria/2018-19.toml");

impl Story {
    pub(crate) async fn grant(
        &self,
        office: &mut Office,
        on: NaiveDate,
        wish: &Wish,
        played: &mut Played,
        progress: Progress<'_>,
    ) -> Result<(), Failure> {
        match wish {
            Wish::Load(issue) => self.load(office, issue, progress).await,
            Wish::AdoptCriteria => {
                let file: CriteriaFile = toml::from_str(CRITERIA)
                    .map_err(|wrong| Failure::Refused(wrong.to_string()))?;
                office.adopt(Adoption::from(file)).await.map(drop)
            }
            Wish::AdoptIssuer => {
                let file: IssuerFile =
                    toml::from_str(ISSUER).map_err(|wrong| Failure::Refused(wrong.to_string()))?;
                office.adopt_issuer(file, on).await.map(drop)
            }
            Wish::SeeToInvoices => self.see_to_invoices(office, on, played).await,
            Wish::SetFee(price) => office.set_fee(price.clone()).await.map(drop),
            Wish::TakeDownMembers => {
                let text = self.members.history(self.nation.truth(), self.temper);
                let file = File::from_bytes("members.csv".to_owned(), text.into_bytes());
                office.import_members(&file, progress).await.map(drop)
            }
            Wish::KeepContacts => self.keep_contacts(office, on, progress).await,
            Wish::LookAtParked => self.look_at_parked(office, on, played, progress).await,
            Wish::SortOutDivided => self.sort_out_divided(office, on, played).await,
            Wish::Review(year) => review(office, *year, on).await,
            Wish::Judge(year) => self.judge(office, *year, on, played).await,
            Wish::OfferRenewals(year) => {
                let answer_by = crate::calendar::Season { year: *year }.renewal_answer_by();
                office.offer_renewals(*year, Some(answer_by), on, progress).await.map(drop)
            }
            Wish::Invite(year) => {
                let answer_by = crate::calendar::Season { year: *year }.invitation_answer_by();
                office.invite(*year, Some(answer_by), Some(on), progress).await.map(drop)
            }
            Wish::OpenThePost => self.open_the_post(office, on, played).await,
            Wish::Meet => self.meet(office, on, played).await,
        }
    }

    async fn load(
        &self,
        office: &mut Office,
        issue: &Issue,
        progress: Progress<'_>,
    ) -> Result<(), Failure> {
        let what = match issue.kind {
            Kind::Ks4(release) => What::Ks4(release),
            Kind::Ofsted { .. } => What::Ofsted,
            Kind::Register => What::Register,
            Kind::Links => What::Links,
            Kind::Cover => What::Cover,
        };
        let file = File::from_bytes(issue.name.clone(), self.nation.bytes_of(issue));
        office.import(&file, what, None, progress).await.map(drop)
    }

    /// What waited for the fee is tried again; of a few schools the office knows better.
    async fn look_at_parked(
        &self,
        office: &mut Office,
        on: NaiveDate,
        played: &mut Played,
        progress: Progress<'_>,
    ) -> Result<(), Failure> {
        for parked in office.desk().parked()? {
            let urn = parked.urn;
            if self.temper.percent(urn, "is given up", 0, 8) {
                let reason = "agreed by letter; the next day renews it".to_owned();
                let done = office.dismiss_parked(urn, reason, progress).await;
                played.take(on, urn, "dismiss_parked", done)?;
            } else {
                let done = office.retry_parked(urn, progress).await;
                played.take(on, urn, "retry_parked", done)?;
            }
        }
        Ok(())
    }

    /// Nobody but the office can say which of two new schools goes on with a membership (D12).
    async fn sort_out_divided(
        &self,
        office: &mut Office,
        on: NaiveDate,
        played: &mut Played,
    ) -> Result<(), Failure> {
        let mut halves: BTreeMap<Urn, Vec<(Urn, NaiveDate)>> = BTreeMap::new();
        for (successor, links) in &self.nation.truth().predecessors {
            for link in links.iter().filter(|link| link.succession == Succession::Split) {
                let Some(day) = link.on.filter(|day| *day <= on) else { continue };
                halves.entry(link.predecessor).or_default().push((*successor, day));
            }
        }
        for row in office.desk().read_store().memberships()? {
            let Some(halves) = halves.get(&row.urn).filter(|_| row.standing == Standing::Member)
            else {
                continue;
            };
            let chosen = self.temper.draw(row.urn, "half", 0, halves.len() as u32) as usize;
            let (to, day) = halves[chosen];
            let done = office.carry_over(row.urn, to, day).await;
            played.take(on, row.urn, "carry_over", done)?;
        }
        Ok(())
    }

    /// Of those in doubt three in four are kept.
    async fn judge(
        &self,
        office: &mut Office,
        year: LeadingEdgeYear,
        on: NaiveDate,
        played: &mut Played,
    ) -> Result<(), Failure> {
        let desk = office.desk().read_store();
        let Some((_, findings)) = desk.review(year)? else { return Ok(()) };
        let members: BTreeMap<Urn, Row> = desk
            .memberships()?
            .into_iter()
            .filter(|row| row.standing == Standing::Member)
            .map(|row| (row.urn, row))
            .collect();
        let open = findings.into_iter().filter(|finding| {
            matches!(finding.outcome, Outcome::Judgement | Outcome::Referral)
                && members.contains_key(&finding.urn)
        });
        for finding in open {
            let urn = finding.urn;
            let stays = self.temper.percent(urn, "is judged", year.first_day_year(), 75);
            let (verdict, reason) = match stays {
                true => {
                    (Verdict::Eligible, "its younger years do better, and it is inspected soon")
                }
                false => (Verdict::NotEligible, "three years below what the network asks for"),
            };
            let minute = format!("steering group, {on}, item {}", 2 + urn.number() % 9);
            let done = office.judge(year, urn, verdict, reason.to_owned(), minute, on).await;
            played.take(on, urn, "judge", done)?;
        }
        Ok(())
    }

    async fn open_the_post(
        &self,
        office: &mut Office,
        on: NaiveDate,
        played: &mut Played,
    ) -> Result<(), Failure> {
        let rows = office.desk().read_store().memberships()?;
        let mut acts: BTreeMap<Urn, Act> = BTreeMap::new();
        for row in &rows {
            let truth = self.nation.truth();
            let wisher = Wisher {
                covered: truth.cover.contains_key(&row.urn),
                closes: truth.register.get(&row.urn).and_then(|details| details.closed_on),
            };
            let post = Post { temper: self.temper, row, wisher, on, lists: &self.lists };
            if let Some(act) = post.act() {
                acts.insert(row.urn, act);
            }
        }
        for (urn, year) in self.applicants.get(&on).into_iter().flatten() {
            let row = rows.iter().find(|row| row.urn == *urn);
            if row.is_none_or(|row| may_apply(row, *year)) {
                let by = Role::Headteacher;
                acts.entry(*urn).or_insert(Act::Apply { year: *year, by });
            }
        }
        self.take_down_yeses(office, on, &mut acts, played).await?;
        for (urn, act) in acts {
            self.do_it(office, on, urn, act, played).await?;
        }
        Ok(())
    }

    async fn see_to_invoices(
        &self,
        office: &mut Office,
        on: NaiveDate,
        played: &mut Played,
    ) -> Result<(), Failure> {
        for row in office.desk().read_store().invoices()? {
            for deal in Deal::all_on(self.temper, &row, on) {
                let what = <&str>::from(&deal);
                let done = deal.make(office, &row, on).await;
                played.take(on, row.urn, what, done)?;
            }
        }
        Ok(())
    }

    /// The schools that say yes to their renewal are taken down together; where one of them may not, each by itself.
    async fn take_down_yeses(
        &self,
        office: &mut Office,
        on: NaiveDate,
        acts: &mut BTreeMap<Urn, Act>,
        played: &mut Played,
    ) -> Result<(), Failure> {
        let mut yeses: Vec<(LeadingEdgeYear, Role, Vec<Urn>)> = vec![];
        for (urn, act) in &*acts {
            let Act::AcceptRenewal { year, by } = act else { continue };
            match yeses.iter_mut().find(|(of, speaker, _)| *of == *year && *speaker == *by) {
                Some((_, _, urns)) => urns.push(*urn),
                None => yeses.push((*year, *by, vec![*urn])),
            }
        }
        for (year, by, urns) in yeses {
            match office.accept_renewals(&urns, year, by, on, &no_progress).await {
                Ok(replies) => {
                    *played.done.entry("accept_renewal").or_default() += replies.len() as u64;
                    acts.retain(|urn, _| !urns.contains(urn));
                }
                Err(refused) if refused.is_refusal() => {}
                Err(failed) => return Err(failed),
            }
        }
        Ok(())
    }

    async fn meet(
        &self,
        office: &mut Office,
        on: NaiveDate,
        played: &mut Played,
    ) -> Result<(), Failure> {
        let rows = office.desk().read_store().memberships()?;
        let group = meeting::steering_group(self.temper, &rows, on);
        for row in &rows {
            for act in meeting::acts(self.temper, &group, row, on) {
                self.do_it(office, on, row.urn, act, played).await?;
            }
        }
        Ok(())
    }

    async fn do_it(
        &self,
        office: &mut Office,
        on: NaiveDate,
        urn: Urn,
        act: Act,
        played: &mut Played,
    ) -> Result<(), Failure> {
        let what = <&str>::from(&act);
        let day = Some(on);
        let done = match act {
            Act::DeclineInvitation { year, reason } => {
                office.decline_invitation(urn, year, reason, day).await.map(drop)
            }
            Act::Apply { year, by } | Act::ApplyAgain { year, by } => {
                office.apply(urn, year, by, day).await.map(drop)
            }
            Act::Withdraw { reason } => office.withdraw(urn, reason, day).await.map(drop),
            Act::RequestEvidence { what, due } => {
                office.request_evidence(urn, what, due, day).await.map(drop)
            }
            Act::ReceiveEvidence => {
                let files = self.evidence(urn)?;
                office.receive_evidence(urn, &files, day).await.map(drop)
            }
            Act::Refer { question, why, meeting_on } => {
                office.refer(urn, question, why, meeting_on, day).await.map(drop)
            }
            Act::Defer { to, why } => office.defer(urn, to, why, day).await.map(drop),
            Act::DeclareInterest { school } => {
                office.declare_interest(urn, school, day).await.map(drop)
            }
            Act::Decide { verdict, reasons, minute, decided_by } => {
                let decision = Decision { verdict, reasons, minute, decided_by, on };
                office.decide(urn, decision).await.map(drop)
            }
            Act::Accept { first_day, terms } => {
                office.accept(urn, first_day, terms, vec![], day).await.map(drop)
            }
            Act::DeclineApplication { reasons } => {
                office.decline_application(urn, reasons, day).await.map(drop)
            }
            Act::AcceptRenewal { year, by } => {
                office.accept_renewal(urn, year, by, on).await.map(drop)
            }
            Act::DeclineRenewal { year, reason } => {
                office.decline_renewal(urn, year, reason, on).await.map(drop)
            }
            Act::TakeBackDecline { year, reason } => {
                office.take_back_decline(urn, year, reason, on).await.map(drop)
            }
        };
        played.take(on, urn, what, done)
    }

    /// What a school sends: two small files, the same whenever it sends them.
    fn evidence(&self, urn: Urn) -> Result<Vec<PathBuf>, Failure> {
        let folder = self.papers.join(urn.to_string());
        let name = self.nation.truth().register.get(&urn).and_then(|details| details.name.clone());
        let name = name.unwrap_or_default();
        let percent = |subject| 55 + self.temper.draw(urn, subject, 0, 40);
        let table = format!(
            "subject,strong passes (%)\nEnglish,{}\nmathematics,{}\nscience,{}\n",
            percent("English"),
            percent("mathematics"),
            percent("science")
        );
        let letter = format!(
            "{name} ({urn})\n\nThe last external review found leadership effective and outcomes rising in every subject.\n"
        );
        let failed = |source| Failure::File { path: folder.display().to_string(), source };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let files = [("results.csv", table), ("external-review.txt", letter)];
        files
            .into_iter()
            .map(|(name, text)| {
                let path = folder.join(name);
                std::fs::write(&path, text).map_err(failed)?;
                Ok(path)
            })
            .collect()
    }
}

impl Played {
    /// What is refused is part of the story; what fails ends it.
    fn take<T>(
        &mut self,
        on: NaiveDate,
        urn: Urn,
        what: &'static str,
        done: Result<T, Failure>,
    ) -> Result<(), Failure> {
        match done {
            Ok(_) => {
                *self.done.entry(what).or_default() += 1;
                Ok(())
            }
            Err(refused) if refused.is_refusal() => {
                self.refused.push((on, urn, what, refused.to_string()));
                Ok(())
            }
            Err(failed) => Err(failed),
        }
    }
}

async fn review(office: &mut Office, year: LeadingEdgeYear, on: NaiveDate) -> Result<(), Failure> {
    let question =
        ReviewQuestion { year, results: None, as_at: on, as_known_on: None, criteria: None };
    let reviewed = office.desk().review(&question)?;
    match office.record_review(&reviewed).await? {
        Recording::Events(_) => Ok(()),
        Recording::Preview | Recording::LaterOnRecord(_) => {
            let why = reviewed.standing.why_not().unwrap_or_default();
            Err(Failure::Refused(format!("the review of {year} was not recorded: {why}")))
        }
    }
}

/// Whether a school that is not asked has reason to write.
fn may_apply(row: &Row, year: LeadingEdgeYear) -> bool {
    use projections::memberships::{Application, Departure};
    let open = !matches!(
        row.application,
        None | Some(Application::Declined | Application::Withdrawn | Application::Joined)
    );
    let gone = matches!(
        row.departure,
        Some(Departure::Closed | Departure::Merged | Departure::CarriedOver)
    );
    row.standing != Standing::Member && !open && !gone && row.application_year != Some(year)
}

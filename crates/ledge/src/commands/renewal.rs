//! `ledge renewal`: the annual review confirmed, and what schools answer.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use app::{Failure, Offering, Office, OldData, Reply, StandsAgain, TakenBack};
use chrono::NaiveDate;
use kernel::{Day, Urn};
use membership::membership::WhyRefused;
use national_data::{Fault, Faults};
use serde_json::json;

use super::{at_work, desk, desk_as_of};
use crate::cli::{AcceptRenewals, Global, Of, OfferRenewals, RenewalCommand, Why};
use crate::outcome::Outcome;
use crate::output::{grouped, lines, print};
use crate::progress::Bar;

mod sheet;

pub(crate) async fn run(global: &Global, command: RenewalCommand) -> anyhow::Result<Outcome> {
    match command {
        RenewalCommand::Offer(asked) => offer(global, &asked).await?,
        RenewalCommand::List(asked) => {
            let desk = desk_as_of(global, asked.on).await?;
            let on = asked.on.unwrap_or_else(|| desk.today());
            let renewals = desk.renewals(asked.year, on, OldData::HeldBack)?;
            let renewals = sheet::only(renewals, &asked.states);
            print(global, &renewals, sheet::list)?;
        }
        RenewalCommand::Accept(asked) => accept(global, &asked).await?,
        RenewalCommand::Decline { of, reason } => {
            by_hand(global, of, Said::Declined(reason)).await?;
        }
        RenewalCommand::TakeBack { of, reason } => {
            by_hand(global, of, Said::TakenBack(reason)).await?;
        }
        RenewalCommand::Refuse { of, why, reason, minute } => {
            let why = why.with(reason.unwrap_or_default(), minute.unwrap_or_default());
            by_hand(global, of, Said::Refused(why)).await?;
        }
        RenewalCommand::Close { year, on } => {
            let bar = Arc::new(Bar::new(global));
            let closed = at_work(global, &bar, async |office, progress| {
                let on = office.day(on.on)?;
                Ok(office.close_review(year, on, progress).await?)
            })
            .await?;
            print(global, &closed, |renewals| {
                sheet::counts(renewals)?;
                lines(format!("The review of {year} is closed; nothing in it changes any more."))
            })?;
        }
    }
    Ok(Outcome::Done)
}

async fn offer(global: &Global, asked: &OfferRenewals) -> anyhow::Result<()> {
    let offering = |on: NaiveDate| Offering {
        year: asked.year,
        answer_by: asked.answer_by,
        on,
        schools: asked.schools.clone(),
        old_data: if asked.in_spite_of_old_data { OldData::InSpite } else { OldData::HeldBack },
    };
    let renewals = if asked.preview {
        let desk = desk(global)?;
        desk.offering(&offering(asked.on.on.unwrap_or_else(|| desk.today())))?
    } else {
        let bar = Arc::new(Bar::new(global));
        at_work(global, &bar, async |office, progress| {
            let on = office.day(asked.on.on)?;
            Ok(office.confirm_review(&offering(on), progress).await?)
        })
        .await?
    };
    print(global, &renewals, |renewals| sheet::offered(renewals, asked.show))
}

async fn accept(global: &Global, asked: &AcceptRenewals) -> anyhow::Result<()> {
    let mut urns: BTreeSet<Urn> = asked.urns.iter().copied().collect();
    if let Some(file) = &asked.from {
        urns.extend(urns_in(file)?);
    }
    let urns: Vec<Urn> = urns.into_iter().collect();
    let bar = Arc::new(Bar::new(global));
    let accepted = at_work(global, &bar, async |office, progress| {
        let on = office.day(asked.on.on)?;
        Ok(office.accept_renewals(&urns, asked.year, asked.by, on, progress).await?)
    })
    .await?;
    print(global, &accepted, |replies| tell(replies))
}

fn tell(replies: &[Reply]) -> anyhow::Result<()> {
    for Reply { urn, year, became, written } in replies {
        let before = if *written { "" } else { "; it had accepted before, nothing was written" };
        lines(format!("{urn}, {year}: {became}{before}."))?;
    }
    if replies.len() > 1 {
        let written = replies.iter().filter(|reply| reply.written).count();
        lines(format!("{} replies taken down.", grouped(written as u64)))?;
    }
    Ok(())
}

/// One URN a line.
fn urns_in(path: &Path) -> anyhow::Result<Vec<Urn>> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path)
        .map_err(|source| Failure::Unreadable { path: path.display().to_string(), source })?;
    let (mut urns, mut faults) = (vec![], vec![]);
    for (line, text) in (1..).zip(text.lines()) {
        let written = text.split('#').next().unwrap_or_default().trim();
        if written.is_empty() {
            continue;
        }
        match written.parse() {
            Ok(urn) => urns.push(urn),
            Err(_) => {
                let expected = format!("`{written}` is not a URN: five or six digits, one a line");
                let (column, value) = (String::new(), String::new());
                faults.push(Fault { line, column, value, expected });
            }
        }
    }
    if urns.is_empty() && faults.is_empty() {
        let expected = "there is no URN in it".to_owned();
        faults.push(Fault { line: 0, column: String::new(), value: String::new(), expected });
    }
    if faults.is_empty() {
        return Ok(urns);
    }
    Err(Failure::Faults(Faults { file, faults, more: 0 }).into())
}

/// What the office takes down of one school.
enum Said {
    Declined(Option<String>),
    TakenBack(String),
    Refused(WhyRefused),
}

/// What was taken down.
struct Taken {
    word: &'static str,
    sentence: String,
    written: bool,
    back: Option<TakenBack>,
}

async fn by_hand(global: &Global, of: Of, said: Said) -> anyhow::Result<()> {
    let taken = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        Ok(take_down(office, of, said).await?)
    })
    .await?;
    let Of { urn, year, .. } = of;
    let Taken { word, sentence, written, back } = taken;
    let mut answer =
        json!({ "urn": urn.to_string(), "year": year, "renewal": word, "written": written });
    if let Some(TakenBack { stands, earlier_yes, .. }) = back {
        answer["stands"] = json!(stands);
        answer["earlier_yes"] = json!(earlier_yes);
    }
    print(global, &answer, |_| lines(format!("{urn}, {year}: {sentence}.")))
}

async fn take_down(
    office: &mut Office,
    Of { urn, year, on }: Of,
    said: Said,
) -> Result<Taken, Failure> {
    let on = office.day(on.on)?;
    let mut back = None;
    let (word, sentence, written) = match said {
        Said::Declined(reason) => {
            let made = office.decline_renewal(urn, year, reason, on).await?;
            let sentence = "the school leaves at the end of its year, by its own decision";
            ("declined", sentence.to_owned(), made > 0)
        }
        Said::TakenBack(reason) => {
            let taken_back = office.take_back_decline(urn, year, reason, on).await?;
            let (sentence, written) = (what_stands(&taken_back), taken_back.written);
            back = Some(taken_back);
            ("taken_back", sentence, written)
        }
        Said::Refused(why) => {
            let sentence = format!("renewal is refused: {why}");
            ("refused", sentence, office.refuse_renewal(urn, year, why, on).await? > 0)
        }
    };
    if written {
        return Ok(Taken { word, sentence, written, back });
    }
    let before = match word {
        "declined" => "it had declined before; nothing was written",
        "taken_back" => "there is no decline to take back; nothing was written",
        _ => "renewal was refused so before; nothing was written",
    };
    Ok(Taken { word, sentence: before.to_owned(), written, back })
}

/// `its no is taken back: its offer of 19 Feb 2018 stands; its yes of 22 Feb 2018 does not, and is to be given again`
fn what_stands(taken_back: &TakenBack) -> String {
    let stands = match &taken_back.stands {
        Some(StandsAgain::Offer { on, answer_by }) => {
            let until = answer_by.map(|day| format!(", to be answered by {}", Day(day)));
            format!("its offer of {} stands{}", Day(*on), until.unwrap_or_default())
        }
        Some(StandsAgain::Refusal { why }) => format!("the refusal stands: {why}"),
        None => "nothing had been offered before".to_owned(),
    };
    let yes = taken_back
        .earlier_yes
        .map(|day| format!("; its yes of {} does not, and is to be given again", Day(day)));
    format!("its no is taken back: {stands}{}", yes.unwrap_or_default())
}

impl Why {
    fn with(self, reason: String, minute: String) -> WhyRefused {
        match self {
            Self::NoCover => WhyRefused::NoCover,
            Self::NotEligible => WhyRefused::NotEligible,
            Self::Marked => WhyRefused::Marked,
            Self::Judgement => WhyRefused::Judgement { reason, minute },
        }
    }
}

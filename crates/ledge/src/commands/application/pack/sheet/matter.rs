//! What stands on the page of an application, and on that of a member to be judged.

use app::{Case, Judged, RestsOn};
use chrono::NaiveDate;
use kernel::Day;
use membership::membership::Verdict;
use membership::review::Verdict as Judgement;

use super::{Decision, Evidence, Fact, Line, Sheet, called};
use crate::commands::application::words;

/// So many lines of what happened to a member fit the page; how many are left out is said.
const LINES: usize = 6;

impl Sheet {
    pub(super) fn on_application(mut self, case: &Case) -> Self {
        self.is_application = true;
        self.kicker = match &case.referral {
            Some(referral) => format!(
                "Application for {}, before the steering group’s meeting of {}",
                case.year,
                Day(referral.meeting_on)
            ),
            None => format!("Application for {}, not before the steering group", case.year),
        };
        self.question = match (&case.referral, &case.rests_on) {
            (Some(referral), _) => referral.question.clone(),
            (None, RestsOn::Invitation(_)) => {
                "Nothing: it was invited, and applies without evidence.".to_owned()
            }
            (None, RestsOn::Profile(_)) => "Nothing yet: it is not referred.".to_owned(),
        };
        self.why = why(case);
        self.asked_for = case
            .asked_for
            .iter()
            .map(|asked| {
                format!("Asked on {}, by {}: {}", Day(asked.on), Day(asked.due), asked.what)
            })
            .collect();
        self.documents = case
            .documents
            .iter()
            .map(|received| Evidence {
                on: Day(received.on).to_string(),
                name: received.document.name.clone(),
                size: words::size(received.document.bytes),
                hash: received.document.sha256.to_string().chars().take(12).collect(),
            })
            .collect();
        self.happened = in_brief(case);
        self.interests = case
            .interests
            .iter()
            .map(|interest| {
                let part = if case.decision.is_some() { "took no part" } else { "may not decide" };
                format!(
                    "Declared an interest on {} and {part}: the headteacher of {}",
                    Day(interest.on),
                    called(&interest.school)
                )
            })
            .collect();
        self.ways = vec![
            Fact {
                term: "It may join.",
                value: "Its evidence shows performance in line with the top quartile nationally."
                    .to_owned(),
            },
            Fact {
                term: "It may not join.",
                value: "With the reasons, which the school is told.".to_owned(),
            },
            Fact {
                term: "Put off",
                value: "to the meeting of ____________, because ____________.".to_owned(),
            },
        ];
        if let Some(decision) = &case.decision {
            let by = decision.decided_by.iter().map(called).collect::<Vec<_>>().join("; ");
            self.decide(
                match decision.verdict {
                    Verdict::Accepted => "It may join.",
                    Verdict::Declined => "It may not join.",
                },
                vec![
                    Fact { term: "On", value: Day(decision.on).to_string() },
                    Fact { term: "Reasons", value: decision.reasons.clone() },
                    Fact { term: "Minute", value: decision.minute.clone() },
                    Fact { term: "Decided by", value: format!("the headteachers of {by}") },
                ],
            );
        }
        self
    }

    pub(super) fn on_member(mut self, judged: &Judged) -> Self {
        let since = judged
            .member_since
            .map_or_else(String::new, |day| format!(", a member since {}", Day(day)));
        self.kicker = format!("Renewal for {}{since}", judged.year);
        self.question = format!("May it stay for {}?", judged.year);
        self.why = vec![match judged.outcome {
            membership::Outcome::Judgement => {
                "It failed the criteria in two or more of the years looked at, so the data do not decide.".to_owned()
            }
            _ => "National data do not decide on it.".to_owned(),
        }];
        if let Some(until) = judged.until {
            self.why.push(format!(
                "Its membership is agreed until {}; nothing changes before.",
                Day(until)
            ));
        }
        if let Some(fact) = &judged.decided_on_old_data {
            self.why.push(format!("Found on old data: {fact}."));
        }
        self.remember(&judged.happened);
        self.ways = vec![
            Fact { term: "It may stay.", value: "Renewal is offered, with the reason.".to_owned() },
            Fact {
                term: "It may not stay.",
                value: "It is a member to the end of its year.".to_owned(),
            },
            Fact {
                term: "Put off",
                value: "to the meeting of ____________, because ____________.".to_owned(),
            },
        ];
        if let Some(judgement) = &judged.judgement {
            self.decide(
                match judgement.verdict {
                    Judgement::Eligible => "It may stay.",
                    Judgement::NotEligible => "It may not stay.",
                },
                vec![
                    Fact { term: "On", value: Day(judgement.on).to_string() },
                    Fact { term: "Reason", value: judgement.reason.clone() },
                    Fact { term: "Minute", value: judgement.minute.clone() },
                ],
            );
        }
        self
    }

    fn decide(&mut self, verdict: &str, facts: Vec<Fact>) {
        self.decision_head = "What was decided";
        self.decision = Some(Decision { verdict: verdict.to_owned(), facts });
    }

    /// A member's history may be long: its last lines.
    fn remember(&mut self, happened: &[app::Happened]) {
        self.earlier = happened.len().saturating_sub(LINES);
        self.happened = happened
            .iter()
            .skip(self.earlier)
            .map(|happened| Line {
                day: happened.on,
                shown: Day(happened.on).to_string(),
                what: happened.what.clone(),
            })
            .collect();
    }
}

fn why(case: &Case) -> Vec<String> {
    let mut why = vec![];
    if let Some(referral) = &case.referral {
        why.push(referral.why.clone());
        why.extend(referral.deferrals.iter().map(|deferral| {
            let (from, to) = (Day(deferral.from), Day(deferral.to));
            format!("Put off from {from} to {to}: {}", deferral.why)
        }));
    }
    why.push(format!(
        "It applied on {} ({}), {}. It was told: {}",
        Day(case.applied_on),
        words::role(case.by),
        words::rests_on(&case.rests_on),
        words::advice(case.advice)
    ));
    why
}

/// An application's days: what each brought stands elsewhere on the page.
fn in_brief(case: &Case) -> Vec<Line> {
    let one = |day: NaiveDate, what: &str| (day, what.to_owned());
    let mut days = vec![one(case.applied_on, "it applied")];
    days.extend(case.asked_for.iter().map(|asked| one(asked.on, "evidence asked for")));
    days.extend(case.documents.iter().map(|received| one(received.on, "evidence came in")));
    if let Some(referral) = &case.referral {
        days.push(one(referral.on, "referred to the steering group"));
        days.extend(referral.deferrals.iter().map(|deferral| one(deferral.on, "put off")));
    }
    days.extend(case.interests.iter().map(|interest| one(interest.on, "an interest declared")));
    days.extend(case.reminders.iter().map(|reminder| match reminder.why_not {
        None => one(reminder.on, "reminded"),
        Some(_) => one(reminder.on, "not reminded"),
    }));
    days.extend(case.decision.iter().map(|decision| one(decision.on, "decided")));
    days.extend(case.acceptance.iter().map(|acceptance| one(acceptance.on, "accepted")));
    days.extend(case.closed.iter().map(|closed| one(closed.on, words::stage(closed.how))));
    days.sort_by_key(|(day, _)| *day);
    days.dedup();
    let line = |(day, what)| Line { day, shown: Day(day).to_string(), what };
    days.into_iter().map(line).collect()
}

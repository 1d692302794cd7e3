//! `ledge contact`: the people the office deals with at schools.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use app::{ContactsAsked, Newcomer, Unremoved, When};
use contacts::Role;
use kernel::{Day, Urn};
use national_data::File;
use serde_json::json;

use super::target::{Readers, Target, is_standard_output};
use super::{at_work, desk};
use crate::cli::{
    AddContact, ContactCommand, CorrectContact, ForgetContact, Global, ListContacts, TakeRole,
};
use crate::outcome::Outcome;
use crate::output::{self, lines, print};
use crate::progress::Bar;

mod given;
mod sheet;

pub(crate) async fn run(global: &Global, command: ContactCommand) -> anyhow::Result<Outcome> {
    match command {
        ContactCommand::Add(asked) => add(global, asked).await,
        ContactCommand::Correct(asked) => correct(global, asked).await,
        ContactCommand::Take(asked) => take(global, asked).await,
        ContactCommand::End { person, urn, role, until } => {
            end(global, &person, urn, role, until).await
        }
        ContactCommand::List(asked) => list(global, &asked),
        ContactCommand::Show { person } => {
            let desk = desk(global)?;
            let page = desk.person(desk.person_named(&person)?)?;
            print(global, &page, sheet::page)?;
            Ok(Outcome::Done)
        }
        ContactCommand::Import { file, check } => import(global, &file, check).await,
        ContactCommand::Held { person, out, force } => held(global, &person, &out, force),
        ContactCommand::Forget(asked) => forget(global, asked).await,
    }
}

async fn add(global: &Global, asked: AddContact) -> anyhow::Result<Outcome> {
    let AddContact { urn, role, from, details, preview } = asked;
    let details = given::read(&details)?.whole()?;
    let newcomer = |today| Newcomer { urn, role, from: from.unwrap_or(today), details };
    let added = if preview {
        let desk = desk(global)?;
        desk.check_contact(&newcomer(desk.today()))?
    } else {
        at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
            let newcomer = newcomer(office.today());
            Ok(office.add_contact(&newcomer).await?)
        })
        .await?
    };
    print(global, &added, |added| sheet::added(added, preview))?;
    Ok(Outcome::Done)
}

async fn take(global: &Global, asked: TakeRole) -> anyhow::Result<Outcome> {
    let TakeRole { person, urn, role, from, preview } = asked;
    let added = if preview {
        let desk = desk(global)?;
        let details = desk.details_of(desk.person_named(&person)?)?;
        let from = from.unwrap_or(desk.today());
        desk.check_contact(&Newcomer { urn, role, from, details })?
    } else {
        at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
            let person = office.desk().person_named(&person)?;
            let from = from.unwrap_or(office.today());
            Ok(office.take_role(person, urn, role, from).await?)
        })
        .await?
    };
    print(global, &added, |added| sheet::added(added, preview))?;
    Ok(Outcome::Done)
}

async fn correct(global: &Global, asked: CorrectContact) -> anyhow::Result<Outcome> {
    let given = given::read(&asked.details)?;
    let (person, events) = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let on = office.day(asked.on.on)?;
        let person = office.desk().person_named(&asked.person)?;
        let details = given.over(&office.desk().details_of(person)?)?;
        Ok((person, office.correct_contact(person, &details, on).await?))
    })
    .await?;
    print(global, &json!({ "person": person, "events": events }), |_| {
        lines(match events {
            0 => "That is what is known of them already; nothing was written.",
            _ => "What is known of them is corrected; the roles are as they were.",
        })
    })?;
    Ok(Outcome::Done)
}

async fn end(
    global: &Global,
    person: &str,
    urn: Urn,
    role: Role,
    until: chrono::NaiveDate,
) -> anyhow::Result<Outcome> {
    let (person, events) = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let person = office.desk().person_named(person)?;
        Ok((person, office.end_contact(person, urn, role, until).await?))
    })
    .await?;
    let answer = json!({
        "person": person, "urn": urn, "role": role, "until": until, "events": events,
    });
    print(global, &answer, |_| {
        let (role, until) = (role.in_words(), Day(until));
        lines(match events {
            0 => {
                format!("{urn} had them as its {role} until {until} already; nothing was written.")
            }
            _ => format!("{urn} has them as its {role} until {until}."),
        })
    })?;
    Ok(Outcome::Done)
}

fn list(global: &Global, asked: &ListContacts) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let when = match asked.ever {
        true => When::Ever,
        false => When::On(asked.as_of.on.unwrap_or(desk.today())),
    };
    let text = asked.text.clone();
    let found = desk.contacts(&ContactsAsked { text, urn: asked.urn, role: asked.role, when })?;
    print(global, &found, |found| sheet::list(found, asked.limit))?;
    Ok(Outcome::Done)
}

async fn import(global: &Global, file: &Path, check: bool) -> anyhow::Result<Outcome> {
    let file = File::open(file)
        .map_err(|source| app::Failure::Unreadable { path: file.display().to_string(), source })?;
    let imported = if check {
        desk(global)?.check_contacts(&file)?
    } else {
        at_work(global, &Arc::new(Bar::new(global)), async |office, progress| {
            Ok(office.import_contacts(&file, progress).await?)
        })
        .await?
    };
    print(global, &imported, sheet::imported)?;
    Ok(Outcome::Done)
}

fn held(global: &Global, person: &str, out: &Path, force: bool) -> anyhow::Result<Outcome> {
    let mut target = Target::at(out, force, &global.parts(), Readers::OwnerAlone)?;
    let desk = desk(global)?;
    let bar = Bar::new(global);
    let progress = |what: &str, done, total| bar.tell(what, done, total);
    let held = desk.held_about(desk.person_named(person)?, &progress)?;
    drop(bar);
    let cannot = || format!("cannot write {}", out.display());
    serde_json::to_writer_pretty(&mut target, &held).with_context(cannot)?;
    writeln!(target).with_context(cannot)?;
    target.keep()?;
    if is_standard_output(out) {
        return Ok(Outcome::Done);
    }
    let events = held.events.len();
    print(global, &json!({ "person": held.person, "out": out, "events": events }), |_| {
        lines(format!("{} has everything that is held about them.", out.display()))
    })?;
    Ok(Outcome::Done)
}

async fn forget(global: &Global, asked: ForgetContact) -> anyhow::Result<Outcome> {
    let ForgetContact { person, reason, preview } = asked;
    let forgotten = if preview {
        let desk = desk(global)?;
        desk.check_forget(desk.person_named(&person)?, reason)?
    } else {
        at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
            let person = office.desk().person_named(&person)?;
            let on = office.today();
            Ok(office.forget_person(person, reason, on).await?)
        })
        .await?
    };
    print(global, &forgotten, |forgotten| sheet::forgotten(forgotten, preview))?;
    Ok(Outcome::Done)
}

/// Says on standard error what tells of people who were forgotten and lies there still.
pub(super) fn tell_unremoved(global: &Global, unremoved: &[Unremoved]) {
    if unremoved.is_empty() {
        return;
    }
    if global.json {
        let text = serde_json::to_string(&json!({ "unremoved": unremoved }));
        output::error_line(&text.unwrap_or_default());
        return;
    }
    for Unremoved { path, why } in unremoved {
        output::error_text(&format!("ledge: `{}` cannot be removed: {why}", path.display()));
    }
    output::error_text(
        "It may tell of somebody who was forgotten: remove it by hand, or mend what keeps it; every command that writes tries \
         again.",
    );
}

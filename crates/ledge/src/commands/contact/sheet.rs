//! Contacts as people read them.

use std::collections::BTreeSet;

use app::{Added, ContactLine, ContactsImported, Forgotten, PersonPage, Unsealed};
use contacts::Role;
use contacts::person::Reason;
use kernel::{Day, PersonId, Urn};

use crate::output::{counted, grouped, lines, table};

pub(super) fn list(found: &[ContactLine], limit: usize) -> anyhow::Result<()> {
    if limit > 0 && !found.is_empty() {
        let rows = found.iter().take(limit).map(|line| {
            let contact = &line.contact;
            let (name, email, phone) = match &contact.details {
                Some(it) => {
                    (it.name.clone(), it.email.clone(), it.phone.clone().unwrap_or_default())
                }
                None => {
                    let why = if contact.key_missing { "(key missing)" } else { "(forgotten)" };
                    (why.to_owned(), String::new(), String::new())
                }
            };
            vec![
                contact.urn.to_string(),
                line.school.clone().unwrap_or_default(),
                contact.role.to_string(),
                name,
                email,
                phone,
                days(line),
                end_of(contact.person),
            ]
        });
        lines(table(
            &["URN", "school", "role", "name", "e-mail", "phone", "since", "id"],
            &[],
            rows,
        ))?;
    }
    let missing = found.iter().filter(|line| line.contact.key_missing).count();
    if missing > 0 {
        lines(format!(
            "{} cannot be opened: restore the file of keys (`ledge contact list --help` says where it is sought).",
            counted(missing as u64, "role")
        ))?;
    }
    let shown = found.len().min(limit);
    lines(match found.len() {
        0 => "No contact fits.".to_owned(),
        all if all == shown => format!("{}.", counted(all as u64, "role")),
        all => format!("{} of {}.", grouped(shown as u64), counted(all as u64, "role")),
    })
}

pub(super) fn page(page: &PersonPage) -> anyhow::Result<()> {
    match (&page.details, page.forgotten_on) {
        (Some(details), _) => {
            lines(format!("{}  {}", details.name, details.email))?;
            if let Some(phone) = &details.phone {
                lines(phone)?;
            }
            if let Some(salutation) = &details.salutation {
                lines(salutation)?;
            }
        }
        (None, Some(on)) => lines(format!("Forgotten on {}", Day(on)))?,
        (None, None) => lines("Forgotten: the key was destroyed before this journal was restored")?,
    }
    lines(format!("id {}", page.person))?;
    let rows = page.roles.iter().map(|line| {
        vec![
            line.contact.urn.to_string(),
            line.school.clone().unwrap_or_default(),
            line.contact.role.in_words().to_owned(),
            days(line),
        ]
    });
    lines(table(&["URN", "school", "role", "since"], &[], rows))
}

pub(super) fn added(added: &Added, preview: bool) -> anyhow::Result<()> {
    let (urn, role, from) = (added.urn, added.role.in_words(), Day(added.from));
    let them = added.person.map_or_else(
        || "somebody new here".to_owned(),
        |person| match added.known_already {
            true => format!("{}, who is known already,", end_of(person)),
            false => end_of(person),
        },
    );
    let has = if preview { "would have" } else { "has" };
    lines(match added.events {
        0 => format!("{urn} has {them} as its {role} already; nothing was written."),
        _ => format!("{urn} {has} {them} as its {role} from {from}."),
    })?;
    for follows in &added.follows {
        let before = end_of(follows.person);
        lines(if follows.until < added.from.pred_opt().unwrap_or(added.from) {
            format!("{before} {has} the role until {}.", Day(follows.until))
        } else {
            format!("They follow {before}, who {has} it until {}.", Day(follows.until))
        })?;
    }
    Ok(())
}

pub(super) fn imported(imported: &ContactsImported) -> anyhow::Result<()> {
    let wrote = if imported.checked_only { "nothing was written: it would be " } else { "" };
    lines(format!(
        "{}, {} read: {wrote}{} added, {} taken by people known already, {} corrected, {} ended, {} as they were.",
        imported.file,
        counted(imported.read, "row"),
        counted(imported.added, "contact"),
        counted(imported.taken, "role"),
        grouped(imported.corrected),
        counted(imported.ended, "role"),
        grouped(imported.unchanged),
    ))
}

pub(super) fn forgotten(forgotten: &Forgotten, preview: bool) -> anyhow::Result<()> {
    let who = end_of(forgotten.person);
    let why = match forgotten.reason {
        Reason::Asked => "as they asked",
        Reason::Retention => "whom the office needs to know no longer",
        Reason::Mistake => "who should not have been entered",
    };
    lines(match (preview, forgotten.known_already) {
        (true, true) | (false, true) => format!("{who} was forgotten before."),
        (true, false) => format!("{who}, {why}, would be forgotten for good."),
        (false, false) => {
            format!("{who} is forgotten, {why}: nothing that was sealed of them opens again.")
        }
    })?;
    for (urn, role) in &forgotten.vacant {
        lines(format!("{urn} has nobody to write to as its {}.", role.in_words()))?;
    }
    tell_unsealed(&forgotten.unsealed, &forgotten.roles)?;
    lines(
        "What stays: their roles with the days, and what was written about them in minutes, reasons and documents. \
         Destroy the copies of the file of keys that are older than today.",
    )
}

/// They are for people to read: nothing is ever taken out of the journal.
fn tell_unsealed(unsealed: &Unsealed, roles: &[(Urn, Role)]) -> anyhow::Result<()> {
    if !unsealed.naming.is_empty() {
        lines(
            "These free texts name them.  They are not sealed, and stay in the journal: look at them, and do not repeat them.",
        )?;
        let rows = unsealed.naming.iter().map(|it| {
            let urn = it.urn.map_or_else(String::new, |urn| urn.to_string());
            vec![it.position.to_string(), it.event_type.clone(), urn, it.text.clone()]
        });
        lines(table(&["position", "event", "URN", "text"], &[0], rows))?;
    }
    if unsealed.others > 0 {
        let schools: BTreeSet<String> = roles.iter().map(|(urn, _)| urn.to_string()).collect();
        let schools = schools.into_iter().collect::<Vec<_>>().join(", ");
        lines(format!(
            "{} of {schools} (reasons, references, billing addresses) are not sealed either; a first name or another spelling is \
             found by reading them alone (`ledge history URN`).",
            counted(unsealed.others as u64, "other free text")
        ))?;
    }
    Ok(())
}

fn days(line: &ContactLine) -> String {
    let from = Day(line.contact.from);
    match line.contact.until {
        None => from.to_string(),
        Some(until) if until < line.contact.from => "never, after all".to_owned(),
        Some(until) => format!("{from} to {}", Day(until)),
    }
}

/// The part of an id by which one contact is told from another.
fn end_of(person: PersonId) -> String {
    let id = person.to_string();
    id.rsplit_once('-').map_or_else(|| id.clone(), |(_, end)| end.to_owned())
}

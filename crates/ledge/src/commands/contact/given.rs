//! What was said of a person, on the command line or in a file.

use std::fs;
use std::io::{self, Read};

use app::Failure;
use contacts::{Details, Misfit};

use super::super::target::is_standard_output;
use crate::cli;

/// The longest text of details that is read, in bytes.
const LONGEST: u64 = 10_000;

/// What was given of a person; the rest was not said.
#[derive(Default)]
pub(super) struct Given {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    salutation: Option<String>,
}

/// Reads what was given, from where it was said to be.
pub(super) fn read(details: &cli::Details) -> anyhow::Result<Given> {
    let Some(file) = &details.from_file else {
        return Ok(Given {
            name: details.name.clone(),
            email: details.email.clone(),
            phone: details.phone.clone(),
            salutation: details.salutation.clone(),
        });
    };
    let mut text = String::new();
    let read = if is_standard_output(file) {
        io::stdin().lock().take(LONGEST).read_to_string(&mut text)
    } else {
        fs::File::open(file).and_then(|file| file.take(LONGEST).read_to_string(&mut text))
    };
    read.map_err(|source| Failure::Unreadable { path: file.display().to_string(), source })?;
    Ok(parsed(&text)?)
}

/// Lines of `name: ...`; blank ones are passed over.  A fault names the line, and does not repeat it.
fn parsed(text: &str) -> Result<Given, Failure> {
    let mut given = Given::default();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let place = match key.trim().to_lowercase().as_str() {
            "name" => &mut given.name,
            "email" => &mut given.email,
            "phone" => &mut given.phone,
            "salutation" => &mut given.salutation,
            _ => {
                return Err(Failure::Refused(format!(
                    "line {number} of the details is none: `name: ...`, `email: ...`, `phone: ...` or `salutation: ...`"
                )));
            }
        };
        if place.replace(value.trim().to_owned()).is_some() {
            return Err(Failure::Refused(format!(
                "line {number} of the details says again what another line says"
            )));
        }
    }
    Ok(given)
}

impl Given {
    /// The details of somebody of whom nothing else is known.
    pub(super) fn whole(&self) -> Result<Details, Failure> {
        let text = |given: &Option<String>| given.clone().unwrap_or_default();
        let (phone, salutation) = (self.phone.as_deref(), self.salutation.as_deref());
        Details::of(&text(&self.name), &text(&self.email), phone, salutation).map_err(told)
    }

    /// What is known from now on of somebody of whom this was known.
    pub(super) fn over(&self, known: &Details) -> Result<Details, Failure> {
        let Self { name, email, phone, salutation } = self;
        Details::of(
            name.as_ref().unwrap_or(&known.name),
            email.as_ref().unwrap_or(&known.email),
            phone.as_deref().or(known.phone.as_deref()),
            salutation.as_deref().or(known.salutation.as_deref()),
        )
        .map_err(told)
    }
}

fn told(misfits: Vec<Misfit>) -> Failure {
    let misfits: Vec<String> = misfits.iter().map(ToString::to_string).collect();
    Failure::Refused(format!("the details are not fit for a letter: {}", misfits.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_read_line_by_line() {
        let given = parsed("Name: Ann Hill\n\nemail:  a@hill.example \nphone:\n").unwrap();
        let details = given.whole().unwrap();
        assert_eq!((details.name.as_str(), details.email.as_str()), ("Ann Hill", "a@hill.example"));
        assert_eq!(details.phone, None);
        let other = parsed("salutation: Dear Ann").unwrap().over(&details).unwrap();
        assert_eq!(other, Details { salutation: Some("Dear Ann".into()), ..details });
    }

    #[test]
    fn a_line_that_is_no_detail_is_named_and_not_repeated() {
        for (text, line) in [("name: A\nAnn Hill", "line 2"), ("name: A\nname: B", "line 2")] {
            let why = parsed(text).err().unwrap().to_string();
            assert!(why.starts_with(line) && !why.contains("Ann Hill"), "{why}");
        }
        let why = parsed("email: nobody").unwrap().whole().unwrap_err().to_string();
        assert!(
            why.contains("name:") && why.contains("email:") && !why.contains("nobody"),
            "{why}"
        );
    }
}

//! How a run ended: its exit code, and its error for people or programs.

use std::process::ExitCode;

use app::Failure;
use serde::Serialize;

use crate::output::{self, counted};

/// How a run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    Done,
    Failed,
    WrongUse,
    Refused,
    /// `verify` found something that does not fit.
    Faulty,
    Interrupted,
}

/// What programs are told on standard error, whatever went wrong: `{"error": {"kind": ..., "message": ...}}`.
#[derive(Debug, Serialize)]
struct ErrorDocument {
    error: Told,
}

#[derive(Debug, Serialize)]
struct Told {
    kind: Kind,
    /// One line; for a file with faults their number, and `faults` has them.
    message: String,
    faults: Vec<Fault>,
    /// Faults besides those listed.
    more: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Refused,
    Failed,
    Interrupted,
    Usage,
}

/// One thing wrong with a file.
#[derive(Debug, Eq, PartialEq, Serialize)]
struct Fault {
    file: String,
    /// Counted from 1, the header included; `null`: the file as a whole.
    line: Option<u64>,
    /// As the file names it; in a text without columns the character, counted from 1; `null`: the line as a whole.
    column: Option<String>,
    /// What stands there.
    value: Option<String>,
    expected: String,
}

impl Outcome {
    /// Tells the error on standard error, once, with every cause.
    pub(crate) fn of_error(error: &anyhow::Error, json: bool) -> Self {
        if output::is_broken_pipe(error) {
            // Whoever reads has seen enough (`ledge events | head`).
            return Self::Done;
        }
        let told = Told::of(error);
        if json {
            tell(&ErrorDocument { error: told });
        } else {
            output::error_text(&format!("ledge: {}", causes(error)));
        }
        kind_of(error).into()
    }

    /// Tells what is wrong with the command line, or, where that was asked, prints the help.
    pub(crate) fn of_usage(error: &clap::Error, json: bool) -> Self {
        if json && error.use_stderr() {
            let message = one_line(&error.render().to_string());
            let error = Told { kind: Kind::Usage, message, faults: vec![], more: 0 };
            tell(&ErrorDocument { error });
            return Self::WrongUse;
        }
        // A closed standard error leaves nobody to tell.
        let _ = error.print();
        if error.use_stderr() { Self::WrongUse } else { Self::Done }
    }
}

impl Told {
    fn of(error: &anyhow::Error) -> Self {
        let kind = kind_of(error);
        let (message, faults, more) = match error.downcast_ref::<Failure>() {
            Some(Failure::Faults(found)) => {
                let number = found.faults.len() as u64 + found.more;
                let message = format!(
                    "{} is not what it should be ({}); nothing of it was taken",
                    found.file,
                    counted(number, "fault")
                );
                (message, Fault::all_of(found), found.more)
            }
            Some(Failure::CriteriaFile { file, line, column, why }) => {
                let fault = Fault {
                    file: file.clone(),
                    line: *line,
                    column: column.map(|column| column.to_string()),
                    value: None,
                    expected: why.clone(),
                };
                (causes(error), vec![fault], 0)
            }
            _ => (causes(error), vec![], 0),
        };
        Self { kind, message, faults, more }
    }
}

impl Fault {
    fn all_of(found: &national_data::Faults) -> Vec<Self> {
        let fault = |fault: &national_data::Fault| {
            let column = Some(&fault.column).filter(|column| !column.is_empty());
            Self {
                file: found.file.clone(),
                line: Some(fault.line).filter(|line| *line > 0),
                // Without a column there is no cell; with one, an empty value is a blank cell.
                value: column.map(|_| fault.value.clone()),
                column: column.cloned(),
                expected: fault.expected.clone(),
            }
        };
        found.faults.iter().map(fault).collect()
    }
}

fn kind_of(error: &anyhow::Error) -> Kind {
    match error.downcast_ref::<Failure>() {
        Some(failure) if failure.is_refusal() => Kind::Refused,
        None if error
            .downcast_ref::<subscriber::Failure>()
            .is_some_and(subscriber::Failure::is_refusal) =>
        {
            Kind::Refused
        }
        _ if error.is::<Interrupted>() => Kind::Interrupted,
        _ => Kind::Failed,
    }
}

fn causes(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn tell(document: &ErrorDocument) {
    // Every value of it is a text or a number, which always can be written.
    let text = serde_json::to_string(document).unwrap_or_default();
    output::error_line(&text);
}

/// What clap says, without its heading, and without the usage and the pointer to the help that follow.
fn one_line(text: &str) -> String {
    let said: Vec<&str> = text
        .lines()
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .flat_map(str::split_whitespace)
        .collect();
    let said = said.join(" ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    if said.is_empty() { "a command is missing".to_owned() } else { said.to_owned() }
}

impl From<Kind> for Outcome {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Refused => Self::Refused,
            Kind::Failed => Self::Failed,
            Kind::Interrupted => Self::Interrupted,
            Kind::Usage => Self::WrongUse,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::WrongUse => 2,
            Outcome::Refused => 3,
            Outcome::Faulty => 4,
            Outcome::Interrupted => 130,
        })
    }
}

/// The person pressed Ctrl-C, or the system asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; what was acknowledged is kept, and the same command goes on from there")]
pub(crate) struct Interrupted;

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn usage(arguments: &[&str]) -> String {
        let arguments = ["ledge"].iter().chain(arguments);
        one_line(&Cli::try_parse_from(arguments).unwrap_err().render().to_string())
    }

    #[test]
    fn wrong_use_is_told_on_one_line_without_the_usage() {
        assert_eq!(
            usage(&["invite"]),
            "the following required arguments were not provided: --year <YEAR>"
        );
        assert!(usage(&["improt"]).starts_with("unrecognized subcommand 'improt' tip: "));
        let day = usage(&["review", "--as-at", "1 March 2019"]);
        assert!(day.ends_with("`1 March 2019` is not a day: year-month-day, as 2019-02-28"));
        assert_eq!(usage(&["schools", "--grade", "x"]).matches('\n').count(), 0);
    }

    #[test]
    fn what_a_fault_does_not_have_is_null() {
        let fault = |line, column: &str, value: &str| national_data::Fault {
            line,
            column: column.to_owned(),
            value: value.to_owned(),
            expected: "a URN".to_owned(),
        };
        let found = national_data::Faults {
            file: "x.csv".to_owned(),
            faults: vec![fault(3, "URN", ""), fault(4, "", ""), fault(0, "", "")],
            more: 2,
        };
        let told = Told::of(&Failure::Faults(found).into());
        let told = serde_json::to_value(&ErrorDocument { error: told }).unwrap();
        let fault = |line, column, value| {
            serde_json::json!({
                "file": "x.csv", "line": line, "column": column, "value": value, "expected": "a URN"
            })
        };
        assert_eq!(
            told,
            serde_json::json!({"error": {
                "kind": "refused",
                "message": "x.csv is not what it should be (5 faults); nothing of it was taken",
                "faults": [
                    fault(Some(3), Some("URN"), Some("")),
                    fault(Some(4), None, None),
                    fault(None, None, None)
                ],
                "more": 2
            }})
        );
    }

    #[test]
    fn an_interruption_is_of_its_own_kind() {
        let error = anyhow::Error::from(Interrupted);
        assert_eq!(
            (kind_of(&error), Outcome::of_error(&error, true)),
            (Kind::Interrupted, Outcome::Interrupted)
        );
    }
}

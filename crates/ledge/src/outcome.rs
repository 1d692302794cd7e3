//! How a run ended: its exit code, and its error for people or programs.

use std::process::ExitCode;

use app::Failure;
use serde_json::json;

use crate::output;

/// How a run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    Done,
    Failed,
    Refused,
    /// `verify` found something that does not fit.
    Faulty,
    Interrupted,
}

impl Outcome {
    /// Tells the error on standard error, once, with every cause.
    pub(crate) fn of_error(error: &anyhow::Error, json: bool) -> Self {
        if output::is_broken_pipe(error) {
            // Whoever reads has seen enough (`ledge events | head`).
            return Self::Done;
        }
        let outcome = match error.downcast_ref::<Failure>() {
            Some(failure) if failure.is_refusal() => Self::Refused,
            _ if error.is::<Interrupted>() => Self::Interrupted,
            _ => Self::Failed,
        };
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        if json {
            let faults = error.downcast_ref::<Failure>().and_then(|failure| match failure {
                Failure::Faults(faults) => Some(output::faults_document(faults)),
                _ => None,
            });
            let word = if outcome == Self::Refused { "refused" } else { "failed" };
            output::error_line(&json!({ word: causes.join(": "), "faults": faults }).to_string());
        } else {
            output::error_line(&format!("ledge: {}", causes.join(": ")));
        }
        outcome
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            // 2 is clap's, for wrong use.
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

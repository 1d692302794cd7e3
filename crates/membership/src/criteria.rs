//! The criteria of one Leading Edge year.

pub mod commands;
pub mod events;
pub mod terms;
#[cfg(test)]
mod tests;

pub use commands::{Adoption, Command};
pub use events::Event;
pub use terms::{
    Condition, Staying, Terms, Way, Ways, Without, WithoutOverallGrade, WithoutProgress8,
};

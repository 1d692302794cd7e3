//! Two years of an office on a sample nation, day by day with the clock in hand: what an office would ask, and nothing
//! behind its back.

mod edges;
mod killed;
mod laws;
mod lived;

use lived::{Lived, lived};

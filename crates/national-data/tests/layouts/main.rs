//! Each trap of the national files, in a small file of its own: what is read, and what is told.

#![cfg(test)]

use chrono::NaiveDate;
use kernel::{Cell, Progress8};
use national_data::{Faults, File, Ks4Row, Reading, ks4};

mod inspections;
mod successions;
mod tables;
mod the_offices_cover;
mod the_register;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn file(text: impl Into<Vec<u8>>) -> File {
    File::from_bytes("file.csv", text)
}

fn tables(text: impl Into<Vec<u8>>) -> Result<Reading<Ks4Row>, Faults> {
    ks4(&file(text), "2017/18 final".parse().unwrap(), day("2019-01-31"))
}

fn faults<T: std::fmt::Debug>(reading: Result<Reading<T>, Faults>) -> Vec<String> {
    reading.unwrap_err().to_string().lines().map(str::to_owned).collect()
}

fn score(hundredths: i32) -> Option<Cell<Progress8>> {
    Some(Cell::Published(Progress8::from_hundredths(hundredths)))
}

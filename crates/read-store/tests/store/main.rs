//! The read store, over a real journal in a real folder.

#![cfg(test)]

mod book;
mod dates;
mod document;
mod history;
mod life;
mod looking;
mod others;
#[cfg(unix)]
mod places;
#[cfg(unix)]
mod unwritable;

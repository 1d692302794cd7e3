//! The journal from outside: what it promises, and what is left of it after everything that can happen to a file.
#![cfg(test)]

mod contract;
mod story;

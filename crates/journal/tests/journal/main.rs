//! The journal from outside: what it promises, and what is left of it after everything that can happen to a file.
#![cfg(test)]

mod another_process;
mod contract;
mod damaged;
mod documented;
mod full;
mod heads;
mod killed;
mod story;
mod torn;

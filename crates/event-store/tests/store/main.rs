//! The event store from outside: stories of commands, restarts and accidents.

#![cfg(test)]

mod accidents;
mod commands;
mod cqrs;
mod damage;
mod kill;
mod purse;
mod races;
mod schools;

//! Stories of the whole: an office's year, and what happens to it.

mod a_review_year;
mod analysts;
mod application_commands;
mod billing;
mod by_hand;
pub(crate) mod chance;
mod command_line;
mod contacts;
mod demo;
mod event_catalogue;
mod evidence;
mod exports;
mod files_are_read_once;
mod given_up;
mod joining;
mod killed_imports;
mod letters;
mod letters_of_two_years;
mod on_record;
mod reactions;
mod readers_beside_the_writer;
mod real_files;
mod rebuilt_is_incremental;
mod staying;
mod tables;
mod the_analysts_document;
mod two_years;
mod what_if;
mod world;

/// The day of the annual review of the year 2019-20.
const FEBRUARY: &str = "2019-02-28";

/// A sample nation's files, with the days on which the office loads them.
const FILES: [(&str, &str); 10] = [
    ("2018-02-01", "2015-2016_england_ks4provisional.csv"),
    ("2018-02-01", "2015-2016_england_ks4final.csv"),
    ("2018-02-02", "2016-2017_england_ks4provisional.csv"),
    ("2018-02-02", "2016-2017_england_ks4final.csv"),
    ("2018-10-15", "2017-2018_england_ks4provisional.csv"),
    ("2019-01-31", "2017-2018_england_ks4final.csv"),
    ("2019-02-04", "edubasealldata20190131.csv"),
    ("2019-02-04", "ofsted_ratings.csv"),
    ("2019-02-04", "links_edubasealldata20190131.csv"),
    ("2019-02-05", "ssat-cover.csv"),
];

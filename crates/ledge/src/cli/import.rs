//! What may be typed of files that the nation publishes.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use kernel::{AcademicYear, Standing};

use super::examples;
use super::values::{day, standing};

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Key stage 4 performance tables, .csv or .xlsx.
    #[command(after_help = examples::KS4)]
    Ks4 {
        #[command(flatten)]
        file: ImportFile,
        /// The school year of the examinations, such as 2017/18.
        #[arg(long)]
        year: AcademicYear,
        /// How final the release is.
        #[arg(long, value_parser = standing())]
        release: Standing,
    },
    /// Ofsted inspections: URN, rating, inspection date.
    #[command(after_help = examples::OFSTED)]
    Ofsted(ImportFile),
    /// The register of schools: DfE's spine (.xlsx) or GIAS (.csv).
    #[command(after_help = examples::REGISTER)]
    Register(ImportFile),
    /// Predecessors and successors, from GIAS.
    #[command(after_help = examples::LINKS)]
    Links(ImportFile),
    /// Names of schools alone.
    #[command(after_help = examples::NAMES)]
    Names(ImportFile),
    /// Coordinates of schools alone.
    #[command(after_help = examples::LOCATIONS)]
    Locations(ImportFile),
    /// The office's list of SSAT Secondary Network cover: urn, from, until, via_trust.
    #[command(after_help = examples::COVER)]
    Cover(ImportFile),
    /// Give up a file that was begun and will not be read to its end: nothing waits for the rest of it any more.
    #[command(after_help = examples::GIVE_UP)]
    GiveUp {
        /// The file that is half read: its name, or the first digits of its SHA-256.
        #[arg(value_name = "FILE")]
        file: String,
        /// The school year it was begun as, where it was begun as several.
        #[arg(long)]
        year: Option<AcademicYear>,
        /// How final the release is that it was begun as, where it was begun as several.
        #[arg(long, value_parser = standing())]
        release: Option<Standing>,
        /// What became of it, and what is read instead; kept for ever and not sealed: name no person.
        #[arg(long, value_name = "TEXT", required_unless_present = "preview")]
        reason: Option<String>,
        /// Say what of it stands recorded, and write nothing.
        #[arg(long)]
        preview: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ImportFile {
    /// The file as it was published.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The day from which the file was public.  Otherwise: 15 October after the examinations for provisional results,
    /// 31 January after them for revised or final ones; for other files the date in their name, or today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) published: Option<NaiveDate>,
    /// Go the whole way and write nothing.
    #[arg(long)]
    pub(crate) check: bool,
}

//! What may be typed of contacts.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use contacts::Role;
use contacts::person::Reason;
use kernel::Urn;
use strum::VariantNames;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{AsOf, On, day};

#[derive(Debug, Subcommand)]
pub(crate) enum ContactCommand {
    /// Take down who has a role at a school; whoever had it before has it until the day before.
    #[command(after_help = ADD)]
    Add(AddContact),
    /// Take down what is known of a contact now.
    #[command(after_help = CORRECT)]
    Correct(CorrectContact),
    /// Take down that a contact takes a role, at the same school or another.
    #[command(after_help = TAKE)]
    Take(TakeRole),
    /// Take down that a contact has a role until a day.
    #[command(after_help = END)]
    End {
        /// The contact, by the id that `ledge contact list` shows.
        person: String,
        /// The school, by its URN.
        urn: Urn,
        /// The role that ends.
        #[arg(long, value_parser = role())]
        role: Role,
        /// The last day; the day before the first one says that they never had it.
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: NaiveDate,
    },
    /// Find contacts, by part of a name or an address, school or role.
    #[command(after_help = LIST)]
    List(ListContacts),
    /// One contact, with every role they have or had.
    #[command(after_help = SHOW)]
    Show {
        /// The contact, by the id that `ledge contact list` shows.
        person: String,
    },
    /// Take down a whole list, or nothing of it.
    #[command(after_help = IMPORT)]
    Import {
        /// The list (CSV or a workbook): urn, role, name, email, and phone, salutation, from where they are known.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Go the whole way and write nothing.
        #[arg(long)]
        check: bool,
    },
    /// Everything that is held about a person, as JSON, for the person who asks.
    #[command(after_help = HELD)]
    Held {
        /// The contact, by the id that `ledge contact list` shows.
        person: String,
        /// The file to make, which its owner alone may read; `-` is standard output.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Write over the file, if it is there.
        #[arg(long)]
        force: bool,
    },
    /// Forget a person for good: their key is destroyed, and no copy of the journal shows them again.
    #[command(after_help = FORGET)]
    Forget(ForgetContact),
}

#[derive(Args, Debug)]
pub(crate) struct AddContact {
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The role they take.
    #[arg(long, value_parser = role())]
    pub(crate) role: Role,
    /// The first day; otherwise today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<NaiveDate>,
    #[command(flatten)]
    pub(crate) details: Details,
    /// Look, and write nothing.
    #[arg(long)]
    pub(crate) preview: bool,
}

/// What is known of a person.  What is typed here is seen by whoever lists the machine's processes, and stays in the history
/// of the shell; a file, or standard input, does not.
#[derive(Args, Debug)]
pub(crate) struct Details {
    /// A file with a line for each detail (`name: ...`, `email: ...`, `phone: ...`, `salutation: ...`); `-` is standard
    /// input.  Others on this machine see what is typed as options instead, and the shell remembers it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "email", "phone", "salutation"])]
    pub(crate) from_file: Option<PathBuf>,
    /// The person's name, in one line.
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    /// Their e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// Their telephone number; empty: none.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone: Option<String>,
    /// How a letter to them begins, such as `Dear Dr Hill`; empty: `Dear` and the name.
    #[arg(long, value_name = "TEXT")]
    pub(crate) salutation: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct CorrectContact {
    /// The contact, by the id that `ledge contact list` shows.
    pub(crate) person: String,
    #[command(flatten)]
    pub(crate) details: Details,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct TakeRole {
    /// The contact, by the id that `ledge contact list` shows.
    pub(crate) person: String,
    /// The school, by its URN.
    pub(crate) urn: Urn,
    /// The role they take.
    #[arg(long, value_parser = role())]
    pub(crate) role: Role,
    /// The first day; otherwise today.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<NaiveDate>,
    /// Look, and write nothing.
    #[arg(long)]
    pub(crate) preview: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ListContacts {
    /// Part of a name or an address.
    pub(crate) text: Option<String>,
    /// Only of this school.
    #[arg(long)]
    pub(crate) urn: Option<Urn>,
    /// Only in this role.
    #[arg(long, value_parser = role())]
    pub(crate) role: Option<Role>,
    /// Whoever has, had or will have a role, and not only those of one day.
    #[arg(long, conflicts_with = "on")]
    pub(crate) ever: bool,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
    /// List at most so many (text only; `--json` has all); 0 only counts them.
    #[arg(long, value_name = "CONTACTS", default_value_t = 50)]
    pub(crate) limit: usize,
}

#[derive(Args, Debug)]
pub(crate) struct ForgetContact {
    /// The contact, by the id that `ledge contact list` shows.
    pub(crate) person: String,
    /// Why: they asked, the office needs to know them no longer, or they were entered by mistake.
    #[arg(long, value_parser = reason())]
    pub(crate) reason: Reason,
    /// Look, and write nothing.
    #[arg(long)]
    pub(crate) preview: bool,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::VARIANTS).try_map(|text| text.parse::<Role>())
}

fn reason() -> impl TypedValueParser<Value = Reason> {
    PossibleValuesParser::new(Reason::VARIANTS).try_map(|text| text.parse::<Reason>())
}

pub(super) const CONTACT: &str = "\
Examples:
  ledge contact list hill
  ledge contact add 137083 --role head --from 2019-09-01 --from-file new-head
  ledge contact import contacts.csv --check
  ledge contact forget 9f31c07a52de --reason asked --preview";

const ADD: &str = "\
Examples:
  ledge contact add 137083 --role head --from 2019-09-01 --from-file new-head
  ledge contact add 137083 --role finance --from-file -       then type:
      name: Jo Bell
      email: finance@hilltop.example
  ledge contact add 137083 --role main --name \"Jo Bell\" \\
      --email jo.bell@hilltop.example --preview

Somebody of the same name at the same address is the same person, wherever
they are: a head who moves, or who has two roles.";

const CORRECT: &str = "\
Examples:
  ledge contact correct 9f31c07a52de --from-file -
  ledge contact correct 9f31c07a52de --phone \"\"          there is none
What is not given stays as it is.";

const TAKE: &str = "\
Examples:
  ledge contact take 9f31c07a52de 137083 --role head --from 2019-09-01
  ledge contact take 9f31c07a52de 137083 --role finance --preview";

const END: &str = "\
Examples:
  ledge contact end 9f31c07a52de 137083 --role head --until 2019-08-31";

const LIST: &str = "\
Examples:
  ledge contact list hill
  ledge contact list --urn 137083 --ever
  ledge contact list --role finance --on 2018-12-31 --json";

const SHOW: &str = "\
Examples:
  ledge contact show 9f31c07a52de
  ledge contact show 9f31c07a52de --json";

const IMPORT: &str = "\
Examples:
  ledge contact import contacts.csv --check
  ledge contact import contacts.csv

The file, for example (`phone`, `salutation` and `from` may be left out):
  urn,role,name,email,phone,from
  137083,head,Ann Hill,a.hill@hilltop.example,020 7946 0000,2018-09-01
  137083,finance,Jo Bell,finance@hilltop.example,,

An empty phone or salutation is unknown: what is held of the person is kept,
and what another line of the file says of them is taken.  To take one back:
`ledge contact correct ID --phone \"\"`.  An empty `from` is today.  All lines
are checked first; if one has a fault, each is told with line and column, and
nothing is written.";

const HELD: &str = "\
Examples:
  ledge contact held 9f31c07a52de --out held.json
  ledge contact held 9f31c07a52de --out -";

const FORGET: &str = "\
Examples:
  ledge contact forget 9f31c07a52de --reason asked --preview
  ledge contact forget 9f31c07a52de --reason retention

What stays: that somebody had the role, from when until when, and that they
were forgotten.  What the office wrote about them in minutes, reasons and
documents stays too, and copies of the file of keys are for you to destroy.
Free texts (reasons, references, billing addresses) are not sealed: those that
name the person are listed before the key is destroyed.  Look at them.";

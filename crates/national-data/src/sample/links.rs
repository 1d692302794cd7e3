use chrono::NaiveDate;
use schools::school::Succession;

use super::dates;
use super::dice::{Dice, Stream};
use super::school::{Closing, School};
use super::table::Table;

/// A line of the links: seen from `of`, the school `to` is its `kind`.
pub(super) struct Link {
    pub(super) of: usize,
    pub(super) to: usize,
    pub(super) kind: &'static str,
    pub(super) on: Option<NaiveDate>,
    /// Since when it is so, whether or not the line says it; `None`: since before the register began to say.
    pub(super) since: Option<NaiveDate>,
    /// What it says of succession; `None`: nothing.
    pub(super) means: Option<Means>,
}

/// One school succeeded another.
#[derive(Clone, Copy)]
pub(super) struct Means {
    pub(super) successor: usize,
    pub(super) predecessor: usize,
    pub(super) succession: Succession,
}

/// The links of all schools, by URN.  Most stand there twice, once from each side, but a few from one side only; a
/// quarter have no date; and some have nothing to do with succession.
pub(super) fn all(seed: u64, schools: &[School]) -> Vec<Link> {
    let mut dice = Dice::new(seed, Stream::Links);
    let mut links = Vec::with_capacity(schools.len());
    for (index, school) in schools.iter().enumerate() {
        for descent in &school.descent {
            let means = Some(Means {
                successor: index,
                predecessor: descent.from,
                succession: descent.succession,
            });
            let undated = descent.succession == Succession::Converted && dice.chance(250);
            let on = (!undated).then_some(descent.on);
            let since = Some(descent.on);
            let (back, forth) = words(descent.succession);
            // Which side is missing, if one is.
            let missing = dice.below(70);
            if missing != 0 {
                links.push(Link { of: index, to: descent.from, kind: back, on, since, means });
            }
            if missing != 1 {
                links.push(Link { of: descent.from, to: index, kind: forth, on, since, means });
            }
        }
        if let [first, second, ..] = school.descent.as_slice()
            && first.succession == Succession::Amalgamated
        {
            for (of, to) in [(first.from, second.from), (second.from, first.from)] {
                links.push(aside(of, to, "Result of Amalgamation", Some(first.on)));
            }
        }
        if let Some(centre) = school.centre {
            links.push(aside(index, centre, "Sixth Form Centre Link", None));
            links.push(aside(centre, index, "Sixth Form Centre School", school.opened));
        }
        if school.closing == Closing::ForGood && dice.chance(100) {
            links.push(aside(index, index.saturating_sub(1), "Closure", school.closed));
        }
        if school.closing == Closing::NotClosed && dice.chance(2) {
            links.push(aside(index, index.saturating_sub(1), "Other", None));
        }
    }
    links.sort_by_key(|link| (schools[link.of].urn, schools[link.to].urn));
    links
}

/// The words of both sides: what the predecessor is to the successor, and the other way round.
fn words(succession: Succession) -> (&'static str, &'static str) {
    match succession {
        Succession::Converted => ("Predecessor", "Successor"),
        Succession::Merged => ("Predecessor - merged", "Successor - merged"),
        Succession::Amalgamated => ("Predecessor - amalgamated", "Successor - amalgamated"),
        Succession::Split => ("Predecessor - Split School", "Successor - Split School"),
    }
}

fn aside(of: usize, to: usize, kind: &'static str, on: Option<NaiveDate>) -> Link {
    Link { of, to, kind, on, since: on, means: None }
}

/// The links as they stood on a day.
pub(super) fn table(schools: &[School], links: &[Link], as_at: NaiveDate) -> String {
    let mut table = Table::new("\r\n");
    for name in ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"] {
        table.quoted(name);
    }
    table.end_row();
    for link in links.iter().filter(|link| link.since.is_none_or(|since| since <= as_at)) {
        table.number(schools[link.of].urn);
        table.number(schools[link.to].urn);
        table.quoted(&schools[link.to].register_name());
        table.quoted(link.kind);
        table.quoted(&dates::dashed(link.on));
        table.end_row();
    }
    table.into_text()
}

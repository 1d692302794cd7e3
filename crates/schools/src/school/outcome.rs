//! Two outcomes printed for one inspection: what they come to.

use std::collections::BTreeMap;

use kernel::Outcome;

/// What two statements about one inspection come to.  An overall grade says most, an ungraded inspection least; of two
/// grades for the same thing the poorer counts.  Kinds are never mapped onto each other (D8), and of two wordings of
/// an ungraded inspection the first stands.
pub(super) fn settled(known: &Outcome, said: &Outcome) -> Outcome {
    match (known, said) {
        (Outcome::Overall(known), Outcome::Overall(said)) => Outcome::Overall(*known.max(said)),
        (Outcome::Areas(known), Outcome::Areas(said)) => Outcome::Areas(poorer(known, said)),
        (Outcome::ReportCard(known), Outcome::ReportCard(said)) => {
            Outcome::ReportCard(poorer(known, said))
        }
        (known, said) if says_more(said) > says_more(known) => said.clone(),
        (known, _) => known.clone(),
    }
}

/// What `said` says that `other` does not say alike; nothing, if they agree.
pub(super) fn except(said: &Outcome, other: &Outcome) -> Option<Outcome> {
    match (said, other) {
        (Outcome::Areas(said), Outcome::Areas(other)) => unlike(said, other).map(Outcome::Areas),
        (Outcome::ReportCard(said), Outcome::ReportCard(other)) => {
            unlike(said, other).map(Outcome::ReportCard)
        }
        (said, other) => (said != other).then(|| said.clone()),
    }
}

fn says_more(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Ungraded(_) => 0,
        Outcome::Areas(_) => 1,
        Outcome::ReportCard(_) => 2,
        Outcome::Overall(_) => 3,
    }
}

/// Both kinds of grade are ordered best first, so the greater one is the poorer.
fn poorer<A: Copy + Ord, G: Copy + Ord>(
    known: &BTreeMap<A, G>,
    said: &BTreeMap<A, G>,
) -> BTreeMap<A, G> {
    let mut all = known.clone();
    for (area, grade) in said {
        all.entry(*area).and_modify(|known| *known = (*known).max(*grade)).or_insert(*grade);
    }
    all
}

fn unlike<A: Copy + Ord, G: Copy + Ord>(
    said: &BTreeMap<A, G>,
    other: &BTreeMap<A, G>,
) -> Option<BTreeMap<A, G>> {
    let left: BTreeMap<A, G> = said
        .iter()
        .filter(|(area, grade)| other.get(area) != Some(grade))
        .map(|(area, grade)| (*area, *grade))
        .collect();
    (!left.is_empty()).then_some(left)
}

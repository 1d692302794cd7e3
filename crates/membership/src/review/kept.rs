//! What a review keeps of each finding.

use std::io;

use chrono::NaiveDate;
use kernel::Source;
use serde::{Deserialize, Serialize};

use crate::review::counts::Counted;
use crate::{Answer, Clause, Finding, Outcome};

/// Enough of a finding to know whether a new one differs, whether it may be judged, and what it counts for.  (A tuple,
/// because a snapshot has thousands.)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Kept(Counted, Digest);

impl Kept {
    pub(super) fn of(finding: &Finding) -> Self {
        Self(Counted::of(finding), Digest::of(finding))
    }

    pub(super) fn outcome(self) -> Outcome {
        self.0.outcome
    }

    pub(super) fn counted(self) -> Counted {
        self.0
    }
}

/// FNV-1a, 64 bits, over the facts of a finding (as JSON), not its words: a program that says the same in other words finds
/// nothing new.  The same for every build and machine, unlike the standard library's hashers.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Digest(u64);

impl Digest {
    /// The offset basis and prime of FNV-1a for 64 bits (Fowler, Noll and Vo; RFC 9923).
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    fn of(finding: &Finding) -> Self {
        let mut digest = Self(Self::BASIS);
        // Neither a finding (its only map keys are fields) nor this writer can fail; were that ever to change, half a
        // digest still differs from the digest kept, and the finding would be recorded again.
        let _ = serde_json::to_writer(&mut digest, &facts(finding));
        digest
    }
}

fn facts(finding: &Finding) -> impl Serialize {
    let Finding {
        urn,
        name,
        in_population,
        eligible,
        invited,
        outcome,
        inspected,
        grade,
        carried_from,
        progress8,
        lower,
        clauses,
    } = finding;
    let answers = (in_population, eligible, invited, outcome, inspected);
    let figures = (grade, carried_from, progress8, lower);
    (urn, name, answers, figures, clauses.iter().map(told).collect::<Vec<_>>())
}

type Told<'a> = (&'a str, &'a Option<String>, &'a Option<Source>, &'a Option<NaiveDate>, Answer);

/// A clause without the words for what was needed and what is so, and without the name of its way.
fn told(clause: &Clause) -> Told<'_> {
    let Clause { rule, way: _, needed: _, actual: _, value, source, date, result } = clause;
    (rule, value, source, date, *result)
}

impl io::Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(Self::PRIME);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{Digest, Kept};
    use crate::samples::{basis, day, school, score};
    use crate::{Answer, Finding, Outcome, find};

    fn finding() -> Finding {
        find(&basis(), &school().graded(2).results([("0.31", "0.05"); 3]))
    }

    #[test]
    fn the_same_facts_in_other_words_are_the_same_finding() {
        let mut reworded = finding();
        for clause in &mut reworded.clauses {
            clause.needed.push('!');
            clause.actual.push('!');
            clause.way = clause.way.take().map(|way| way + "!");
        }
        assert_ne!(reworded, finding());
        assert_eq!(Kept::of(&reworded), Kept::of(&finding()));
    }

    #[test]
    fn another_fact_is_another_finding() {
        let changes: [fn(&mut Finding); 12] = [
            |it| it.name.push('!'),
            |it| it.in_population = false,
            |it| it.eligible = false,
            |it| it.invited = false,
            |it| it.outcome = Outcome::Referral,
            |it| it.progress8 = None,
            |it| it.clauses[2].result = Answer::NoData,
            |it| it.clauses[2].date = Some(day("2019-02-01")),
            |it| it.clauses[2].rule = "R3".into(),
            |it| it.clauses[2].source = None,
            |it| it.clauses[2].value = Some("0.32/0.06".into()),
            |it| it.clauses.truncate(5),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut other = finding();
            change(&mut other);
            assert_ne!(Kept::of(&other), Kept::of(&finding()), "change {number}");
        }
    }

    /// The answers stay as they are, but what they rest on is not the same any more (D17).
    #[test]
    fn figures_of_an_earlier_year_that_were_corrected_are_another_finding() {
        let years = [("0.31", "0.05"), ("0.31", "0.05"), ("0.33", "0.07")];
        let corrected = find(&basis(), &school().graded(2).results(years));
        assert_eq!(
            (corrected.outcome, corrected.progress8),
            (finding().outcome, finding().progress8)
        );
        assert_ne!(Kept::of(&corrected), Kept::of(&finding()));
        assert_eq!(corrected.lower.unwrap().published(), Some(score("0.05")));
    }

    /// The test values that its authors publish.
    #[test]
    fn the_digest_is_fnv_1a() {
        for (text, expected) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            let mut digest = Digest(Digest::BASIS);
            digest.write_all(text.as_bytes()).unwrap();
            assert_eq!(digest, Digest(expected), "{text}");
        }
    }
}

//! One inspection a school and day.

use schools::school::Inspection;

use crate::reading::Findings;

/// An inspection, with the words of its outcome: two words can be one grade.
pub(super) struct Found {
    pub(super) inspection: Inspection,
    pub(super) words: &'static str,
}

/// Adds an inspection to those of its school, unless there is one of that day: the same again is a repeat; of two overall
/// grades the poorer counts and the better is kept beside it; of two of other kinds a graded one counts before an
/// ungraded one, and else the first.
pub(super) fn unite(known: &mut Vec<Found>, new: Found, findings: &mut Findings) {
    let day = new.inspection.inspected_on;
    let Some(before) = known.iter_mut().find(|found| found.inspection.inspected_on == day) else {
        known.push(new);
        return;
    };
    let (line, line_before) = (new.inspection.source.line, before.inspection.source.line);
    let same_day_out = before.inspection.published_on == new.inspection.published_on;
    if before.inspection.outcome == new.inspection.outcome
        && before.words == new.words
        && same_day_out
    {
        return findings.repeat(line, line_before);
    }
    findings.counts.contradicting += 1;
    let says = told(before, &new);
    findings.note(line, format!("the same school and day as line {line_before}: {says}"));
    match (before.inspection.outcome.overall(), new.inspection.outcome.overall()) {
        (Some(grade_before), Some(grade)) if grade_before != grade => {
            // Grades are ordered best first.
            let better = grade_before.min(grade);
            let best = before.inspection.also_printed.map_or(better, |known| known.min(better));
            if grade > grade_before {
                *before = new;
            }
            before.inspection.also_printed = Some(best);
        }
        _ if new.inspection.outcome.is_graded() && !before.inspection.outcome.is_graded() => {
            *before = new;
        }
        _ => {}
    }
}

fn told(before: &Found, new: &Found) -> String {
    let (grade_before, grade) =
        (before.inspection.outcome.overall(), new.inspection.outcome.overall());
    let (words_before, words) = (before.words, new.words);
    if grade.is_none() || grade_before.is_none() {
        format!(
            "{words} where that has {words_before}; a graded inspection counts, or else the first"
        )
    } else if words_before == words {
        "another day of publication; the first counts".to_owned()
    } else if grade_before == grade {
        format!("`{words}` where that has `{words_before}`, which is the same grade")
    } else {
        format!("`{words}` where that has `{words_before}`; the poorer counts")
    }
}

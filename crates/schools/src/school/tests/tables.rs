use kernel::{Cell, RecordType, SchoolKind, Withheld};
use scenario::given;

use super::{figures, release, results, score};
use crate::school::{Command, Event, Fact, School};
use crate::{Figures, Refusal, Results};

const PROVISIONAL: &str = "2017/18 provisional";
const REVISED: &str = "2017/18 revised";
const FINAL: &str = "2017/18 final";

fn record(of: &str, figures: Figures) -> Command {
    Command::RecordResults(results(of, figures))
}

fn published(of: &str, figures: Figures) -> Event {
    Event::ResultsPublished(results(of, figures))
}

fn revised(of: &str, figures: Figures, from: Figures, from_release: &str) -> Event {
    let from_release = release(from_release);
    Event::ResultsRevised { results: results(of, figures), from, from_release }
}

fn corrected(of: &str, from: Figures, to: Figures) -> Event {
    let fact = Fact::Results { release: release(of), from, to };
    Event::FactCorrected { fact, reason: "DfE's letter of 3 May".into() }
}

fn correct(of: &str, figures: Figures) -> Command {
    let release = release(of);
    Command::CorrectResults { release, figures, reason: "DfE's letter of 3 May".into() }
}

#[test]
fn the_first_figures_of_a_year_are_published() {
    given::<School>([]).when(record(FINAL, figures(27))).then([published(FINAL, figures(27))]);
    given::<School>([published("2016/17 final", figures(27))])
        .when(record(FINAL, figures(27)))
        .then([published(FINAL, figures(27))]);
}

#[test]
fn the_same_row_again_is_not_news() {
    given::<School>([published(FINAL, figures(27))]).when(record(FINAL, figures(27))).then([]);
}

/// Two layouts of one release: one has limits, the other does not.
#[test]
fn a_column_a_file_does_not_have_says_nothing() {
    let only_score = Figures { progress8: score(27), ..Figures::default() };
    given::<School>([published(FINAL, figures(27))]).when(record(FINAL, only_score)).then([]);
    given::<School>([published(FINAL, only_score)])
        .when(record(FINAL, figures(27)))
        .then([revised(FINAL, figures(27), only_score, FINAL)]);
}

#[test]
fn a_column_that_differs_is_merged_with_those_that_are_known() {
    let only_score = Figures { progress8: score(31), ..Figures::default() };
    let merged = Figures { progress8: score(31), ..figures(27) };
    given::<School>([published(FINAL, figures(27))])
        .when(record(FINAL, only_score))
        .then([revised(FINAL, merged, figures(27), FINAL)]);
}

/// A code is something a file says, other than an absent column.
#[test]
fn a_suppressed_cell_replaces_a_figure() {
    let suppressed = Some(Cell::Withheld(Withheld::Suppressed));
    let hidden = Figures { progress8: suppressed, ..figures(27) };
    given::<School>([published(FINAL, figures(27))])
        .when(record(FINAL, Figures { progress8: suppressed, ..Figures::default() }))
        .then([revised(FINAL, hidden, figures(27), FINAL)]);
}

#[test]
fn the_kind_of_school_is_merged_too() {
    let with_kind =
        |kind, record_type| Results { kind, record_type, ..results(FINAL, figures(27)) };
    given::<School>([Event::ResultsPublished(with_kind(Some(SchoolKind::ACC), None))])
        .when(Command::RecordResults(with_kind(None, Some(RecordType::Mainstream))))
        .then([Event::ResultsRevised {
            results: with_kind(Some(SchoolKind::ACC), Some(RecordType::Mainstream)),
            from: figures(27),
            from_release: release(FINAL),
        }]);
}

/// D4: both are shown; what the final says is compared with what the provisional said.
#[test]
fn a_final_release_that_differs_revises_the_provisional() {
    given::<School>([published(PROVISIONAL, figures(27))])
        .when(record(FINAL, figures(25)))
        .then([revised(FINAL, figures(25), figures(27), PROVISIONAL)]);
}

#[test]
fn a_final_release_revises_the_best_of_those_before_it() {
    given::<School>([
        published(PROVISIONAL, figures(27)),
        revised(REVISED, figures(25), figures(27), PROVISIONAL),
    ])
    .when(record(FINAL, figures(27)))
    .then([revised(FINAL, figures(27), figures(25), REVISED)]);
}

/// The import of the final file vouches for the figures; the school has nothing new to say.
#[test]
fn a_final_release_that_only_repeats_the_provisional_is_not_news() {
    given::<School>([published(PROVISIONAL, figures(27))])
        .when(record(FINAL, figures(27)))
        .then([]);
}

#[test]
fn a_final_release_with_fewer_columns_does_not_repeat_the_provisional() {
    let only_score = Figures { progress8: score(27), ..Figures::default() };
    given::<School>([published(PROVISIONAL, figures(27))])
        .when(record(FINAL, only_score))
        .then([revised(FINAL, only_score, figures(27), PROVISIONAL)]);
}

#[test]
fn a_final_release_that_says_more_of_the_kind_of_school_does_not_repeat_the_provisional() {
    let (kind, record_type) = (Some(SchoolKind::ACC), Some(RecordType::Special));
    for row in [
        Results { kind, ..results(FINAL, figures(27)) },
        Results { record_type, ..results(FINAL, figures(27)) },
    ] {
        given::<School>([published(PROVISIONAL, figures(27))])
            .when(Command::RecordResults(row.clone()))
            .then([Event::ResultsRevised {
                results: row,
                from: figures(27),
                from_release: release(PROVISIONAL),
            }]);
    }
}

/// That the final release confirmed the provisional left no event, and still a second final file is compared with the
/// figures it confirmed, and the provisional file read once more says nothing.
#[test]
fn a_confirmation_that_left_no_trace_is_answered_as_if_it_had() {
    let history = || vec![published(PROVISIONAL, figures(27))];
    given::<School>(history()).when(record(FINAL, figures(27))).then([]);
    let second = revised(FINAL, figures(25), figures(27), PROVISIONAL);
    given::<School>(history()).when(record(FINAL, figures(25))).then([second.clone()]);
    let history = || [history(), vec![second.clone()]].concat();
    given::<School>(history()).when(record(PROVISIONAL, figures(27))).then([]);
    given::<School>(history()).when(record(FINAL, figures(25))).then([]);
}

/// D4: a provisional figure never replaces a final one.
#[test]
fn a_less_final_release_read_later_stands_beside_the_final() {
    for score in [27, 25] {
        given::<School>([published(FINAL, figures(25))])
            .when(record(PROVISIONAL, figures(score)))
            .then([published(PROVISIONAL, figures(score))]);
    }
    given::<School>([published(PROVISIONAL, figures(27)), published(FINAL, figures(25))])
        .when(record(REVISED, figures(26)))
        .then([published(REVISED, figures(26))]);
}

#[test]
fn only_a_row_that_repeats_a_less_final_release_confirms_it() {
    let record = |events: Vec<Event>| {
        let mut school = School::default();
        events.into_iter().for_each(|event| cqrs_es::Aggregate::apply(&mut school, event));
        school
    };
    let provisional = record(vec![published(PROVISIONAL, figures(27))]);
    let confirmed_by =
        |school: &School, of, score| school.confirmed_by(&results(of, figures(score)));
    assert_eq!(confirmed_by(&provisional, FINAL, 27), Some(release(PROVISIONAL)));
    assert_eq!(confirmed_by(&provisional, FINAL, 25), None);
    assert_eq!(confirmed_by(&provisional, PROVISIONAL, 27), None, "it is that release itself");
    assert_eq!(confirmed_by(&provisional, "2018/19 final", 27), None, "another year");
    let both = record(vec![published(PROVISIONAL, figures(27)), published(FINAL, figures(25))]);
    assert_eq!(confirmed_by(&both, REVISED, 27), Some(release(PROVISIONAL)), "read late");
    assert_eq!(confirmed_by(&both, FINAL, 25), None, "the final has figures of its own");
}

/// D17.
#[test]
fn wrong_figures_are_corrected_with_a_reason() {
    given::<School>([published(FINAL, figures(27))])
        .when(correct(FINAL, figures(17)))
        .then([corrected(FINAL, figures(27), figures(17))]);
}

#[test]
fn a_correction_leaves_the_cells_it_does_not_name() {
    let only = |hundredths| Figures { progress8: score(hundredths), ..Figures::default() };
    let correction = corrected(FINAL, only(27), only(17));
    given::<School>([published(FINAL, figures(27))])
        .when(correct(FINAL, only(17)))
        .then([correction.clone()]);
    let with_the_rest = Figures { progress8: score(17), ..figures(27) };
    given::<School>([published(FINAL, figures(27)), correction])
        .when(record(FINAL, figures(30)))
        .then([revised(FINAL, figures(30), with_the_rest, FINAL)]);
}

/// The final release confirmed the provisional one; the revised one between them was read afterwards.
#[test]
fn a_confirmed_release_is_corrected_by_the_cells_that_are_named_and_no_others() {
    let history = || {
        vec![
            published(PROVISIONAL, figures(48)),
            revised(REVISED, figures(-150), figures(48), PROVISIONAL),
        ]
    };
    let named = Figures { lower: score(5), ..Figures::default() };
    let correction = corrected(FINAL, Figures::default(), named);
    given::<School>(history()).when(correct(FINAL, named)).then([correction.clone()]);
    let history = [history(), vec![correction]].concat();
    given::<School>(history.clone()).when(correct(FINAL, named)).then([]);
    // Its file, read again, says what the release confirmed in so many words, but for the cell that was wrong.
    let stands = Figures { lower: score(5), ..figures(48) };
    let known = Figures { lower: score(5), pupils: figures(48).pupils, ..Figures::default() };
    given::<School>(history)
        .when(record(FINAL, figures(48)))
        .then([revised(FINAL, stands, known, FINAL)]);
}

/// Events written before named every cell of the row.
#[test]
fn a_correction_that_names_every_cell_is_read_as_it_was() {
    let all = Figures { lower: score(5), ..figures(27) };
    given::<School>([published(FINAL, figures(27)), corrected(FINAL, figures(27), all)])
        .when(record(FINAL, figures(27)))
        .then([]);
}

#[test]
fn a_correction_to_what_stands_is_not_news() {
    given::<School>([published(FINAL, figures(27))]).when(correct(FINAL, figures(27))).then([]);
    given::<School>([published(FINAL, figures(27)), corrected(FINAL, figures(27), figures(17))])
        .when(correct(FINAL, figures(17)))
        .then([]);
}

/// Otherwise the next import of the wrong file would undo the correction.
#[test]
fn the_wrong_file_read_again_does_not_undo_a_correction() {
    let history = || [published(FINAL, figures(27)), corrected(FINAL, figures(27), figures(17))];
    let only_score = Figures { progress8: score(27), ..Figures::default() };
    for row in [figures(27), only_score, figures(17)] {
        given::<School>(history()).when(record(FINAL, row)).then([]);
    }
}

#[test]
fn a_file_with_other_figures_than_the_wrong_ones_revises_a_correction() {
    let history = || [published(FINAL, figures(27)), corrected(FINAL, figures(27), figures(17))];
    given::<School>(history()).when(record(FINAL, figures(30))).then([revised(
        FINAL,
        figures(30),
        figures(17),
        FINAL,
    )]);
    let one_new_cell = Figures { pupils: Some(Cell::Published(181)), ..figures(27) };
    let merged = Figures { pupils: Some(Cell::Published(181)), ..figures(17) };
    given::<School>(history()).when(record(FINAL, one_new_cell)).then([revised(
        FINAL,
        merged,
        figures(17),
        FINAL,
    )]);
}

#[test]
fn a_correction_that_was_wrong_itself_is_taken_back() {
    let history = [
        published(FINAL, figures(27)),
        corrected(FINAL, figures(27), figures(17)),
        corrected(FINAL, figures(17), figures(27)),
        revised(FINAL, figures(30), figures(27), FINAL),
    ];
    given::<School>(history.clone()).when(record(FINAL, figures(17))).then([]);
    given::<School>(history).when(record(FINAL, figures(27))).then([revised(
        FINAL,
        figures(27),
        figures(30),
        FINAL,
    )]);
}

#[test]
fn a_release_that_confirmed_another_is_corrected_by_its_own_name() {
    let history = || vec![published(PROVISIONAL, figures(27))];
    let correction = corrected(FINAL, figures(27), figures(17));
    given::<School>(history()).when(correct(FINAL, figures(17))).then([correction.clone()]);
    let history = [history(), vec![correction]].concat();
    given::<School>(history.clone()).when(record(FINAL, figures(27))).then([]);
    given::<School>(history).when(record(PROVISIONAL, figures(27))).then([]);
}

#[test]
fn a_corrected_confirmation_is_of_the_kind_of_school_it_confirmed() {
    let row = |of| Results { kind: Some(SchoolKind::ACC), ..results(of, figures(27)) };
    let history =
        [Event::ResultsPublished(row(PROVISIONAL)), corrected(FINAL, figures(27), figures(17))];
    given::<School>(history).when(Command::RecordResults(row(FINAL))).then([]);
}

#[test]
fn figures_that_are_not_recorded_cannot_be_corrected() {
    given::<School>([]).when(correct(FINAL, figures(17))).refused(Refusal::NotRegistered);
    given::<School>([published("2016/17 final", figures(27))])
        .when(correct(FINAL, figures(17)))
        .refused(Refusal::NoSuchResults {
            release: release(FINAL),
            recorded: vec![release("2016/17 final")],
        });
    given::<School>([published(FINAL, figures(27))])
        .when(correct(PROVISIONAL, figures(17)))
        .refused(Refusal::NoSuchResults {
            release: release(PROVISIONAL),
            recorded: vec![release(FINAL)],
        });
}

/// R16: a decision that rests on a correction must be able to say why.
#[test]
fn a_correction_without_a_reason_is_refused() {
    given::<School>([published(FINAL, figures(27))])
        .when(Command::CorrectResults {
            release: release(FINAL),
            figures: figures(17),
            reason: " \n".into(),
        })
        .refused(Refusal::ReasonMissing);
}

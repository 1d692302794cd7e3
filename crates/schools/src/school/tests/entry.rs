use chrono::NaiveDate;
use kernel::{Grade, Outcome, SchoolKind};
use scenario::given;

use super::{day, predecessor, source};
use crate::school::{Command, Event, Inspection, School, Succession};
use crate::{Details, Phase, Refusal, Register};

fn named(name: &str) -> Details {
    Details { name: Some(name.into()), ..Details::default() }
}

fn register(details: Details, public_from: &str) -> Command {
    Command::Register { details, public_from: day(public_from), source: source("register.csv") }
}

fn registered(details: Details, public_from: &str) -> Event {
    let public_from = day(public_from);
    Event::SchoolRegistered { details, public_from, source: source("register.csv") }
}

fn changed(changes: Details, public_from: &str) -> Event {
    let public_from = day(public_from);
    Event::SchoolDetailsCorrected { changes, public_from, source: source("register.csv") }
}

#[test]
fn a_school_is_registered_the_first_time() {
    given::<School>([])
        .when(register(named("Hill Top"), "2018-03-01"))
        .then([registered(named("Hill Top"), "2018-03-01")]);
}

#[test]
fn the_same_details_again_change_nothing() {
    for public_from in ["2018-03-01", "2019-03-01"] {
        given::<School>([registered(named("Hill Top"), "2018-03-01")])
            .when(register(named("Hill Top"), public_from))
            .then([]);
    }
}

#[test]
fn what_an_older_file_says_alike_counts_for_the_days_before() {
    given::<School>([registered(named("Hill Top"), "2018-03-01")])
        .when(register(named("Hill Top"), "2017-03-01"))
        .then([changed(named("Hill Top"), "2017-03-01")]);
}

#[test]
fn a_school_known_only_by_its_inspections_or_links_is_still_registered() {
    let inspected = Event::OfstedInspected(Inspection {
        inspected_on: day("2016-05-03"),
        published_on: None,
        outcome: Outcome::Overall(Grade::Good),
        also_printed: None,
        source: source("ofsted.csv"),
    });
    let linked = Event::SchoolConverted(predecessor("103001", None, Succession::Converted));
    for known in [inspected, linked] {
        given::<School>([known])
            .when(register(named("Hill Top"), "2018-03-01"))
            .then([registered(named("Hill Top"), "2018-03-01")]);
    }
}

#[test]
fn only_what_differs_is_recorded() {
    let phase = Some(Phase::Secondary);
    given::<School>([registered(Details { phase, ..named("Hill Top") }, "2018-03-01")])
        .when(register(Details { phase, ..named("Hill Top Academy") }, "2019-03-01"))
        .then([changed(named("Hill Top Academy"), "2019-03-01")]);
}

#[test]
fn what_a_file_does_not_say_stays() {
    let town = Details { town: Some("Hexham".into()), ..Details::default() };
    given::<School>([registered(named("Hill Top"), "2018-03-01")])
        .when(register(town.clone(), "2019-03-01"))
        .then([changed(town, "2019-03-01")]);
}

#[test]
fn what_an_older_file_says_is_recorded_with_its_own_day() {
    let older = Details { kind: Some(SchoolKind::ACC), ..named("Old Hill") };
    given::<School>([registered(named("Hill Top"), "2018-03-01")])
        .when(register(older.clone(), "2017-03-01"))
        .then([changed(older, "2017-03-01")]);
}

/// Field by field, what the files up to its own day say is compared with what a file says.
#[test]
fn a_file_is_compared_with_what_counted_on_its_day() {
    let (maintained, academy) = (Some(SchoolKind::CY), Some(SchoolKind::ACC));
    let history = || {
        [
            registered(named("Hill Top"), "2018-03-01"),
            changed(Details { kind: maintained, ..named("Old Hill") }, "2016-03-01"),
        ]
    };
    given::<School>(history())
        .when(register(Details { kind: academy, ..named("Old Hill") }, "2017-03-01"))
        .then([changed(Details { kind: academy, ..Details::default() }, "2017-03-01")]);
    given::<School>(history())
        .when(register(Details { kind: maintained, ..named("Old Hill") }, "2019-03-01"))
        .then([changed(named("Old Hill"), "2019-03-01")]);
}

#[test]
fn a_school_that_takes_its_old_name_again_is_corrected_again() {
    given::<School>([
        registered(named("Hill Top"), "2017-03-01"),
        changed(named("Hill Top Academy"), "2018-03-01"),
    ])
    .when(register(named("Hill Top"), "2019-03-01"))
    .then([changed(named("Hill Top"), "2019-03-01")]);
}

#[test]
fn of_two_files_of_one_day_the_one_read_last_counts() {
    given::<School>([registered(named("Hill Top"), "2018-03-01")])
        .when(register(named("Hill Top Academy"), "2018-03-01"))
        .then([changed(named("Hill Top Academy"), "2018-03-01")]);
}

#[test]
fn a_file_that_says_nothing_registers_the_school_once() {
    let nothing = Details::default;
    given::<School>([])
        .when(register(nothing(), "2018-03-01"))
        .then([registered(nothing(), "2018-03-01")]);
    given::<School>([registered(nothing(), "2018-03-01")])
        .when(register(nothing(), "2018-03-01"))
        .then([]);
}

fn close(on: Option<&str>, public_from: &str) -> Command {
    let (on, public_from): (Option<NaiveDate>, _) = (on.map(day), day(public_from));
    Command::Close { on, public_from, source: source("register.csv") }
}

fn closed(on: Option<&str>, public_from: &str) -> Event {
    let (on, public_from) = (on.map(day), day(public_from));
    Event::SchoolClosed { on, public_from, source: source("register.csv") }
}

/// D12: closed schools stay findable; the closure is one more fact.
#[test]
fn a_school_closes_once() {
    let known = || registered(named("Hill Top"), "2018-03-01");
    given::<School>([known()])
        .when(close(Some("2018-08-31"), "2018-10-01"))
        .then([closed(Some("2018-08-31"), "2018-10-01")]);
    given::<School>([known()]).when(close(None, "2018-10-01")).then([closed(None, "2018-10-01")]);
    for again in [close(Some("2018-08-31"), "2019-10-01"), close(None, "2019-10-01")] {
        given::<School>([known(), closed(Some("2018-08-31"), "2018-10-01")]).when(again).then([]);
    }
    given::<School>([known(), closed(None, "2018-10-01")]).when(close(None, "2019-10-01")).then([]);
}

#[test]
fn a_closure_gets_its_date_when_it_becomes_known_or_another_when_it_was_wrong() {
    let known = || registered(named("Hill Top"), "2018-03-01");
    for public_from in ["2017-10-01", "2019-10-01"] {
        given::<School>([known(), closed(None, "2018-10-01")])
            .when(close(Some("2018-08-31"), public_from))
            .then([closed(Some("2018-08-31"), public_from)]);
    }
    let dated = || [known(), closed(Some("2018-08-31"), "2018-10-01")];
    given::<School>(dated())
        .when(close(Some("2018-12-31"), "2018-10-01"))
        .then([closed(Some("2018-12-31"), "2018-10-01")]);
    given::<School>(dated())
        .when(close(Some("2018-07-31"), "2018-09-30"))
        .then([closed(Some("2018-07-31"), "2018-09-30")]);
}

fn said(status: Register, closed_on: Option<&str>) -> Details {
    Details { status: Some(status), closed_on: closed_on.map(day), ..Details::default() }
}

#[test]
fn a_file_that_says_open_without_a_day_calls_off_the_closure_that_was_foreseen() {
    let foreseen = said(Register::ProposedToClose, Some("2018-08-31"));
    let open = said(Register::Open, None);
    given::<School>([registered(foreseen, "2018-03-01")])
        .when(register(open.clone(), "2018-07-01"))
        .then([changed(open.clone(), "2018-07-01")]);
    let open_until = said(Register::Open, Some("2018-08-31"));
    given::<School>([registered(open_until, "2018-03-01")])
        .when(register(open.clone(), "2018-07-01"))
        .then([changed(open.clone(), "2018-07-01")]);
    given::<School>([registered(open.clone(), "2018-03-01")])
        .when(register(open, "2018-07-01"))
        .then([]);
}

/// Without its day the statement would call the closure off.
#[test]
fn a_school_open_until_a_day_is_recorded_with_that_day_though_the_day_is_known() {
    let foreseen = said(Register::ProposedToClose, Some("2018-08-31"));
    let open_until = said(Register::Open, Some("2018-08-31"));
    given::<School>([registered(foreseen, "2018-03-01")])
        .when(register(open_until.clone(), "2018-07-01"))
        .then([changed(open_until, "2018-07-01")]);
}

#[test]
fn a_school_that_opened_again_closes_again() {
    let history = [
        registered(named("Hill Top"), "2018-03-01"),
        closed(None, "2018-10-01"),
        changed(said(Register::Open, None), "2019-10-01"),
    ];
    given::<School>(history).when(close(None, "2020-10-01")).then([closed(None, "2020-10-01")]);
}

#[test]
fn a_school_nothing_is_known_of_cannot_close() {
    given::<School>([])
        .when(close(Some("2018-08-31"), "2018-10-01"))
        .refused(Refusal::NotRegistered);
}

use std::sync::Arc;

use chrono::NaiveDate;
use contacts::person::Reason;
use contacts::{Details, Role};
use kernel::Urn;
use national_data::File;
use tokio::runtime::Runtime;

use super::Newcomer;
use crate::{Failure, Office, What, no_progress};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn newcomer(role: Role, from: &str, name: &str) -> Newcomer {
    let email = format!("{}@hill.example", name.to_lowercase());
    let details = Details::of(name, &email, None, None).unwrap();
    Newcomer { urn: urn(100_003), role, from: day(from), details }
}

/// An office that knows one school, on a day in 2020.
fn office(folder: &std::path::Path, runtime: &Runtime) -> Office {
    let noon = day("2020-01-06").and_hms_opt(12, 0, 0).unwrap().and_utc();
    let mut office = Office::open(folder, Arc::new(move || noon), "office", &no_progress).unwrap();
    let names = "URN,SCHNAME\n100003,Hill Top School\n".to_owned().into_bytes();
    let names = File::from_bytes("schoolnames20180801.csv".to_owned(), names);
    runtime.block_on(office.import(&names, What::Names, None, &no_progress)).unwrap();
    office
}

fn named(office: &Office, role: Role, on: &str) -> Option<Option<String>> {
    let contact = office.desk().contact_of(urn(100_003), role, day(on)).unwrap();
    contact.map(|contact| contact.details.map(|details| details.name))
}

#[test]
fn whoever_has_a_role_on_a_day_is_found_and_whoever_was_forgotten_is_told_without_a_name() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let mut office = office(folder.path(), &runtime);
    let ann = newcomer(Role::Head, "2018-09-01", "Ann");
    let added = runtime.block_on(office.add_contact(&ann)).unwrap();
    runtime.block_on(office.add_contact(&newcomer(Role::Head, "2019-09-01", "Bo"))).unwrap();
    let found = |office: &Office, on| named(office, Role::Head, on);
    assert_eq!(found(&office, "2018-08-31"), None);
    assert_eq!(found(&office, "2019-08-31"), Some(Some("Ann".into())));
    assert_eq!(found(&office, "2019-09-01"), Some(Some("Bo".into())));
    assert_eq!(named(&office, Role::Finance, "2019-09-01"), None);

    let ann = added.person.unwrap();
    let forget = office.forget_person(ann, Reason::Asked, day("2020-01-06"));
    let forgotten = runtime.block_on(forget).unwrap();
    assert!(forgotten.key_destroyed && forgotten.vacant.is_empty());
    assert_eq!(found(&office, "2019-08-31"), Some(None));
    assert_eq!(found(&office, "2019-09-01"), Some(Some("Bo".into())));
    // Of the same name at the same address, and another person to the office.
    let again = newcomer(Role::Main, "2020-01-06", "Ann");
    let again = runtime.block_on(office.add_contact(&again)).unwrap();
    assert!(!again.known_already && again.person != Some(ann));
    runtime.block_on(office.close()).unwrap();
}

#[test]
fn one_person_has_a_role_at_a_time_and_said_again_nothing_is_written() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let mut office = office(folder.path(), &runtime);
    let mut add =
        |role, from, name| runtime.block_on(office.add_contact(&newcomer(role, from, name)));
    assert_eq!(add(Role::Head, "2018-09-01", "Ann").unwrap().events, 1);
    assert_eq!(add(Role::Head, "2018-09-01", "Ann").unwrap().events, 0);
    assert_eq!(add(Role::Main, "2018-09-01", "ann").unwrap().events, 2, "a role, and her name");
    let follows = add(Role::Head, "2019-09-01", "Bo").unwrap();
    assert_eq!((follows.events, follows.follows[0].until), (2, day("2019-08-31")));
    for (from, why) in [("2019-08-01", "until 31 Aug 2019"), ("1900-01-01", "no day")] {
        let refused = add(Role::Head, from, "Cy").unwrap_err();
        assert!(matches!(&refused, Failure::Refused(said) if said.contains(why)), "{refused}");
    }
    let unknown = Newcomer { urn: urn(100_009), ..newcomer(Role::Head, "2019-09-01", "Bo") };
    let refused = runtime.block_on(office.add_contact(&unknown)).unwrap_err();
    assert!(matches!(refused, Failure::NoSuchSchool { .. }), "{refused}");
    runtime.block_on(office.close()).unwrap();
}

fn list(lines: &str) -> File {
    let text = format!("urn,role,name,email,phone,from\n{lines}");
    File::from_bytes("contacts.csv".to_owned(), text.into_bytes())
}

/// A cell that is empty is unknown: it refuses nothing, and takes back nothing.
#[test]
fn a_list_without_some_telephone_numbers_is_taken_whole_and_keeps_what_is_held() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let mut office = office(folder.path(), &runtime);
    let mut import = |lines| runtime.block_on(office.import_contacts(&list(lines), &no_progress));
    let ann = "100003,head,Ann Hill,ann@hill.example,,2018-09-01\n\
               100003,main,Ann Hill,ann@hill.example,020 7946 0000,2018-09-01\n\
               100003,finance,Bo Lee,bo@hill.example,,2018-09-01\n";
    let imported = import(ann).unwrap();
    assert_eq!((imported.added, imported.taken, imported.corrected), (2, 1, 0));
    let again = import(ann).unwrap();
    assert_eq!((again.unchanged, again.corrected), (3, 0));
    let unknown = import("100003,head,Ann Hill,ann@hill.example,,2018-09-01\n").unwrap();
    assert_eq!((unknown.unchanged, unknown.corrected), (1, 0));
    let head = office.desk().contact_of(urn(100_003), Role::Head, day("2020-01-06")).unwrap();
    let details = head.unwrap().details.unwrap();
    assert_eq!(details.phone.as_deref(), Some("020 7946 0000"));
    runtime.block_on(office.close()).unwrap();
}

#[test]
fn every_line_that_does_not_fit_is_told_with_its_column_and_nothing_is_written() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let mut office = office(folder.path(), &runtime);
    let lines = "100003,head,Ann Hill,ann@hill.example,1,2018-09-01\n\
                 100009,head,Bo Lee,bo@hill.example,,2018-09-01\n\
                 100003,main,Ann Hill,ann@hill.example,2,2018-09-01\n\
                 100003,finance,Cy Day,cy@hill.example,,1900-01-01\n";
    let refused = runtime.block_on(office.import_contacts(&list(lines), &no_progress));
    let Err(Failure::Faults(faults)) = refused else { panic!("{refused:?}") };
    let told: Vec<(u64, &str)> =
        faults.faults.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    assert_eq!(told, [(3, "urn"), (4, "phone"), (5, "from")]);
    assert_eq!(named(&office, Role::Head, "2020-01-06"), None);
    runtime.block_on(office.close()).unwrap();
}

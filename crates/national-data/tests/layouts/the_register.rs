use kernel::SchoolKind;
use national_data::{locations, names, register};
use schools::{Phase, Register};

use super::{day, faults, file};

const GIAS: &str = "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),\
                    EstablishmentStatus (name),OpenDate,CloseDate,PhaseOfEducation (name),UKPRN,Town,Postcode,Easting,Northing\n";
const SPINE: &str = "URN,LA,ESTAB,SCHNAME,ICLOSE,OPENDATE,CLOSEDATE,NFTYPE,ISPRIMARY,ISSECONDARY,ISPOST16,AGEL,AGEH\n";

#[test]
fn statuses_kinds_and_phases_are_read_in_the_words_of_gias() {
    let text = format!(
        "{GIAS}\
         100000,201,City of London,3614,A,Voluntary aided school,\"Open, but proposed to close\",,31-08-2020,Primary,10000055,London,EC3A 5DE,533498,181201\n\
         100001,201,City of London,,B,Children's centre,Closed,01-09-1990,31-08-2001,Not applicable,,,,0,0\n\
         100002,000,,4000,C,Free schools special,Proposed to open,01/09/2030,,16 plus,,,,,\n"
    );
    let reading = register(&file(text), day("2020-01-01")).unwrap();
    let [a, b, c] = reading.rows.as_slice() else { panic!("three schools") };
    assert_eq!(
        (a.details.status, a.details.phase),
        (Some(Register::ProposedToClose), Some(Phase::Primary))
    );
    assert_eq!((a.details.closed_on, a.details.ukprn), (Some(day("2020-08-31")), Some(10_000_055)));
    assert!(a.details.location.is_some());
    assert_eq!((b.details.kind, b.details.laestab), (Some(SchoolKind::Other), None));
    assert_eq!(
        (b.details.status, b.details.location, &b.details.town),
        (Some(Register::Closed), None, &None)
    );
    assert_eq!(
        (c.details.status, c.details.kind),
        (Some(Register::ProposedToOpen), Some(SchoolKind::FS))
    );
    assert_eq!((c.details.laestab, c.details.phase), (None, Some(Phase::SixteenPlus)));
}

#[test]
fn in_the_school_register_one_is_open_and_nought_is_nothing() {
    let row = |iclose: &str, flags: &str| {
        format!("{SPINE}100000,201,3614,A,{iclose},,,Community school,{flags}\n")
    };
    let status = |iclose| {
        register(&file(row(iclose, "1,0,0,3,11")), day("2018-09-01")).unwrap().rows[0]
            .details
            .status
    };
    assert_eq!(status("1"), Some(Register::Open));
    assert_eq!(status("2"), Some(Register::Closed));
    assert_eq!(status("3"), Some(Register::ProposedToClose));
    let told = faults(register(&file(row("0", "1,0,0,3,11")), day("2018-09-01")));
    assert!(told[0].contains("column ICLOSE: `0` is not a status"), "{told:?}");

    for (flags, phase) in [
        ("1,0,0,3,11", Some(Phase::Primary)),
        ("0,1,1,11,18", Some(Phase::Secondary)),
        ("1,1,0,9,13", Some(Phase::MiddleDeemedSecondary)),
        ("1,1,0,8,12", Some(Phase::MiddleDeemedPrimary)),
        ("1,1,1,3,18", Some(Phase::AllThrough)),
        ("1,1,0,11,16", Some(Phase::Secondary)),
        ("0,0,1,16,19", Some(Phase::SixteenPlus)),
        ("0,0,0,,", None),
    ] {
        let reading = register(&file(row("1", flags)), day("2018-09-01")).unwrap();
        assert_eq!(reading.rows[0].details.phase, phase, "{flags}");
    }
}

#[test]
fn performance_tables_given_as_a_register_are_refused() {
    let told = faults(register(
        &file("URN,SCHNAME,NFTYPE,ICLOSE,P8MEA\n100000,A,CY,0,0.1\n"),
        day("2018-09-01"),
    ));
    assert!(told.iter().any(|told| told.contains("no column `CLOSEDATE`")), "{told:?}");
    assert!(
        told.iter().any(|told| told.contains("these are the columns of KS4 performance tables")),
        "{told:?}"
    );
}

#[test]
fn what_is_not_in_the_register_s_words_is_a_fault() {
    let text = format!(
        "{GIAS}\
         100000,201,,3614,,School of thought,Ajar,31/31/2000,,Tertiary,123,,,999999,181201\n\
         100001,2O1,,99999,A,Academy converter,Open,,,,,,,533498,1.5\n"
    );
    let told = faults(register(&file(text), day("2020-01-01")));
    for column in [
        "line 2, column EstablishmentName",
        "line 2, column TypeOfEstablishment (name)",
        "line 2, column EstablishmentStatus (name)",
        "line 2, column OpenDate",
        "line 2, column PhaseOfEducation (name)",
        "line 2, column UKPRN",
        "line 2, column Easting",
        "line 3, column LA (code)",
        "line 3, column Northing",
    ] {
        assert!(told.iter().any(|told| told.contains(column)), "{column}: {told:#?}");
    }
    assert_eq!(told.len(), 9, "{told:#?}");
}

#[test]
fn names_and_coordinates_must_be_there() {
    assert_eq!(
        names(&file("URN,EstablishmentName\n100000, A \n")).unwrap().rows[0]
            .details
            .name
            .as_deref(),
        Some("A")
    );
    assert!(
        faults(names(&file("URN,EstablishmentName\n100000, \n")))[0]
            .contains("a blank cell is not the name")
    );
    let told = faults(locations(&file("URN,LATITUDE,LONGITUDE\n100000,91,inf\n")));
    assert!(told[0].contains("LATITUDE: `91`") && told[1].contains("LONGITUDE: `inf`"), "{told:?}");
}

use national_data::links;
use schools::school::Succession;

use super::{day, faults, file};

#[test]
fn every_kind_is_turned_so_that_it_reads_successor_and_predecessor() {
    let text = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n\
                100001,100000,A,Predecessor,01-09-2012\n\
                100000,100001,B,Successor,31/08/2012\n\
                100002,100000,C,Predecessor - merged,\n\
                100000,100003,D,Successor - amalgamated,\n\
                100000,100004,E,Successor - Split School,\n\
                100000,100005,F,Sixth Form Centre Link,\n\
                100000,100000,A,Successor,\n\
                100001,100000,A,Predecessor,01-09-2012\n";
    let reading = links(&file(text)).unwrap();
    let links: Vec<_> = reading
        .rows
        .iter()
        .map(|row| {
            (row.successor.number(), row.predecessor.urn.number(), row.predecessor.succession)
        })
        .collect();
    assert_eq!(
        links,
        [
            (100_001, 100_000, Succession::Converted),
            (100_001, 100_000, Succession::Converted),
            (100_002, 100_000, Succession::Merged),
            (100_003, 100_000, Succession::Amalgamated),
            (100_004, 100_000, Succession::Split),
        ]
    );
    assert_eq!(reading.rows[1].predecessor.established_on, Some(day("2012-08-31")));
    assert_eq!((reading.counts.passed_over, reading.counts.repeated), (2, 1));
}

#[test]
fn a_link_to_what_is_no_school_is_a_fault() {
    let told = faults(links(&file("URN,LinkURN,LinkType\n100001,1,Successor\n,100002,\n")));
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("line 2, column LinkURN: `1` is not a URN"), "{told:?}");
    assert!(
        told[1].contains("line 3, column LinkType: a blank cell is not a kind of link"),
        "{told:?}"
    );
}

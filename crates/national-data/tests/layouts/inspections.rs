use kernel::{Area, CardGrade, Grade, Outcome};
use national_data::{OfstedRow, Reading, ofsted};

use super::{day, faults, file};

fn read(text: &str) -> Reading<OfstedRow> {
    ofsted(&file(text)).unwrap()
}

#[test]
fn of_two_ratings_of_one_day_the_poorer_counts_in_either_order() {
    for (first, second) in [("Good", "Inadequate"), ("Inadequate", "Good")] {
        let text = format!(
            "URN,Rating,Inspection Date\n100000,{first},20180306\n100000,Outstanding,20130306\n100000,{second},20180306\n"
        );
        let reading = read(&text);
        assert_eq!((reading.counts.contradicting, reading.counts.repeated), (1, 0));
        let [older, newer] = reading.rows[0].inspections.as_slice() else {
            panic!("two inspections")
        };
        assert_eq!(older.outcome, Outcome::Overall(Grade::Outstanding));
        assert_eq!(newer.outcome, Outcome::Overall(Grade::Inadequate));
        assert_eq!(newer.also_printed, Some(Grade::Good));
        assert_eq!(newer.source.line, if first == "Good" { 4 } else { 2 });
        assert_eq!(
            reading.notes[0].to_string(),
            format!(
                "line 4: the same school and day as line 2: `{second}` where that has `{first}`; the poorer counts"
            )
        );
    }
}

#[test]
fn management_information_is_read_with_its_title_and_its_own_words() {
    let text = "Management information - schools - as at 31 August 2018,,,,,\r\n\
                URN,School name,Inspection start date,Publication date,Overall effectiveness,URN at time of latest full inspection\r\n\
                100000,St George\u{2019}s,05/12/2017,31/01/2018,2,100000\r\n\
                145000,A school,05/12/2012,31/01/2013,4,100001\r\n\
                100002,B,NULL,NULL,NULL,NULL\r\n\
                100003,C,05/12/2012,NULL,9,NULL\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let reading = ofsted(&file(bytes.into_owned())).unwrap();
    assert_eq!((reading.counts.read, reading.counts.passed_over, reading.rows.len()), (4, 2, 2));
    let first = &reading.rows[0].inspections[0];
    assert_eq!(
        (first.inspected_on, first.published_on),
        (day("2017-12-05"), Some(day("2018-01-31")))
    );
    assert_eq!(reading.rows[1].urn.number(), 100_001, "it was the predecessor's inspection");
    assert!(reading.notes.iter().any(|note| note.text.contains("Windows-1252")));
}

#[test]
fn a_report_card_an_older_grade_and_an_ungraded_inspection_of_one_line_are_three() {
    let text = "URN,Inspection start date,Publication date,Inclusion,Achievement,Latest OEIF overall effectiveness,\
                Inspection start date of latest OEIF graded inspection,\
                Publication date of latest OEIF graded inspection,Latest OEIF quality of education,\
                Ungraded inspection overall outcome,Date of latest ungraded inspection\n\
                100000,02/12/2025,05/01/2026,Strong standard,Needs attention,2,01/02/2022,03/03/2022,1,\
                Standards maintained,01/10/2024\n\
                100001,NULL,NULL,NULL,NULL,Not judged,01/02/2025,03/03/2025,1,NULL,NULL\n";
    let reading = read(text);
    let [old, ungraded, card] = reading.rows[0].inspections.as_slice() else {
        panic!("three inspections")
    };
    assert_eq!(
        (old.inspected_on, &old.outcome),
        (day("2022-02-01"), &Outcome::Overall(Grade::Good))
    );
    assert_eq!(ungraded.outcome, Outcome::Ungraded("Standards maintained".to_owned()));
    assert_eq!(
        (card.inspected_on, card.published_on),
        (day("2025-12-02"), Some(day("2026-01-05")))
    );
    let areas = [
        (Area::Inclusion, CardGrade::StrongStandard),
        (Area::Achievement, CardGrade::NeedsAttention),
    ];
    assert_eq!(card.outcome, Outcome::ReportCard(areas.into()));
    let by_area = &reading.rows[1].inspections[0].outcome;
    assert_eq!(*by_area, Outcome::Areas([(Area::QualityOfEducation, Grade::Outstanding)].into()));
}

#[test]
fn an_old_grade_never_takes_the_day_of_a_report_card() {
    let text = "URN,Inspection start date,Latest OEIF overall effectiveness\n100000,02/12/2025,2\n";
    assert!(
        faults(ofsted(&file(text)))[0]
            .contains("Inspection start date of latest OEIF graded inspection")
    );
}

#[test]
fn days_and_grades_that_cannot_be_are_faults() {
    let told = faults(ofsted(&file(
        "URN,Rating,Inspection Date,Publication date\n\
         100000,Fine,20180306,\n\
         100000,Good,02180306,\n\
         100000,Good,20180230,\n\
         100000,Good,20180306,20180305\n\
         1,Good,20180306,\n",
    )));
    for (told, begins) in told.iter().zip([
        "file.csv line 2, column Rating: `Fine` is not an overall grade",
        "file.csv line 3, column Inspection Date: `02180306` is not a day",
        "file.csv line 4, column Inspection Date: `20180230` is not a day",
        "file.csv line 5, column Publication date: `20180305` is not a day on or after the inspection",
        "file.csv line 6, column URN: `1` is not a URN",
    ]) {
        assert!(told.starts_with(begins), "{told}");
    }
    assert_eq!(told.len(), 5, "{told:?}");
}

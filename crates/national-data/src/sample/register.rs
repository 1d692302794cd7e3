use std::borrow::Cow;

use chrono::NaiveDate;
use kernel::SchoolKind;
use schools::{Phase, Register};

use super::dates;
use super::school::{Closing, Faith, Gender, School};
use super::table::Table;

/// The 140 columns of the register's full extract, in their order.
const COLUMNS: &str = "\
URN|LA (code)|LA (name)|EstablishmentNumber|EstablishmentName|TypeOfEstablishment (code)|\
TypeOfEstablishment (name)|EstablishmentTypeGroup (code)|EstablishmentTypeGroup (name)|\
EstablishmentStatus (code)|EstablishmentStatus (name)|ReasonEstablishmentOpened (code)|\
ReasonEstablishmentOpened (name)|OpenDate|ReasonEstablishmentClosed (code)|\
ReasonEstablishmentClosed (name)|CloseDate|PhaseOfEducation (code)|PhaseOfEducation (name)|\
StatutoryLowAge|StatutoryHighAge|Boarders (code)|Boarders (name)|NurseryProvision (name)|\
OfficialSixthForm (code)|OfficialSixthForm (name)|Gender (code)|Gender (name)|\
ReligiousCharacter (code)|ReligiousCharacter (name)|ReligiousEthos (name)|Diocese (code)|\
Diocese (name)|AdmissionsPolicy (code)|AdmissionsPolicy (name)|SchoolCapacity|\
SpecialClasses (code)|SpecialClasses (name)|CensusDate|NumberOfPupils|NumberOfBoys|\
NumberOfGirls|PercentageFSM|TrustSchoolFlag (code)|TrustSchoolFlag (name)|Trusts (code)|\
Trusts (name)|SchoolSponsorFlag (name)|SchoolSponsors (name)|FederationFlag (name)|\
Federations (code)|Federations (name)|UKPRN|FEHEIdentifier|FurtherEducationType (name)|\
OfstedLastInsp|OfstedSpecialMeasures (code)|OfstedSpecialMeasures (name)|LastChangedDate|\
Street|Locality|Address3|Town|County (name)|Postcode|SchoolWebsite|TelephoneNum|\
HeadTitle (name)|HeadFirstName|HeadLastName|HeadPreferredJobTitle|\
BSOInspectorateName (name)|InspectorateReport|DateOfLastInspectionVisit|NextInspectionVisit|\
TeenMoth (name)|TeenMothPlaces|CCF (name)|SENPRU (name)|EBD (name)|PlacesPRU|FTProv (name)|\
EdByOther (name)|Section41Approved (name)|SEN1 (name)|SEN2 (name)|SEN3 (name)|SEN4 (name)|\
SEN5 (name)|SEN6 (name)|SEN7 (name)|SEN8 (name)|SEN9 (name)|SEN10 (name)|SEN11 (name)|\
SEN12 (name)|SEN13 (name)|TypeOfResourcedProvision (name)|ResourcedProvisionOnRoll|\
ResourcedProvisionCapacity|SenUnitOnRoll|SenUnitCapacity|GOR (code)|GOR (name)|\
DistrictAdministrative (code)|DistrictAdministrative (name)|AdministrativeWard (code)|\
AdministrativeWard (name)|ParliamentaryConstituency (code)|ParliamentaryConstituency (name)|\
UrbanRural (code)|UrbanRural (name)|GSSLACode (name)|Easting|Northing|MSOA (name)|\
LSOA (name)|InspectorateName (name)|SENStat|SENNoStat|BoardingEstablishment (name)|\
PropsName|PreviousLA (code)|PreviousLA (name)|PreviousEstablishmentNumber|\
OfstedRating (name)|RSCRegion (name)|Country (name)|UPRN|SiteName|QABName (code)|\
QABName (name)|EstablishmentAccredited (code)|EstablishmentAccredited (name)|QABReport|\
CHNumber|MSOA (code)|LSOA (code)|FSM|AccreditationExpiryDate";

/// What is printed in a column for a school.
type Print = fn(&Entry<'_>) -> String;

struct Entry<'a> {
    school: &'a School,
    trusts: &'a [String],
    as_at: NaiveDate,
}

/// The register as text, as it stood on a day: every school that had opened or was about to, by URN.
pub(super) fn table(
    schools: &[School],
    by_urn: &[usize],
    trusts: &[String],
    as_at: NaiveDate,
) -> String {
    let columns: Vec<Print> = COLUMNS.split('|').map(column).collect();
    let mut table = Table::new("\r\n");
    table.row(COLUMNS.split('|'));
    for school in by_urn.iter().filter_map(|index| then(&schools[*index], as_at)) {
        let entry = Entry { school: &school, trusts, as_at };
        for print in &columns {
            table.field(&print(&entry));
        }
        table.end_row();
    }
    table.into_text()
}

/// A school as the register had it on a day; `None`: it had not.
fn then(school: &School, as_at: NaiveDate) -> Option<Cow<'_, School>> {
    let opened = school.opened.is_none_or(|opened| opened <= as_at);
    if !opened && school.status != Register::ProposedToOpen {
        return None;
    }
    let later = school.closed.is_some_and(|closed| closed > as_at);
    let has_opened = opened && school.status == Register::ProposedToOpen;
    if !(later || has_opened) {
        return Some(Cow::Borrowed(school));
    }
    let mut then = school.clone();
    then.status = Register::Open;
    if later {
        then.closed = None;
        then.closing = Closing::NotClosed;
    }
    Some(Cow::Owned(then))
}

/// How the cells of a column are printed.  Columns about which the sample knows nothing say so in the register's way.
fn column(name: &str) -> Print {
    match name {
        "URN" => |entry| entry.school.urn.to_string(),
        "LA (code)" => |entry| entry.school.authority().code.to_string(),
        "LA (name)" | "DistrictAdministrative (name)" => {
            |entry| entry.school.authority().name.to_owned()
        }
        "EstablishmentNumber" => |entry| entry.school.estab.to_string(),
        "EstablishmentName" => |entry| entry.school.register_name(),
        "TypeOfEstablishment (code)" => |entry| kind(entry.school.kind).0.to_owned(),
        "TypeOfEstablishment (name)" => |entry| kind(entry.school.kind).1.to_owned(),
        "EstablishmentTypeGroup (code)" => |entry| kind(entry.school.kind).2.to_owned(),
        "EstablishmentTypeGroup (name)" => |entry| kind(entry.school.kind).3.to_owned(),
        "EstablishmentStatus (code)" => |entry| status(entry.school.status).0.to_owned(),
        "EstablishmentStatus (name)" => |entry| status(entry.school.status).1.to_owned(),
        "ReasonEstablishmentOpened (code)" => |entry| reason_opened(entry.school).0.to_owned(),
        "ReasonEstablishmentOpened (name)" => |entry| reason_opened(entry.school).1.to_owned(),
        "OpenDate" => |entry| dates::dashed(entry.school.opened),
        "ReasonEstablishmentClosed (code)" => |entry| reason_closed(entry.school).0.to_owned(),
        "ReasonEstablishmentClosed (name)" => |entry| reason_closed(entry.school).1.to_owned(),
        "CloseDate" => |entry| dates::dashed(entry.school.closed),
        "PhaseOfEducation (code)" => |entry| phase(entry.school.phase).0.to_owned(),
        "PhaseOfEducation (name)" => |entry| phase(entry.school.phase).1.to_owned(),
        "StatutoryLowAge" => |entry| entry.school.site.ages.0.to_string(),
        "StatutoryHighAge" => |entry| entry.school.site.ages.1.to_string(),
        "OfficialSixthForm (code)" => {
            |entry| if entry.school.site.ages.1 >= 18 { "1" } else { "2" }.to_owned()
        }
        "OfficialSixthForm (name)" => |entry| {
            let has = entry.school.site.ages.1 >= 18;
            if has { "Has a sixth form" } else { "Does not have a sixth form" }.to_owned()
        },
        "Gender (code)" => |entry| gender(entry.school.site.gender).0.to_owned(),
        "Gender (name)" => |entry| gender(entry.school.site.gender).1.to_owned(),
        "ReligiousCharacter (code)" => |entry| faith(entry.school.site.faith).0.to_owned(),
        "ReligiousCharacter (name)" => |entry| faith(entry.school.site.faith).1.to_owned(),
        "AdmissionsPolicy (code)" => {
            |entry| if entry.school.site.selective { "2" } else { "4" }.to_owned()
        }
        "AdmissionsPolicy (name)" => |entry| {
            if entry.school.site.selective { "Selective" } else { "Non-selective" }.to_owned()
        },
        "SchoolCapacity" => |entry| (on_roll(entry.school).div_ceil(30) * 32).to_string(),
        "CensusDate" => |_| "18-01-2018".to_owned(),
        "NumberOfPupils" => |entry| on_roll(entry.school).to_string(),
        "TrustSchoolFlag (code)" => |entry| trust_flag(entry).0.to_owned(),
        "TrustSchoolFlag (name)" => |entry| trust_flag(entry).1.to_owned(),
        "Trusts (code)" => |entry| match entry.school.trust {
            Some(trust) => (2_000 + trust).to_string(),
            None => String::new(),
        },
        "Trusts (name)" => |entry| match entry.school.trust {
            Some(trust) => entry.trusts[trust].clone(),
            None => String::new(),
        },
        "UKPRN" => |entry| entry.school.ukprn.map(|number| number.to_string()).unwrap_or_default(),
        "LastChangedDate" => |entry| dates::dashed(Some(entry.as_at)),
        "Street" => |entry| entry.school.site.street.clone(),
        "Town" => |entry| entry.school.site.town.clone(),
        "Postcode" => |entry| entry.school.site.postcode.clone(),
        // Numbers that Ofcom keeps for fiction.
        "TelephoneNum" => |entry| format!("01632960{:03}", entry.school.urn % 1000),
        "GOR (code)" => |entry| entry.school.authority().region.letter().to_owned(),
        "GOR (name)" => |entry| entry.school.authority().region.name().to_owned(),
        "Easting" => |entry| entry.school.site.easting.to_string(),
        "Northing" => |entry| entry.school.site.northing.to_string(),
        "Country (name)" => |_| "England".to_owned(),
        "Diocese (code)" | "QABName (code)" | "EstablishmentAccredited (code)" => {
            |_| "0".to_owned()
        }
        "Diocese (name)"
        | "SchoolSponsorFlag (name)"
        | "FederationFlag (name)"
        | "FurtherEducationType (name)"
        | "OfstedSpecialMeasures (name)"
        | "BSOInspectorateName (name)"
        | "TeenMoth (name)"
        | "CCF (name)"
        | "SENPRU (name)"
        | "EBD (name)"
        | "EdByOther (name)"
        | "Section41Approved (name)"
        | "QABName (name)"
        | "EstablishmentAccredited (name)" => |_| "Not applicable".to_owned(),
        _ => |_| String::new(),
    }
}

/// Code and name of the type, code and name of its group.
fn kind(kind: SchoolKind) -> (&'static str, &'static str, &'static str, &'static str) {
    const MAINTAINED: &str = "Local authority maintained schools";
    const FREE: &str = "Free Schools";
    match kind {
        SchoolKind::CY => ("01", "Community school", "4", MAINTAINED),
        SchoolKind::VA => ("02", "Voluntary aided school", "4", MAINTAINED),
        SchoolKind::VC => ("03", "Voluntary controlled school", "4", MAINTAINED),
        SchoolKind::FD => ("05", "Foundation school", "4", MAINTAINED),
        SchoolKind::CTC => ("06", "City technology college", "3", "Independent schools"),
        SchoolKind::CYS => ("07", "Community special school", "5", "Special schools"),
        SchoolKind::NMSS => ("08", "Non-maintained special school", "5", "Special schools"),
        SchoolKind::INDSPEC => {
            ("10", "Other independent special school", "3", "Independent schools")
        }
        SchoolKind::IND => ("11", "Other independent school", "3", "Independent schools"),
        SchoolKind::FDS => ("12", "Foundation special school", "5", "Special schools"),
        SchoolKind::FESI => ("18", "Further education", "1", "Colleges"),
        SchoolKind::AC => ("28", "Academy sponsor led", "10", "Academies"),
        SchoolKind::Other => ("31", "Sixth form centres", "1", "Colleges"),
        SchoolKind::ACS => ("33", "Academy special sponsor led", "10", "Academies"),
        SchoolKind::ACC => ("34", "Academy converter", "10", "Academies"),
        SchoolKind::F => ("35", "Free schools", "11", FREE),
        SchoolKind::FS => ("36", "Free schools special", "11", FREE),
        SchoolKind::UTC => ("40", "University technical college", "11", FREE),
        SchoolKind::SS => ("41", "Studio schools", "11", FREE),
        SchoolKind::ACCS => ("44", "Academy special converter", "10", "Academies"),
    }
}

fn status(status: Register) -> (&'static str, &'static str) {
    match status {
        Register::Open => ("1", "Open"),
        Register::Closed => ("2", "Closed"),
        Register::ProposedToClose => ("3", "Open, but proposed to close"),
        Register::ProposedToOpen => ("4", "Proposed to open"),
    }
}

fn phase(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::NotApplicable => ("0", "Not applicable"),
        Phase::Nursery => ("1", "Nursery"),
        Phase::Primary => ("2", "Primary"),
        Phase::MiddleDeemedPrimary => ("3", "Middle deemed primary"),
        Phase::Secondary => ("4", "Secondary"),
        Phase::MiddleDeemedSecondary => ("5", "Middle deemed secondary"),
        Phase::SixteenPlus => ("6", "16 plus"),
        Phase::AllThrough => ("7", "All-through"),
    }
}

fn reason_opened(school: &School) -> (&'static str, &'static str) {
    match (school.opened, school.is_academy()) {
        (None, _) => ("00", "Not applicable"),
        (Some(_), true) if !school.descent.is_empty() => ("10", "Academy Converter"),
        (Some(_), _) => ("09", "New Provision"),
    }
}

fn reason_closed(school: &School) -> (&'static str, &'static str) {
    match school.closing {
        Closing::NotClosed => ("00", "Not applicable"),
        Closing::BecameAcademy => ("10", "Academy Converter"),
        Closing::Merged => ("01", "Result of Amalgamation/Merger"),
        Closing::Split | Closing::ForGood => ("99", "Closure"),
    }
}

fn gender(gender: Gender) -> (&'static str, &'static str) {
    match gender {
        Gender::Boys => ("1", "Boys"),
        Gender::Girls => ("2", "Girls"),
        Gender::Mixed => ("3", "Mixed"),
    }
}

fn faith(faith: Faith) -> (&'static str, &'static str) {
    match faith {
        Faith::None => ("00", "Does not apply"),
        Faith::ChurchOfEngland => ("02", "Church of England"),
        Faith::RomanCatholic => ("03", "Roman Catholic"),
    }
}

fn trust_flag(entry: &Entry<'_>) -> (&'static str, &'static str) {
    match entry.school.trust {
        Some(_) => ("3", "Supported by a multi-academy trust"),
        None => ("0", "Not applicable"),
    }
}

/// Pupils of all ages: a cohort for every year of the school, fewer in the sixth form.
fn on_roll(school: &School) -> u32 {
    let (low, high) = school.site.ages;
    let years = u32::from(high.min(16).saturating_sub(low));
    let sixth = u32::from(high.clamp(16, 19) - 16);
    school.site.cohort * years + school.site.cohort * sixth / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_has_140_columns_and_no_name_twice() {
        let mut names: Vec<&str> = COLUMNS.split('|').collect();
        assert_eq!(names.len(), 140);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 140);
    }
}

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Dated, LeadingEdgeYear, LetterId, PersonId, Published, Urn};
use serde::de::DeserializeOwned;

/// One recorded event, in the words of its context.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Its place in the journal.
    pub position: u64,
    /// Its place in its stream.
    pub version: u64,
    pub recorded_at: DateTime<Utc>,
    pub effective_on: NaiveDate,
    pub actor: String,
    pub event: Event,
}

/// Everything that can happen, and to what.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    School(Urn, schools::school::Event),
    NationalData(String, schools::national_data::Event),
    Criteria(LeadingEdgeYear, membership::criteria::Event),
    Review(LeadingEdgeYear, membership::review::Event),
    Fee(LeadingEdgeYear, membership::fee::Event),
    Membership(Urn, membership::membership::Event),
    Ledger(LeadingEdgeYear, billing::ledger::Event),
    /// Who bills, and on what terms.
    Issuer(billing::issuer::Event),
    /// How a school is billed.
    Customer(Urn, billing::customer::Event),
    Calendar(routine::calendar::Event),
    /// What could not be done for a school.
    Parked(Urn, routine::parked::Event),
    /// What became of something the network wrote to a school.
    Letter(LetterId, letters::letter::Event),
    /// A person whom the office deals with.
    Person(PersonId, contacts::person::Event),
}

/// Every aggregate of this program, as others know it (R40).  What can be decoded here is published here; `Event::decode` and
/// this list are the only two places that name them all.
pub const PUBLISHED: [Published; 13] = [
    schools::school::PUBLISHED,
    schools::national_data::PUBLISHED,
    membership::criteria::PUBLISHED,
    membership::review::PUBLISHED,
    membership::fee::PUBLISHED,
    membership::membership::PUBLISHED,
    billing::ledger::PUBLISHED,
    billing::issuer::PUBLISHED,
    billing::customer::PUBLISHED,
    letters::letter::PUBLISHED,
    contacts::person::PUBLISHED,
    routine::calendar::PUBLISHED,
    routine::parked::PUBLISHED,
];

/// An event that this program should understand and does not.  Nothing after it can be trusted, so nobody goes on.
#[derive(Debug, thiserror::Error)]
pub enum Undecodable {
    #[error(
        "the stream `{stream}` is not `<context>.<aggregate>.<id>` with an id that this program knows"
    )]
    Stream { stream: String },
    #[error(
        "the payload of an event of `{stream}` is not one this program knows; a newer program may have written it"
    )]
    Payload { stream: String, source: serde_json::Error },
}

impl Event {
    /// Reads an event from the name of its stream and its JSON text.  `None`: it belongs to a context this program does
    /// not know (another service's), and is nobody's business here.
    ///
    /// # Errors
    /// The stream belongs to a context known here, but its name or the payload is not understood.
    pub fn decode(stream: &str, payload: &str) -> Result<Option<Self>, Undecodable> {
        let unknown = || Undecodable::Stream { stream: stream.to_owned() };
        let Some((context, rest)) = stream.split_once('.') else { return Err(unknown()) };
        if !matches!(
            context,
            "schools" | "membership" | "billing" | "routine" | "contacts" | "letters"
        ) {
            return Ok(None);
        }
        let (aggregate, id) = rest.split_once('.').ok_or_else(unknown)?;
        Ok(Some(match (context, aggregate) {
            ("schools", "school") => {
                Self::School(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("schools", "national_data") => {
                Self::NationalData(id.to_owned(), read(stream, payload)?)
            }
            ("membership", "criteria") => {
                Self::Criteria(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("membership", "review") => {
                Self::Review(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("membership", "fee") => {
                Self::Fee(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("membership", "membership") => {
                Self::Membership(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("billing", "ledger") => {
                Self::Ledger(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("billing", "issuer") => Self::Issuer(read(stream, payload)?),
            ("billing", "customer") => {
                Self::Customer(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("routine", "calendar") => Self::Calendar(read(stream, payload)?),
            ("routine", "parked") => {
                Self::Parked(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("letters", "letter") => {
                Self::Letter(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            ("contacts", "person") => {
                Self::Person(id.parse().map_err(|_| unknown())?, read(stream, payload)?)
            }
            _ => return Err(unknown()),
        }))
    }

    /// The school it happened to: whose timeline it belongs in.
    #[must_use]
    pub fn school(&self) -> Option<Urn> {
        use contacts::person::Event as Person;
        use membership::review::Event as Review;
        match self {
            Self::School(urn, _)
            | Self::Membership(urn, _)
            | Self::Customer(urn, _)
            | Self::Parked(urn, _) => Some(*urn),
            Self::Letter(_, event) => Some(event.about().urn),
            Self::Ledger(_, event) => Some(event.urn()),
            Self::Review(_, Review::SchoolReviewed(finding)) => Some(finding.urn),
            Self::Review(
                _,
                Review::SchoolLeftReview { urn } | Review::JudgementRecorded { urn, .. },
            ) => Some(*urn),
            Self::Person(
                _,
                Person::ContactAdded { urn, .. }
                | Person::RoleTaken { urn, .. }
                | Person::RoleEnded { urn, .. },
            ) => Some(*urn),
            Self::NationalData(..)
            | Self::Criteria(..)
            | Self::Review(..)
            | Self::Fee(..)
            | Self::Issuer(_)
            | Self::Calendar(_)
            | Self::Person(..) => None,
        }
    }

    /// The day from which it was public, in its own words.  (The envelope's effective date is that of the command where
    /// the event itself has none.)
    #[must_use]
    pub fn public_from(&self) -> Option<NaiveDate> {
        match self {
            Self::School(_, event) => event.effective_on(),
            Self::NationalData(_, event) => event.effective_on(),
            Self::Criteria(_, event) => event.effective_on(),
            Self::Review(_, event) => event.effective_on(),
            Self::Fee(_, event) => event.effective_on(),
            Self::Membership(_, event) => event.effective_on(),
            Self::Ledger(_, event) => event.effective_on(),
            Self::Issuer(event) => event.effective_on(),
            Self::Customer(_, event) => event.effective_on(),
            Self::Calendar(event) => event.effective_on(),
            Self::Parked(_, event) => event.effective_on(),
            Self::Letter(_, event) => event.effective_on(),
            Self::Person(_, event) => event.effective_on(),
        }
    }
}

fn read<E: DeserializeOwned>(stream: &str, payload: &str) -> Result<E, Undecodable> {
    serde_json::from_str(payload)
        .map_err(|source| Undecodable::Payload { stream: stream.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_from_its_stream_and_its_text() {
        let event = Event::decode(
            "schools.school.100003",
            r#"{"SsatCoverRecorded":{"from":"2018-09-01","until":null,"via_trust":null,"source":{"file":"cover.csv","sha256":"0123456789ab","line":2}}}"#,
        )
        .unwrap()
        .unwrap();
        assert_eq!(event.school(), Some("100003".parse().unwrap()));
        assert_eq!(event.public_from(), Some("2018-09-01".parse().unwrap()));
    }

    #[test]
    fn what_is_published_is_understood_in_every_shape() {
        for published in PUBLISHED {
            let ids = ["100003", "2019-20", "0190c0de-0000-7000-8000-000000000001"];
            let understood = |id: &str, shape: &str| {
                Event::decode(&format!("{}.{id}", published.aggregate), shape)
                    .is_ok_and(|event| event.is_some())
            };
            for shape in published.shapes.lines() {
                assert!(
                    ids.iter().any(|id| understood(id, shape)),
                    "{}: {shape}",
                    published.aggregate
                );
            }
        }
    }

    #[test]
    fn another_services_context_is_passed_over() {
        assert_eq!(Event::decode("grants.bid.7", "{}").unwrap(), None);
    }

    #[test]
    fn what_should_be_understood_and_is_not_is_named() {
        for (stream, payload) in [
            ("schools", "{}"),
            ("schools.school", "{}"),
            ("schools.school.12", "{}"),
            ("schools.college.100003", "{}"),
            ("membership.review.2019", "{}"),
        ] {
            let error = Event::decode(stream, payload).unwrap_err().to_string();
            assert!(error.contains(&format!("`{stream}`")), "{error}");
        }
        let error = Event::decode("schools.school.100003", r#"{"SchoolMoved":{}}"#).unwrap_err();
        assert!(error.to_string().contains("schools.school.100003"), "{error}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("SchoolMoved"), "{cause}");
    }
}

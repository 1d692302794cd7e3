//! A letter as a message of RFC 5322: both its forms, and headers by which programs know it.

use chrono::{DateTime, Utc};
use contacts::Details;
use kernel::LetterId;
use letters::About;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::{Address, Message};
use projections::letters::Row;

use super::paper::{Frame, Paper};
use super::settings::Sender;
use crate::Failure;

/// Says which letter of the network's a message is.
pub const LETTER_HEADER: &str = "X-Ledge-Letter";
/// Its kind, as `ledge letter list` names it.
pub const KIND_HEADER: &str = "X-Ledge-Kind";
/// The school it is for, by its URN.
pub const SCHOOL_HEADER: &str = "X-Ledge-School";

/// A document that goes with a letter.
pub(super) struct Enclosed {
    /// Of the file.
    pub(super) name: String,
    pub(super) pdf: Vec<u8>,
}

/// The same for every attempt to send a letter.
pub(super) fn message_id(letter: LetterId, sender: &Sender) -> String {
    format!("<{letter}@{}>", sender.domain())
}

/// What stands around a letter to somebody.
pub(super) fn frame(about: &About, school: &str, sender: &Sender, to: Option<&Details>) -> Frame {
    let greeting = to.map_or_else(
        || "Dear colleague".to_owned(),
        |to| to.salutation.clone().unwrap_or_else(|| format!("Dear {}", to.name)),
    );
    let reference = about.id().to_string();
    let reference = reference.split('-').next().unwrap_or_default();
    Frame {
        greeting: super::paper::one_line(greeting.trim_end_matches([',', ' '])),
        signature: sender.signature.clone(),
        foot: format!(
            "{}. You have this letter as a contact of {school} (URN {}). If somebody else should have it, or you want to know \
             what we hold about you, reply to this message. Reference {}/{reference}.",
            sender.postal_address.trim_end_matches('.'),
            about.urn,
            about.year
        ),
    }
}

/// The message, with its envelope.
pub(super) fn message(
    row: &Row,
    paper: &Paper,
    frame: &Frame,
    sender: &Sender,
    to: &Details,
    enclosed: Option<Enclosed>,
    at: DateTime<Utc>,
) -> Result<Message, Failure> {
    let text = paper.text(frame).map_err(Failure::Template)?;
    let html = paper.html(frame).map_err(Failure::Template)?;
    let from = Mailbox::new(Some(sender.name.clone()), address(&sender.address)?);
    let reply_to = sender.reply_to.as_ref().unwrap_or(&sender.address);
    let told = |name: &'static str, value: String| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
    };
    Message::builder()
        .from(from)
        .reply_to(Mailbox::new(Some(sender.name.clone()), address(reply_to)?))
        .to(Mailbox::new(Some(to.name.clone()), address(&to.email)?))
        .subject(&paper.subject)
        .date(at.into())
        .message_id(Some(message_id(row.letter, sender)))
        .raw_header(told("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(told(LETTER_HEADER, row.letter.to_string()))
        .raw_header(told(KIND_HEADER, row.kind.to_string()))
        .raw_header(told(SCHOOL_HEADER, row.urn.to_string()))
        .multipart(whole(MultiPart::alternative_plain_html(text, html), enclosed)?)
        .map_err(|_| unfit())
}

/// The letter, and what goes with it.
fn whole(letter: MultiPart, enclosed: Option<Enclosed>) -> Result<MultiPart, Failure> {
    let Some(Enclosed { name, pdf }) = enclosed else { return Ok(letter) };
    let kind = ContentType::parse("application/pdf").map_err(|_| unfit())?;
    let enclosed = Attachment::new(name).body(pdf, kind);
    Ok(MultiPart::mixed().multipart(letter).singlepart(enclosed))
}

// Without the address, which is nobody's business in an error.
fn address(text: &str) -> Result<Address, Failure> {
    text.parse().map_err(|_| unfit())
}

fn unfit() -> Failure {
    Failure::Refused("the address is not one that a message can have; correct the contact".into())
}

/// Why the record says no.  The text is shown to people as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("nothing is recorded for this school yet, so there is nothing to correct or close")]
    NotRegistered,
}

use kernel::LeadingEdgeYear;
use membership::fee::Price;
use national_data::sample::Issue;

/// What the office does on a day.
#[derive(Clone, Debug, Eq, PartialEq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Wish {
    /// Load a file that came out.
    Load(Issue),
    /// Take down the criteria that ship with the program.
    AdoptCriteria,
    SetFee(Price),
    /// Take down who bills, and on what terms, as the file that ships with the program has it.
    AdoptIssuer,
    /// Take down who was a member before the system began (R38).
    TakeDownMembers,
    /// Take down whom to write to at the schools, and who came since.
    KeepContacts,
    /// Try again what was parked, and give up some of it.
    LookAtParked,
    /// Choose where the membership of a school goes on that was divided.
    SortOutDivided,
    /// Run the year's review and record it.
    Review(LeadingEdgeYear),
    /// The steering group judges the members that the review leaves open.
    Judge(LeadingEdgeYear),
    OfferRenewals(LeadingEdgeYear),
    Invite(LeadingEdgeYear),
    /// Deal with what schools wrote, and with what is due.
    OpenThePost,
    /// Take down what was paid, and credit what was not owed.
    SeeToInvoices,
    /// The steering group decides on the applications before it.
    Meet,
}

//! Invoices, debts and totals as people read them.

use app::billing::{
    Age, Aged, EntryLine, InvoiceLine, InvoicePage, Invoices, LateDocument, Owed, State, VatTotals,
};
use billing::InvoiceNumber;
use kernel::{Day, pounds};
use projections::ledger_entries::Kind;

use crate::output::{counted, grouped, lines, table};

/// What is open on an invoice, in a sentence.
pub(super) fn stands(number: InvoiceNumber, open_pence: i64) -> String {
    match open_pence {
        0 => format!("{number} is settled."),
        ..0 => format!("{} of {number} is to be paid back.", pounds(-open_pence)),
        _ => format!("{} is open on {number}.", pounds(open_pence)),
    }
}

pub(super) fn tell_list(invoices: &Invoices, limit: usize) -> anyhow::Result<()> {
    if invoices.invoices.is_empty() {
        return lines("No invoice fits.");
    }
    let shown = invoices.invoices.len().min(limit);
    let rows = invoices.invoices.iter().take(shown).map(row);
    let head = ["number", "URN", "school", "for", "raised", "due", "with VAT", "open", "stands"];
    lines(table(&head, &[6, 7], rows))?;
    let all = invoices.invoices.len();
    lines(format!("{} of {}.", grouped(shown as u64), counted(all as u64, "invoice")))?;
    let back = Some(invoices.in_credit_pence).filter(|pence| *pence > 0);
    let back =
        back.map_or_else(String::new, |pence| format!(", {} to be paid back", pounds(pence)));
    let gross = i64::try_from(invoices.gross_pence).unwrap_or(i64::MAX);
    lines(format!("{} was billed, {} is open{back}.", pounds(gross), pounds(invoices.open_pence)))
}

fn row(invoice: &InvoiceLine) -> Vec<String> {
    let gross = i64::try_from(invoice.gross_pence).unwrap_or(i64::MAX);
    let reminded = invoice.reminded.filter(|_| invoice.state == State::Overdue);
    let reminded = reminded.map_or_else(String::new, |step| format!(", {step} reminder"));
    vec![
        invoice.number.to_string(),
        invoice.urn.to_string(),
        invoice.name.clone(),
        invoice.purpose.clone(),
        Day(invoice.raised_on).to_string(),
        Day(invoice.due_on).to_string(),
        pounds(gross),
        pounds(invoice.open_pence),
        format!("{}{reminded}", invoice.state.in_words()),
    ]
}

pub(super) fn tell_invoice(page: &InvoicePage) -> anyhow::Result<()> {
    let invoice = &page.invoice;
    lines(format!("Invoice {}, {}", invoice.number, page.state.in_words()))?;
    lines(format!("  billed     {} ({})", invoice.billed.name, invoice.urn))?;
    for line in &invoice.billed.address {
        lines(format!("             {line}"))?;
    }
    if let Some(attention) = &page.for_attention_of {
        lines(format!("  attention  {attention}"))?;
    }
    if let Some(urn) = page.goes_on_at {
        lines(format!("             its membership is {urn}'s now; the invoice stays here (D12)"))?;
    }
    lines(format!("  raised     {}, due {}", Day(invoice.raised_on), Day(invoice.due_on)))?;
    if let Some(reference) = &page.reference {
        lines(format!("  reference  {reference}"))?;
    }
    if let Some((step, on)) = page.reminded.zip(page.reminded_on) {
        lines(format!("  reminded   {step} reminder on {}", Day(on)))?;
    }
    let signed = |pence: u64| pounds(pence);
    let charges = invoice.charges.iter().zip(1..).map(|(charge, line): (_, u32)| {
        vec![
            line.to_string(),
            charge.what.clone(),
            signed(charge.net_pence),
            charge.vat_basis_points.to_string(),
            signed(charge.vat_pence),
            signed(charge.net_pence + charge.vat_pence),
        ]
    });
    lines(table(&["line", "what", "net", "rate", "VAT", "with VAT"], &[0, 2, 3, 4, 5], charges))?;
    lines("")?;
    let mut balance = 0;
    let entries = page.entries.iter().map(|entry| {
        balance += entry.amount_pence;
        entry_row(entry, balance)
    });
    lines(table(&["day", "entry", "", "amount", "open"], &[3, 4], entries))?;
    lines(stands(invoice.number, page.open_pence))
}

fn entry_row(entry: &EntryLine, balance: i64) -> Vec<String> {
    vec![
        Day(entry.on).to_string(),
        entry_name(entry.kind, entry.document.as_deref()),
        entry.words.clone().unwrap_or_default(),
        pounds(entry.amount_pence),
        pounds(balance),
    ]
}

pub(super) fn entry_name(kind: Kind, document: Option<&str>) -> String {
    let document = document.unwrap_or_default();
    match kind {
        Kind::Invoice => format!("invoice {document}"),
        Kind::Payment => format!("payment {document}"),
        Kind::Reversal => format!("payment {document} reversed"),
        Kind::CreditNote => format!("credit note {document}"),
        Kind::Refund => "paid back".to_owned(),
    }
}

pub(super) fn tell_aged(aged: &Aged) -> anyhow::Result<()> {
    if aged.schools.is_empty() {
        return lines(format!("As at {} nobody owes anything.", Day(aged.on)));
    }
    let cells = |age: Age| {
        [
            age.not_due_pence,
            age.days_1_to_30_pence,
            age.days_31_to_60_pence,
            age.days_61_to_90_pence,
            age.over_90_days_pence,
            age.in_credit_pence,
            age.total_pence,
        ]
        .map(|pence| if pence == 0 { String::new() } else { pounds(pence) })
    };
    let mut rows: Vec<Vec<String>> = aged
        .schools
        .iter()
        .map(|school| {
            [vec![school.urn.to_string(), school.name.clone()], cells(school.age).to_vec()].concat()
        })
        .collect();
    rows.push([vec![String::new(), "together".to_owned()], cells(aged.total).to_vec()].concat());
    let head = [
        "URN",
        "school",
        "not due",
        "1-30 days",
        "31-60",
        "61-90",
        "over 90",
        "to pay back",
        "together",
    ];
    lines(table(&head, &[2, 3, 4, 5, 6, 7, 8], rows))?;
    lines(format!(
        "{} as at {}, by days past the day each invoice was due.",
        counted(aged.schools.len() as u64, "school"),
        Day(aged.on)
    ))
}

pub(super) fn tell_vat(totals: &VatTotals) -> anyhow::Result<()> {
    let mut rows = vec![];
    for quarter in &totals.quarters {
        let filed = if quarter.is_filed { ", filed" } else { "" };
        let days = format!("{} to {}{filed}", Day(quarter.from), Day(quarter.until));
        if quarter.rates.is_empty() {
            rows.push(vec![days, String::new(), pounds(0), pounds(0)]);
            continue;
        }
        for (place, rate) in quarter.rates.iter().enumerate() {
            rows.push(vec![
                if place == 0 { days.clone() } else { String::new() },
                rate.vat_basis_points.to_string(),
                pounds(rate.net_pence),
                pounds(rate.vat_pence),
            ]);
        }
    }
    rows.push(vec![
        "together".to_owned(),
        String::new(),
        pounds(totals.net_pence),
        pounds(totals.vat_pence),
    ]);
    lines(table(&["tax point", "rate", "net", "VAT"], &[1, 2, 3], rows))?;
    lines("Invoices less credit notes, by the day of each.")?;
    for late in totals.quarters.iter().flat_map(|quarter| &quarter.late) {
        lines(late_line(late))?;
    }
    lines(match totals.filed_until {
        Some(until) => format!(
            "VAT is filed to the end of {}: nothing is dated on or before it any more.",
            Day(until)
        ),
        None => "No VAT return is on record as filed (`ledge invoice vat-filed`).".to_owned(),
    })
}

fn late_line(late: &LateDocument) -> String {
    let lacks = if late.after_return { ", and the return that was filed lacks it" } else { "" };
    format!(
        "Entered late: {} of {}, on {}{lacks}.",
        late.document,
        Day(late.tax_point),
        Day(late.entered_on)
    )
}

/// On a member's page.
pub(crate) fn tell_owed(owed: &Owed) -> anyhow::Result<()> {
    for invoice in &owed.invoices {
        let owes = match invoice.state {
            State::InCredit => format!("{} is to be paid back", pounds(-invoice.open_pence)),
            State::Open | State::Overdue | State::Settled => {
                format!("{} is open, {}", pounds(invoice.open_pence), due(invoice))
            }
        };
        lines(format!("  {} ({}, {}): {owes}", invoice.number, invoice.purpose, invoice.urn))?;
    }
    Ok(())
}

fn due(invoice: &InvoiceLine) -> String {
    let late = if invoice.state == State::Overdue { "overdue since" } else { "due" };
    format!("{late} {}", Day(invoice.due_on))
}

//! Invoices, credit notes and statements on paper.

use std::path::{Path, PathBuf};

use anyhow::Context;
use app::Failure;
use app::billing::{InvoiceFilter, InvoicePage, Statement, print as printed};
use kernel::{Day, LeadingEdgeYear, pounds};
use serde_json::json;

use super::sheet::entry_name;
use crate::cli::{Global, Paper, PrintInvoices, StatementAsked};
use crate::commands::desk;
use crate::outcome::Outcome;
use crate::output::{counted, lines, print, table};
use crate::progress::Bar;

pub(super) fn invoices(global: &Global, asked: &PrintInvoices) -> anyhow::Result<()> {
    let desk = desk(global)?;
    let pages: Vec<InvoicePage> = match (asked.number, asked.year) {
        (Some(number), _) => vec![desk.invoice(number)?],
        (None, year) => {
            let filter = InvoiceFilter { year, ..InvoiceFilter::default() };
            let listed = desk.invoices(filter)?.invoices;
            let pages = listed.iter().map(|line| desk.invoice(line.number));
            pages.collect::<Result<_, _>>()?
        }
    };
    let documents: Vec<printed::Document> = if asked.credit_notes {
        pages.iter().flat_map(printed::credit_notes).collect()
    } else {
        pages.iter().map(printed::invoice).collect()
    };
    if documents.is_empty() {
        let what = if asked.credit_notes { "credit note" } else { "invoice" };
        return Err(Failure::Refused(format!("there is no {what} to print")).into());
    }
    if let (Some(year), Some("pdf")) = (asked.year, ending(&asked.out)) {
        return bound(global, asked, &documents, year);
    }
    // One invoice is a file that was named; all others lie in a folder, each under its number.
    let alone = asked.number.is_some() && documents.len() == 1;
    let files: Vec<(PathBuf, Paper)> = if alone {
        vec![(asked.out.clone(), named(&asked.out)?)]
    } else {
        let ending = match asked.format {
            Paper::Pdf => "pdf",
            Paper::Html => "html",
        };
        let file = |it: &printed::Document| asked.out.join(format!("{}.{ending}", it.number));
        documents.iter().map(|it| (file(it), asked.format)).collect()
    };
    if !asked.force {
        files.iter().try_for_each(|(file, _)| is_new(file))?;
    }
    if !alone {
        std::fs::create_dir_all(&asked.out)
            .with_context(|| format!("making `{}`", asked.out.display()))?;
    }
    let bar = Bar::new(global);
    for (done, (document, (file, paper))) in documents.iter().zip(&files).enumerate() {
        let bytes = match paper {
            Paper::Pdf => printed::pdf(document)?,
            Paper::Html => printed::html(document)?.into_bytes(),
        };
        std::fs::write(file, bytes).with_context(|| format!("writing `{}`", file.display()))?;
        bar.tell("printing", done as u64 + 1, documents.len() as u64);
    }
    drop(bar);
    let out = asked.out.display().to_string();
    print(global, &json!({ "out": out, "documents": documents.len() }), |_| {
        lines(format!("{} in {out}.", counted(documents.len() as u64, "document")))
    })
}

/// All of a year in one file, for whoever prints or files them at once.
fn bound(
    global: &Global,
    asked: &PrintInvoices,
    documents: &[printed::Document],
    year: LeadingEdgeYear,
) -> anyhow::Result<()> {
    if !asked.force {
        is_new(&asked.out)?;
    }
    let what = if asked.credit_notes { "Credit notes" } else { "Invoices" };
    let bar = Bar::new(global);
    let total = documents.len() as u64;
    let done = |done: usize| bar.tell("printing", done as u64, total);
    let bytes = printed::bound_pdf(documents, &format!("{what} of {year}"), &done)?;
    drop(bar);
    std::fs::write(&asked.out, bytes)
        .with_context(|| format!("writing `{}`", asked.out.display()))?;
    let out = asked.out.display().to_string();
    print(global, &json!({ "out": out, "documents": total }), |_| {
        lines(format!("{} in {out}.", counted(total, "document")))
    })
}

pub(crate) fn statement(global: &Global, asked: &StatementAsked) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let until = asked.until.unwrap_or(desk.today());
    let statement = desk.statement(asked.urn, asked.from, until)?;
    if let Some(out) = &asked.out {
        let paper = named(out)?;
        if !asked.force {
            is_new(out)?;
        }
        let page = match paper {
            Paper::Pdf => printed::statement_pdf(&statement)?,
            Paper::Html => printed::statement_html(&statement)?.into_bytes(),
        };
        std::fs::write(out, page).with_context(|| format!("writing `{}`", out.display()))?;
        let out = out.display().to_string();
        print(global, &json!({ "out": out, "closing_pence": statement.closing_pence }), |_| {
            lines(format!("The statement of {} is in {out}.", statement.name))
        })?;
        return Ok(Outcome::Done);
    }
    print(global, &statement, tell)?;
    Ok(Outcome::Done)
}

fn tell(statement: &Statement) -> anyhow::Result<()> {
    lines(format!("{} ({})", statement.name, statement.urn))?;
    let opening = vec![
        Day(statement.from).to_string(),
        "brought forward".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        pounds(statement.opening_pence),
    ];
    let entries = statement.lines.iter().map(|line| {
        vec![
            Day(line.on).to_string(),
            entry_name(line.kind, line.document.as_deref()),
            line.invoice.to_string(),
            line.words.clone().unwrap_or_default(),
            pounds(line.amount_pence),
            pounds(line.balance_pence),
        ]
    });
    let head = ["day", "entry", "invoice", "", "amount", "owed"];
    lines(table(&head, &[4, 5], std::iter::once(opening).chain(entries)))?;
    let until = Day(statement.until);
    lines(match statement.closing_pence {
        0 => format!("Nothing is owed at the end of {until}."),
        ..0 => {
            format!(
                "{} is to be paid back at the end of {until}.",
                pounds(-statement.closing_pence)
            )
        }
        pence => format!("{} is owed at the end of {until}.", pounds(pence)),
    })?;
    for before in &statement.before {
        let owed = pounds(before.open_pence);
        lines(format!("{}, whose membership it took over, owed {owed} then (D12).", before.urn))?;
    }
    Ok(())
}

fn named(file: &Path) -> Result<Paper, Failure> {
    match ending(file) {
        Some("pdf") => Ok(Paper::Pdf),
        Some("html") => Ok(Paper::Html),
        _ => Err(Failure::Refused(format!(
            "`{}` ends neither with .pdf nor with .html",
            file.display()
        ))),
    }
}

fn ending(file: &Path) -> Option<&str> {
    file.extension().and_then(|ending| ending.to_str())
}

fn is_new(file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::Refused(format!(
            "`{}` is there already; --force writes over it",
            file.display()
        )));
    }
    Ok(())
}

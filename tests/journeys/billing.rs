//! Billing on the command line: who bills, invoices, payments, debts, VAT and paper, in JSON and for people (R10, D13).

use serde_json::Value;

use crate::program::{Program, repository, said};

const SCHOOL: &str = "100003";
const NUMBER: &str = "LE-2018-0001";

/// One member, of whose years one was agreed before billing began, and an office that bills.
#[track_caller]
fn that_bills() -> Program {
    let program = Program::on_an_empty_folder();
    let list = program.folder().join("members.csv");
    std::fs::write(&list, format!("urn,from,until,reason,year\n{SCHOOL},2015-04-01,,,2018-19\n"))
        .unwrap();
    program.run(&["member", "import", list.to_str().unwrap()]);
    program.run(&["fee", "set", "--year=2018-19", "--pounds=1600", "--minute=4"]);
    let early = ["invoice", "raise", SCHOOL, "--year=2018-19", "--fee"];
    assert!(refused(&program, &early).contains("ledge invoice adopt"));
    let office = repository().join("deploy/office.toml");
    let adopt = ["invoice", "adopt", office.to_str().unwrap(), "--json"];
    assert_eq!(program.json(&adopt)["events"], 1);
    assert_eq!(program.json(&adopt)["events"], 0);
    program
}

#[track_caller]
fn refused(program: &Program, arguments: &[&str]) -> String {
    let output = program.command(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    String::from_utf8(output.stderr).unwrap()
}

#[track_caller]
fn raise(program: &Program) -> Value {
    let raise =
        ["invoice", "raise", SCHOOL, "--year=2018-19", "--fee", "--on=2018-04-10", "--json"];
    program.json(&raise)
}

#[test]
fn an_invoice_is_raised_paid_credited_and_told() {
    let program = that_bills();
    let raised = raise(&program);
    assert_eq!((&raised["number"], &raised["urn"]), (&NUMBER.into(), &SCHOOL.into()));
    assert_eq!(
        (&raised["gross_pence"], &raised["due_on"]),
        (&192_000.into(), &"2018-05-10".into())
    );
    assert_eq!(raise(&program)["events"], 0, "the same fee is billed once");

    let order = ["invoice", "purchase-order", NUMBER, "PO 7", "--on=2018-04-12", "--json"];
    assert_eq!(program.json(&order)["reference"], "PO 7");
    let pay =
        ["payment", "record", NUMBER, "--pounds=1000", "--reference=BACS 7", "--on=2018-04-20"];
    assert!(program.run(&pay).contains("£920.00 is open on LE-2018-0001."));
    assert!(program.run(&pay).contains("nothing was written"));
    let more = ["payment", "record", NUMBER, "--pounds=920.01", "--reference=B", "--on=2018-04-21"];
    assert!(refused(&program, &more).contains("£920.01 is more than is open"));
    let reverse =
        ["payment", "reverse", NUMBER, "--payment=1", "--reason=bounced", "--on=2018-04-25"];
    assert!(program.run(&reverse).contains("£1,920.00 is open"));
    let credit = [
        "invoice",
        "credit",
        NUMBER,
        "--line=1",
        "--pounds=800",
        "--reason=half of the year",
        "--on=2018-05-02",
    ];
    assert!(program.run(&credit).contains("LE-2018-C0001"));

    let shown = program.run(&["invoice", "show", NUMBER]);
    for word in
        ["overdue", "PO 7", "payment 1 reversed", "credit note LE-2018-C0001", "£960.00 is open"]
    {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    let listed = program.json(&["invoice", "list", "--state=overdue", "--json"]);
    assert_eq!(listed["invoices"][0]["open_pence"], 96_000);
    assert!(program.run(&["invoice", "list", "--year=2018-19"]).contains("£960.00 is open"));
    let aged = program.json(&["invoice", "aged", "--on=2018-06-09", "--json"]);
    assert_eq!(aged["schools"][0]["days_1_to_30_pence"], 96_000);
    let before = program.json(&["invoice", "aged", "--on=2018-04-24", "--json"]);
    assert_eq!(before["total"]["not_due_pence"], 92_000);
    let vat = program.json(&["invoice", "vat", "--year=2018-19", "--json"]);
    assert_eq!((&vat["net_pence"], &vat["vat_pence"]), (&80_000.into(), &16_000.into()));
    assert!(
        program
            .run(&["invoice", "vat", "--from=2018-05-01", "--until=2018-05-31"])
            .contains("-£160.00")
    );
    let statement = program.json(&["statement", SCHOOL, "--json"]);
    assert_eq!(
        (&statement["closing_pence"], statement["lines"].as_array().unwrap().len()),
        (&96_000.into(), 4)
    );
    assert!(program.run(&["statement", SCHOOL]).contains("£960.00 is owed"));
    assert!(
        program
            .run(&["member", "show", SCHOOL])
            .contains("£960.00 is open, overdue since 10 May 2018")
    );
    assert!(
        program.run(&["history", SCHOOL]).contains("Invoice LE-2018-0001 for the fee of 2018-19")
    );
    let ask = ["ask", "billing.ledger", "2018-19", "{}"];
    assert!(refused(&program, &ask).contains("ledge invoice"));
    program.run(&["verify"]);
}

#[test]
fn invoices_and_statements_are_printed_and_not_written_over() {
    let program = that_bills();
    raise(&program);
    program.run(&["invoice", "credit", NUMBER, "--reason=in error", "--on=2018-05-02"]);
    let file = |name: &str| program.folder().join(name).to_str().unwrap().to_owned();
    let (pdf, html) = (file("invoice.pdf"), file("invoice.html"));
    program.run(&["invoice", "print", NUMBER, "--out", &pdf]);
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-"));
    assert!(refused(&program, &["invoice", "print", NUMBER, "--out", &pdf]).contains("--force"));
    program.run(&["invoice", "print", NUMBER, "--out", &pdf, "--force"]);
    program.run(&["invoice", "print", NUMBER, "--out", &html]);
    assert!(std::fs::read_to_string(&html).unwrap().contains("VAT number GB123456789"));
    assert!(refused(&program, &["invoice", "print", NUMBER, "--out", "x.doc"]).contains(".pdf"));
    let folder = file("2018-19");
    let all = program.json(&["invoice", "print", "--year=2018-19", "--out", &folder, "--json"]);
    assert_eq!(all["documents"], 1);
    assert!(std::path::Path::new(&folder).join("LE-2018-0001.pdf").is_file());
    let notes =
        ["invoice", "print", "--year=2018-19", "--credit-notes", "--format=html", "--out", &folder];
    program.run(&notes);
    let note = std::fs::read_to_string(format!("{folder}/LE-2018-C0001.html")).unwrap();
    assert!(note.contains("LE-2018-0001 of 10 April 2018"));
    let page = file("statement.html");
    program.run(&["statement", SCHOOL, "--out", &page]);
    assert!(
        std::fs::read_to_string(&page).unwrap().contains("Credit note LE-2018-C0001 (in error)")
    );
}

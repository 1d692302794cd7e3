//! Aged debt and VAT against a recount that shares nothing with the program: `billing.py`, from the raw events.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command as Process;

use app::billing::{Age, VatTotals};
use app::{Desk, no_progress};
use chrono::NaiveDate;
use serde_json::Value;

use crate::program::{repository, said};

/// Holds aged debt as at some days, and every quarter's VAT, against the recount; answers how many invoices there are.
#[track_caller]
pub(crate) fn assert_billing_is_as_recounted(folder: &Path, days: &[NaiveDate]) -> u64 {
    let recounted = recount(folder, days);
    assert_eq!(recounted["gaps"], serde_json::json!([]), "numbers have no gap");
    let desk = Desk::open(folder, app::clock::wall(), &no_progress).unwrap();
    for day in days {
        let aged = desk.aged(*day).unwrap();
        let told: BTreeMap<String, Value> = aged
            .schools
            .iter()
            .map(|school| (school.urn.to_string(), serde_json::to_value(school.age).unwrap()))
            .collect();
        let expected: BTreeMap<String, Value> =
            serde_json::from_value(recounted["aged"][day.to_string()].clone()).unwrap();
        for urn in told.keys().chain(expected.keys()).collect::<BTreeSet<_>>() {
            assert_eq!(told.get(urn), expected.get(urn), "{urn} as at {day}");
        }
        let mut total = Age::default();
        aged.schools.iter().for_each(|school| total += school.age);
        assert_eq!(aged.total, total, "{day}");
    }
    let (first, last) = ("2017-01-01".parse().unwrap(), "2021-12-31".parse().unwrap());
    assert_vat(&desk.vat(first, last).unwrap(), &recounted["vat"]);
    recounted["invoices"].as_u64().unwrap()
}

#[track_caller]
fn assert_vat(totals: &VatTotals, recounted: &Value) {
    let mut seen = 0;
    for quarter in &totals.quarters {
        let told: BTreeMap<String, [i64; 2]> = quarter
            .rates
            .iter()
            .map(|rate| {
                let name = rate.vat_basis_points.basis_points().to_string();
                (name, [rate.net_pence, rate.vat_pence])
            })
            .collect();
        let of = recounted.get(quarter.from.to_string()).cloned();
        seen += usize::from(of.is_some());
        let expected: BTreeMap<String, [i64; 2]> =
            of.map_or_else(BTreeMap::new, |of| serde_json::from_value(of).unwrap());
        assert_eq!(told, expected, "the quarter from {}", quarter.from);
    }
    assert_eq!(seen, recounted.as_object().unwrap().len(), "every quarter is within those days");
}

fn recount(folder: &Path, days: &[NaiveDate]) -> Value {
    let script = repository().join("tests/recount/billing.py");
    let days = days.iter().map(NaiveDate::to_string);
    let output = Process::new("python3").arg("-B").arg(&script).arg(folder).args(days).output();
    let output = output.unwrap_or_else(|error| {
        panic!("python3, which the recount is written in, does not start: {error}")
    });
    assert!(output.status.success(), "{}\n{}", script.display(), said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

//! `ledge payment`: money that came, that came to nothing, and that went back.

use std::sync::Arc;

use super::at_work;
use super::invoice::{number_and, tell_written};
use crate::cli::{Global, PaymentCommand};
use crate::outcome::Outcome;
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, command: PaymentCommand) -> anyhow::Result<Outcome> {
    let bar = Arc::new(Bar::new(global));
    match command {
        PaymentCommand::Record { number, amount, reference, on } => {
            let pence = amount.in_pence();
            let written = at_work(global, &bar, async |office, _| {
                let on = office.day(on.on)?;
                Ok(office.record_payment(number, pence, reference, on).await?)
            })
            .await?;
            tell_written(global, &written, &number_and(number, pence, "came for"))?;
        }
        PaymentCommand::Reverse { number, payment, reason, on } => {
            let written = at_work(global, &bar, async |office, _| {
                let on = office.day(on.on)?;
                Ok(office.reverse_payment(number, payment, reason, on).await?)
            })
            .await?;
            let told = format!("Payment {payment} on {number} came to nothing");
            tell_written(global, &written, &told)?;
        }
        PaymentCommand::Refund { number, amount, reference, on } => {
            let pence = amount.in_pence();
            let written = at_work(global, &bar, async |office, _| {
                let on = office.day(on.on)?;
                Ok(office.record_refund(number, pence, reference, on).await?)
            })
            .await?;
            tell_written(global, &written, &number_and(number, pence, "was paid back of"))?;
        }
    }
    Ok(Outcome::Done)
}

#!/usr/bin/env python3
"""Aged debt and VAT, recounted from the raw events of a journal; it shares nothing with the program.

    billing.py FOLDER DAY...

The program adds up rows.  This goes through the events of `billing.ledger.*` in order, keeps a list of dated movements for each
invoice, and works out VAT from the rates and nets instead of reading it.
"""

import json
import sqlite3
import sys
from collections import defaultdict
from datetime import date
from fractions import Fraction

AGES = ["not_due", "days_1_to_30", "days_31_to_60", "days_61_to_90", "over_90_days"]


def half_up(exact):
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def vat_of(net, basis_points):
    return half_up(Fraction(net * basis_points, 10000))


def events(folder):
    journal = sqlite3.connect(f"file:{folder}/journal.sqlite?mode=ro", uri=True)
    query = "SELECT stream, payload FROM events WHERE stream LIKE 'billing.ledger.%' ORDER BY position"
    for stream, payload in journal.execute(query):
        (kind, it), = json.loads(payload).items()
        yield stream.rsplit(".", 1)[1], kind, it


class Invoice:
    def __init__(self, year, it):
        self.year, self.urn = year, it["urn"]
        self.due = date.fromisoformat(it["due_on"])
        self.lines = [(c["net_pence"], c["vat_basis_points"]) for c in it["charges"]]
        self.left = [[net, vat_of(net, rate)] for net, rate in self.lines]
        gross = sum(net + vat for net, vat in self.left)
        self.moves = [(date.fromisoformat(it["raised_on"]), gross)]
        self.payments = []


def read(folder):
    invoices, taxed, numbers = {}, [], defaultdict(list)
    for year, kind, it in events(folder):
        if kind == "InvoiceRaised":
            invoice = invoices[it["number"]] = Invoice(year, it)
            numbers[year, "invoices"].append(it["number"])
            for net, rate in invoice.lines:
                taxed.append((date.fromisoformat(it["raised_on"]), rate, net, vat_of(net, rate)))
        elif kind == "CreditNoteIssued":
            invoice, on, gross = invoices[it["invoice"]], date.fromisoformat(it["on"]), 0
            numbers[year, "credit_notes"].append(it["number"])
            for line in it["lines"]:
                left, (_, rate) = invoice.left[line["line"] - 1], invoice.lines[line["line"] - 1]
                net = line["net_pence"]
                vat = left[1] if net == left[0] else min(left[1], vat_of(net, rate))
                left[0] -= net
                left[1] -= vat
                gross += net + vat
                taxed.append((on, rate, -net, -vat))
            invoice.moves.append((on, -gross))
        elif kind == "PaymentReceived":
            invoice = invoices[it["number"]]
            invoice.payments.append(it["amount_pence"])
            invoice.moves.append((date.fromisoformat(it["received_on"]), -it["amount_pence"]))
        elif kind == "PaymentReversed":
            invoice = invoices[it["number"]]
            amount = invoice.payments[it["payment"] - 1]
            invoice.moves.append((date.fromisoformat(it["on"]), amount))
        elif kind == "RefundPaid":
            invoice = invoices[it["number"]]
            invoice.moves.append((date.fromisoformat(it["on"]), it["amount_pence"]))
    return invoices, taxed, numbers


def age(days_late):
    if days_late <= 0:
        return AGES[0]
    return AGES[min((days_late - 1) // 30 + 1, 4)]


def aged(invoices, on):
    schools = defaultdict(lambda: defaultdict(int))
    for invoice in invoices.values():
        open_pence = sum(amount for day, amount in invoice.moves if day <= on)
        if open_pence == 0:
            continue
        place = "in_credit" if open_pence < 0 else age((on - invoice.due).days)
        schools[invoice.urn][place] += abs(open_pence)
        schools[invoice.urn]["total"] += open_pence
    figures = AGES + ["in_credit", "total"]
    return {urn: {f"{it}_pence": of[it] for it in figures} for urn, of in sorted(schools.items())}


def quarter(day):
    return f"{day.year}-{(day.month - 1) // 3 * 3 + 1:02}-01"


def totals(taxed):
    quarters = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for day, rate, net, vat in taxed:
        sums = quarters[quarter(day)][rate]
        sums[0] += net
        sums[1] += vat
    return {first: {str(rate): sums for rate, sums in rates.items()} for first, rates in quarters.items()}


def gaps(numbers):
    missing = []
    for (year, kind), given in numbers.items():
        mark = "C" if kind == "credit_notes" else ""
        wanted = [f"LE-{year[:4]}-{mark}{place:04}" for place in range(1, len(given) + 1)]
        if given != wanted:
            missing.append(f"{kind} of {year}")
    return missing


def main(folder, *days):
    invoices, taxed, numbers = read(folder)
    json.dump({
        "aged": {day: aged(invoices, date.fromisoformat(day)) for day in days},
        "vat": totals(taxed),
        "gaps": gaps(numbers),
        "invoices": len(invoices),
    }, sys.stdout)


main(*sys.argv[1:])

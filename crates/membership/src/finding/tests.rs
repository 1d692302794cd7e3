mod inspections;
mod joining;
mod later_years;
mod laws;
mod staying;

//! national-data

//! read-store

//! The source files of this repository, read for the rules that hold over all of them.

use std::path::Path;

use crate::program::repository;

pub(crate) struct Source {
    /// From the repository's folder, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every Rust file of the crates and of these tests.
pub(crate) fn rust() -> Vec<Source> {
    let mut found = vec![];
    for folder in ["crates", "tests"] {
        collect(&repository().join(folder), &mut found);
    }
    found.retain(|source| source.path.ends_with(".rs"));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 20, "only {} source files found", found.len());
    found
}

impl Source {
    /// Its lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The number of the line from which on it is test code: the first, for a file of tests or benches.
    pub(crate) fn tests_from(&self) -> Option<usize> {
        let parts: Vec<&str> = self.path.split('/').collect();
        let folders = ["tests", "benches", "examples"];
        if parts.iter().any(|part| folders.contains(&part.trim_end_matches(".rs"))) {
            return Some(1);
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let module = |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{');
        lines.windows(2).position(module).map(|index| index + 1)
    }
}

/// Reads a folder and what is below it; files that are not text are left out.
fn collect(folder: &Path, into: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                collect(&path, into);
            }
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let path = path.strip_prefix(repository()).unwrap();
            into.push(Source { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
}

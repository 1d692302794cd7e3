//! Starting the program as people do, and finding the national files where they are.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// `ledge` on a data folder of its own.
pub(crate) struct Program {
    data: tempfile::TempDir,
}

impl Program {
    /// On an empty folder, which goes when this goes.
    pub(crate) fn on_an_empty_folder() -> Self {
        Self { data: tempfile::tempdir().unwrap() }
    }

    /// Where everything of it lies.
    pub(crate) fn folder(&self) -> &Path {
        self.data.path()
    }

    /// Runs it to its end and answers what it printed; panics with everything it said if it fails.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "ledge {}\n{}", arguments.join(" "), said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same, for what answers with one JSON object.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let text = self.run(arguments);
        serde_json::from_str(&text).unwrap_or_else(|error| {
            let shown: String = text.chars().take(500).collect();
            panic!("ledge {} does not print JSON: {error}\n{shown}", arguments.join(" "))
        })
    }

    /// Not started yet: for tests that stop it half way.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(executable());
        command
            .args(arguments)
            .arg("--data")
            .arg(self.data.path())
            .env_remove("LEDGE_DATA")
            .env_remove("LEDGE_ACTOR")
            .env_remove("LEDGE_KEYS")
            .stdin(std::process::Stdio::null());
        command
    }
}

/// The program built beside this test: `target/<profile>/ledge`.
pub(crate) fn executable() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.parent().and_then(Path::parent).unwrap();
    let ledge = built.join(format!("ledge{}", std::env::consts::EXE_SUFFIX));
    assert!(
        ledge.is_file(),
        "{} is not there: these tests start the program itself.  Build it first, with\n    \
         cargo build -p ledge\nor run everything with\n    tests/run",
        ledge.display()
    );
    ledge
}

/// The repository's own folder.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The folder of national files, if there is one; if not, says which test did not run.
pub(crate) fn national_files(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LEDGE_SHARED_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    if folder.join("ks4").is_dir() {
        return Some(folder);
    }
    eprintln!(
        "NOT RUN: {test}: there are no national files in {} (LEDGE_SHARED_DATA names another folder)",
        folder.display()
    );
    None
}

/// Everything a process said, for a test that has to explain itself.
pub(crate) fn said(output: &Output) -> String {
    format!(
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

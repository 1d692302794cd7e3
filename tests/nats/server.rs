//! A NATS server of the tests' own.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::program::executable;

/// The passwords of those whom `deploy/nats/permissions.conf` lets in.
pub(crate) const PASSWORDS: [(&str, &str); 3] = [
    ("LEDGE_PASSWORD", "of-the-office"),
    ("FINANCE_PASSWORD", "of-a-service"),
    ("READER_PASSWORD", "of-a-reader"),
];

/// A server with JetStream, which ends with this.
pub(crate) struct Server {
    folder: tempfile::TempDir,
    port: u16,
    /// More of its configuration.
    configuration: String,
    process: Option<Child>,
}

impl Server {
    /// Open to everybody.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::configured("")
    }

    /// With more of a configuration, in the server's own words.
    #[track_caller]
    pub(crate) fn configured(configuration: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let mut server =
            Self { folder, port, configuration: configuration.to_owned(), process: None };
        server.start_again();
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Starts it on what it has, and waits until it takes connections.
    #[track_caller]
    pub(crate) fn start_again(&mut self) {
        assert!(self.process.is_none(), "the server is running");
        let file = self.folder.path().join("server.conf");
        let store = self.store();
        let (port, more) = (self.port, &self.configuration);
        std::fs::write(
            &file,
            format!("listen: \"127.0.0.1:{port}\"\njetstream {{ store_dir: {store:?} }}\n{more}\n"),
        )
        .unwrap();
        let mut process = Command::new(binary())
            .arg("-c")
            .arg(&file)
            .envs(PASSWORDS)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        while !said.contains("Server is ready") {
            let before = said.len();
            lines.read_line(&mut said).unwrap();
            assert!(said.len() > before, "the server did not start:\n{said}");
        }
        // Whatever else it says is read, so that it never waits for us.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        self.process = Some(process);
    }

    /// Ends it in an instant, as a power cut of its program alone would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Throws away all that it kept; it must not be running.
    pub(crate) fn empty(&self) {
        assert!(self.process.is_none(), "the server is running");
        std::fs::remove_dir_all(self.store()).unwrap();
    }

    /// Stops it in the middle of whatever it does, or lets it go on.
    pub(crate) fn signal(&self, signal: &str) {
        let process = self.process.as_ref().unwrap().id().to_string();
        let status = Command::new("kill").args([signal, &process]).status().unwrap();
        assert!(status.success());
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The one that is named, or one on the path that is new enough, or the one that `tests/run tools` installed.
fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("NATS_SERVER_BIN") {
        return named.into();
    }
    let on_the_path = Path::new("nats-server");
    if version(on_the_path).is_some_and(|version| version >= (2, 12)) {
        return on_the_path.to_owned();
    }
    let executable = executable();
    let target = executable.parent().and_then(Path::parent).unwrap();
    let installed = target.join("tools/nats/bin/nats-server");
    assert!(
        installed.is_file(),
        "{} is not there: these tests start a NATS server.  `tests/run tools` installs it.",
        installed.display()
    );
    installed
}

/// `nats-server: v2.15.1`
fn version(server: &Path) -> Option<(u32, u32)> {
    let output = Command::new(server).arg("--version").output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let (_, version) = said.trim().rsplit_once('v')?;
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

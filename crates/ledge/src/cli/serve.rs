//! The office as a service, and the way to NATS.

use std::net::SocketAddr;
use std::path::PathBuf;

use bus::Keeping;
use clap::Args;
use subscriber::Access;

const SERVE: &str = "\
Examples:
  ledge serve
  ledge serve --nats nats://localhost:4222 --watch 127.0.0.1:9464
  ledge serve --nats tls://nats.example:4222 --nats-authority ca.pem \\
      --nats-credentials office.creds";

const NATS: &str = "NATS";

#[derive(Args, Debug)]
#[command(after_help = SERVE)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) nats: Nats,
    /// On how many servers each event is kept, where the stream has to be made: 1, 3 or 5.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = replicas, help_heading = NATS)]
    pub(crate) replicas: usize,
    /// Answer `/ready`, `/live` and `/metrics` (for Prometheus) over HTTP here; otherwise nowhere.
    #[arg(long, value_name = "ADDRESS:PORT", env = "LEDGE_WATCH", value_parser = watch)]
    pub(crate) watch: Option<Watch>,
    /// Begin no days: somebody else does, with `ledge day`.
    #[arg(long)]
    pub(crate) no_days: bool,
}

/// The way to NATS.  What is secret is in files, and never on the command line, which everybody on the machine can read.
#[derive(Args, Clone, Debug)]
pub(crate) struct Nats {
    /// The servers: nats://host:4222 or tls://host:4222, several with commas between them.
    #[arg(long, value_name = "SERVERS", env = "LEDGE_NATS", help_heading = NATS)]
    pub(crate) nats: Option<String>,
    /// The stream of events.
    #[arg(long, value_name = "NAME", env = "LEDGE_NATS_STREAM", default_value = subscriber::STREAM, value_parser = stream, help_heading = NATS)]
    pub(crate) nats_stream: String,
    /// Credentials of a user there (a JWT and a seed), as `nsc` writes them.
    #[arg(long, value_name = "FILE", env = "LEDGE_NATS_CREDENTIALS", requires = "nats", help_heading = NATS)]
    nats_credentials: Option<PathBuf>,
    /// The seed of an nkey.
    #[arg(long, value_name = "FILE", env = "LEDGE_NATS_NKEY", requires = "nats", help_heading = NATS)]
    nats_nkey: Option<PathBuf>,
    /// A user there, with --nats-password.
    #[arg(long, value_name = "NAME", env = "LEDGE_NATS_USER", requires = "nats_password", help_heading = NATS)]
    nats_user: Option<String>,
    /// The file that holds the user's password.
    #[arg(long, value_name = "FILE", env = "LEDGE_NATS_PASSWORD", requires = "nats_user", help_heading = NATS)]
    nats_password: Option<PathBuf>,
    /// The file that holds a token.
    #[arg(long, value_name = "FILE", env = "LEDGE_NATS_TOKEN", requires = "nats", help_heading = NATS)]
    nats_token: Option<PathBuf>,
    /// Certificates (PEM) of who may have signed the servers' own; with it nothing goes unencrypted.
    #[arg(long, value_name = "FILE", env = "LEDGE_NATS_AUTHORITY", requires = "nats", help_heading = NATS)]
    nats_authority: Option<PathBuf>,
    /// This service's own certificate (PEM), with --nats-key.
    #[arg(long, value_name = "FILE", env = "LEDGE_NATS_CERTIFICATE", requires = "nats_key", help_heading = NATS)]
    nats_certificate: Option<PathBuf>,
    /// The key (PEM) of this service's own certificate.
    #[arg(long, value_name = "FILE", env = "LEDGE_NATS_KEY", requires = "nats_certificate", help_heading = NATS)]
    nats_key: Option<PathBuf>,
}

/// Where those who watch are answered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Watch {
    /// The variable is there, and empty.
    Nowhere,
    At(SocketAddr),
}

impl Nats {
    /// Where the servers are, if any are named, and who one is there.
    pub(crate) fn access(&self, name: &str) -> Option<Access> {
        // A variable that is there and empty is as good as none.
        let given = |file: &Option<PathBuf>| file.clone().filter(|it| !it.as_os_str().is_empty());
        let named = |text: &Option<String>| text.clone().filter(|it| !it.is_empty());
        Some(Access {
            credentials: given(&self.nats_credentials),
            nkey: given(&self.nats_nkey),
            user: named(&self.nats_user).zip(given(&self.nats_password)),
            token: given(&self.nats_token),
            authority: given(&self.nats_authority),
            certificate: given(&self.nats_certificate).zip(given(&self.nats_key)),
            ..Access::to(named(&self.nats)?, name)
        })
    }
}

impl Serve {
    pub(crate) fn keeping(&self) -> Keeping {
        Keeping { stream: self.nats.nats_stream.clone(), replicas: self.replicas }
    }
}

fn watch(text: &str) -> Result<Watch, String> {
    if text.is_empty() {
        return Ok(Watch::Nowhere);
    }
    text.parse().map(Watch::At).map_err(|_| {
        format!("`{text}` is no address and port of this machine, such as 127.0.0.1:9464")
    })
}

fn replicas(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(replicas @ (1 | 3 | 5)) => Ok(replicas),
        _ => Err("events are kept on 1, 3 or 5 servers".to_owned()),
    }
}

/// A stream's name is also part of subjects.
fn stream(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.is_empty() || text.len() > 128 || !text.bytes().all(plain) {
        return Err("a stream's name has letters, digits, `-` and `_`".to_owned());
    }
    Ok(text.to_owned())
}

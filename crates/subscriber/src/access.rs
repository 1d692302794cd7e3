use std::path::{Path, PathBuf};
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, ServerAddr};

use crate::Failure;

/// So many messages may wait to be sent.
const WAITING: usize = 16 * 1024;

/// Between two tries to reach a server that went, at most.
const BETWEEN_TRIES: Duration = Duration::from_secs(2);

/// Where the servers are, and how one proves who one is there.  Secrets are only ever in files, which nobody prints.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Access {
    /// `nats://host:4222`, or `tls://host:4222`; several with commas between them.
    pub servers: String,
    /// The name of the service, which servers list.  Replies come to `_INBOX.<user>.>`, or else `_INBOX.<name>.>`, which nobody
    /// else need be allowed to read.
    pub name: String,
    /// Credentials of a user (JWT and nkey), as `nsc` writes them.
    pub credentials: Option<PathBuf>,
    /// An nkey's seed.
    pub nkey: Option<PathBuf>,
    /// A user, and the file with its password.
    pub user: Option<(String, PathBuf)>,
    /// The file with a token.
    pub token: Option<PathBuf>,
    /// Certificates of who may have signed the server's own, in PEM; with them, nothing goes unencrypted.
    pub authority: Option<PathBuf>,
    /// The service's own certificate and its key, in PEM.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

impl Access {
    /// Of a server that lets everybody in.
    #[must_use]
    pub fn to(servers: impl Into<String>, name: impl Into<String>) -> Self {
        Self { servers: servers.into(), name: name.into(), ..Self::default() }
    }

    /// Connects, and stays connected: a server that goes is sought again for as long as the client lives.  A server that is
    /// not there yet is a failure.
    ///
    /// # Errors
    /// The address or a file is not what it should be, or the server does not answer, or will not have us.
    pub async fn connect(&self) -> Result<Client, Failure> {
        self.connect_with(self.options()?).await
    }

    /// The same, but a server that is not there yet is waited for in the background.
    ///
    /// # Errors
    /// The address or a file is not what it should be.
    pub async fn connect_when_there(&self) -> Result<Client, Failure> {
        self.connect_with(self.options()?.retry_on_initial_connect()).await
    }

    async fn connect_with(&self, options: ConnectOptions) -> Result<Client, Failure> {
        let addresses = self.addresses()?;
        options
            .connect(addresses)
            .await
            .map_err(|source| Failure::Connect { servers: self.servers.clone(), source })
    }

    fn options(&self) -> Result<ConnectOptions, Failure> {
        let mut options = self.identity()?;
        options = options
            .name(&self.name)
            .custom_inbox_prefix(format!("_INBOX.{}", token(self.inbox())))
            .client_capacity(WAITING)
            .connection_timeout(Duration::from_secs(5))
            .reconnect_delay_callback(|tries| {
                BETWEEN_TRIES
                    .min(Duration::from_millis(20) * 2_u32.saturating_pow(tries.min(10) as u32))
            })
            .event_callback(|event| async move {
                match event {
                    // What one may not do, among others: nobody else is told why nothing comes back.
                    Event::ServerError(_) | Event::ClientError(_) | Event::SlowConsumer(_) => {
                        tracing::warn!(%event, "nats");
                    }
                    event => tracing::info!(%event, "nats"),
                }
            });
        if let Some(authority) = &self.authority {
            readable(authority, "certificates of who signs")?;
            options = options.add_root_certificates(authority.clone()).require_tls(true);
        }
        if let Some((certificate, key)) = &self.certificate {
            readable(certificate, "the certificate of this service")?;
            readable(key, "the key of this service's certificate")?;
            options =
                options.add_client_certificate(certificate.clone(), key.clone()).require_tls(true);
        }
        Ok(options)
    }

    /// Whose replies they are.
    fn inbox(&self) -> &str {
        self.user.as_ref().map_or(&self.name, |(user, _)| user)
    }

    fn identity(&self) -> Result<ConnectOptions, Failure> {
        let given: Vec<&str> = [
            (self.credentials.is_some(), "credentials"),
            (self.nkey.is_some(), "nkey"),
            (self.user.is_some(), "user and password"),
            (self.token.is_some(), "token"),
        ]
        .into_iter()
        .filter_map(|(given, way)| given.then_some(way))
        .collect();
        if given.len() > 1 {
            return Err(Failure::Ways { ways: given.join(", ") });
        }
        let options = ConnectOptions::new();
        Ok(match (&self.credentials, &self.nkey, &self.user, &self.token) {
            (Some(file), ..) => {
                let text = secret(file, "credentials of a user: a JWT and a seed")?;
                options.credentials(&text).map_err(|source| Failure::File {
                    path: file.clone(),
                    what: "credentials of a user: a JWT and a seed",
                    source,
                })?
            }
            (_, Some(file), ..) => options.nkey(secret(file, "the seed of an nkey")?),
            (_, _, Some((user, file)), _) => {
                options.user_and_password(user.clone(), secret(file, "a password")?)
            }
            (.., Some(file)) => options.token(secret(file, "a token")?),
            (None, None, None, None) => options,
        })
    }

    fn addresses(&self) -> Result<Vec<ServerAddr>, Failure> {
        self.servers.split(',').map(|one| address(one.trim())).collect()
    }
}

fn address(text: &str) -> Result<ServerAddr, Failure> {
    let bad = || Failure::Address { address: text.to_owned() };
    // Before it is read at all: what cannot be read is shown, and a secret must not be.
    if let Some((before, host)) = text.rsplit_once('@') {
        let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
        let between = if scheme.is_empty() { "" } else { "://" };
        return Err(Failure::SecretInAddress { shown: format!("{scheme}{between}…@{host}") });
    }
    if text.is_empty() {
        return Err(bad());
    }
    let address: ServerAddr = text.parse().map_err(|_| bad())?;
    match address.scheme() {
        "nats" | "tls" if !address.host().is_empty() => Ok(address),
        _ => Err(bad()),
    }
}

/// What stands in a file, without the line's end behind it.
fn secret(file: &Path, what: &'static str) -> Result<String, Failure> {
    let failed = |source| Failure::File { path: file.to_owned(), what, source };
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(failed(std::io::Error::new(std::io::ErrorKind::InvalidData, "it is empty")));
    }
    Ok(text.to_owned())
}

fn readable(file: &Path, what: &'static str) -> Result<(), Failure> {
    let failed = |source| Failure::File { path: file.to_owned(), what, source };
    std::fs::File::open(file).map(drop).map_err(failed)
}

/// The name as one token of a subject.
fn token(name: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() || sign == '-' { sign } else { '_' };
    let token: String = name.chars().map(plain).collect();
    if token.is_empty() { "ledge".to_owned() } else { token }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(servers: &str) -> String {
        Access::to(servers, "finance").addresses().unwrap_err().to_string()
    }

    #[test]
    fn a_secret_in_an_address_is_refused_and_not_repeated() {
        for address in
            ["nats://finance:s3cret@host:4222", "finance:s3cret@host", "tls://s3cret@host"]
        {
            let said = refused(&format!("nats://one:4222,{address}"));
            assert!(said.contains("host") && !said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        for address in ["", "http://host", "nats://", "nats://one:4222,,"] {
            assert!(Access::to(address, "finance").addresses().is_err(), "{address}");
        }
        assert_eq!(Access::to("tls://a:1, nats://b , c", "x").addresses().unwrap().len(), 3);
    }

    #[test]
    fn two_ways_to_prove_who_one_is_are_one_too_many() {
        let access = Access {
            credentials: Some("a.creds".into()),
            token: Some("token".into()),
            ..Access::to("nats://host", "finance")
        };
        let said = access.identity().err().unwrap().to_string();
        assert!(said.contains("credentials, token"), "{said}");
    }

    #[test]
    fn an_empty_file_of_a_secret_is_a_failure_that_names_it() {
        let access =
            Access { token: Some("/dev/null".into()), ..Access::to("nats://host", "finance") };
        assert!(access.identity().err().unwrap().to_string().contains("/dev/null"));
    }
}

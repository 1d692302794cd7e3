//! Who writes, and through which server: `letters.toml` in the office's folder.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::Failure;

/// Where the password is taken from where no file is named.
pub const PASSWORD_VARIABLE: &str = "LEDGE_SMTP_PASSWORD";

/// How long a server is waited for where nothing else is set, at each step.
const PATIENCE: u64 = 60;

/// What `letters.toml` says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct LetterSettings {
    pub sender: Sender,
    /// `None`: letters go to the outbox alone.
    pub smtp: Option<Server>,
}

/// Who writes to schools.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// As recipients see it: `Leading Edge programme office`.
    pub name: String,
    pub address: String,
    /// Where answers go; `None`: to the address.
    pub reply_to: Option<String>,
    /// What stands below a letter, line by line: an office, never a person who may leave.
    pub signature: Vec<String>,
    /// Where the office is reached by post.
    pub postal_address: String,
}

/// A mail server.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: Option<String>,
    /// A file that its owner alone may read; `None`: the password is in the environment.
    pub password_file: Option<PathBuf>,
    /// Certificates, as PEM, that are trusted beside the machine's own.
    pub ca_file: Option<PathBuf>,
    /// At each step; 60 where nothing is set.
    pub timeout_seconds: Option<u64>,
}

/// How a connection is kept from being read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Begun in the clear and then encrypted, or not used at all.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// In the clear: only to this machine itself, or where that is asked for.
    Plain,
}

/// Whether a server elsewhere may be spoken to in the clear.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InTheClear {
    ToThisMachineOnly,
    Anywhere,
}

/// A password.  It is shown nowhere.
#[derive(Clone, Eq, PartialEq)]
pub(super) struct Password(pub(super) String);

impl LetterSettings {
    /// Reads `letters.toml`.
    ///
    /// # Errors
    /// It is not there, or not what it should be: a refusal that says what would be.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(file).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => Failure::Refused(format!(
                "there is no `{}`, which says who writes to schools: begin with deploy/letters.toml",
                file.display()
            )),
            _ => Failure::Unreadable { path: file.display().to_string(), source },
        })?;
        Self::of(&text).map_err(|why| Failure::Refused(format!("`{}`: {why}", file.display())))
    }

    pub(super) fn of(text: &str) -> Result<Self, String> {
        let settings: Self =
            toml::from_str(text).map_err(|error| error.message().trim_end().to_owned())?;
        settings.sender.fits()?;
        if let Some(server) = &settings.smtp {
            server.fits()?;
        }
        Ok(settings)
    }
}

impl Sender {
    fn fits(&self) -> Result<(), String> {
        let lines = [&self.name, &self.address, &self.postal_address];
        let lines = lines.into_iter().chain(&self.reply_to).chain(&self.signature);
        for line in lines {
            if line.trim().is_empty() || line.chars().any(char::is_control) {
                return Err("every line of [sender] is a line of text, and none is empty".into());
            }
        }
        if self.signature.is_empty() {
            return Err("signature: at least one line, such as \"The programme office\"".into());
        }
        for address in [Some(&self.address), self.reply_to.as_ref()].into_iter().flatten() {
            if !address.is_ascii() || address.parse::<lettre::Address>().is_err() {
                return Err(format!(
                    "`{address}` is not an address such as office@network.example"
                ));
            }
        }
        Ok(())
    }

    /// The part of the address after the sign.
    pub(super) fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

impl Server {
    fn fits(&self) -> Result<(), String> {
        if self.host.trim().is_empty() || self.host.contains("://") {
            return Err("host: the name of the server alone, such as smtp.network.example".into());
        }
        if self.timeout_seconds == Some(0) {
            return Err("timeout_seconds: at least 1".into());
        }
        if self.user.is_none() && self.password_file.is_some() {
            return Err("user: a password needs one".into());
        }
        Ok(())
    }

    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.unwrap_or(PATIENCE))
    }

    /// Refuses to speak in the clear to another machine.
    pub(super) fn is_private(&self, in_the_clear: InTheClear) -> Result<(), Failure> {
        let here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        match (self.security, in_the_clear) {
            (Security::Plain, InTheClear::ToThisMachineOnly) if !here => {
                Err(Failure::Refused(format!(
                    "letters and the password would go to {} in the clear: set security to \"starttls\" or \"tls\", or say \
                     --allow-plain",
                    self.host
                )))
            }
            _ => Ok(()),
        }
    }

    /// The password, from the file, or else from the environment.
    pub(super) fn password(
        &self,
        environment: Option<String>,
    ) -> Result<Option<Password>, Failure> {
        if self.user.is_none() {
            return Ok(None);
        }
        let password = match &self.password_file {
            Some(file) => Some(secret(file)?),
            None => environment,
        };
        let password = password.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
        match password.filter(|text| !text.is_empty()) {
            Some(password) => Ok(Some(Password(password))),
            None => Err(Failure::Refused(format!(
                "there is no password for the mail server: name a password_file in [smtp], or set {PASSWORD_VARIABLE}"
            ))),
        }
    }
}

/// What a file says that its owner alone may read.
fn secret(path: &Path) -> Result<String, Failure> {
    let unreadable = |source| Failure::Unreadable { path: path.display().to_string(), source };
    let mut file = fs::File::open(path).map_err(unreadable)?;
    if is_open_to_others(&file).map_err(unreadable)? {
        return Err(Failure::Refused(format!(
            "`{0}` has the password of the mail server, and others than its owner may read or change it: chmod 600 {0}",
            path.display()
        )));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

#[cfg(unix)]
fn is_open_to_others(file: &fs::File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Who may read a file is not told by its mode there.
#[cfg(not(unix))]
fn is_open_to_others(_: &fs::File) -> io::Result<bool> {
    Ok(false)
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDER: &str = "[sender]\nname = \"Programme office\"\naddress = \"office@network.example\"\n\
        signature = [\"The programme office\"]\npostal_address = \"1 High Street\"\n";

    fn server(more: &str) -> Result<Server, String> {
        let text = format!(
            "{SENDER}[smtp]\nhost = \"mail.network.example\"\nport = 587\nsecurity = \"starttls\"\n{more}"
        );
        LetterSettings::of(&text).map(|settings| settings.smtp.unwrap())
    }

    #[test]
    fn the_example_that_is_deployed_is_read() {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/letters.toml");
        let settings = LetterSettings::read(Path::new(example)).unwrap();
        assert_eq!(settings.smtp.unwrap().security, Security::StartTls);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, told) in [
            (SENDER.replace("office@network.example", "office"), "`office` is not an address"),
            (SENDER.replace("[\"The programme office\"]", "[]"), "signature"),
            (SENDER.replace("1 High", "1\\u001b High"), "a line of text"),
            (format!("{SENDER}colour = 1\n"), "unknown field `colour`"),
        ] {
            let why = LetterSettings::of(&text).unwrap_err();
            assert!(why.contains(told), "{why}");
        }
        assert!(server("timeout_seconds = 0").unwrap_err().contains("at least 1"));
        assert!(server("password = \"secret\"").unwrap_err().contains("unknown field `password`"));
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        let mut server = server("").unwrap();
        server.security = Security::Plain;
        let refused = server.is_private(InTheClear::ToThisMachineOnly).unwrap_err().to_string();
        assert!(refused.contains("in the clear"), "{refused}");
        server.is_private(InTheClear::Anywhere).unwrap();
        server.host = "localhost".into();
        server.is_private(InTheClear::ToThisMachineOnly).unwrap();
    }

    #[test]
    fn a_password_is_never_shown() {
        let server = server("user = \"office\"").unwrap();
        let password = server.password(Some("hunter2\n".into())).unwrap().unwrap();
        assert_eq!(password.0, "hunter2");
        assert!(!format!("{password:?}").contains("hunter2"));
        assert!(server.password(None).unwrap_err().to_string().contains(PASSWORD_VARIABLE));
    }

    #[cfg(unix)]
    #[test]
    fn a_password_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "hunter2\n").unwrap();
        let more = format!("user = \"office\"\npassword_file = '{}'", file.display());
        let server = server(&more).unwrap();
        for mode in [0o644, 0o640, 0o604, 0o620] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let refused = server.password(None).unwrap_err().to_string();
            assert!(refused.contains("chmod 600") && !refused.contains("hunter2"), "{refused}");
        }
        for mode in [0o600, 0o400] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(server.password(None).unwrap().unwrap().0, "hunter2");
        }
    }
}

//! A mail server, spoken to step by step: up to the end of a message nothing is lost by trying again, and after it nobody
//! knows, until the server has answered.

use std::fs;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;

use super::handing::Handed;
use super::reply::Reply;
use super::settings::{InTheClear, Password, Security, Sender, Server};
use crate::Failure;

/// A server, and the connection to it while there is one.
pub(super) struct Smtp {
    server: Server,
    password: Option<Password>,
    hello: ClientId,
    tls: Option<TlsParameters>,
    connection: Option<SmtpConnection>,
}

impl Smtp {
    pub(super) fn of(
        server: &Server,
        sender: &Sender,
        in_the_clear: InTheClear,
        environment: Option<String>,
    ) -> Result<Self, Failure> {
        server.is_private(in_the_clear)?;
        let tls = match server.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(tls(server)?),
        };
        Ok(Self {
            server: server.clone(),
            password: server.password(environment)?,
            hello: ClientId::Domain(sender.domain().to_owned()),
            tls,
            connection: None,
        })
    }

    /// Connects, unless it is connected: what goes wrong here went wrong before anything was handed over.
    pub(super) fn ready(&mut self) -> Result<(), Failure> {
        if self.connection.as_ref().is_some_and(|connection| !connection.has_broken()) {
            return Ok(());
        }
        let connection = self.connect().map_err(|source| Failure::MailServer {
            server: format!("{}:{}", self.server.host, self.server.port),
            why: source.to_string(),
        })?;
        self.connection = Some(connection);
        Ok(())
    }

    fn connect(&self) -> Result<SmtpConnection, Error> {
        let at = (self.server.host.as_str(), self.server.port);
        let from_the_first = match self.server.security {
            Security::Tls => self.tls.as_ref(),
            Security::StartTls | Security::Plain => None,
        };
        let timeout = Some(self.server.timeout());
        let mut connection =
            SmtpConnection::connect(at, timeout, &self.hello, from_the_first, None)?;
        if let (Security::StartTls, Some(tls)) = (self.server.security, &self.tls) {
            // A server that does not offer it is not spoken to any further.
            connection.starttls(tls, &self.hello)?;
        }
        if let (Some(user), Some(password)) = (&self.server.user, &self.password) {
            let credentials = Credentials::new(user.clone(), password.0.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)?;
        }
        Ok(connection)
    }

    /// Hands a message over, on the connection that is there.
    pub(super) fn hand_over(&mut self, message: &Message) -> Handed {
        let Some(connection) = &mut self.connection else {
            return Handed::NotNow(Reply::ours("there is no connection to the mail server"));
        };
        let handed = converse(connection, message);
        let is_whole = matches!(&handed, Handed::Taken(_))
            || (handed.is_an_answer() && connection.command(Rset).is_ok());
        if !is_whole {
            self.part();
        }
        handed
    }

    /// Ends the connection.
    pub(super) fn part(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.abort();
        }
    }
}

fn converse(connection: &mut SmtpConnection, message: &Message) -> Handed {
    let envelope = message.envelope();
    let bytes = message.formatted();
    let from = Mail::new(envelope.from().cloned(), vec![]);
    if let Err(error) = connection.command(from) {
        // What it has against the sender it has against every letter: this one is not to blame.
        return Handed::NotNow(reply(&error));
    }
    for to in envelope.to() {
        if let Err(error) = connection.command(Rcpt::new(to.clone(), vec![])) {
            return Handed::not_taken(&error);
        }
    }
    if let Err(error) = connection.command(Data) {
        return Handed::not_taken(&error);
    }
    match connection.message(&bytes) {
        Ok(response) => {
            let words: Vec<&str> = response.message().collect();
            Handed::Taken(Reply::of(response.code().into(), &words.join(" ")))
        }
        // An answer is a no.  Without one, nobody knows.
        Err(error) if error.status().is_some() => Handed::not_taken(&error),
        Err(error) => Handed::Unknown(reply(&error)),
    }
}

impl Handed {
    fn not_taken(error: &Error) -> Self {
        if error.is_permanent() { Self::Never(reply(error)) } else { Self::NotNow(reply(error)) }
    }
}

fn tls(server: &Server) -> Result<TlsParameters, Failure> {
    let wrong = |why: String| Failure::Refused(format!("the mail server's certificates: {why}"));
    let mut tls = TlsParameters::builder(server.host.clone());
    if let Some(file) = &server.ca_file {
        let pem = fs::read(file)
            .map_err(|source| Failure::Unreadable { path: file.display().to_string(), source })?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        tls = tls.add_root_certificate(certificate);
    }
    tls.build_rustls().map_err(|error| wrong(error.to_string()))
}

/// The words of a server are the cause of what the mail library made of them.
fn reply(error: &Error) -> Reply {
    match error.status() {
        Some(code) => {
            let words = std::error::Error::source(error).map(ToString::to_string);
            Reply::of(code.into(), &words.unwrap_or_default())
        }
        None => Reply::unreadable(error.to_string()),
    }
}

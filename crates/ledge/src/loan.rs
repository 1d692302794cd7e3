//! One office a folder, also while it is served: who serves it lends it to a command that has to write, and waits until
//! it comes back.
//!
//! A socket in the folder, open to the folder's owner alone, is where one asks.  Whoever asks is told `yours` when the office
//! is closed and free, opens it as ever, and gives it back by closing the connection, which its system does however it ends.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// What the lender says when the office is free.
const YOURS: &[u8] = b"yours\n";

/// Where the lender is asked.
fn place(folder: &Path) -> PathBuf {
    folder.join("office.socket")
}

/// The lender's side.
pub(crate) struct Counter {
    listener: UnixListener,
    path: PathBuf,
}

/// The office, on loan: it goes back when this is dropped, so drop it after the office is closed.
#[derive(Debug)]
pub(crate) struct Loan {
    _asked: UnixStream,
}

impl Counter {
    /// Opens in the folder of an office that this process holds.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let path = place(folder);
        // Left by one that was killed: the office is held by us, so nobody else can be lending it.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// The next who asks.
    pub(crate) async fn next(&self) -> io::Result<UnixStream> {
        Ok(self.listener.accept().await?.0)
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // A socket that stays does no harm: nobody answers there.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Tells who asked that the office is theirs, and waits until it comes back.
pub(crate) async fn lend(to: &mut UnixStream) -> io::Result<()> {
    to.write_all(YOURS).await?;
    let mut ignored = [0; 64];
    while to.read(&mut ignored).await? > 0 {}
    Ok(())
}

/// Asks whoever serves the office of a folder for it, waiting for as long as they work; `None` where nobody serves it.
pub(crate) async fn ask(folder: &Path) -> io::Result<Option<Loan>> {
    let mut asked = match UnixStream::connect(place(folder)).await {
        Ok(asked) => asked,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut said = [0; YOURS.len()];
    match asked.read_exact(&mut said).await {
        Ok(_) if said == YOURS => Ok(Some(Loan { _asked: asked })),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it does not speak as `ledge serve` does",
        )),
        // It ended instead: nobody serves the office any more.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_office_is_lent_to_one_after_the_other_and_comes_back_however_they_end() {
        let folder = tempfile::tempdir().unwrap();
        assert!(ask(folder.path()).await.unwrap().is_none(), "nobody serves it");
        let counter = Counter::open(folder.path()).unwrap();
        for _ in 0..2 {
            let (asking, lending) = tokio::join!(ask(folder.path()), async {
                let mut to = counter.next().await.unwrap();
                to.write_all(YOURS).await.unwrap();
                to
            });
            let loan = asking.unwrap().unwrap();
            let mut lending = lending;
            let back = tokio::spawn(async move {
                let mut ignored = [0; 1];
                lending.read(&mut ignored).await.unwrap()
            });
            assert!(!back.is_finished(), "it is out");
            drop(loan);
            assert_eq!(back.await.unwrap(), 0, "it is back");
        }
        drop(counter);
        assert!(ask(folder.path()).await.unwrap().is_none(), "it is served no more");
    }

    #[tokio::test]
    async fn a_socket_of_one_that_was_killed_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        // Closed without being removed, as a killed process leaves it.
        drop(UnixListener::bind(place(folder.path())).unwrap());
        assert!(ask(folder.path()).await.unwrap().is_none());
        drop(Counter::open(folder.path()).unwrap());
    }
}

use std::any::type_name;
use std::fs::File;
use std::io;
use std::sync::OnceLock;

use cqrs_es::Aggregate;

/// What a snapshot of `A` must carry to be believed: the hash of the very program that runs, and the type's name.
///
/// A state is only as good as the rules that made it, and a version number to be raised by hand is forgotten sooner or
/// later.  So a new program makes its aggregates from their streams once.  Nothing, when the program cannot be read:
/// then there are no snapshots.
pub(crate) fn fingerprint<A: Aggregate>() -> Option<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(program()?.as_bytes());
    hasher.update(A::TYPE.as_bytes());
    hasher.update(b"\0");
    hasher.update(type_name::<A>().as_bytes());
    Some(*hasher.finalize().as_bytes())
}

/// The hash of the program, read once (some tens of milliseconds).
pub(crate) fn program() -> Option<blake3::Hash> {
    static PROGRAM: OnceLock<Option<blake3::Hash>> = OnceLock::new();
    *PROGRAM.get_or_init(|| match read() {
        Ok(hash) => Some(hash),
        Err(error) => {
            tracing::warn!(%error, "the program cannot be read, so there are no snapshots");
            None
        }
    })
}

fn read() -> io::Result<blake3::Hash> {
    // On Linux this is the file that runs, also when another has taken its name since.
    let file = File::open("/proc/self/exe").or_else(|_| File::open(std::env::current_exe()?))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file)?;
    Ok(hasher.finalize())
}

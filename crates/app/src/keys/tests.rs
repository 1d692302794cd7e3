use super::*;

fn person(last: u8) -> PersonId {
    format!("0190c0de-0000-7000-8000-0000000000{last:02}").parse().unwrap()
}

fn day() -> NaiveDate {
    "2020-01-06".parse().unwrap()
}

/// The bytes of the key, as SQLite has them.
fn key_of(keys: &Keys, person: PersonId) -> Vec<u8> {
    match keys.find(person).unwrap() {
        Found::Key(key) => key.to_vec(),
        Found::Destroyed | Found::Nothing => panic!("{person} has no key"),
    }
}

fn has(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let file = fs::read(file.unwrap().path()).unwrap();
        file.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn what_is_sealed_opens_for_its_person_and_purpose_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::at(&folder.path().join("keys/keys.sqlite"));
    keys.make(&[person(1), person(2)]).unwrap();
    let sealed = keys.seal(person(1), "details", b"Ann Hill\0").unwrap();
    assert_eq!(keys.open(&sealed, "details").unwrap().unwrap().as_slice(), b"Ann Hill\0");
    assert!(matches!(keys.open(&sealed, "letter"), Err(Failure::NotOpened { .. })));
    let anothers = Sealed { person: person(2), ..sealed.clone() };
    assert!(matches!(keys.open(&anothers, "details"), Err(Failure::NotOpened { .. })));
    for at in 0..sealed.ciphertext.len() {
        let mut changed = sealed.clone();
        changed.ciphertext[at] ^= 1;
        assert!(matches!(keys.open(&changed, "details"), Err(Failure::NotOpened { .. })));
    }
    let nobodys = Sealed { person: person(3), ..sealed };
    assert!(matches!(keys.open(&nobodys, "details"), Err(Failure::KeyMissing { .. })));
    let again = Keys::at(&folder.path().join("keys/keys.sqlite"));
    let (one, other) = (keys.seal(person(1), "", b"").unwrap(), again.seal(person(1), "", b""));
    assert_ne!(one, other.unwrap(), "a nonce is never used again");
}

#[test]
fn the_length_of_a_seal_does_not_tell_one_name_from_another() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::at(&folder.path().join("keys.sqlite"));
    keys.make(&[person(1)]).unwrap();
    let long = |plain: &[u8]| keys.seal(person(1), "", plain).unwrap().ciphertext.len();
    assert_eq!(long(b"Li"), long(&[b'x'; 100]));
    assert_eq!(long(b""), BLOCK + 16);
    assert_eq!(long(&[0; BLOCK]), 2 * BLOCK + 16);
}

#[test]
fn a_destroyed_key_leaves_no_byte_and_a_mark() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::at(&folder.path().join("keys.sqlite"));
    let all: Vec<PersonId> = (1..=99).map(person).collect();
    // In an order in which pages are split, as well.
    for part in [1, 3, 0, 2] {
        let some: Vec<PersonId> = all.iter().copied().skip(part).step_by(4).collect();
        keys.make(&some).unwrap();
    }
    let gone: Vec<(PersonId, NaiveDate)> =
        (1..=99).step_by(3).map(|it| (person(it), day())).collect();
    let before: Vec<Vec<u8>> = gone.iter().map(|(person, _)| key_of(&keys, *person)).collect();
    let kept = key_of(&keys, person(2));
    assert!(before.iter().all(|key| has(folder.path(), key)));
    let sealed = keys.seal(person(1), "details", b"Ann").unwrap();
    assert_eq!(keys.destroy(&gone).unwrap(), gone.len());
    assert!(!before.iter().any(|key| has(folder.path(), key)));
    assert_eq!(key_of(&keys, person(2)), kept);
    assert!(keys.open(&sealed, "details").unwrap().is_none());

    // Whom a mark stands for gets no key again.
    keys.make(&[person(1)]).unwrap();
    assert!(keys.open(&sealed, "details").unwrap().is_none());
    assert!(matches!(keys.seal(person(1), "details", b""), Err(Failure::Refused(_))));
    assert_eq!(keys.destroy(&gone).unwrap(), 0);
    assert_eq!(keys.held(&all).unwrap().len(), all.len() - gone.len());
}

#[cfg(unix)]
#[test]
fn nobody_but_the_office_reads_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::at(&folder.path().join("keys/keys.sqlite"));
    keys.make(&[person(1)]).unwrap();
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode();
    assert_eq!((mode("keys") & 0o777, mode("keys/keys.sqlite") & 0o777), (0o700, 0o600));
    let made: Vec<_> = fs::read_dir(folder.path().join("keys"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| mode(&format!("keys/{name}")) & 0o077 != 0)
        .collect();
    assert!(made.is_empty(), "{made:?}");
}

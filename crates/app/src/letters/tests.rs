use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use contacts::person::Reason;
use contacts::{Details, Role};
use kernel::{CommandId, Grade, LeadingEdgeYear, LetterId, PersonId, Urn};
use letters::About;
use letters::letter::commands::Wish;
use letters::letter::{Found, Sending};
use membership::Membership;
use membership::membership::{Command as Asks, Invitation};
use national_data::File;
use tokio::runtime::Runtime;

use super::*;
use crate::{Newcomer, Office, What, no_progress};

const SETTINGS: &str = "[sender]\nname = \"Programme office\"\naddress = \"office@network.example\"\n\
    signature = [\"The programme office\"]\npostal_address = \"1 High Street\"\n";

/// An office that has invited two schools, 100003 and 100004, each with a head of its own.
struct Written {
    runtime: Runtime,
    folder: tempfile::TempDir,
    office: Option<Office>,
    heads: Vec<PersonId>,
}

impl Written {
    fn begin() -> Self {
        let mut written = Self {
            runtime: Runtime::new().unwrap(),
            folder: tempfile::tempdir().unwrap(),
            office: None,
            heads: vec![],
        };
        written.open();
        let Self { runtime, office, heads, .. } = &mut written;
        let office = office.as_mut().unwrap();
        let names = "URN,SCHNAME\n100003,Hill Top School\n100004,Low Wood School\n";
        let names = File::from_bytes("schoolnames20180801.csv".to_owned(), names);
        runtime.block_on(office.import(&names, What::Names, None, &no_progress)).unwrap();
        for (number, name) in [(100_003, "Ann"), (100_004, "Bo")] {
            let invitation = Invitation {
                year: LeadingEdgeYear::containing(today()).next(),
                on: today(),
                name: format!("School {number}"),
                grade: Some(Grade::Good),
                progress8: None,
                release: None,
                threshold: None,
                reviewed_as_at: today(),
                until: None,
            };
            let (urn, asked) = (urn(number), office.asked(CommandId::mint()));
            let id = urn.to_string();
            let invited = office.ask::<Membership>(&id, Asks::Invite(invitation), asked);
            runtime.block_on(invited).unwrap();
            let head = newcomer(urn, name);
            heads.push(runtime.block_on(office.add_contact(&head)).unwrap().person.unwrap());
        }
        runtime.block_on(office.settle(&no_progress)).unwrap();
        written
    }

    fn open(&mut self) {
        let noon = today().and_hms_opt(12, 0, 0).unwrap().and_utc();
        let office =
            Office::open(self.folder.path(), Arc::new(move || noon), "office", &no_progress);
        self.office = Some(office.unwrap());
    }

    fn close(&mut self) {
        self.runtime.block_on(self.office.take().unwrap().close()).unwrap();
    }

    fn office(&mut self) -> &mut Office {
        self.office.as_mut().unwrap()
    }

    fn letters(&self) -> Vec<LetterLine> {
        let desk = self.office.as_ref().unwrap().desk();
        let mut letters = desk.letters(&LettersAsked::default(), today()).unwrap();
        letters.sort_by_key(|line| line.urn);
        letters
    }

    fn stands(&self) -> Vec<Stands> {
        self.letters().iter().map(|line| line.stands).collect()
    }

    fn posting(&self, letters: &[LetterId]) -> Result<Posting, Failure> {
        let desk = self.office.as_ref().unwrap().desk();
        let asked = LettersAsked { letters: letters.to_vec(), ..LettersAsked::default() };
        desk.posting(&asked, LettersFailed::Stays, today())
    }

    fn send(&mut self) -> Posted {
        let posting = self.posting(&[]).unwrap();
        self.try_send(&posting).unwrap()
    }

    fn try_send(&mut self, posting: &Posting) -> Result<Posted, Failure> {
        let Self { runtime, office, .. } = self;
        let office = office.as_mut().unwrap();
        let settings = LetterSettings::of(SETTINGS).unwrap();
        let send = office.send_letters(
            posting,
            LetterRoute { settings: &settings, via: Via::Outbox, password: None },
            today(),
            &|| false,
            &no_progress,
        );
        runtime.block_on(send)
    }

    /// As a program leaves it that was killed after the file was in its place, and before that was recorded.
    fn leave_in_doubt(&mut self, letter: LetterId, to: PersonId, message: &str) {
        let Self { runtime, office, .. } = self;
        let office = office.as_mut().unwrap();
        let row = office.desk.letter_row(letter).unwrap();
        let sealed = office.desk.keys.seal_letter(letter, to, message.as_bytes()).unwrap();
        let sending = Sending {
            to,
            role: Recipient::Head,
            transport: Transport::Outbox,
            message_id: format!("<{letter}@network.example>"),
            copy: office.desk.post.keep(&sealed).unwrap(),
            on: today(),
        };
        runtime.block_on(office.ask_letter(&row, Wish::Begin(sending))).unwrap();
        office.desk.post.put(letter, message.as_bytes()).unwrap();
        runtime.block_on(office.settle(&no_progress)).unwrap();
    }

    fn resolve(&mut self, letter: LetterId, found: Found) -> Result<LettersDecided, Failure> {
        let Self { runtime, office, .. } = self;
        let office = office.as_mut().unwrap();
        runtime.block_on(office.resolve_letter(letter, found, "looked for it", today()))
    }

    fn forget(&mut self, person: PersonId) -> crate::Forgotten {
        let Self { runtime, office, .. } = self;
        let office = office.as_mut().unwrap();
        runtime.block_on(office.forget_person(person, Reason::Asked, today())).unwrap()
    }

    fn in_outbox(&self, letter: LetterId) -> PathBuf {
        self.path("outbox").join(format!("{letter}.eml"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn today() -> NaiveDate {
    "2020-01-06".parse().unwrap()
}

fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

fn newcomer(urn: Urn, name: &str) -> Newcomer {
    let email = format!("{}@school.example", name.to_lowercase());
    let details = Details::of(name, &email, None, None).unwrap();
    Newcomer { urn, role: Role::Head, from: today(), details }
}

/// As no program would leave it: `remove_file` takes no folder away.
fn cannot_be_removed(path: &Path) {
    let _ = fs::remove_file(path);
    fs::create_dir(path).unwrap();
}

#[test]
fn a_file_that_cannot_be_removed_keeps_nobody_known_and_no_office_shut() {
    let mut written = Written::begin();
    assert_eq!(written.send().sent.len(), 2);
    let letter = written.letters()[0].letter;
    let file = written.in_outbox(letter);
    cannot_be_removed(&file);
    let ann = written.heads[0];
    let forgotten = written.forget(ann);
    assert!(forgotten.key_destroyed);
    assert_eq!(forgotten.unremoved.len(), 1);
    assert_eq!(forgotten.unremoved[0].path, file);
    assert_eq!(written.office().unremoved(), forgotten.unremoved);

    // It is told by every office that opens, until it can be removed.
    written.close();
    written.open();
    assert_eq!(written.office().unremoved(), forgotten.unremoved);
    written.close();
    fs::remove_dir(&file).unwrap();
    fs::write(&file, "To: Ann").unwrap();
    written.open();
    assert_eq!(written.office().unremoved(), []);
    assert!(!file.exists());
    written.close();
}

#[test]
fn what_was_not_written_to_its_end_goes_with_the_person_and_with_the_next_office() {
    let mut written = Written::begin();
    assert_eq!(written.send().sent.len(), 2);
    let unfinished = ["outbox/.coming", "sent-letters/.coming"].map(|name| written.path(name));
    let leave = || {
        for path in &unfinished {
            fs::write(path, "To: Ann <ann@school.example>").unwrap();
        }
    };
    leave();
    let backup = tempfile::tempdir().unwrap();
    let out = backup.path().join("backup");
    // Somebody's own, though it be called as an unfinished backup might.
    fs::create_dir(backup.path().join("backup.part")).unwrap();
    written.office().desk().back_up(&out, &no_progress).unwrap();
    let names = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert!(backup.path().join("backup.part").is_dir());
    assert_eq!(names(backup.path()), 2);
    assert_eq!((names(&out.join("sent-letters")), names(&written.path("sent-letters"))), (2, 3));
    let ann = written.heads[0];
    assert_eq!(written.forget(ann).unremoved, []);
    assert!(!unfinished.iter().any(|path| path.exists()));

    leave();
    written.close();
    written.open();
    assert!(!unfinished.iter().any(|path| path.exists()));
    written.close();
    for folder in ["outbox", "sent-letters"] {
        for file in fs::read_dir(written.path(folder)).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("ann@"), "{folder}");
        }
    }
}

#[test]
fn a_letter_that_lies_in_the_outbox_went() {
    let mut written = Written::begin();
    let (letter, ann) = (written.letters()[0].letter, written.heads[0]);
    written.leave_in_doubt(letter, ann, "To: Ann");
    let refused = written.resolve(letter, Found::ItDidNot).unwrap_err().to_string();
    assert!(refused.contains(".eml` away first"), "{refused}");
    assert_eq!(written.stands(), [Stands::InDoubt, Stands::Due]);
    fs::remove_file(written.in_outbox(letter)).unwrap();
    written.resolve(letter, Found::ItDidNot).unwrap();
    assert_eq!(written.stands(), [Stands::Due, Stands::Due]);
    written.close();
}

#[test]
fn whoever_a_letter_was_begun_for_takes_their_own_and_nobody_elses() {
    let mut written = Written::begin();
    let letters = written.letters().iter().map(|line| line.letter).collect::<Vec<_>>();
    let [ann, bo] = written.heads[..] else { panic!() };
    for letter in &letters {
        written.leave_in_doubt(*letter, ann, "To: Ann");
        fs::remove_file(written.in_outbox(*letter)).unwrap();
        written.resolve(*letter, Found::ItDidNot).unwrap();
        written.leave_in_doubt(*letter, bo, "To: Bo");
    }
    // The program that sends from there puts back what it could not send.
    fs::write(written.in_outbox(letters[1]), "To: Ann").unwrap();
    assert_eq!(written.forget(ann).unremoved, []);
    assert_eq!(fs::read(written.in_outbox(letters[0])).unwrap(), b"To: Bo");
    assert!(!written.in_outbox(letters[1]).exists());
    assert_eq!(fs::read_dir(written.path("sent-letters")).unwrap().count(), 2);
    written.close();
}

#[test]
fn a_letter_that_is_named_goes_or_is_told_why_not() {
    let mut written = Written::begin();
    let letters = written.letters().iter().map(|line| line.letter).collect::<Vec<_>>();
    let ann = written.heads[0];
    written.leave_in_doubt(letters[0], ann, "To: Ann");
    assert_eq!(written.posting(&letters[1..]).unwrap().letters.len(), 1);
    let refused = |written: &Written, letter| written.posting(&[letter]).unwrap_err().to_string();
    let in_doubt = refused(&written, letters[0]);
    assert!(in_doubt.ends_with("is in doubt: `ledge letter resolve` says what became of it"));
    assert_eq!(written.send().sent, letters[1..]);
    for letter in &letters {
        let sent = refused(&written, *letter);
        assert!(sent.ends_with("went on 6 Jan 2020 and does not go again"), "{sent}");
    }
    let other = About { year: LeadingEdgeYear::containing(today()), ..about(&written, letters[0]) };
    let unknown = refused(&written, other.id());
    assert!(unknown.starts_with("there is no letter"), "{unknown}");
    written.close();
}

#[test]
fn one_key_that_is_missing_keeps_no_other_letter() {
    let mut written = Written::begin();
    written.close();
    let keys = rusqlite::Connection::open(written.path("keys/keys.sqlite")).unwrap();
    let ann = written.heads[0].to_string();
    assert_eq!(keys.execute("DELETE FROM keys WHERE person = ?1", [&ann]).unwrap(), 1);
    drop(keys);
    written.open();
    assert_eq!(written.stands(), [Stands::KeyMissing, Stands::Due]);
    let why = written.letters()[0].why.clone().unwrap();
    assert!(why.contains(&ann), "{why}");
    let posting = written.posting(&[]).unwrap();
    assert_eq!((posting.letters.len(), posting.left.len()), (1, 1));
    assert_eq!(written.send().sent.len(), 1);
    assert_eq!(written.stands(), [Stands::KeyMissing, Stands::Sent]);
    written.close();
}

fn about(written: &Written, letter: LetterId) -> About {
    written.office.as_ref().unwrap().desk().letter_row(letter).unwrap().about()
}

#[test]
fn a_copy_is_that_letters_and_as_it_was_kept_or_is_not_read() {
    let mut written = Written::begin();
    assert_eq!(written.send().sent.len(), 2);
    let letters = written.letters().iter().map(|line| line.letter).collect::<Vec<_>>();
    let copy = |written: &Written, letter| {
        let desk = written.office.as_ref().unwrap().desk();
        let sha256 = desk.letter_row(letter).unwrap().copy.unwrap();
        (written.path("sent-letters").join(&sha256), sha256)
    };
    let verified = |written: &Written| {
        written.office.as_ref().unwrap().desk().verify_copies(&no_progress).unwrap()
    };
    let told = |written: &Written| {
        let faults = verified(written).faults;
        faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let read = |written: &Written, letter| {
        let desk = written.office.as_ref().unwrap().desk();
        desk.letter_copy(letter).map(drop).map_err(|failure| failure.to_string())
    };
    let sound = verified(&written);
    assert_eq!((sound.named, sound.as_they_went, sound.faults.len()), (2, 2, 0));

    // One byte more; then away.
    let ((file, sha256), (other, _)) = (copy(&written, letters[0]), copy(&written, letters[1]));
    let bytes = fs::read(&file).unwrap();
    let restored =
        |bytes: &[u8]| fs::remove_file(&file).and_then(|()| fs::write(&file, bytes)).unwrap();
    restored(&[&bytes[..], b" "].concat());
    let altered = format!(
        "the copy of the letter {} is not as it was kept: restore `sent-letters/{sha256}` from a backup",
        letters[0]
    );
    assert_eq!(told(&written), [altered]);
    assert!(read(&written, letters[0]).unwrap_err().contains("is not as it was kept"));
    assert_eq!(read(&written, letters[1]), Ok(()));
    fs::remove_file(&file).unwrap();
    assert!(
        told(&written)[0].contains("is missing: restore `sent-letters/"),
        "{:?}",
        told(&written)
    );
    assert!(read(&written, letters[0]).unwrap_err().contains("is missing"));
    // In a backup, too.
    let backup = tempfile::tempdir().unwrap();
    let desk = written.office.as_ref().unwrap().desk();
    let made = desk.back_up(&backup.path().join("one"), &no_progress).unwrap();
    assert!(made.faults[0].contains("is missing: restore `sent-letters/"), "{:?}", made.faults);
    fs::write(&file, &bytes).unwrap();
    let made = desk.back_up(&backup.path().join("two"), &no_progress).unwrap();
    assert_eq!((made.letters, made.faults), (2, vec![]));

    // Whoever has no keys sees that the bytes are as they were; whoever was forgotten is no fault.
    let away = written.path("keys.away");
    written.close();
    fs::rename(written.path("keys"), &away).unwrap();
    written.open();
    assert_eq!((verified(&written).unopened, told(&written).len()), (2, 0));
    written.close();
    fs::rename(&away, written.path("keys")).unwrap();
    written.open();
    let ann = written.heads[0];
    written.forget(ann);
    let after = verified(&written);
    assert_eq!((after.as_they_went, after.forgotten, after.faults.len()), (1, 1, 0));
    assert!(read(&written, letters[0]).unwrap_err().contains("was forgotten"));
    // Put back from a backup, nobody reads it.
    fs::write(&file, &bytes).unwrap();
    assert_eq!((verified(&written).forgotten, told(&written).len()), (1, 0));
    assert!(other.exists());
    written.close();
}

#[test]
fn the_copy_of_one_letter_does_not_open_as_anothers_of_the_same_person() {
    let written = Written::begin();
    let letters = written.letters().iter().map(|line| line.letter).collect::<Vec<_>>();
    let ann = written.heads[0];
    let keys = &written.office.as_ref().unwrap().desk().keys;
    let sealed = keys.seal_letter(letters[0], ann, b"To: Ann").unwrap();
    let opened = |letter, person| keys.opened(letter, person, &sealed).unwrap();
    assert!(matches!(opened(letters[0], ann), copies::Kept::AsItWent(_)));
    assert!(matches!(opened(letters[1], ann), copies::Kept::Another));
    assert!(matches!(opened(letters[0], written.heads[1]), copies::Kept::Another));
    // As an earlier version kept them.
    let earlier = keys.seal(ann, "sent letter", b"To: Ann").unwrap();
    assert!(matches!(keys.opened(letters[0], ann, &earlier).unwrap(), copies::Kept::AsItWent(_)));
    let other = keys.seal(ann, "details", b"To: Ann").unwrap();
    assert!(matches!(keys.opened(letters[0], ann, &other).unwrap(), copies::Kept::Another));
}

/// What went after a backup was taken is not in it, and must not go again from the office that is put back.
#[test]
fn an_office_that_was_put_back_holds_its_letters_until_somebody_says_what_went_since() {
    let mut written = Written::begin();
    let (files, letters) = (tempfile::tempdir().unwrap(), written.letters());
    let backup = files.path().join("backup");
    written.office().desk().back_up(&backup, &no_progress).unwrap();
    assert_eq!(written.send().sent.len(), 2);
    assert_eq!(written.office().desk().letters_held(), None);
    written.close();
    fs::rename(written.path("keys"), backup.join("keys")).unwrap();
    let log = files.path().join("log");
    fs::write(&log, format!("to=<a>, id=<{}@network.example>, sent", letters[0].letter)).unwrap();

    // The whole backup, in a new place; or its journal alone, where what was derived of it is not, or is of a longer one.
    let journal_alone = |folder: &Path| {
        fs::copy(backup.join("journal.sqlite"), folder.join("journal.sqlite")).unwrap();
    };
    let whole = tempfile::tempdir().unwrap();
    for file in ["journal.sqlite", "letters-held"] {
        fs::copy(backup.join(file), whole.path().join(file)).unwrap();
    }
    let (bare, over) = (tempfile::tempdir().unwrap(), written.folder.path().to_owned());
    journal_alone(bare.path());
    for file in ["journal.sqlite-wal", "journal.sqlite-shm", "read-models.sqlite"] {
        let _ = fs::remove_file(over.join(file));
    }
    journal_alone(&over);
    for folder in [whole.path(), bare.path(), &over] {
        let copy = folder.join("keys");
        fs::create_dir(&copy).unwrap();
        fs::copy(backup.join("keys/keys.sqlite"), copy.join("keys.sqlite")).unwrap();
    }
    for folder in [whole, bare, written.folder] {
        let mut restored = Written {
            runtime: Runtime::new().unwrap(),
            folder,
            office: None,
            heads: written.heads.clone(),
        };
        restored.open();
        assert_eq!(restored.stands(), [Stands::Due, Stands::Due]);
        let posting = restored.posting(&[]).unwrap();
        assert!(posting.held.as_ref().unwrap().contains("ledge letter resume"));
        assert!(restored.try_send(&posting).unwrap_err().to_string().contains("letters are held"));
        // Also once more opened.
        restored.close();
        restored.open();
        assert!(restored.office().desk().letters_held().is_some());

        let empty = files.path().join("empty");
        fs::write(&empty, "nothing").unwrap();
        let refused = restored.office().resume_letters(&WentSince::In(vec![empty])).unwrap_err();
        assert!(refused.to_string().contains("has no id of a letter"), "{refused}");
        let since = WentSince::In(vec![log.clone()]);
        let resumed = restored.office().resume_letters(&since).unwrap();
        assert_eq!((resumed.found, resumed.due, resumed.unknown), (1, 1, 0));
        assert_eq!(resumed.kept_back, [letters[0].letter]);
        assert_eq!(restored.stands(), [Stands::Overtaken, Stands::Due]);
        // What was listed before it was said does not go either.
        let posted = restored.try_send(&posting).unwrap();
        assert_eq!((&posted.sent[..], posted.unwritten.len()), (&[letters[1].letter][..], 1));
        restored.close();
        restored.open();
        assert_eq!(restored.office().desk().letters_held(), None);
        assert_eq!(restored.stands(), [Stands::Overtaken, Stands::Sent]);
        assert!(restored.office().resume_letters(&WentSince::Nothing).is_err());
        restored.close();
    }
}

#[test]
fn people_who_share_a_mailbox_are_counted_as_people_and_as_one_mailbox() {
    let mut written = Written::begin();
    let count = |written: &Written| {
        let posting = written.posting(&[]).unwrap();
        (posting.letters.len(), posting.people, posting.mailboxes)
    };
    assert_eq!(count(&written), (2, 2, 2));
    let shared = Details::of("Bo", "Ann@School.example", None, None).unwrap();
    let bo = written.heads[1];
    let Written { runtime, office, .. } = &mut written;
    runtime.block_on(office.as_mut().unwrap().correct_contact(bo, &shared, today())).unwrap();
    assert_eq!(count(&written), (2, 2, 1));
    written.close();
}

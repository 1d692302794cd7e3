//! Evidence: kept outside the log, whole or not at all (R5, R6).

use std::fs;
use std::path::{Path, PathBuf};

use app::{Folder, VerifiedDocuments, WrongDocument};
use kernel::Urn;
use membership::Outcome;
use membership::membership::Role;
use national_data::sample::Nation;

use crate::journeys::joining::{found, reviewed, year};
use crate::journeys::world::World;

/// An application that wants evidence, and a folder of papers.
struct Desk {
    world: World,
    urn: Urn,
    papers: tempfile::TempDir,
}

impl Desk {
    #[track_caller]
    fn new() -> Self {
        let mut world = reviewed(&Nation::generate(11, 120));
        let urn = found(&mut world, |finding| finding.outcome == Outcome::Referral)[0];
        let mut desk = Self { world, urn, papers: tempfile::tempdir().unwrap() };
        desk.apply();
        desk
    }

    fn apply(&mut self) {
        let urn = self.urn;
        self.world.at_office(async |office| {
            office.apply(urn, year(), Role::Headteacher, None).await.unwrap()
        });
    }

    fn paper(&self, name: &str, text: &str) -> PathBuf {
        let path = self.papers.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn receive(&mut self, files: &[PathBuf]) -> Result<Vec<String>, String> {
        let urn = self.urn;
        let received =
            self.world.at_office(async |office| office.receive_evidence(urn, files, None).await);
        received
            .map(|documents| documents.iter().map(|it| it.sha256.to_string()).collect())
            .map_err(|failure| {
                assert!(failure.is_refusal(), "{failure}");
                failure.to_string()
            })
    }

    fn kept(&self) -> Vec<PathBuf> {
        let folder = Folder::at(self.world.folder()).documents;
        let Ok(entries) = fs::read_dir(folder) else { return vec![] };
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    fn verified(&mut self) -> VerifiedDocuments {
        self.world.desk().verify_documents(&app::no_progress).unwrap()
    }
}

#[test]
fn a_document_is_kept_once_under_its_hash_and_handed_out_as_it_came() {
    let mut desk = Desk::new();
    let (one, copy) = (desk.paper("results.PDF", "one"), desk.paper("results again.txt", "one"));
    let first = desk.receive(&[one.clone(), copy]).unwrap();
    assert_eq!(first[0], first[1]);
    let before = desk.world.head();
    assert_eq!(desk.receive(&[one]).unwrap(), first[..1]);
    assert_eq!(desk.world.head(), before, "the same document twice is one");
    let kept = desk.kept();
    assert_eq!(kept, [Folder::at(desk.world.folder()).documents.join(&first[0])]);
    assert!(fs::metadata(&kept[0]).unwrap().permissions().readonly());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&kept[0]).unwrap().permissions().mode() & 0o077, 0);
    }

    let (urn, out) = (desk.urn, desk.papers.path().join("out.pdf"));
    let desk_of = desk.world.desk();
    let document = desk_of.document(urn, &first[0][..12]).unwrap();
    assert_eq!(
        (document.name.as_str(), document.media_type.as_str()),
        ("results.PDF", "application/pdf")
    );
    assert_eq!(desk_of.documents().hand_out(&document.sha256, &out).unwrap(), 3);
    assert_eq!(fs::read_to_string(&out).unwrap(), "one");
    let refused = desk_of.documents().hand_out(&document.sha256, &out).unwrap_err();
    assert!(refused.to_string().contains("is there already"), "{refused}");
    assert!(desk_of.document(urn, "ffff").unwrap_err().is_refusal());
}

#[test]
fn what_is_missing_or_altered_is_named() {
    let mut desk = Desk::new();
    let papers = [desk.paper("a.txt", "a"), desk.paper("b.txt", "b"), desk.paper("c.txt", "c")];
    let hashes = desk.receive(&papers).unwrap();
    let verified = desk.verified();
    assert_eq!((verified.named, verified.faults.len(), verified.unnamed.len()), (3, 0, 0));

    let folder = Folder::at(desk.world.folder()).documents;
    fs::remove_file(folder.join(&hashes[0])).unwrap();
    replace(&folder.join(&hashes[1]), "B");
    fs::write(folder.join("stray"), "stray").unwrap();
    let verified = desk.verified();
    let faults: Vec<(&str, &WrongDocument)> =
        verified.faults.iter().map(|fault| (fault.name.as_str(), &fault.wrong)).collect();
    assert_eq!(faults, [("a.txt", &WrongDocument::Missing), ("b.txt", &WrongDocument::Altered)]);
    assert_eq!(verified.unnamed, ["stray"]);

    let (urn, out) = (desk.urn, desk.papers.path().join("b-again.txt"));
    let altered = desk.world.desk().document(urn, &hashes[1]).unwrap().sha256;
    let refused = desk.world.desk().documents().hand_out(&altered, &out).unwrap_err();
    assert!(refused.to_string().contains("is not what was received"), "{refused}");
    assert!(!out.exists());
    // What comes in again is whole again.
    desk.receive(&papers).unwrap();
    assert_eq!(desk.verified().faults, []);
}

#[test]
fn what_is_no_document_is_refused_and_nothing_of_the_others_is_kept() {
    let mut desk = Desk::new();
    let good = desk.paper("good.txt", "good");
    let long = desk.papers.path().join("long.bin");
    fs::File::create(&long).unwrap().set_len(app::LONGEST_DOCUMENT + 1).unwrap();
    let before = desk.world.head();
    for (bad, why) in [
        (desk.papers.path().to_owned(), "is no file"),
        (desk.paper("empty.txt", ""), "is empty"),
        (long, "is longer than the 50 MB"),
        (desk.papers.path().join("none.txt"), "cannot read"),
    ] {
        let refused = desk.receive(&[good.clone(), bad]).unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!((desk.world.head(), desk.kept()), (before, vec![]));
}

#[test]
fn evidence_that_nobody_wants_leaves_nothing_behind() {
    let mut desk = Desk::new();
    let urn = desk.urn;
    desk.world.at_office(async |office| office.withdraw(urn, None, None).await.unwrap());
    let paper = desk.paper("late.txt", "late");
    let refused = desk.receive(&[paper]).unwrap_err();
    assert!(refused.starts_with(&urn.to_string()) && refused.contains("withdrawn"), "{refused}");
    assert_eq!(desk.kept(), Vec::<PathBuf>::new());
}

fn replace(path: &Path, text: &str) {
    fs::remove_file(path).unwrap();
    fs::write(path, text).unwrap();
}

//! Which sample nation a folder holds: two of them in one journal would be neither.

use std::fmt;
use std::path::Path;

use app::{Failure, Folder};

/// The seed and the size that a nation follows from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Chosen {
    pub(super) seed: u64,
    /// Secondary schools.
    pub(super) schools: u32,
}

impl Chosen {
    /// Writes beside the nation's files which one it is, before anything else is written.
    ///
    /// # Errors
    /// The folder holds another nation, or an office that is no demo.
    pub(super) fn settle_in(self, folder: &Path) -> Result<(), Failure> {
        let files = folder.join("files");
        let path = files.join("nation.txt");
        let shown = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) if Self::read(&text) == Some(self) => return Ok(()),
            Ok(text) => return Err(self.elsewhere(folder, &text)),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(Failure::Unreadable { path: shown, source }),
        }
        if Folder::at(folder).journal.exists() {
            return Err(Failure::Refused(format!(
                "`{}` holds an office already, and nothing says that it is a demo: name another folder with --data",
                folder.display()
            )));
        }
        std::fs::create_dir_all(&files)
            .and_then(|()| std::fs::write(&path, self.to_string()))
            .map_err(|source| Failure::File { path: shown, source })
    }

    fn elsewhere(self, folder: &Path, text: &str) -> Failure {
        let folder = folder.display();
        Failure::Refused(match Self::read(text) {
            Some(Self { seed, schools }) => format!(
                "`{folder}` holds another sample nation, of seed {seed} with {schools} schools: go on with `--seed {seed} \
                 --schools {schools}`, or name another folder with --data"
            ),
            None => format!(
                "`{folder}/files/nation.txt` does not say which sample nation this is: two lines, `seed {}` and `schools {}`",
                self.seed, self.schools
            ),
        })
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut number = |name: &str| lines.next()?.strip_prefix(name)?.trim().parse::<u64>().ok();
        let (seed, schools) = (number("seed ")?, number("schools ")?);
        Some(Self { seed, schools: u32::try_from(schools).ok()? })
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}\nschools {}\n", self.seed, self.schools)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NATION: Chosen = Chosen { seed: 2003, schools: 3500 };

    #[test]
    fn a_folder_keeps_the_nation_it_began_with() {
        let folder = tempfile::tempdir().unwrap();
        NATION.settle_in(folder.path()).unwrap();
        NATION.settle_in(folder.path()).unwrap();
        for other in [Chosen { seed: 7, ..NATION }, Chosen { schools: 400, ..NATION }] {
            let refused = other.settle_in(folder.path()).unwrap_err();
            assert!(refused.is_refusal());
            let told = refused.to_string();
            assert!(told.contains("--seed 2003 --schools 3500"), "{told}");
        }
    }

    #[test]
    fn an_office_that_is_no_demo_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(Folder::at(folder.path()).journal, "").unwrap();
        let told = NATION.settle_in(folder.path()).unwrap_err().to_string();
        assert!(told.contains("holds an office already"), "{told}");
        assert!(!folder.path().join("files").exists());
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(Chosen::read(&NATION.to_string()), Some(NATION));
        for text in ["", "seed 7", "schools 7\nseed 7\n", "seed x\nschools 7\n"] {
            assert_eq!(Chosen::read(text), None, "{text:?}");
        }
    }
}

//! Contacts: sealed wherever they are kept, and gone from everywhere once they are forgotten (R39).

use std::path::{Path, PathBuf};

use app::{Office, no_progress};
use kernel::LeadingEdgeYear;
use projections::TABLES;
use serde_json::Value;

use crate::journeys::letters::invite;
use crate::journeys::tables::{assert_same_tables, tables};
use crate::program::{Program, repository, said};

mod killed;

/// Found nowhere but where this test put them.
const NAME: &str = "Zebedee Ælfgifu-Quillfeather";
const EMAIL: &str = "zebedee.quillfeather@hilltop.example";
const LATER: &str = "z.quillfeather-hill@river.example";
const PHONE: &str = "01632 960 7731";

/// An office that knows three schools, with contacts at each.
fn an_office(files: &Path) -> Program {
    let program = Program::on_an_empty_folder();
    let names = files.join("schoolnames20180801.csv");
    std::fs::write(
        &names,
        "URN,SCHNAME\n100003,Hill Top School\n100004,River School\n100005,Wood School\n",
    )
    .unwrap();
    program.run(&["import", "names", names.to_str().unwrap()]);
    let list = files.join("contacts.csv");
    std::fs::write(
        &list,
        "urn,role,name,email,phone,from\n\
         100003,main,Ann Hill,ann@hilltop.example,,2018-09-01\n\
         100004,head,Bo Lee,bo@river.example,,2017-09-01\n\
         100004,finance,Ann Hill,ann@hilltop.example,,2018-09-01\n",
    )
    .unwrap();
    program.run(&["contact", "import", list.to_str().unwrap()]);
    program
}

/// Adds the one with the name that is sought, and lets everything happen to them that can.
fn add_the_one(program: &Program, files: &Path) -> String {
    let details = files.join("details");
    std::fs::write(&details, format!("name: {NAME}\nemail: {EMAIL}\nphone: {PHONE}\n")).unwrap();
    let details = details.to_str().unwrap();
    let add = ["contact", "add", "100003", "--role=head", "--from=2018-09-01", "--from-file"];
    let added = program.json(&[&add[..], &[details, "--json"]].concat());
    let person = added["person"].as_str().unwrap().to_owned();
    program.run(&["contact", "correct", &person, "--email", LATER]);
    program.run(&["contact", "end", &person, "100003", "--role=head", "--until=2019-08-31"]);
    let take = ["contact", "take", &person, "100004", "--role=head", "--from=2019-09-01"];
    let taken = program.json(&[&take[..], &["--json"]].concat());
    assert_eq!(taken["follows"].as_array().unwrap().len(), 1);
    person
}

/// Lets the one have a letter, as a file in the outbox and as a sealed copy, and the finance contact of their school an invoice.
/// Answers the letter of the one.
#[track_caller]
fn write_to_the_one(program: &Program) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let year = runtime.block_on(async {
        let clock = app::clock::wall();
        let mut office = Office::open(program.folder(), clock, "office", &no_progress).unwrap();
        invite(&mut office, "100004".parse().unwrap()).await;
        office.settle(&no_progress).await.unwrap();
        let year = LeadingEdgeYear::containing(office.today());
        office.close().await.unwrap();
        year
    });
    let deploy = |file: &str| repository().join("deploy").join(file);
    program.run(&["invoice", "adopt", deploy("office.toml").to_str().unwrap()]);
    let raise = ["invoice", "raise", "100004", "--key=visit", "--pounds=300", "--what=A visit"];
    program.run(&[&raise[..], &["--year", &year.to_string()]].concat());
    std::fs::copy(deploy("letters.toml"), program.folder().join("letters.toml")).unwrap();
    let sent = program.json(&["letter", "send", "--expect=2", "--json"]);
    assert_eq!(sent["sent"].as_array().unwrap().len(), 2);
    let letters = program.json(&["letter", "list", "--json"]);
    let to: Vec<_> = letters.as_array().unwrap().iter().map(|it| &it["to"]).collect();
    assert_eq!(to.iter().filter(|to| to["name"] == NAME && to["email"] == LATER).count(), 1);
    let theirs = letters.as_array().unwrap().iter().find(|it| it["to"]["name"] == NAME).unwrap();
    let letter = theirs["letter"].as_str().unwrap().to_owned();
    // So it would be found, were it there.
    let lying = std::fs::read(in_outbox(program, &letter)).unwrap();
    assert!(forms(LATER).iter().any(|(_, text)| has(&lying, text)));
    assert!(program.run(&["letter", "copy", &letter, "--out=-"]).contains(LATER));
    letter
}

fn in_outbox(program: &Program, letter: &str) -> PathBuf {
    program.folder().join("outbox").join(format!("{letter}.eml"))
}

fn files() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_person_who_was_forgotten_is_found_in_no_byte_of_what_the_office_has_or_had_copied() {
    let files = files();
    let program = an_office(files.path());
    let person = add_the_one(&program, files.path());
    let letter = write_to_the_one(&program);
    let before = tables(program.folder());
    let held = program.json(&["contact", "held", &person, "--out=-"]);
    assert_eq!(
        (&held["details"]["name"], &held["details"]["email"]),
        (&NAME.into(), &LATER.into())
    );
    assert_eq!(held["known_over_time"].as_array().unwrap().len(), 2);
    assert_eq!(held["events"].as_array().unwrap().len(), 4);
    assert!(held["letters"][0]["message"].as_str().unwrap().contains(LATER));

    let backups = files_of_backups(&program, files.path());
    let verified = program.json(&["verify", "--json"]);
    let telling =
        program.json(&["contact", "forget", &person, "--reason=asked", "--preview", "--json"]);
    assert_eq!(telling["vacant"], serde_json::json!([["100004", "head"]]));
    let forgotten = program.json(&["contact", "forget", &person, "--reason=asked", "--json"]);
    assert_eq!(
        (&forgotten["key_destroyed"], &forgotten["known_already"]),
        (&true.into(), &false.into())
    );

    // What went is out of the outbox; that of somebody else stays there.
    assert!(!in_outbox(&program, &letter).exists());
    assert_eq!(every_file(&program.folder().join("outbox")).len(), 1);
    let out = files.path().join("copy.eml");
    let copy = ["letter", "copy", &letter, "--out", out.to_str().unwrap()];
    for office in [&program, &restored(&backups, program.folder())] {
        let output = office.command(&copy).output().unwrap();
        assert!(said(&output).contains("was forgotten"), "{}", said(&output));
    }

    // What the office has now; what a backup from before comes to beside the keys of now; and everything it writes out.
    let exports = files.path().join("exports");
    write_out(&program, &person, &exports);
    let restored = restored(&backups, program.folder());
    write_out(&restored, &person, &exports.join("restored"));
    std::fs::remove_file(files.path().join("details")).unwrap();
    for folder in [program.folder(), restored.folder(), files.path(), &backups] {
        assert_nowhere(folder, &[NAME, EMAIL, LATER, PHONE]);
    }

    // It verifies as before, with one event more, and all else is as it was.
    let after = program.json(&["verify", "--json"]);
    assert_eq!(after["events"].as_u64().unwrap(), verified["events"].as_u64().unwrap() + 1);
    assert_eq!((&after["faults"], &after["read_models"]), (&verified["faults"], &Value::Null));
    let copies = |verified: &Value| {
        let letters = &verified["letters"];
        assert_eq!((&letters["faults"], &letters["named"]), (&serde_json::json!([]), &2.into()));
        (letters["as_they_went"].as_u64().unwrap(), letters["forgotten"].as_u64().unwrap())
    };
    assert_eq!((copies(&verified), copies(&after)), ((2, 0), (1, 1)));
    assert_eq!(copies(&restored.json(&["verify", "--json"])), (1, 1));
    let (mut before, mut now) = (before, tables(program.folder()));
    let others = |rows: &[String]| -> Vec<String> {
        rows.iter().filter(|row| row.contains("forgotten_on=-")).cloned().collect()
    };
    let ended = now["contacts"].iter().filter(|row| row.contains("held_until=2019-08-31")).count();
    assert_eq!((now["contacts"].len(), others(&now["contacts"]).len(), ended), (5, 3, 2));
    for tables in [&mut before, &mut now] {
        tables.remove("contacts");
        tables.remove("timeline");
    }
    assert_same_tables(&before, &now);
    let names = program.json(&["contact", "list", "--ever", "--json"]);
    let mut known: Vec<&str> =
        names.as_array().unwrap().iter().filter_map(|it| it["details"]["name"].as_str()).collect();
    known.sort_unstable();
    assert_eq!(known, ["Ann Hill", "Ann Hill", "Bo Lee"]);
}

/// The same search finds the name where the key is still there: through the program, and nowhere in the bytes.
#[test]
fn a_person_who_is_known_is_found_with_the_key_alone() {
    let files = files();
    let program = an_office(files.path());
    let person = add_the_one(&program, files.path());
    std::fs::remove_file(files.path().join("details")).unwrap();
    let found = program.json(&["contact", "list", "quillfeather", "--ever", "--json"]);
    assert_eq!(found.as_array().unwrap().len(), 2);
    for folder in [program.folder(), files.path()] {
        assert_nowhere(folder, &[NAME, EMAIL, LATER, PHONE]);
    }

    // Without the keys a name is not a silent nobody.
    let keys = program.folder().join("keys/keys.sqlite");
    let aside = files.path().join("keys.aside");
    std::fs::rename(&keys, &aside).unwrap();
    let output = program.command(&["contact", "show", &person]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("restore the file of keys"), "{}", said(&output));
    // Nor does it stand in the way of anybody else: who comes now is known, and the others are said to be sealed.
    let list = files.path().join("contacts.csv");
    let text = "urn,role,name,email\n100005,head,Cy Ode,cy@wood.example\n";
    std::fs::write(&list, text).unwrap();
    program.run(&["contact", "import", list.to_str().unwrap()]);
    let found = program.json(&["contact", "list", "--ever", "--json"]);
    let missing = found.as_array().unwrap().iter().filter(|it| it["key_missing"] == true).count();
    let known = found.as_array().unwrap().iter().find(|it| it["urn"] == "100005").unwrap();
    assert_eq!((missing, &known["details"]["name"]), (5, &"Cy Ode".into()));
    assert!(program.run(&["contact", "list", "--ever"]).contains("restore the file of keys"));
    let elsewhere =
        program.json(&["contact", "show", &person, "--json", "--keys", aside.to_str().unwrap()]);
    assert_eq!(elsewhere["details"]["name"], NAME);
}

/// An office whose keys were restored from before forgets again whom it had forgotten; and one whose journal was, knows no
/// more than its keys.
#[test]
fn nobody_comes_back_with_an_older_journal_or_an_older_file_of_keys() {
    let files = files();
    let program = an_office(files.path());
    let person = add_the_one(&program, files.path());
    let keys = program.folder().join("keys/keys.sqlite");
    let older = std::fs::read(&keys).unwrap();
    program.run(&["contact", "forget", &person, "--reason=retention"]);
    std::fs::write(&keys, older).unwrap();
    // Whoever only looks sees that they were forgotten; whoever works there sees to it that it is so.
    let show = ["contact", "show", &person, "--json"];
    assert_eq!(program.json(&show)["details"], Value::Null);
    let known = files.path().join("key");
    std::fs::write(&known, key_of(&keys, &person).unwrap()).unwrap();
    program.run(&["fee", "set", "--year=2019-20", "--pounds=1600", "--minute=4"]);
    assert_eq!(key_of(&keys, &person), None);
    let key = std::fs::read(&known).unwrap();
    assert!(
        !every_file(program.folder()).iter().any(|file| has(&std::fs::read(file).unwrap(), &key))
    );
}

/// Says what is wrong, and does nothing.
#[test]
fn a_list_with_faults_is_refused_whole() {
    let files = files();
    let program = an_office(files.path());
    let list = files.path().join("wrong.csv");
    let before = program.json(&["verify", "--json"]);
    let text = "urn,role,name,email\n100005,head,Cy Ode,cy@wood.example\n100005,boss,Di,di@\n";
    std::fs::write(&list, text).unwrap();
    let import = ["contact", "import", list.to_str().unwrap(), "--json"];
    let output = program.command(&import).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stderr).unwrap();
    let faults: Vec<(u64, &str)> = told["error"]["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["line"].as_u64().unwrap(), fault["column"].as_str().unwrap()))
        .collect();
    assert_eq!(faults, [(3, "role"), (3, "email")]);
    std::fs::write(
        &list,
        "urn,role,name,email\n100005,head,Cy Ode,cy@wood.example\n100009,head,Di,di@x.example\n",
    )
    .unwrap();
    let output = program.command(&import).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stderr).unwrap();
    let fault = &told["error"]["faults"][0];
    assert_eq!((&fault["line"], &fault["column"]), (&3.into(), &"urn".into()), "{told}");
    assert!(fault["expected"].as_str().unwrap().starts_with("a school on record"), "{told}");
    assert_eq!(program.json(&["verify", "--json"]), before);
}

/// A backup, made while the keys lie beside the journal: where it is.
#[track_caller]
fn files_of_backups(program: &Program, files: &Path) -> PathBuf {
    let out = files.join("backup");
    let made = program.json(&["backup", "--out", out.to_str().unwrap(), "--json"]);
    assert_eq!(made["faults"], serde_json::json!([]));
    assert!(!out.join("keys").exists());
    let again = program.command(&["backup", "--out", out.to_str().unwrap()]).output().unwrap();
    assert_eq!(again.status.code(), Some(3), "{}", said(&again));
    out
}

/// An office of a whole backup and the keys that another has now.
#[track_caller]
fn restored(backup: &Path, office: &Path) -> Program {
    let restored = Program::on_an_empty_folder();
    for file in every_file(backup) {
        let into = restored.folder().join(file.strip_prefix(backup).unwrap());
        std::fs::create_dir_all(into.parent().unwrap()).unwrap();
        std::fs::copy(file, into).unwrap();
    }
    std::fs::create_dir(restored.folder().join("keys")).unwrap();
    std::fs::copy(office.join("keys/keys.sqlite"), restored.folder().join("keys/keys.sqlite"))
        .unwrap();
    let verified = restored.json(&["verify", "--json"]);
    assert_eq!(verified["faults"], serde_json::json!([]));
    restored
}

/// Writes everything out that the program writes out.
#[track_caller]
fn write_out(program: &Program, person: &str, out: &Path) {
    std::fs::create_dir_all(out).unwrap();
    for table in TABLES {
        for format in ["csv", "jsonl", "parquet"] {
            let file = out.join(format!("{}.{format}", table.name));
            program.run(&["export", table.name, "--out", file.to_str().unwrap()]);
        }
    }
    for (name, asked) in [
        ("events", vec!["events", "--json"]),
        ("told", vec!["events"]),
        ("history", vec!["history", "100003"]),
        ("history-json", vec!["history", "100004", "--json"]),
        ("list", vec!["contact", "list", "--ever", "--json"]),
        ("page", vec!["contact", "show", person]),
        ("held", vec!["contact", "held", person, "--out=-"]),
        ("letters", vec!["letter", "list", "--json"]),
        ("letters-told", vec!["letter", "list"]),
        ("invoices", vec!["invoice", "list", "--json"]),
        ("sql", vec!["sql", "--json", "SELECT * FROM contacts"]),
        ("journal", vec!["sql", "--json", "--journal", "SELECT payload FROM journal.events"]),
    ] {
        std::fs::write(out.join(name), program.run(&asked)).unwrap();
    }
    program.run(&["rebuild"]);
}

/// No file of the folder has any of these texts, as it is, in UTF-16 either way round, in hex, or anywhere within base64.
#[track_caller]
fn assert_nowhere(folder: &Path, texts: &[&str]) {
    let sought: Vec<(String, Vec<u8>)> = texts.iter().flat_map(|text| forms(text)).collect();
    let files = every_file(folder);
    assert!(!files.is_empty());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        for (form, text) in &sought {
            assert!(!has(&bytes, text), "{} has it: {form}", file.display());
        }
    }
}

fn forms(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut forms = vec![(format!("{text} as it is"), text.as_bytes().to_vec())];
    let last = text.rsplit([' ', '@']).next().unwrap();
    forms.push((format!("{last}, a part of it"), last.as_bytes().to_vec()));
    forms.push((format!("{text} in small letters"), text.to_lowercase().into_bytes()));
    let json = serde_json::to_string(text).unwrap();
    forms.push((format!("{text} in JSON"), json.trim_matches('"').as_bytes().to_vec()));
    let wide = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    forms.push((format!("{text} in UTF-16"), wide(u16::to_le_bytes)));
    forms.push((format!("{text} in UTF-16, large end first"), wide(u16::to_be_bytes)));
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.push((format!("{text} in hex"), hex.into_bytes()));
    for offset in 0..3 {
        forms.push((
            format!("{text} in base64, from {offset}"),
            base64_within(text.as_bytes(), offset),
        ));
    }
    // Parts that other things are called are no trace of anybody.
    forms.retain(|(_, bytes)| {
        !b"hilltop.example river.example".windows(bytes.len()).any(|it| it == bytes)
    });
    forms.retain(|(_, bytes)| bytes.len() > 4);
    forms
}

/// The letters of base64 that depend on these bytes alone, where they stand `offset` bytes into a group of three.
fn base64_within(bytes: &[u8], offset: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let skipped = (3 - offset) % 3;
    bytes[skipped..]
        .chunks_exact(3)
        .flat_map(|three| {
            let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| LETTERS[bits >> shift & 63])
        })
        .collect()
}

fn every_file(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (vec![], vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The key that a file of keys has of a person.
fn key_of(keys: &Path, person: &str) -> Option<Vec<u8>> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let keys = rusqlite::Connection::open_with_flags(keys, flags).unwrap();
    keys.query_row("SELECT key FROM keys WHERE person = ?1", [person], |row| row.get(0)).unwrap()
}

#[test]
fn a_text_is_found_in_base64_wherever_it_stands_in_it() {
    // "xxZebedee Quillyy" and the same a letter on, and two.
    for (text, offset) in
        [("WmViZWRlZSBRdWlsbA==", 0), ("eFplYmVkZWUgUXVpbGw=", 1), ("eHhaZWJlZGVlIFF1aWxs", 2)]
    {
        let within = base64_within(b"Zebedee Quill", offset);
        assert!(has(text.as_bytes(), &within), "{text} {}", String::from_utf8_lossy(&within));
    }
}

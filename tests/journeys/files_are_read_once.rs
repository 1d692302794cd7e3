//! A file is read once, and a check goes the whole way and writes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use app::What;
use national_data::File;
use national_data::sample::Nation;

use crate::journeys::FILES;
use crate::journeys::world::World;

#[test]
fn a_file_read_again_records_nothing() {
    let nation = Nation::with_primaries(5, 100);
    let mut world = World::of(&nation, "2018-02-01");
    for (on, name) in FILES {
        let first = world.on(on).import(name);
        assert!(first.events > 0 && !first.known_already, "{name}");
    }
    let before = world.head();
    for (_, name) in FILES {
        let again = world.on("2019-06-01").import(name);
        assert!(again.known_already, "{name}");
        assert_eq!((again.events, again.position), (0, before), "{name}");
    }
    assert_eq!(world.head(), before);
}

/// What it holds counts, not what it is called; and a line more is another file, which records that line, its own beginning and its
/// end.
#[test]
fn a_file_under_another_name_is_the_same_file_and_with_another_line_it_is_not() {
    let nation = Nation::generate(5, 60);
    let mut world = World::of(&nation, "2019-02-04");
    world.import("ofsted_ratings.csv");
    let before = world.head();
    let file = world.file("ofsted_ratings.csv");
    let renamed = File::from_bytes("ratings (1).csv", file.bytes());
    assert!(world.import_file(&renamed, What::Ofsted, None).known_already);
    assert_eq!(world.head(), before);

    let mut text = String::from_utf8(file.bytes().to_vec()).unwrap();
    let header = text.lines().next().unwrap().to_owned();
    let line: Vec<&str> = header
        .trim_start_matches('\u{feff}')
        .split(',')
        .map(|column| match column {
            "URN" => "999999",
            "Rating" => "Good",
            "Inspection Date" => "20190110",
            _ => "",
        })
        .collect();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&line.join(","));
    text.push('\n');
    let longer = File::from_bytes("ofsted_ratings.csv", text);
    let imported = world.import_file(&longer, What::Ofsted, None);
    assert_eq!((imported.rows.recorded, imported.events), (1, 3));
    assert_eq!(world.counted_after(before)["OfstedInspected"], 1);
}

#[test]
fn a_check_says_what_the_import_will_do_and_leaves_every_byte_as_it_is() {
    let nation = Nation::with_primaries(5, 100);
    let mut world = World::of(&nation, "2018-02-01");
    for (on, name) in FILES {
        world.on(on);
        let before = bytes(world.folder());
        let checked = world.check(name);
        assert_eq!(names(&bytes(world.folder())), names(&before), "{name}");
        assert!(bytes(world.folder()) == before, "{name}: a check changed something");

        let imported = world.import(name);
        assert!(checked.checked_only && !imported.checked_only);
        assert_eq!(checked.rows, imported.rows, "{name}");
        assert_eq!(checked.notes, imported.notes, "{name}");
        // What the import tells of itself is beside that: its beginning, its end, the threshold that follows.
        let of_itself = 2 + u64::from(imported.threshold.is_some());
        assert_eq!(checked.events + of_itself, imported.events, "{name}");
        assert!(world.on(on).check(name).known_already);
    }
}

#[test]
fn a_check_while_the_office_is_open_writes_nothing_either() {
    let nation = Nation::generate(5, 60);
    let mut world = World::of(&nation, "2018-10-15");
    world.import("2017-2018_england_ks4provisional.csv");
    let before = world.head();
    let checked = world.check("2017-2018_england_ks4final.csv");
    assert!(checked.events > 0);
    assert_eq!((checked.position, world.head()), (before, before));
}

#[test]
fn a_check_makes_no_folder_where_there_is_none() {
    let nation = Nation::generate(5, 60);
    let world = World::of(&nation, "2018-10-15");
    let folder = world.folder().join("not yet");
    let file = world.file("2017-2018_england_ks4provisional.csv");
    let checked = world.check_in(&folder, &file);
    assert!(checked.events > 0);
    assert!(!folder.exists());
}

/// Every file below a folder, with what is in it.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes(&path));
        } else {
            found.insert(path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }
    found
}

fn names(files: &BTreeMap<String, Vec<u8>>) -> Vec<&String> {
    files.keys().collect()
}

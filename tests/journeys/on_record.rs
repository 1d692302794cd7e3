//! A folder in which a sample nation is on record: its files read, criteria adopted, two years reviewed, schools invited.

use app::{Office, no_progress};
use national_data::File;
use national_data::sample::Nation;
use tokio::runtime::Runtime;

use crate::journeys::world::{criteria, kind_of, question};
use crate::program::Program;

/// A nation of so many secondary schools, as an office would have it that has no members yet.  Its files lie beside.
#[track_caller]
pub(crate) fn a_nation_on_record(schools: usize) -> Program {
    let program = Program::on_an_empty_folder();
    let files = Nation::generate(2003, schools).write_to(&program.folder().join("files")).unwrap();
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let clock = app::clock::wall();
        let mut office = Office::open(program.folder(), clock, "office", &no_progress).unwrap();
        for path in files {
            let file = File::open(&path).unwrap();
            office.import(&file, kind_of(&file.name), None, &no_progress).await.unwrap();
        }
        office.adopt(criteria()).await.unwrap();
        for (year, as_at) in [("2018-19", "2018-02-28"), ("2019-20", "2019-02-28")] {
            let reviewed = office.desk().review(&question(year, None, as_at)).unwrap();
            office.record_review(&reviewed).await.unwrap();
        }
        office.invite("2019-20".parse().unwrap(), None, None, &no_progress).await.unwrap();
        office.close().await.unwrap();
    });
    program
}

//! The other sheets people look at: a school's timeline, the imports, the criteria, the reviews.

use journal::Reader;
use kernel::{LeadingEdgeYear, LetterId, PersonId, Urn};
use projections::{
    Event, Recorded, TableRow, contacts, criteria, findings, imports, invitations, letters,
    memberships, reviews, schools, terms, thresholds,
};

use crate::rows::each;
use crate::{Failure, ReadStore};

impl ReadStore {
    /// One school.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn school(&self, urn: Urn) -> Result<Option<schools::Row>, Failure> {
        Ok(self.all("WHERE urn = ?1", [urn.number()])?.pop())
    }

    /// Everything that happened to a school, oldest first.
    ///
    /// # Errors
    /// The file or the journal cannot be read, or an event is not understood.
    pub fn timeline(&self, urn: Urn, journal: &Reader) -> Result<Vec<Recorded>, Failure> {
        let positions = || -> rusqlite::Result<Vec<u64>> {
            self.connection
                .prepare_cached(
                    "SELECT position FROM timeline WHERE school = ?1 ORDER BY position",
                )?
                .query_map([urn.number()], |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))?
                .collect()
        };
        let positions = positions().map_err(Failure::sqlite("read the timeline", &self.file))?;
        let mut timeline = Vec::with_capacity(positions.len());
        for position in positions {
            let Some(entry) = journal.event(position)? else { continue };
            let event = Event::decode(&entry.stream, &entry.payload)
                .map_err(|source| Failure::Event { position, source })?;
            timeline.extend(event.map(|event| Recorded {
                position,
                version: entry.version,
                recorded_at: entry.recorded_at,
                effective_on: entry.effective_on,
                actor: entry.actor,
                event,
            }));
        }
        Ok(timeline)
    }

    /// The files that were read, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn imports(&self) -> Result<Vec<imports::Row>, Failure> {
        self.all("ORDER BY position", [])
    }

    /// The thresholds that were computed, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn thresholds(&self) -> Result<Vec<thresholds::Row>, Failure> {
        self.all("ORDER BY position", [])
    }

    /// Every decision on criteria, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn criteria(&self) -> Result<Vec<criteria::Row>, Failure> {
        self.all("ORDER BY position", [])
    }

    /// The reviews, by year.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn reviews(&self) -> Result<Vec<reviews::Row>, Failure> {
        self.all("ORDER BY year", [])
    }

    /// One year's review with its findings, by URN; schools that left it are not among them.  `None`: it was not run.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn review(
        &self,
        year: LeadingEdgeYear,
    ) -> Result<Option<(reviews::Row, Vec<findings::Row>)>, Failure> {
        let transaction = self
            .connection
            .unchecked_transaction()
            .map_err(Failure::sqlite("read the review", &self.file))?;
        let year = year.to_string();
        let mut reviews: Vec<reviews::Row> = self.all("WHERE year = ?1", [&year])?;
        let findings = self.all("WHERE year = ?1 AND left_at IS NULL ORDER BY urn", [&year])?;
        drop(transaction);
        Ok(reviews.pop().map(|review| (review, findings)))
    }

    /// What the reviews found of one school, by year.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn findings_of(&self, urn: Urn) -> Result<Vec<findings::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY year", [urn.number()])
    }

    /// The invitations for a year, in the order they were made.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn invitations(&self, year: LeadingEdgeYear) -> Result<Vec<invitations::Row>, Failure> {
        self.all("WHERE year = ?1 ORDER BY position", [year.to_string()])
    }

    /// How each school stands with the network that has, had or was offered a membership; by URN.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn memberships(&self) -> Result<Vec<memberships::Row>, Failure> {
        self.all("ORDER BY urn", [])
    }

    /// How one school stands with the network.  `None`: nothing ever happened between them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn membership(&self, urn: Urn) -> Result<Option<memberships::Row>, Failure> {
        Ok(self.all("WHERE urn = ?1", [urn.number()])?.pop())
    }

    /// The years of membership of all schools; by URN and first day.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn terms(&self) -> Result<Vec<terms::Row>, Failure> {
        self.all("ORDER BY urn, first_day", [])
    }

    /// The letters that were called for, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn letters(&self) -> Result<Vec<letters::Row>, Failure> {
        self.all("ORDER BY due_on, calls_for, letter", [])
    }

    /// Those of them that nobody has yet, and that nobody withholds; oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn letters_not_sent(&self) -> Result<Vec<letters::Row>, Failure> {
        self.all("WHERE state NOT IN ('sent', 'withheld') ORDER BY due_on, calls_for, letter", [])
    }

    /// One letter.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn letter(&self, letter: LetterId) -> Result<Option<letters::Row>, Failure> {
        Ok(self.all("WHERE letter = ?1", [letter.to_string()])?.pop())
    }

    /// Those that were begun for one of these people, and those begun more than once, whoever had them before; oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn letters_begun_for(&self, people: &[PersonId]) -> Result<Vec<letters::Row>, Failure> {
        let people: Vec<String> = people.iter().map(|person| format!("\"{person}\"")).collect();
        self.all(
            "WHERE person IN (SELECT value FROM json_each(?1)) OR attempts > 1 ORDER BY due_on, calls_for, letter",
            [format!("[{}]", people.join(","))],
        )
    }

    /// Every role that anybody has or had, in the order in which they were taken.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn contacts(&self) -> Result<Vec<contacts::Row>, Failure> {
        self.all("ORDER BY position", [])
    }

    /// The roles that people have or had at one school, in the order in which they were taken.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn contacts_of(&self, urn: Urn) -> Result<Vec<contacts::Row>, Failure> {
        self.all("WHERE urn = ?1 ORDER BY position", [urn.number()])
    }

    /// The roles that one person has or had, in the order in which they were taken.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn roles_of(&self, person: PersonId) -> Result<Vec<contacts::Row>, Failure> {
        self.all("WHERE person = ?1 ORDER BY position", [person.to_string()])
    }

    /// The roles of those who were forgotten, by person.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn forgotten_contacts(&self) -> Result<Vec<contacts::Row>, Failure> {
        self.all("WHERE forgotten_on IS NOT NULL ORDER BY person, position", [])
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn count<R: TableRow>(&self) -> Result<u64, Failure> {
        let sql = format!("SELECT count(*) FROM {}", R::TABLE.name);
        self.connection
            .query_row(&sql, [], |row| row.get::<_, i64>(0))
            .map(i64::cast_unsigned)
            .map_err(Failure::sqlite("count rows", &self.file))
    }

    pub(crate) fn all<R: TableRow>(
        &self,
        end: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<R>, Failure> {
        let mut rows = Vec::new();
        each(&self.connection, &self.file, end, parameters, |row| rows.push(row))?;
        Ok(rows)
    }
}

//! Revisions: every applied import with what it takes to undo it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::conn::on_backend;
use super::objects::Row;
use super::schema::revisions;
use super::{Object, StoreError, Tx};
use crate::case::model::Class;

/// How hard revisions are compressed: fast, since an import waits for it.
const COMPRESSION: i32 = 1;

/// An import that is being applied.
pub struct NewRevision<'a> {
    pub document_id: &'a str,
    /// Microseconds since 1970.
    pub at: i64,
    /// Where it came from, e.g. a file's name.
    pub source: &'a str,
    /// Counts, as JSON.
    pub summary: &'a str,
    /// The reader's report, as JSON.
    pub report: &'a str,
    pub undo: &'a Undo,
}

/// An import that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub id: i64,
    pub document_id: String,
    /// Microseconds since 1970.
    pub at: i64,
    pub source: String,
    /// Counts, as JSON.
    pub summary: String,
    pub undone_at: Option<i64>,
}

/// What it takes to restore the state before a revision.
#[derive(Serialize, Deserialize)]
pub struct Undo {
    /// The frameworks it touched and the revision each was at; the first is its own.
    pub before: Vec<(String, Option<i64>)>,
    rows: Vec<Touched>,
}

/// One row before the revision, or the key of one that was not there.
#[derive(Serialize, Deserialize)]
enum Touched {
    Added { package: String, class: String, id: String },
    Was(Box<Row>),
}

impl Undo {
    /// The undo of a revision of that framework, which was at `revision` before.
    #[must_use]
    pub fn new(document_id: &str, revision: Option<i64>) -> Undo {
        Undo { before: vec![(document_id.to_owned(), revision)], rows: Vec::new() }
    }

    /// Remembers an object that the revision adds.
    pub fn added(&mut self, object: &Object) {
        self.rows.push(Touched::Added {
            package: object.package_id.clone(),
            class: object.class.name().to_owned(),
            id: object.id.clone(),
        });
    }

    /// Remembers an object that the revision changes or takes away.
    pub fn was(&mut self, object: Object) {
        self.rows.push(Touched::Was(Box::new(object.into())));
    }

    /// `(package, class, id)` of every object that the revision touched.
    #[must_use]
    pub fn touched(&self) -> Vec<(&str, Class, &str)> {
        let keys = self.rows.iter().map(|row| match row {
            Touched::Added { package, class, id } => (package, class, id),
            Touched::Was(row) => row.key(),
        });
        keys.filter_map(|(package, class, id)| Some((package.as_str(), Class::from_name(class)?, id.as_str())))
            .collect()
    }
}

impl Undo {
    /// `(package, class, id)` of every object that undoing brings back to its own framework.
    #[must_use]
    pub fn restored(&self) -> Vec<(&str, Class, &str)> {
        let rows = self.rows.iter().filter_map(|row| match row {
            Touched::Was(row) if row.is_home() => Some(row.key()),
            _ => None,
        });
        rows.filter_map(|(package, class, id)| Some((package.as_str(), Class::from_name(class)?, id.as_str())))
            .collect()
    }

    /// Whether the revision put the object into that package, so that undoing takes it out again.
    #[must_use]
    pub fn adds(&self, package_id: &str, of: Class, object_id: &str) -> bool {
        self.rows.iter().any(|row| match row {
            Touched::Added { package, class, id } => package == package_id && class == of.name() && id == object_id,
            Touched::Was(_) => false,
        })
    }
}

impl Undo {
    /// Takes what the revision did to a package out of its rows.
    fn take_out(self, package_id: &str, rows: &mut BTreeMap<(String, String), Row>) {
        for touched in self.rows {
            match touched {
                Touched::Added { package, class, id } if package == package_id => drop(rows.remove(&(class, id))),
                Touched::Was(row) if row.key().0 == package_id => {
                    let (_, class, id) = row.key();
                    rows.insert((class.clone(), id.clone()), *row);
                }
                _ => {}
            }
        }
    }
}

#[derive(Queryable)]
struct Listed {
    id: i64,
    document_id: String,
    at: i64,
    source: String,
    summary: String,
    undone_at: Option<i64>,
}

impl From<Listed> for Revision {
    fn from(row: Listed) -> Revision {
        let Listed { id, document_id, at, source, summary, undone_at } = row;
        Revision { id, document_id, at, source, summary, undone_at }
    }
}

pub(super) fn pack(what: &'static str, json: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::compress(json, COMPRESSION).map_err(|error| StoreError::Corrupt { what, source: error.into() })
}

pub(super) fn unpack(what: &'static str, packed: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::stream::decode_all(packed).map_err(|error| StoreError::Corrupt { what, source: error.into() })
}

impl Tx<'_> {
    /// Records a revision and returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn record_revision(&mut self, new: &NewRevision<'_>) -> Result<i64, StoreError> {
        let undo = serde_json::to_vec(new.undo)
            .map_err(|error| StoreError::Corrupt { what: "revision", source: error.into() })?;
        let values = (
            revisions::document_id.eq(new.document_id),
            revisions::at.eq(new.at),
            revisions::source.eq(new.source),
            revisions::summary.eq(new.summary),
            revisions::report.eq(pack("report", new.report.as_bytes())?),
            revisions::undo.eq(pack("revision", &undo)?),
        );
        let id = on_backend!(&mut *self.0, |c| diesel::insert_into(revisions::table)
            .values(values)
            .returning(revisions::id)
            .get_result(c))?;
        Ok(id)
    }

    /// The revisions of a framework, newest first, undone ones included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revisions(&mut self, document_id: &str) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<Listed> = revisions::table
            .filter(revisions::document_id.eq(document_id))
            .order(revisions::id.desc())
            .select((
                revisions::id,
                revisions::document_id,
                revisions::at,
                revisions::source,
                revisions::summary,
                revisions::undone_at,
            ))
            .load(self.0)?;
        Ok(rows.into_iter().map(Revision::from).collect())
    }

    /// The reader's report of a revision, as JSON.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revision_report(&mut self, id: i64) -> Result<Option<String>, StoreError> {
        let packed: Option<Vec<u8>> =
            revisions::table.find(id).select(revisions::report).get_result(self.0).optional()?;
        packed
            .map(|packed| {
                String::from_utf8(unpack("report", &packed)?)
                    .map_err(|error| StoreError::Corrupt { what: "report", source: error.into() })
            })
            .transpose()
    }

    /// Which framework a revision is of, what it takes to undo it, and whether that was done.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revision_undo(&mut self, id: i64) -> Result<Option<(String, Undo)>, StoreError> {
        let found: Option<(String, Vec<u8>)> = revisions::table
            .find(id)
            .select((revisions::document_id, revisions::undo))
            .get_result(self.0)
            .optional()?;
        let Some((document, packed)) = found else { return Ok(None) };
        let undo = serde_json::from_slice(&unpack("revision", &packed)?)
            .map_err(|error| StoreError::Corrupt { what: "revision", source: error.into() })?;
        Ok(Some((document, undo)))
    }

    /// The rows of a package as they are, or as they were at a revision that it went through; `None` when
    /// it did not. Of private ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn package_rows_at(
        &mut self,
        package_id: &str,
        revision: Option<i64>,
    ) -> Result<Option<Vec<Object>>, StoreError> {
        let mut rows: BTreeMap<(String, String), Row> = BTreeMap::new();
        for object in self.package_rows(package_id)? {
            let row = Row::from(object);
            let (_, class, id) = row.key();
            rows.insert((class.clone(), id.clone()), row);
        }
        let mut at = self.current_revision(package_id)?;
        while let Some(wanted) = revision.filter(|wanted| at != Some(*wanted)) {
            // Numbers grow: what is not reached by now is not on the way.
            let Some(now) = at.filter(|now| *now > wanted) else { return Ok(None) };
            let Some((_, undo)) = self.revision_undo(now)? else { return Ok(None) };
            at = undo.before.first().and_then(|(_, before)| *before);
            undo.take_out(package_id, &mut rows);
        }
        rows.into_values().map(Object::try_from).collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// Puts every row that a revision touched back as it was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn restore(&mut self, revision: i64, undo: Undo, at: i64) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        let mut groups: std::collections::BTreeMap<(String, Class), Vec<String>> = std::collections::BTreeMap::new();
        for (package, class, id) in undo.touched() {
            groups.entry((package.to_owned(), class)).or_default().push(id.to_owned());
        }
        for ((package, class), ids) in groups {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            self.delete(&package, class, &ids)?;
        }
        for touched in undo.rows {
            if let Touched::Was(row) = touched {
                rows.push(*row);
            }
        }
        self.insert_rows(&rows)?;
        diesel::update(revisions::table.find(revision)).set(revisions::undone_at.eq(at)).execute(self.0)?;
        Ok(())
    }
}

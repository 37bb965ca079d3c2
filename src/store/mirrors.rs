//! What is known of other servers: downloads made there, mirrors of them, and who runs one now.

use diesel::prelude::*;

use super::conn::on_backend;
use super::schema::{downloads, mirrored, mirrors};
use super::{StoreError, Tx};

/// The last download of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = downloads)]
pub struct Download {
    pub document_id: String,
    /// Where it was.
    pub url: String,
    /// What the other server calls this edition.
    pub etag: Option<String>,
    /// The revision that the framework was at after it.
    pub revision_id: i64,
}

/// A mirror of another server. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mirrors)]
pub struct Mirror {
    pub name: String,
    pub url: String,
    /// 1: every framework of the source; 0: those that are named.
    pub everything: i64,
    /// 1: frameworks that are stored here already become the mirror's.
    pub take_over: i64,
    /// Microseconds between two runs.
    pub every: i64,
    /// How to be let in, as JSON, without secrets.
    pub access: Option<String>,
    /// The version of the standard that the source answered in.
    pub version: Option<String>,
    /// When it is due.
    pub next_at: i64,
    pub last_at: Option<i64>,
    /// When a run last succeeded.
    pub good_at: Option<i64>,
    pub broken_since: Option<i64>,
    pub problem: Option<String>,
    /// Who runs it, if anybody does before `held_until`.
    pub held_by: Option<String>,
    pub held_until: Option<i64>,
}

/// A framework of a mirror.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mirrored)]
pub struct Mirrored {
    pub document_id: String,
    pub mirror: String,
    /// The identifier as the source has it.
    pub received: String,
    pub title: String,
    /// When it was last known to be in step.
    pub good_at: Option<i64>,
    /// Since when the source does not have it any more.
    pub vanished_at: Option<i64>,
    pub problem_since: Option<i64>,
    pub problem: Option<String>,
}

/// How a run of a mirror ended.
pub struct Finished<'a> {
    pub at: i64,
    pub next_at: i64,
    pub version: Option<&'a str>,
    /// What is wrong, if anything is.
    pub problem: Option<&'a str>,
}

impl Tx<'_> {
    /// The last download of a framework.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn download(&mut self, document_id: &str) -> Result<Option<Download>, StoreError> {
        Ok(downloads::table.find(document_id).get_result(self.0).optional()?)
    }

    /// Remembers the last download of a framework.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_download(&mut self, download: &Download) -> Result<(), StoreError> {
        diesel::delete(downloads::table.find(&download.document_id)).execute(self.0)?;
        on_backend!(&mut *self.0, |c| diesel::insert_into(downloads::table).values(download).execute(c))?;
        Ok(())
    }

    /// All mirrors by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn mirrors(&mut self) -> Result<Vec<Mirror>, StoreError> {
        Ok(mirrors::table.order(mirrors::name).select(Mirror::as_select()).load(self.0)?)
    }

    /// One mirror.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn mirror(&mut self, name: &str) -> Result<Option<Mirror>, StoreError> {
        Ok(mirrors::table.find(name).select(Mirror::as_select()).get_result(self.0).optional()?)
    }

    /// Adds a mirror.
    ///
    /// # Errors
    /// When there is one of that name, or the database cannot be written.
    pub fn add_mirror(&mut self, mirror: &Mirror) -> Result<(), StoreError> {
        on_backend!(&mut *self.0, |c| diesel::insert_into(mirrors::table).values(mirror).execute(c))?;
        Ok(())
    }

    /// Takes a mirror away, and with it the ties of its frameworks; those stay.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_mirror(&mut self, name: &str) -> Result<(), StoreError> {
        diesel::delete(mirrored::table.filter(mirrored::mirror.eq(name))).execute(self.0)?;
        diesel::delete(mirrors::table.find(name)).execute(self.0)?;
        Ok(())
    }

    /// Takes hold of a mirror, or prolongs the hold; false when somebody else has it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn hold_mirror(&mut self, name: &str, holder: &str, now: i64, until: i64) -> Result<bool, StoreError> {
        let free = mirrors::held_until.is_null().or(mirrors::held_until.le(now)).or(mirrors::held_by.eq(holder));
        let held = diesel::update(mirrors::table.filter(mirrors::name.eq(name)).filter(free))
            .set((mirrors::held_by.eq(holder), mirrors::held_until.eq(until)))
            .execute(self.0)?;
        Ok(held == 1)
    }

    /// Writes down how a run ended and lets the mirror go; nothing when the hold was lost.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn finish_mirror(&mut self, mirror: &Mirror, holder: &str, end: &Finished<'_>) -> Result<(), StoreError> {
        let Finished { at, next_at, version, problem } = *end;
        let good = problem.is_none();
        diesel::update(mirrors::table.filter(mirrors::name.eq(&mirror.name)).filter(mirrors::held_by.eq(holder)))
            .set((
                mirrors::next_at.eq(next_at),
                mirrors::last_at.eq(at),
                mirrors::version.eq(version.or(mirror.version.as_deref())),
                mirrors::good_at.eq(if good { Some(at) } else { mirror.good_at }),
                mirrors::broken_since.eq(if good { None } else { mirror.broken_since.or(Some(at)) }),
                mirrors::problem.eq(problem),
                mirrors::held_by.eq(None::<String>),
                mirrors::held_until.eq(None::<i64>),
            ))
            .execute(self.0)?;
        Ok(())
    }

    /// Lets a mirror go as if it had not been run.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn release_mirror(&mut self, name: &str, holder: &str) -> Result<(), StoreError> {
        diesel::update(mirrors::table.filter(mirrors::name.eq(name)).filter(mirrors::held_by.eq(holder)))
            .set((mirrors::held_by.eq(None::<String>), mirrors::held_until.eq(None::<i64>)))
            .execute(self.0)?;
        Ok(())
    }

    /// The frameworks of a mirror by identifier.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn mirrored_by(&mut self, mirror: &str) -> Result<Vec<Mirrored>, StoreError> {
        let query = mirrored::table.filter(mirrored::mirror.eq(mirror)).order(mirrored::document_id);
        Ok(query.select(Mirrored::as_select()).load(self.0)?)
    }

    /// What ties a framework to a mirror, if anything does.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn mirrored(&mut self, document_id: &str) -> Result<Option<Mirrored>, StoreError> {
        Ok(mirrored::table.find(document_id).select(Mirrored::as_select()).get_result(self.0).optional()?)
    }

    /// Unties a framework from its mirror.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_mirrored(&mut self, document_id: &str) -> Result<(), StoreError> {
        diesel::delete(mirrored::table.find(document_id)).execute(self.0)?;
        Ok(())
    }

    /// Ties a framework to its mirror, as it stands now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_mirrored(&mut self, framework: &Mirrored) -> Result<(), StoreError> {
        diesel::delete(mirrored::table.find(&framework.document_id)).execute(self.0)?;
        on_backend!(&mut *self.0, |c| diesel::insert_into(mirrored::table).values(framework).execute(c))?;
        Ok(())
    }
}

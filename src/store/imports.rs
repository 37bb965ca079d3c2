//! Imports over HTTP: a file, what importing it would do, and what became of it.

use diesel::prelude::*;

use super::conn::on_backend;
use super::revisions::{pack, unpack};
use super::schema::imports;
use super::{StoreError, Tx};

/// The state of one that changed something; every other may be forgotten after a while.
const APPLIED: &str = "applied";

/// An import without what is large of it. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct StoredImport {
    pub id: i64,
    /// Who made it: the id of a token, or `user:` and a name.
    pub created_by: String,
    pub created_at: i64,
    /// When its state was last set.
    pub touched_at: i64,
    /// `reading`, `planned`, `failed`, `applied` or `undone`.
    pub state: String,
    /// What the file is called.
    pub name: String,
    /// Where it was fetched, if it was, and what it is called there.
    pub url: Option<String>,
    pub etag: Option<String>,
    /// Bytes of the file when unpacked.
    pub size: i64,
    /// What the reader supplied: where uris are minted, and the time that stands in for a missing one.
    pub base_url: String,
    pub read_at: i64,
    /// JSON.
    pub options: String,
    pub summary: String,
    pub result: Option<String>,
    pub progress: Option<String>,
}

/// Bytes as they are stored.
pub struct Packed(Vec<u8>);

impl Packed {
    /// Compresses: not inside of a transaction, when it may be much.
    ///
    /// # Errors
    /// When they cannot be compressed.
    pub fn of(bytes: &[u8]) -> Result<Packed, StoreError> {
        Ok(Packed(pack("import", bytes)?))
    }

    /// Nothing at all.
    #[must_use]
    pub const fn nothing() -> Packed {
        Packed(Vec::new())
    }
}

/// What importing a file would do, as it was found at one time.
pub struct StoredPlan {
    pub base_url: String,
    pub read_at: i64,
    /// JSON.
    pub options: String,
    pub summary: String,
    /// What came of it, where it failed.
    pub result: Option<String>,
    /// How far reading is, while it goes on.
    pub progress: Option<String>,
    pub details: Packed,
    /// How a spreadsheet was understood; nothing for a package.
    pub layout: Packed,
}

/// An import that is to be kept.
pub struct NewImport {
    pub created_by: String,
    pub name: String,
    pub url: Option<String>,
    pub etag: Option<String>,
    pub size: i64,
    pub content: Packed,
}

impl Tx<'_> {
    /// Keeps an import in a state; returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add_import(&mut self, new: NewImport, plan: StoredPlan, state: &str, at: i64) -> Result<i64, StoreError> {
        let NewImport { created_by, name, url, etag, size, content } = new;
        let values = (
            (
                imports::created_by.eq(created_by),
                imports::created_at.eq(at),
                imports::touched_at.eq(at),
                imports::state.eq(state.to_owned()),
                imports::name.eq(name),
                imports::url.eq(url),
                imports::etag.eq(etag),
                imports::size.eq(size),
                imports::content.eq(content.0),
            ),
            (
                imports::base_url.eq(plan.base_url),
                imports::read_at.eq(plan.read_at),
                imports::options.eq(plan.options),
                imports::summary.eq(plan.summary),
                imports::result.eq(plan.result),
                imports::progress.eq(plan.progress),
                imports::details.eq(plan.details.0),
                imports::layout.eq(plan.layout.0),
            ),
        );
        let id = on_backend!(&mut *self.0, |c| diesel::insert_into(imports::table)
            .values(values)
            .returning(imports::id)
            .get_result(c))?;
        Ok(id)
    }

    /// One import.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import(&mut self, id: i64) -> Result<Option<StoredImport>, StoreError> {
        Ok(imports::table.find(id).select(StoredImport::as_select()).get_result(self.0).optional()?)
    }

    /// At most `limit` imports below the number `before`, newest first; those made by one token, or
    /// all of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn imports(&mut self, of: Option<&str>, before: i64, limit: i64) -> Result<Vec<StoredImport>, StoreError> {
        let newest = imports::table
            .filter(imports::id.lt(before))
            .order(imports::id.desc())
            .limit(limit)
            .select(StoredImport::as_select());
        Ok(match of {
            Some(token) => newest.filter(imports::created_by.eq(token)).load(self.0)?,
            None => newest.load(self.0)?,
        })
    }

    /// What an import would do, object by object, as JSON; nothing before it is planned.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import_details(&mut self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        unpacked(imports::table.find(id).select(imports::details).get_result(self.0).optional()?)
    }

    /// How the spreadsheet of an import was understood, as JSON.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import_layout(&mut self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        unpacked(imports::table.find(id).select(imports::layout).get_result(self.0).optional()?)
    }

    /// The file of an import, while it is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import_content(&mut self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        unpacked(imports::table.find(id).select(imports::content).get_result(self.0).optional()?)
    }

    /// Notes how far the run that began at `read_at` is, if it is still that one which reads.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_import_progress(&mut self, id: i64, read_at: i64, progress: &str, at: i64) -> Result<(), StoreError> {
        diesel::update(imports::table.find(id))
            .filter(imports::read_at.eq(read_at).and(imports::progress.is_not_null()))
            .set((imports::progress.eq(progress), imports::touched_at.eq(at)))
            .execute(self.0)?;
        Ok(())
    }

    /// Gives the reading of an import to another run.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_over_import(&mut self, id: i64, read_at: i64) -> Result<(), StoreError> {
        diesel::update(imports::table.find(id))
            .set((imports::read_at.eq(read_at), imports::touched_at.eq(read_at)))
            .execute(self.0)?;
        Ok(())
    }

    /// Whether the file of an import is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_import_content(&mut self, id: i64) -> Result<bool, StoreError> {
        let kept = imports::table.find(id).filter(imports::content.ne(Vec::<u8>::new())).count();
        Ok(kept.get_result::<i64>(self.0)? > 0)
    }

    /// Sets the state of an import, and what came of it where there is something to say.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_import_state(&mut self, id: i64, state: &str, result: Option<&str>, at: i64) -> Result<(), StoreError> {
        let states = (imports::state.eq(state), imports::touched_at.eq(at));
        match result {
            Some(result) => {
                diesel::update(imports::table.find(id)).set((states, imports::result.eq(result))).execute(self.0)?
            }
            None => diesel::update(imports::table.find(id)).set(states).execute(self.0)?,
        };
        Ok(())
    }

    /// Puts another plan in the place of an import's.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn replan_import(&mut self, id: i64, plan: StoredPlan, state: &str, at: i64) -> Result<(), StoreError> {
        diesel::update(imports::table.find(id))
            .set((
                imports::state.eq(state),
                imports::touched_at.eq(at),
                imports::base_url.eq(plan.base_url),
                imports::read_at.eq(plan.read_at),
                imports::options.eq(plan.options),
                imports::summary.eq(plan.summary),
                imports::result.eq(plan.result),
                imports::progress.eq(plan.progress),
                imports::details.eq(plan.details.0),
                imports::layout.eq(plan.layout.0),
            ))
            .execute(self.0)?;
        Ok(())
    }

    /// Takes an import away.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_import(&mut self, id: i64) -> Result<(), StoreError> {
        diesel::delete(imports::table.find(id)).execute(self.0)?;
        Ok(())
    }

    /// Forgets what was last touched before a time: imports that are not applied, and the files of
    /// those that are.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_imports(&mut self, before: i64) -> Result<(), StoreError> {
        let old = imports::touched_at.lt(before);
        diesel::delete(imports::table.filter(old).filter(imports::state.ne(APPLIED))).execute(self.0)?;
        // Every one that is left is applied; an update that changes nothing would still write.
        diesel::update(imports::table.filter(old).filter(imports::content.ne(Vec::<u8>::new())))
            .set(imports::content.eq(Vec::<u8>::new()))
            .execute(self.0)?;
        Ok(())
    }
}

fn unpacked(packed: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, StoreError> {
    packed.filter(|packed| !packed.is_empty()).map(|packed| unpack("import", &packed)).transpose()
}

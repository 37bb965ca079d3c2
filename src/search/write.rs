//! Changing a part of the index: framework by framework, only what differs from what is there.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::directory::error::LockError;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocSet as _, IndexWriter, Searcher, TERMINATED, TantivyDocument, TantivyError, Term};

use super::SearchError;
use super::entry::{Associated, Entry, Pointer, Stemmer, digest, hash_of};
use super::index::{Part, Progress};
use super::schema::Fields;

/// How many threads index, and how much memory they take together, in bytes.
const THREADS: usize = 2;
const MEMORY: usize = 64 << 20;

/// The one who changes a part of the index.
pub struct Writer {
    part: Arc<Part>,
    writer: IndexWriter,
    searcher: Searcher,
    stemmer: Stemmer,
}

/// A framework that is being replaced.
pub struct Replacement<'w> {
    writer: &'w mut Writer,
    /// What is in the index and was not put yet: digests by keys.
    left: HashMap<u64, u64>,
    pointers: HashMap<u64, u64>,
    replaced: Replaced,
}

/// What came of replacing a framework.
#[derive(Debug, Default)]
pub struct Replaced {
    /// How many entries were added, changed or deleted.
    pub changed: usize,
    /// Which objects are to be found by other words now, as hashes of their identifiers.
    pub targets: BTreeSet<u64>,
    /// The frameworks that say that one of these objects is the same as one of theirs.
    pub pointing: BTreeSet<String>,
}

impl Writer {
    pub(super) fn new(part: Arc<Part>, index: &tantivy::Index) -> Result<Option<Writer>, SearchError> {
        let writer = match index.writer_with_num_threads(THREADS, MEMORY) {
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => return Ok(None),
            writer => writer?,
        };
        // What another process wrote since.
        part.reload()?;
        let searcher = part.searcher();
        Ok(Some(Writer { part, writer, searcher, stemmer: Stemmer::default() }))
    }

    fn fields(&self) -> &Fields {
        &self.part.fields
    }

    /// Begins to replace what is known of a framework.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn replace(&mut self, package: &str) -> Result<Replacement<'_>, SearchError> {
        let (mut left, mut pointers) = (HashMap::new(), HashMap::new());
        let fields = *self.fields();
        for segment in self.searcher.segment_readers() {
            let columns = segment.fast_fields();
            let (keys, digests) = (columns.u64("key")?, columns.u64("digest")?);
            let targets = segment.inverted_index(fields.target)?;
            let term = Term::from_field_text(fields.package, package);
            let Some(mut docs) =
                segment.inverted_index(fields.package)?.read_postings(&term, IndexRecordOption::Basic)?
            else {
                continue;
            };
            let has_pointers = targets.terms().num_terms() > 0;
            let kinds = columns.str("kind")?;
            while docs.doc() != TERMINATED {
                let doc = docs.doc();
                docs.advance();
                let is_entry = !has_pointers || kinds.as_ref().is_some_and(|kinds| kinds.ords().first(doc).is_some());
                if let (false, Some((key, digest))) = (segment.is_deleted(doc), pair(&keys, &digests, doc)) {
                    if is_entry { &mut left } else { &mut pointers }.insert(key, digest);
                }
            }
        }
        Ok(Replacement { writer: self, left, pointers, replaced: Replaced::default() })
    }

    /// The frameworks that are in it.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn packages(&self) -> Result<BTreeSet<String>, SearchError> {
        let mut packages = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields().package)?;
            let mut terms = index.terms().stream()?;
            while terms.advance() {
                packages.insert(String::from_utf8_lossy(terms.key()).into_owned());
            }
        }
        Ok(packages)
    }

    /// The frameworks with entries whose text is also that of objects of this one.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn near(&self, package: &str) -> Result<BTreeSet<String>, SearchError> {
        self.packages_with(&[Term::from_field_text(self.fields().near, package)])
    }

    /// The frameworks of objects, by hashes of their identifiers.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn packages_of(&self, ids: &BTreeSet<u64>) -> Result<BTreeSet<String>, SearchError> {
        let terms: Vec<Term> = ids.iter().map(|id| Term::from_field_u64(self.fields().id, *id)).collect();
        self.packages_with(&terms)
    }

    fn packages_with(&self, terms: &[Term]) -> Result<BTreeSet<String>, SearchError> {
        let mut packages = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let Some(names) = segment.fast_fields().str("package")? else { continue };
            let mut ords = BTreeSet::new();
            for term in terms {
                let index = segment.inverted_index(term.field())?;
                let Some(mut docs) = index.read_postings(term, IndexRecordOption::Basic)? else { continue };
                while docs.doc() != TERMINATED {
                    ords.extend(names.term_ords(docs.doc()));
                    docs.advance();
                }
            }
            for ord in ords {
                let mut name = String::new();
                if names.ord_to_str(ord, &mut name)? {
                    packages.insert(name);
                }
            }
        }
        Ok(packages)
    }

    /// Whether any object is said to be the same as one of another framework.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn has_pointers(&self) -> Result<bool, SearchError> {
        for segment in self.searcher.segment_readers() {
            if segment.inverted_index(self.fields().target)?.terms().num_terms() > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What other frameworks say is the same as the object of that identifier, and which they are.
    fn pointers_to(&self, id: &str) -> Result<(BTreeSet<String>, Vec<Associated>), SearchError> {
        let term = Term::from_field_u64(self.fields().target, hash_of(id));
        let (mut from, mut found) = (BTreeSet::new(), Vec::new());
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields().target)?;
            let Some(mut docs) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let store = segment.get_store_reader(1)?;
            while docs.doc() != TERMINATED {
                if !segment.is_deleted(docs.doc()) {
                    let document: TantivyDocument = store.get(docs.doc())?;
                    let shown = document.get_first(self.fields().shown).and_then(|value| value.as_bytes());
                    let pointer: Option<Pointer> = shown.and_then(|shown| serde_json::from_slice(shown).ok());
                    if let Some(Pointer { from: package, associated, .. }) = pointer {
                        from.insert(package);
                        found.push(associated);
                    }
                }
                docs.advance();
            }
        }
        // In the order of their texts, whatever segment they are in.
        found
            .sort_by(|a: &Associated, b| (&a.package, &a.code, &a.statement).cmp(&(&b.package, &b.code, &b.statement)));
        found.dedup();
        Ok((from, found))
    }

    /// Keeps what was done, with how far it follows the store; from now on it is found.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn commit(&mut self, progress: &Progress) -> Result<(), SearchError> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&serde_json::to_string(progress).unwrap_or_default());
        prepared.commit()?;
        self.part.reload()?;
        self.searcher = self.part.searcher();
        Ok(())
    }

    /// Waits until what is being merged is merged, and ends.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn finish(self) -> Result<(), SearchError> {
        self.writer.wait_merging_threads()?;
        self.part.reload()
    }
}

fn pair(keys: &Column<u64>, digests: &Column<u64>, doc: u32) -> Option<(u64, u64)> {
    Some((keys.first(doc)?, digests.first(doc)?))
}

impl Replacement<'_> {
    /// One of its entries.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn entry(&mut self, entry: &Entry) -> Result<(), SearchError> {
        let (key, digest) = (entry.key(), digest(entry));
        let fields = *self.writer.fields();
        match self.left.remove(&key) {
            Some(known) if known == digest => return Ok(()),
            Some(_) => drop(self.writer.writer.delete_term(Term::from_field_u64(fields.key, key))),
            None => {}
        }
        self.replaced.changed += 1;
        let document = entry.document(&fields, digest, &mut self.writer.stemmer);
        self.writer.writer.add_document(document)?;
        Ok(())
    }

    /// One of its objects is the same as one of another framework.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn pointer(&mut self, pointer: &Pointer) -> Result<(), SearchError> {
        let key = pointer.key();
        if self.pointers.remove(&key).is_some() {
            return Ok(());
        }
        let target = hash_of(&pointer.target);
        self.replaced.targets.insert(target);
        let fields = *self.writer.fields();
        // What it points at is told by the digest, for when it is deleted.
        self.writer.writer.add_document(pointer.document(&fields, target))?;
        Ok(())
    }

    /// What other frameworks say is the same as one of its objects.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn pointers_to(&mut self, id: &str) -> Result<Vec<Associated>, SearchError> {
        let (from, found) = self.writer.pointers_to(id)?;
        self.replaced.pointing.extend(from);
        Ok(found)
    }

    /// Deletes what was not put, and says what changed.
    #[must_use]
    pub fn finish(mut self) -> Replaced {
        let key = self.writer.fields().key;
        for gone in self.left.keys().chain(self.pointers.keys()) {
            self.writer.writer.delete_term(Term::from_field_u64(key, *gone));
        }
        self.replaced.changed += self.left.len();
        self.replaced.targets.extend(self.pointers.values());
        self.replaced
    }
}

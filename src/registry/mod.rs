//! The use cases, shared by the server and the command line; owns the order of side effects.
//!
//! Reading what is published is in `publish` and `browse`; changing it is a `plan` that is applied
//! (`apply`) and may be undone. Knows nothing of HTTP or of terminals.

mod access;
mod achievement;
mod align;
mod answers;
mod apply;
mod backup;
mod batch;
mod browse;
mod bundled;
mod catalogue;
mod check;
mod compare;
mod editions;
mod eligible;
mod export;
mod feedback;
mod fetch;
mod follow;
mod imports;
mod job;
mod keeper;
mod matching;
mod mirror;
mod mirror_run;
mod model;
mod order;
mod package;
mod parts;
mod passage;
mod plan;
mod privacy;
mod publish;
mod reconcile;
mod render;
mod rendered;
mod resolve;
mod search;
mod sheet;
mod source;
mod targets;
mod tree;
mod view;
mod workbook;

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::case::model::{Class, Timestamp};
use crate::case::read::{Context, ReadError};
use crate::exchange::ExchangeError;
use crate::fetch::FetchError;
use crate::search::{SearchError, SearchIndex};
use crate::store::{Object, Store, StoreError};
use crate::tabular::write::WriteError;

pub use access::{
    AUDIT_LIMIT, Access, Actor, AuditLine, AuditQuery, Client, CreatedToken, Credentials, Denied, Frameworks, Grant,
    GrantError, Handshake, Identity, NewToken, NewUser, OpenId, OpenIdError, OpenIdRules, Role, Scope, ScopeError,
    Secret, Session, SessionInfo, SessionRules, SignInError, SignedIn, TokenInfo, TokenState, UnknownRole, UserError,
    UserInfo, claimed_id, form_token,
};
pub use achievement::{
    Accepted, AchievementError, AchievementOptions, AlignMode, AlignPlaces, AlignedAchievement, AlignmentReason,
    DocumentWarning, ExistingAlignment, FrozenPart, OptionError, PlacedAchievement, ProposedAlignment,
};
pub use align::evaluate;
pub use align::{
    ACCEPTED_FROM, AlignScope, AlignTextRequest, Alignment, AlignmentCandidate, AlignmentMethods, AlignmentWhy,
    CANDIDATES, CrosswalkRequest, EmbeddingKeeper, EmbeddingState, MOST_CANDIDATES, ProposedAssociation,
    ProposedCrosswalk,
};
pub use answers::{Answer, hex};
pub use apply::{Applied, Undone};
pub use backup::{BackedUp, BackupError, BackupProgress};
pub use batch::{BATCH_AT_ONCE, BatchAnswer, BatchAnswered, BatchLine, BatchLines};
pub use browse::{
    AssociationFilter, AssociationLine, AssociationList, AssociationRow, CriterionRow, Crosswalk, Crumb, EditionName,
    EditionsPage, EndLine, FrameworkPage, ItemLine, ItemPlace, LevelCell, Licence, Moved, ObjectPage, OtherItem,
    OutlinePart, Pair, Partner, Permalink, RevisionLine, Reworded, RubricPage, Side, Strand, TreeNode, TreePart,
    TreeRequest,
};
pub use bundled::BundledError;
pub use catalogue::{CatalogueEntry, Grades};
pub use check::{Checkup, Finding, Gravity, Tally};
pub use compare::{Changed, Diff, Mention};
pub use editions::{Change, Comparison, Edit, Edition, compare_editions};
pub use eligible::{CredentialStep, ItemCredential, ItemCredentials, PublishedAchievement};
pub use export::{ExportState, Format, template};
pub use feedback::{Feedback, FeedbackDecision, FeedbackError, NewFeedback};
pub use fetch::{Fetched, Origin};
pub use follow::Follower;
pub use imports::{
    Claim, Difference, Differences, ImportAddress, ImportChange, ImportCounts, ImportDetail, ImportDraft,
    ImportFramework, ImportInfo, ImportOptions, ImportProblem, ImportProgress, ImportRules, ImportRun, ImportSource,
    ImportStage, ImportState, LayoutCell, LayoutColumn, LayoutGuess, LayoutRow, LayoutSheet, Prepared, ReadyImport,
    Refused, Remark, Replanned, RunEnd, SheetLayout,
};
pub use job::{
    AlignedJob, AlignedRequirement, JobCandidate, JobDecision, JobFailure, JobOptions, JobReason, JobRelation,
    RequirementStatus,
};
pub use keeper::MirrorKeeper;
pub use matching::{
    Evidence, MET_FROM, MatchCounts, MatchFailure, MatchRequest, MatchStatus, Matched, MatchedRecord,
    MatchedRequirement, PathStep, Required, Withheld,
};
pub use mirror::{MirrorInfo, MirroredInfo, NewMirror};
pub use mirror_run::{Became, MirrorRun, RunLine};
pub use passage::{AlignedSentence, MOST_SENTENCES};
pub use plan::{Conflict, Plan, PlanOptions};
pub use privacy::{Marked, PrivateFramework};
pub use publish::{DocumentPage, FrameworkSummary, Operation, Published};
pub use rendered::{Encoding, PackageState};
pub use resolve::{
    FoundBy, Reference, Replacement, Resolution, ResolveState, ResolvedFramework, ResolvedMention, ResolvedObject,
};
pub use search::{
    Ancestor, Correction, FacetCount, FrameworkHits, HitFramework, IndexKeeper, IndexState, Indexed, SearchAnswer,
    SearchFacets, SearchHit, SearchRequest, Snippet, Suggestion,
};
pub use sheet::read_sheet_alone;
pub use source::{SourceError, is_package, readings, unpack};
pub use targets::ReadySnippet;
pub use tree::{TreeLine, tree};
pub use view::View;
pub use workbook::{OpenError, OpenedSheet, SheetRequest, open_sheet};

pub use crate::align::{Encoder, ModelError, Query as AlignQuery, REFUSED_BELOW};
pub use crate::tabular::build::BuildError;
pub use crate::tabular::cells::{SheetError, answer_parent};
pub use crate::text::words_found;

/// Why a use case could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("the database could not be used")]
    Store(#[source] StoreError),
    /// All connections were busy for too long.
    #[error("the database is busy; try again in a moment")]
    Busy(#[source] StoreError),
    #[error("the rendered packages cannot be kept in the data directory")]
    Rendered {
        #[source]
        source: std::io::Error,
    },
    #[error("the system gives no random numbers")]
    Random(#[source] getrandom::Error),
    #[error("the password cannot be hashed: {0}")]
    Password(String),
    /// Something that is asked of users and cannot be done.
    #[error(transparent)]
    User(#[from] UserError),
    #[error(transparent)]
    OpenId(#[from] OpenIdError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// A decision that is not kept, or is not there.
    #[error(transparent)]
    Feedback(#[from] FeedbackError),
    /// The achievement is not aligned.
    #[error(transparent)]
    Achievement(#[from] AchievementError),
    /// No framework can be made of the workbook.
    #[error(transparent)]
    Sheet(BuildError),
    /// The spreadsheet cannot be read, or is not understood.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Something that is said of the reading of a spreadsheet and makes no sense.
    #[error("{0}")]
    SheetOption(String),
    /// The plan would take objects from other frameworks and was not told to.
    #[error("{}", conflict_sentence(.0))]
    Conflict(Vec<Conflict>),
    /// The framework changed after the plan was made.
    #[error("{title} ({identifier}) was changed since this plan was made; plan again to see the differences")]
    Stale { identifier: String, title: String },
    #[error("no framework {0} is stored here; `casement frameworks` lists them")]
    NoSuchFramework(String),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The framework does not fit the format, or there is no room for temporary files.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Only its mirror may change a mirrored framework.
    #[error(
        "framework {title} ({identifier}) is kept in step with another server by the mirror {mirror}, \
         and read-only here until `casement mirror remove {mirror}`"
    )]
    Mirrored { identifier: String, title: String, mirror: String },
    /// A package without items is more likely a fault than the truth.
    #[error("the source sends framework {identifier} without any item; what is stored is kept")]
    Emptied { identifier: String },
    #[error("there is a mirror {0} already; remove it first, or choose another --name")]
    MirrorExists(String),
    /// Something that is asked of a search and makes no sense.
    #[error("{0}")]
    SearchRequest(String),
    /// Something that is asked of aligning and makes no sense.
    #[error("{0}")]
    AlignRequest(String),
    /// With the most bytes that there may be.
    #[error("that is longer than {0} bytes; send less at once")]
    TooLong(usize),
    #[error("the vectors of items cannot be kept in the data directory")]
    Vectors(#[source] std::io::Error),
    #[error("there is no search index yet; it is being made")]
    NoIndex,
    #[error("the search index could not be used")]
    Search(#[from] SearchError),
    /// A job that cannot be read, or has no place for what would be added.
    #[error(transparent)]
    Job(#[from] JobFailure),
    /// A record that cannot be read, or competencies that are not here.
    #[error(transparent)]
    Match(#[from] MatchFailure),
    #[error("there is no mirror {0}; `casement mirror list` lists them")]
    NoSuchMirror(String),
    #[error("the mirror {0} is being run already")]
    MirrorBusy(String),
    #[error("the mirror {0} was removed, or taken over by another server, while it was run")]
    MirrorLost(String),
    #[error("{0} cannot be mirrored; name a server, or a framework by its CFDocuments or CFPackages address")]
    MirrorSource(String),
    #[error("there is no import {0} of yours")]
    NoSuchImport(i64),
    /// Something that its state does not allow.
    #[error("import {id} is {state}; {advice}")]
    ImportState { id: i64, state: &'static str, advice: &'static str },
    #[error("import {0} was changed at the same moment; look at it again")]
    ImportMoved(i64),
    #[error("the file of import {0} is no longer kept; send it again")]
    ImportForgotten(i64),
    #[error("this token or account is not good for changing framework {0}; use one that is")]
    NotAllowed(String),
    /// What one plan does would change what another of the same file does.
    #[error("frameworks {0} and {1} of this file claim the same objects; send each as a file of its own, one by one")]
    Entangled(String, String),
    #[error("{0} is not at a public address; the operator may allow it with fetch_allow_private")]
    PrivateSource(String),
    #[error("{0} is a whole server; name one framework there by its CFPackages, CFDocuments or /uri/ address")]
    WholeServer(String),
    #[error("there is nothing left to undo for framework {0}")]
    NothingToUndo(String),
    #[error("framework {other}, which revision {revision} changed, has been changed again since; undo that first")]
    UndoBlocked { revision: i64, other: String },
}

impl From<StoreError> for RegistryError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => RegistryError::Busy(error),
            other => RegistryError::Store(other),
        }
    }
}

fn conflict_sentence(conflicts: &[Conflict]) -> String {
    let Some(first) = conflicts.first() else { return String::new() };
    let more = match conflicts.len() - 1 {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    format!(
        "the {} {} belongs to framework {} ({}){more}; framework {} ({}) cannot take it unless it is told to move it",
        first.class.noun(),
        first.id,
        first.held_by_title,
        first.held_by,
        first.wanted_by_title,
        first.wanted_by,
    )
}

/// The program's use cases over one store.
pub struct Registry {
    store: Store,
    base_url: String,
    answers: answers::Answers,
    rendered: rendered::Rendered,
    index: Option<SearchIndex>,
    searching: search::Searching,
    shelf: align::Shelf,
    embedding: EmbeddingState,
    catalogue: catalogue::KeptCatalogue,
    skeletons: browse::Skeletons,
    bridges: browse::Bridges,
}

impl Registry {
    /// A registry that mints uris under `base_url`, the public address without a final slash.
    #[must_use]
    pub fn new(store: Store, base_url: &str) -> Registry {
        Registry {
            store,
            base_url: base_url.trim_end_matches('/').to_owned(),
            answers: answers::Answers::new(),
            rendered: rendered::Rendered::new(None),
            index: None,
            searching: search::Searching::default(),
            shelf: align::Shelf::default(),
            embedding: EmbeddingState::default(),
            catalogue: catalogue::KeptCatalogue::default(),
            skeletons: browse::Skeletons::default(),
            bridges: browse::Bridges::default(),
        }
    }

    /// Keeps the search index in a directory, which is made when it is first needed.
    #[must_use]
    pub fn searching_in(self, dir: PathBuf) -> Registry {
        Registry { index: Some(SearchIndex::new(dir)), ..self }
    }

    /// Compares meanings by a model, on so many threads, and keeps the vectors of items in a directory, which is made
    /// when it is first needed.
    #[must_use]
    pub fn aligning_with(self, encoder: Option<Arc<Encoder>>, dir: PathBuf, threads: usize) -> Registry {
        Registry { shelf: align::Shelf::new(Some(dir), encoder, threads), ..self }
    }

    /// Keeps rendered packages in a directory, which is made when it is first needed.
    #[must_use]
    pub fn keeping_rendered(self, dir: PathBuf) -> Registry {
        Registry { rendered: rendered::Rendered::new(Some(dir)), ..self }
    }

    /// The public address under which uris are minted.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Whether what is stored is read from a file by this process, and not asked of a server.
    #[must_use]
    pub fn reads_a_file(&self) -> bool {
        self.store.is_near()
    }

    fn reading_context(&self) -> Context {
        Context { base_url: self.base_url.clone(), now: Timestamp::from_instant(Utc::now()) }
    }
}

/// What is left of a text when its markup is taken away.
#[must_use]
pub fn plain_text(text: &str) -> Cow<'_, str> {
    crate::text::plain(text)
}

/// Microseconds since 1970, now.
fn now() -> i64 {
    Utc::now().timestamp_micros()
}

/// A time in microseconds since 1970, as it is written for others.
fn written(at: i64) -> String {
    DateTime::from_timestamp_micros(at)
        .map_or_else(|| at.to_string(), |time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The form in which an identifier is stored as a key. Anything may stand at the end of an
/// association, even a whole `data:` uri; what no index could hold stands for itself by its hash.
fn key(identifier: &str) -> String {
    const LONGEST: usize = 300;
    if identifier.len() <= LONGEST && !identifier.contains('\0') {
        return identifier.to_owned();
    }
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, identifier.as_bytes()).to_string()
}

/// What may name an object, borrowed from its stored JSON: reading a whole framework's labels must
/// not cost what parsing it does.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Names<'a> {
    #[serde(borrow)]
    human_coding_scheme: Option<Cow<'a, str>>,
    #[serde(borrow)]
    abbreviated_statement: Option<Cow<'a, str>>,
    #[serde(borrow)]
    full_statement: Option<Cow<'a, str>>,
    #[serde(borrow)]
    association_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    category: Option<Cow<'a, str>>,
    #[serde(borrow)]
    quality: Option<Cow<'a, str>>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    description: Option<Cow<'a, str>>,
}

/// What names an object best: code, short text, statement or title; else its identifier.
fn label(object: &Object) -> String {
    let names: Names<'_> = serde_json::from_str(&object.body).unwrap_or_default();
    let candidates = match object.class {
        Class::Item => [names.human_coding_scheme, names.abbreviated_statement, names.full_statement],
        Class::Association => [names.association_type, None, None],
        Class::Criterion => [names.category, names.description, None],
        Class::Level => [names.quality, names.description, None],
        _ => [names.title, names.description, None],
    };
    let named = candidates.into_iter().flatten().find(|text| !text.trim().is_empty());
    named.map_or_else(|| object.id.clone(), Cow::into_owned)
}

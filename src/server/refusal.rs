//! What the registry refuses, in the words of HTTP: a status, a stable kind, and what to do.

use actix_web::http::StatusCode;

use super::error::ApiError;
use crate::case::read::ReadError;
use crate::case::report::{Entry, Severity};
use crate::credentials::job::JobError;
use crate::registry::{
    BuildError, FeedbackError, JobFailure, OpenError, RegistryError, SheetError, SourceError, UserError,
};

/// Something that was understood and is not done.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub status: StatusCode,
    /// The last part of the kind of problem.
    pub slug: &'static str,
    pub title: &'static str,
    pub detail: String,
    /// What the reader has to say about a file of which it could make nothing.
    pub report: Vec<Entry>,
}

impl Refusal {
    /// A request that cannot be understood.
    #[must_use]
    pub(crate) fn bad_request(detail: impl Into<String>) -> ApiError {
        let (slug, title) = ("bad-request", "Bad request");
        let detail = detail.into();
        Refusal { status: StatusCode::BAD_REQUEST, slug, title, detail, report: Vec::new() }.into()
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        ApiError::Refused(Box::new(refusal))
    }
}

impl From<RegistryError> for ApiError {
    fn from(error: RegistryError) -> ApiError {
        let error = match error {
            RegistryError::OpenId(why) => return ApiError::OpenId(why),
            other => other,
        };
        let conflict = StatusCode::CONFLICT;
        let (status, slug, title) = match &error {
            RegistryError::Busy(_) | RegistryError::NoIndex => return ApiError::Busy,
            RegistryError::Write(limit) if limit.is_limit() => return ApiError::NotAcceptable(limit.to_string()),
            RegistryError::Achievement(refused) => return refused.into(),
            RegistryError::TooLong(most) => return ApiError::TooLarge(*most),
            RegistryError::NotAllowed(_) => return ApiError::Forbidden(error.to_string().into()),
            RegistryError::NoSuchImport(_)
            | RegistryError::Feedback(FeedbackError::NoDecision(_))
            | RegistryError::User(UserError::Unknown(_)) => {
                return ApiError::NotFound(sentence(&error));
            }
            RegistryError::User(UserError::Exists(_) | UserError::NotFirst) => (conflict, "user-exists", "Taken"),
            RegistryError::User(_) => (StatusCode::UNPROCESSABLE_ENTITY, "user", "Not possible"),
            RegistryError::Stale { .. } => (conflict, "import-stale", "Changed since it was planned"),
            RegistryError::ImportMoved(_) => (conflict, "import-changed", "Changed at the same moment"),
            RegistryError::ImportState { .. } => (conflict, "import-state", "Not in this state"),
            RegistryError::Conflict(_) => (conflict, "import-conflict", "Objects belong to other frameworks"),
            RegistryError::Mirrored { .. } => (conflict, "mirrored", "Kept in step with another server"),
            RegistryError::UndoBlocked { .. } | RegistryError::NothingToUndo(_) | RegistryError::NoSuchFramework(_) => {
                (conflict, "undo-blocked", "Changed since it was applied")
            }
            RegistryError::ImportForgotten(_) => (StatusCode::GONE, "import-forgotten", "No longer kept"),
            RegistryError::Source(SourceError::TooLarge { .. })
            | RegistryError::Open(OpenError::Cells(SheetError::TooLarge { .. }))
            | RegistryError::Job(JobFailure::Unread(JobError::TooLong)) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large")
            }
            RegistryError::SheetOption(_)
            | RegistryError::SearchRequest(_)
            | RegistryError::AlignRequest(_)
            | RegistryError::Feedback(FeedbackError::Request { .. })
            | RegistryError::Job(JobFailure::Unread(JobError::Empty | JobError::Encoding(_) | JobError::Json(_)))
            | RegistryError::Open(OpenError::Cells(SheetError::UnknownEncoding { .. })) => {
                (StatusCode::BAD_REQUEST, "bad-request", "Bad request")
            }
            RegistryError::Open(OpenError::Correction(_))
            | RegistryError::Sheet(
                BuildError::NoSuchItem(_) | BuildError::AmbiguousItem { .. } | BuildError::SeveralFrameworks(..),
            ) => (StatusCode::UNPROCESSABLE_ENTITY, "correction", "Names what is not there"),
            RegistryError::Source(_)
            | RegistryError::Read(_)
            | RegistryError::Exchange(_)
            | RegistryError::Open(_)
            | RegistryError::Sheet(BuildError::NoRows { .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "unreadable", "Nothing to import")
            }
            RegistryError::Entangled(..) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "import-entangled", "Frameworks that change each other")
            }
            RegistryError::Fetch(_) | RegistryError::PrivateSource(_) | RegistryError::WholeServer(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "source", "Cannot be fetched")
            }
            RegistryError::Job(JobFailure::Unread(JobError::MediaType(_))) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Not read")
            }
            RegistryError::Feedback(FeedbackError::NoItem { .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "no-item", "Names what is not there")
            }
            RegistryError::Job(_) => (StatusCode::UNPROCESSABLE_ENTITY, "no-job", "Not a job that can be aligned"),
            RegistryError::Match(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "no-match", "Cannot be held against each other")
            }
            _ => return ApiError::internal(error),
        };
        let report = match &error {
            RegistryError::Read(unread) => vec![entry(code(unread), unread.to_string())],
            RegistryError::Source(SourceError::Zip) => vec![entry("zip", error.to_string())],
            RegistryError::Exchange(_) => vec![entry("unreadable", error.to_string())],
            RegistryError::Source(_) => vec![entry("damaged", error.to_string())],
            RegistryError::Open(OpenError::Cells(unread)) => vec![entry(code_of_sheet(unread), unread.to_string())],
            RegistryError::Open(OpenError::NoTable(why)) => vec![entry("not-understood", why.to_string())],
            RegistryError::Sheet(BuildError::NoRows { .. }) => vec![entry("no-rows", error.to_string())],
            _ => Vec::new(),
        };
        let detail = match &error {
            // Which ones, the import says, to who may know.
            RegistryError::Conflict(_) => {
                "Plan again with move=true to take them, or take them out of the file.".to_owned()
            }
            RegistryError::Open(OpenError::NoTable(why)) => {
                format!("{}; say what the columns mean, such as map=statement=B.", capital(&why.to_string()))
            }
            _ => sentence(&error),
        };
        Refusal { status, slug, title, detail, report }.into()
    }
}

/// The error as a sentence of its own.
fn sentence(error: &RegistryError) -> String {
    format!("{}.", capital(&error.to_string()))
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), rest.as_str()))
}

fn entry(code: &str, sentence: String) -> Entry {
    Entry { severity: Severity::Loss, code: code.to_owned(), place: String::new(), sentence, original: None }
}

fn code(error: &ReadError) -> &'static str {
    match error {
        ReadError::Empty => "empty",
        ReadError::NotUtf8 { .. } => "not-utf8",
        ReadError::NotJson { .. } => "not-json",
        ReadError::Truncated { .. } => "cut-off",
        ReadError::TooDeep => "too-deep",
        ReadError::NotAPackage { .. } => "not-a-package",
    }
}

fn code_of_sheet(error: &SheetError) -> &'static str {
    match error {
        SheetError::Empty => "empty",
        SheetError::NotASpreadsheet { .. } => "not-a-spreadsheet",
        SheetError::Password => "password",
        SheetError::TooLarge { .. } => "too-large",
        SheetError::TooSlow { .. } => "too-slow",
        SheetError::UnknownEncoding { .. } | SheetError::WrongEncoding { .. } => "encoding",
        SheetError::Delimiter { .. } => "delimiter",
        SheetError::Damaged { .. } | SheetError::OpenQuote { .. } | SheetError::Child { .. } => "damaged",
    }
}

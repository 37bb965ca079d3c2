//! Why a verb could not do its work: what to print, what to exit with, and what may help.
//!
//! The one place that maps errors to exit codes. Never prints.

use std::error::Error;

use serde::Serialize;
use serde::ser::SerializeStruct as _;

use super::output::ExitStatus;
use super::text::one_line;
use crate::config::ConfigError;
use crate::fetch::FetchError;
use crate::registry::{OpenError, RegistryError, SourceError, UserError};
use crate::tabular::profile::{ProfileError, UnknownProfile};

/// An error with the place it belongs to, usually a file's name.
#[derive(Debug)]
pub struct Failure {
    /// What the program is to exit with.
    pub status: ExitStatus,
    /// What may help.
    pub hint: Option<&'static str>,
    place: Option<String>,
    error: Box<dyn Error + Send + Sync>,
}

/// A command line whose parts do not fit together.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Something wrong with the input that no other error tells.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InputProblem(pub String);

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Failure {
        let (status, hint) = classify(&error);
        Failure { status, hint, place: None, error: Box::new(error) }
    }
}

impl Failure {
    /// A failure of the environment that has no type of its own.
    #[must_use]
    pub fn of_any(error: anyhow::Error) -> Failure {
        Failure { status: ExitStatus::Environment, hint: None, place: None, error: error.into() }
    }

    /// Names the file or framework that it is about.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Failure {
        self.place = Some(place.into());
        self
    }

    /// The same with another exit status.
    #[must_use]
    pub fn with_status(mut self, status: ExitStatus) -> Failure {
        self.status = status;
        self
    }

    /// The sentence, on one line.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.place {
            Some(place) => one_line(&format!("{place}: {}", self.error)),
            None => one_line(&self.error.to_string()),
        }
    }

    /// What is behind it, nearest first, each on one line.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut source = self.error.source();
        while let Some(cause) = source {
            let line = one_line(&cause.to_string());
            if causes.last() != Some(&line) {
                causes.push(line);
            }
            source = cause.source();
        }
        causes
    }
}

impl Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Failure", 4)?;
        object.serialize_field("message", &self.message())?;
        object.serialize_field("causes", &self.causes())?;
        object.serialize_field("hint", &self.hint)?;
        object.serialize_field("exitStatus", &self.status.code())?;
        object.end()
    }
}

fn classify(error: &(dyn Error + 'static)) -> (ExitStatus, Option<&'static str>) {
    if let Some(error) = error.downcast_ref::<RegistryError>() {
        return registry(error);
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        let unreadable = matches!(error, ConfigError::Unreadable { .. });
        return (if unreadable { ExitStatus::Environment } else { ExitStatus::Usage }, None);
    }
    if let Some(error) = error.downcast_ref::<FetchError>() {
        return (fetching(error), None);
    }
    if let Some(error) = error.downcast_ref::<SourceError>() {
        return (ExitStatus::Input, source_hint(error));
    }
    if let Some(error) = error.downcast_ref::<OpenError>() {
        return opening(error);
    }
    if error.is::<UnknownProfile>() {
        return (ExitStatus::Usage, Some("`casement import --profiles` lists all; a file's name ends in .toml"));
    }
    let status = if error.is::<UsageError>() || error.is::<ProfileError>() {
        ExitStatus::Usage
    } else if error.is::<InputProblem>() || error.is::<crate::case::read::ReadError>() {
        ExitStatus::Input
    } else {
        ExitStatus::Environment
    };
    (status, None)
}

fn registry(error: &RegistryError) -> (ExitStatus, Option<&'static str>) {
    match error {
        RegistryError::Write(error) if error.is_limit() => (ExitStatus::Input, None),
        RegistryError::Store(_)
        | RegistryError::Busy(_)
        | RegistryError::MirrorBusy(_)
        | RegistryError::MirrorLost(_)
        | RegistryError::Random(_)
        | RegistryError::Password(_)
        | RegistryError::OpenId(_)
        | RegistryError::Rendered { .. }
        | RegistryError::Vectors(_)
        | RegistryError::NoIndex
        | RegistryError::Search(_)
        | RegistryError::Write(_) => (ExitStatus::Environment, None),
        RegistryError::Conflict(_) => {
            (ExitStatus::Input, Some("import with --move to move it; `casement undo` takes that back"))
        }
        RegistryError::Fetch(error) => (fetching(error), None),
        RegistryError::User(UserError::Unknown(_)) => (ExitStatus::Input, Some("`casement user list` lists them")),
        RegistryError::User(UserError::Exists(_)) => {
            (ExitStatus::Input, Some("`casement user role` and `casement user password` change one"))
        }
        RegistryError::MirrorExists(_)
        | RegistryError::MirrorSource(_)
        | RegistryError::WholeServer(_)
        | RegistryError::SheetOption(_)
        | RegistryError::SearchRequest(_)
        | RegistryError::AlignRequest(_)
        | RegistryError::User(_) => (ExitStatus::Usage, None),
        RegistryError::Open(error) => opening(error),
        RegistryError::Source(error) => (ExitStatus::Input, source_hint(error)),
        RegistryError::Achievement(_)
        | RegistryError::Feedback(_)
        | RegistryError::TooLong(_)
        | RegistryError::Mirrored { .. }
        | RegistryError::Emptied { .. }
        | RegistryError::NoSuchMirror(_)
        | RegistryError::Read(_)
        | RegistryError::Exchange(_)
        | RegistryError::Sheet(_)
        | RegistryError::Stale { .. }
        | RegistryError::NoSuchFramework(_)
        | RegistryError::NoSuchImport(_)
        | RegistryError::ImportState { .. }
        | RegistryError::ImportMoved(_)
        | RegistryError::ImportForgotten(_)
        | RegistryError::NotAllowed(_)
        | RegistryError::Entangled(..)
        | RegistryError::Job(_)
        | RegistryError::Match(_)
        | RegistryError::PrivateSource(_)
        | RegistryError::NothingToUndo(_)
        | RegistryError::UndoBlocked { .. } => (ExitStatus::Input, None),
    }
}

fn opening(error: &OpenError) -> (ExitStatus, Option<&'static str>) {
    match error {
        OpenError::Correction(_) => (ExitStatus::Usage, None),
        OpenError::NoTable(_) => (ExitStatus::Input, Some("say what the columns mean, such as --map statement=B")),
        OpenError::Cells(_) | OpenError::OtherLayout { .. } => (ExitStatus::Input, None),
    }
}

fn source_hint(error: &SourceError) -> Option<&'static str> {
    matches!(error, SourceError::TooLarge { .. }).then_some("raise --max-size if that is meant")
}

/// What another server sends is input; that it cannot be reached is not.
fn fetching(error: &FetchError) -> ExitStatus {
    match error {
        FetchError::NotAnAddress(_) | FetchError::CredentialsInUrl | FetchError::SecretInTheOpen { .. } => {
            ExitStatus::Usage
        }
        FetchError::NotCase { .. } | FetchError::OtherFramework { .. } | FetchError::TooLarge { .. } => {
            ExitStatus::Input
        }
        _ => ExitStatus::Environment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn the_status_tells_whose_fault_it_is() {
        let missing = RegistryError::NoSuchFramework("x".to_owned());
        let store = RegistryError::Store(StoreError::Corrupt { what: "class", source: "odd".into() });
        assert_eq!(Failure::from(missing).status, ExitStatus::Input);
        assert_eq!(Failure::from(UsageError(String::new())).status, ExitStatus::Usage);
        assert_eq!(Failure::from(std::io::Error::other("disk")).status, ExitStatus::Environment);
        let store = Failure::from(store).at("a\u{1b}.json");
        assert_eq!(store.status, ExitStatus::Environment);
        assert_eq!(store.message(), "a\u{fffd}.json: the database could not be used");
        assert_eq!(store.causes(), ["a stored class cannot be read", "odd"]);
    }
}

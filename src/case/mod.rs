//! The CASE standard (1EdTech Competencies and Academic Standards Exchange), 1.0 and 1.1.
//!
//! Pure: nothing here reads a file, a clock, a database or a socket. `model` is the middle of the
//! program; `read` turns any JSON that claims to be CASE into the model and a report; `v1p1` and
//! `v1p0` are the two forms it is written in. The rest are rules of the standard: `vocab` and
//! `education` its vocabularies, `select` the query of the document list, `status` the error body,
//! `schema` the official schemas, `percent` how uris are written.

pub mod education;
pub mod model;
pub mod percent;
pub mod read;
pub mod report;
pub mod schema;
pub mod select;
pub mod status;
pub mod v1p0;
pub mod v1p1;
pub mod vocab;

/// A version of the standard, as it stands in a base path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// CASE 1.0, served under `/ims/case/v1p0`.
    V1p0,
    /// CASE 1.1, served under `/ims/case/v1p1`.
    V1p1,
}

impl Version {
    /// Both versions, oldest first.
    pub const ALL: [Version; 2] = [Version::V1p0, Version::V1p1];

    /// The path segment that names the version: `v1p0` or `v1p1`.
    #[must_use]
    pub const fn segment(self) -> &'static str {
        match self {
            Version::V1p0 => "v1p0",
            Version::V1p1 => "v1p1",
        }
    }

    /// The version's number as people write it: `1.0` or `1.1`.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Version::V1p0 => "1.0",
            Version::V1p1 => "1.1",
        }
    }
}

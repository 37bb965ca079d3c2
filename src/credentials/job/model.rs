//! What is known of a job after it was read: the [`Job`], its requirements, and why a document was refused.
//!
//! Values only; nothing here reads a document.

use serde::Serialize;
use serde_json::{Number, Value};
use utoipa::ToSchema;

/// The longest document that is read, in bytes.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;
/// The most requirements that one document may have.
pub const MOST_REQUIREMENTS: usize = 10_000;

/// The form of a document about a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobKind)]
pub enum Kind {
    /// Text without markup.
    #[serde(rename = "text")]
    Text,
    /// Markdown.
    #[serde(rename = "markdown")]
    Markdown,
    /// An HTML page without data of its own.
    #[serde(rename = "html")]
    Html,
    /// JobPosting of schema.org.
    #[serde(rename = "schema.org/JobPosting")]
    JobPosting,
    /// Occupation of schema.org.
    #[serde(rename = "schema.org/Occupation")]
    Occupation,
    /// PositionOpening of HR Open.
    #[serde(rename = "hropen/PositionOpening")]
    PositionOpening,
    /// JobPosting or job description of HR Open, in the terms of JDX.
    #[serde(rename = "hropen/JobPosting")]
    Jdx,
    /// Occupation, Job, WorkRole or Task of CTDL.
    #[serde(rename = "ctdl")]
    Ctdl,
    /// A list of strings.
    #[serde(rename = "list")]
    List,
}

/// From and to in a string, in Unicode scalar values.
pub type Span = [usize; 2];

/// Which part of a job a requirement stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobSection)]
pub enum Section {
    /// Nothing says.
    Description,
    /// What is to be done.
    Responsibilities,
    /// What somebody has to bring.
    Qualifications,
    /// Skills, abilities, technologies.
    Skills,
    /// Knowledge.
    Knowledge,
    /// Schooling and degrees.
    Education,
    /// Experience.
    Experience,
    /// Licences and certificates.
    Credentials,
    /// Physical and sensory demands.
    Physical,
    /// Hours, place, travel and the like.
    Conditions,
    /// What the employer offers.
    Benefits,
    /// Who the employer is.
    Employer,
    /// How to apply.
    Application,
    /// What the law asks employers to say.
    Legal,
}

impl Section {
    /// Whether a section tells of the employer or the posting, and not of the job.
    #[must_use]
    pub const fn is_boilerplate(self) -> bool {
        matches!(self, Section::Benefits | Section::Employer | Section::Application | Section::Legal)
    }
}

/// How much something is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobImportance)]
pub enum Importance {
    /// It has to be there.
    Required,
    /// It is welcome.
    Preferred,
    /// Nothing says.
    Unstated,
}

/// What kind of thing is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobClass)]
pub enum Class {
    /// A skill, an ability, an attitude, command of a tool.
    Skill,
    /// Something to know.
    Knowledge,
    /// Something to do.
    Task,
    /// Experience, with a duration or without.
    Experience,
    /// A licence, a certificate.
    Credential,
    /// Schooling or a degree.
    Education,
    /// A circumstance: hours, place, travel, strength, the right to work.
    Condition,
    /// Nothing that is asked for: benefits, the employer, how to apply, what the law wants to be said.
    Boilerplate,
}

impl Class {
    /// Whether a requirement of this class names competencies, and is therefore looked for in frameworks.
    #[must_use]
    pub const fn names_competencies(self) -> bool {
        matches!(self, Class::Skill | Class::Knowledge | Class::Task | Class::Experience)
    }

    /// The class in words, with its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Class::Skill => "a skill",
            Class::Knowledge => "knowledge",
            Class::Task => "a task",
            Class::Experience => "experience",
            Class::Credential => "a credential",
            Class::Education => "education",
            Class::Condition => "a condition of work",
            Class::Boilerplate => "boilerplate",
        }
    }
}

/// A term of some vocabulary that a requirement already names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobTerm)]
pub struct Term {
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub uri: Option<String>,
    /// An identifier that is no address, such as the GUID of a CASE item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub identifier: Option<String>,
    /// Its code in its set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub code: Option<String>,
    /// The set it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub set: Option<TermSet>,
    /// The well-known scheme that it is of by its form: `ESCO`, `O*NET`, `CTID`, `RSD`, `Lightcast`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub scheme: Option<&'static str>,
}

/// A set of terms; a framework, perhaps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobTermSet)]
pub struct TermSet {
    /// Its address or identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub uri: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub name: Option<String>,
}

/// A class of occupations that the job is said to belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobClassification)]
pub struct Classification {
    /// `SOC`, `O*NET-SOC`, `ISCO-08`, `ESCO`, or as the document names it.
    pub scheme: String,
    /// The code, without blanks.
    pub code: String,
    /// What codes are compared by: of an O*NET-SOC code that ends in `.00`, the SOC code.
    pub comparable: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub name: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub uri: Option<String>,
    /// Where it stands.
    pub pointer: String,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobRequirement)]
pub struct Requirement {
    /// `r1`, `r2` … in the order of the document.
    pub id: String,
    /// JSON pointer to the string it stands in; empty for a text.
    pub pointer: String,
    /// Where in that string.
    #[schema(value_type = Vec<u32>, example = json!([0, 25]))]
    pub span: Span,
    /// It, without markup.
    pub text: String,
    /// The part of the job it stands in.
    pub section: Section,
    /// How much it is asked for.
    pub importance: Importance,
    /// What kind of thing it is.
    pub class: Class,
    /// Why it is of that class.
    pub because: String,
    /// The weight that the document gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = f64, required = false)]
    pub weight: Option<Number>,
    /// The term it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub term: Option<Term>,
}

/// A job as it was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// The form of the document.
    pub kind: Kind,
    /// What the job is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The classes of occupations it belongs to.
    pub classifications: Vec<Classification>,
    /// What is asked for, in the order of the document.
    pub requirements: Vec<Requirement>,
    /// What the reader has to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The JSON that pointers are in, for [`super::place`]; `None` for texts and lists.
    #[serde(skip)]
    pub document: Option<Value>,
    /// The document as it came, where there is one.
    #[serde(skip)]
    pub source: String,
    /// JSON pointer to the job in the document.
    #[serde(skip)]
    pub node: String,
}

/// Why a document is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It has no words.
    #[error(
        "there is nothing to read; send the text of a job, or JSON in one of the forms that the documentation lists"
    )]
    Empty,
    /// It is no UTF-8.
    #[error("the text is not UTF-8 (byte {0}); send it in UTF-8")]
    Encoding(usize),
    /// It is longer than [`MOST_BYTES`].
    #[error("the document has more than {MOST_BYTES} bytes; send the part with the requirements")]
    TooLong,
    /// It has more requirements than [`MOST_REQUIREMENTS`].
    #[error("the document has more than {MOST_REQUIREMENTS} sentences; send the part with the requirements")]
    TooMany,
    /// It is no JSON, or too deep for a job.
    #[error("the JSON cannot be read: {0}")]
    Json(String),
    /// It is JSON of another kind.
    #[error(
        "this JSON is no job: it is neither a schema.org JobPosting or Occupation, an HR Open PositionOpening or JobPosting, a \
         CTDL Occupation, Job, WorkRole or Task, nor a list of strings{0}"
    )]
    NoJob(String),
    /// The media type is none of those that are read.
    #[error(
        "the media type {0} is not read; send text/plain, text/markdown, text/html, application/json or application/ld+json"
    )]
    MediaType(String),
}

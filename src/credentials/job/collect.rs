//! What readers of all forms write down: requirements with their places, under the limit of how many there may be.

use serde_json::Number;

use super::classify::{Decision, classify};
use super::json::At;
use super::model::{Class, Classification, Importance, JobError, MOST_REQUIREMENTS, Requirement, Section, Span, Term};
use super::{codes, prose, terms};

/// The part of a job that something stands in, and how much is asked for there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub section: Section,
    pub importance: Importance,
}

impl Part {
    pub(super) const fn new(section: Section, importance: Importance) -> Part {
        Part { section, importance }
    }

    /// A part in which everything is asked for.
    pub(super) const fn required(section: Section) -> Part {
        Part::new(section, Importance::Required)
    }

    /// A part of which nothing says how much is asked for.
    pub(super) const fn unstated(section: Section) -> Part {
        Part::new(section, Importance::Unstated)
    }

    /// The class of what a document itself calls an element of this part.
    const fn class(self) -> Class {
        match self.section {
            Section::Knowledge => Class::Knowledge,
            Section::Responsibilities => Class::Task,
            Section::Education => Class::Education,
            Section::Experience => Class::Experience,
            Section::Credentials => Class::Credential,
            Section::Physical | Section::Conditions => Class::Condition,
            Section::Description | Section::Qualifications | Section::Skills => Class::Skill,
            Section::Benefits | Section::Employer | Section::Application | Section::Legal => Class::Boilerplate,
        }
    }
}

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub title: Option<String>,
    pub classifications: Vec<Classification>,
    pub requirements: Vec<Requirement>,
    pub warnings: Vec<String>,
}

impl Collector {
    /// Writes down a sentence; phrases in it say what it is.
    pub(super) fn sentence(&mut self, pointer: &str, span: Span, text: String, part: Part) -> Result<(), JobError> {
        let decision = classify(&text, part.section, part.importance);
        self.push(pointer, span, text, part.section, decision, None, None)
    }

    /// Writes down what the document itself calls a skill, a task and so on.
    pub(super) fn term(
        &mut self,
        text: &At<'_>,
        part: Part,
        term: Option<Term>,
        weight: Option<Number>,
    ) -> Result<(), JobError> {
        let Some(written) = text.str().filter(|written| written.contains(char::is_alphanumeric)) else { return Ok(()) };
        let because = "the document lists it as such".to_owned();
        let decision = Decision { class: part.class(), importance: part.importance, because };
        let span = [0, written.chars().count()];
        self.push(&text.pointer, span, prose::shown(written), part.section, decision, term, weight)
    }

    /// Writes down an element of a list of terms: a string, which may be nothing but an address, or an object that has a
    /// text under one of `names`.
    pub(super) fn element(
        &mut self,
        at: &At<'_>,
        names: &[&str],
        part: Part,
        term: Option<Term>,
    ) -> Result<(), JobError> {
        if let Some(written) = at.str() {
            return match terms::bare_term(written) {
                Some(bare) => self.term(at, part, Some(bare), None),
                None => prose::read_listed(at, part, self),
            };
        }
        let named = names.iter().find_map(|name| at.member(name)?.elements().iter().find_map(At::text));
        let address =
            || ["@id", "url", "targetNode"].iter().find_map(|name| at.member(name)).filter(|_| term.is_some());
        match named.or_else(|| at.text()).or_else(address) {
            Some(text) => self.term(&text, part, term, None),
            None => Ok(()),
        }
    }

    /// Writes down a number of months or years.
    pub(super) fn duration(&mut self, at: &At<'_>, unit: &str) -> Result<(), JobError> {
        let written = match at.value {
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::String(text) => text.trim().to_owned(),
            _ => return Ok(()),
        };
        if written.is_empty() {
            return Ok(());
        }
        let span = [0, written.chars().count()];
        let because = "the document lists it as such".to_owned();
        let decision = Decision { class: Class::Experience, importance: Importance::Required, because };
        self.push(
            &at.pointer,
            span,
            format!("{written} {unit} of experience"),
            Section::Experience,
            decision,
            None,
            None,
        )
    }

    /// Writes down a class of occupations: a text, or an object with a code.
    pub(super) fn classification(&mut self, at: &At<'_>) {
        let scheme = ["inCodeSet", "inDefinedTermSet", "frameworkName", "schemeId"]
            .iter()
            .find_map(|name| at.text_of(name).or_else(|| at.member(name)?.text_of("name")));
        let id = at.member("id").filter(|id| id.value.is_object());
        let scheme = scheme.or_else(|| id.as_ref()?.text_of("schemeId"));
        let code = ["codeValue", "termCode", "codedNotation", "code"].iter().find_map(|name| at.text_of(name));
        let name = ["name", "targetNodeName"].iter().find_map(|name| at.text_of(name));
        let uri = at.address().or_else(|| at.member("targetNode")?.address());
        let code = code.or_else(|| id.as_ref()?.text_of("value")).or_else(|| at.str()).or(uri).or(name);
        let found = code.and_then(|code| codes::classification(code, scheme, name, uri, &at.pointer));
        self.classifications.extend(found);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one requirement")]
    fn push(
        &mut self,
        pointer: &str,
        span: Span,
        text: String,
        section: Section,
        decision: Decision,
        term: Option<Term>,
        weight: Option<Number>,
    ) -> Result<(), JobError> {
        if self.requirements.len() >= MOST_REQUIREMENTS {
            return Err(JobError::TooMany);
        }
        let Decision { class, importance, because } = decision;
        let (id, pointer) = (format!("r{}", self.requirements.len() + 1), pointer.to_owned());
        self.requirements.push(Requirement {
            id,
            pointer,
            span,
            text,
            section,
            importance,
            class,
            because,
            weight,
            term,
        });
        Ok(())
    }
}

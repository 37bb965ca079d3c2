//! What of a CASE object goes into an alignment, whatever the alignment is written in.
//!
//! Never contains the object itself, nor JSON.

use std::borrow::Cow;

/// The CASE classes that something can be aligned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetClass {
    Item,
    Rubric,
    Criterion,
    Level,
    Document,
}

impl TargetClass {
    /// `targetType` of Open Badges 3.0 and CLR. A document is an extension: no enumeration has it, and
    /// `CFDocument` alone fails the schema.
    #[must_use]
    pub fn target_type(self) -> &'static str {
        match self {
            TargetClass::Item => "CFItem",
            TargetClass::Rubric => "CFRubric",
            TargetClass::Criterion => "CFRubricCriterion",
            TargetClass::Level => "CFRubricCriterionLevel",
            TargetClass::Document => "ext:CFDocument",
        }
    }
}

/// The framework that a target is at home in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetFramework {
    /// CFDocument.identifier.
    pub identifier: String,
    /// CFDocument.uri, as published.
    pub uri: String,
    /// CFDocument.title.
    pub title: String,
}

/// A CASE object as far as an alignment tells of it. Texts are as published; an empty one is taken for absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub class: TargetClass,
    /// The GUID, lower-case.
    pub identifier: String,
    /// The canonical uri, as published.
    pub uri: String,
    /// The short text: abbreviatedStatement of an item, title of a rubric or a document, category of a criterion,
    /// quality of a level.
    pub short: Option<String>,
    /// The whole text: fullStatement of an item, description of everything else.
    pub full: Option<String>,
    /// humanCodingScheme.
    pub code: Option<String>,
    /// Remarks of the authors, often long.
    pub notes: Option<String>,
    /// CFItemType.
    pub item_type: Option<String>,
    /// BCP 47 tag of the texts.
    pub language: Option<String>,
    /// The home framework, also of an item that others show; a document's is itself.
    pub framework: TargetFramework,
    /// Public address of this server, without a slash at the end.
    pub base: String,
}

impl Target {
    /// Where the target is found: its uri, byte for byte, or the permalink here when the uri cannot be followed.
    #[must_use]
    pub fn url(&self) -> Cow<'_, str> {
        resolvable(&self.uri, &self.base, &self.identifier)
    }

    /// The same of its framework; nothing when that has no identifier.
    #[must_use]
    pub fn framework_url(&self) -> Option<Cow<'_, str>> {
        let framework = &self.framework;
        (!framework.identifier.is_empty()).then(|| resolvable(&framework.uri, &self.base, &framework.identifier))
    }

    /// What it is called: the short text, else the whole, else what identifies it.
    #[must_use]
    pub fn name(&self) -> &str {
        let texts = [&self.short, &self.full, &self.code];
        texts.into_iter().find_map(given).unwrap_or(&self.identifier)
    }

    pub(super) fn full(&self) -> Option<&str> {
        given(&self.full)
    }

    pub(super) fn code(&self) -> Option<&str> {
        given(&self.code)
    }

    pub(super) fn notes(&self) -> Option<&str> {
        given(&self.notes)
    }
}

/// A text that says something.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}

/// Open Badges 2.0 and the forms of several issuers want http or https.
fn resolvable<'a>(uri: &'a str, base: &str, identifier: &str) -> Cow<'a, str> {
    let http = ["http://", "https://"].iter().any(|scheme| {
        uri.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && uri.len() > scheme.len()
    });
    if http { Cow::Borrowed(uri) } else { Cow::Owned(format!("{}/uri/{identifier}", base.trim_end_matches('/'))) }
}

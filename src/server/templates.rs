//! The pages' templates and what they are filled with. Everything is escaped by the templates;
//! nothing here reads the registry or a request.

use askama::Template;

use super::assets;
use super::case_api;
use super::negotiate::Form;
use super::url;
use crate::config::PublicUrl;
use crate::registry::{AssociationLine, Crumb, FrameworkSummary, ObjectPage};

/// What pages are served as.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// What every page needs.
pub(crate) struct Frame {
    /// The path of the public address, before every link; mostly empty. Links carry no host, so
    /// that pages work under every name that reaches the server.
    pub base: String,
    /// The public address.
    pub public_url: String,
}

impl Frame {
    /// The frame of a server with that public address.
    #[must_use]
    pub(crate) fn new(public_url: &PublicUrl) -> Frame {
        Frame { base: public_url.path().to_owned(), public_url: public_url.to_string() }
    }

    /// The link to an object's page.
    #[must_use]
    pub(crate) fn permalink(&self, id: &str) -> String {
        format!("{}/uri/{}", self.base, url::segment(id))
    }

    /// The link to an object in another form.
    #[must_use]
    pub(crate) fn form(&self, id: &str, form: Form) -> String {
        format!("{}{}", self.permalink(id), form.suffix())
    }

    /// The link to a file of `assets/`.
    #[must_use]
    pub(crate) fn asset(&self, name: &str) -> String {
        format!("{}{}", self.base, assets::path(name))
    }
}

/// The first page: the frameworks.
#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct Home<'a> {
    pub frame: &'a Frame,
    pub frameworks: &'a [FrameworkSummary],
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct Error<'a> {
    pub frame: &'a Frame,
    pub title: &'a str,
    pub status: u16,
    pub detail: &'a str,
    pub request_id: &'a str,
}

/// The page of one object.
#[derive(Template)]
#[template(path = "object.html")]
pub(crate) struct Object<'a> {
    pub frame: &'a Frame,
    pub page: &'a ObjectPage,
    /// The object's canonical address.
    pub canonical: &'a str,
    /// Associations that read alike, together.
    pub associations: Vec<Group<'a>>,
}

/// Associations under one heading.
pub(crate) struct Group<'a> {
    pub words: &'a str,
    pub lines: Vec<&'a AssociationLine>,
}

impl<'a> Object<'a> {
    /// The page of an object.
    #[must_use]
    pub(crate) fn new(frame: &'a Frame, page: &'a ObjectPage, canonical: &'a str) -> Object<'a> {
        let mut associations: Vec<Group<'a>> = Vec::new();
        for line in &page.associations {
            match associations.iter_mut().find(|group| group.words == line.words) {
                Some(group) => group.lines.push(line),
                None => associations.push(Group { words: &line.words, lines: vec![line] }),
            }
        }
        Object { frame, page, canonical, associations }
    }

    /// The language tag as HTML has it; the standard's guide writes `en_US`.
    fn language(&self) -> String {
        let clean = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        self.page.language.as_deref().unwrap_or_default().replace('_', "-").chars().filter(clean).collect()
    }

    /// What heads the page: the code, or else the title.
    fn heading(&self) -> &str {
        self.page.code.as_deref().filter(|_| self.page.statement.is_some()).unwrap_or(&self.page.title)
    }

    /// The text below the heading, unless it says the same.
    fn statement(&self) -> Option<&str> {
        self.page.statement.as_deref().filter(|statement| *statement != self.heading())
    }

    /// The title for the browser's tab.
    fn tab(&self) -> String {
        let text = self.page.statement.as_deref().filter(|_| self.page.code.is_some()).unwrap_or_default();
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let all = format!("{} {text}", self.heading());
        let mut short: String = all.trim().chars().take(80).collect();
        if short.len() < all.trim().len() {
            short.push('…');
        }
        short
    }

    fn json(&self) -> String {
        self.frame.form(&self.page.identifier, Form::Json)
    }

    fn json_ld(&self) -> String {
        self.frame.form(&self.page.identifier, Form::JsonLd)
    }

    /// The standard's own addresses of the object, by version number.
    fn case_links(&self) -> Vec<(&'static str, String)> {
        let Some(segment) = case_api::segment_of(self.page.class) else { return Vec::new() };
        let id = url::segment(&self.page.identifier);
        let link = |version: crate::case::Version| {
            (version.number(), format!("{}/ims/case/{}/{segment}/{id}", self.frame.base, version.segment()))
        };
        crate::case::Version::ALL.into_iter().map(link).collect()
    }

    /// The package that a framework is in.
    fn package(&self) -> Option<String> {
        let is_framework = self.page.class == crate::case::model::Class::Document;
        is_framework.then(|| format!("{}/uri/p{}.json", self.frame.base, url::segment(&self.page.identifier)))
    }

    fn more_children(&self) -> u64 {
        self.page.children_total.saturating_sub(self.page.children.len() as u64)
    }

    fn crumb(&self, crumb: &Crumb) -> String {
        self.frame.permalink(&crumb.identifier)
    }

    /// Whether a property's value is an address to link to.
    fn is_address(value: &str) -> bool {
        is_web(value)
    }

    /// Where an association leads, when that is a place of ours or of the web.
    fn href(&self, line: &AssociationLine) -> Option<String> {
        let href = line.href.as_deref()?;
        if let Some(id) = href.strip_prefix("/uri/") {
            return Some(self.frame.permalink(id));
        }
        is_web(href).then(|| href.to_owned())
    }
}

/// Whether text is an address that a page may link to; `javascript:` and the like are not.
fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

//! The page of one object of whatever class, at its permalink.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::{Section, Site, content_tag, rich};
use crate::registry::{AssociationLine, Crumb, ObjectPage};
use crate::server::case_api;
use crate::server::error::ApiError;
use crate::server::negotiate::Form;
use crate::server::state::AppState;
use crate::server::url;

/// Answers with the page of an object.
///
/// # Errors
/// When the template cannot be filled, which is a fault.
pub(crate) fn answer(
    req: &HttpRequest,
    state: &AppState,
    response: HttpResponseBuilder,
    page: &ObjectPage,
    canonical: &str,
) -> Result<HttpResponse, ApiError> {
    let site = Site::of(&state.frame, req).within(Section::Frameworks);
    Site::answer(req, response, &Object::new(site, page, canonical))
}

/// The page of one object.
#[derive(Template)]
#[template(path = "object.html")]
pub(crate) struct Object<'a> {
    pub site: Site<'a>,
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
    pub(crate) fn new(site: Site<'a>, page: &'a ObjectPage, canonical: &'a str) -> Object<'a> {
        let mut associations: Vec<Group<'a>> = Vec::new();
        for line in &page.associations {
            match associations.iter_mut().find(|group| group.words == line.words) {
                Some(group) => group.lines.push(line),
                None => associations.push(Group { words: &line.words, lines: vec![line] }),
            }
        }
        Object { site, page, canonical, associations }
    }

    fn language(&self) -> String {
        content_tag(self.page.language.as_deref().unwrap_or_default())
    }

    /// What heads the page: the code, or else the title.
    fn heading(&self) -> &str {
        self.page.code.as_deref().filter(|_| self.page.statement.is_some()).unwrap_or(&self.page.title)
    }

    /// The text below the heading, unless it says the same.
    fn statement(&self) -> Option<&str> {
        self.page.statement.as_deref().filter(|statement| *statement != self.heading())
    }

    /// A text as it is shown.
    fn rich(text: &str) -> String {
        rich::block(text)
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
        self.site.frame.form(&self.page.identifier, Form::Json)
    }

    fn json_ld(&self) -> String {
        self.site.frame.form(&self.page.identifier, Form::JsonLd)
    }

    /// The standard's own addresses of the object, by version number.
    fn case_links(&self) -> Vec<(&'static str, String)> {
        let Some(segment) = case_api::segment_of(self.page.class) else { return Vec::new() };
        let id = url::segment(&self.page.identifier);
        let link = |version: crate::case::Version| {
            (version.number(), format!("{}/ims/case/{}/{segment}/{id}", self.site.frame.base, version.segment()))
        };
        crate::case::Version::ALL.into_iter().map(link).collect()
    }

    /// The package that a framework is in.
    fn package(&self) -> Option<String> {
        let is_framework = self.page.class == crate::case::model::Class::Document;
        is_framework.then(|| format!("{}/uri/p{}.json", self.site.frame.base, url::segment(&self.page.identifier)))
    }

    fn more_children(&self) -> u64 {
        self.page.children_total.saturating_sub(self.page.children.len() as u64)
    }

    fn crumb(&self, crumb: &Crumb) -> String {
        self.site.permalink(&crumb.identifier)
    }

    /// Whether a property's value is an address to link to.
    fn is_address(value: &str) -> bool {
        is_web(value)
    }

    /// Where an association leads, when that is a place of ours or of the web.
    fn href(&self, line: &AssociationLine) -> Option<String> {
        let href = line.href.as_deref()?;
        if let Some(id) = href.strip_prefix("/uri/") {
            return Some(self.site.permalink(id));
        }
        is_web(href).then(|| href.to_owned())
    }
}

/// Whether text is an address that a page may link to; `javascript:` and the like are not.
fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

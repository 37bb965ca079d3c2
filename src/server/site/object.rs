//! The page of one object of whatever class but a framework, at its permalink.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde_json::json;

use super::views::end_html;
use super::{Section, Site, content_tag, rich};
use crate::case::Version;
use crate::case::model::Class;
use crate::credentials::SnippetFormat;
use crate::registry::{AssociationLine, EndLine, ItemLine, ObjectPage, plain_text};
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
struct Object<'a> {
    site: Site<'a>,
    page: &'a ObjectPage,
    /// The object's canonical address.
    canonical: &'a str,
    /// Associations that read alike, together.
    associations: Vec<Group<'a>>,
}

/// Associations under one heading.
struct Group<'a> {
    words: String,
    lines: Vec<&'a AssociationLine>,
}

impl<'a> Object<'a> {
    fn new(site: Site<'a>, page: &'a ObjectPage, canonical: &'a str) -> Object<'a> {
        let mut associations: Vec<Group<'a>> = Vec::new();
        for line in &page.associations {
            let words = site.association(&line.kind, line.is_forward);
            match associations.iter_mut().find(|group| group.words == words) {
                Some(group) => group.lines.push(line),
                None => associations.push(Group { words, lines: vec![line] }),
            }
        }
        Object { site, page, canonical, associations }
    }

    fn language(&self) -> String {
        content_tag(self.page.language.as_deref().unwrap_or_default())
    }

    fn is_item(&self) -> bool {
        self.page.class == Class::Item
    }

    /// What heads the page: the code, or else the title.
    fn heading(&self) -> &str {
        self.page.code.as_deref().filter(|_| self.page.statement.is_some()).unwrap_or(&self.page.title)
    }

    /// The heading as HTML: a statement that stands for it may hold formulas.
    fn heading_html(&self) -> String {
        rich::line(self.heading(), 300)
    }

    /// The text below the heading, unless it says the same.
    fn statement(&self) -> Option<String> {
        let statement = self.page.statement.as_deref().filter(|statement| *statement != self.heading());
        statement.map(rich::block)
    }

    /// The title for the browser's tab, and for who shares the page.
    fn tab(&self) -> String {
        let text = self.page.statement.as_deref().filter(|_| self.page.code.is_some()).unwrap_or_default();
        plain(&format!("{} {text}", self.heading()), 80)
    }

    fn summary(&self) -> String {
        plain(self.page.statement.as_deref().unwrap_or(&self.page.title), 200)
    }

    fn json(&self) -> String {
        self.site.frame.form(&self.page.identifier, Form::Json)
    }

    fn json_ld_link(&self) -> String {
        self.site.frame.form(&self.page.identifier, Form::JsonLd)
    }

    /// The standard's own addresses of the object, by version number.
    fn case_links(&self) -> Vec<(&'static str, String)> {
        let Some(segment) = case_api::segment_of(self.page.class) else { return Vec::new() };
        let id = url::segment(&self.page.identifier);
        let link = |version: Version| {
            (version.number(), self.site.link(&format!("/ims/case/{}/{segment}/{id}", version.segment())))
        };
        Version::ALL.into_iter().map(link).collect()
    }

    fn more_children(&self) -> usize {
        self.page.children_total.saturating_sub(self.page.children.len())
    }

    /// Its place in the framework's tree.
    fn in_tree(&self) -> String {
        let [framework, id] = [&self.page.framework.identifier, &self.page.identifier].map(|id| url::segment(id));
        self.site.link(&format!("/frameworks/{framework}?at={id}#i-{id}"))
    }

    fn history(&self) -> String {
        self.site.link(&format!("/frameworks/{}/history", url::segment(&self.page.framework.identifier)))
    }

    fn like(&self) -> String {
        self.site.link(&format!("/search?like={}", url::segment(&self.page.identifier)))
    }

    /// Code and statement of an item in a line.
    fn line(item: &ItemLine) -> String {
        let code = if item.code.is_empty() {
            String::new()
        } else {
            format!("<b class=\"code\">{}</b> ", rich::escape(&item.code))
        };
        format!("{code}{}", rich::line(&item.statement, 240))
    }

    /// What a breadcrumb says: the code where there is one.
    fn crumb(item: &ItemLine) -> String {
        let text = [&item.code, &item.short, &item.statement].into_iter().find(|text| !text.trim().is_empty());
        rich::line(text.map_or("", String::as_str), 60)
    }

    fn lang_of(item: &ItemLine) -> String {
        content_tag(&item.language)
    }

    fn end(&self, end: &EndLine) -> String {
        end_html(&self.site, end)
    }

    /// What a property is called, and its value as people read it.
    fn property(&self, name: &str) -> String {
        self.site.named("property", name)
    }

    fn value(&self, name: &str, value: &str) -> String {
        match name {
            "educationLevel" => {
                let grades = value.split(", ").map(|code| self.site.grade(code)).collect::<Vec<_>>();
                rich::escape(&grades.join(", "))
            }
            "language" => rich::escape(&self.site.language_name(value)),
            "statusStartDate" | "statusEndDate" => rich::escape(&self.site.date(value)),
            _ if rich::is_followed(value) => {
                let shown = rich::escape(value);
                format!("<a href=\"{shown}\" rel=\"nofollow noopener\">{shown}</a>")
            }
            _ => rich::block(value),
        }
    }

    /// What can be copied: what it is called, and its address.
    fn snippets(&self) -> Vec<(&'static str, String)> {
        let id = url::segment(&self.page.identifier);
        let link = |format: SnippetFormat| {
            (format_name(format), self.site.link(&format!("/api/v1/alignments/{}/{id}", format.name())))
        };
        SnippetFormat::ALL.into_iter().map(link).collect()
    }

    /// What programs read of the page.
    fn json_ld(&self) -> String {
        let page = self.page;
        script_json(&json!({
            "@context": "https://schema.org",
            "@type": "DefinedTerm",
            "@id": page.uri,
            "identifier": page.identifier,
            "name": plain(page.statement.as_deref().unwrap_or(&page.title), 300),
            "termCode": page.code,
            "inLanguage": page.language,
            "url": self.canonical,
            "dateModified": page.last_change,
            "inDefinedTermSet": {
                "@type": "DefinedTermSet",
                "identifier": page.framework.identifier,
                "name": page.framework.label,
                "url": format!("{}/uri/{}", self.site.frame.public_url, url::segment(&page.framework.identifier)),
            },
        }))
    }
}

/// What people call a format.
pub(super) const fn format_name(format: SnippetFormat) -> &'static str {
    match format {
        SnippetFormat::Ob2 => "Open Badges 2",
        SnippetFormat::Ob3 => "Open Badges 3",
        SnippetFormat::Clr1 => "CLR 1",
        SnippetFormat::Clr2 => "CLR 2",
        SnippetFormat::SchemaOrg => "schema.org",
        SnippetFormat::HrOpen => "HR Open",
        SnippetFormat::Ctdl => "CTDL",
        SnippetFormat::Qti => "QTI 3",
        SnippetFormat::CommonCartridge => "Common Cartridge",
        SnippetFormat::Lti => "LTI",
        SnippetFormat::OneRoster => "OneRoster",
    }
}

/// A text without its markup, cut: for titles and for who shares a page.
pub(super) fn plain(text: &str, most: usize) -> String {
    rich::cut(&plain_text(text), most)
}

/// JSON as it can stand in a script element.
pub(super) fn script_json(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

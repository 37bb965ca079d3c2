//! The pages of a framework: what it says of itself, its tree, and one branch of it at a time.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;
use serde_json::json;

use super::filters::Filters;
use super::{Amount, HTML, Section, Site, VARY, content_tag, rich, tree};
use crate::case::Version;
use crate::registry::{Crumb, Format, FrameworkPage, TreePart, TreeRequest, View};
use crate::server::error::ApiError;
use crate::server::etag::Tagged;
use crate::server::negotiate::Form;
use crate::server::state::AppState;
use crate::server::url;

/// What the address of a tree may hold.
const ASKED: [&str; 6] = ["at", "levels", "tree", "q", "below", "from"];

/// What is at the top of each of a framework's pages.
pub(super) struct Head<'a> {
    pub site: Site<'a>,
    pub page: FrameworkPage,
    /// Which of its pages this is.
    pub tab: &'static str,
}

/// The pages of a framework, by the last segment of their address.
pub(super) const TABS: [&str; 7] = ["tree", "outline", "table", "associations", "crosswalks", "rubrics", "history"];

impl<'a> Head<'a> {
    pub(super) fn new(state: &'a AppState, req: &HttpRequest, page: FrameworkPage, tab: &'static str) -> Head<'a> {
        Head { site: Site::of(&state.frame, req).within(Section::Frameworks), page, tab }
    }

    pub(super) fn id(&self) -> &str {
        &self.page.summary.identifier
    }

    pub(super) fn lang(&self) -> String {
        content_tag(self.page.summary.language.as_deref().unwrap_or_default())
    }

    /// The address of one of its pages.
    pub(super) fn path(&self, tab: &str) -> String {
        let base = self.site.link(&format!("/frameworks/{}", url::segment(self.id())));
        if tab == "tree" { base } else { format!("{base}/{tab}") }
    }

    /// The pages that there are: no rubrics where there are none.
    pub(super) fn tabs(&self) -> Vec<&'static str> {
        let is_there = |tab: &&str| match *tab {
            "rubrics" => self.page.rubrics > 0,
            "associations" | "crosswalks" => self.page.summary.associations > 0,
            _ => true,
        };
        TABS.into_iter().filter(is_there).collect()
    }

    pub(super) fn description(&self) -> String {
        rich::block(&self.page.description)
    }

    pub(super) fn notes(&self) -> String {
        rich::block(&self.page.notes)
    }

    pub(super) fn is_link(text: &str) -> bool {
        rich::is_followed(text)
    }

    /// The files it can be had as: name, address, what it is called.
    pub(super) fn downloads(&self) -> Vec<(String, String)> {
        let id = url::segment(self.id());
        let link = |format: Format| {
            let address = self.site.link(&format!("/api/v1/frameworks/{id}/export/{}", format.name()));
            (self.site.say(&format!("download-{}", format.name().replace('.', "-"))), address)
        };
        Format::ALL.into_iter().map(link).collect()
    }

    pub(super) fn json(&self) -> String {
        self.site.frame.form(self.id(), Form::Json)
    }

    /// The standard's own addresses of the whole.
    pub(super) fn case_links(&self) -> Vec<(&'static str, String)> {
        let id = url::segment(self.id());
        let link = |version: Version| {
            let path = format!("/ims/case/{}/CFPackages/{id}", version.segment());
            (version.number(), format!("{}{path}", self.site.frame.public_url))
        };
        Version::ALL.into_iter().map(link).collect()
    }

    /// The first words of the description, for who shares the page.
    pub(super) fn summary(&self) -> String {
        super::object::plain(&self.page.description, 200)
    }

    /// What programs read of the page.
    pub(super) fn json_ld(&self) -> String {
        let summary = &self.page.summary;
        super::object::script_json(&json!({
            "@context": "https://schema.org",
            "@type": "DefinedTermSet",
            "@id": summary.uri,
            "identifier": summary.identifier,
            "name": summary.title,
            "description": self.page.description,
            "inLanguage": summary.language,
            "creator": { "@type": "Organization", "name": summary.creator },
            "license": self.page.licence.as_ref().map(|licence| licence.uri.clone()),
            "dateModified": summary.last_change_date_time,
            "version": self.page.version,
            "url": format!("{}/uri/{}", self.site.frame.public_url, url::segment(&summary.identifier)),
        }))
    }
}

/// A framework with its tree.
#[derive(Template)]
#[template(path = "framework_tree.html")]
struct Tree<'a> {
    site: Site<'a>,
    head: Head<'a>,
    filters: Filters,
    part: TreePart,
    /// The tree as it is written.
    html: String,
    canonical: String,
}

impl Tree<'_> {
    /// The levels that can be opened at once.
    fn levels(&self) -> Vec<usize> {
        (1..self.part.depth.min(5)).collect()
    }

    fn is_level(&self, level: impl Amount) -> bool {
        self.filters.value("levels") == Some(&level.amount().to_string())
    }

    /// This page with another choice, without what was opened before.
    fn with(&self, name: &str, value: impl std::fmt::Display) -> String {
        let kept = self.filters.value("tree").filter(|_| name != "tree").map(|tree| ("tree", tree.to_owned()));
        let mut query = url::Query::default();
        for (name, value) in kept.into_iter().chain([(name, value.to_string())]) {
            query.push(name, &value);
        }
        format!("{}{}#tree", self.head.path("tree"), query.written())
    }

    fn grouping(&self) -> &str {
        self.filters.value("tree").unwrap_or_default()
    }

    fn crumb_link(&self, crumb: &Crumb) -> String {
        self.with("tree", &crumb.identifier)
    }
}

fn request(filters: &Filters) -> TreeRequest {
    let text = |name: &str| filters.value(name).map(str::to_owned);
    TreeRequest {
        grouping: text("tree"),
        at: text("at"),
        levels: filters.value("levels").and_then(|levels| levels.parse().ok()),
        filter: text("q").unwrap_or_default(),
        below: text("below"),
        from: filters.value("from").and_then(|from| from.parse().ok()).unwrap_or_default(),
    }
}

/// Shows a framework.
pub(super) async fn get_framework(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    answer(&req, &state, HttpResponse::Ok(), id.into_inner()).await
}

/// Answers with the page of a framework.
///
/// # Errors
/// When there is no such framework, or it cannot be read.
pub(crate) async fn answer(
    req: &HttpRequest,
    state: &AppState,
    response: HttpResponseBuilder,
    id: String,
) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &ASKED);
    let asked = request(&filters);
    let look = move |view: &View<'_>| {
        let Some(page) = view.framework_page(&id)? else { return Ok(None) };
        Ok(Some((page, view.tree(&id, &asked)?.unwrap_or_default())))
    };
    let (page, part) = state.look(req, look).await?.ok_or_else(nothing)?;
    let head = Head::new(state, req, page, "tree");
    let html = tree::write(&head.site, &head.path("tree"), &part.nodes, &filters);
    let canonical = format!("{}/uri/{}", state.public_url, url::segment(head.id()));
    Site::answer(req, response, &Tree { site: head.site.clone(), head, filters, part, html, canonical })
}

/// What is below one item, as a piece of a page.
pub(super) async fn get_branch(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &ASKED);
    let (asked, framework) = (request(&filters), id.clone());
    let part = state.look(&req, move |view| view.tree(&framework, &asked)).await?.ok_or_else(nothing)?;
    let site = Site::of(&state.frame, &req);
    let path = site.link(&format!("/frameworks/{}", url::segment(&id)));
    let mut response = HttpResponse::Ok();
    response.content_type(HTML).append_header((header::VARY, VARY));
    Ok(Tagged::new(tree::write(&site, &path, &part.nodes, &filters)).answer(&req, response))
}

/// There is no such framework.
pub(super) fn nothing() -> ApiError {
    ApiError::NotFound("No framework has this identifier; the first page lists them.".to_owned())
}

//! The other pages of a framework: outline, table, print, associations, rubrics.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::filters::Filters;
use super::framework::{Head, nothing};
use super::{Amount, Site, content_tag, rich};
use crate::registry::{
    AssociationFilter, AssociationList, CriterionRow, EndLine, ItemLine, OutlinePart, RubricPage, View,
};
use crate::server::error::ApiError;
use crate::server::state::AppState;

/// How many lines a page of a list has.
const PAGE: usize = 400;
/// How many associations a page has.
const ASSOCIATIONS: usize = 100;

/// A framework as a list: to be read, looked through, or printed.
#[derive(Template)]
#[template(path = "framework_list.html")]
struct List<'a> {
    site: Site<'a>,
    head: Head<'a>,
    part: OutlinePart,
    /// `outline`, `table` or `print`.
    form: &'static str,
}

/// The pieces of a list that goes on.
pub(super) struct Pieces {
    pub from: usize,
    pub shown: usize,
    pub total: usize,
    pub size: usize,
}

impl Pieces {
    pub(super) fn first(&self) -> usize {
        if self.total == 0 { 0 } else { self.from + 1 }
    }

    pub(super) fn last(&self) -> usize {
        self.from + self.shown
    }

    pub(super) fn before(&self) -> Option<usize> {
        (self.from > 0).then(|| self.from.saturating_sub(self.size))
    }

    pub(super) fn after(&self) -> Option<usize> {
        (self.last() < self.total).then(|| self.last())
    }
}

impl List<'_> {
    fn pieces(&self) -> Pieces {
        Pieces { from: self.part.from, shown: self.part.lines.len(), total: self.part.total, size: PAGE }
    }

    fn at(&self, from: impl Amount) -> String {
        format!("{}?from={}", self.head.path(self.form), from.amount())
    }

    /// How far a line is set in.
    fn inset(depth: impl Amount) -> u64 {
        depth.amount().min(8)
    }
}

/// What lists show of an item.
pub(super) fn statement(item: &ItemLine) -> String {
    rich::line(&item.statement, 2_000)
}

/// The language of an item as an attribute.
pub(super) fn lang(item: &ItemLine) -> String {
    content_tag(&item.language)
}

pub(super) async fn get_outline(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    list(req, state, id.into_inner(), "outline", PAGE).await
}

pub(super) async fn get_table(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    list(req, state, id.into_inner(), "table", PAGE).await
}

pub(super) async fn get_print(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    list(req, state, id.into_inner(), "print", usize::MAX).await
}

async fn list(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: String,
    form: &'static str,
    most: usize,
) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &["from", "under"]);
    let from = filters.value("from").and_then(|from| from.parse().ok()).unwrap_or_default();
    let under = filters.value("under").map(str::to_owned);
    let look = move |view: &View<'_>| {
        let Some(page) = view.framework_page(&id)? else { return Ok(None) };
        Ok(view.outline(&id, under.as_deref(), from, most)?.map(|part| (page, part)))
    };
    let (page, part) = state.look(&req, look).await?.ok_or_else(nothing)?;
    let tab = if form == "print" { "outline" } else { form };
    let head = Head::new(&state, &req, page, tab);
    Site::answer(&req, HttpResponse::Ok(), &List { site: head.site.clone(), head, part, form })
}

/// The associations of a framework.
#[derive(Template)]
#[template(path = "framework_associations.html")]
struct Associations<'a> {
    site: Site<'a>,
    head: Head<'a>,
    filters: Filters,
    list: AssociationList,
}

impl Associations<'_> {
    fn pieces(&self) -> Pieces {
        Pieces { from: self.list.from, shown: self.list.rows.len(), total: self.list.total, size: ASSOCIATIONS }
    }

    fn with(&self, name: &str, value: &str) -> String {
        let filters = if name == "from" { self.filters.clone() } else { self.filters.without("from") };
        let query = filters.with(name, (!value.is_empty()).then_some(value));
        format!("{}{query}", self.head.path("associations"))
    }

    fn is_chosen(&self, name: &str, value: &str) -> bool {
        self.filters.value(name).unwrap_or_default() == value
    }

    /// One end: where it leads, if anywhere, and what it says.
    fn end(&self, end: &EndLine) -> String {
        end_html(&self.head.site, end)
    }
}

/// One end of an association as HTML.
pub(super) fn end_html(site: &Site<'_>, end: &EndLine) -> String {
    let escape = rich::escape;
    let (text, link, lang) = match &end.item {
        Some(item) => {
            let code = if item.code.is_empty() {
                String::new()
            } else {
                format!("<b class=\"code\">{}</b> ", escape(&item.code))
            };
            (format!("{code}{}", rich::line(&item.statement, 240)), Some(site.permalink(&item.identifier)), lang(item))
        }
        None => {
            let text = [&end.title, &end.uri, &end.identifier].into_iter().find(|text| !text.trim().is_empty());
            let text = rich::line(text.map_or("", String::as_str), 240);
            (text, rich::is_followed(&end.uri).then(|| end.uri.clone()), String::new())
        }
    };
    let lang = if lang.is_empty() { lang } else { format!(" lang=\"{lang}\"") };
    let text = match link {
        Some(link) => format!("<a href=\"{}\"{lang} dir=\"auto\">{text}</a>", escape(&link)),
        None => format!("<span{lang} dir=\"auto\">{text}</span>"),
    };
    if end.framework.is_empty() {
        return text;
    }
    format!("{text} <span class=\"quiet\" dir=\"auto\">{}</span>", escape(&end.framework))
}

pub(super) async fn get_associations(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &["type", "end", "from"]);
    let asked = AssociationFilter {
        kind: filters.value("type").map(str::to_owned),
        within: match filters.value("end") {
            Some("here") => Some(true),
            Some("elsewhere") => Some(false),
            _ => None,
        },
        from: filters.value("from").and_then(|from| from.parse().ok()).unwrap_or_default(),
        most: ASSOCIATIONS,
    };
    let look = move |view: &View<'_>| {
        let Some(page) = view.framework_page(&id)? else { return Ok(None) };
        Ok(view.framework_associations(&id, &asked)?.map(|list| (page, list)))
    };
    let (page, list) = state.look(&req, look).await?.ok_or_else(nothing)?;
    let head = Head::new(&state, &req, page, "associations");
    Site::answer(&req, HttpResponse::Ok(), &Associations { site: head.site.clone(), head, filters, list })
}

/// The rubrics of a framework.
#[derive(Template)]
#[template(path = "framework_rubrics.html")]
struct Rubrics<'a> {
    site: Site<'a>,
    head: Head<'a>,
    rubrics: Vec<RubricPage>,
}

impl Rubrics<'_> {
    fn language(&self) -> String {
        self.head.lang()
    }
}

/// What a cell of a rubric says.
pub(super) fn text(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { rich::block(text) }
}

/// Whether a criterion has a name of its own.
pub(super) fn named(criterion: &CriterionRow) -> bool {
    !criterion.category.trim().is_empty()
}

pub(super) async fn get_rubrics(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let look = move |view: &View<'_>| {
        let Some(page) = view.framework_page(&id)? else { return Ok(None) };
        Ok(view.rubrics(&id)?.map(|rubrics| (page, rubrics)))
    };
    let (page, rubrics) = state.look(&req, look).await?.ok_or_else(nothing)?;
    let head = Head::new(&state, &req, page, "rubrics");
    Site::answer(&req, HttpResponse::Ok(), &Rubrics { site: head.site.clone(), head, rubrics })
}

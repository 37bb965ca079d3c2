//! Pages on what changed: the history of a framework, and two editions side by side.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::filters::Filters;
use super::framework::{Head, nothing};
use super::rich::{self, escape};
use super::{Section, Site, content_tag, wording};
use crate::registry::{Change, Crumb, EditionName, EditionsPage, ItemLine, RevisionLine, Reworded, View};
use crate::server::error::ApiError;
use crate::server::state::AppState;
use crate::server::url;

/// How much of each kind of difference is listed.
const LISTED: usize = 300;
/// The longest value of a property that is shown.
const VALUE: usize = 600;

/// The history of a framework.
#[derive(Template)]
#[template(path = "framework_history.html")]
struct History<'a> {
    site: Site<'a>,
    head: Head<'a>,
    revisions: Vec<RevisionLine>,
    /// The other frameworks, to be compared with.
    others: Vec<Crumb>,
}

impl History<'_> {
    /// This edition beside the one before it.
    fn with_previous(&self, revision: &RevisionLine) -> Option<String> {
        let at = self.revisions.iter().position(|one| one.id == revision.id)?;
        let previous = self.revisions.get(at + 1)?;
        let id = self.head.id();
        Some(compare_link(&self.site, &edition(id, Some(previous.id)), &edition(id, Some(revision.id))))
    }

    /// This edition beside the present one.
    fn with_now(&self, revision: &RevisionLine) -> String {
        let id = self.head.id();
        compare_link(&self.site, &edition(id, Some(revision.id)), id)
    }

    fn moment(&self, revision: &RevisionLine) -> String {
        self.site.words.moment(revision.at)
    }
}

fn edition(id: &str, revision: Option<i64>) -> String {
    revision.map_or_else(|| id.to_owned(), |revision| format!("{id}@{revision}"))
}

fn compare_link(site: &Site<'_>, old: &str, new: &str) -> String {
    let mut query = url::Query::default();
    query.push("old", old);
    query.push("new", new);
    site.link(&format!("/compare{}", query.written()))
}

pub(super) async fn get_history(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let look = move |view: &View<'_>| {
        let Some(page) = view.framework_page(&id)? else { return Ok(None) };
        let others = view
            .catalogue()?
            .iter()
            .filter(|other| other.summary.identifier != page.summary.identifier)
            .map(crumb)
            .collect();
        Ok(view.history(&id)?.map(|revisions| (page, revisions, others)))
    };
    let (page, revisions, others) = state.look(&req, look).await?.ok_or_else(nothing)?;
    let head = Head::new(&state, &req, page, "history");
    Site::answer(&req, HttpResponse::Ok(), &History { site: head.site.clone(), head, revisions, others })
}

/// A framework of the catalogue by its title.
pub(super) fn crumb(entry: &crate::registry::CatalogueEntry) -> Crumb {
    Crumb { identifier: entry.summary.identifier.clone(), label: entry.summary.title.clone() }
}

/// Two editions, or what to compare where one is missing.
#[derive(Template)]
#[template(path = "compare.html")]
struct Compare<'a> {
    site: Site<'a>,
    filters: Filters,
    /// Nothing when one of them is not there.
    page: Option<EditionsPage>,
    frameworks: Vec<Crumb>,
}

impl Compare<'_> {
    fn tally(&self, page: &EditionsPage) -> Vec<(&'static str, String)> {
        let count = |number: usize| self.site.number(number);
        vec![
            ("compare-added", count(page.added.len())),
            ("compare-removed", count(page.removed.len())),
            ("compare-reworded", count(page.reworded.len())),
            ("compare-moved", count(page.moved.len())),
            ("compare-replaced-short", count(page.replaced.len())),
            ("compare-unchanged", self.site.number(page.unchanged)),
        ]
    }

    fn is_same(page: &EditionsPage) -> bool {
        let lists = [
            page.added.len(),
            page.removed.len(),
            page.reworded.len(),
            page.moved.len(),
            page.replaced.len(),
            page.changed.len(),
        ];
        lists.iter().sum::<usize>() == 0 && page.associations == (0, 0)
    }

    fn few<T>(all: &[T]) -> &[T] {
        all.get(..LISTED).unwrap_or(all)
    }

    fn more<T>(&self, all: &[T]) -> Option<String> {
        (all.len() > LISTED).then(|| self.site.count("compare-more", all.len() - LISTED))
    }

    /// Code and statement.
    fn line(item: &ItemLine) -> String {
        let code =
            if item.code.is_empty() { String::new() } else { format!("<b class=\"code\">{}</b> ", escape(&item.code)) };
        format!("{code}{}", rich::line(&item.statement, 600))
    }

    fn lang(item: &ItemLine) -> String {
        content_tag(&item.language)
    }

    /// Both wordings in one text.
    fn wording(pair: &Reworded) -> String {
        wording::marked(&pair.old.statement, &pair.new.statement)
    }

    fn property(&self, change: &Change) -> String {
        self.site.named("property", &change.property)
    }

    fn values(change: &Change) -> String {
        let [old, new] = [&change.old, &change.new].map(|value| value.as_ref().map(shown).unwrap_or_default());
        wording::marked(&old, &new)
    }

    fn under(&self, crumb: &Option<Crumb>) -> String {
        crumb.as_ref().map_or_else(|| self.site.say("compare-top"), |crumb| crumb.label.clone())
    }

    fn is_chosen(&self, side: &str, id: &str) -> bool {
        self.filters.value(side).is_some_and(|value| value.split('@').next() == Some(id))
    }
}

/// A value of a property as text.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(map) => map.get("title").map_or_else(|| value.to_string(), shown),
        other => other.to_string(),
    };
    rich::cut(&text, VALUE)
}

fn named(text: &str) -> EditionName {
    let (framework, revision) = text.split_once('@').unwrap_or((text, ""));
    EditionName { framework: framework.to_owned(), revision: revision.parse().ok() }
}

pub(super) async fn get_compare(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &["old", "new"]);
    let [old, new] = ["old", "new"].map(|side| filters.value(side).map(named));
    let look = move |view: &View<'_>| {
        let frameworks: Vec<Crumb> = view.catalogue()?.iter().map(crumb).collect();
        let page = match (old, new) {
            (Some(old), Some(new)) => view.compare(&old, &new)?,
            _ => None,
        };
        Ok((page, frameworks))
    };
    let (page, frameworks) = state.look(&req, look).await?;
    let site = Site::of(&state.frame, &req).within(Section::Frameworks);
    Site::answer(&req, HttpResponse::Ok(), &Compare { site, filters, page, frameworks })
}

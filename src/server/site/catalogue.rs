//! The first page: what is published here, and what people choose it by.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::filters::{Choice, Filters};
use super::{Section, Site, content_tag, rich};
use crate::registry::{CatalogueEntry, Grades, View};
use crate::server::error::ApiError;
use crate::server::state::AppState;

/// What frameworks can be chosen by, in the order of the page.
const CHOSEN_BY: [&str; 5] = ["subject", "creator", "status", "language", "grade"];
/// How many values of one kind are offered.
const VALUES: usize = 14;

/// The first page.
#[derive(Template)]
#[template(path = "home.html")]
pub(super) struct Home<'a> {
    site: Site<'a>,
    filters: Filters,
    /// How many there are in all.
    all: usize,
    items: u64,
    entries: Vec<&'a CatalogueEntry>,
    choices: Vec<(&'static str, Vec<Choice>)>,
}

impl Home<'_> {
    fn lang_of(entry: &CatalogueEntry) -> String {
        content_tag(entry.summary.language.as_deref().unwrap_or_default())
    }

    fn about(entry: &CatalogueEntry) -> String {
        rich::line(&entry.description, 220)
    }

    /// What a grade or a language is called; other values name themselves.
    fn name_of(&self, kind: &str, value: &str) -> String {
        match kind {
            "grade" => self.site.grade(value),
            "language" => self.site.language_name(value),
            _ => value.to_owned(),
        }
    }
}

/// Shows the catalogue.
pub(super) async fn get_home(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &CHOSEN_BY);
    let grade = filters.value("grade").map(str::to_owned);
    let look = move |view: &View<'_>| Ok((view.catalogue()?, view.grades(grade.as_deref())?));
    let (catalogue, grades) = state.look(&req, look).await?;
    let fits = |entry: &CatalogueEntry, but: &str| {
        CHOSEN_BY.into_iter().filter(|kind| *kind != but).all(|kind| {
            filters
                .value(kind)
                .is_none_or(|wanted| values(entry, kind, &grades, Some(wanted)).iter().any(|value| value == wanted))
        })
    };
    let entries: Vec<&CatalogueEntry> = catalogue.iter().filter(|entry| fits(entry, "")).collect();
    let choices = CHOSEN_BY.map(|kind| (kind, offered(kind, &catalogue, &grades, &filters, &fits)));
    let page = Home {
        site: Site::of(&state.frame, &req).within(Section::Frameworks),
        all: catalogue.len(),
        items: catalogue.iter().map(|entry| entry.summary.items).sum(),
        entries,
        choices: choices.into_iter().filter(|(_, choices)| !choices.is_empty()).collect(),
        filters: filters.clone(),
    };
    Site::answer(&req, HttpResponse::Ok(), &page)
}

/// What a framework has of one kind; `wanted` is the grade whose frameworks are known.
fn values(entry: &CatalogueEntry, kind: &str, grades: &Grades, wanted: Option<&str>) -> Vec<String> {
    let summary = &entry.summary;
    match kind {
        "subject" => entry.subjects.clone(),
        "creator" => vec![summary.creator.clone()],
        "status" => summary.adoption_status.iter().cloned().collect(),
        "language" => summary.language.iter().cloned().collect(),
        _ if grades.frameworks.contains(&summary.identifier) => {
            wanted.iter().map(|grade| (*grade).to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

fn offered(
    kind: &'static str,
    catalogue: &[CatalogueEntry],
    grades: &Grades,
    filters: &Filters,
    fits: &dyn Fn(&CatalogueEntry, &str) -> bool,
) -> Vec<Choice> {
    if kind == "grade" {
        let mut known = grades.known.clone();
        // In the order of the school years, which is that of their codes.
        known.sort_by_key(|(grade, _)| crate::case::education::rank(grade));
        return known.into_iter().map(|(value, _)| filters.choice(kind, &value, None)).collect();
    }
    let mut counts: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    for entry in catalogue.iter().filter(|entry| fits(entry, kind)) {
        for value in values(entry, kind, grades, None).into_iter().filter(|value| !value.is_empty()) {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(VALUES);
    counts.into_iter().map(|(value, count)| filters.choice(kind, &value, Some(count))).collect()
}

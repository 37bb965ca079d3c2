//! The search page: words in, hits with what stands above them, and what narrows them down as links.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::filters::{Choice, Filters};
use super::{HTML, Section, Site, VARY, content_tag, rich};
use crate::registry::{Ancestor, FacetCount, SearchAnswer, SearchHit, SearchRequest, View};
use crate::server::error::ApiError;
use crate::server::etag::Tagged;
use crate::server::state::AppState;
use actix_web::http::header;

/// What an address of the page may hold.
const ASKED: [&str; 12] =
    ["q", "framework", "grade", "subject", "type", "language", "status", "kind", "under", "like", "group", "cursor"];
/// The facets, in the order of the page.
const FACETS: [&str; 7] = ["framework", "grade", "subject", "type", "language", "status", "kind"];
/// How many values of one facet are shown.
const VALUES: usize = 12;
/// How many hits a page has.
const HITS: usize = 20;
/// The longest query.
const LONGEST: usize = 1_000;

/// The page with its hits.
#[derive(Template)]
#[template(path = "search.html")]
struct Search<'a> {
    site: Site<'a>,
    filters: Filters,
    /// Nothing before anything was asked for.
    answer: Option<SearchAnswer>,
    facets: Vec<(&'static str, Vec<Choice>)>,
    /// Why there is no answer.
    problem: Option<String>,
}

/// The hits alone, for who is still typing.
#[derive(Template)]
#[template(path = "search_hits.html")]
struct Hits<'a> {
    site: Site<'a>,
    filters: Filters,
    answer: Option<SearchAnswer>,
    problem: Option<String>,
}

/// What both show of the hits.
trait Shows {
    fn lang(hit: &SearchHit) -> String {
        content_tag(hit.language.as_deref().unwrap_or_default())
    }

    /// The words that were found, marked; else the statement.
    fn text(hit: &SearchHit) -> String {
        let is_statement = |property: &str| property == "fullStatement";
        match hit.snippets.iter().find(|snippet| is_statement(snippet.property)) {
            // Escaped by who makes it, but for the marks.
            Some(snippet) => snippet.html.clone(),
            None => rich::line(&hit.statement, 300),
        }
    }

    /// Other places where words were found: its name and the text.
    fn others(hit: &SearchHit) -> Vec<(&'static str, String)> {
        let others = hit.snippets.iter().filter(|snippet| matches!(snippet.property, "notes" | "abbreviatedStatement"));
        others.map(|snippet| (snippet.property, snippet.html.clone())).collect()
    }

    fn above(ancestor: &Ancestor) -> String {
        let code = ancestor.code.as_deref().unwrap_or_default();
        rich::line(if code.is_empty() { &ancestor.statement } else { code }, 60)
    }
}

impl Shows for Search<'_> {}
impl Shows for Hits<'_> {}

impl Search<'_> {
    /// The search again with another choice.
    fn with(&self, name: &str, value: &str) -> String {
        with(&self.site, &self.filters, name, value)
    }

    /// What was chosen beside the words, to be taken back.
    fn chosen(&self) -> Vec<(String, String)> {
        let kept = |(name, value): &(String, String)| {
            let (name, value) = (name.as_str(), value.as_str());
            (!["q", "cursor", "group"].contains(&name)).then(|| (self.named(name, value), self.with(name, "")))
        };
        self.filters.chosen().iter().filter_map(kept).collect()
    }

    /// What a value of a facet is called.
    fn named(&self, facet: &str, value: &str) -> String {
        let labels = self.answer.iter().flat_map(|answer| answer.facets.iter()).flat_map(|facets| &facets.framework);
        match facet {
            "framework" => {
                let label = labels.into_iter().find(|one| one.value == value).and_then(|one| one.label.clone());
                label.unwrap_or_else(|| value.to_owned())
            }
            "grade" => self.site.grade(value),
            "language" => self.site.language_name(value),
            "kind" => self.site.named("kind", value),
            "under" => self.site.say("search-under"),
            "like" => self.site.say("search-like"),
            _ => value.to_owned(),
        }
    }

    fn help() -> [(&'static str, &'static str); 9] {
        HELP
    }

    fn is_grouped(&self) -> bool {
        self.filters.value("group") == Some("framework")
    }
}

impl Hits<'_> {
    fn with(&self, name: &str, value: &str) -> String {
        with(&self.site, &self.filters, name, value)
    }
}

fn with(site: &Site<'_>, filters: &Filters, name: &str, value: &str) -> String {
    let filters = if name == "cursor" { filters.clone() } else { filters.without("cursor") };
    site.link(&format!("/search{}", filters.with(name, (!value.is_empty()).then_some(value))))
}

fn request(filters: &Filters) -> SearchRequest {
    let one = |name: &str| filters.value(name).map(str::to_owned);
    let list = |name: &str| one(name).into_iter().collect();
    SearchRequest {
        q: one("q").unwrap_or_default().chars().take(LONGEST).collect(),
        like: one("like").filter(|_| filters.value("q").is_none()),
        framework: list("framework"),
        under: one("under"),
        grade: list("grade"),
        subject: list("subject"),
        item_type: list("type"),
        language: list("language"),
        status: list("status"),
        kind: list("kind"),
        limit: HITS,
        cursor: one("cursor"),
        grouped: filters.value("group") == Some("framework"),
        ..SearchRequest::default()
    }
}

/// Asks, and tells what was wrong with the question where that is it.
async fn ask(
    req: &HttpRequest,
    state: &AppState,
    request: SearchRequest,
) -> Result<(Option<SearchAnswer>, Option<String>), ApiError> {
    match state.look(req, move |view: &View<'_>| view.search(&request)).await {
        Ok(answer) => Ok((Some(answer), None)),
        Err(ApiError::Refused(refusal)) if refusal.status.is_client_error() => Ok((None, Some(refusal.detail.clone()))),
        Err(other) => Err(other),
    }
}

/// Shows what was found.
pub(super) async fn get_search(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &ASKED);
    let (answer, problem) =
        if filters.is_empty() { (None, None) } else { ask(&req, &state, request(&filters)).await? };
    let asked = filters.value("q").unwrap_or_default().to_owned();
    let site = Site { asked, ..Site::of(&state.frame, &req).within(Section::Search) };
    let facets = answer.as_ref().map(|answer| facets(answer, &filters)).unwrap_or_default();
    Site::answer(&req, HttpResponse::Ok(), &Search { site, filters, answer, facets, problem })
}

/// Shows the hits alone, while somebody types.
pub(super) async fn get_hits(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let filters = Filters::of(req.query_string(), &ASKED);
    let asked = SearchRequest { typing: true, facets: false, ..request(&filters) };
    let (answer, problem) = if filters.is_empty() { (None, None) } else { ask(&req, &state, asked).await? };
    let page = Hits { site: Site::of(&state.frame, &req), filters, answer, problem };
    let mut response = HttpResponse::Ok();
    response.content_type(HTML).append_header((header::VARY, VARY));
    Ok(Tagged::new(page.render().map_err(ApiError::internal)?).answer(&req, response))
}

fn facets(answer: &SearchAnswer, filters: &Filters) -> Vec<(&'static str, Vec<Choice>)> {
    let Some(counts) = &answer.facets else { return Vec::new() };
    let of = |name: &str| -> &[FacetCount] {
        match name {
            "framework" => &counts.framework,
            "grade" => &counts.grade,
            "subject" => &counts.subject,
            "type" => &counts.item_type,
            "language" => &counts.language,
            "status" => &counts.status,
            _ => &counts.kind,
        }
    };
    let filters = filters.without("cursor");
    let choices = FACETS.map(|name| {
        let mut values: Vec<&FacetCount> = of(name).iter().take(if name == "grade" { 40 } else { VALUES }).collect();
        if name == "grade" {
            values.sort_by_key(|facet| crate::case::education::rank(&facet.value));
        }
        (
            name,
            values.into_iter().map(|facet| filters.choice(name, &facet.value, Some(facet.count))).collect::<Vec<_>>(),
        )
    });
    // One value narrows nothing down, unless it was chosen.
    let tells = |choices: &[Choice]| choices.len() > 1 || choices.iter().any(|choice| choice.is_chosen);
    choices.into_iter().filter(|(_, choices)| tells(choices)).collect()
}

/// Queries that show what can be asked, with the message that says what each does.
const HELP: [(&str, &str); 9] = [
    ("adding fractions", "help-words"),
    ("\"equal shares\"", "help-phrase"),
    ("fractions -decimal", "help-without"),
    ("network OR cloud", "help-or"),
    ("multipl*", "help-begins"),
    ("3.OA.1", "help-code"),
    ("fractions grade:3", "help-field"),
    ("framework:\"Common Core\" slope", "help-framework"),
    ("updated:>2025-01-01", "help-updated"),
];

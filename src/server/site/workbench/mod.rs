//! The align workbench: a text, a badge, a record or a posting in; what it is about to be accepted or rejected; and out again
//! with what was accepted.
//!
//! Nothing that is sent is stored or logged: it travels in the form from page to page.

mod finish;
pub(super) mod input;
mod pieces;
mod work;

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpRequest, HttpResponse, guard, http::header, web};
use askama::Template;

use super::filters::Filters;
use super::object::{format_name, plain};
use super::{Section, Site, rich};
use crate::credentials::job::{Class, Importance};
use crate::credentials::{OnSigned, Pasted, SnippetFormat};
use crate::registry::{FrameworkSummary, ItemLine, MOST_SENTENCES, Registry, words_found};
use crate::server::auth::sight_of;
use crate::server::error::ApiError;
use crate::server::state::AppState;
use finish::Finished;
use input::{Input, MOST, Trouble};
pub(super) use work::Shown;
use work::{Candidate, Segment, Worked};

/// Where the page is, and where its form is sent.
pub(super) const PATH: &str = "/align";
/// What takes nothing but forms.
pub(super) const FINISHED: &str = "/align/finished";
pub(super) const DOWNLOAD: &str = "/align/download";

/// How much of the title of a framework is shown where one is chosen, in characters.
const TITLE: usize = 100;

/// The longest document that is put into the box again, in bytes.
const LONGEST_AGAIN: usize = 200_000;

/// The routes.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    let form = |path: &str| web::resource(path.to_owned()).guard(guard::Post());
    config
        .service(web::resource(PATH).guard(guard::Get()).to(get_workbench))
        .service(form(PATH).to(align))
        .service(form(FINISHED).to(show_finished))
        .service(form(DOWNLOAD).to(download));
}

/// A framework that can be chosen.
pub(super) struct Offered {
    pub identifier: String,
    pub title: String,
    pub items: u64,
    pub is_chosen: bool,
}

/// The frameworks that somebody sees, and which of them were chosen.
pub(super) fn offered(all: Vec<FrameworkSummary>, chosen: &[String]) -> Vec<Offered> {
    let offered = |one: FrameworkSummary| Offered {
        is_chosen: chosen.contains(&one.identifier),
        identifier: one.identifier,
        title: plain(&one.title, TITLE),
        items: one.items,
    };
    all.into_iter().filter(|one| one.items > 0).map(offered).collect()
}

/// The form, and what came of it.
#[derive(Template)]
#[template(path = "align.html")]
struct Workbench<'a> {
    site: Site<'a>,
    frameworks: Vec<Offered>,
    trouble: Option<Trouble>,
    /// What is in the box: what could not be aligned, to be mended.
    text: String,
    /// What was sent, as it travels on, and what was found for it.
    worked: Option<(Input, Worked)>,
}

impl Workbench<'_> {
    fn kinds() -> [&'static str; 3] {
        Pasted::ALL.map(Pasted::name)
    }

    /// Each format by its name in forms, and what people call it.
    fn formats() -> [(&'static str, &'static str); 11] {
        SnippetFormat::ALL.map(|format| (format.name(), format_name(format)))
    }

    fn megabytes() -> String {
        (MOST >> 20).to_string()
    }

    fn sentences() -> usize {
        MOST_SENTENCES
    }

    /// Whether the choice of frameworks is to be seen at once.
    fn has_chosen(&self) -> bool {
        self.worked.is_none() && self.frameworks.iter().any(|one| one.is_chosen)
    }

    /// How many are accepted before anybody looked.
    fn accepted(worked: &Worked) -> usize {
        worked.segments.iter().flat_map(|one| &one.candidates).filter(|one| one.is_sure()).count()
    }

    /// Whether a segment has something that can be claimed.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they loop over by reference")]
    fn is_found(worked: &Worked, number: &usize) -> bool {
        let of = worked.segments.iter().find(|segment| segment.number == *number);
        of.is_some_and(|segment| !segment.near().is_empty())
    }

    /// A text of a segment with the words marked that its first candidate was found by.
    fn marked(segment: &Segment, text: &str) -> String {
        let terms = segment.candidates.first().map(|first| first.terms.as_slice()).unwrap_or_default();
        let (mut html, mut end) = (String::with_capacity(text.len() + 64), 0);
        for at in words_found(text, terms) {
            html.push_str(&rich::escape(text.get(end..at.start).unwrap_or_default()));
            html.push_str("<mark>");
            html.push_str(&rich::escape(text.get(at.clone()).unwrap_or_default()));
            html.push_str("</mark>");
            end = at.end;
        }
        html.push_str(&rich::escape(text.get(end..).unwrap_or_default()));
        html
    }

    fn statement(shown: &Shown) -> String {
        rich::line(&shown.statement, 400)
    }

    fn line(text: &str) -> String {
        rich::line(text, 80)
    }

    /// What stands above an item.
    fn above(item: &ItemLine) -> String {
        Self::line(format!("{} {}", item.code, item.statement).trim())
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they loop over by reference")]
    fn class_of(class: &Class) -> &'static str {
        class_key(*class)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they loop over by reference")]
    fn importance(importance: &Importance) -> Option<&'static str> {
        importance_key(*importance)
    }

    /// Why a candidate was found, in words.
    fn why(&self, candidate: &Candidate) -> String {
        let mut why = self.site.named("method", candidate.method);
        if let Some(covered) = candidate.covered.filter(|covered| *covered > 0.0) {
            why = format!("{why} · {}", self.site.with("align-covered", "share", &self.site.share(covered)));
        }
        why
    }
}

/// What somebody takes away.
#[derive(Template)]
#[template(path = "align_finished.html")]
struct Done<'a> {
    site: Site<'a>,
    input: Input,
    finished: Finished,
}

impl Done<'_> {
    fn body(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.finished.body)
    }

    fn on_signed(&self) -> &'static str {
        if self.input.on_signed == OnSigned::Unsign { "unsign" } else { "detach" }
    }
}

/// Shows the form.
async fn get_workbench(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let chosen = Filters::of(req.query_string(), &["framework"]).value("framework").map(str::to_owned);
    show(&req, &state, chosen.into_iter().collect(), Ok(None)).await
}

/// Aligns what was sent.
async fn align(req: HttpRequest, state: web::Data<AppState>, body: web::Payload) -> Result<HttpResponse, ApiError> {
    let input = match Input::read(&req, body).await? {
        Ok(input) => input,
        Err(trouble) => return show(&req, &state, Vec::new(), Err(trouble)).await,
    };
    let (access, chosen, text) = (input.access.clone(), input.frameworks.clone(), again(&input));
    let work = move |registry: &Registry| {
        let worked = work::work(&registry.seen_by(access), &input)?;
        Ok((input, worked))
    };
    let worked = match state.read(work).await {
        Ok(worked) => Ok(Some(worked)),
        Err(error) => Err(Trouble { text, ..Trouble::of(error, "paste-unread")? }),
    };
    show(&req, &state, chosen, worked).await
}

/// What was sent as it can stand in a box once more; nothing where that would be too much, or is no text.
fn again(input: &Input) -> String {
    let short = Some(&input.document).filter(|document| document.len() <= LONGEST_AGAIN);
    short.and_then(|document| std::str::from_utf8(document).ok()).unwrap_or_default().to_owned()
}

async fn show(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    chosen: Vec<String>,
    outcome: Result<Option<(Input, Worked)>, Trouble>,
) -> Result<HttpResponse, ApiError> {
    let access = sight_of(req);
    let all = state.read(move |registry| registry.seen_by(access).frameworks()).await?;
    let (worked, mut trouble) = match outcome {
        Ok(worked) => (worked, None),
        Err(trouble) => (None, Some(trouble)),
    };
    let text = trouble.as_mut().map(|trouble| std::mem::take(&mut trouble.text)).unwrap_or_default();
    let status = trouble.as_ref().map_or(StatusCode::OK, |trouble| trouble.status);
    let site = Site::of(&state.frame, req).within(Section::Align);
    Site::show(status, &Workbench { site, frameworks: offered(all, &chosen), trouble, text, worked })
}

/// Shows what came of what was accepted, to be copied.
async fn show_finished(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Payload,
) -> Result<HttpResponse, ApiError> {
    match finished(&req, &state, body).await? {
        Ok((input, finished)) => {
            let site = Site::of(&state.frame, &req).within(Section::Align);
            Site::show(StatusCode::OK, &Done { site, input, finished })
        }
        Err(trouble) => show(&req, &state, Vec::new(), Err(trouble)).await,
    }
}

/// The same as a file.
async fn download(req: HttpRequest, state: web::Data<AppState>, body: web::Payload) -> Result<HttpResponse, ApiError> {
    match finished(&req, &state, body).await? {
        Ok((_, Finished { body, media_type, file, .. })) => {
            let parameters = vec![DispositionParam::Filename(file.to_owned())];
            let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters };
            let mut response = HttpResponse::Ok();
            response.content_type(media_type).insert_header(disposition);
            Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).body(body))
        }
        Err(trouble) => show(&req, &state, Vec::new(), Err(trouble)).await,
    }
}

async fn finished(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    body: web::Payload,
) -> Result<Result<(Input, Finished), Trouble>, ApiError> {
    let input = match Input::read(req, body).await? {
        Ok(input) => input,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let access = input.access.clone();
    let work = move |registry: &Registry| {
        let finished = finish::finish(&registry.seen_by(access), &input)?;
        Ok((input, finished))
    };
    match state.read(work).await {
        Ok((input, Some(finished))) => Ok(Ok((input, finished))),
        Ok((_, None)) => Ok(Err(Trouble::new("align-nothing-accepted"))),
        Err(error) => Trouble::of(error, "paste-unread").map(Err),
    }
}

/// The message for what kind of thing is asked for.
pub(super) fn class_key(class: Class) -> &'static str {
    match class {
        Class::Skill => "class-skill",
        Class::Knowledge => "class-knowledge",
        Class::Task => "class-task",
        Class::Experience => "class-experience",
        Class::Credential => "class-credential",
        Class::Education => "class-education",
        Class::Condition => "class-condition",
        Class::Boilerplate => "class-boilerplate",
    }
}

/// The message for how much it is asked for; nothing when nothing says.
pub(super) fn importance_key(importance: Importance) -> Option<&'static str> {
    match importance {
        Importance::Required => Some("importance-required"),
        Importance::Preferred => Some("importance-preferred"),
        Importance::Unstated => None,
    }
}

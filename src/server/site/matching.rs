//! A job against a record: requirement by requirement, met or missing, with the path drawn.
//!
//! Nothing that is sent is stored or logged. Never contains how paths are found: that is `registry::matching`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, guard, web};
use askama::Template;
use serde_json::Value;

use super::filters::Filters;
use super::workbench::input::{MOST, Trouble, document, form};
use super::workbench::{Offered, Shown, offered};
use super::{Section, Site, rich};
use crate::registry::{
    Evidence, MET_FROM, MatchRequest, MatchStatus, Matched, MatchedRequirement, PathStep, Registry, Required,
    ResolvedObject,
};
use crate::server::auth::sight_of;
use crate::server::error::ApiError;
use crate::server::multipart::Form;
use crate::server::state::AppState;

/// Where the page is, and where its form is sent.
pub(super) const PATH: &str = "/match";

/// The routes.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(PATH).guard(guard::Get()).to(get_match))
        .service(web::resource(PATH).guard(guard::Post()).to(hold));
}

/// The form, and what came of it.
#[derive(Template)]
#[template(path = "match.html")]
struct Match<'a> {
    site: Site<'a>,
    frameworks: Vec<Offered>,
    trouble: Option<Trouble>,
    matched: Option<Matched>,
    /// The framework of which everything is asked for.
    wanted: Option<String>,
}

impl Match<'_> {
    fn megabytes() -> String {
        (MOST >> 20).to_string()
    }

    fn has_chosen(&self) -> bool {
        self.frameworks.iter().any(|one| one.is_chosen)
    }

    fn is_wanted(&self, one: &Offered) -> bool {
        self.wanted.as_ref() == Some(&one.identifier)
    }

    fn status(requirement: &MatchedRequirement) -> &'static str {
        match requirement.status {
            MatchStatus::Met => "met",
            MatchStatus::Partly => "partly",
            MatchStatus::Missing => "missing",
            MatchStatus::Unaligned => "unaligned",
        }
    }

    fn class(&self, requirement: &MatchedRequirement) -> String {
        self.site.say(super::workbench::class_key(requirement.class))
    }

    fn importance(&self, requirement: &MatchedRequirement) -> Option<String> {
        super::workbench::importance_key(requirement.importance).map(|key| self.site.say(key))
    }

    /// Why there is nothing to compare with.
    fn reason(&self, requirement: &MatchedRequirement) -> Option<String> {
        (requirement.status == MatchStatus::Unaligned).then(|| {
            let is_competency = requirement.class.names_competencies();
            self.site.say(if is_competency { "match-unknown" } else { "match-no-competency" })
        })
    }

    fn shown(object: &ResolvedObject) -> Shown {
        object.clone().into()
    }

    fn statement(shown: &Shown) -> String {
        rich::line(&shown.statement, 400)
    }

    /// How a step leads on, in words.
    fn how(&self, step: &PathStep) -> String {
        let say = |key: &str| self.site.say(key);
        match (step.step, step.by) {
            ("requirement", Some(by)) => self.site.named("method", by),
            ("ancestor", _) => say("match-ancestor"),
            ("descendant", _) => say("match-descendant"),
            ("association", Some(kind)) => {
                let key = format!("match-link-{kind}");
                if self.site.words.has(&key) { say(&key) } else { self.site.association(kind, true) }
            }
            ("alignment", _) => say("match-alignment"),
            ("text", _) => say("match-text"),
            (by, _) => self.site.named("match-by", by),
        }
    }

    /// The other achievements that a requirement is met by.
    fn others(requirement: &MatchedRequirement) -> &[Evidence] {
        requirement.evidence.get(1..).unwrap_or_default()
    }
}

/// Shows the form.
async fn get_match(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let wanted = Filters::of(req.query_string(), &["framework"]).value("framework").map(str::to_owned);
    show(&req, &state, wanted, Ok(None)).await
}

/// Holds what is required against a record.
async fn hold(req: HttpRequest, state: web::Data<AppState>, body: web::Payload) -> Result<HttpResponse, ApiError> {
    let asked = match form(&req, body).await? {
        Ok(form) => asked(form),
        Err(trouble) => Err(trouble),
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(trouble) => return show(&req, &state, None, Err(trouble)).await,
    };
    let access = sight_of(&req);
    let work = move |registry: &Registry| registry.seen_by(access).match_record(&asked);
    let outcome = match state.read(work).await {
        Ok(matched) => Ok(Some(matched)),
        Err(error) => Err(Trouble::of(error, "match-unread")?),
    };
    show(&req, &state, None, outcome).await
}

async fn show(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    wanted: Option<String>,
    outcome: Result<Option<Matched>, Trouble>,
) -> Result<HttpResponse, ApiError> {
    let access = sight_of(req);
    let all = state.read(move |registry| registry.seen_by(access).frameworks()).await?;
    let (matched, trouble) = match outcome {
        Ok(matched) => (matched, None),
        Err(trouble) => (None, Some(trouble)),
    };
    let status = trouble.as_ref().map_or(StatusCode::OK, |trouble| trouble.status);
    let site = Site::of(&state.frame, req).within(Section::Align);
    Site::show(status, &Match { site, frameworks: offered(all, &[]), trouble, matched, wanted })
}

/// What a form asks.
fn asked(mut form: Form) -> Result<MatchRequest, Trouble> {
    let job = document(&mut form, "jobFile", "job")?;
    let required = match (job, form.fields.filled("wanted")) {
        (Some(_), Some(_)) => return Err(Trouble::new("match-both")),
        (Some(job), None) => Required::Job(job, None),
        (None, Some(framework)) => Required::Competencies(vec![framework]),
        (None, None) => return Err(Trouble::new("match-no-job")),
    };
    let frameworks = form.fields.all("framework").filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let pasted = form.fields.text("record").trim().as_bytes().to_vec();
    let files = form.files.into_iter().filter(|(name, _)| name == "recordFile").map(|(_, bytes)| bytes);
    let documents: Vec<Vec<u8>> = files.chain([pasted]).filter(|bytes| !bytes.trim_ascii().is_empty()).collect();
    Ok(MatchRequest { required, record: record(&documents)?, frameworks, min_confidence: MET_FROM })
}

/// One document as it is, several as a list.
fn record(documents: &[Vec<u8>]) -> Result<Value, Trouble> {
    let mut all = Vec::new();
    for bytes in documents {
        match read(bytes)? {
            Value::Array(several) => all.extend(several),
            one => all.push(one),
        }
    }
    match all.pop() {
        None => Err(Trouble::new("match-no-record")),
        Some(only) if all.is_empty() => Ok(only),
        Some(last) => Ok(Value::Array(all.into_iter().chain([last]).collect())),
    }
}

/// JSON, or a compact JWS as the string that it is.
fn read(bytes: &[u8]) -> Result<Value, Trouble> {
    let text = std::str::from_utf8(bytes).map_err(|_| Trouble::new("paste-encoding"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '[', '"']) {
        return Ok(Value::String(text.to_owned()));
    }
    serde_json::from_str(text)
        .map_err(|error| Trouble { detail: Some(error.to_string()), ..Trouble::new("match-record-json") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn records_are_put_together() {
        let all =
            |documents: &[&str]| record(&documents.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>());
        assert_eq!(all(&["{\"a\":1}"]).unwrap(), json!({"a": 1}));
        assert_eq!(all(&["[{\"a\":1},{}]", "e.y.J"]).unwrap(), json!([{"a": 1}, {}, "e.y.J"]));
        assert_eq!(all(&[]).unwrap_err().key, "match-no-record");
        assert_eq!(all(&["{"]).unwrap_err().key, "match-record-json");
    }
}

//! The permanent addresses, `/uri/{id}`: every object of every class, as a page, as CASE JSON or as
//! JSON-LD; and the package behind a framework, `/uri/p{id}` (digest 12.2, 16.2).
//!
//! What an address answers is negotiated here; what stands in the answer comes from the registry.

use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, web};
use serde_json::{Map, Value};

use super::error::{ApiError, Problem};
use super::etag::Tagged;
use super::negotiate::{self, Form};
use super::packages;
use super::site;
use super::state::AppState;
use super::url;
use crate::case::Version;
use crate::case::status::is_case_uuid;
use crate::config::PublicUrl;
use crate::registry::{Answer, Permalink, Published};

/// Prescribed for 1.0; 1.1 has no JSON-LD (digest 10, 16.2).
const JSON_LD_CONTEXT: &str = "https://purl.imsglobal.org/spec/case/v1p0/context/imscasev1p0_context_v1p0.jsonld";

/// Read one object
///
/// Answers for every object of every class: frameworks, items, associations, definitions, rubrics,
/// criteria and levels. `Accept` chooses the form: a page, CASE 1.1 JSON, or JSON-LD in the terms of
/// CASE 1.0; an item that a credential can be issued for is an Open Badges 3.0 Achievement as JSON-LD. A suffix `.html`, `.json` or `.jsonld` chooses it outright. A `p` before the identifier
/// of a framework asks for its whole CASE package.
#[utoipa::path(
    tag = "Permalinks",
    params(("id" = String, Path, description = "Identifier in any case, with an optional suffix", example = "51b46463-ba60-588e-8983-87f29c985831")),
    responses(
        (status = 200, description = "The object", content(
            (Value = "application/json"), (Value = "application/ld+json"), (String = "text/html"),
        ), headers(("ETag" = String), ("Link" = String, description = "canonical and alternate addresses"))),
        (status = 303, description = "The page of a package is the page of its framework"),
        (status = 304, description = "The client has it"),
        (status = 404, description = "Nothing has this identifier", content(
            (Problem = "application/problem+json"), (String = "text/html"),
        )),
        (status = 406, description = "It exists in no form that the client accepts", content(
            (Problem = "application/problem+json"), (String = "text/html"),
        )),
    ),
)]
#[get("/uri/{id:.*}")]
pub(crate) async fn get_object(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (address, suffix) = Form::strip_suffix(&id);
    if let Some(document) = package_of(address) {
        return Box::pin(answer_package(&req, &state, document, suffix)).await;
    }
    match wanted(&req, suffix, &Form::ALL)? {
        // What waits is put aside, so that what does not is small to carry about.
        Form::Json => match state.view(&req).kept_answer(Version::V1p1, None, address) {
            Some(kept) => json(&req, kept),
            None => Box::pin(answer_json(&req, &state, address.to_owned())).await,
        },
        Form::Html => Box::pin(answer_page(&req, &state, address.to_owned())).await,
        Form::JsonLd => Box::pin(answer_json_ld(&req, &state, address.to_owned())).await,
    }
}

/// Read the package of a framework
///
/// The address under which clients of other servers look for packages; the same as `/uri/p{id}`.
#[utoipa::path(
    tag = "Permalinks",
    params(("id" = String, Path, description = "Identifier of a framework, with an optional suffix `.json`", example = "51b46463-ba60-588e-8983-87f29c985831.json")),
    responses(
        (status = 200, description = "The CASE 1.1 package", body = Value, content_type = "application/json", headers(("ETag" = String))),
        (status = 303, description = "The page of a package is the page of its framework"),
        (status = 304, description = "The client has it"),
        (status = 404, description = "No framework has this identifier", content(
            (Problem = "application/problem+json"), (String = "text/html"),
        )),
        (status = 406, description = "It exists in no form that the client accepts", content(
            (Problem = "application/problem+json"), (String = "text/html"),
        )),
    ),
)]
#[get("/cfpackage/doc/{id:.*}")]
pub(crate) async fn get_package(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (document, suffix) = Form::strip_suffix(&id);
    answer_package(&req, &state, document, suffix).await
}

/// The framework whose package an address means. Only before a UUID: other identifiers may begin
/// with `p` themselves.
fn package_of(address: &str) -> Option<&str> {
    let rest = address.strip_prefix(['p', 'P'])?;
    let shaped = rest.len() == 36 && rest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (shaped || is_case_uuid(rest)).then_some(rest)
}

/// The form that the suffix decides, or else the client among those offered.
fn wanted(req: &HttpRequest, suffix: Option<Form>, offered: &[Form]) -> Result<Form, ApiError> {
    let list = || offered.iter().map(|form| form.media_type()).collect::<Vec<_>>().join(", ");
    if let Some(form) = suffix {
        let missing = || ApiError::NotFound(format!("It has no such form; there are {}.", list()));
        return offered.contains(&form).then_some(form).ok_or_else(missing);
    }
    let accept: Vec<&str> = req.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let accept = (!accept.is_empty()).then(|| accept.join(","));
    negotiate::choose(accept.as_deref(), offered)
        .ok_or_else(|| ApiError::NotAcceptable(format!("Accept one of {}.", list())))
}

async fn answer_package(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    document: &str,
    suffix: Option<Form>,
) -> Result<HttpResponse, ApiError> {
    let form = wanted(req, suffix, &[Form::Json, Form::Html])?;
    if form == Form::Html {
        let page = match suffix {
            Some(_) => state.frame.form(document, Form::Html),
            None => state.frame.permalink(document),
        };
        return Ok(negotiated(HttpResponse::SeeOther()).insert_header((header::LOCATION, page)).finish());
    }
    let mut response = negotiated(HttpResponse::Ok());
    response.content_type(form.media_type());
    packages::answer(req, state, Version::V1p1, document, response).await?.ok_or_else(nothing)
}

async fn answer_json(req: &HttpRequest, state: &AppState, id: String) -> Result<HttpResponse, ApiError> {
    let public_url = state.public_url.clone();
    let links = move |object: &Published| links(&public_url, &object.identifier, &object.uri);
    json(req, state.look_up(req, move |view| view.object_answer(Version::V1p1, &id, links)).await?)
}

fn json(req: &HttpRequest, found: Option<Arc<Answer>>) -> Result<HttpResponse, ApiError> {
    let found = found.ok_or_else(nothing)?;
    let mut response = negotiated(HttpResponse::Ok());
    response.content_type(Form::Json.media_type());
    if let Some(links) = found.links.as_deref() {
        response.insert_header((header::LINK, links));
    }
    Ok(Tagged::from(found).answer(req, response))
}

async fn answer_json_ld(req: &HttpRequest, state: &AppState, id: String) -> Result<HttpResponse, ApiError> {
    let found = state
        .look(req, move |view| {
            if let Some(achievement) = view.achievement(&id)? {
                return Ok(Some((Tagged::new(achievement.json), achievement.identifier, achievement.uri)));
            }
            let object = view.object(Version::V1p0, &id)?;
            Ok(object.map(|object| (Tagged::new(json_ld(&object)), object.identifier, object.uri)))
        })
        .await?;
    let (body, id, uri) = found.ok_or_else(nothing)?;
    let mut response = negotiated(HttpResponse::Ok());
    response.content_type(Form::JsonLd.media_type());
    response.insert_header((header::LINK, links(&state.public_url, &id, &uri)));
    Ok(body.answer(req, response))
}

async fn answer_page(req: &HttpRequest, state: &AppState, id: String) -> Result<HttpResponse, ApiError> {
    let page = state.look(req, move |view| view.page(&id)).await?.ok_or_else(nothing)?;
    let mut response = negotiated(HttpResponse::Ok());
    let (id, uri) = match &page {
        Permalink::Framework(id, uri) => (id, uri),
        Permalink::Object(page) => (&page.identifier, &page.uri),
    };
    response.insert_header((header::LINK, links(&state.public_url, id, uri)));
    let canonical = canonical(&state.public_url, id, uri);
    match page {
        Permalink::Framework(id, _) => site::answer_framework(req, state, response, id).await,
        Permalink::Object(page) => site::answer_object(req, state, response, &page, &canonical),
    }
}

fn nothing() -> ApiError {
    ApiError::NotFound(
        "Nothing with this identifier is published here; the first page lists the frameworks.".to_owned(),
    )
}

fn negotiated(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response.insert_header((header::VARY, "Accept"));
    response
}

/// The object's own address when it is one of the web, else its permalink here.
fn canonical(public_url: &PublicUrl, id: &str, uri: &str) -> String {
    if uri.starts_with("https://") || uri.starts_with("http://") {
        return url::header_safe(uri);
    }
    format!("{public_url}/uri/{}", url::segment(id))
}

/// The value of the `Link` header.
fn links(public_url: &PublicUrl, id: &str, uri: &str) -> String {
    let mut links = format!("<{}>; rel=\"canonical\"", canonical(public_url, id, uri));
    for form in Form::ALL {
        let address = format!("{public_url}/uri/{}{}", url::segment(id), form.suffix());
        // Writing to a String cannot fail.
        let _ = write!(links, ", <{address}>; rel=\"alternate\"; type=\"{}\"", form.media_type());
    }
    links
}

/// The 1.0 form of an object with what makes it JSON-LD, in front.
fn json_ld(object: &Published) -> String {
    let members: Map<String, Value> = serde_json::from_str(&object.json).unwrap_or_default();
    let mut document = Map::new();
    document.insert("@context".to_owned(), JSON_LD_CONTEXT.into());
    document.insert("@id".to_owned(), members.get("uri").cloned().unwrap_or_default());
    document.insert("@type".to_owned(), object.class.name().into());
    document.extend(members);
    Value::Object(document).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::model::Class;

    const ID: &str = "6b1c2f0e-9d57-4c3a-8a51-2f6f0c9b7d10";

    #[test]
    fn only_a_p_before_a_uuid_means_a_package() {
        assert_eq!(package_of(&format!("p{ID}")), Some(ID));
        assert_eq!(package_of(ID), None);
        assert_eq!(package_of("party"), None);
        assert_eq!(package_of(""), None);
    }

    #[test]
    fn link_header() {
        let url = PublicUrl::of_address("h.example");
        let found = links(&url, ID, "http://other.example/uri/x\r\n");
        let expect = format!(
            "<http://other.example/uri/x%0D%0A>; rel=\"canonical\", \
             <http://h.example/uri/{ID}.html>; rel=\"alternate\"; type=\"text/html\", \
             <http://h.example/uri/{ID}.json>; rel=\"alternate\"; type=\"application/json\", \
             <http://h.example/uri/{ID}.jsonld>; rel=\"alternate\"; type=\"application/ld+json\""
        );
        assert_eq!(found, expect);
        assert_eq!(canonical(&url, ID, "urn:uuid:1"), format!("http://h.example/uri/{ID}"));
    }

    #[test]
    fn json_ld_is_the_object_with_three_members_in_front() {
        let json = r#"{"identifier":"a","uri":"https://h/uri/a"}"#.to_owned();
        let object =
            Published { class: Class::Item, identifier: "a".to_owned(), uri: "https://h/uri/a".to_owned(), json };
        let expect = format!(
            r#"{{"@context":"{JSON_LD_CONTEXT}","@id":"https://h/uri/a","@type":"CFItem","identifier":"a","uri":"https://h/uri/a"}}"#
        );
        assert_eq!(json_ld(&object), expect);
    }
}

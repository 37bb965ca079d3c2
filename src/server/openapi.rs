//! The description of our own API and the pages to try it. The operations of the standard are not
//! in it: they have the standard's own description (`case_api::Discovery`).

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{App, HttpRequest, HttpResponse, guard, web};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, ResponseBuilder, Server};
use utoipa::{OpenApi as _, ToSchema as _};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::Config as Browser;

use super::align::{achievement, batch, feedback};
use super::error::{ApiError, Problem};
use super::state::AppState;
use super::{
    align, alignments, api, auth, crosswalks, exports, health, imports, jobs, matching, oauth, permalinks, resolve,
    search,
};
use crate::config::PublicUrl;
use crate::registry::Scope;

/// The API's browser sets styles from its scripts, and has its icons in its style sheet.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Casement",
        description = "Casement publishes competency frameworks over 1EdTech CASE 1.0 and 1.1. This document describes \
                       what it offers beside the operations of the standard; those are described by \
                       `/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "Frameworks", description = "What is published here"),
        (name = "Search", description = "Finding items, frameworks and rubrics"),
        (name = "Alignment", description = "From what refers to an item to the item, and back"),
        (name = "Imports", description = "Changing frameworks: plan, look, apply, undo"),
        (name = "Access", description = "Tokens, and who did what"),
        (name = "Permalinks", description = "The permanent addresses of objects"),
        (name = "Operations", description = "For those who run the server"),
    ),
    components(schemas(Problem)),
    security((), ("bearer" = []), ("client_credentials" = ["frameworks.read"])),
)]
struct Base;

/// Every operation that the description has; the routes and the description are made from it.
pub(crate) fn documented(config: &mut ServiceConfig<'_>) {
    config
        .service(permalinks::get_object)
        .service(api::list_frameworks)
        .service(api::get_framework)
        .service(exports::export_framework)
        .service(search::search)
        .service(search::suggest)
        .service(achievement::align_achievement)
        .service(resolve::resolve)
        .service(align::align_text)
        .service(batch::align_batch)
        .service(feedback::create_feedback)
        .service(feedback::list_feedback)
        .service(feedback::delete_feedback)
        .service(alignments::get_alignment)
        .service(alignments::find_alignment)
        .service(alignments::list_item_credentials)
        .service(jobs::align_job)
        .service(matching::match_record)
        .service(crosswalks::propose_crosswalk)
        .service(exports::get_template)
        .service(oauth::create_access_token)
        .service(auth::get_access)
        .service(auth::list_audit)
        .service(imports::list_imports)
        .service(imports::create_import)
        .service(imports::get_import)
        .service(imports::discard_import)
        .service(imports::get_import_differences)
        .service(imports::get_import_events)
        .service(imports::plan_import)
        .service(imports::apply_import)
        .service(imports::undo_import)
        .service(permalinks::get_package)
        .service(health::get_health)
        .service(health::get_readiness)
        .service(health::get_metrics);
}

/// The routes of the description itself.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/openapi.json").guard(guard::Get()).to(get_openapi))
        .service(web::resource("/docs").guard(guard::Get()).to(redirect_docs))
        .service(web::resource("/docs/{tail:.*}").guard(guard::Get()).to(get_docs));
}

/// The description, for a server with that public address.
#[must_use]
pub fn document(public_url: &PublicUrl) -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(Base::openapi()).configure(documented);
    let (_, mut document) = app.split_for_parts();
    document.servers = Some(vec![Server::new(public_url.as_str())]);
    let components = document.components.get_or_insert_default();
    let schemes = security_schemes(public_url).map(|(name, scheme)| (name, scheme.into()));
    components.security_schemes.extend(schemes);
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete] {
            operation.as_mut().into_iter().for_each(add_common_answers);
        }
    }
    document
}

/// How clients say who they are; the same for our API and for the standard's.
pub(crate) fn security_schemes(public_url: &PublicUrl) -> [(String, SecurityScheme); 3] {
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token (`casement token create`) or an access token got for one."))
        .build();
    let basic = Http::builder()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("For `/oauth2/token` only: the id of a token and its secret."))
        .build();
    let scopes = Scope::ALL.map(|scope| (scope.name(), scope.meaning()));
    let token_url = format!("{public_url}{}", oauth::PATH);
    let client = Flow::ClientCredentials(ClientCredentials::new(token_url, Scopes::from_iter(scopes)));
    [
        ("bearer".to_owned(), SecurityScheme::Http(bearer)),
        ("basic".to_owned(), SecurityScheme::Http(basic)),
        ("client_credentials".to_owned(), SecurityScheme::OAuth2(OAuth2::new([client]))),
    ]
}

/// What every operation can answer, without writing it at each.
fn add_common_answers(operation: &mut Operation) {
    let problem = |description: &str| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
        ResponseBuilder::new().description(description).content(Problem::MEDIA_TYPE, content).build().into()
    };
    let needs_token = operation.security.as_ref().is_some_and(|ways| ways.iter().all(|way| *way != Default::default()));
    let answers = &mut operation.responses.responses;
    if needs_token {
        for (status, description) in
            [("401", "There is no token, or it is not good"), ("403", "The token is not good for this")]
        {
            answers.entry(status.to_owned()).or_insert_with(|| problem(description));
        }
    }
    for (status, description) in [
        ("413", "The request is too large"),
        ("429", "This client asks too often; Retry-After says when to come back"),
        ("500", "The server failed"),
        ("503", "The server is busy; Retry-After says when to come back"),
        ("default", "Any other problem"),
    ] {
        answers.entry(status.to_owned()).or_insert_with(|| problem(description));
    }
}

async fn get_openapi(req: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type("application/json");
    state.openapi.clone().answer(&req, response)
}

async fn redirect_docs(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, format!("{}/docs/", state.frame.base))).finish()
}

async fn get_docs(tail: web::Path<String>) -> Result<HttpResponse, ApiError> {
    // Relative to the page, so that it works below any public address. No validator: it is a
    // service on the internet that would be sent our address.
    let browser = Browser::new(["../openapi.json"]).validator_url("none").deep_linking(true);
    let file =
        utoipa_swagger_ui::serve(&tail, Arc::new(browser)).map_err(|error| ApiError::internal(error.to_string()))?;
    let file = file.ok_or_else(|| ApiError::NotFound("There is no such file; /docs/ is the page.".to_owned()))?;
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type);
    response.insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    response.insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY));
    if file.gzpipped {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Ok(response.body(file.bytes.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_ids_are_handler_names_and_every_operation_says_what_can_go_wrong() {
        let document = document(&PublicUrl::of_address("h.example"));
        let mut ids: Vec<&str> = Vec::new();
        for item in document.paths.paths.values() {
            for operation in [&item.get, &item.post, &item.delete].into_iter().flatten() {
                ids.extend(operation.operation_id.as_deref());
                assert!(operation.responses.responses.contains_key("default"));
            }
        }
        ids.sort_unstable();
        let expect = [
            "align_achievement",
            "align_batch",
            "align_job",
            "align_text",
            "apply_import",
            "create_access_token",
            "create_feedback",
            "create_import",
            "delete_feedback",
            "discard_import",
            "export_framework",
            "find_alignment",
            "get_access",
            "get_alignment",
            "get_framework",
            "get_health",
            "get_import",
            "get_import_differences",
            "get_import_events",
            "get_metrics",
            "get_object",
            "get_package",
            "get_readiness",
            "get_template",
            "list_audit",
            "list_feedback",
            "list_frameworks",
            "list_imports",
            "list_item_credentials",
            "match_record",
            "plan_import",
            "propose_crosswalk",
            "resolve",
            "search",
            "suggest",
            "undo_import",
        ];
        assert_eq!(ids, expect);
        assert!(document.paths.paths.contains_key("/uri/{id}"), "{:?}", document.paths.paths.keys());
    }
}

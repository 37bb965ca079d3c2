//! Downloads: a framework in each format, and the templates to fill in.

use actix_web::http::header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, web};

use super::error::{ApiError, Problem};
use super::etag::{self, Tagged};
use super::state::AppState;
use super::{negotiate, packages};
use crate::registry::{self, Format};

/// Download a framework
///
/// In one of the formats `case-1.1`, `case-1.0`, `xlsx` (the layout of OpenSALT with everything else
/// of CASE beside it), `csv` (one file with everything), `csv-opensalt`, `csv-compeito`,
/// `csv-opencase` (what those programs import), `markdown` (an outline to read) and `ctdl-asn`
/// (JSON-LD of the Credential Registry). The file is named after the framework.
#[utoipa::path(
    tag = "Frameworks",
    params(
        ("id" = String, Path, description = "Identifier of the framework, in any case", example = "51b46463-ba60-588e-8983-87f29c985831"),
        ("format" = String, Path, description = "One of the formats above", example = "xlsx"),
    ),
    responses(
        (status = 200, description = "The file", content(
            (serde_json::Value = "application/json"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "text/csv"), (String = "text/markdown"), (serde_json::Value = "application/ld+json"),
        ), headers(("ETag" = String), ("Content-Disposition" = String, description = "attachment, with the name of the file"))),
        (status = 304, description = "The client has it"),
        (status = 404, description = "No framework has this identifier, or there is no such format", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "The client does not accept the format, or the format cannot hold the framework", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/frameworks/{id}/export/{format}")]
pub(crate) async fn export_framework(
    req: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (id, name) = path.into_inner();
    let format = wanted(&req, &name, |_| true)?;
    let asked = id.clone();
    let known = state.look(&req, move |view| view.export_state(format, &asked)).await?.ok_or_else(nothing)?;
    let mut response = download(format, &known.file_name);
    if let Format::Case(version) = format {
        return packages::answer(&req, &state, version, &id, response).await?.ok_or_else(nothing);
    }
    if let Some(not_modified) = etag::validate(&req, &mut response, &known.tag, Some(known.modified)) {
        return Ok(not_modified);
    }
    let (export, bytes) = state.look(&req, move |view| view.export(format, &id)).await?.ok_or_else(nothing)?;
    // It may have changed in between.
    let mut response = download(format, &export.file_name);
    let unchanged = etag::validate(&req, &mut response, &export.tag, Some(export.modified));
    Ok(unchanged.unwrap_or_else(|| response.body(bytes)))
}

/// Download a template
///
/// A workbook (`xlsx`) or a CSV file (`csv`) with a small example, to be filled in and imported. The
/// workbook has drop-downs and instructions.
#[utoipa::path(
    tag = "Imports",
    params(("format" = String, Path, description = "`xlsx` or `csv`", example = "xlsx")),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"),
        ), headers(("ETag" = String), ("Content-Disposition" = String, description = "attachment, with the name of the file"))),
        (status = 304, description = "The client has it"),
        (status = 404, description = "There is no template of this format", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "The client does not accept the format", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/imports/templates/{format}")]
pub(crate) async fn get_template(
    req: HttpRequest,
    state: web::Data<AppState>,
    format: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = wanted(&req, &format, Format::has_template)?;
    let file = state.read(move |_| Ok(registry::template(format)?.map(Tagged::new))).await?;
    let file = file.ok_or_else(|| no_format(Format::has_template))?;
    Ok(file.answer(&req, download(format, &format!("casement-template.{}", format.extension()))))
}

fn nothing() -> ApiError {
    ApiError::NotFound("No framework has this identifier; /api/v1/frameworks lists them.".to_owned())
}

fn no_format(offered: impl Fn(Format) -> bool) -> ApiError {
    let names: Vec<&str> = Format::ALL.into_iter().filter(|one| offered(*one)).map(Format::name).collect();
    ApiError::NotFound(format!("There is no such format; there are {}.", names.join(", ")))
}

/// The format that the address names, if it is offered and the client takes it.
fn wanted(req: &HttpRequest, name: &str, offered: impl Fn(Format) -> bool) -> Result<Format, ApiError> {
    let format = Format::from_name(name).filter(|format| offered(*format)).ok_or_else(|| no_format(offered))?;
    let accept: Vec<&str> = req.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let (media_type, _) = format.content_type().split_once(';').unwrap_or((format.content_type(), ""));
    if negotiate::accepts(&accept.join(","), media_type) {
        Ok(format)
    } else {
        Err(ApiError::NotAcceptable(format!("{} is {media_type}; accept that.", format.name())))
    }
}

/// The head of a file to be saved (RFC 6266): the name in full, and in ASCII for who knows no other.
fn download(format: Format, file_name: &str) -> HttpResponseBuilder {
    let ascii: String = file_name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let full = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: file_name.into() };
    let mut parameters = vec![DispositionParam::Filename(ascii)];
    if !file_name.is_ascii() {
        parameters.push(DispositionParam::FilenameExt(full));
    }
    let mut response = HttpResponse::Ok();
    response.content_type(format.content_type());
    response.insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters });
    response
}

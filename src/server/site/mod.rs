//! The pages: thin views on the registry, written by templates in the language of whoever reads.
//!
//! A page's handler reads what it shows, fills a template with it and answers through [`Site`]. Every
//! page works without scripts. Must never contain SQL, or a rule of the standard.

mod accounts;
mod brand;
mod catalogue;
mod changes;
mod crosswalk;
mod filters;
mod formula;
mod framework;
mod importing;
mod language;
mod matching;
mod object;
mod picture;
mod preferences;
mod problem;
mod rich;
mod search;
mod sureness;
mod tree;
mod views;
mod wording;
mod words;
mod workbench;

use std::borrow::Borrow;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, guard, web};
use askama::Template;

use super::assets;
use super::auth::caller_of;
use super::error::ApiError;
use super::etag::Tagged;
use super::negotiate::Form;
use super::state::AppState;
use super::url;
use crate::config::{Config, PublicUrl};

pub(crate) use accounts::{OPENID_BACK, provider};
pub(crate) use brand::{Brand, BrandError};
pub(super) use framework::answer as answer_framework;
pub(crate) use language::{Language, content_tag};
pub(super) use object::answer as answer_object;
pub(crate) use preferences::{Chosen, PATH as PREFERENCES, Theme, chosen};
pub(crate) use problem::Problem;
pub(crate) use words::Words;

/// What takes forms and shows a page as well.
pub(crate) fn takes_forms(path: &str) -> bool {
    accounts::FORMS.contains(&path) || [workbench::PATH, matching::PATH].contains(&path)
}

/// What takes nothing but forms.
pub(crate) fn takes_only_forms(path: &str) -> bool {
    accounts::ONLY_FORMS.contains(&path) || [workbench::FINISHED, workbench::DOWNLOAD].contains(&path)
}

/// What pages are served as.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// The routes.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(get("/", catalogue::get_home))
        .service(get("/search", search::get_search))
        .service(get("/search/hits", search::get_hits))
        .service(get("/frameworks/{id}", framework::get_framework))
        .service(get("/frameworks/{id}/branch", framework::get_branch))
        .service(get("/frameworks/{id}/outline", views::get_outline))
        .service(get("/frameworks/{id}/table", views::get_table))
        .service(get("/frameworks/{id}/print", views::get_print))
        .service(get("/frameworks/{id}/associations", views::get_associations))
        .service(get("/frameworks/{id}/rubrics", views::get_rubrics))
        .service(get("/frameworks/{id}/history", changes::get_history))
        .service(get("/frameworks/{id}/crosswalks", crosswalk::get_partners))
        .service(get("/compare", changes::get_compare))
        .service(get("/crosswalk", crosswalk::get_crosswalk))
        .service(get("/crosswalk.csv", crosswalk::get_crosswalk_csv))
        .service(web::resource(preferences::PATH).guard(guard::Post()).to(preferences::choose))
        .service(web::resource("/favicon.ico").guard(guard::Get()).to(get_favicon))
        .configure(accounts::routes)
        .configure(workbench::routes)
        .configure(matching::routes)
        .configure(importing::routes);
}

/// A page at a path.
fn get<F, Args>(path: &str, handler: F) -> actix_web::Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path).guard(guard::Get()).to(handler)
}

/// What every page of this server has in common.
pub(crate) struct Frame {
    /// The path of the public address, before every link; mostly empty. Links carry no host, so
    /// that pages work under every name that reaches the server.
    pub base: String,
    /// The public address.
    pub public_url: String,
    /// The look.
    pub brand: Brand,
}

impl Frame {
    /// The frame of a server with that public address.
    ///
    /// # Errors
    /// When the configured logo cannot be used.
    pub(crate) fn new(public_url: &PublicUrl, config: &Config) -> Result<Frame, BrandError> {
        Ok(Frame { base: public_url.path().to_owned(), public_url: public_url.to_string(), brand: Brand::new(config)? })
    }

    /// The link to an object's page.
    #[must_use]
    pub(crate) fn permalink(&self, id: &str) -> String {
        format!("{}/uri/{}", self.base, url::segment(id))
    }

    /// The link to an object in another form.
    #[must_use]
    pub(crate) fn form(&self, id: &str, form: Form) -> String {
        format!("{}{}", self.permalink(id), form.suffix())
    }

    /// The link to a file of `assets/`, or of the brand.
    #[must_use]
    pub(crate) fn asset(&self, name: &str) -> String {
        format!("{}{}", self.base, assets::path(&self.brand, name))
    }
}

/// Which part of the site a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Frameworks,
    Search,
    Align,
    Other,
}

/// What every page needs, for one request: templates call it `site`.
#[derive(Clone)]
pub(crate) struct Site<'a> {
    pub frame: &'a Frame,
    pub words: &'static Words,
    pub theme: Option<Theme>,
    /// Path and query of the request, to come back to.
    pub here: String,
    pub section: Section,
    /// What the search box holds.
    pub asked: String,
    /// Who is signed in.
    pub account: Option<Account>,
}

/// Who is signed in, as every page says it.
#[derive(Clone)]
pub(crate) struct Account {
    pub name: String,
    /// Whether they may import.
    pub may_write: bool,
}

impl Account {
    fn of(req: &HttpRequest) -> Option<Account> {
        let access = caller_of(req)?.session?.access;
        Some(Account { name: access.user()?.to_owned(), may_write: access.may_write_some() })
    }
}

impl<'a> Site<'a> {
    /// The site as the sender of a request sees it.
    #[must_use]
    pub(crate) fn of(frame: &'a Frame, req: &HttpRequest) -> Site<'a> {
        let here = req.uri().path_and_query().map_or("/", |all| all.as_str());
        Site { account: Account::of(req), ..Site::seen(frame, preferences::chosen(req.headers()), here) }
    }

    /// The same from what is left of a request.
    #[must_use]
    pub(crate) fn seen(frame: &'a Frame, chosen: Chosen, here: &str) -> Site<'a> {
        let Chosen { language, theme } = chosen;
        Site {
            frame,
            words: Words::of(language),
            theme,
            here: here.to_owned(),
            section: Section::Other,
            asked: String::new(),
            account: None,
        }
    }

    /// The same in a part of the site.
    #[must_use]
    pub(crate) fn within(self, section: Section) -> Site<'a> {
        Site { section, ..self }
    }

    /// Answers with a page: what it says depends on the language and the look that were chosen.
    ///
    /// # Errors
    /// When the template cannot be filled, which is a fault.
    pub(crate) fn answer(
        req: &HttpRequest,
        mut response: HttpResponseBuilder,
        page: &impl Template,
    ) -> Result<HttpResponse, ApiError> {
        let body = page.render().map_err(ApiError::internal)?;
        response.content_type(HTML);
        response.append_header((header::VARY, VARY));
        Ok(Tagged::new(body).answer(req, response))
    }

    /// Answers with a page that is for nobody else and is not kept: a form, or what came of one.
    ///
    /// # Errors
    /// When the template cannot be filled, which is a fault.
    pub(crate) fn show(status: StatusCode, page: &impl Template) -> Result<HttpResponse, ApiError> {
        let body = page.render().map_err(ApiError::internal)?;
        let mut response = HttpResponse::build(status);
        response.content_type(HTML).insert_header((header::CACHE_CONTROL, "no-store"));
        response.append_header((header::VARY, VARY));
        let mut response = response.body(body);
        response.extensions_mut().insert(Shown);
        Ok(response)
    }

    /// The language tag of the page.
    fn lang(&self) -> &'static str {
        self.words.language().tag()
    }

    /// The look that was chosen.
    fn look(&self) -> Option<&'static str> {
        self.theme.map(Theme::name)
    }

    fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    fn with(&self, key: &str, name: &str, text: &str) -> String {
        self.words.with(key, &[(name, text)])
    }

    fn count(&self, key: &str, count: impl Amount) -> String {
        self.words.count(key, count.amount())
    }

    fn number(&self, number: impl Amount) -> String {
        self.words.number(number.amount())
    }

    fn date(&self, text: &str) -> String {
        self.words.date(text)
    }

    /// A moment in microseconds since 1970.
    fn moment(&self, micros: impl Borrow<i64>) -> String {
        self.words.moment(*micros.borrow())
    }

    /// What a role is called and good for.
    fn role(&self, name: &str) -> String {
        self.named("role", name)
    }

    fn asset(&self, name: &str) -> String {
        self.frame.asset(name)
    }

    fn permalink(&self, id: &str) -> String {
        self.frame.permalink(id)
    }

    /// The link to a framework's page.
    fn framework(&self, id: &str) -> String {
        self.permalink(id)
    }

    /// How an association of a type is read, from its origin or from its destination.
    fn association(&self, kind: &str, is_forward: impl Borrow<bool>) -> String {
        let key = if *is_forward.borrow() { format!("association-{kind}") } else { format!("association-{kind}-back") };
        if !kind.starts_with("ext:") && self.words.has(&key) {
            return self.words.say(&key);
        }
        kind.strip_prefix("ext:").unwrap_or(kind).to_owned()
    }

    /// What a code of `educationLevel` is called.
    fn grade(&self, code: &str) -> String {
        let number = code.trim_start_matches('0');
        if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            return number.to_owned();
        }
        self.named("grade", code)
    }

    /// What the language of a tag is called.
    fn language_name(&self, tag: &str) -> String {
        let first = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let name = self.named("language", &first);
        if name == first { tag.to_owned() } else { name }
    }

    /// The message for a word of a vocabulary, or the word itself where there is none.
    fn named(&self, vocabulary: &str, word: &str) -> String {
        let key = format!("{vocabulary}-{word}");
        if self.words.has(&key) { self.words.say(&key) } else { word.to_owned() }
    }

    /// A link to a path of this server.
    fn link(&self, path: &str) -> String {
        format!("{}{path}", self.frame.base)
    }

    fn is_in(&self, section: &str) -> bool {
        match self.section {
            Section::Frameworks => section == "frameworks",
            Section::Search => section == "search",
            Section::Align => section == "align",
            Section::Other => false,
        }
    }

    fn languages() -> [Language; 2] {
        Language::ALL
    }

    /// The picture beside the name.
    fn mark(&self) -> String {
        self.frame.asset(self.frame.brand.logo.as_deref().unwrap_or("casement.svg"))
    }
}

/// What templates count with.
trait Amount {
    fn amount(self) -> u64;
}

impl Amount for u64 {
    fn amount(self) -> u64 {
        self
    }
}

impl Amount for usize {
    fn amount(self) -> u64 {
        self as u64
    }
}

impl<T: Amount + Copy> Amount for &T {
    fn amount(self) -> u64 {
        (*self).amount()
    }
}

/// Marks an answer whose status is that of an error and whose body says what to do already.
pub(crate) struct Shown;

/// What pages depend on, beside their address.
pub(crate) const VARY: HeaderValue = HeaderValue::from_static("Accept-Language, Cookie");

/// Browsers ask for it even where a page names its icon.
async fn get_favicon(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, state.frame.asset("casement.svg"))).finish()
}

//! The people who sign in: added, given roles, kept out, by admins.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Offers, frameworks_of, lead, offered, refused, role_of};
use crate::registry::{NewUser, Role, Secret, UserInfo};
use crate::server::auth::{Admin, actor_of};
use crate::server::error::ApiError;
use crate::server::forms::{Submitted, Visitor};
use crate::server::site::Site;
use crate::server::state::AppState;

/// The users, and the form for another.
#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage<'a> {
    site: Site<'a>,
    token: String,
    users: Vec<UserInfo>,
    frameworks: Offers,
    /// Whose password was just made, and the password: it is shown this once.
    made: Option<(String, Secret)>,
    problem: Option<String>,
}

impl UsersPage<'_> {
    fn link(&self, user: &UserInfo) -> String {
        link(&self.site, &user.name)
    }
}

/// One user.
#[derive(Template)]
#[template(path = "user.html")]
struct UserPage<'a> {
    site: Site<'a>,
    token: String,
    user: UserInfo,
    is_oneself: bool,
    frameworks: Offers,
    made: Option<(String, Secret)>,
    problem: Option<String>,
}

impl UserPage<'_> {
    fn link(&self) -> String {
        link(&self.site, &self.user.name)
    }

    fn roles(&self) -> [(&'static str, bool); 3] {
        Role::ALL.map(|role| (role.name(), role == self.user.role))
    }
}

fn link(site: &Site<'_>, name: &str) -> String {
    format!("{}/users/{}", site.frame.base, crate::server::url::segment(name))
}

/// Lists the users.
pub(super) async fn get_users(
    req: HttpRequest,
    state: web::Data<AppState>,
    by: Visitor<Admin>,
) -> Result<HttpResponse, ApiError> {
    all(&req, &state, &by, (StatusCode::OK, None, None)).await
}

async fn all(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    by: &Visitor<Admin>,
    (status, made, problem): (StatusCode, Option<(String, Secret)>, Option<String>),
) -> Result<HttpResponse, ApiError> {
    let (users, frameworks) = state.read(|registry| Ok((registry.users()?, offered(registry, None)?))).await?;
    let (site, token) = (Site::of(&state.frame, req), by.session.form_token.clone());
    Site::show(status, &UsersPage { site, token, users, frameworks, made, problem })
}

/// Adds a user, and shows the password that was made.
pub(super) async fn add_user(
    req: HttpRequest,
    state: web::Data<AppState>,
    form: Submitted<Admin>,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let Submitted { by, fields } = form;
    let (name, role, frameworks) =
        (fields.text("name").to_owned(), role_of(fields.text("role")), frameworks_of(&fields));
    if frameworks.as_ref().is_some_and(Vec::is_empty) {
        let problem = Site::of(&state.frame, &req).words.say("reach-nothing");
        return all(&req, &state, &by, (StatusCode::UNPROCESSABLE_ENTITY, None, Some(problem))).await;
    }
    let (new, actor) = (NewUser { name, password: None, role, frameworks }, actor_of(&req));
    match refused(state.hash(move |registry| registry.add_user(new, &actor)).await)? {
        Ok((user, made)) => {
            let made = made.map(|made| (user.name, made));
            all(&req, &state, &by, (StatusCode::OK, made, None)).await
        }
        Err((status, problem)) => all(&req, &state, &by, (status, None, Some(problem))).await,
    }
}

/// Shows one user.
pub(super) async fn get_user(
    req: HttpRequest,
    state: web::Data<AppState>,
    by: Visitor<Admin>,
    name: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    one(&req, &state, &by, name.into_inner(), (StatusCode::OK, None, None)).await
}

async fn one(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    by: &Visitor<Admin>,
    name: String,
    (status, made, problem): (StatusCode, Option<(String, Secret)>, Option<String>),
) -> Result<HttpResponse, ApiError> {
    let (user, frameworks) = state
        .read(move |registry| {
            let user = registry.user(&name)?;
            let frameworks = offered(registry, user.frameworks.as_deref())?;
            Ok((user, frameworks))
        })
        .await?;
    let (site, token) = (Site::of(&state.frame, req), by.session.form_token.clone());
    let is_oneself = user.name == by.user();
    Site::show(status, &UserPage { site, token, user, is_oneself, frameworks, made, problem })
}

/// Changes a user: `role`, `password`, `disable` or `enable`.
pub(super) async fn change_user(
    req: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
    form: Submitted<Admin>,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let ((name, step), Submitted { by, fields }, actor) = (path.into_inner(), form, actor_of(&req));
    let changed = name.clone();
    let outcome = match step.as_str() {
        "role" => {
            let (role, frameworks) = (role_of(fields.text("role")), frameworks_of(&fields));
            if frameworks.as_ref().is_some_and(Vec::is_empty) {
                let problem = Site::of(&state.frame, &req).words.say("reach-nothing");
                return one(&req, &state, &by, name, (StatusCode::UNPROCESSABLE_ENTITY, None, Some(problem))).await;
            }
            state.write(move |registry| registry.change_role(&changed, role, frameworks, &actor)).await.map(|_| None)
        }
        "password" => state.hash(move |registry| registry.set_password(&changed, None, &actor)).await,
        "disable" | "enable" => {
            let disabled = step == "disable";
            state.write(move |registry| registry.disable_user(&changed, disabled, &actor)).await.map(|_| None)
        }
        _ => return Err(ApiError::NotFound("A user has no such address.".to_owned())),
    };
    match refused(outcome)? {
        Ok(Some(made)) => one(&req, &state, &by, name.clone(), (StatusCode::OK, Some((name, made)), None)).await,
        Ok(None) => Ok(lead(&state.frame.base, &format!("/users/{}", crate::server::url::segment(&name)))),
        Err((status, problem)) => one(&req, &state, &by, name, (status, None, Some(problem))).await,
    }
}

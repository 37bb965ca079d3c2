//! The record of who changed what, for admins: chosen by who, what and when, a page at a time.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::registry::{AuditLine, AuditQuery};
use crate::server::auth::Admin;
use crate::server::error::ApiError;
use crate::server::forms::Visitor;
use crate::server::site::Site;
use crate::server::site::filters::Filters;
use crate::server::state::AppState;

/// How many lines a page has.
const LINES: u16 = 100;
/// What lines are chosen by.
const CHOSEN_BY: [&str; 6] = ["actor", "action", "framework", "since", "until", "before"];
/// What can have been done.
const ACTIONS: [&str; 17] = [
    "import",
    "undo",
    "import.fetch",
    "import.discard",
    "private.mark",
    "private.unmark",
    "token.create",
    "token.revoke",
    "login.failed",
    "sign-in",
    "sign-in.failed",
    "sign-out",
    "user.create",
    "user.role",
    "user.password",
    "user.disable",
    "user.enable",
];

/// The record.
#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage<'a> {
    site: Site<'a>,
    filters: Filters,
    lines: Vec<AuditLine>,
    /// The query of the page with older lines.
    older: Option<String>,
}

impl AuditPage<'_> {
    fn actions() -> [&'static str; 17] {
        ACTIONS
    }

    fn chosen(&self, name: &str) -> &str {
        self.filters.value(name).unwrap_or_default()
    }

    fn is_chosen(&self, name: &str, value: &str) -> bool {
        self.chosen(name) == value
    }

    /// What it was about.
    fn object(line: &AuditLine) -> String {
        let import = line.import.map(|number| format!("#{number}"));
        let all = [&line.framework, &line.token, &line.user, &line.source, &import];
        all.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
    }
}

/// Midnight (UTC) of a day as forms send it.
fn day(text: Option<&str>) -> Option<chrono::DateTime<chrono::Utc>> {
    let day: chrono::NaiveDate = text?.parse().ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

/// Shows the record.
pub(super) async fn get_audit(
    req: HttpRequest,
    state: web::Data<AppState>,
    by: Visitor<Admin>,
) -> Result<HttpResponse, ApiError> {
    drop(by);
    let filters = Filters::of(req.query_string(), &CHOSEN_BY);
    let text = |name: &str| filters.value(name).map(str::to_owned);
    let until = day(filters.value("until")).and_then(|day| day.checked_add_days(chrono::Days::new(1)));
    let query = AuditQuery {
        since: day(filters.value("since")).map_or(0, |day| day.timestamp_micros()),
        until: until.map_or(i64::MAX, |day| day.timestamp_micros()),
        before: filters.value("before").and_then(|number| number.parse().ok()).unwrap_or(i64::MAX),
        actor: text("actor"),
        action: text("action"),
        framework: text("framework"),
        limit: i64::from(LINES) + 1,
    };
    let mut lines = state.read(move |registry| registry.audit(&query)).await?;
    let more = lines.len() > usize::from(LINES);
    lines.truncate(LINES.into());
    let last = lines.last().filter(|_| more).map(|line| line.id.to_string());
    let older = last.map(|last| filters.with("before", Some(&last)));
    let site = Site::of(&state.frame, &req);
    Site::show(StatusCode::OK, &AuditPage { site, filters, lines, older })
}

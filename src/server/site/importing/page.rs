//! The page of one import: how far it is, how its file was read, what it would change or did.

use std::collections::HashSet;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::columns::{Shown, shown};
use crate::case::report::Severity;
use crate::registry::{Differences, ImportDetail, ImportFramework, ImportStage, ImportState, Remark};
use crate::server::auth::Write;
use crate::server::error::ApiError;
use crate::server::forms::Visitor;
use crate::server::imports;
use crate::server::site::Site;
use crate::server::state::AppState;

/// How the hierarchy of a sheet can be written.
const HIERARCHIES: [&str; 12] = [
    "flat",
    "parentCode",
    "parentIdentifier",
    "parentStatement",
    "codePrefix",
    "level",
    "smartLevel",
    "indentation",
    "levelColumns",
    "levelColumnsFilled",
    "itemType",
    "outline",
];
/// How deep a preview is indented.
const DEEPEST: usize = 9;

/// One import.
#[derive(Template)]
#[template(path = "import-one.html")]
struct ImportPage<'a> {
    site: Site<'a>,
    token: String,
    detail: &'a ImportDetail,
    sheets: Vec<Shown<'a>>,
    /// The frameworks that a sheet may update: identifier and title.
    stored: Vec<(String, String)>,
    problem: Option<String>,
}

/// One framework of an import with its differences.
struct Part<'a> {
    framework: &'a ImportFramework,
    differences: Option<&'a Differences>,
}

impl ImportPage<'_> {
    fn state(&self) -> &'static str {
        self.detail.import.state.name()
    }

    fn is(&self, state: &str) -> bool {
        self.state() == state
    }

    fn is_open(&self) -> bool {
        matches!(self.detail.import.state, ImportState::Planned | ImportState::Failed | ImportState::Undone)
    }

    fn stage(&self) -> &'static str {
        match self.detail.import.progress.unwrap_or_default().stage {
            ImportStage::Waiting => "import-waiting",
            ImportStage::Reading => "import-reading",
            ImportStage::Building => "import-building",
            ImportStage::Comparing => "import-comparing",
        }
    }

    fn rows_read(&self) -> u64 {
        self.detail.import.progress.unwrap_or_default().rows
    }

    fn parts(&self) -> Vec<Part<'_>> {
        let all = self.detail.import.frameworks.iter();
        let of = |framework: &ImportFramework| {
            self.detail.differences.iter().find(|one| one.identifier == framework.identifier)
        };
        all.map(|framework| Part { framework, differences: of(framework) }).collect()
    }

    /// Whether nothing keeps it from being applied.
    fn is_ready(&self) -> bool {
        let conflicts: usize = self.detail.import.frameworks.iter().map(|one| one.counts.conflicts).sum();
        self.is("planned") && (conflicts == 0 || self.detail.import.options.move_objects)
    }

    /// Whether applying it would do anything.
    fn has_changes(&self) -> bool {
        let deletes = self.detail.import.options.delete_missing;
        self.detail.import.frameworks.iter().any(|one| {
            let counts = &one.counts;
            counts.added + counts.changed > 0 || counts.moved > 0 || (deletes && counts.missing > 0)
        })
    }

    fn is_text(&self) -> bool {
        self.detail.spreadsheet.as_ref().is_some_and(|layout| layout.format == "csv")
    }

    fn hierarchies() -> [&'static str; 12] {
        HIERARCHIES
    }

    fn found_hierarchy(&self) -> String {
        let found = self.sheets.iter().find_map(|shown| shown.sheet.hierarchy.as_ref());
        found.map_or_else(String::new, |guess| self.site.named("hierarchy", &guess.value))
    }

    fn option(chosen: &Option<String>) -> &str {
        chosen.as_deref().unwrap_or_default()
    }

    fn is_chosen(chosen: &Option<String>, value: &str) -> bool {
        chosen.as_deref() == Some(value)
    }

    /// Where a remark stands, for a person.
    fn place(remark: &Remark) -> String {
        match (&remark.sheet, remark.row, &remark.column) {
            (Some(_), Some(row), Some(column)) => format!("{column}{row}"),
            (Some(_), Some(row), None) => row.to_string(),
            _ => remark.place.clone(),
        }
    }

    /// What a field is called; the spelling of `map` for one that has no name here.
    fn field(&self, field: &str) -> String {
        match field.split_once(':') {
            Some(("levelColumn", number)) => {
                let number: u64 = number.parse().unwrap_or_default();
                self.site.words.count("field-levelColumn", number + 1)
            }
            Some(("levelCode", number)) => {
                let number: u64 = number.parse().unwrap_or_default();
                self.site.words.count("field-levelCode", number + 1)
            }
            Some(("extension", name)) => name.to_owned(),
            _ => self.site.named("field", &field.replace(':', "-")),
        }
    }
}

impl Part<'_> {
    fn is_new(&self) -> bool {
        self.framework.base_revision.is_none()
    }

    fn problems(&self) -> Vec<&Remark> {
        let all = self.differences.map(|one| one.report.iter()).into_iter().flatten();
        all.filter(|remark| remark.severity != Severity::Info).collect()
    }

    fn remarks(&self) -> Vec<&Remark> {
        let all = self.differences.map(|one| one.report.iter()).into_iter().flatten();
        all.filter(|remark| remark.severity == Severity::Info).collect()
    }

    /// The lines of the tree: how deep, what it says, and whether it is new, changed or neither.
    fn tree(&self) -> Vec<(usize, &str, &'static str)> {
        let Some(differences) = self.differences else { return Vec::new() };
        let ids = |all: &'static str| -> HashSet<&str> {
            let list = if all == "added" { &differences.added } else { &differences.changed };
            list.iter().map(|one| one.identifier.as_str()).collect()
        };
        let (added, changed) = (ids("added"), ids("changed"));
        let what = |id: &str| match id {
            id if !self.is_new() && added.contains(id) => "added",
            id if changed.contains(id) => "changed",
            _ => "",
        };
        let line = |line: &'_ crate::registry::TreeLine| (line.depth.min(DEEPEST), what(&line.identifier));
        differences.tree.iter().map(|one| (line(one).0, one.label.as_str(), line(one).1)).collect()
    }
}

/// Shows one import.
pub(super) async fn get_import_page(
    req: HttpRequest,
    state: web::Data<AppState>,
    by: Visitor<Write>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    show(&req, &state, &by, *id, (StatusCode::OK, None)).await
}

/// Shows one import, with what is wrong with what was just asked.
pub(super) async fn show(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    by: &Visitor<Write>,
    id: i64,
    (status, problem): (StatusCode, Option<String>),
) -> Result<HttpResponse, ApiError> {
    let detail = imports::look(state, id, by.access()).await?;
    let may = by.access();
    let stored = match &detail.spreadsheet {
        Some(_) => {
            let access = by.access();
            state.read(move |registry| registry.seen_by(access).frameworks()).await?
        }
        None => Vec::new(),
    };
    let stored = stored.into_iter().filter(|one| may.may_write(&one.identifier));
    let page = ImportPage {
        site: Site::of(&state.frame, req),
        token: by.session.form_token.clone(),
        sheets: shown(&detail),
        detail: &detail,
        stored: stored.map(|one| (one.identifier, one.title)).collect(),
        problem,
    };
    Site::show(status, &page)
}

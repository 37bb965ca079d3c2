//! Which form a document about a job has, and the way to its reader.

use serde_json::Value;

use super::collect::{Collector, Part};
use super::flat::flatten;
use super::json::{At, bare, types};
use super::model::{Importance, Job, JobError, Kind, MOST_BYTES, Section};
use super::{ctdl, hropen, prose, schema_org};

/// Members by which a JobPosting of HR Open is known.
const JDX: [&str; 9] = [
    "competencies",
    "skills",
    "knowledge",
    "abilities",
    "tasks",
    "responsibilities",
    "technologies",
    "workActivities",
    "attitudes",
];
/// Members by which JSON that does not say what it is can be read as a posting.
const UNTYPED: [&str; 6] =
    ["description", "skills", "qualifications", "responsibilities", "educationRequirements", "experienceRequirements"];
/// How deep a job may be wrapped in lists, graphs and pages.
const DEEPEST: usize = 4;

/// Reads a document about a job. Its media type decides what it is; without one, or with one that says nothing, its
/// beginning does.
///
/// # Errors
/// [`JobError`], which says what to send instead.
pub fn read(bytes: &[u8], media_type: Option<&str>) -> Result<Job, JobError> {
    if bytes.len() > MOST_BYTES {
        return Err(JobError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| JobError::Encoding(error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.contains(char::is_alphanumeric) {
        return Err(JobError::Empty);
    }
    let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/plain" => read_text(text, Kind::Text),
        "text/markdown" | "text/x-markdown" => read_text(text, Kind::Markdown),
        "text/html" | "application/xhtml+xml" => read_page(text),
        json if json == "application/json" || json.ends_with("+json") => read_json(text),
        "" | "application/octet-stream" | "application/x-www-form-urlencoded" => match text.trim_start().chars().next()
        {
            Some('{' | '[') => read_json(text),
            Some('<') => read_page(text),
            _ => read_text(text, Kind::Text),
        },
        _ => Err(JobError::MediaType(essence)),
    }
}

fn read_text(text: &str, kind: Kind) -> Result<Job, JobError> {
    let mut found = Collector::default();
    prose::read_text(text, &mut found)?;
    let job = job(kind, found, None, String::new());
    if job.requirements.is_empty() && job.title.is_some() {
        // Nothing but one line is no title.
        let mut found = Collector::default();
        prose::read_without_title(text, &mut found)?;
        return Ok(self::job(kind, found, None, String::new()));
    }
    Ok(job)
}

/// A page: what it says of the job for machines, if it does, else what it shows.
fn read_page(html: &str) -> Result<Job, JobError> {
    let flat = flatten(html);
    let mut warnings = Vec::new();
    for data in &flat.data {
        match serde_json::from_str(data) {
            Ok(value) => match read_value(value, data) {
                Ok(job) if !job.requirements.is_empty() => return Ok(job),
                Ok(_) | Err(JobError::NoJob(_)) => {}
                Err(error) => return Err(error),
            },
            Err(error) => warnings.push(format!("JSON-LD of the page cannot be read: {error}")),
        }
    }
    let mut found = Collector { warnings, ..Collector::default() };
    prose::read_page(html, &flat, &mut found)?;
    Ok(job(Kind::Html, found, None, String::new()))
}

fn read_json(text: &str) -> Result<Job, JobError> {
    read_value(serde_json::from_str(text).map_err(|error| JobError::Json(error.to_string()))?, text)
}

fn read_value(document: Value, source: &str) -> Result<Job, JobError> {
    let mut found = Collector::default();
    if read_list(&document, &mut found)? {
        return Ok(job(Kind::List, found, None, String::new()));
    }
    let mut nodes = Vec::new();
    collect(&At::new(&document, ""), DEEPEST, &mut nodes);
    // What says of itself that it is a job comes before what only looks like one.
    nodes.sort_by_key(|(_, kind, certain)| (!certain, *kind != Kind::JobPosting));
    let Some((node, kind, certain)) = nodes.first() else { return Err(JobError::NoJob(hint(&document))) };
    let others = nodes.iter().skip(1).filter(|(_, other, sure)| other == kind && sure == certain).count();
    if others > 0 && *kind != Kind::Ctdl {
        found.warnings.push(format!("The document has {} jobs; the first one is read.", others + 1));
    }
    if !certain && *kind == Kind::JobPosting {
        found
            .warnings
            .push("The document does not say what it is; it is read as a JobPosting of schema.org.".to_owned());
    }
    match kind {
        Kind::PositionOpening => hropen::read_opening(node, &mut found)?,
        Kind::Jdx => hropen::read_jdx(node, &mut found)?,
        Kind::Ctdl => ctdl::read(&At::new(&document, ""), node, &mut found)?,
        _ => schema_org::read(&At::new(&document, ""), node, &mut found)?,
    }
    let (kind, node) = (*kind, node.pointer.clone());
    Ok(Job { source: source.to_owned(), ..job(kind, found, Some(document), node) })
}

fn job(kind: Kind, found: Collector, document: Option<Value>, node: String) -> Job {
    let Collector { title, classifications, requirements, warnings } = found;
    Job { kind, title, classifications, requirements, warnings, document, source: String::new(), node }
}

/// A list of strings, bare or under `requirements`; its elements may also be objects with a `text`.
fn read_list(document: &Value, into: &mut Collector) -> Result<bool, JobError> {
    let list = match document {
        Value::Array(_) => At::new(document, ""),
        Value::Object(object) if object.contains_key("requirements") && types(document).is_empty() => {
            At::new(&object["requirements"], "/requirements")
        }
        _ => return Ok(false),
    };
    let Value::Array(elements) = list.value else { return Ok(false) };
    let is_text = |element: &Value| element.is_string() || element.get("text").is_some_and(Value::is_string);
    if !elements.iter().all(is_text) {
        return Ok(false);
    }
    into.title = At::new(document, "").text_of("title").map(str::to_owned);
    for element in list.elements() {
        let text = element.member("text").unwrap_or(element);
        prose::read_string(&text, Part::new(Section::Qualifications, Importance::Required), into)?;
    }
    Ok(true)
}

/// Finds what may be a job: the document itself, elements of lists, nodes of a graph, the main entity of a page.
fn collect<'v>(at: &At<'v>, deepest: usize, nodes: &mut Vec<(At<'v>, Kind, bool)>) {
    if let Some((kind, certain)) = kind_of(at) {
        nodes.push((at.clone(), kind, certain));
        return;
    }
    let Some(deepest) = deepest.checked_sub(1) else { return };
    let inside = if at.value.is_array() {
        at.clone().elements()
    } else {
        ["@graph", "mainEntity", "itemListElement", "item"].iter().flat_map(|name| at.members(name)).collect()
    };
    inside.iter().filter(|inside| inside.value.is_object()).for_each(|inside| collect(inside, deepest, nodes));
}

/// What an object says that it is, or what it looks like; and whether it said so.
fn kind_of(at: &At<'_>) -> Option<(Kind, bool)> {
    let object = at.value.as_object()?;
    let types = types(at.value);
    let has_type = |wanted: &str| types.iter().any(|name| bare(name) == wanted);
    let of_ctdl =
        types.iter().any(|name| name.starts_with("ceterms:")) || object.keys().any(|key| key.starts_with("ceterms:"));
    if of_ctdl {
        return ["Occupation", "Job", "WorkRole", "Task"]
            .iter()
            .any(|name| has_type(name))
            .then_some((Kind::Ctdl, true));
    }
    if object.contains_key("positionProfiles") {
        return Some((Kind::PositionOpening, true));
    }
    if has_type("JobPosting") {
        return Some((Kind::JobPosting, true));
    }
    if has_type("Occupation") {
        return Some((Kind::Occupation, true));
    }
    if !types.is_empty() || object.contains_key("@graph") {
        return None;
    }
    let terms =
        |name: &&str| object.get(*name).and_then(Value::as_array).is_some_and(|list| list.iter().any(Value::is_object));
    if JDX.iter().any(terms)
        || object.contains_key("qualificationSummary")
        || object.contains_key("formattedDescriptions")
    {
        return Some((Kind::Jdx, true));
    }
    UNTYPED.iter().any(|name| object.contains_key(*name)).then_some((Kind::JobPosting, false))
}

/// What the JSON is instead, as far as that helps.
fn hint(document: &Value) -> String {
    let types = types(document);
    if !types.is_empty() {
        let named: String = types.join(", ").chars().take(100).collect();
        return format!("; its type is {named}");
    }
    match document {
        Value::Object(object) if object.is_empty() => "; it is empty".to_owned(),
        Value::Object(object) => {
            let names: Vec<&str> = object.keys().take(5).map(String::as_str).collect();
            format!("; its members are {}", names.join(", ").chars().take(200).collect::<String>())
        }
        _ => String::new(),
    }
}

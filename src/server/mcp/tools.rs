//! The tools: what each is called, takes and answers. Everything is read through a `View`, so what is private stays so.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::{PartialSchema, ToSchema};

use super::item;
use crate::registry::{AlignTextRequest, SearchRequest, View};
use crate::server::error::ApiError;
use crate::server::refusal::Refusal;

/// How many hits a search gives when nobody says, and at most.
const HITS: usize = 10;
const MOST_HITS: usize = 50;
/// The most references of one call.
const MOST_REFERENCES: usize = 500;

/// One tool.
pub(super) struct Offer {
    pub name: &'static str,
    pub title: &'static str,
    /// What it is for, to whoever has to choose among tools.
    pub description: &'static str,
    /// The JSON Schema of what it takes.
    pub schema: fn() -> Value,
    /// What it answers, a JSON object.
    pub run: fn(&View<'_>, Value) -> Result<Value, ApiError>,
}

/// Every tool.
pub(super) const TOOLS: [Offer; 5] = [
    Offer {
        name: "search",
        title: "Search frameworks",
        description: "Find items, frameworks, rubric criteria and levels by words, codes in any spelling, identifiers, or \
            field:value. The best come first, with their ancestors and uri.",
        schema: schema_of::<Search>,
        run: search,
    },
    Offer {
        name: "resolve",
        title: "Resolve references",
        description: "Say which published object each reference means, without guessing: identifiers, uris in any shape, \
            CTIDs, codes or names with a framework, whole alignments. Each is resolved, moved, replaced, retired, ambiguous, \
            unknown or notCase.",
        schema: schema_of::<Resolve>,
        run: resolve,
    },
    Offer {
        name: "align",
        title: "Align a text",
        description: "The items that a text is about (an achievement, a learning outcome, a requirement of a job), the best \
            first, each with a confidence from 0 to 1 and why; `none` is true when nothing fits well enough to be claimed.",
        schema: schema_of::<AlignTextRequest>,
        run: align,
    },
    Offer {
        name: "item",
        title: "Look up an item",
        description: "One item with everything around it: its place in the framework, its children, properties, and \
            associations both ways.",
        schema: schema_of::<item::Reference>,
        run: item::look_up,
    },
    Offer {
        name: "frameworks",
        title: "List frameworks",
        description: "The frameworks that are published here, by title, with their sizes and identifiers.",
        schema: schema_of::<Frameworks>,
        run: frameworks,
    },
];

/// What is searched for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Search {
    /// Words (all should match), "phrases", -not, OR, begin*, codes in any spelling, identifiers, and field:value with
    /// code, type, grade, subject, framework, language, status, creator, kind, updated.
    #[schema(required = true)]
    q: String,
    /// Identifiers, uris, or words of titles; any of them.
    framework: Vec<String>,
    /// The identifier of an item: only it and what is below it.
    under: Option<String>,
    /// Codes of education levels.
    grade: Vec<String>,
    subject: Vec<String>,
    /// Item types.
    r#type: Vec<String>,
    /// How many hits at most.
    #[schema(minimum = 1, maximum = 50)]
    limit: usize,
}

impl Default for Search {
    fn default() -> Search {
        let (q, under) = (String::new(), None);
        let (framework, grade, subject, r#type) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Search { q, framework, under, grade, subject, r#type, limit: HITS }
    }
}

/// References to resolve.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Resolve {
    /// Each a text whose shape tells what it is, or an object: `identifier`, `uri`, `code`, `name`, `framework`, the members
    /// of an alignment (`targetUrl`, `targetCode`, …), or `text`, in which codes and addresses are found.
    #[schema(max_items = 500)]
    references: Vec<Value>,
}

/// Which frameworks are listed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Frameworks {
    /// Words that the title has, in any case; everything without them.
    title: String,
}

fn search(view: &View<'_>, arguments: Value) -> Result<Value, ApiError> {
    let Search { q, framework, under, grade, subject, r#type, limit } = read(arguments)?;
    if !(1..=MOST_HITS).contains(&limit) {
        return Err(Refusal::bad_request(format!("limit is a number from 1 to {MOST_HITS}.")));
    }
    let facets = false;
    let request =
        SearchRequest { q, framework, under, grade, subject, item_type: r#type, limit, facets, ..Default::default() };
    written(&view.search(&request)?)
}

fn resolve(view: &View<'_>, arguments: Value) -> Result<Value, ApiError> {
    let Resolve { references } = read(arguments)?;
    if references.len() > MOST_REFERENCES {
        let sentence = format!("There are {} references; give at most {MOST_REFERENCES}.", references.len());
        return Err(Refusal::bad_request(sentence));
    }
    Ok(json!({ "resolutions": written(&view.resolve_json(&references)?)? }))
}

fn align(view: &View<'_>, arguments: Value) -> Result<Value, ApiError> {
    let (query, scope) = AlignTextRequest::read(arguments.to_string().as_bytes())?;
    written(&view.align(&[query], &scope)?.first())
}

fn frameworks(view: &View<'_>, arguments: Value) -> Result<Value, ApiError> {
    let Frameworks { title } = read(arguments)?;
    let wanted: Vec<String> = title.split_whitespace().map(str::to_lowercase).collect();
    let mut all = view.frameworks()?;
    all.retain(|one| {
        let own = one.title.to_lowercase();
        wanted.iter().all(|word| own.contains(word))
    });
    Ok(json!({ "frameworks": written(&all)? }))
}

/// What a tool was called with.
pub(super) fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, ApiError> {
    serde_json::from_value(arguments)
        .map_err(|error| Refusal::bad_request(format!("The arguments are not understood: {error}.")))
}

/// What a tool answers.
pub(super) fn written(answer: &impl serde::Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(answer).map_err(ApiError::internal)
}

fn schema_of<T: PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap_or_default()
}

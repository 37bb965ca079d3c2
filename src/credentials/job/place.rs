//! Putting items of frameworks into the document of a job, in the form that each kind of document has for them
//! (credentials digest, 4.3).
//!
//! Nothing else of the document changes, not one byte, and what already names an item is not added to. Placing the same items again changes nothing.

use serde_json::{Map, Value, json};

use super::json::{escaped, spelled};
use super::model::{Job, Kind};
use crate::credentials::splice::{self, Insertion};
use crate::credentials::{AlignmentOptions, SnippetFormat, Target, same_target, snippet};

/// Lists of terms that a JDX posting has, of which each takes what belongs to a requirement of its own.
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

/// An item that a requirement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The pointer of the requirement.
    pub pointer: String,
    /// The item.
    pub target: Target,
}

/// What came of placing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The document, as JSON: byte for byte what came, with what was added.
    pub document: String,
    /// JSON pointers to what was added.
    pub added: Vec<String>,
}

/// A member that should hold terms and holds something that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{pointer} is neither a text, an object nor a list, so that nothing can be added to it; correct it or leave it out"
)]
pub struct NoPlace {
    /// JSON pointer to the member.
    pub pointer: String,
}

/// The document of a job with items in it; `None` for forms that have no place for any: texts, pages and lists.
///
/// # Errors
/// [`NoPlace`].
pub fn place(job: &Job, additions: &[Addition]) -> Result<Option<Placed>, NoPlace> {
    let Some(before) = &job.document else { return Ok(None) };
    let (mut document, mut added) = (before.clone(), Vec::new());
    for addition in additions {
        let pointer = match job.kind {
            Kind::JobPosting | Kind::Occupation => in_skills(&mut document, &job.node, addition)?,
            Kind::PositionOpening => in_profile(&mut document, &job.node, addition)?,
            Kind::Jdx => in_terms(&mut document, &job.node, addition)?,
            Kind::Ctdl => in_conditions(&mut document, &job.node, addition)?,
            Kind::Text | Kind::Markdown | Kind::Html | Kind::List => None,
        };
        added.extend(pointer);
    }
    let unreachable = || NoPlace { pointer: job.node.clone() };
    let insertions = insertions(before, &document, &added).ok_or_else(unreachable)?;
    let document = splice::insert(&job.source, &insertions).ok_or_else(unreachable)?;
    Ok(Some(Placed { document, added }))
}

/// What has to be put into the text of `before` so that it says what `after` says, which has more only at `added`.
fn insertions(before: &Value, after: &Value, added: &[String]) -> Option<Vec<Insertion>> {
    let mut insertions: Vec<Insertion> = Vec::new();
    let mut elements: Vec<&str> = Vec::new();
    for pointer in added {
        let ends = || pointer.match_indices('/').skip(1).map(|(at, _)| at).chain([pointer.len()]);
        let prefix = |end: usize| pointer.get(..end);
        let new = ends().find(|end| prefix(*end).is_none_or(|prefix| before.pointer(prefix).is_none()))?;
        // The first element of a list that is new, where the list or the element itself was not there.
        let is_element = |end: &usize| {
            let list = prefix(*end).and_then(|prefix| prefix.rsplit_once('/')).map(|(list, _)| list);
            *end >= new && list.and_then(|list| after.pointer(list)).is_some_and(Value::is_array)
        };
        let element = prefix(ends().find(is_element)?)?;
        if elements.contains(&element) {
            continue;
        }
        elements.push(element);
        let (owner, member) = element.rsplit_once('/')?.0.rsplit_once('/')?;
        let (member, value) = (member.replace("~1", "/").replace("~0", "~"), after.pointer(element)?.clone());
        match insertions.iter_mut().find(|known| known.owner == owner && known.member == member) {
            Some(known) => known.elements.push(value),
            None => insertions.push(Insertion { owner: owner.to_owned(), member, elements: vec![value] }),
        }
    }
    Some(insertions)
}

/// A DefinedTerm in `skills` of schema.org, in the spelling that the document has for names of schema.org.
fn in_skills(document: &mut Value, node: &str, addition: &Addition) -> Result<Option<String>, NoPlace> {
    let Some(object) = object_at(document, node) else { return Ok(None) };
    let prefix = ["skills", "title", "name", "description"].iter().find_map(|name| {
        let (key, _) = spelled(object, name)?;
        key.strip_suffix(name).map(str::to_owned)
    });
    let prefix = prefix.unwrap_or_default();
    let key = format!("{prefix}skills");
    if object.get(&key).is_some_and(|skills| names(skills, addition)) {
        return Ok(None);
    }
    let term = prefixed(snippet(SnippetFormat::SchemaOrg, &addition.target, AlignmentOptions::default()), &prefix);
    append(object, &key, term, node).map(Some)
}

/// Names of schema.org with a prefix, also those that are types.
fn prefixed(value: Value, prefix: &str) -> Value {
    let Value::Object(object) = value else { return value };
    let member = |(name, value): (String, Value)| match (name.as_str(), value) {
        ("@type", Value::String(kind)) => (name, format!("{prefix}{kind}").into()),
        (keyword, value) if keyword.starts_with('@') => (name, value),
        (_, value) => (format!("{prefix}{name}"), prefixed(value, prefix)),
    };
    object.into_iter().map(member).collect()
}

/// A PositionCompetency of HR Open, in the qualification that the requirement stands in, else in the first.
fn in_profile(document: &mut Value, node: &str, addition: &Addition) -> Result<Option<String>, NoPlace> {
    let (profile, qualification) = profile_of(document, node, &addition.pointer);
    let Some(object) = object_at(document, &profile) else { return Ok(None) };
    let known = object.get("positionQualifications").is_some_and(|known| names(known, addition));
    if known {
        return Ok(None);
    }
    let competency = snippet(SnippetFormat::HrOpen, &addition.target, AlignmentOptions::default());
    match qualification.and_then(|at| Some((object_at(document, &at)?, at))) {
        Some((object, at)) => append(object, "positionCompetencies", competency, &at).map(Some),
        None => match object_at(document, &profile) {
            Some(object) => {
                let qualification = json!({"positionCompetencies": [competency]});
                let added = append(object, "positionQualifications", qualification, &profile)?;
                Ok(Some(format!("{added}/positionCompetencies/0")))
            }
            None => Ok(None),
        },
    }
}

/// The pointers of the profile and of the qualification that a requirement belongs to.
fn profile_of(document: &Value, node: &str, pointer: &str) -> (String, Option<String>) {
    let is_object = |at: &String| document.pointer(at).is_some_and(Value::is_object);
    let inside = pointer.strip_prefix(node).unwrap_or_default();
    let steps: Vec<&str> = inside.split('/').skip(1).collect();
    let from = |list: String, step: Option<&&str>| {
        let own = step.map(|step| format!("{list}/{step}")).filter(is_object);
        own.or_else(|| Some(format!("{list}/0")).filter(is_object)).or_else(|| Some(list).filter(is_object))
    };
    let profiles = format!("{node}/positionProfiles");
    let profile = from(profiles.clone(), steps.get(1)).unwrap_or(profiles);
    let in_qualification = steps.get(2) == Some(&"positionQualifications");
    let qualification = from(format!("{profile}/positionQualifications"), steps.get(3).filter(|_| in_qualification));
    (profile, qualification)
}

/// A term of JDX, in the list that the requirement stands in, else among the competencies.
fn in_terms(document: &mut Value, node: &str, addition: &Addition) -> Result<Option<String>, NoPlace> {
    let Some(object) = object_at(document, node) else { return Ok(None) };
    if JDX.iter().any(|list| object.get(*list).is_some_and(|terms| names(terms, addition))) {
        return Ok(None);
    }
    let own = addition.pointer.strip_prefix(node).and_then(|inside| inside.split('/').nth(1));
    let list = own.filter(|own| JDX.contains(own)).unwrap_or("competencies").to_owned();
    let term = jdx_term(&addition.target);
    append(object, &list, term, node).map(Some)
}

/// A term of JDX: what the DefinedTerm of schema.org says, under its names.
fn jdx_term(target: &Target) -> Value {
    let named = snippet(SnippetFormat::SchemaOrg, target, AlignmentOptions::default());
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(Value::from);
    let set = named.get("inDefinedTermSet");
    let set = [("name", text(set.and_then(|set| set.get("name")))), ("url", text(set.and_then(|set| set.get("@id"))))];
    let set: Map<String, Value> = set.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let members = [
        ("name", text(named.get("name"))),
        ("descriptions", text(named.get("description")).map(|text| Value::Array(vec![text]))),
        ("termCode", text(named.get("termCode")).or_else(|| Some(target.identifier.clone().into()))),
        ("inDefinedTermSet", (!set.is_empty()).then_some(Value::Object(set))),
    ];
    Value::Object(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

const REQUIRES: &str = "ceterms:requires";
const COMPETENCY: &str = "ceterms:targetCompetency";

/// A CredentialAlignmentObject of CTDL, in the last ConditionProfile with target competencies, else in a new one.
fn in_conditions(document: &mut Value, node: &str, addition: &Addition) -> Result<Option<String>, NoPlace> {
    let Some(object) = object_at(document, node) else { return Ok(None) };
    if object.values().any(|member| names(member, addition)) {
        return Ok(None);
    }
    let target = snippet(SnippetFormat::Ctdl, &addition.target, AlignmentOptions::default());
    let has_targets = |profile: &Value| profile.get(COMPETENCY).is_some_and(|targets| !targets.is_null());
    let place = match object.get(REQUIRES) {
        Some(Value::Array(profiles)) => {
            profiles.iter().rposition(has_targets).map(|index| format!("{REQUIRES}/{index}"))
        }
        Some(profile) => has_targets(profile).then(|| REQUIRES.to_owned()),
        None => None,
    };
    let Some(profile) = place else {
        let profile = json!({"@type": "ceterms:ConditionProfile", (COMPETENCY): [target]});
        let added = append(object, REQUIRES, profile, node)?;
        return Ok(Some(format!("{added}/{COMPETENCY}/0")));
    };
    let at = format!("{node}/{profile}");
    object_at(document, &at).map(|object| append(object, COMPETENCY, target, &at)).transpose()
}

/// Appends to a member: to a list, or to a list made of the one thing that was there. Gives the pointer of what was added.
fn append(object: &mut Map<String, Value>, key: &str, value: Value, parent: &str) -> Result<String, NoPlace> {
    let pointer = format!("{parent}/{}", escaped(key));
    let member = object.entry(key).or_insert(Value::Null);
    let inner =
        member.as_object().and_then(|object| ["@list", "@set"].into_iter().find(|name| object.contains_key(*name)));
    if let (Some(name), Value::Object(object)) = (inner, &mut *member) {
        return append(object, name, value, &pointer);
    }
    if let Value::Array(list) = member {
        list.push(value);
        return Ok(format!("{pointer}/{}", list.len() - 1));
    }
    let before = match member.take() {
        Value::Null => Vec::new(),
        one @ (Value::String(_) | Value::Object(_)) => vec![one],
        _ => return Err(NoPlace { pointer }),
    };
    let index = before.len();
    *member = Value::Array(before.into_iter().chain([value]).collect());
    Ok(format!("{pointer}/{index}"))
}

/// Whether a value already names an item: by its address, its GUID, or its code in its framework.
fn names(value: &Value, addition: &Addition) -> bool {
    match value {
        Value::String(text) => same_target(&addition.target, Some(text), None),
        Value::Array(list) => list.iter().any(|element| names(element, addition)),
        Value::Object(object) => {
            let of_set = || {
                let set = spelled(object, "inDefinedTermSet").map(|(_, set)| set);
                let code = spelled(object, "termCode").and_then(|(_, code)| code.as_str());
                let url = set.and_then(|set| {
                    set.as_str().or_else(|| ["@id", "url"].iter().find_map(|name| set.get(*name)?.as_str()))
                });
                let own = addition.target.framework_url();
                code.is_some() && code == addition.target.code.as_deref() && url.is_some() && url == own.as_deref()
            };
            of_set() || object.values().any(|member| names(member, addition))
        }
        _ => false,
    }
}

fn object_at<'v>(document: &'v mut Value, pointer: &str) -> Option<&'v mut Map<String, Value>> {
    document.pointer_mut(pointer)?.as_object_mut()
}

//! The ends of associations: rows of the same workbook, stored items of this framework or another,
//! or something outside, which keeps what the sheet says of it.

use std::collections::HashMap;

use super::before::Before;
use super::drafts::Draft;
use super::hierarchy::{Index, Prefer};
use super::identity::published;
use super::notes::Notes;
use super::{Found, Name, Stored, Unavailable};
use crate::case::model::{Class, Document, Item, NodeLink};
use crate::case::read::{Canonical, canonical, in_uri, mint, proper_uri};
use crate::case::{percent, vocab};

/// How OpenSALT writes an end that it does not know.
const UNRESOLVED: &str = "data:text/x-ref-unresolved,";

/// What a sheet says of one end.
#[derive(Clone, Debug, Default)]
pub(super) struct End<'w> {
    pub identifier: Option<&'w str>,
    pub uri: Option<&'w str>,
    pub code: Option<&'w str>,
    pub statement: Option<&'w str>,
    /// One cell that may be identifier, uri or code.
    pub any: Option<&'w str>,
    pub framework: Option<&'w str>,
    /// The row that the end is, where that is known already.
    pub draft: Option<usize>,
    pub place: String,
}

impl<'w> End<'w> {
    /// Whether anything says where it is.
    pub(super) fn is_blank(&self) -> bool {
        let said = [self.identifier, self.uri, self.code, self.statement, self.any];
        self.draft.is_none() && said.iter().all(Option::is_none)
    }

    /// What a person would call it.
    pub(super) fn shown(&self) -> &'w str {
        [self.any, self.code, self.identifier, self.uri, self.statement]
            .into_iter()
            .flatten()
            .next()
            .unwrap_or_default()
    }
}

/// An end inside of the framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Local {
    Draft(usize),
    /// An item that is stored and not in the sheet.
    Stored(String),
    Framework,
}

/// Everything of this framework that an end may be.
pub(super) struct Ends<'a> {
    pub document: &'a str,
    /// The framework's other names: its uri, its identifier as it stands in the sheet.
    pub names: &'a [String],
    pub index: &'a Index,
    pub before: &'a Before,
}

impl Ends<'_> {
    /// Whether a name is that of the framework.
    pub(super) fn is_framework(&self, text: &str) -> bool {
        text.eq_ignore_ascii_case(self.document)
            || self.names.iter().any(|name| name == text)
            || in_uri(text).is_some_and(|id| id == self.document)
    }

    /// The end, where it is in this framework; with how many rows are called so.
    pub(super) fn local(&self, end: &End<'_>) -> Option<(Local, usize)> {
        if let Some(draft) = end.draft {
            return Some((Local::Draft(draft), 1));
        }
        if end.framework.is_some_and(|framework| !self.is_framework(framework)) {
            return None;
        }
        let identifiers = [end.identifier, end.uri, end.any].into_iter().flatten();
        if let Some(found) = identifiers.clone().find_map(|text| self.by_identifier(text)) {
            return Some((found, 1));
        }
        // A UUID or an address that is not here is somewhere else, whatever its code.
        if identifiers.clone().any(|text| is_uuid(text) || is_address(text)) {
            return None;
        }
        let codes = [end.code, end.any, end.uri.and_then(|uri| uri.strip_prefix(UNRESOLVED))];
        let by_code = codes.into_iter().flatten().find_map(|code| self.by_name(code, Prefer::Code));
        by_code.or_else(|| if end.code.is_none() { self.by_name(end.statement?, Prefer::Statement) } else { None })
    }

    fn by_identifier(&self, text: &str) -> Option<Local> {
        if let Some(at) = self.index.identifier(text).or_else(|| self.index.identifier(&in_uri(text)?)) {
            return Some(Local::Draft(at));
        }
        if self.is_framework(text) {
            return Some(Local::Framework);
        }
        let (id, _) = published(Class::Item, text, self.document, self.before);
        let stored = self.before.item(&id).or_else(|| self.before.item(&in_uri(text)?));
        stored.map(|item| Local::Stored(item.identity.identifier.clone()))
    }

    fn by_name(&self, text: &str, prefer: Prefer) -> Option<(Local, usize)> {
        if let Some((at, count)) = self.index.find(text, prefer, None) {
            return Some((Local::Draft(at), count));
        }
        let mut stored = self.before.of_code(text);
        let item = stored.next().or_else(|| self.before.of_statement(text).next())?;
        Some((Local::Stored(item.identity.identifier.clone()), 1 + stored.count()))
    }
}

/// The addresses and titles of what is in the framework, by identifier.
pub(super) struct Nodes<'a>(HashMap<&'a str, (&'a str, &'a str)>);

impl<'a> Nodes<'a> {
    pub(super) fn new(document: &'a Document, items: impl Iterator<Item = &'a Item>) -> Nodes<'a> {
        let of_item = |item: &'a Item| (item.identity.identifier.as_str(), (item.identity.uri.as_str(), item.label()));
        let identity = &document.identity;
        let own = (identity.identifier.as_str(), (identity.uri.as_str(), document.title.as_str()));
        Nodes(std::iter::once(own).chain(items.map(of_item)).collect())
    }

    /// The address and the title.
    pub(super) fn get(&self, identifier: &str) -> Option<(String, String)> {
        self.0.get(identifier).map(|(uri, title)| ((*uri).to_owned(), (*title).to_owned()))
    }
}

/// Makes links of the ends, each told where it leads; asks what is stored once for all of them.
pub(super) fn resolve(
    ends: &[&End<'_>],
    here: &Ends<'_>,
    drafts: &[Draft<'_, '_>],
    nodes: &Nodes<'_>,
    base_url: &str,
    stored: &mut dyn Stored,
    notes: &mut Notes,
) -> Result<Vec<NodeLink>, Unavailable> {
    let mut links: Vec<Option<NodeLink>> = Vec::with_capacity(ends.len());
    let mut asked: Vec<Name> = Vec::new();
    let mut numbers: HashMap<Name, usize> = HashMap::new();
    for end in ends {
        let local = here.local(end).map(|(local, count)| {
            if count > 1 {
                let sentence = format!("{count} items are called so; the first is taken. Give the identifier");
                notes.warn("end-ambiguous", end.place.clone(), sentence, end.shown());
            }
            match local {
                Local::Draft(at) => {
                    let draft = drafts
                        .get(at)
                        .and_then(|draft| draft.same_as.and_then(|same| drafts.get(same)).or(Some(draft)));
                    draft.map(|draft| draft.id.clone()).unwrap_or_default()
                }
                Local::Stored(id) => id,
                Local::Framework => here.document.to_owned(),
            }
        });
        let link = local.map(|identifier| {
            let (uri, title) = nodes.get(&identifier).unwrap_or_default();
            NodeLink { title, identifier, uri, target_type: None }
        });
        if link.is_none() {
            let name = Name { text: name(end), framework: end.framework.map(str::to_owned) };
            numbers.entry(name.clone()).or_insert_with(|| {
                asked.push(name);
                asked.len() - 1
            });
        }
        links.push(link);
    }
    let found = if asked.is_empty() { Vec::new() } else { stored.find(&asked)? };
    let outside = ends.iter().zip(links).map(|(end, link)| {
        link.unwrap_or_else(|| {
            let name = Name { text: name(end), framework: end.framework.map(str::to_owned) };
            let found = numbers.get(&name).and_then(|number| found.get(*number));
            outside(end, found.map_or(&[], Vec::as_slice), base_url, notes)
        })
    });
    Ok(outside.collect())
}

/// What is stored is looked through for this.
fn name(end: &End<'_>) -> String {
    let own = end.identifier.or(end.any).or(end.uri);
    let id = own.and_then(|text| is_address(text).then(|| in_uri(text)).flatten());
    let unresolved = end.uri.and_then(|uri| uri.strip_prefix(UNRESOLVED));
    id.or_else(|| end.identifier.or(end.any).or(unresolved).or(end.code).map(str::to_owned))
        .or_else(|| end.uri.or(end.statement).map(str::to_owned))
        .unwrap_or_default()
}

/// An end that is not in this framework.
fn outside(end: &End<'_>, found: &[Found], base_url: &str, notes: &mut Notes) -> NodeLink {
    let given = end.uri.or(end.any).or(end.identifier).filter(|text| is_address(text)).and_then(proper_uri);
    if let [one] = found {
        let Found { identifier, uri, title, .. } = one.clone();
        return NodeLink { title, identifier, uri, target_type: None };
    }
    let text = end.identifier.or(end.any.filter(|text| !is_address(text)));
    let text = text.or_else(|| if given.is_none() { end.code.or(end.uri).or(end.statement) } else { None });
    let (code, sentence) = match (found.len(), &given) {
        (0, Some(_)) => ("end-external", "not stored here; its address is kept".to_owned()),
        (0, None) => ("end-not-found", "not in the sheet and not stored here; it is kept as it is".to_owned()),
        (count, _) => (
            "end-ambiguous",
            format!(
                "{count} stored items are called so; it is kept as it is. Name the framework, or give the identifier"
            ),
        ),
    };
    let severe = code != "end-external";
    if notes.first(code, end.shown()) {
        let say = if severe { Notes::warn } else { Notes::info };
        say(notes, code, end.place.clone(), sentence, end.shown());
    }
    let identifier = match (text, &given) {
        (Some(text), _) => match canonical(text) {
            Canonical::Proper(id) | Canonical::OddVersion(id) => id,
            Canonical::NotUuid(_) => text.to_owned(),
        },
        (None, Some(uri)) => in_uri(uri).unwrap_or_else(|| mint(uri)),
        (None, None) => String::new(),
    };
    let uri = given.unwrap_or_else(|| {
        if is_uuid(&identifier) {
            format!("{base_url}/uri/{identifier}")
        } else {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            format!("{UNRESOLVED}{}", percent::encode(&identifier, plain))
        }
    });
    let title = end.statement.or(end.code).map_or_else(|| end.shown().to_owned(), str::to_owned);
    NodeLink { title, identifier, uri, target_type: None }
}

fn is_uuid(text: &str) -> bool {
    !matches!(canonical(text), Canonical::NotUuid(_))
}

/// Whether the text is an address rather than a code with a colon in it.
fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("urn:")
}

/// What an association type in a sheet means, in the standard's spelling, and whether its ends
/// change places; a type of one's own becomes `ext:…`.
pub(super) fn association_type(text: &str, place: impl Fn() -> String, notes: &mut Notes) -> (String, bool) {
    if vocab::is_association_type(crate::case::Version::V1p1, text) {
        return (text.to_owned(), false);
    }
    if let Some((known, turned)) = vocab::recognise_association_type(text).or_else(|| subtype(text)) {
        if turned && notes.first("association-type", text) {
            let sentence = format!("read as {known}, with origin and destination exchanged");
            notes.info("association-type", place(), sentence, text);
        }
        return (known.to_owned(), turned);
    }
    let term = crate::case::read::extension_term(text);
    if notes.first("association-type", text) {
        let sentence = format!("no association type of CASE; read as {term}");
        notes.warn("association-type", place(), sentence, text);
    }
    (term, false)
}

/// The words in which crosswalk sheets say how well two statements match.
fn subtype(text: &str) -> Option<(&'static str, bool)> {
    let plain = text.trim().to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| plain.starts_with(word));
    if begins(&["identical", "equivalent", "examples differ", "identifiers differ"]) {
        Some(("exactMatchOf", false))
    } else if begins(&["major alignment", "mapped", "conceptual alignment", "similar to", "draws from"]) {
        Some(("isRelatedTo", false))
    } else if begins(&["split"]) {
        Some(("isPartOf", false))
    } else if begins(&["consolidated"]) {
        Some(("isPartOf", true))
    } else {
        None
    }
}

//! The frameworks by name: what a search may be narrowed to, and what its facets are labelled with.

use std::sync::{Arc, Mutex, PoisonError};

use super::texts::Texts;
use crate::registry::RegistryError;
use crate::store::Tx;
use crate::text::words;

/// The frameworks that somebody sees, kept for those of everybody while nothing changes.
#[derive(Default)]
pub(in crate::registry) struct Names(Mutex<Option<(i64, Arc<Vec<Name>>)>>);

/// A framework, as far as searching needs it.
#[derive(Clone, Debug)]
pub(in crate::registry) struct Name {
    pub(in crate::registry) id: String,
    pub(in crate::registry) uri: String,
    pub(in crate::registry) title: String,
    pub(in crate::registry) status: Option<String>,
}

impl Names {
    /// The frameworks in sight.
    pub(in crate::registry) fn read(&self, tx: &mut Tx<'_>, is_public: bool) -> Result<Arc<Vec<Name>>, RegistryError> {
        if !is_public {
            return Ok(Arc::new(names(tx)?));
        }
        let newest = tx.newest_change()?;
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, names)) = kept.filter(|(seq, _)| *seq == newest) {
            return Ok(names);
        }
        let names = Arc::new(names(tx)?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((newest, Arc::clone(&names)));
        Ok(names)
    }
}

fn names(tx: &mut Tx<'_>) -> Result<Vec<Name>, RegistryError> {
    let documents = tx.documents(None, false)?;
    let name = |document: &crate::store::Object| {
        let texts = Texts::of(document);
        Name {
            id: document.id.clone(),
            uri: texts.uri.clone().into_owned(),
            title: texts.statement(),
            status: texts.adoption_status.map(std::borrow::Cow::into_owned),
        }
    };
    Ok(documents.iter().map(name).collect())
}

/// The frameworks that a text names: by identifier, uri, or words of the title in any spelling
/// (`onet` is O*NET).
pub(in crate::registry) fn named(names: &[Name], text: &str) -> Vec<String> {
    let text = text.trim();
    let exact = |name: &&Name| name.id.eq_ignore_ascii_case(text) || name.uri == text;
    let found: Vec<String> = names.iter().filter(exact).map(|name| name.id.clone()).collect();
    if !found.is_empty() {
        return found;
    }
    let joined = |text: &str| words(text).map(|word| word.text.into_owned()).collect::<String>();
    let asked: Vec<String> = words(text).map(|word| word.text.into_owned()).collect();
    let whole = asked.concat();
    let fits = |name: &&Name| {
        let of_title: Vec<String> = words(&name.title).map(|word| word.text.into_owned()).collect();
        let each = asked.iter().all(|word| of_title.iter().any(|other| other.starts_with(word.as_str())));
        !whole.is_empty() && (each || joined(&name.title).contains(&whole))
    };
    names.iter().filter(fits).map(|name| name.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Name, named};

    #[test]
    fn a_framework_is_named_by_what_people_call_it() {
        let name = |id: &str, title: &str| Name {
            id: id.to_owned(),
            uri: format!("https://a.example/uri/{id}"),
            title: title.to_owned(),
            status: None,
        };
        let all =
            [name("a", "O*NET 29.2 content model"), name("b", "Common Core Mathematics"), name("c", "Mathematics")];
        for (text, ids) in [
            ("onet", vec!["a"]),
            ("O*NET", vec!["a"]),
            ("core math", vec!["b"]),
            ("mathematics", vec!["b", "c"]),
            ("A", vec!["a"]),
            ("https://a.example/uri/c", vec!["c"]),
            ("physics", vec![]),
            ("", vec![]),
            ("…", vec![]),
        ] {
            assert_eq!(named(&all, text), ids, "{text}");
        }
    }
}

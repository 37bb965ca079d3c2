//! Resolving references: from what somebody wrote down to the objects that are meant, without
//! guessing (digest of credentials 2.5).
//!
//! Thousands at once: each step asks for everything that is still open in a few statements. In the
//! order of how sure they are: identifiers, uris, codes, names, and what is said to be the same.
//! Never ranks by words: that is searching.

mod find;
mod matched;
mod objects;
mod passage;
mod reference;
mod replaced;
mod shape;
mod told;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

pub(in crate::registry) use objects::told_objects;
pub use reference::Reference;
pub use told::{FoundBy, Replacement, Resolution, ResolveState, ResolvedFramework, ResolvedMention, ResolvedObject};

use serde_json::Value;

use super::search::names::{self, Name};
use super::{RegistryError, View};
use crate::search::Generation;
use crate::store::{Object, Tx};
use crate::text::exact;
pub(super) use find::{best, shared, sorted};
use objects::Telling;
use shape::Clues;

impl View<'_> {
    /// What each of the references means, in their order. What is wrong with one is told in its
    /// answer.
    ///
    /// # Errors
    /// [`RegistryError::NoIndex`] when a code, a uri or a name has to be looked for and there is no
    /// index yet, and when the store or the index cannot be read.
    pub fn resolve(&self, references: &[Reference]) -> Result<Vec<Resolution>, RegistryError> {
        self.look(|tx| {
            let mut resolving = Resolving { view: self, tx, frameworks: None, index: None };
            let mut resolutions = resolving.each(references)?;
            resolving.passages(references, &mut resolutions)?;
            Ok(resolutions)
        })
    }
}

impl View<'_> {
    /// [`View::resolve`] of references as JSON has them (see [`Reference::from_json`]): what is none is
    /// unknown, and its note says why.
    ///
    /// # Errors
    /// As [`View::resolve`].
    pub fn resolve_json(&self, references: &[Value]) -> Result<Vec<Resolution>, RegistryError> {
        let read: Vec<Result<Reference, String>> = references.iter().map(Reference::from_json).collect();
        let proper: Vec<Reference> = read.iter().flatten().cloned().collect();
        let mut found = self.resolve(&proper)?.into_iter();
        let resolution = |one: Result<Reference, String>| match one {
            Ok(_) => found.next().unwrap_or_default(),
            Err(note) => Resolution::unknown(note),
        };
        Ok(read.into_iter().map(resolution).collect())
    }
}

/// What is meant, as far as it was found, and by what.
type Meant = Option<(FoundBy, Vec<Rc<Object>>)>;

struct Resolving<'a, 'v, 'c> {
    view: &'a View<'v>,
    tx: &'a mut Tx<'c>,
    frameworks: Option<Arc<Vec<Name>>>,
    index: Option<Arc<Generation>>,
}

/// One reference on its way.
struct Open<'r> {
    reference: &'r Reference,
    clues: Clues,
    /// The frameworks that it names; `None` when it names none.
    packages: Option<Rc<BTreeSet<String>>>,
    meant: Meant,
}

impl Open<'_> {
    /// Whether it names a framework that is not here.
    fn is_elsewhere(&self) -> bool {
        self.packages.as_ref().is_some_and(|packages| packages.is_empty())
    }

    /// Where it is looked for: a framework that is not here limits nothing, but what is found then is
    /// not what is meant.
    fn within(&self) -> Option<&BTreeSet<String>> {
        self.packages.as_deref().filter(|packages| !packages.is_empty())
    }
}

impl Resolving<'_, '_, '_> {
    /// Resolves everything but free texts.
    fn each(&mut self, references: &[Reference]) -> Result<Vec<Resolution>, RegistryError> {
        let mut all = Vec::with_capacity(references.len());
        let mut known: HashMap<&[String], Rc<BTreeSet<String>>> = HashMap::new();
        for reference in references {
            let clues = Clues::of(reference);
            let names = reference.framework.as_slice();
            let packages = match known.get(names) {
                _ if names.is_empty() || clues.is_only_framework => None,
                Some(packages) => Some(Rc::clone(packages)),
                None => {
                    let packages = Rc::new(self.packages(names)?);
                    known.insert(names, Rc::clone(&packages));
                    Some(packages)
                }
            };
            all.push(Open { reference, clues, packages, meant: None });
        }
        self.by_identifier(&mut all)?;
        self.by_uri(&mut all)?;
        self.by_code(&mut all)?;
        self.by_name(&mut all)?;
        self.by_match(&mut all)?;
        Ok(Telling::read(self.tx, &all, self.view.registry.base_url())?.tell(&all))
    }

    /// The frameworks that one of the names is the identifier, the uri or the title of; else those
    /// that a title has the words of.
    fn packages(&mut self, asked: &[String]) -> Result<BTreeSet<String>, RegistryError> {
        let frameworks = self.frameworks()?;
        for text in asked {
            let clues = Clues::of(&Reference { framework: vec![text.clone()], ..Reference::default() });
            let (address, title) = (exact::address(text), exact::statement(text));
            let is = |name: &&Name| {
                clues.identifiers.iter().any(|(id, _)| *id == name.id)
                    || exact::address(&name.uri) == address
                    || !title.is_empty() && exact::statement(&name.title) == title
            };
            let found: BTreeSet<String> = frameworks.iter().filter(is).map(|name| name.id.clone()).collect();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let named = |text: &String| names::named(&frameworks, text).into_iter().collect::<BTreeSet<String>>();
        Ok(asked.iter().map(named).find(|found| !found.is_empty()).unwrap_or_default())
    }

    fn frameworks(&mut self) -> Result<Arc<Vec<Name>>, RegistryError> {
        if let Some(frameworks) = &self.frameworks {
            return Ok(Arc::clone(frameworks));
        }
        let names = self.view.registry.searching.names.read(self.tx, self.view.is_public())?;
        self.frameworks = Some(Arc::clone(&names));
        Ok(names)
    }

    fn index(&mut self) -> Result<Arc<Generation>, RegistryError> {
        if let Some(index) = &self.index {
            return Ok(Arc::clone(index));
        }
        let generation = self.view.generation()?;
        self.index = Some(Arc::clone(&generation));
        Ok(generation)
    }
}

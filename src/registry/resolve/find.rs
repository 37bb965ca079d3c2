//! Finding what is meant: by identifier in the store, by uri, code and name in the index. What the
//! index says is checked against what is stored.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::{FoundBy, Open, Resolving};
use crate::case::model::Class;
use crate::registry::search::texts::Texts;
use crate::registry::{RegistryError, key, publish};
use crate::search::{Key, Lookup, has_code};
use crate::store::Object;
use crate::text::code::Code;
use crate::text::exact;

/// The objects of each lookup.
type Hits = Vec<Vec<Rc<Object>>>;

impl Resolving<'_, '_, '_> {
    /// By identifiers, and by what came in place of one.
    pub(super) fn by_identifier(&mut self, all: &mut [Open<'_>]) -> Result<(), RegistryError> {
        let ids = sorted(all.iter().flat_map(|open| open.clues.identifiers.iter().map(|(id, _)| id.as_str())));
        let named = shared(self.tx.named_among(&ids)?);
        for open in all.iter_mut() {
            let clues = &open.clues;
            open.meant = clues
                .identifiers
                .iter()
                .find_map(|(id, by)| Some((*by, vec![best(named.get(id.as_str())?, clues.is_framework)?])));
        }
        let is_open = |open: &&Open<'_>| open.meant.is_none();
        let keys: Vec<String> =
            all.iter().filter(is_open).flat_map(|open| open.clues.texts.iter().map(|(text, _)| key(text))).collect();
        let mut received: HashMap<String, Vec<(Class, String)>> = HashMap::new();
        for (text, class, id) in self.tx.received_among(&sorted(keys.iter().map(String::as_str)))? {
            received.entry(text).or_default().push((class, id));
        }
        let ids = sorted(received.values().flatten().map(|(_, id)| id.as_str()));
        let named = shared(self.tx.named_among(&ids)?);
        for open in all.iter_mut().filter(|open| open.meant.is_none()) {
            let clues = &open.clues;
            open.meant = clues.texts.iter().find_map(|(text, by)| {
                let mut objects: Vec<Rc<Object>> = Vec::new();
                for (class, id) in received.get(&key(text))? {
                    let of_class = named.get(id.as_str())?.iter().filter(|object| object.class == *class);
                    objects.extend(of_class.cloned());
                }
                narrow(&mut objects, |object| open.packages.as_ref().is_some_and(|of| of.contains(&object.home_id)));
                distinct(&mut objects);
                (!objects.is_empty()).then_some((*by, objects))
            });
        }
        Ok(())
    }

    pub(super) fn by_uri(&mut self, all: &mut [Open<'_>]) -> Result<(), RegistryError> {
        let of = |open: &Open<'_>| open.clues.uris.clone();
        let is = |object: &Object, uri: &String| exact::address(&Texts::of(object).uri) == exact::address(uri);
        // A framework that is named does not make a uri any surer.
        self.by(all, FoundBy::Uri, false, of, |uri| Key::Uri(uri), is)
    }

    pub(super) fn by_code(&mut self, all: &mut [Open<'_>]) -> Result<(), RegistryError> {
        let of = |open: &Open<'_>| open.clues.codes.clone();
        let is = |object: &Object, code: &Code| {
            Texts::of(object).human_coding_scheme.is_some_and(|own| has_code(&own, code, true))
        };
        self.by(all, FoundBy::Code, true, of, |code| Key::Code { code, longer: true }, is)?;
        for open in all.iter_mut() {
            let Some((FoundBy::Code, objects)) = &mut open.meant else { continue };
            let names = &open.clues.names;
            narrow(objects, |object| names.iter().any(|name| says(object, name)));
        }
        Ok(())
    }

    pub(super) fn by_name(&mut self, all: &mut [Open<'_>]) -> Result<(), RegistryError> {
        let of = |open: &Open<'_>| open.clues.names.clone();
        self.by(all, FoundBy::Name, true, of, |name| Key::Statement(name), |object, name: &String| says(object, name))
    }

    /// Looks up what `of` gives of each reference that is still open, the first that anything has.
    fn by<T>(
        &mut self,
        all: &mut [Open<'_>],
        by: FoundBy,
        is_within: bool,
        of: impl Fn(&Open<'_>) -> Vec<T>,
        key: impl Fn(&T) -> Key<'_>,
        is: impl Fn(&Object, &T) -> bool,
    ) -> Result<(), RegistryError> {
        let mut asked: Vec<(usize, T)> = Vec::new();
        for (at, open) in all.iter().enumerate().filter(|(_, open)| open.meant.is_none()) {
            asked.extend(of(open).into_iter().map(|one| (at, one)));
        }
        if asked.is_empty() {
            return Ok(());
        }
        let mut lookups = Vec::with_capacity(asked.len());
        for (at, one) in &asked {
            let packages = all.get(*at).and_then(Open::within).filter(|_| is_within);
            lookups.push(Lookup { key: key(one), packages });
        }
        let found = self.look_up(&lookups)?;
        for ((at, one), mut objects) in asked.iter().zip(found) {
            let Some(open) = all.get_mut(*at).filter(|open| open.meant.is_none()) else { continue };
            let is_framework = open.clues.is_only_framework;
            objects.retain(|object| is(object, one) && (!is_framework || object.class == Class::Document));
            distinct(&mut objects);
            if !objects.is_empty() {
                open.meant = Some((by, objects));
            }
        }
        Ok(())
    }

    /// The objects that have each of the keys, as they are stored now.
    fn look_up(&mut self, lookups: &[Lookup<'_>]) -> Result<Hits, RegistryError> {
        let found = self.index()?.look_up(lookups, &self.view.search_sight())?;
        let mut wanted: BTreeMap<Class, Vec<&str>> = BTreeMap::new();
        for shown in found.iter().flatten() {
            if let Some(class) = Class::from_name(&shown.class) {
                wanted.entry(class).or_default().push(&shown.id);
            }
        }
        let mut objects: HashMap<(String, String), Rc<Object>> = HashMap::new();
        for (class, ids) in wanted {
            let found = self.tx.objects_among(class, &sorted(ids.into_iter()))?;
            objects.extend(found.into_iter().map(|(id, object)| ((class.name().to_owned(), id), Rc::new(object))));
        }
        let object = |shown: &crate::search::Shown| objects.get(&(shown.class.clone(), shown.id.clone())).cloned();
        Ok(found.iter().map(|shown| shown.iter().filter_map(object).collect()).collect())
    }
}

/// Each once, in order.
pub(in crate::registry) fn sorted<'t>(all: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut all: Vec<&str> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

pub(in crate::registry) fn shared(found: HashMap<String, Vec<Object>>) -> HashMap<String, Vec<Rc<Object>>> {
    found.into_iter().map(|(id, objects)| (id, objects.into_iter().map(Rc::new).collect())).collect()
}

/// The object that an identifier means, of those of all classes.
pub(in crate::registry) fn best(objects: &[Rc<Object>], is_framework: bool) -> Option<Rc<Object>> {
    let framework = objects.iter().find(|object| is_framework && object.class == Class::Document);
    framework.or_else(|| objects.iter().min_by_key(|object| publish::rank(object.class))).cloned()
}

/// Whether an object says exactly that, in whole.
fn says(object: &Object, name: &str) -> bool {
    let (texts, name) = (Texts::of(object), exact::statement(name));
    let short = texts.abbreviated_statement.as_deref().map(exact::statement);
    exact::statement(&texts.statement()) == name || short.is_some_and(|short| short == name)
}

/// Leaves those that fit, unless none does.
fn narrow(objects: &mut Vec<Rc<Object>>, fits: impl Fn(&Object) -> bool) {
    if objects.len() > 1 && objects.iter().any(|object| fits(object)) {
        objects.retain(|object| fits(object));
    }
}

fn distinct(objects: &mut Vec<Rc<Object>>) {
    objects.sort_by(|a, b| (&a.home_id, a.class, a.position, &a.id).cmp(&(&b.home_id, b.class, b.position, &b.id)));
    objects.dedup_by(|a, b| a.class == b.class && a.id == b.id);
}

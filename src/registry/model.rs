//! A stored framework as the model, for what is written from it.

use super::publish::{frame, home_link};
use super::{RegistryError, parts, publish};
use crate::case::model::{Class, Definitions, Link, Package};
use crate::case::read::{self, Stored};
use crate::store::{Object, Tx};

/// How many rows are read at once.
const SLICE: usize = 1_000;

impl From<parts::FrameLink> for Link {
    fn from(link: parts::FrameLink) -> Link {
        let parts::FrameLink { title, identifier, uri } = link;
        Link { title, identifier, uri }
    }
}

/// The package as it is published: an alias says what its home says.
pub(super) fn published(tx: &mut Tx<'_>, document: &Object) -> Result<Package, RegistryError> {
    let id = &document.id;
    let Some(Stored::Document(body)) = read::object(Class::Document, publish::parse(document)) else {
        return Err(RegistryError::NoSuchFramework(id.clone()));
    };
    let frame = frame(tx, id)?;
    let mut items = Vec::new();
    each(tx, id, Class::Item, |tx, object, stored| {
        if let Stored::Item(mut item) = stored {
            item.home = if object.is_alias() { Some(home_link(tx, object)?.into()) } else { None };
            items.push(item);
        }
        Ok(())
    })?;
    let associations = list(tx, id, Class::Association, |stored| match stored {
        Stored::Association(association) => Some(association),
        _ => None,
    })?;
    let rubrics = list(tx, id, Class::Rubric, |stored| match stored {
        Stored::Rubric(rubric) => Some(rubric),
        _ => None,
    })?;
    let definitions = definitions(tx, id, &frame)?;
    let parts::Frame { package_uri, rubrics: has_rubrics, extensions, .. } = frame;
    Ok(Package {
        document: body,
        package_uri: package_uri.map(Link::from),
        items,
        associations,
        definitions,
        rubrics: (has_rubrics || !rubrics.is_empty()).then_some(rubrics),
        extensions,
    })
}

/// The lists that the package had, and those that hold something all the same.
fn definitions(tx: &mut Tx<'_>, id: &str, frame: &parts::Frame) -> Result<Option<Definitions>, RegistryError> {
    macro_rules! definitions {
        ($class:ident, $list:literal) => {{
            let all = list(tx, id, Class::$class, |stored| match stored {
                Stored::$class(one) => Some(one),
                _ => None,
            })?;
            let had = frame.definitions.iter().flatten().any(|name| name == $list);
            (had || !all.is_empty()).then_some(all)
        }};
    }
    let definitions = Definitions {
        concepts: definitions!(Concept, "CFConcepts"),
        subjects: definitions!(Subject, "CFSubjects"),
        licenses: definitions!(License, "CFLicenses"),
        item_types: definitions!(ItemType, "CFItemTypes"),
        groupings: definitions!(Grouping, "CFAssociationGroupings"),
        extensions: frame.definitions_extensions.clone(),
    };
    Ok((frame.definitions.is_some() || definitions != Definitions::default()).then_some(definitions))
}

/// The objects of a class, in order.
fn list<T>(
    tx: &mut Tx<'_>,
    id: &str,
    class: Class,
    one: impl Fn(Stored) -> Option<T>,
) -> Result<Vec<T>, RegistryError> {
    let mut all = Vec::new();
    each(tx, id, class, |_, _, stored| {
        all.extend(one(stored));
        Ok(())
    })?;
    Ok(all)
}

/// Reads every object of a class in order, so many at once.
fn each(
    tx: &mut Tx<'_>,
    id: &str,
    class: Class,
    mut take: impl FnMut(&mut Tx<'_>, &Object, Stored) -> Result<(), RegistryError>,
) -> Result<(), RegistryError> {
    let mut after: Option<(i64, String)> = None;
    loop {
        let slice = tx.package_slice(id, class, after.as_ref(), SLICE)?;
        for object in &slice {
            if let Some(stored) = read::object(class, publish::parse(object)) {
                take(tx, object, stored)?;
            }
        }
        match slice.last() {
            Some(last) if slice.len() == SLICE => after = Some((last.position, last.id.clone())),
            _ => return Ok(()),
        }
    }
}

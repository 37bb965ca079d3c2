//! What a column of a written sheet is: declared once, used by workbooks and by every CSV form.

use std::borrow::Cow;

use serde_json::Value;

use super::book::{Book, Object, extensions_beside};
use crate::tabular::notation;
use crate::tabular::outline::Place;

/// One sheet; its rows are made as they are asked for.
pub(super) struct Sheet<'b> {
    pub name: &'static str,
    pub columns: Vec<Column>,
    pub rows: Box<dyn Iterator<Item = Row> + 'b>,
}

/// The cells of one row, in the order of the columns; none where the object does not say it, which
/// is not the same as a blank text.
pub(super) type Row = Vec<Option<String>>;

/// One column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: Cow<'static, str>,
    pub look: Look,
    pub choices: Choices,
}

/// How the cells of a column are shown in a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// One line, this many characters wide.
    Line(u16),
    /// Several lines, this many characters wide.
    Lines(u16),
    /// A uri to click on.
    Link,
}

impl Look {
    pub(super) const ID: Look = Look::Line(14);
    pub(super) const SHORT: Look = Look::Line(16);
    pub(super) const TIME: Look = Look::Line(22);
    pub(super) const MIDDLE: Look = Look::Lines(28);
    pub(super) const LONG: Look = Look::Lines(70);
}

/// What the drop-down of a column offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choices {
    None,
    AssociationTypes,
    AdoptionStatus,
    Grades,
    /// The types that the framework's items have.
    ItemTypes,
}

/// Where the text of a column comes from.
#[derive(Clone, Copy)]
enum Source {
    /// A property of the object's JSON, and what its list is joined with.
    Property(&'static str, char),
    /// A list joined as it is, for forms that know no other way.
    Listed(&'static str, char),
    /// The other ends of the object's associations of a type, and what they are joined with.
    Ends(&'static str, char),
    /// A part of a link, by the names of the property and of the part.
    Part(&'static str, &'static str),
    /// Worked out from the object and where it stands.
    Meaning(fn(&Book<'_>, &Seen<'_>) -> String),
    /// The extensions that have no column of their own.
    Extensions,
}

/// The object of one row, as its columns see it.
pub(super) struct Seen<'a> {
    pub json: &'a Object,
    /// Where it stands; of items only.
    pub place: Option<&'a Place>,
}

impl<'a> Seen<'a> {
    /// An object that stands nowhere in a tree.
    pub(super) fn alone(json: &'a Object) -> Seen<'a> {
        Seen { json, place: None }
    }

    /// A text property; blank when it is not there.
    pub(super) fn property(&self, property: &str) -> &'a str {
        self.json.get(property).and_then(Value::as_str).unwrap_or_default()
    }

    /// A part of a link; blank when it is not there.
    pub(super) fn part(&self, property: &str, part: &str) -> &'a str {
        self.json.get(property).and_then(|link| link.get(part)).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A column as it is declared.
#[derive(Clone, Copy)]
pub(super) struct Declared {
    name: &'static str,
    look: Look,
    source: Source,
    choices: Choices,
    /// Whether it is there at all; a column that is not asked is always there.
    there: Option<fn(&Book<'_>) -> bool>,
}

/// A column for the property of its own name.
pub(super) const fn same(name: &'static str, look: Look) -> Declared {
    property(name, look, name)
}

/// A column for a property of another name.
pub(super) const fn property(name: &'static str, look: Look, of: &'static str) -> Declared {
    let source = Source::Property(of, '|');
    Declared { name, look, source, choices: Choices::None, there: None }
}

/// A column for a part of a link.
pub(super) const fn part(name: &'static str, look: Look, link: &'static str, of: &'static str) -> Declared {
    Declared { source: Source::Part(link, of), ..same(name, look) }
}

/// A column for the other ends of an item's associations of a type.
pub(super) const fn ends(name: &'static str, association_type: &'static str, separator: char) -> Declared {
    Declared { source: Source::Ends(association_type, separator), ..same(name, Look::MIDDLE) }
}

/// A column whose text is worked out.
pub(super) const fn meaning(name: &'static str, look: Look, text: fn(&Book<'_>, &Seen<'_>) -> String) -> Declared {
    Declared { source: Source::Meaning(text), ..same(name, look) }
}

/// The extensions that have no column of their own.
pub(super) const EXTENSIONS: Declared = Declared { source: Source::Extensions, ..same("extensions", Look::MIDDLE) };

impl Declared {
    /// What its header says.
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// The same with a drop-down.
    pub(super) const fn offering(self, choices: Choices) -> Declared {
        Declared { choices, ..self }
    }

    /// The same, its lists joined in another way.
    pub(super) const fn joined(self, separator: char) -> Declared {
        match self.source {
            Source::Property(of, _) => Declared { source: Source::Property(of, separator), ..self },
            _ => self,
        }
    }

    /// The same, its lists joined as they are, even where a part holds the separator.
    pub(super) const fn listed(self, separator: char) -> Declared {
        match self.source {
            Source::Property(of, _) => Declared { source: Source::Listed(of, separator), ..self },
            _ => self,
        }
    }

    /// The same, left out where nothing would be in it.
    pub(super) const fn when(self, there: fn(&Book<'_>) -> bool) -> Declared {
        Declared { there: Some(there), ..self }
    }
}

/// The columns that a sheet of one package has, and how a row is written.
pub(super) struct Shape {
    declared: Vec<Declared>,
    /// Extensions with columns of their own.
    extensions: Vec<String>,
}

impl Shape {
    /// `extensions` get columns of their own; `others` says whether any object has others.
    pub(super) fn new(book: &Book<'_>, declared: &[Declared], extensions: Vec<String>, others: bool) -> Shape {
        let there = |one: &&Declared| match one.source {
            Source::Extensions => others,
            _ => one.there.is_none_or(|there| there(book)),
        };
        Shape { declared: declared.iter().filter(there).copied().collect(), extensions }
    }

    /// The columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        let declared = self.declared.iter();
        let declared = declared.map(|one| Column { name: one.name.into(), look: one.look, choices: one.choices });
        let own = self.extensions.iter();
        let own = own.map(|name| Column { name: name.clone().into(), look: Look::MIDDLE, choices: Choices::None });
        declared.chain(own).collect()
    }

    /// The row of one object.
    pub(super) fn row(&self, book: &Book<'_>, seen: &Seen<'_>) -> Row {
        let extensions = seen.json.get("extensions").and_then(Value::as_object);
        let text = |one: &Declared| match one.source {
            Source::Property(of, separator) => {
                seen.json.get(of).map(|value| book.text(of, value, separator).into_owned())
            }
            Source::Listed(of, separator) => {
                let list = seen.json.get(of).and_then(Value::as_array).into_iter().flatten();
                Some(list.filter_map(Value::as_str).collect::<Vec<_>>().join(&separator.to_string()))
            }
            Source::Ends(association_type, separator) => {
                let ends = book.ends(seen.property("identifier"), association_type);
                Some(ends.collect::<Vec<_>>().join(&separator.to_string()))
            }
            Source::Part(link, of) => seen.json.get(link)?.get(of)?.as_str().map(str::to_owned),
            Source::Meaning(text) => Some(text(book, seen)).filter(|text| !text.is_empty()),
            // The extensions of a rubric's level are a list, which is written as any other.
            Source::Extensions => match (extensions, seen.json.get("extensions")) {
                (None, Some(list)) => Some(notation::json(list)),
                (extensions, _) => extensions_beside(extensions, &self.extensions),
            },
        };
        let own = |name: &String| extensions.and_then(|all| all.get(name)?.as_str()).map(str::to_owned);
        self.declared.iter().map(text).chain(self.extensions.iter().map(own)).collect()
    }
}

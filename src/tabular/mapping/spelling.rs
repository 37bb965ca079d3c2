//! Fields and hierarchies as a person writes them, in `--map` and in profiles: `fullStatement`,
//! `levelColumn:0`, `association:isPeerOf`, `extension:Approved by`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::{Field, Hierarchy, Role};

/// A word that is no field, hierarchy or role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is no {what}; {hint}")]
pub struct UnknownField {
    pub word: String,
    what: &'static str,
    hint: String,
}

/// Names that people use for a field besides the one in CASE.
const SHORT: &[(&str, &str)] = &[
    ("statement", "fullStatement"),
    ("code", "humanCodingScheme"),
    ("abbreviation", "abbreviatedStatement"),
    ("type", "cfItemType"),
    ("grade", "educationLevel"),
    ("grades", "educationLevel"),
    ("id", "identifier"),
    ("keywords", "conceptKeywords"),
    ("parent", "parentCode"),
    ("note", "notes"),
    ("ignore", "ignored"),
];

/// The names of the fields without a part of their own, for the hint.
const EXAMPLES: &str = "fields are written as in CASE (fullStatement, humanCodingScheme, educationLevel …), \
    or levelColumn:0, levelCode:0, parentCode, parentIdentifier, smartLevel, level, association:isPeerOf, \
    document:title, extension:Name, ignored";

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_value(self) {
            Ok(Value::String(name)) => f.write_str(&name),
            Ok(Value::Object(map)) => match map.iter().next() {
                Some((name, Value::String(part))) => write!(f, "{name}:{part}"),
                Some((name, part)) => write!(f, "{name}:{part}"),
                None => Err(fmt::Error),
            },
            _ => Err(fmt::Error),
        }
    }
}

/// A word with its case and punctuation taken off.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The variant that serde reads under a name in any case; serde tells of the names it knows.
fn variant<T: serde::de::DeserializeOwned>(value: &dyn Fn(&str) -> Value, word: &str) -> Option<T> {
    if let Ok(found) = serde_json::from_value(value(word)) {
        return Some(found);
    }
    let error = serde_json::from_value::<T>(value("?")).err()?.to_string();
    let wanted = plain(word);
    let name = error.split('`').skip(1).step_by(2).find(|name| plain(name) == wanted)?;
    serde_json::from_value(value(name)).ok()
}

impl FromStr for Field {
    type Err = UnknownField;

    /// Reads what [`Display`](fmt::Display) writes, in any case, and a few short names.
    fn from_str(word: &str) -> Result<Field, UnknownField> {
        let (name, part) = match word.split_once(':') {
            Some((name, part)) => (name.trim(), Some(part.trim())),
            None => (word.trim(), None),
        };
        let found = match part {
            None => {
                let short = SHORT.iter().find(|(short, _)| *short == plain(name));
                variant(&|name| Value::from(name), short.map_or(name, |(_, full)| full))
            }
            Some("") => None,
            Some(part) => {
                let number = part.parse::<u8>().map(Value::from);
                let text = Value::from(part);
                let object = |value: Value| move |name: &str| serde_json::json!({ name: value.clone() });
                number.ok().and_then(|number| variant(&object(number), name)).or_else(|| variant(&object(text), name))
            }
        };
        found.ok_or_else(|| UnknownField { word: word.to_owned(), what: "field", hint: EXAMPLES.to_owned() })
    }
}

macro_rules! words {
    ($type:ty, $what:literal, $all:expr) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match serde_json::to_value(self) {
                    Ok(Value::String(name)) => f.write_str(&name),
                    _ => Err(fmt::Error),
                }
            }
        }

        impl FromStr for $type {
            type Err = UnknownField;

            fn from_str(word: &str) -> Result<$type, UnknownField> {
                let all: &[$type] = &$all;
                let wanted = plain(word);
                all.iter().copied().find(|one| plain(&one.to_string()) == wanted).ok_or_else(|| UnknownField {
                    word: word.to_owned(),
                    what: $what,
                    hint: format!("one of {}", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
                })
            }
        }
    };
}

words!(
    Hierarchy,
    "way to write a hierarchy",
    [
        Hierarchy::Flat,
        Hierarchy::SmartLevel,
        Hierarchy::Level,
        Hierarchy::Indentation,
        Hierarchy::LevelColumns,
        Hierarchy::LevelColumnsFilled,
        Hierarchy::ItemType,
        Hierarchy::ParentIdentifier,
        Hierarchy::ParentCode,
        Hierarchy::ParentStatement,
        Hierarchy::CodePrefix,
        Hierarchy::Outline,
        Hierarchy::Associations,
    ]
);
words!(
    Role,
    "role of a sheet",
    [
        Role::Document,
        Role::DocumentPairs,
        Role::Items,
        Role::Associations,
        Role::Rubrics,
        Role::Definitions,
        Role::Ignored,
    ]
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_are_written() {
        let fields = [
            Field::FullStatement,
            Field::CfItemType,
            Field::LevelColumn(3),
            Field::LevelCode(0),
            Field::AlignmentUri(2),
            Field::Extension("Approved by: whom".to_owned()),
            Field::Extension("7".to_owned()),
            Field::Association("isPeerOf".to_owned()),
            Field::Document("title".to_owned()),
        ];
        for field in fields {
            assert_eq!(field.to_string().parse(), Ok(field));
        }
    }

    #[test]
    fn case_and_punctuation_do_not_matter_and_short_names_are_known() {
        assert_eq!("Full Statement".parse(), Ok(Field::FullStatement));
        assert_eq!("CFItemType".parse(), Ok(Field::CfItemType));
        assert_eq!("Level Column:2".parse(), Ok(Field::LevelColumn(2)));
        assert_eq!("code".parse(), Ok(Field::HumanCodingScheme));
        assert_eq!("parent code".parse(), Ok(Hierarchy::ParentCode));
        assert_eq!("ITEMS".parse(), Ok(Role::Items));
    }

    #[test]
    fn what_is_unknown_is_told_with_what_could_be_meant() {
        let error = "statment".parse::<Field>().unwrap_err();
        assert!(error.to_string().starts_with("\"statment\" is no field; fields are written as in CASE"), "{error}");
        assert!("levelColumn:300".parse::<Field>().is_err());
        assert!("extension:".parse::<Field>().is_err());
        let error = "tree".parse::<Hierarchy>().unwrap_err();
        assert!(error.to_string().contains("smartLevel, level, indentation"), "{error}");
    }
}

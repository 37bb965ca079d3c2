//! The vocabularies of the standard (digest 9). Rules about single words; nothing about objects.

use super::Version;

/// The association types that 1.0 closes its list with.
pub const ASSOCIATION_TYPES_1_0: [&str; 9] = [
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
];

/// Added by 1.1, beside any `ext:` type.
pub const IS_TRANSLATION_OF: &str = "isTranslationOf";

/// What an unknown relation is taken for, and written as in 1.0 (digest 9.1, 11).
pub const IS_RELATED_TO: &str = "isRelatedTo";

/// Builds the tree: origin is the child.
pub const IS_CHILD_OF: &str = "isChildOf";

/// The types that say that the origin belongs to the destination, comes before it, or has it as an example.
pub const IS_PART_OF: &str = "isPartOf";
pub const PRECEDES: &str = "precedes";
pub const EXEMPLAR: &str = "exemplar";

/// The type that says that the destination has taken the place of the origin.
pub const REPLACED_BY: &str = "replacedBy";

/// The type that says that two items are the same.
pub const EXACT_MATCH_OF: &str = "exactMatchOf";

/// What frameworks say of where they stand (digest 9.4). The property is open: others are kept.
pub const ADOPTION_STATUSES: [&str; 7] =
    ["Private Draft", "Draft", "Pending Implementation", "Adopted", "Implemented", "Deprecated", "Retired"];

/// The CEDS codes of grades, from infant to adult, as `educationLevel` has them. The property is
/// open: others are kept.
pub const GRADES: [&str; 28] = [
    "IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "AS",
    "BA", "PB", "MD", "PM", "DO", "PD", "AE", "PT", "OT",
];

/// Whether `text` is `ext:` followed by letters, digits, `.`, `-` or `_`: the form that 1.1 gives
/// to association types and target types of one's own.
#[must_use]
pub fn is_extension_term(text: &str) -> bool {
    text.strip_prefix("ext:")
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b)))
}

/// Whether the version knows the association type.
#[must_use]
pub fn is_association_type(version: Version, text: &str) -> bool {
    ASSOCIATION_TYPES_1_0.contains(&text)
        || version == Version::V1p1 && (text == IS_TRANSLATION_OF || is_extension_term(text))
}

/// How a person reads the association from its origin, and from its destination.
#[must_use]
pub fn association_words(association_type: &str) -> (&str, &str) {
    match association_type {
        "isChildOf" => ("is child of", "is parent of"),
        "isPeerOf" => ("is peer of", "is peer of"),
        "isPartOf" => ("is part of", "has part"),
        "exactMatchOf" => ("matches exactly", "matches exactly"),
        "precedes" => ("precedes", "is preceded by"),
        "isRelatedTo" => ("is related to", "is related to"),
        "replacedBy" => ("is replaced by", "replaces"),
        "exemplar" => ("has exemplar", "is exemplar of"),
        "hasSkillLevel" => ("has skill level", "is skill level of"),
        "isTranslationOf" => ("is translation of", "is translation of"),
        other => {
            let name = other.strip_prefix("ext:").unwrap_or(other);
            (name, name)
        }
    }
}

/// What a written association type means: the standard's own spelling, and whether the ends have
/// to change places (`isParentOf` is `isChildOf` read backwards). `None` when it is no known one.
#[must_use]
pub fn recognise_association_type(text: &str) -> Option<(&'static str, bool)> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let forward = ASSOCIATION_TYPES_1_0.into_iter().chain([IS_TRANSLATION_OF]);
    if let Some(known) = forward.into_iter().find(|known| known.eq_ignore_ascii_case(&plain)) {
        return Some((known, false));
    }
    Some(match plain.as_str() {
        "childof" | "narrows" => ("isChildOf", false),
        "isparentof" | "parentof" | "haschild" | "broadens" => ("isChildOf", true),
        "isexactmatchof" | "exactmatch" | "isequivalentto" | "equivalentto" | "sameas" => ("exactMatchOf", false),
        "relatedto" | "related" | "isrelated" => ("isRelatedTo", false),
        "peerof" => ("isPeerOf", false),
        "partof" => ("isPartOf", false),
        "haspart" => ("isPartOf", true),
        "isreplacedby" | "supersededby" | "issupersededby" => ("replacedBy", false),
        "replaces" | "supersedes" => ("replacedBy", true),
        "isprecededby" | "precededby" | "haspredecessor" | "requires" | "hasprerequisite" => ("precedes", true),
        "isprerequisiteof" | "prerequisitefor" | "isprerequisitefor" | "enables" => ("precedes", false),
        "hasexemplar" => ("exemplar", false),
        "isexemplarof" | "exemplarof" => ("exemplar", true),
        "skilllevel" => ("hasSkillLevel", false),
        "skilllevelfor" | "isskilllevelfor" => ("hasSkillLevel", true),
        "translationof" => (IS_TRANSLATION_OF, false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_term_is_anchored() {
        for good in ["ext:a", "ext:my.type-1_x"] {
            assert!(is_extension_term(good), "{good}");
        }
        for bad in ["ext:", "ext:a b", "xext:a", "EXT:a", "covers", "ext:ä"] {
            assert!(!is_extension_term(bad), "{bad}");
        }
    }

    #[test]
    fn the_versions_differ_in_what_they_know() {
        assert!(is_association_type(Version::V1p0, "exemplar"));
        assert!(!is_association_type(Version::V1p0, "isTranslationOf"));
        assert!(is_association_type(Version::V1p1, "isTranslationOf"));
        assert!(is_association_type(Version::V1p1, "ext:covers"));
        assert!(!is_association_type(Version::V1p0, "ext:covers"));
        assert!(!is_association_type(Version::V1p1, "covers"));
    }

    #[test]
    fn other_spellings_are_recognised_and_inverses_turned() {
        assert_eq!(recognise_association_type("Is Child Of"), Some(("isChildOf", false)));
        assert_eq!(recognise_association_type("ISCHILDOF"), Some(("isChildOf", false)));
        assert_eq!(recognise_association_type("isParentOf"), Some(("isChildOf", true)));
        assert_eq!(recognise_association_type("exact_match"), Some(("exactMatchOf", false)));
        assert_eq!(recognise_association_type("Is preceded by"), Some(("precedes", true)));
        assert_eq!(recognise_association_type("Translation of"), Some(("isTranslationOf", false)));
        assert_eq!(recognise_association_type("covers"), None);
    }
}

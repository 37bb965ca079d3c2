//! Names as people write them.

/// An association type as OpenSALT writes it: `isChildOf` is `Is Child Of`. Types of one's own
/// (`ext:…`) stay as they are.
pub(super) fn title_case(association_type: &str) -> String {
    if association_type.contains(':') {
        return association_type.to_owned();
    }
    let mut words = String::with_capacity(association_type.len() + 4);
    for (at, c) in association_type.char_indices() {
        match (at, c.is_ascii_uppercase()) {
            (0, _) => words.push(c.to_ascii_uppercase()),
            (_, true) => words.extend([' ', c]),
            (_, false) => words.push(c),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::vocab::{ASSOCIATION_TYPES_1_0, IS_TRANSLATION_OF, recognise_association_type};

    #[test]
    fn association_types_are_recognised_as_they_are_written() {
        for known in ASSOCIATION_TYPES_1_0.into_iter().chain([IS_TRANSLATION_OF]) {
            assert_eq!(recognise_association_type(&title_case(known)), Some((known, false)));
        }
        assert_eq!(title_case("isChildOf"), "Is Child Of");
        assert_eq!(title_case("ext:Covers"), "ext:Covers");
    }
}

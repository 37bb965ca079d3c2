//! The lengths that the best practices suggest (digest 12.6): what is longer is kept, and told.

use super::notes::Notes;

/// Tells when the text is longer than suggested, in characters.
pub(super) fn check(notes: &mut Notes, property: &str, limit: usize, text: &str, place: impl FnOnce() -> String) {
    // Most texts are short enough by their bytes.
    if text.len() <= limit {
        return;
    }
    let length = text.chars().count();
    if length > limit {
        let sentence = format!(
            "{property} has {length} characters; at most {limit} are suggested, and some systems refuse more. It is kept"
        );
        notes.warn("longer-than-suggested", place(), sentence, text);
    }
}

/// The suggested length of a property of an item.
pub(super) fn of_item(property: &str) -> usize {
    match property {
        "fullStatement" => 4096,
        "humanCodingScheme" => 100,
        "listEnumeration" | "language" => 10,
        "abbreviatedStatement" | "CFItemType" | "alternativeLabel" => 60,
        "conceptKeywords" | "educationLevel" => 300,
        _ => usize::MAX,
    }
}

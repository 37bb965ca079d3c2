//! The codes of `educationLevel`: CEDS, as CASE files write them. Rules about single words.

/// Every code: infants to pre-school, school years, and what comes after school.
pub const LEVELS: [&str; 28] = [
    "IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "AS",
    "BA", "PB", "MD", "PM", "DO", "PD", "AE", "PT", "OT",
];

/// The code that a text means (`K`, `1`, `Grade 1`, `Pre-K`, a code in any case); `None` when it
/// is no single level.
#[must_use]
pub fn level(text: &str) -> Option<&'static str> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let plain = plain.strip_prefix("GRADE").unwrap_or(&plain);
    let named = match plain {
        "K" | "0" | "00" | "KINDERGARTEN" => "KG",
        "PREK" | "PREKINDERGARTEN" => "PK",
        "TRANSITIONALKINDERGARTEN" => "TK",
        other => other,
    };
    let padded = if named.len() == 1 { format!("0{named}") } else { named.to_owned() };
    LEVELS.into_iter().find(|code| *code == padded)
}

/// The place of a code among all: from infants to adults, and what is no code after those.
#[must_use]
pub fn rank(code: &str) -> usize {
    LEVELS.into_iter().position(|known| known == code).unwrap_or(LEVELS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_recognised_in_the_spellings_of_real_files() {
        for (text, code) in [
            ("K", "KG"),
            ("kg", "KG"),
            ("1", "01"),
            ("01", "01"),
            ("12", "12"),
            ("Pre-K", "PK"),
            ("Grade 7", "07"),
            ("Kindergarten", "KG"),
        ] {
            assert_eq!(level(text), Some(code), "{text}");
        }
        for text in ["", "14", "K-2", "High school", "1.5x"] {
            assert_eq!(level(text), None, "{text}");
        }
        for code in LEVELS {
            assert_eq!(level(code), Some(code));
        }
    }
}

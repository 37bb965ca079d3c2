//! The grades of `educationLevel`, in the spelling that CASE data shares (CEDS codes, as OpenSALT
//! writes them). Pure: text to codes.

/// The codes that are known.
const CODES: [&str; 28] = [
    "IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "AS",
    "BA", "PB", "MD", "PM", "DO", "PD", "AE", "PT", "OT",
];

/// What one value of the cell is in codes; `None` when it is no known grade.
pub(super) fn normalise(text: &str) -> Option<Vec<&'static str>> {
    if let Some(one) = code(text) {
        return Some(vec![one]);
    }
    let plain = plain(text);
    if ["HS", "HIGH SCHOOL"].contains(&plain.as_str()) {
        return Some(vec!["09", "10", "11", "12"]);
    }
    let marked = plain.replace(['–', '—', '‑'], "-").replace(" TO ", "-").replace(" THROUGH ", "-");
    let (first, last) = marked.split_once('-').filter(|(first, _)| !first.trim().is_empty())?;
    range(first, last)
}

/// Every grade from one to the other.
pub(super) fn range(first: &str, last: &str) -> Option<Vec<&'static str>> {
    let place = |text: &str| CODES.iter().position(|known| Some(*known) == code(text));
    let (first, last) = (place(first)?, place(last)?);
    // Only the years of school are in an order.
    (first <= last && last <= 17).then(|| CODES.get(first..=last).map(<[_]>::to_vec)).flatten()
}

fn code(text: &str) -> Option<&'static str> {
    let plain = plain(text);
    let number = plain.strip_suffix(".0").unwrap_or(&plain);
    let number = ["ST", "ND", "RD", "TH"].iter().find_map(|end| number.strip_suffix(end)).unwrap_or(number);
    if let Ok(number) = number.parse::<i32>() {
        return match number {
            -1 => Some("PK"),
            0 => Some("KG"),
            1..=13 => CODES.get(usize::try_from(number).ok()? + 4).copied(),
            _ => None,
        };
    }
    match plain.as_str() {
        "K" | "KINDERGARTEN" => Some("KG"),
        "PRE-K" | "PREK" | "PREKINDERGARTEN" | "PRE-KINDERGARTEN" => Some("PK"),
        "TRANSITIONAL KINDERGARTEN" => Some("TK"),
        "PRESCHOOL" => Some("PR"),
        "INFANT/TODDLER" => Some("IT"),
        other => CODES.into_iter().find(|known| *known == other),
    }
}

/// In capitals, without the word for grade around it.
fn plain(text: &str) -> String {
    let upper = text.trim().to_uppercase();
    let mut rest = upper.as_str();
    for word in ["GRADES ", "GRADE ", "GR. ", "GR "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    rest.strip_suffix(" GRADE").unwrap_or(rest).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_become_the_shared_codes() {
        let cases: [(&str, &[&str]); 16] = [
            ("3", &["03"]),
            ("03", &["03"]),
            ("3.0", &["03"]),
            ("-1", &["PK"]),
            ("0", &["KG"]),
            ("k", &["KG"]),
            ("13", &["13"]),
            ("HS", &["09", "10", "11", "12"]),
            ("K-2", &["KG", "01", "02"]),
            ("9–12", &["09", "10", "11", "12"]),
            ("1 to 3", &["01", "02", "03"]),
            ("Grade 3", &["03"]),
            ("Grades 3-5", &["03", "04", "05"]),
            ("3rd grade", &["03"]),
            ("Kindergarten", &["KG"]),
            ("AE", &["AE"]),
        ];
        for (text, codes) in cases {
            assert_eq!(normalise(text).as_deref(), Some(codes), "{text}");
        }
        for text in ["14", "Year 7", "", "5-3", "AE-BA", "all", "-"] {
            assert_eq!(normalise(text), None, "{text}");
        }
        assert_eq!(range("PK", "1").unwrap(), ["PK", "TK", "KG", "01"]);
    }
}

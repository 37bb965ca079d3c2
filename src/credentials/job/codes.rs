//! Codes of occupations: which scheme one is of by its form, and what it is compared by (credentials digest, 4.4).

use super::model::Classification;

/// Before the identifier of an ESCO occupation; `http`, as ESCO writes it.
const ESCO_OCCUPATION: &str = "http://data.europa.eu/esco/occupation/";
/// Before the code of an ISCO-08 group in ESCO.
const ESCO_ISCO: &str = "http://data.europa.eu/esco/isco/C";
/// Before an O*NET-SOC code.
const ONET: &str = "https://www.onetonline.org/link/summary/";

/// The class that a text, its scheme (as the document names it), its name and its address say; `None` when they say none.
pub(super) fn classification(
    text: &str,
    scheme: Option<&str>,
    name: Option<&str>,
    uri: Option<&str>,
    pointer: &str,
) -> Option<Classification> {
    let uri = uri.or_else(|| Some(text).filter(|text| text.trim_start().starts_with("http")));
    let (known, code, rest) = by_address(uri)
        .or_else(|| soc(text))
        .or_else(|| isco(text, scheme))
        .unwrap_or_else(|| (scheme.unwrap_or_default().to_owned(), without_blanks(text), ""));
    if code.is_empty() {
        return None;
    }
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | ':' | ',' | '.'));
    let name = name
        .map(str::trim)
        .filter(|name| !name.is_empty() && *name != text)
        .or(Some(rest).filter(|rest| !rest.is_empty()));
    let uri = uri.map(str::to_owned).or_else(|| match known.as_str() {
        "O*NET-SOC" => Some(format!("{ONET}{code}")),
        "ISCO-08" => Some(format!("{ESCO_ISCO}{code}")),
        _ => None,
    });
    Some(Classification {
        comparable: comparable(&known, &code),
        scheme: known,
        code,
        name: name.map(str::to_owned),
        uri,
        pointer: pointer.to_owned(),
    })
}

/// Whether a text begins with a code of occupations, or is the address of one.
pub(super) fn is_code(text: &str) -> bool {
    soc(text).is_some() || by_address(Some(text)).is_some()
}

/// The same for codes that mean the same: O*NET-SOC is SOC where it adds `.00`.
fn comparable(scheme: &str, code: &str) -> String {
    match (scheme, code.strip_suffix(".00")) {
        ("O*NET-SOC", Some(soc)) => format!("SOC {soc}"),
        _ => format!("{scheme} {code}").trim().to_owned(),
    }
}

fn by_address(uri: Option<&str>) -> Option<(String, String, &'static str)> {
    let uri = uri?.trim();
    let bare = |start: &str| {
        let start = start.split_once("://")?.1;
        let rest = uri.split_once("://")?.1.strip_prefix(start)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        rest.get(..end).filter(|code| !code.is_empty()).map(str::to_owned)
    };
    if let Some(code) = bare(ESCO_OCCUPATION) {
        return Some(("ESCO".to_owned(), code.to_lowercase(), ""));
    }
    if let Some(code) = bare(ESCO_ISCO) {
        return Some(("ISCO-08".to_owned(), code, ""));
    }
    let (scheme, code, _) = soc(&bare(ONET)?)?;
    Some((scheme, code, ""))
}

/// `15-1254`, `15 - 1254`, `151254` is SOC; with `.00` behind, O*NET-SOC. What follows is the name.
fn soc(text: &str) -> Option<(String, String, &str)> {
    let trimmed = text.trim_start();
    let mut digits = String::new();
    let mut end = 0;
    let mut separated = false;
    for (at, c) in trimmed.char_indices().take(16) {
        match c {
            '0'..='9' if digits.len() < 8 => {
                digits.push(c);
                end = at + 1;
            }
            '-' | '–' | '‑' if digits.len() == 2 => separated = true,
            '.' if digits.len() == 6 => {}
            c if c.is_whitespace() && digits.len() < 6 => {}
            _ => break,
        }
    }
    let rest = trimmed.get(end..)?;
    if !separated || rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    // A full stop without two digits behind ends a sentence.
    let major = digits.get(..2)?;
    let minor = digits.get(2..6)?;
    match digits.get(6..)? {
        "" => Some(("SOC".to_owned(), format!("{major}-{minor}"), rest)),
        detail if detail.len() == 2 => Some(("O*NET-SOC".to_owned(), format!("{major}-{minor}.{detail}"), rest)),
        _ => None,
    }
}

fn isco<'t>(text: &'t str, scheme: Option<&str>) -> Option<(String, String, &'t str)> {
    scheme.filter(|scheme| scheme.to_lowercase().contains("isco"))?;
    let text = text.trim_start().trim_start_matches(['C', 'c']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits).then(|| ("ISCO-08".to_owned(), text[..digits].to_owned(), &text[digits..]))
}

fn without_blanks(text: &str) -> String {
    const MOST: usize = 200;
    text.split_whitespace().collect::<String>().chars().take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, scheme: Option<&str>, expected: Option<(&str, &str, &str)>) {
        let found = classification(text, scheme, None, None, "/x");
        let found = found.as_ref().map(|found| (found.scheme.as_str(), found.code.as_str(), found.comparable.as_str()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn codes_are_known_by_their_form() {
        check("15-1254", None, Some(("SOC", "15-1254", "SOC 15-1254")));
        check("15-1254.00", None, Some(("O*NET-SOC", "15-1254.00", "SOC 15-1254")));
        check("51-8031.00 Water Operators", None, Some(("O*NET-SOC", "51-8031.00", "SOC 51-8031")));
        check(" 15 - 1254.01", None, Some(("O*NET-SOC", "15-1254.01", "O*NET-SOC 15-1254.01")));
        check(
            "https://www.onetonline.org/link/summary/15-1254.00",
            None,
            Some(("O*NET-SOC", "15-1254.00", "SOC 15-1254")),
        );
        check("http://data.europa.eu/esco/isco/C2512", None, Some(("ISCO-08", "2512", "ISCO-08 2512")));
        check("2512 Software developers", Some("ISCO-08"), Some(("ISCO-08", "2512", "ISCO-08 2512")));
        check("http://data.europa.eu/esco/occupation/AB0b", None, Some(("ESCO", "ab0b", "ESCO ab0b")));
        check("2512", Some("KldB"), Some(("KldB", "2512", "KldB 2512")));
        check("", None, None);
        assert!(is_code("15-1254 Web Developers") && !is_code("15 years") && !is_code("151254") && !is_code("٣"));
    }

    #[test]
    fn names_and_addresses_are_kept() {
        let found = classification("51-8031.00 – Water Operators", Some("O*NET"), None, None, "/a").unwrap();
        assert_eq!(found.name.as_deref(), Some("Water Operators"));
        assert_eq!(found.uri.as_deref(), Some("https://www.onetonline.org/link/summary/51-8031.00"));
        let found = classification("51-8031", None, Some("Operators"), None, "/a").unwrap();
        assert_eq!((found.name.as_deref(), found.uri), (Some("Operators"), None));
    }
}

//! How people sign in at an identity provider, as the `oidc_*` keys say. Pure.

use url::Url;

pub(super) fn as_issuer(text: &str) -> Result<Option<Url>, String> {
    let expected = || "the https address of an issuer, such as https://login.example.org/realms/schools".to_owned();
    if text.is_empty() {
        return Ok(None);
    }
    let url: Url = text.parse().map_err(|_| expected())?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let is_address = matches!(url.scheme(), "https" | "http") && url.has_host() && url.password().is_none();
    if plain && is_address { Ok(Some(url)) } else { Err(expected()) }
}

pub(super) fn as_optional(text: &str) -> Result<Option<String>, String> {
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

pub(super) fn as_words(text: &str) -> Result<Vec<String>, String> {
    Ok(text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
}

pub(super) fn as_role(text: &str) -> Result<Option<String>, String> {
    match text.trim() {
        "" => Ok(None),
        role @ ("reader" | "editor" | "admin") => Ok(Some(role.to_owned())),
        _ => Err("`reader`, `editor` or `admin`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_address_and_nothing_more() {
        assert_eq!(as_issuer(""), Ok(None));
        assert!(as_issuer("https://login.example.org/realms/a").unwrap().is_some());
        for wrong in
            ["login.example.org", "ftp://a.example", "https://a.example?x", "https://a:b@c.example", "https://"]
        {
            assert!(as_issuer(wrong).is_err(), "{wrong}");
        }
        assert_eq!(as_words(" a, b c,,"), Ok(vec!["a".to_owned(), "b c".to_owned()]));
        assert!(as_role("Admin").is_err());
    }
}

//! Paging of `/CFDocuments`: the `limit` and `offset` values, and the `Link` header (digest 3.4, 4).
//!
//! It must never touch documents; it only counts.

use crate::case::percent;

/// An offset is never more than this, so that it fits a database's signed integer.
const MAX_OFFSET: u64 = i64::MAX.unsigned_abs();

/// Reads `limit`: at least 1, at most `max`, larger values are lowered to it.
///
/// # Errors
/// A sentence when the value is not a whole number of at least 1.
pub(super) fn parse_limit(text: &str, max: u64) -> Result<u64, String> {
    match whole_number(text) {
        Some(0) | None => Err(format!(
            "limit is a whole number of at least 1, not `{}`; leave it out for the default",
            super::clip(text)
        )),
        Some(limit) => Ok(limit.min(max)),
    }
}

/// Reads `offset`: at least 0.
///
/// # Errors
/// A sentence when the value is not a whole number of at least 0.
pub(super) fn parse_offset(text: &str) -> Result<u64, String> {
    whole_number(text).map(|offset| offset.min(MAX_OFFSET)).ok_or_else(|| {
        format!("offset is a whole number of at least 0, the index of the first record, not `{}`", super::clip(text))
    })
}

/// Digits only; a number too large for the type is the largest one.
fn whole_number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// One page of a collection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) limit: u64,
    pub(super) offset: u64,
}

/// The `Link` header's value; `carried` holds the query parameters to repeat, as they came.
pub(super) fn links(base_url: &str, page: Page, total: u64, carried: &[(&str, &str)]) -> String {
    let tail: String =
        carried.iter().map(|(name, value)| format!("&{name}={}", percent::encode(value, is_unreserved))).collect();
    let base = percent::encode(base_url, is_allowed_in_url);
    relations(page, total)
        .into_iter()
        .map(|(relation, Page { limit, offset })| {
            format!("<{base}?limit={limit}&offset={offset}{tail}>; rel=\"{relation}\"")
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// The related pages, in the order of the standard's example. Pages count from the collection's
/// start, and `last` asks for the remainder only, as that example does. Beyond the end, `prev` is
/// the last page.
fn relations(page: Page, total: u64) -> Vec<(&'static str, Page)> {
    let limit = page.limit.max(1);
    let first = Page { limit, offset: 0 };
    let last = last_page(limit, total);
    let mut relations = Vec::new();
    let next = page.offset.saturating_add(limit);
    if next < total {
        relations.push(("next", Page { limit, offset: next }));
    }
    relations.push(("last", last));
    relations.push(("first", first));
    if page.offset > 0 && total > 0 {
        let offset = page.offset.saturating_sub(limit).min(last.offset);
        relations.push(("prev", Page { limit, offset }));
    }
    relations
}

fn last_page(limit: u64, total: u64) -> Page {
    let Some(last_index) = total.checked_sub(1) else {
        return Page { limit, offset: 0 };
    };
    let offset = last_index - last_index % limit;
    Page { limit: total - offset, offset }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Keeps a URL as it is, but for what would break out of the header's angle brackets.
fn is_allowed_in_url(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"<>\"".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://h.example/ims/case/v1p1/CFDocuments";

    #[track_caller]
    fn check(limit: u64, offset: u64, total: u64, expect: &[(&str, u64, u64)]) {
        let found: Vec<_> = relations(Page { limit, offset }, total)
            .into_iter()
            .map(|(relation, page)| (relation, page.limit, page.offset))
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn limits() {
        assert_eq!(parse_limit("1", 50), Ok(1));
        assert_eq!(parse_limit("51", 50), Ok(50));
        assert_eq!(parse_limit("99999999999999999999999999", 50), Ok(50));
        for bad in ["0", "-1", "", "1.5", "ten", "+1", " 1", "1e3", "٣"] {
            assert!(parse_limit(bad, 50).is_err_and(|text| text.contains("at least 1")), "{bad}");
        }
    }

    #[test]
    fn offsets() {
        assert_eq!(parse_offset("0"), Ok(0));
        assert_eq!(parse_offset("99999999999999999999999999"), Ok(MAX_OFFSET));
        for bad in ["-1", "", "x", "0.0"] {
            assert!(parse_offset(bad).is_err_and(|text| text.contains("at least 0")), "{bad}");
        }
    }

    #[test]
    fn the_standards_example() {
        let expect = [("next", 10, 20), ("last", 3, 500), ("first", 10, 0), ("prev", 10, 0)];
        check(10, 10, 503, &expect);
    }

    #[test]
    fn the_digests_example_as_text() {
        let expect = format!(
            "<{BASE}?limit=2&offset=4>; rel=\"next\", <{BASE}?limit=1&offset=4>; rel=\"last\", \
             <{BASE}?limit=2&offset=0>; rel=\"first\", <{BASE}?limit=2&offset=0>; rel=\"prev\""
        );
        assert_eq!(links(BASE, Page { limit: 2, offset: 2 }, 5, &[]), expect);
    }

    #[test]
    fn edges() {
        check(100, 0, 5, &[("last", 5, 0), ("first", 100, 0)]);
        check(10, 0, 20, &[("next", 10, 10), ("last", 10, 10), ("first", 10, 0)]);
        check(10, 10, 20, &[("last", 10, 10), ("first", 10, 0), ("prev", 10, 0)]);
        check(10, 0, 0, &[("last", 10, 0), ("first", 10, 0)]);
        check(10, 40, 0, &[("last", 10, 0), ("first", 10, 0)]);
        check(10, 1000, 25, &[("last", 5, 20), ("first", 10, 0), ("prev", 10, 20)]);
        check(2, 1, 5, &[("next", 2, 3), ("last", 1, 4), ("first", 2, 0), ("prev", 2, 0)]);
        check(u64::MAX, MAX_OFFSET, 5, &[("last", 5, 0), ("first", u64::MAX, 0), ("prev", u64::MAX, 0)]);
    }

    #[test]
    fn carried_parameters_are_encoded() {
        let carried = [("filter", "title='Ä, b' AND x"), ("fields", "identifier,subject")];
        let found = links(BASE, Page { limit: 1, offset: 0 }, 1, &carried);
        let query = "limit=1&offset=0&filter=title%3D%27%C3%84%2C%20b%27%20AND%20x&fields=identifier%2Csubject";
        assert_eq!(found, format!("<{BASE}?{query}>; rel=\"last\", <{BASE}?{query}>; rel=\"first\""));
    }

    #[test]
    fn a_base_cannot_break_the_header() {
        let found = links("https://h.example/a>\r\n\"b", Page { limit: 1, offset: 0 }, 0, &[]);
        assert!(found.starts_with("<https://h.example/a%3E%0D%0A%22b?limit=1"), "{found}");
    }
}

//! Grades: education levels as a band of years, and how far two bands are apart.

use crate::case::education;

/// The years that an item or a query is for, from kindergarten (0) to 12; what comes after school is 13 to 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) first: i8,
    pub(super) last: i8,
}

impl Band {
    /// The band of codes of education levels; `None` when none is a level.
    pub(super) fn of(grades: &[String]) -> Option<Band> {
        let years = grades.iter().filter_map(|grade| year(grade));
        years.fold(None, |band: Option<Band>, year| {
            Some(match band {
                None => Band { first: year, last: year },
                Some(Band { first, last }) => Band { first: first.min(year), last: last.max(year) },
            })
        })
    }

    /// How many years lie between two bands: 0 when they touch.
    pub(super) fn gap(self, other: Band) -> u8 {
        (self.first.max(other.first) - self.last.min(other.last)).max(0).unsigned_abs()
    }
}

fn year(grade: &str) -> Option<i8> {
    Some(match education::level(grade)? {
        "IT" | "PR" => -2,
        "PK" | "TK" => -1,
        "KG" => 0,
        "AS" | "PT" => 13,
        "BA" | "PB" => 14,
        "MD" | "PM" => 15,
        "DO" | "PD" => 16,
        "AE" | "OT" => return None,
        number => number.parse().ok()?,
    })
}

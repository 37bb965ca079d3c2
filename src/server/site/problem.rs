//! The page that says what went wrong.

use askama::Template;

use super::Site;

/// A page that says what went wrong, first in the reader's language and then as programs are told.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct Problem<'a> {
    pub site: Site<'a>,
    pub status: u16,
    /// The kind of problem, in English.
    pub title: &'a str,
    /// What to do about it, in English.
    pub detail: &'a str,
    pub request_id: &'a str,
}

impl Problem<'_> {
    /// Which of the messages fits.
    fn kind(&self) -> &'static str {
        match self.status {
            401 => "sign-in",
            403 => "forbidden",
            404 => "nothing",
            406 => "form",
            429 => "often",
            400..=499 => "request",
            503 => "busy",
            _ => "fault",
        }
    }

    fn heading(&self) -> String {
        self.site.say(&format!("problem-{}", self.kind()))
    }

    fn advice(&self) -> String {
        self.site.say(&format!("problem-{}-advice", self.kind()))
    }
}

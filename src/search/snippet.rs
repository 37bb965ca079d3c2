//! Snippets: the part of a text that answers a query, with what matched marked.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::text::{Language, plain, words};

use super::entry::stems;

/// How long a snippet is, in characters; a text that is not much longer is shown whole.
const LENGTH: usize = 240;
/// How many words come before the first that matched.
const BEFORE: usize = 8;

/// The words of a query, in all the forms that match.
#[derive(Clone, Debug, Default)]
pub(super) struct Sought {
    exact: HashSet<String>,
    begun: Vec<String>,
    stems: HashSet<String>,
    languages: Vec<Language>,
    /// What was asked of words before: the same ones stand in one hit after the other.
    known: RefCell<HashMap<String, bool>>,
}

impl Sought {
    /// From the words as typed; those marked stand for all that begins with them.
    pub(super) fn new<'q>(asked: impl Iterator<Item = (&'q str, bool)>, languages: &[Language]) -> Sought {
        let mut sought = Sought { languages: languages.to_vec(), ..Sought::default() };
        for (text, prefix) in asked {
            for word in words(text) {
                for language in languages {
                    let written = text.get(word.at.clone()).unwrap_or(&word.text);
                    sought.stems.extend(stems(Some(*language), written, &word.text));
                }
                if prefix {
                    sought.begun.push(word.text.clone().into_owned());
                }
                sought.exact.insert(word.text.into_owned());
            }
        }
        sought
    }

    fn has(&self, written: &str, folded: &str) -> bool {
        if let Some(known) = self.known.borrow().get(written) {
            return *known;
        }
        let has = self.looks_for(written, folded);
        self.known.borrow_mut().insert(written.to_owned(), has);
        has
    }

    fn looks_for(&self, written: &str, folded: &str) -> bool {
        self.exact.contains(folded)
            || self.begun.iter().any(|begin| folded.starts_with(begin.as_str()))
            || self
                .languages
                .iter()
                .any(|language| stems(Some(*language), written, folded).iter().any(|stem| self.stems.contains(stem)))
    }

    /// The text around what matched, as HTML: escaped, with `<mark>` around every word that did;
    /// `None` when none did.
    pub(super) fn snippet(&self, text: &str) -> Option<String> {
        let text = plain(text);
        let all: Vec<_> = words(&text).collect();
        let hits: Vec<bool> =
            all.iter().map(|word| self.has(text.get(word.at.clone()).unwrap_or_default(), &word.text)).collect();
        let first = hits.iter().position(|hit| *hit)?;
        let whole = text.chars().count() <= LENGTH * 3 / 2;
        let begin = if whole { 0 } else { all.get(first.saturating_sub(BEFORE)).map_or(0, |word| word.at.start) };
        let begin = if first <= BEFORE { 0 } else { begin };
        let end = if whole {
            text.len()
        } else {
            text.get(begin..).and_then(|rest| rest.char_indices().nth(LENGTH)).map_or(text.len(), |(at, _)| begin + at)
        };
        let mut out = String::with_capacity(end - begin + 40);
        if begin > 0 {
            out.push('…');
        }
        let mut at = begin;
        for (word, _) in
            all.iter().zip(&hits).filter(|(word, hit)| **hit && word.at.start >= begin && word.at.end <= end)
        {
            // Pairs of signs overlap.
            let from = word.at.start.max(at);
            if from >= word.at.end {
                continue;
            }
            escape(text.get(at..from).unwrap_or_default(), &mut out);
            out.push_str("<mark>");
            escape(text.get(from..word.at.end).unwrap_or_default(), &mut out);
            out.push_str("</mark>");
            at = word.at.end;
        }
        escape(text.get(at..end).unwrap_or_default(), &mut out);
        if end < text.len() {
            out.push('…');
        }
        Some(out.replace("</mark><mark>", ""))
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(query: &str, text: &str) -> Option<String> {
        Sought::new(
            query.split(' ').map(|word| (word.trim_end_matches('*'), word.ends_with('*'))),
            &[Language::English, Language::French],
        )
        .snippet(text)
    }

    #[test]
    fn what_matched_is_marked() {
        for (query, text, expected) in [
            ("fraction", "Add <b>fractions</b> & more", Some("Add <mark>fractions</mark> &amp; more")),
            ("mult*", "Multiply by <10", Some("<mark>Multiply</mark> by &lt;10")),
            ("competence", "Des compétences clés", Some("Des <mark>compétences</mark> clés")),
            ("数学", "数学的な", Some("<mark>数学</mark>的な")),
            ("数学的", "数学的な", Some("<mark>数学的</mark>な")),
            ("nothing", "Add fractions", None),
        ] {
            assert_eq!(snippet(query, text).as_deref(), expected, "{query}");
        }
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_match() {
        let text = format!("{} fraction {}", "word ".repeat(500), "more ".repeat(500));
        let snippet = snippet("fractions", &text).unwrap();
        assert!(
            snippet.starts_with('…') && snippet.ends_with('…') && snippet.contains("<mark>fraction</mark>"),
            "{snippet}"
        );
        assert!(snippet.chars().count() < LENGTH + 40);
    }
}

//! What is asked: the parts of an achievement, an outcome, a requirement or another framework's item.

use std::ops::Range;

use crate::text::{clauses, sentences};

/// The most pieces that are looked at one by one.
pub(super) const MOST_PIECES: usize = 24;
/// The shortest piece that says something, in signs.
const SHORTEST_PIECE: usize = 3;

/// A text to be aligned, in the parts that are known of it. Only `text` is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The name of an achievement, a course, an occupation.
    pub name: Option<String>,
    /// The text itself.
    pub text: String,
    /// Criteria, outcomes, objectives: each a statement of its own.
    pub parts: Vec<String>,
    /// Other names of the same.
    pub labels: Vec<String>,
    /// What is said beside: a description, a comment.
    pub notes: Option<String>,
    /// What it stands in: an occupation, a sentence around it, a subject.
    pub context: Option<String>,
    /// Codes that are known to be of what is asked; codes within texts are found without.
    pub code: Option<String>,
    /// Codes of education levels.
    pub grades: Vec<String>,
    /// Statements of what stands above it, from the top down.
    pub path: Vec<String>,
    /// A language tag.
    pub language: Option<String>,
}

impl Query {
    /// A query of nothing but a text.
    #[must_use]
    pub fn of(text: &str) -> Query {
        Query { text: text.to_owned(), ..Query::default() }
    }

    /// What it is about, in few words.
    pub(super) fn short(&self) -> &str {
        self.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&self.text)
    }

    /// Everything that is said of it.
    pub(super) fn full(&self) -> String {
        let name = self.name.iter().map(String::as_str);
        let beside = self.parts.iter().chain(&self.notes).map(String::as_str);
        let mut full = String::new();
        for text in name.chain([self.text.as_str()]).chain(beside) {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            if !full.is_empty() {
                full.push_str(if full.ends_with(['.', '!', '?', ':', ';']) { " " } else { ". " });
            }
            full.push_str(text);
        }
        full
    }

    /// Its pieces: other names and parts as they are, and clauses of the text; none when the text is one piece
    /// by itself. With each the place in the text, where it is of the text.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let whole = self.parts.iter().chain(&self.labels).map(|text| Piece { text: text.trim().to_owned(), at: None });
        let found = sentences(&self.text).flat_map(|sentence| {
            let begin = sentence.start;
            let within = self.text.get(sentence.clone()).unwrap_or_default();
            let inside = clauses(within).map(move |at| begin + at.start..begin + at.end).collect::<Vec<_>>();
            std::iter::once(sentence).chain(inside)
        });
        let cut =
            found.map(|at| Piece { text: self.text.get(at.clone()).unwrap_or_default().to_owned(), at: Some(at) });
        for piece in whole.chain(cut) {
            let is_new = !pieces.iter().any(|known| known.text == piece.text) && piece.text != self.text.trim();
            if is_new && piece.text.chars().count() >= SHORTEST_PIECE && pieces.len() < MOST_PIECES {
                pieces.push(piece);
            }
        }
        pieces
    }
}

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Where it stands in the text, in bytes.
    pub(super) at: Option<Range<usize>>,
}

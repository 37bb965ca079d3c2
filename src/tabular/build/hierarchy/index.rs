//! Finds the row that another row means, by identifier, uri, code or statement.

use std::collections::HashMap;

use super::super::before::key;
use super::super::drafts::Draft;
use crate::case::read::{Canonical, canonical_in};
use crate::tabular::mapping::Field;

/// What a name most likely is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Prefer {
    Identifier,
    Code,
    Statement,
}

/// The drafts by all their names.
#[derive(Default)]
pub(in super::super) struct Index {
    document: String,
    identifiers: HashMap<String, Vec<usize>>,
    codes: HashMap<String, Vec<usize>>,
    statements: HashMap<String, Vec<usize>>,
    short: HashMap<String, Vec<usize>>,
}

impl Index {
    pub(in super::super) fn new(document: &str, drafts: &[Draft<'_, '_>]) -> Index {
        let mut index = Index { document: document.to_owned(), ..Index::default() };
        for (at, draft) in drafts.iter().enumerate() {
            let mut add = |map: fn(&mut Index) -> &mut HashMap<String, Vec<usize>>, name: String| {
                map(&mut index).entry(name).or_default().push(at);
            };
            if let Some(received) = &draft.received {
                add(|index| &mut index.identifiers, id(document, received));
            }
            if let Some(uri) = draft.text(&Field::Uri) {
                add(|index| &mut index.identifiers, id(document, uri));
            }
            if let Some(code) = &draft.code {
                add(|index| &mut index.codes, key(code));
            }
            if let Some(statement) = &draft.statement {
                add(|index| &mut index.statements, key(statement));
            }
            if let Some(short) = draft.text(&Field::AbbreviatedStatement) {
                add(|index| &mut index.short, key(short));
            }
        }
        index
    }

    /// The row of that identifier or uri, as it stands in the sheet.
    pub(in super::super) fn identifier(&self, text: &str) -> Option<usize> {
        self.identifiers.get(&id(&self.document, text)).and_then(|all| all.first().copied())
    }

    /// The row of exactly that code, if there is one such row.
    pub(in super::super) fn code(&self, code: &str) -> Option<usize> {
        self.codes.get(&key(code)).and_then(|all| all.first().copied())
    }

    /// The row that is called so, and how many are; of several the nearest one above `from`.
    pub(in super::super) fn find(&self, text: &str, prefer: Prefer, from: Option<usize>) -> Option<(usize, usize)> {
        let plain = key(text);
        let identifiers = || self.identifiers.get(&id(&self.document, text));
        let codes = || self.codes.get(&plain);
        let statements = || self.short.get(&plain).or_else(|| self.statements.get(&plain));
        let all = match prefer {
            Prefer::Identifier => identifiers().or_else(codes).or_else(statements),
            Prefer::Code => codes().or_else(identifiers).or_else(statements),
            Prefer::Statement => statements().or_else(codes).or_else(identifiers),
        }?;
        let others = || all.iter().copied().filter(|at| Some(*at) != from);
        let above = others().take_while(|at| from.is_none_or(|from| *at < from)).last();
        let chosen = if from.is_some() { above.or_else(|| others().next()) } else { all.first().copied() };
        // A row that names only itself is told as a cycle.
        Some((chosen.or(from)?, others().count()))
    }
}

fn id(document: &str, text: &str) -> String {
    match canonical_in(document, text) {
        Canonical::Proper(id) | Canonical::OddVersion(id) | Canonical::NotUuid(id) => id,
    }
}

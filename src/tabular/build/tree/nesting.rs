//! Depth by row: a level number, or spaces and marks before the statement. The parent is the
//! nearest row above that stands less deep.

use super::super::drafts::{Draft, MARKS, Parent};
use super::super::notes::Notes;
use crate::tabular::mapping::Field;

/// The rows that are open at the moment, outermost first, each with its depth.
struct Open<D> {
    rows: Vec<(D, usize)>,
}

impl<D: PartialOrd> Open<D> {
    /// The parent of the next row.
    fn push(&mut self, depth: D, at: usize) -> Parent {
        while self.rows.last().is_some_and(|(open, _)| *open >= depth) {
            self.rows.pop();
        }
        let parent = self.rows.last().map_or(Parent::Top, |(_, above)| Parent::Draft(*above));
        self.rows.push((depth, at));
        parent
    }
}

pub(super) fn by_level(drafts: &mut [Draft<'_, '_>], first: usize, notes: &mut Notes) {
    let top = drafts.iter().filter_map(|draft| number(draft.text(&Field::Level)?)).min().unwrap_or(1);
    let mut open = Open { rows: Vec::new() };
    let mut last = top;
    for (at, draft) in drafts.iter_mut().enumerate() {
        let text = draft.text(&Field::Level).unwrap_or_default();
        let depth = number(text).unwrap_or_else(|| {
            let sentence = "the level is no whole number; that of the row above is taken";
            notes.warn("level-unreadable", draft.place_of(&Field::Level), sentence, text);
            last
        });
        let jumps = if at == 0 { depth > top } else { depth > last + 1 };
        if jumps {
            let sentence = format!("level {depth} comes after level {last}; the item is put under the nearest row above");
            notes.warn("level-jump", draft.place_of(&Field::Level), sentence, text);
        }
        draft.parent = open.push(depth, first + at);
        last = depth;
    }
}

fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse::<i32>().ok().map(i64::from)
}

pub(super) fn by_indentation(drafts: &mut [Draft<'_, '_>], first: usize) {
    // Of marks at one indentation, the one that is met later stands deeper.
    let mut marks: Vec<char> = Vec::new();
    let mut open = Open { rows: Vec::new() };
    for (at, draft) in drafts.iter_mut().enumerate() {
        let text = draft.cell(&Field::FullStatement).map_or("", |cell| cell.text.as_str());
        let rest = text.trim_start();
        let spaces: usize = text[..text.len() - rest.len()].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let drawn: Vec<char> = rest.chars().take_while(|c| MARKS.contains(c)).collect();
        let is_mark = rest.chars().nth(drawn.len()).is_some_and(char::is_whitespace);
        let (count, rank) = match drawn.first().filter(|_| is_mark) {
            None => (0, 0),
            Some(mark) => {
                let rank = marks.iter().position(|known| known == mark).unwrap_or_else(|| {
                    marks.push(*mark);
                    marks.len() - 1
                });
                (drawn.len(), rank + 1)
            }
        };
        draft.parent = open.push((spaces, count, rank), first + at);
    }
}

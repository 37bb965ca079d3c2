//! Crosswalks as pictures: SVG that stands in the page and takes its colours from the style sheet.
//!
//! What is drawn is told in a table as well; the pictures themselves are for who sees them.

use std::fmt::Write as _;

use super::rich::{self, escape};
use super::{Site, words::Words};
use crate::registry::{Crosswalk, ItemLine, Strand};

/// How large a square of the map is, and how much room names have.
const SQUARE: usize = 26;
const NAMES: usize = 230;
const HEADS: usize = 130;
/// The height of a strand in the drawing of bands, and its width.
const ROW: usize = 30;
const WIDTH: usize = 900;
const COLUMN: usize = 300;

// Writing to a String cannot fail: what it returns is dropped.

/// A strand's name in a few words.
pub(super) fn name(item: &ItemLine, most: usize) -> String {
    let text = if item.short.is_empty() { &item.statement } else { &item.short };
    let plain = crate::registry::plain_text(text);
    let text = if item.code.is_empty() { plain.into_owned() } else { format!("{} {plain}", item.code) };
    rich::cut(&text, most)
}

/// How strong a colour is, from 0 to 5: half of the squares of a map would else be next to white.
fn strength(count: u64, most: u64) -> u64 {
    if count == 0 || most == 0 {
        return 0;
    }
    let share = (count * 100).div_ceil(most);
    match share {
        0..=8 => 1,
        9..=25 => 2,
        26..=50 => 3,
        51..=75 => 4,
        _ => 5,
    }
}

/// Which main branches are linked how often: a square for each pair.
pub(super) fn heat_map(site: &Site<'_>, walk: &Crosswalk) -> String {
    let most = walk.cells.iter().flatten().copied().max().unwrap_or_default();
    let (columns, rows) = (walk.to.strands.len(), walk.from.strands.len());
    let (width, height) = (NAMES + columns * SQUARE + 90, HEADS + rows * SQUARE + 8);
    let mut svg = open(width, height, &site.words.say("crosswalk-map"));
    for (at, strand) in walk.to.strands.iter().enumerate() {
        let x = NAMES + at * SQUARE + SQUARE / 2;
        let y = HEADS - 8;
        let _ = write!(
            svg,
            "<text transform=\"translate({x} {y}) rotate(-55)\">{}</text>",
            escape(&name(&strand.item, 26))
        );
    }
    for (row, (strand, cells)) in walk.from.strands.iter().zip(&walk.cells).enumerate() {
        let y = HEADS + row * SQUARE;
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            NAMES - 8,
            y + 17,
            escape(&name(&strand.item, 36))
        );
        for (column, count) in cells.iter().enumerate() {
            let x = NAMES + column * SQUARE;
            let title = told(site.words, strand, walk.to.strands.get(column), *count);
            let _ = write!(
                svg,
                "<rect class=\"h{}\" x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" rx=\"3\"><title>{}</title></rect>",
                strength(*count, most),
                escape(&title),
                size = SQUARE - 2
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

fn told(words: &Words, from: &Strand, to: Option<&Strand>, count: u64) -> String {
    let to = to.map(|strand| name(&strand.item, 60)).unwrap_or_default();
    format!("{} – {to}: {}", name(&from.item, 60), words.count("links-count", count))
}

/// The main branches of both, one above the other on either side, with a band for what links them.
pub(super) fn bands(site: &Site<'_>, walk: &Crosswalk) -> String {
    let rows = walk.from.strands.len().max(walk.to.strands.len());
    let height = rows * ROW + 8;
    let most = walk.cells.iter().flatten().copied().max().unwrap_or_default().max(1);
    let mut svg = open(WIDTH, height, &site.words.say("crosswalk-drawn"));
    let middle = |row: usize| row * ROW + ROW / 2 + 4;
    for (from, cells) in walk.cells.iter().enumerate() {
        for (to, count) in cells.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (y1, y2, x1, x2) = (middle(from), middle(to), COLUMN + 6, WIDTH - COLUMN - 6);
            let half = usize::midpoint(x1, x2);
            let thick = (count * 18).div_ceil(most).max(1);
            let _ = write!(
                svg,
                "<path class=\"band\" stroke-width=\"{thick}\" d=\"M{x1} {y1} C{half} {y1} {half} {y2} {x2} {y2}\"/>"
            );
        }
    }
    for (strands, x, anchor, bar) in [
        (&walk.from.strands, COLUMN - 8, "end", COLUMN),
        (&walk.to.strands, WIDTH - COLUMN + 8, "start", WIDTH - COLUMN - 6),
    ] {
        for (row, strand) in strands.iter().enumerate() {
            let y = middle(row);
            let full = (strand.covered * (ROW as u64 - 8)).checked_div(strand.leaves).unwrap_or_default();
            let (top, tall) = (y - ROW / 2 + 4, ROW - 8);
            let _ = write!(svg, "<rect class=\"bar\" x=\"{bar}\" y=\"{top}\" width=\"6\" height=\"{tall}\" rx=\"1\"/>");
            let below = top as u64 + tall as u64 - full;
            let _ = write!(
                svg,
                "<rect class=\"bar-full\" x=\"{bar}\" y=\"{below}\" width=\"6\" height=\"{full}\" rx=\"1\"/>"
            );
            let text = escape(&name(&strand.item, 44));
            let _ = write!(svg, "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{text}</text>", y + 4);
        }
    }
    svg.push_str("</svg>");
    svg
}

fn open(width: usize, height: usize, label: &str) -> String {
    format!(
        "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">",
        escape(label)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_tell_little_from_nothing() {
        let check = |count, most, expect| assert_eq!(strength(count, most), expect, "{count} of {most}");
        check(0, 10, 0);
        check(1, 1_000, 1);
        check(10, 10, 5);
        check(3, 10, 3);
        check(5, 0, 0);
    }
}

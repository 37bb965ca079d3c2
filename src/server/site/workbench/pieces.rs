//! A text cut into pieces, of which some are segments, so that it can be shown with these marked. Pure.

use std::collections::BTreeMap;
use std::ops::Range;

/// A part of a text.
pub(super) struct Piece {
    pub text: String,
    /// The number of the segment that it is.
    pub segment: Option<usize>,
}

/// The document as a text, without a byte order mark.
pub(super) fn as_text(document: &[u8]) -> &str {
    let text = std::str::from_utf8(document).unwrap_or_default();
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Places in characters as places in bytes.
pub(super) fn in_bytes(text: &str, spans: &[([usize; 2], usize)]) -> Vec<(Range<usize>, usize)> {
    let wanted: BTreeMap<usize, usize> = {
        let mut all: Vec<usize> = spans.iter().flat_map(|(span, _)| *span).collect();
        all.sort_unstable();
        all.dedup();
        let mut characters = text.char_indices().map(|(at, _)| at).chain([text.len()]).enumerate().peekable();
        let mut place = |wanted: usize| loop {
            match characters.peek() {
                Some((nth, at)) if *nth == wanted => break Some((wanted, *at)),
                Some(_) => drop(characters.next()),
                None => break None,
            }
        };
        all.into_iter().filter_map(&mut place).collect()
    };
    let place = |span: &[usize; 2]| Some(*wanted.get(&span[0])?..*wanted.get(&span[1])?);
    spans.iter().filter_map(|(span, number)| Some((place(span)?, *number))).collect()
}

/// A text in pieces, of which some are segments.
pub(super) fn pieces(text: &str, places: &[(Range<usize>, usize)]) -> Vec<Piece> {
    let (mut pieces, mut end) = (Vec::new(), 0);
    let mut push = |at: Range<usize>, segment| {
        let text = text.get(at).unwrap_or_default().to_owned();
        if !text.is_empty() {
            pieces.push(Piece { text, segment });
        }
    };
    let mut places: Vec<&(Range<usize>, usize)> = places.iter().collect();
    places.sort_by_key(|(at, _)| at.start);
    for (at, number) in places {
        if at.start < end {
            continue;
        }
        push(end..at.start, None);
        push(at.clone(), Some(*number));
        end = at.end;
    }
    push(end..text.len(), None);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_segments_are() {
        let text = "Añade. Resta; y más";
        let places = in_bytes(text, &[([7, 12], 2), ([0, 6], 1), ([90, 99], 3)]);
        assert_eq!(places, [(8..13, 2), (0..7, 1)]);
        let pieces: Vec<(String, Option<usize>)> =
            pieces(text, &places).into_iter().map(|piece| (piece.text, piece.segment)).collect();
        let all: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(all, text);
        assert_eq!(pieces[0], ("Añade.".to_owned(), Some(1)));
        assert_eq!(pieces[2], ("Resta".to_owned(), Some(2)));
    }
}

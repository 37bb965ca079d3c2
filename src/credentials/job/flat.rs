//! HTML as the lines that a reader of the page sees, with the way back to where each sign stood.
//!
//! What is not shown (scripts, styles, menus) is left out; data in JSON-LD is kept aside. Nothing is fetched or run.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// Elements whose content nobody reads as part of a posting.
const SKIPPED: [&str; 14] = [
    "script", "style", "template", "noscript", "svg", "math", "iframe", "nav", "footer", "select", "button",
    "textarea", "object", "title",
];
/// The longest named character of HTML, with its ampersand.
const ENTITY: usize = 34;

/// A text made of HTML, and where each part of it is from.
#[derive(Debug, Default)]
pub(super) struct Flat {
    /// The text, with line breaks where blocks end, number signs before headings and bullets before elements of lists.
    pub text: String,
    /// Where lines begin that are bold as a whole.
    pub bold: Vec<usize>,
    /// What the page calls itself.
    pub title: Option<String>,
    /// The content of scripts that hold JSON-LD.
    pub data: Vec<String>,
    pieces: Vec<Piece>,
    /// What the HTML was made of, where that is HTML as well.
    outer: Option<Box<Flat>>,
}

/// A part of the flat text. A copied one has the length of its origin; others stand for the whole of it.
#[derive(Clone, Copy, Debug)]
struct Piece {
    flat: u32,
    from: u32,
    to: u32,
    copied: bool,
}

impl Flat {
    /// The place in the HTML that a place in the text is from.
    pub(super) fn origin(&self, at: &Range<usize>) -> Range<usize> {
        let piece = |at: usize| {
            let after = self.pieces.partition_point(|piece| piece.flat as usize <= at);
            after.checked_sub(1).and_then(|index| self.pieces.get(index))
        };
        let start = piece(at.start)
            .map_or(0, |piece| piece.from as usize + if piece.copied { at.start - piece.flat as usize } else { 0 });
        let last = at.end.saturating_sub(1);
        let end = piece(last).map_or(start, |piece| {
            if piece.copied { piece.from as usize + (last - piece.flat as usize) + 1 } else { piece.to as usize }
        });
        let origin = start..end.max(start);
        self.outer.as_ref().map_or(origin.clone(), |outer| outer.origin(&origin))
    }

    fn put(&mut self, text: &str, from: Range<usize>, copied: bool) {
        if text.is_empty() {
            return;
        }
        let piece = Piece { flat: small(self.text.len()), from: small(from.start), to: small(from.end), copied };
        match self.pieces.last_mut() {
            Some(last) if copied && last.copied && last.to == piece.from => last.to = piece.to,
            _ => self.pieces.push(piece),
        }
        self.text.push_str(text);
    }

    /// Copies shown text. A break in it is a blank, and characters written by name become themselves.
    fn copy(&mut self, html: &str, at: Range<usize>) {
        let mut begin = at.start;
        while let Some(rest) = html.get(begin..at.end).filter(|rest| !rest.is_empty()) {
            let end = rest.find(['&', '\n', '\r', '\t', '\u{c}']).unwrap_or(rest.len());
            self.put(rest.get(..end).unwrap_or_default(), begin..begin + end, true);
            begin += end;
            let Some(rest) = rest.get(end..).filter(|rest| !rest.is_empty()) else { return };
            let (text, length) = if rest.starts_with('&') { named(rest) } else { (" ".to_owned(), 1) };
            self.put(&text, begin..begin + length, length == 1);
            begin += length;
        }
    }
}

fn small(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What a reference to a character at the beginning of `rest` stands for, and its length.
fn named(rest: &str) -> (String, usize) {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '#';
    let name = rest.bytes().take(ENTITY).skip(1).take_while(|byte| inside(char::from(*byte))).count() + 1;
    let length = name + usize::from(rest.as_bytes().get(name) == Some(&b';'));
    let itself = || ("&".to_owned(), 1);
    let Some(reference) = rest.get(..length) else { return itself() };
    let text = strings(reference);
    // Without a semicolon only the beginning may be a name; then nothing is one, rather than half a word.
    if text == reference || text.ends_with(';') || !reference.ends_with(';') { itself() } else { (text, length) }
}

fn strings(html: &str) -> String {
    let mut text = String::new();
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        if let Token::String(part) = token {
            text.push_str(&String::from_utf8_lossy(&part));
        }
    }
    text
}

/// Whether a text has tags or characters written by name, as HTML has them.
pub(super) fn looks_like_html(text: &str) -> bool {
    has_tags(text) || text.match_indices('&').take(1_000).any(|(at, _)| named(text.get(at..).unwrap_or_default()).1 > 1)
}

fn has_tags(text: &str) -> bool {
    const TAGS: [&str; 18] = [
        "p", "br", "ul", "ol", "li", "div", "b", "strong", "i", "em", "span", "h1", "h2", "h3", "h4", "a", "html",
        "table",
    ];
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let length = name.bytes().take(7).take_while(u8::is_ascii_alphanumeric).count();
        let after = name.get(length..).unwrap_or_default();
        let known = TAGS.iter().any(|tag| name.get(..length).is_some_and(|name| name.eq_ignore_ascii_case(tag)));
        known && (after.starts_with(['>', ' ', '/', '\n', '\t', '\r']))
    })
}

/// The text of some HTML. HTML that is itself written in HTML, as many feeds have it, is undone twice.
pub(super) fn flatten(html: &str) -> Flat {
    let once = flatten_once(html);
    if has_tags(html) || !has_tags(&once.text) {
        return once;
    }
    let twice = flatten_once(&once.text);
    Flat { outer: Some(Box::new(once)), ..twice }
}

fn flatten_once(html: &str) -> Flat {
    let mut emitter: DefaultEmitter<usize> = DefaultEmitter::new_with_span();
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let kind = tag.attributes.get("type".as_bytes()).map(|value| value.value.0.as_slice());
                page.open(&tag.name, tag.self_closing, tag.span.start, kind);
            }
            Token::EndTag(tag) => page.close(&tag.name, tag.span.start),
            Token::String(text) => page.text(html, text.span.start..text.span.end, &text.value),
            _ => {}
        }
    }
    page.end_line();
    page.flat
}

/// What is known of a page while its tags go by.
#[derive(Default)]
struct Page {
    flat: Flat,
    /// The element whose content is skipped, how often it is open, and whether it holds data.
    skipping: Option<(&'static str, usize, bool)>,
    /// Where the line begins.
    line: usize,
    /// How many bold elements are open, and how much of the line was bold.
    bold: usize,
    bold_bytes: usize,
}

impl Page {
    fn open(&mut self, name: &[u8], closed: bool, at: usize, kind: Option<&[u8]>) {
        if let Some((skipped, depth, _)) = &mut self.skipping {
            *depth += usize::from(name == skipped.as_bytes() && !closed);
            return;
        }
        if let Some(skipped) = SKIPPED.into_iter().find(|skipped| skipped.as_bytes() == name) {
            let is_data =
                skipped == "script" && kind.is_some_and(|kind| kind.eq_ignore_ascii_case(b"application/ld+json"));
            if is_data {
                self.flat.data.push(String::new());
            }
            if !closed {
                self.skipping = Some((skipped, 1, is_data));
            }
            return;
        }
        match name {
            b"b" | b"strong" => self.bold += 1,
            b"li" | b"dd" => self.break_with("\n• ", at),
            b"br" | b"dt" | b"td" | b"th" | b"tr" | b"option" | b"summary" | b"caption" => self.break_with("\n", at),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                let level = name.last().map_or(1, |digit| usize::from(digit - b'0'));
                self.break_with(&format!("\n\n{} ", "#".repeat(level)), at);
            }
            _ if is_block(name) => self.break_with("\n\n", at),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8], at: usize) {
        if let Some((skipped, depth, _)) = &mut self.skipping {
            *depth -= usize::from(name == skipped.as_bytes());
            if *depth == 0 {
                self.skipping = None;
            }
            return;
        }
        match name {
            b"b" | b"strong" => self.bold = self.bold.saturating_sub(1),
            b"li" | b"dd" | b"dt" | b"td" | b"th" | b"tr" => self.break_with("\n", at),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => self.break_with("\n\n", at),
            _ if is_block(name) => self.break_with("\n\n", at),
            _ => {}
        }
    }

    fn text(&mut self, html: &str, at: Range<usize>, value: &[u8]) {
        match self.skipping {
            Some((_, _, true)) => {
                if let Some(data) = self.flat.data.last_mut() {
                    data.push_str(&String::from_utf8_lossy(value));
                }
            }
            Some(("title", ..)) if self.flat.title.is_none() => {
                let title = String::from_utf8_lossy(value).split_whitespace().collect::<Vec<_>>().join(" ");
                self.flat.title = Some(title).filter(|title| !title.is_empty());
            }
            Some(_) => {}
            None => {
                let before = self.flat.text.len();
                self.flat.copy(html, at);
                if self.bold > 0 {
                    let shown = self.flat.text.get(before..).unwrap_or_default();
                    self.bold_bytes += shown.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
                }
            }
        }
    }

    fn break_with(&mut self, text: &str, at: usize) {
        self.end_line();
        self.flat.put(text, at..at, false);
        self.line = self.flat.text.len();
    }

    /// Keeps where the line begins if all of it was bold.
    fn end_line(&mut self) {
        let line = self.flat.text.get(self.line..).unwrap_or_default();
        let shown = line.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
        // A colon after the bold words belongs to them.
        let colon = usize::from(line.trim_end().ends_with(':'));
        if self.bold_bytes > 0 && self.bold_bytes + colon >= shown {
            self.flat.bold.push(self.line + line.len() - line.trim_start().len());
        }
        self.bold_bytes = 0;
        self.line = self.flat.text.len();
    }
}

fn is_block(name: &[u8]) -> bool {
    const BLOCKS: [&str; 24] = [
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "section",
        "article",
        "main",
        "header",
        "aside",
        "table",
        "tbody",
        "thead",
        "pre",
        "blockquote",
        "form",
        "fieldset",
        "hr",
        "body",
        "html",
        "head",
        "figure",
        "address",
        "details",
    ];
    BLOCKS.iter().any(|block| block.as_bytes() == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(html: &str, lines: &[&str]) {
        let flat = flatten(html);
        let found: Vec<&str> = flat.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(found, lines, "{html}");
    }

    #[test]
    fn pages_become_the_lines_one_sees() {
        check("<p>Test <b>water</b>.</p><p>Log it</p>", &["Test water.", "Log it"]);
        check("<ul><li>One<li>Two</li></ul>Three<br>Four", &["• One", "• Two", "Three", "Four"]);
        check("<h2>What\nyou&nbsp;do</h2>R&amp;D &eacute;t&#233; &hellip;", &["## What you\u{a0}do", "R&D été …"]);
        check("a<script>var x = '<p>no</p>';</script>b<style>p{}</style>c<!-- d -->e", &["abce"]);
        check("<nav><ul><li>Home</ul></nav>Job<footer>x</footer>", &["Job"]);
        check("x < 3 and AT&T &unknown; <", &["x < 3 and AT&T &unknown; <"]);
        check("&lt;ul&gt;&lt;li&gt;One&lt;/li&gt;&lt;li&gt;R&amp;amp;D&lt;/li&gt;&lt;/ul&gt;", &["• One", "• R&D"]);
        check("", &[]);
    }

    #[test]
    fn bold_lines_titles_and_data_are_kept() {
        let flat = flatten(
            "<title>A\n job</title><p><strong>Duties</strong>:</p><p><b>Test</b> water</p>\
             <script type='application/ld+json'>{\"a\":\"<p>\"}</script>",
        );
        assert_eq!(flat.title.as_deref(), Some("A job"));
        assert_eq!(flat.data, ["{\"a\":\"<p>\"}"]);
        let bold: Vec<&str> = flat.bold.iter().map(|at| flat.text[*at..].lines().next().unwrap()).collect();
        assert_eq!(bold, ["Duties:"]);
    }

    #[test]
    fn places_lead_back() {
        for html in [
            "<p>Prüfe <b>Wasser 🧪</b> t&auml;glich</p>",
            "<li>a<li>قياس &amp; فحص",
            "&lt;p&gt;Pr&amp;uuml;fe Wasser t&amp;auml;glich&lt;/p&gt;",
        ] {
            let flat = flatten(html);
            for word in ["Wasser", "فحص", "a"].iter().filter(|word| flat.text.contains(**word)) {
                let at = flat.text.find(word).unwrap();
                let origin = flat.origin(&(at..at + word.len()));
                assert_eq!(&html[origin], *word, "{html}");
            }
            let all = flat.origin(&(0..flat.text.len()));
            assert!(all.end <= html.len());
        }
        let html = "t&auml;glich";
        assert_eq!(&html[flatten(html).origin(&(1..3))], "&auml;");
    }

    #[test]
    fn hostile_pages_take_one_pass() {
        for unit in
            ["<", "<p>", "&", "&amp;", "<!--", "<script>", "<b>", "</", "<a b='", "<nav>", "&lt;p&gt;", "<p>x</p>"]
        {
            let html = unit.repeat(300_000 / unit.len());
            assert!(flatten(&html).text.len() <= html.len() * 4);
            looks_like_html(&html);
        }
    }

    proptest! {
        #[test]
        fn every_place_is_one_of_the_page(html in "(<p>|<b>|</b>|<li>|<br/>|&amp;|&lt;p&gt;|&eacute;|a|é|🧪|ع| |\n){0,40}") {
            let flat = flatten(&html);
            let mut before = 0;
            for (at, c) in flat.text.char_indices() {
                let origin = flat.origin(&(at..at + c.len_utf8()));
                prop_assert!(html.get(origin.clone()).is_some() && origin.start >= before);
                before = origin.start;
            }
        }
    }
}

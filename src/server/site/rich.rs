//! Texts of frameworks as HTML: Markdown with formulas, of which only a list of harmless elements
//! is written. What is not on the list is shown as the text that it is.
//!
//! Nothing a framework says becomes an attribute but the address of a link, and that only when it is
//! one of the web or of mail.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

use super::formula::mathml;

/// Texts longer than this are no statements; the rest is left out of pages.
const LONGEST: usize = 100_000;
/// How deep elements may stand in each other.
const DEEPEST: usize = 40;
/// Elements that texts bring as HTML and that are kept, without their attributes.
const KEPT: [&str; 9] = ["b", "strong", "i", "em", "u", "sub", "sup", "code", "p"];

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In a place of its own.
    Block,
    /// In a line, perhaps within a link: without paragraphs, lists or links.
    Line,
}

/// Text as HTML in a place of its own.
#[must_use]
pub(crate) fn block(text: &str) -> String {
    if is_plain(text) {
        return format!("<p>{}</p>", escape(text.trim()));
    }
    write(text, Place::Block)
}

/// Text as HTML within a line, cut to about so many characters.
#[must_use]
pub(crate) fn line(text: &str, most: usize) -> String {
    let text = cut(text, most);
    if is_plain(&text) { escape(&text) } else { write(&text, Place::Line) }
}

/// Text with the signs that mean something in HTML made harmless, and those that would turn the
/// rest of a page around made visible.
#[must_use]
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 16);
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Overrides and embeddings of direction; isolates end where their element does.
            '\u{202a}'..='\u{202e}' => {}
            sign if sign.is_control() && !sign.is_whitespace() => {}
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// Whether there is nothing in a text that Markdown could mean something by.
fn is_plain(text: &str) -> bool {
    let means = |sign: char| "*_`$<>[]\\&#|~".contains(sign);
    let lists = |line: &str| {
        let line = line.trim_start();
        line.starts_with(['-', '+', '=']) || line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(['.', ')'])
    };
    !text.contains(means) && !text.trim().contains('\n') && !lists(text)
}

/// White space as single spaces, and an ellipsis where it was too long; never within a formula.
pub(super) fn cut(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(most * 4));
    let mut length = 0;
    for word in text.split_whitespace() {
        let room = most.saturating_sub(length);
        let size = word.chars().count();
        if size > room {
            // A single word that fills the line is cut itself.
            if length == 0 {
                line.extend(word.chars().take(room));
            }
            if line.matches('$').count() % 2 == 1 {
                line.truncate(line.rfind('$').unwrap_or_default());
            }
            return format!("{}…", line.trim_end());
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        length += size + 1;
    }
    line
}

fn write(text: &str, place: Place) -> String {
    let text = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    };
    let options = Options::ENABLE_MATH | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    // Many write no Markdown at all: what is indented is no program, and neither is a line a heading.
    let indented: String = text.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
    let mut writer = Writer {
        html: String::with_capacity(text.len() * 2),
        open: Vec::new(),
        place,
        links: Vec::new(),
        lists: Vec::new(),
    };
    let source = if text.contains("```") { text } else { &indented };
    for event in Parser::new_ext(source, options) {
        writer.event(event);
    }
    while let Some(name) = writer.open.pop() {
        writer.close(name);
    }
    writer.html
}

struct Writer {
    html: String,
    /// The elements that are open, from the outside.
    open: Vec<&'static str>,
    place: Place,
    /// For each open link, whether it is written.
    links: Vec<bool>,
    /// For each open list, the number of its next item if it has numbers.
    lists: Vec<Option<u64>>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.wrapped("code", &text),
            Event::InlineMath(source) => self.formula(&source, false),
            Event::DisplayMath(source) => self.formula(&source, self.place == Place::Block),
            Event::InlineHtml(html) | Event::Html(html) => self.raw(&html),
            Event::SoftBreak | Event::HardBreak if self.place == Place::Line => self.html.push(' '),
            Event::SoftBreak | Event::HardBreak => self.html.push_str("<br>"),
            Event::Rule => self.html.push_str(if self.place == Place::Block { "<hr>" } else { " " }),
            Event::FootnoteReference(name) => self.text(&name),
            Event::TaskListMarker(done) => self.html.push_str(if done { "☑ " } else { "☐ " }),
        }
    }

    fn text(&mut self, text: &str) {
        self.html.push_str(&escape(text));
    }

    fn put(&mut self, parts: &[&str]) {
        self.html.extend(parts.iter().copied());
    }

    fn wrapped(&mut self, name: &str, text: &str) {
        self.put(&["<", name, ">", &escape(text), "</", name, ">"]);
    }

    /// A formula; what cannot be read as one stays as it was written.
    fn formula(&mut self, source: &CowStr<'_>, is_display: bool) {
        match mathml(source, is_display) {
            Some(mathml) => self.html.push_str(&mathml),
            None => self.put(&["$", &escape(source), "$"]),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Link { dest_url, .. } => {
                let written = self.place == Place::Block && is_followed(&dest_url);
                if written {
                    self.put(&["<a href=\"", &escape(&dest_url), "\" rel=\"nofollow noopener\">"]);
                }
                self.links.push(written);
            }
            // Nothing is loaded from elsewhere: a picture is the words that describe it, and a link.
            Tag::Image { dest_url, .. } => {
                let written = self.place == Place::Block && is_followed(&dest_url) && self.links.is_empty();
                if written {
                    self.put(&["<a href=\"", &escape(&dest_url), "\" rel=\"nofollow noopener\">"]);
                }
                self.links.push(written);
            }
            other => {
                self.list(&other);
                if let Some(name) = element(other.to_end(), self.place) {
                    self.push(name);
                }
            }
        }
    }

    /// Keeps the numbers of lists, which may be part of what is said: in a line they are written out.
    fn list(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(first) => self.lists.push(*first),
            Tag::Item if self.place == Place::Line => match self.lists.last_mut() {
                Some(Some(number)) => {
                    let shown = number.to_string();
                    *number += 1;
                    self.put(&[&shown, ". "]);
                }
                _ => self.html.push_str("- "),
            },
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link | TagEnd::Image => {
                if self.links.pop() == Some(true) {
                    self.html.push_str("</a>");
                }
            }
            // What was put together in one line is kept apart by a space.
            TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::TableCell if self.place == Place::Line => {
                self.html.push(' ');
            }
            other => {
                if matches!(other, TagEnd::List(_)) {
                    self.lists.pop();
                }
                if let Some(name) = element(other, self.place) {
                    self.pop(name);
                }
            }
        }
    }

    fn push(&mut self, name: &'static str) {
        if self.open.len() < DEEPEST {
            match self.lists.last() {
                Some(Some(first)) if name == "ol" && *first != 1 => {
                    let first = first.to_string();
                    self.put(&["<ol start=\"", &first, "\">"]);
                }
                _ => self.put(&["<", name, ">"]),
            }
            self.open.push(name);
        }
    }

    /// Closes an element with everything that was left open in it.
    fn pop(&mut self, name: &'static str) {
        let Some(at) = self.open.iter().rposition(|open| *open == name) else { return };
        while self.open.len() > at {
            if let Some(name) = self.open.pop() {
                self.close(name);
            }
        }
    }

    fn close(&mut self, name: &str) {
        self.put(&["</", name, ">"]);
    }

    /// HTML as a text brings it: a few elements without attributes, everything else as text.
    fn raw(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            let (before, tag) = rest.split_at(at);
            self.text(before);
            let Some(end) = tag.find('>') else {
                rest = tag;
                break;
            };
            let (tag, after) = tag.split_at(end + 1);
            self.tag(tag);
            rest = after;
        }
        self.text(rest);
    }

    fn tag(&mut self, tag: &str) {
        let inner = tag.trim_matches(['<', '>']).trim();
        let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let name: String =
            inner.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        if name == "br" {
            self.html.push_str(if self.place == Place::Block { "<br>" } else { " " });
            return;
        }
        match KEPT.into_iter().find(|kept| *kept == name) {
            Some("p") if self.place == Place::Line => self.html.push(' '),
            None => self.text(tag),
            Some(kept) if closes => self.pop(kept),
            Some(kept) => self.push(kept),
        }
    }
}

/// The element of a tag in a place, if it has one there.
fn element(tag: TagEnd, place: Place) -> Option<&'static str> {
    let inline = match tag {
        TagEnd::Emphasis => Some("em"),
        TagEnd::Strong => Some("strong"),
        TagEnd::Strikethrough => Some("del"),
        _ => None,
    };
    let block = || match tag {
        // The headings of a page are its own.
        TagEnd::Paragraph | TagEnd::Heading(_) => Some("p"),
        TagEnd::BlockQuote(_) => Some("blockquote"),
        TagEnd::CodeBlock => Some("pre"),
        TagEnd::List(true) => Some("ol"),
        TagEnd::List(false) => Some("ul"),
        TagEnd::Item => Some("li"),
        TagEnd::Table => Some("table"),
        TagEnd::TableHead | TagEnd::TableRow => Some("tr"),
        TagEnd::TableCell => Some("td"),
        _ => None,
    };
    inline.or_else(|| if place == Place::Block { block() } else { None })
}

/// Whether a link may be followed: an address of the web or of mail, in plain signs.
#[must_use]
pub(crate) fn is_followed(address: &str) -> bool {
    let scheme = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    scheme && !address.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_as_frameworks_write_it() {
        for (text, expect) in [
            ("Add & subtract", "<p>Add &amp; subtract</p>"),
            ("*For example*, **this**", "<p><em>For example</em>, <strong>this</strong></p>"),
            ("a\nb", "<p>a<br>b</p>"),
            ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
            ("x<sup>2</sup> <b>now", "<p>x<sup>2</sup> <b>now</b></p>"),
            ("costs $5 and $10", "<p>costs $5 and $10</p>"),
            (
                "see [here](https://a.example/b)",
                "<p>see <a href=\"https://a.example/b\" rel=\"nofollow noopener\">here</a></p>",
            ),
            ("3. Construct", "<ol start=\"3\"><li>Construct</li></ol>"),
            ("# Title", "<p>Title</p>"),
            ("    indented", "<p>indented</p>"),
            ("line<br/>break", "<p>line<br>break</p>"),
        ] {
            assert_eq!(block(text), expect, "{text}");
        }
        assert!(block("half: $\\frac{1}{2}$").contains("<mfrac>"));
        assert_eq!(block("odd: $\\nosuch{1}$"), "<p>odd: $\\nosuch{1}$</p>");
    }

    #[test]
    fn in_a_line_there_are_no_blocks_and_no_links() {
        for (text, expect) in [
            ("one\n\ntwo", "one two"),
            ("- one\n- two", "- one - two"),
            ("3. Construct viable arguments", "3. Construct viable arguments"),
            ("see [here](https://a.example)", "see here"),
            ("*a* <p>b</p>", "<em>a</em>  b"),
        ] {
            assert_eq!(line(text, 100).trim(), expect, "{text}");
        }
        assert_eq!(line("aaa bbb ccc", 7), "aaa bbb…");
        assert_eq!(line("wwwwwwwwww", 4), "wwww…");
        assert_eq!(line("is $x + y$ more", 8), "is…");
    }

    #[test]
    fn nothing_that_runs_is_written() {
        let texts = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>)",
            "![x](https://a.example/x.png)",
            "<b onclick=alert(1)>x</b>",
            "<p style=\"position:fixed\">x</p>",
            "<svg/onload=alert(1)>",
            "<a href='javascript:alert(1)'>x</a>",
            "<iframe src=//evil>",
            "<style>*{display:none}</style>",
            "<scr<script>ipt>",
            "<math><mtext></mtext><script>x</script></math>",
            "$\\href{javascript:x}{y}$",
            "<https://a.example/\"onclick=x>",
            "<!-- x --><![CDATA[<script>]]>",
            "<b",
            "</p></div></main>",
            "[x](https://a.example\"onmouseover=\"x)",
            "| a |\n|---|\n| <script> |",
        ];
        for text in texts {
            for html in [block(text), line(text, 500)] {
                let mut rest = html.as_str();
                while let Some(at) = rest.find('<') {
                    let tag = &rest[at + 1..];
                    let tag = &tag[..tag.find('>').unwrap_or_else(|| panic!("{html}"))];
                    let name: String =
                        tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                    let known = [
                        "p",
                        "br",
                        "b",
                        "em",
                        "strong",
                        "i",
                        "u",
                        "sub",
                        "sup",
                        "code",
                        "a",
                        "ul",
                        "ol",
                        "li",
                        "table",
                        "tr",
                        "td",
                        "math",
                        "mi",
                        "mo",
                        "mn",
                        "mrow",
                        "mtext",
                        "blockquote",
                        "pre",
                        "hr",
                        "del",
                    ];
                    assert!(known.contains(&name.as_str()), "{text}: {html}");
                    let attributes = &tag.trim_start_matches('/')[name.len()..];
                    let fine = attributes.is_empty()
                        || attributes.starts_with(" href=\"http") && attributes.matches('"').count() == 4;
                    assert!(fine, "{text}: {html}");
                    rest = &rest[at + 1..];
                }
            }
        }
    }

    #[test]
    fn what_would_turn_a_page_around_is_left_out() {
        assert_eq!(escape("a\u{202e}b\u{0}c"), "abc");
        assert_eq!(block("*a\u{202e}*"), "<p><em>a</em></p>");
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = "> ".repeat(5_000) + "x";
        assert!(block(&deep).matches("<blockquote>").count() <= DEEPEST);
        let nested = "<b>".repeat(5_000);
        assert!(block(&nested).matches("<b>").count() <= DEEPEST);
        assert!(block(&"*".repeat(200_000)).len() < 1_000_000);
    }
}

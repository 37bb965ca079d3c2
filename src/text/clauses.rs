//! Clauses: the parts of a sentence between its punctuation and the words that join them, as places in it.
//!
//! Never changes a text. Which words join is our own choice for each language; the language is guessed from the sentence.

use std::ops::Range;

use super::language::Language;
use super::segments::trimmed;

/// Signs that always stand between two clauses.
const BETWEEN: &str = ";()[]|—!?\n•▪●،؛؟、，；：・（）「」。";

/// The clauses of a sentence, in order, as places in bytes: at least one when it says anything, never empty, without the
/// words that join them. `Wear gloves, including heat-resistant ones` is `Wear gloves` and `heat-resistant ones`. How many
/// are wanted is for the caller to say, with `take`.
pub fn clauses(sentence: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let language = Language::guess(sentence).unwrap_or(Language::English);
    Clauses { text: sentence, at: 0, joining: joining(language).split(';').collect() }
}

struct Clauses<'t> {
    text: &'t str,
    at: usize,
    joining: Vec<&'static str>,
}

impl Iterator for Clauses<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let begin = self.at;
            let rest = self.text.get(begin..).filter(|rest| !rest.is_empty())?;
            let (end, cut) = self.cut(rest).unwrap_or((rest.len(), 0));
            self.at = begin + end + cut;
            let found = self.without_signs(begin..begin + end);
            if !found.is_empty() {
                return Some(found);
            }
        }
    }
}

impl Clauses<'_> {
    /// Where the clause at the beginning of `rest` ends, and how many bytes come between it and the next.
    fn cut(&self, rest: &str) -> Option<(usize, usize)> {
        let mut before = None;
        let mut chars = rest.char_indices();
        while let Some((at, c)) = chars.next() {
            let after = chars.as_str();
            if is_between(before, c, after.chars().next()) {
                return Some((at, c.len_utf8()));
            }
            // A word begins after what is none, which at the very beginning is what joined it to the clause before.
            if c.is_alphabetic()
                && !before.is_some_and(is_of_word)
                && let Some(length) = rest.get(at..).and_then(|rest| self.joins(rest))
            {
                return Some((at, length));
            }
            before = Some(c);
        }
        None
    }

    /// The length of the joining words that `rest` begins with.
    fn joins(&self, rest: &str) -> Option<usize> {
        let lengths = self.joining.iter().filter_map(|words| {
            let length = begins_with(rest, words)?;
            (!rest.get(length..)?.starts_with(is_of_word)).then_some(length)
        });
        lengths.max()
    }

    /// The place without blanks and punctuation around what stands there; `C++`, `.NET` and `50%` keep theirs.
    fn without_signs(&self, at: Range<usize>) -> Range<usize> {
        let at = trimmed(self.text, at);
        let Some(part) = self.text.get(at.clone()).filter(|part| part.contains(char::is_alphanumeric)) else {
            return at.start..at.start;
        };
        let sign = |c: char| {
            c.is_whitespace() || (c.is_ascii_punctuation() && !"+#%$&.".contains(c)) || "“”‘’«»…·•–—".contains(c)
        };
        let begin = part.len() - part.trim_start_matches(sign).len();
        let end = part.trim_end_matches(|c| sign(c) || c == '.').len();
        at.start + begin..at.start + end
    }
}

/// Whether a sign stands between two clauses. A comma in a number does not, nor a stroke or a hyphen in a word.
fn is_between(before: Option<char>, c: char, after: Option<char>) -> bool {
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    match c {
        ',' | ':' => !(digit(before) && digit(after)),
        _ if BETWEEN.contains(c) => true,
        '-' | '–' | '/' => blank(before) && blank(after),
        '.' => blank(after) && before.is_some_and(|c| c.is_alphanumeric() || c == ')'),
        _ => false,
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '_')
}

/// The length of what `text` begins with, where that is `words` in any case.
fn begins_with(text: &str, words: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in words.chars() {
        let c = rest.next()?;
        if c != expected && !c.to_lowercase().eq(std::iter::once(expected)) {
            return None;
        }
    }
    Some(text.len() - rest.as_str().len())
}

/// Words that join clauses, in lower case, with semicolons between them.
const fn joining(language: Language) -> &'static str {
    match language {
        Language::English => {
            "and;or;and/or;nor;but;with;including;includes;include;such as;for example;e.g.;i.e.;using;\
             through;via;as well as;along with;together with;plus;in order to"
        }
        Language::Spanish => {
            "y;e;o;u;y/o;con;pero;incluyendo;incluidos;incluidas;como;tales como;así como;por ejemplo;\
             mediante;utilizando;usando"
        }
        Language::French => {
            "et;ou;et/ou;mais;avec;y compris;tels que;telles que;tel que;telle que;comme;ainsi que;\
             par exemple;notamment;en utilisant"
        }
        Language::German => {
            "und;oder;und/oder;aber;mit;sowie;einschließlich;inklusive;inkl.;wie;zum beispiel;z. b.;z.b.;\
             bzw.;beziehungsweise;mithilfe;insbesondere"
        }
        Language::Portuguese => {
            "e;ou;e/ou;mas;com;incluindo;como;tais como;bem como;assim como;por exemplo;utilizando;usando"
        }
        Language::Norwegian => {
            "og;eller;og/eller;men;med;samt;inkludert;som for eksempel;for eksempel;f.eks.;ved hjelp av"
        }
        Language::Italian => {
            "e;ed;o;e/o;ma;con;inclusi;incluse;compresi;comprese;come;ad esempio;nonché;utilizzando;\
             mediante"
        }
        Language::Dutch => "en;of;en/of;maar;met;inclusief;zoals;bijvoorbeeld;evenals;waaronder",
        Language::Swedish => "och;eller;och/eller;men;med;samt;inklusive;såsom;till exempel;t.ex.",
        Language::Danish => "og;eller;og/eller;men;med;samt;herunder;for eksempel;f.eks.;såsom",
        Language::Finnish => "ja;tai;ja/tai;sekä;mutta;kuten;esimerkiksi;esim.;mukaan lukien",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::clauses;

    #[track_caller]
    fn check(sentence: &str, expected: &[&str]) {
        let found: Vec<&str> = clauses(sentence).map(|at| &sentence[at]).collect();
        assert_eq!(found, expected, "{sentence:?}");
    }

    #[test]
    fn sentences_are_cut_where_they_join() {
        check("", &[]);
        check(" , and (or) ", &[]);
        check("Test water", &["Test water"]);
        check(
            "Collect and test water samples, including chlorine residual and turbidity.",
            &["Collect", "test water samples", "chlorine residual", "turbidity"],
        );
        check(
            "Experience with C++, .NET, C# and/or SQL (e.g. Oracle)",
            &["Experience", "C++", ".NET", "C#", "SQL", "Oracle"],
        );
        check(
            "Handle 1,000 requests at 10:30 in a TCP/IP network",
            &["Handle 1,000 requests at 10:30 in a TCP/IP network"],
        );
        check("Read music as well as lyrics – aloud; with feeling!", &["Read music", "lyrics", "aloud", "feeling"]);
        check("An android with an or-gate", &["An android", "an or-gate"]);
        check("Draw a graph using x and y", &["Draw a graph", "x", "y"]);
        check("AND OR WITH Pumps", &["Pumps"]);
        check("Analizar los datos y escribir con claridad", &["Analizar los datos", "escribir", "claridad"]);
        check(
            "Die Daten auswerten und mit den Grenzwerten vergleichen",
            &["Die Daten auswerten", "den Grenzwerten vergleichen"],
        );
        check("水質検査、記録（毎日）", &["水質検査", "記録", "毎日"]);
        check("فحص المياه، تسجيل القراءات", &["فحص المياه", "تسجيل القراءات"]);
        check("🧪 test, 🚰 log", &["🧪 test", "🚰 log"]);
    }

    #[test]
    fn long_sentences_take_one_pass() {
        for unit in ["and ", ",", "a,", "such ", "a ", "x", "with", "("] {
            let text = unit.repeat(200_000);
            assert!(clauses(&text).count() <= text.len());
            assert_eq!(clauses(&format!("{text} b, c, d")).take(24).filter(std::ops::Range::is_empty).count(), 0);
        }
    }

    proptest! {
        #[test]
        fn places_are_in_order(sentence in "[a-e ,;.()/\u{2013}-]{0,20}(and |or |such as |und |é|水|، ){0,5}[a-e ,]{0,20}") {
            let mut before = 0;
            for at in clauses(&sentence) {
                prop_assert!(at.start >= before && sentence[at.clone()].contains(char::is_alphanumeric));
                before = at.end;
            }
        }
    }
}

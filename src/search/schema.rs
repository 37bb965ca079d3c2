//! The fields of the index, and how their texts become terms.
//!
//! Whatever changes here changes [`FORMAT`], so that indexes made before are made anew.

use tantivy::schema::{BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::text::words;

/// The number of this layout of the index.
pub(super) const FORMAT: u32 = 4;

/// Ends one term of a bag and begins its weight.
pub(super) const WEIGHT: char = '\u{1}';

/// The fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// Package, class and identifier, hashed: what entries are replaced by.
    pub key: Field,
    /// The identifier, hashed.
    pub id: Field,
    /// The framework.
    pub package: Field,
    /// Frameworks whose objects this entry's text was taken from, besides its own.
    pub near: Field,
    /// The item itself and those above it, hashed.
    pub under: Field,
    /// What people read of it, without endings, each term as often as its fields weigh (BM25F with
    /// one length): frequencies, no places.
    pub text: Field,
    /// What stands around it: words of what is above it, of its framework, and of what it is the same
    /// as, without endings.
    pub around: Field,
    /// What people read of it, word for word, with places.
    pub words: Field,
    /// Its codes, in all the ways they are looked for.
    pub code: Field,
    /// Its uri, as far as it matters where it leads, hashed.
    pub uri: Field,
    /// What it says in whole, and its short statement, hashed.
    pub said: Field,
    /// `credential` where a credential can be issued for it.
    pub mark: Field,
    pub kind: Field,
    pub item_type: Field,
    pub grade: Field,
    pub subject: Field,
    pub language: Field,
    pub status: Field,
    pub creator: Field,
    /// When it last changed, in seconds since 1970.
    pub changed: Field,
    /// Since when it is retired, in seconds since 1970; far in the future when it is not.
    pub ends: Field,
    /// Its place in the tree of its framework.
    pub place: Field,
    /// A hash of all that is indexed of it.
    pub digest: Field,
    /// What answers are made of: see `entry::Shown`.
    pub shown: Field,
    /// For what only says that an object of another framework is the same as one of this: that
    /// object's identifier, hashed, and the text of this one.
    pub target: Field,
}

/// The schema, and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let hashed = || NumericOptions::default().set_indexed();
    let column = || NumericOptions::default().set_fast();
    let text = |tokenizer: &str, option, norms| {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option).set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let whole = || text("raw", IndexRecordOption::Basic, false);
    let facet = || text("words", IndexRecordOption::Basic, false).set_fast("raw");
    let fields = Fields {
        key: builder.add_u64_field("key", hashed().set_fast()),
        id: builder.add_u64_field("id", hashed()),
        package: builder.add_text_field("package", whole().set_fast("raw")),
        near: builder.add_text_field("near", whole()),
        under: builder.add_u64_field("under", hashed()),
        text: builder.add_text_field("text", text("bag", IndexRecordOption::WithFreqs, true)),
        around: builder.add_text_field("around", text("bag", IndexRecordOption::Basic, false)),
        words: builder.add_text_field("words", text("words", IndexRecordOption::WithFreqsAndPositions, false)),
        code: builder.add_text_field("code", whole()),
        uri: builder.add_u64_field("uri", hashed()),
        said: builder.add_u64_field("said", hashed()),
        mark: builder.add_text_field("mark", whole()),
        kind: builder.add_text_field("kind", whole().set_fast("raw")),
        item_type: builder.add_text_field("type", facet()),
        grade: builder.add_text_field("grade", facet()),
        subject: builder.add_text_field("subject", facet()),
        language: builder.add_text_field("language", facet()),
        status: builder.add_text_field("status", text("words", IndexRecordOption::Basic, false)),
        creator: builder.add_text_field("creator", text("words", IndexRecordOption::Basic, false)),
        changed: builder.add_i64_field("changed", column()),
        ends: builder.add_i64_field("ends", column()),
        place: builder.add_u64_field("place", column()),
        digest: builder.add_u64_field("digest", column()),
        shown: builder.add_bytes_field("shown", BytesOptions::default().set_stored()),
        target: builder.add_u64_field("target", hashed()),
    };
    (builder.build(), fields)
}

/// The tokenizers that the schema names.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register("words", TextAnalyzer::from(WordTokenizer(Buffer::default())));
    manager.register("bag", TextAnalyzer::from(BagTokenizer(Token::default())));
    manager
}

/// Cuts a text into folded words.
#[derive(Clone, Default)]
struct WordTokenizer(Buffer);

/// The words of a text, and which of them is next.
#[derive(Clone, Default)]
struct Buffer {
    words: Vec<String>,
    next: usize,
    token: Token,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        let buffer = &mut self.0;
        buffer.words.clear();
        buffer.words.extend(words(text).map(|word| word.text.into_owned()));
        buffer.next = 0;
        buffer.token.reset();
        WordStream(buffer)
    }
}

struct WordStream<'a>(&'a mut Buffer);

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.0.words.get_mut(self.0.next) else { return false };
        self.0.token.text = std::mem::take(word);
        self.0.token.position = self.0.next;
        self.0.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.0.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.0.token
    }
}

/// Reads a bag: terms with a space between them, each with its weight.
#[derive(Clone, Default)]
struct BagTokenizer(Token);

impl Tokenizer for BagTokenizer {
    type TokenStream<'a> = BagStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BagStream<'a> {
        self.0.reset();
        BagStream { token: &mut self.0, rest: text.split(' '), left: 0 }
    }
}

struct BagStream<'a> {
    token: &'a mut Token,
    rest: std::str::Split<'a, char>,
    /// How often the token is still to be given.
    left: u32,
}

impl TokenStream for BagStream<'_> {
    fn advance(&mut self) -> bool {
        if self.left == 0 {
            let Some(part) = self.rest.find(|part| !part.is_empty()) else { return false };
            let (term, weight) = part.split_once(WEIGHT).unwrap_or((part, "1"));
            self.token.text.clear();
            self.token.text.push_str(term);
            self.left = weight.parse().unwrap_or(1).max(1);
        }
        self.left -= 1;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_gives_each_term_as_often_as_it_weighs() {
        let mut tokenizers = tokenizers().get("bag").unwrap();
        let mut stream = tokenizers.token_stream("add\u{1}3 number  two\u{1}2");
        let mut terms = Vec::new();
        stream.process(&mut |token| terms.push(token.text.clone()));
        assert_eq!(terms, ["add", "add", "add", "number", "two", "two"]);
    }
}

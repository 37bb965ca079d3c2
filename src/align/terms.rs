//! Terms: the words of a text as they are compared, numbered by the vocabulary of a collection.

use std::collections::HashMap;

use crate::text::{Language, plain, words};

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 65_536;

/// Stems that were found before: a collection has few words and many texts.
#[derive(Default)]
pub(super) struct Stems(HashMap<(Language, String), Option<String>>);

impl Stems {
    /// The stems of a text, in order, without small words. A text whose language is not told is taken for English.
    pub(super) fn of(&mut self, text: &str, language: Option<&str>) -> Vec<String> {
        let cut = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let text = plain(text.get(..cut).unwrap_or_default());
        let language = match language.filter(|tag| !tag.trim().is_empty()) {
            Some(tag) => Language::of_tag(tag),
            None => Some(Language::English),
        };
        let found = words(&text).filter_map(|word| match language {
            None => Some(word.text.into_owned()),
            Some(language) => {
                let written = text.get(word.at.clone()).unwrap_or(&word.text);
                let known = self.0.entry((language, written.to_owned()));
                known.or_insert_with(|| (!language.is_small(&word.text)).then(|| language.stem(written))).clone()
            }
        });
        found.collect()
    }
}

/// The terms of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    pub(super) in_order: Vec<u32>,
    /// Each once, in the order of numbers.
    pub(super) distinct: Vec<u32>,
    /// How much all of them tell, each once.
    pub(super) weight: f32,
}

impl Terms {
    pub(super) fn of(in_order: Vec<u32>) -> Terms {
        let mut distinct = in_order.clone();
        distinct.sort_unstable();
        distinct.dedup();
        Terms { in_order, distinct, weight: 0.0 }
    }

    pub(super) fn weigh(&mut self, vocabulary: &Vocabulary) {
        self.weight = self.distinct.iter().map(|term| vocabulary.weight(*term)).sum();
    }

    /// Whether a text of these terms has others in it, in their order and together.
    pub(super) fn has_run(&self, run: &Terms) -> bool {
        let run = &run.in_order;
        !run.is_empty() && run.len() <= self.in_order.len() && self.in_order.windows(run.len()).any(|some| some == run)
    }
}

/// The words of a collection, each with a number and how much it tells.
#[derive(Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<String, u32>,
    words: Vec<String>,
    /// In how many items each stands.
    items: Vec<u32>,
    /// How many items there are.
    count: u32,
}

impl Vocabulary {
    /// The numbers of an item's terms; words that are new get one.
    pub(super) fn add(&mut self, stems: &[String]) -> Vec<u32> {
        let numbers = stems.iter().map(|stem| match self.numbers.get(stem) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
                self.numbers.insert(stem.clone(), number);
                self.words.push(stem.clone());
                self.items.push(0);
                number
            }
        });
        numbers.collect()
    }

    /// Counts one item with these terms.
    pub(super) fn count(&mut self, terms: &Terms) {
        for term in &terms.distinct {
            if let Some(count) = self.items.get_mut(*term as usize) {
                *count += 1;
            }
        }
        self.count += 1;
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// A word by its number.
    pub(super) fn word(&self, term: u32) -> Option<&str> {
        self.words.get(term as usize).map(String::as_str)
    }

    /// The terms of a query. Words that no item has are left out, but weigh: they tell that something is asked for
    /// that is not here.
    pub(super) fn look_up(&self, stems: &[String]) -> Terms {
        let known = stems.iter().filter_map(|stem| self.numbers.get(stem).copied()).collect();
        let mut terms = Terms::of(known);
        terms.weigh(self);
        let mut unknown: Vec<&String> = stems.iter().filter(|stem| !self.numbers.contains_key(*stem)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown.iter().for_each(|_| terms.weight += self.weight(u32::MAX));
        terms
    }

    /// How much a term tells: the rarer, the more. One that no item has tells most.
    pub(super) fn weight(&self, term: u32) -> f32 {
        let standing = self.items.get(term as usize).copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "counts of items")]
        let (count, standing) = (self.count as f32, standing as f32);
        (1.0 + (count - standing + 0.5) / (standing + 0.5)).ln()
    }
}

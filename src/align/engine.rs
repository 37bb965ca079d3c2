//! Aligning: a query, some collections, and what they have for it.

use std::ops::Range;

use super::asked::{Asked, embed_all};
use super::codes::{Named, named};
use super::collection::{Collection, Embedded};
use super::decided::Decided;
use super::embed::Encoder;
use super::features::{Features, Looked, candidates};
use super::query::Query;
use super::quoted::quoted;
use super::rank::{Ranked, rank};
use super::relation::{Relation, relation};
use super::signals::Signals;
use super::threads::side_by_side;

/// Below this confidence of the first, nothing is claimed.
pub const REFUSED_BELOW: f32 = 0.25;
/// How sure an item is that a text names by its code, alone or among other words.
const BY_CODE_ALONE: f32 = 0.99;
const BY_CODE: f32 = 0.97;
/// How many words an explanation names.
const WORDS: usize = 8;

/// A collection to look in.
pub struct Within<'a> {
    pub collection: &'a Collection,
    /// Its vectors, of the encoder that the query is given with.
    pub embedded: Option<Embedded<'a>>,
    /// Which items may be answered, by their number.
    pub may: &'a (dyn Fn(usize) -> bool + Sync),
}

/// What came of a query.
#[derive(Clone, Debug, Default)]
pub struct Aligned {
    /// The best first.
    pub matches: Vec<Match>,
    /// Whether nothing fits well enough to be claimed.
    pub none: bool,
    /// Whether meanings were compared, and not only words.
    pub semantic: bool,
}

/// One item for a query.
#[derive(Clone, Debug)]
pub struct Match {
    /// Which collection, and which item of it.
    pub collection: usize,
    pub item: usize,
    /// Only to be compared within one answer.
    pub score: f32,
    /// How often such an answer is right, from 0 to 1.
    pub confidence: f32,
    pub relation: Relation,
    pub why: Why,
}

/// Why an item was found.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// Whether it was decided before.
    pub by_decision: bool,
    /// Whether the text names its code.
    pub by_code: bool,
    /// Where in the query's text: the code, or the piece that fits best; in bytes.
    pub at: Option<Range<usize>>,
    /// Words that both have, without their endings, those that tell most first.
    pub words: Vec<String>,
    /// How alike meanings are, where they were compared.
    pub cosine: Option<f32>,
    /// How much of the item's statement the query says.
    pub covered: f32,
    /// How many years lie between the grades, where both are known.
    pub grade_gap: Option<f32>,
}

/// Finds at most `most` items for a query: those that it names by code, then those that its text is about.
#[must_use]
pub fn align(query: &Query, encoder: Option<&Encoder>, threads: usize, within: &[Within<'_>], most: usize) -> Aligned {
    align_all(std::slice::from_ref(query), &[], encoder, threads, within, most).pop().unwrap_or_default()
}

/// [`align`] for several queries, in their order: what they say is embedded together, and the rest done side by side. What
/// was `decided` of each comes first, or is left out.
#[must_use]
pub fn align_all(
    queries: &[Query],
    decided: &[Decided],
    encoder: Option<&Encoder>,
    threads: usize,
    within: &[Within<'_>],
    most: usize,
) -> Vec<Aligned> {
    let mut asked: Vec<Asked<'_>> = queries.iter().map(Asked::new).collect();
    let encoder = encoder.filter(|_| within.iter().any(|one| one.embedded.is_some()));
    if let Some(encoder) = encoder {
        embed_all(&mut asked, encoder, threads);
    }
    // Where some collections have no vectors, cosines would tell these apart from the others and nothing else.
    let semantic =
        encoder.is_some() && within.iter().all(|one| one.embedded.is_some() || one.collection.items().is_empty());
    let open = Decided::default();
    let decided = decided.iter().chain(std::iter::repeat(&open));
    let all: Vec<(&Asked<'_>, &Decided)> = asked.iter().zip(decided).collect();
    side_by_side(&all, threads, |(asked, decided)| find(asked, decided, within, semantic, most))
}

fn find(asked: &Asked<'_>, decided: &Decided, within: &[Within<'_>], semantic: bool, most: usize) -> Aligned {
    let query = asked.query;
    let looked: Vec<Looked<'_>> = within.iter().map(|one| look(asked, one)).collect();
    let ranked = rank(candidates(asked, &looked), semantic);
    let names: Vec<(&Collection, &dyn Fn(usize) -> bool)> =
        within.iter().map(|one| (one.collection, one.may as &dyn Fn(usize) -> bool)).collect();
    let found = |key: (usize, usize)| {
        let one = ranked.iter().find(|one| (one.candidate.collection, one.candidate.item as usize) == key);
        one.and_then(|one| by_text(one, asked, &looked, semantic))
    };
    let mut matches: Vec<Match> =
        decided.accepted.iter().filter_map(|key| by_decision(*key, found(*key), query, within)).collect();
    let is_new = |matches: &[Match], key: (usize, usize)| {
        !decided.rejected.contains(&key) && !matches.iter().any(|known| (known.collection, known.item) == key)
    };
    for one in named(query, &names) {
        if is_new(&matches, (one.collection, one.item as usize)) {
            matches.push(by_code(&one, query, within));
        }
    }
    for (at, sure) in quoted(query, &looked, &ranked) {
        let Some(one) = ranked.get(at) else { continue };
        if is_new(&matches, (one.candidate.collection, one.candidate.item as usize)) {
            let found = by_text(one, asked, &looked, semantic);
            matches.extend(found.map(|found| Match { confidence: found.confidence.max(sure), ..found }));
        }
    }
    for one in &ranked {
        if matches.len() >= most {
            break;
        }
        let key = (one.candidate.collection, one.candidate.item as usize);
        if is_new(&matches, key) {
            matches.extend(by_text(one, asked, &looked, semantic));
        }
    }
    matches.truncate(most);
    let none = matches.first().is_none_or(|first| first.confidence < REFUSED_BELOW);
    Aligned { matches, none, semantic }
}

fn look<'c>(asked: &Asked<'_>, within: &Within<'c>) -> Looked<'c> {
    let Within { collection, embedded, may } = within;
    let terms = asked.terms(&collection.vocabulary);
    let (signals, chosen) = Signals::of(asked, &terms, collection, *embedded, *may);
    Looked { collection, terms, signals, chosen }
}

/// What was decided is sure; what is known of it otherwise is told as well.
fn by_decision(key: (usize, usize), found: Option<Match>, query: &Query, within: &[Within<'_>]) -> Option<Match> {
    let (collection, item) = key;
    let number = u32::try_from(item).ok()?;
    let claimed = |collection| relation(&query.text, query.code.as_deref(), &query.grades, collection, number);
    let found = match found {
        Some(found) => found,
        None => Match {
            collection,
            item,
            score: 0.0,
            confidence: 0.0,
            relation: claimed(within.get(collection)?.collection),
            why: Why::default(),
        },
    };
    Some(Match { score: 100.0, confidence: 1.0, why: Why { by_decision: true, ..found.why }, ..found })
}

fn by_code(named: &Named, query: &Query, within: &[Within<'_>]) -> Match {
    // The same code in several frameworks is not known to mean one of them more than the other.
    #[expect(clippy::cast_precision_loss, reason = "at most a handful")]
    let confidence = if named.alone { BY_CODE_ALONE } else { BY_CODE } / named.of as f32;
    let collection = within.get(named.collection).map(|one| one.collection);
    let alone = query.text.get(named.at.clone()).unwrap_or_default();
    let rest = query.text.replacen(alone, "", 1);
    let claim = |collection: &Collection| relation(&rest, None, &query.grades, collection, named.item);
    Match {
        collection: named.collection,
        item: named.item as usize,
        score: 100.0,
        confidence,
        relation: collection.map_or(Relation::Related, claim),
        why: Why { by_code: true, at: Some(named.at.clone()), covered: 1.0, ..Why::default() },
    }
}

fn by_text(ranked: &Ranked, asked: &Asked<'_>, looked: &[Looked<'_>], semantic: bool) -> Option<Match> {
    let Ranked { candidate, score, confidence } = ranked;
    let looked = looked.get(candidate.collection)?;
    let query = asked.query;
    let features = &candidate.features;
    let relation = relation(&query.text, query.code.as_deref(), &query.grades, looked.collection, candidate.item);
    Some(Match {
        collection: candidate.collection,
        item: candidate.item as usize,
        score: *score,
        confidence: *confidence,
        relation,
        why: why(features, asked, looked, candidate.item, semantic)?,
    })
}

fn why(features: &Features, asked: &Asked<'_>, looked: &Looked<'_>, item: u32, semantic: bool) -> Option<Why> {
    let vocabulary = &looked.collection.vocabulary;
    let item = looked.collection.prepared.get(item as usize)?;
    let is_common = |term: &&u32| item.everything.distinct.binary_search(term).is_ok();
    let mut common: Vec<u32> = looked.terms.full.distinct.iter().filter(is_common).copied().collect();
    common.sort_by(|a, b| vocabulary.weight(*b).total_cmp(&vocabulary.weight(*a)).then(a.cmp(b)));
    let fits = |terms: &super::terms::Terms| -> f32 {
        let common = terms.distinct.iter().filter(|term| item.statement.distinct.binary_search(term).is_ok());
        common.map(|term| vocabulary.weight(*term)).sum()
    };
    let pieces = asked.pieces.iter().zip(&looked.terms.pieces).filter(|(piece, _)| piece.at.is_some());
    let mut best: Option<(f32, Range<usize>)> = None;
    for (piece, terms) in pieces {
        let fit = fits(terms) / (1.0 + terms.weight).sqrt();
        if fit > best.as_ref().map_or(0.0, |(known, _)| *known) {
            best = piece.at.clone().map(|at| (fit, at));
        }
    }
    Some(Why {
        by_decision: false,
        by_code: false,
        at: best.map(|(_, at)| at),
        words: common.iter().take(WORDS).filter_map(|term| vocabulary.word(*term)).map(str::to_owned).collect(),
        cosine: semantic.then_some(features.cosine_piece.max(features.cosine_full)),
        covered: features.item_covered,
        grade_gap: (features.grade_known > 0.0).then_some(features.grade_gap),
    })
}

/// What is known of every candidate of a query, for training: collection, item, and the numbers that [`known_names`]
/// names.
#[must_use]
pub fn known(
    query: &Query,
    encoder: Option<&Encoder>,
    threads: usize,
    within: &[Within<'_>],
) -> Vec<(usize, usize, Vec<f32>)> {
    let mut asked = Asked::new(query);
    if let Some(encoder) = encoder {
        embed_all(std::slice::from_mut(&mut asked), encoder, threads);
    }
    let looked: Vec<Looked<'_>> = within.iter().map(|one| look(&asked, one)).collect();
    let all = candidates(&asked, &looked).into_iter();
    all.map(|one| (one.collection, one.item as usize, one.features.numbers().to_vec())).collect()
}

/// The names of what [`known`] tells.
#[must_use]
pub fn known_names() -> &'static [&'static str] {
    Features::NAMES
}

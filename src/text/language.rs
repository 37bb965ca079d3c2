//! Languages: which one a text is in, which of its words say nothing, and what is left of a word
//! without its endings.
//!
//! Stemmers are Snowball's; the lists of words are our own choice of each language's small words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::fold::fold;
use super::words::words;

/// A language whose endings are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    English,
    Spanish,
    French,
    German,
    Portuguese,
    Norwegian,
    Italian,
    Dutch,
    Swedish,
    Danish,
    Finnish,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 11] = [
        Language::English,
        Language::Spanish,
        Language::French,
        Language::German,
        Language::Portuguese,
        Language::Norwegian,
        Language::Italian,
        Language::Dutch,
        Language::Swedish,
        Language::Danish,
        Language::Finnish,
    ];

    /// The language of a tag (BCP 47: `en`, `pt-BR`, `nb`), whatever its case; `None` for one whose
    /// endings are not known.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match primary.as_str() {
            "en" | "eng" => Language::English,
            "es" | "spa" => Language::Spanish,
            "fr" | "fra" | "fre" => Language::French,
            "de" | "deu" | "ger" => Language::German,
            "pt" | "por" => Language::Portuguese,
            "no" | "nb" | "nn" | "nor" | "nob" | "nno" => Language::Norwegian,
            "it" | "ita" => Language::Italian,
            "nl" | "nld" | "dut" => Language::Dutch,
            "sv" | "swe" => Language::Swedish,
            "da" | "dan" => Language::Danish,
            "fi" | "fin" => Language::Finnish,
            _ => return None,
        })
    }

    /// The language that most of a text's small words belong to, of those with as many the first of
    /// [`Language::ALL`]; `None` when it has none.
    #[must_use]
    pub fn guess(text: &str) -> Option<Language> {
        let mut counts = [0_usize; Language::ALL.len()];
        for word in words(text).take(200) {
            for (language, count) in Language::ALL.iter().zip(&mut counts) {
                *count += usize::from(language.is_small(&word.text));
            }
        }
        let most = counts.iter().copied().max().filter(|most| *most > 0)?;
        Language::ALL.into_iter().zip(counts).find(|(_, count)| *count == most).map(|(language, _)| language)
    }

    /// Whether a folded word says nothing of what a text is about.
    #[must_use]
    pub fn is_small(self, folded: &str) -> bool {
        static SETS: LazyLock<HashMap<Language, HashSet<&'static str>>> = LazyLock::new(|| {
            Language::ALL.into_iter().map(|language| (language, language.small_words().split(' ').collect())).collect()
        });
        SETS.get(&self).is_some_and(|small| small.contains(folded))
    }

    /// A word without its endings, folded. The word need not be folded: some endings are told by
    /// their accents.
    #[must_use]
    pub fn stem(self, word: &str) -> String {
        let lower = word.to_lowercase();
        fold(&Stemmer::new(self.algorithm()).stem(&lower)).into_owned()
    }

    const fn algorithm(self) -> Algorithm {
        match self {
            Language::English => Algorithm::English,
            Language::Spanish => Algorithm::Spanish,
            Language::French => Algorithm::French,
            Language::German => Algorithm::German,
            Language::Portuguese => Algorithm::Portuguese,
            Language::Norwegian => Algorithm::Norwegian,
            Language::Italian => Algorithm::Italian,
            Language::Dutch => Algorithm::Dutch,
            Language::Swedish => Algorithm::Swedish,
            Language::Danish => Algorithm::Danish,
            Language::Finnish => Algorithm::Finnish,
        }
    }

    /// Articles, pronouns, prepositions, conjunctions and auxiliary verbs, folded.
    const fn small_words(self) -> &'static str {
        match self {
            Language::English => {
                "a about after all also am an and any are as at be because been before being between both but by can \
                 could did do does doing during each either etc for from further had has have having he her here hers him his \
                 how i if in into is it its itself me more most my no nor not of off on once only or other our ours out \
                 over own s same shall she should so some such t than that the their theirs them then there these they \
                 this those through to too under until up us very was we were what when where which while who whom why \
                 will with within would you your yours"
            }
            Language::Spanish => {
                "a al algo ante antes aquel aquella como con contra cual cuando de del desde donde durante e el ella \
                 ellas ellos en entre era es esa esas ese eso esos esta estan estar estas este esto estos fue ha hasta \
                 hay la las le les lo los mas me mi muy ni no nos o os otra otro otros para pero por porque que quien se \
                 segun ser si sin sobre son su sus tambien tanto te tiene todo todos tu u un una unas uno unos y ya yo"
            }
            Language::French => {
                "a afin ai ainsi as au aussi autre autres aux avec avoir c ce cela ces cet cette ceux chaque ci comme d \
                 dans de des donc dont du elle elles en entre est et etc etre eu eux fait il ils j je l la le les leur \
                 leurs lors lui m ma mais me meme mes mon n ne ni nos notre nous on ont ou par pas pour qu que quel \
                 quelle quelles quels qui s sa sans se selon ses si son sont sous sur t ta te tes tu un une vers vos \
                 votre vous y"
            }
            Language::German => {
                "aber als am an auch auf aus bei beim bis da damit dann das dass dem den denn der des die dies diese \
                 diesem diesen dieser dieses doch durch ein eine einem einen einer eines er es etwa fur gegen hat ich \
                 ihr ihre ihrem ihren ihrer im in ist ja je jede jedem jeden jeder jedes kann konnen man mit nach nicht \
                 noch nur ob oder ohne sein seine sich sie sind so sowie uber um und uns unter vom von vor wenn werden \
                 wie wird wir zu zum zur zwischen"
            }
            Language::Portuguese => {
                "a ao aos aquela aquele as ate com como da das de dela dele deles depois do dos e ela elas ele eles em \
                 entre era essa essas esse esses esta estas este estes foi ha isso isto ja la lhe mais mas me mesmo meu \
                 minha muito na nas nao nem no nos o os ou para pela pelas pelo pelos per por porque qual quando que \
                 quem se sem ser seu seus so sobre sua suas tambem te tem um uma umas uns voce"
            }
            Language::Norwegian => {
                "a alle at av bade ble bli blir da de deg dei dem den denne der deres det dette du eg ei ein eit eller en \
                 er et etter for fra ha han har hun hva hvor hvordan i ikke ikkje inn jeg kan kva med mellom men mot na \
                 nar no noe og ogsa om opp over pa sa seg selv sin sine sitt skal slik som til under ut ved vi vil"
            }
            Language::Italian => {
                "a ad agli ai al alla alle allo anche che chi ci come con cui da dagli dai dal dalla dalle degli dei del \
                 della delle dello di e ed era essere fra gli ha hanno i il in io la le lei lo loro lui ma mi nei nel nella \
                 nelle no non o per piu quale quali quando quello questa queste questi questo se si sia sono su sua sue \
                 sui sul sulla suo tra tu un una uno"
            }
            Language::Dutch => {
                "aan al als bij dan dat de der deze die dit door een en er haar had heeft hem het hij hoe hun ik in is je \
                 kan maar me men met mijn naar niet nog nu of om omdat onder ook op over te ten tot uit van veel voor was \
                 wat we wel werd wie wij worden wordt zal ze zich zij zijn zo zonder"
            }
            Language::Swedish => {
                "alla att av blir da de dem den denna deras dess det detta du efter ej eller en er ett fran for ha han \
                 har hon hur i icke ingen inom inte jag kan man med mellan men mig mot ni nu nar nagot och om pa sa sin \
                 sina sitt ska som till under upp ut vad var vara vi vid vilka vilken at over"
            }
            Language::Danish => {
                "af alle at blev blive bliver da de dem den denne der deres det dette dig du efter eller en end er et for \
                 fra ham han har have her hun hvad hvis hvor i ikke ind jeg kan man med meget mellem men mod ned nogle \
                 nogen nu nar og ogsa om op os over pa samt selv sig sin sine sit skal som til ud under var ved vi vil"
            }
            Language::Finnish => {
                "ei eika ellei eli en etta han he hyvin ja joiden joita joka joko jolla jonka jos jossa jota jotka kanssa \
                 ketka kuin kuka kun me mika mikali minka mita mukaan mutta myos nain ne niin niiden niita ole oli olla \
                 on ovat se seka sen sita ta tai taman tama tassa te"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (language, forms) in [
            (Language::English, &["fractions", "fraction", "Fraction's"][..2]),
            (Language::English, &["multiply", "multiplied", "multiplying"]),
            (Language::Spanish, &["ecuación", "ecuaciones"]),
            (Language::French, &["résoudre", "résoudre"]),
            (Language::French, &["compétences", "compétence"]),
            (Language::German, &["Brüche", "Brüchen"]),
            (Language::Portuguese, &["frações", "fração"][..1]),
            (Language::Norwegian, &["ferdigheter", "ferdighet"]),
        ] {
            let stems: Vec<String> = forms.iter().map(|form| language.stem(form)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{language:?} {stems:?}");
        }
    }

    #[test]
    fn a_language_is_told_by_its_small_words() {
        for (text, language) in [
            ("Understand that a fraction is a part of the whole", Some(Language::English)),
            ("Comprendre que la fraction est une partie du tout", Some(Language::French)),
            ("Leser og forstår en tekst som handler om naturen", Some(Language::Norwegian)),
            ("Erklären, wie sich die Brüche und das Ganze zueinander verhalten", Some(Language::German)),
            ("Comprender los números y las operaciones", Some(Language::Spanish)),
            ("Compreender os números e não só as operações", Some(Language::Portuguese)),
            ("fractions", None),
            ("", None),
        ] {
            assert_eq!(Language::guess(text), language, "{text}");
        }
    }

    #[test]
    fn tags_name_languages() {
        assert_eq!(Language::of_tag("en-US"), Some(Language::English));
        assert_eq!(Language::of_tag("NN"), Some(Language::Norwegian));
        assert_eq!(Language::of_tag("tlh"), None);
        assert_eq!(Language::of_tag(""), None);
    }

    #[test]
    fn small_words_are_folded() {
        for language in Language::ALL {
            for word in language.small_words().split(' ') {
                assert_eq!(fold(word), word, "{language:?}");
            }
        }
    }
}

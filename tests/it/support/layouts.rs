//! Sheets as people lay them out: a random tree of items, written in a random layout (form of the
//! hierarchy, language of the header, titles above, order of columns, columns of no importance,
//! style of codes, merged or blank cells, a sheet per branch), with the tree that reading it must give.

mod dress;
mod generate;

use casement::tabular::cells::{Cell, Kind, Row, Sheet, Workbook};

pub use generate::generate;

/// Numbers that look random and are the same for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap_or(0) % end.max(1)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// The ways to write a hierarchy.
pub const FORMS: [&str; 20] = [
    "smart level",
    "level number",
    "spaces",
    "marks",
    "staircase",
    "blank below",
    "filled",
    "filled with codes",
    "filled, codes in cells",
    "merged",
    "numbered columns",
    "parent code",
    "parent uuid",
    "parent number",
    "parent text",
    "code",
    "outline",
    "code in statement",
    "kinds",
    "elaborations",
];

const LANGUAGES: [[&[&str]; 9]; 9] = [
    // statement, code, grade, type, notes, keywords, level, parent, identifier
    [
        &["Full Statement", "Statement", "standard_text", "Learning Outcome", "fullStatement", "Description"],
        &["Code", "Human Coding Scheme", "Standard ID", "Notation", "STANDARD CODE"],
        &["Grade", "Grade Level", "educationLevel", "Grades"],
        &["Type", "Item Type", "CFItemType"],
        &["Notes", "Clarification", "Comments"],
        &["Keywords", "Tags"],
        &["Level", "Depth", "Hierarchy Level"],
        &["Parent", "Parent Code", "Is Child Of"],
        &["Identifier", "UUID", "GUID"],
    ],
    [
        &["Enunciado", "Descripción", "Estándar"],
        &["Código", "Clave"],
        &["Grado", "Curso"],
        &["Tipo"],
        &["Notas", "Observaciones"],
        &["Palabras clave"],
        &["Nivel"],
        &["Código padre", "Padre"],
        &["Identificador"],
    ],
    [
        &["Énoncé", "Compétence", "Libellé"],
        &["Code"],
        &["Niveau scolaire", "Classe"],
        &["Type"],
        &["Remarques", "Précisions"],
        &["Mots-clés"],
        &["Niveau"],
        &["Code parent"],
        &["Identifiant"],
    ],
    [
        &["Kompetenz", "Beschreibung", "Kompetenzerwartung"],
        &["Code", "Kürzel"],
        &["Klasse", "Jahrgangsstufe"],
        &["Typ", "Art"],
        &["Bemerkungen", "Hinweise"],
        &["Schlagworte"],
        &["Ebene"],
        &["Übergeordneter Code"],
        &["Kennung"],
    ],
    [
        &["Habilidade", "Descrição", "Objetivo de aprendizagem"],
        &["Código"],
        &["Ano", "Série"],
        &["Tipo"],
        &["Observações"],
        &["Palavras-chave"],
        &["Nível"],
        &["Código pai", "Pai"],
        &["Identificador"],
    ],
    [
        &["Kompetansemål", "Beskrivelse"],
        &["Kode"],
        &["Trinn", "Årstrinn"],
        &["Type"],
        &["Merknader"],
        &["Nøkkelord"],
        &["Nivå"],
        &["Overordnet kode"],
        &["Identifikator"],
    ],
    [
        &["Omschrijving", "Leerdoel"],
        &["Code"],
        &["Leerjaar", "Groep"],
        &["Soort"],
        &["Opmerkingen", "Toelichting"],
        &["Trefwoorden"],
        &["Niveau"],
        &["Bovenliggende code"],
        &["Identifier"],
    ],
    [
        &["Descrizione", "Obiettivo di apprendimento"],
        &["Codice"],
        &["Anno", "Classe"],
        &["Tipo"],
        &["Osservazioni"],
        &["Parole chiave"],
        &["Livello"],
        &["Codice padre"],
        &["Identificatore"],
    ],
    [
        &["内容", "到達目標"],
        &["コード", "番号"],
        &["学年"],
        &["種別"],
        &["備考"],
        &["キーワード"],
        &["階層", "レベル"],
        &["親コード"],
        &["識別子"],
    ],
];

const LEVELS: [&[&[&str]]; 3] = [
    &[
        &["Domain", "Strand", "Area", "Learning Area"],
        &["Cluster", "Substrand", "Topic"],
        &["Standard", "Objective", "Unit"],
        &["Indicator", "Substandard", "Benchmark"],
    ],
    &[
        &["Dominio", "Eje", "Bereich", "Domaine", "Eixo"],
        &["Subdominio", "Tema", "Thema", "Thème"],
        &["Estándar", "Kompetenz", "Compétence", "Habilidade"],
        &["Indicador", "Teilkompetenz"],
    ],
    &[&["領域", "大分類"], &["分野", "中分類"], &["小分類", "項目"], &["小項目"]],
];

const NOISE: [&str; 14] = [
    "Approval Status",
    "Comments from review",
    "Page",
    "Date added",
    "Done",
    "Teacher",
    "Reviewed by",
    "Hours",
    "Week",
    "Owner",
    "DOK",
    "Priority",
    "Assessed?",
    "Textbook page",
];

const SUBJECTS: [&str; 36] = [
    "fractions",
    "decimals",
    "angles",
    "area",
    "poems",
    "essays",
    "cells",
    "forces",
    "energy",
    "maps",
    "trade",
    "rivers",
    "rhythm",
    "melody",
    "networks",
    "loops",
    "data",
    "graphs",
    "ratios",
    "proofs",
    "stories",
    "verbs",
    "plants",
    "planets",
    "voting",
    "markets",
    "tools",
    "safety",
    "budgets",
    "contracts",
    "networks of roads",
    "food chains",
    "light",
    "sound",
    "time",
    "money",
];
const VERBS: [&str; 12] = [
    "Explain",
    "Compare",
    "Describe",
    "Use",
    "Identify",
    "Solve problems with",
    "Investigate",
    "Represent",
    "Create",
    "Evaluate",
    "Plan and carry out work on",
    "Interpret",
];
const ENDS: [&str; 10] = [
    "in familiar situations",
    "with support",
    "and give reasons",
    "using drawings and words",
    "in a group of peers",
    "to make decisions",
    "from several sources",
    "and check the results",
    "over longer periods",
    "as they occur in daily life",
];
const HEADS: [&str; 30] = [
    "Number",
    "Geometry",
    "Reading",
    "Writing",
    "Matter",
    "Life",
    "Earth",
    "Space",
    "Society",
    "Work",
    "Music",
    "Movement",
    "Language",
    "Algebra",
    "Measurement",
    "Design",
    "Safety",
    "Ethics",
    "Systems",
    "Communication",
    "Operations",
    "Patterns",
    "History",
    "Culture",
    "Health",
    "Media",
    "Planning",
    "Quality",
    "Service",
    "Finance",
];

/// One item of the tree.
#[derive(Clone, Debug)]
pub struct Node {
    pub statement: String,
    pub code: String,
    pub depth: usize,
    /// Its place in the list of nodes.
    pub parent: Option<usize>,
    pub leaf: bool,
    position: Vec<usize>,
}

/// A workbook and what is in it.
pub struct Generated {
    pub workbook: Workbook,
    /// For each item the statements from the top down to it.
    pub paths: Vec<Vec<String>>,
}

struct Maker {
    dice: Dice,
    nodes: Vec<Node>,
    depth: usize,
}

impl Maker {
    fn heading(&mut self, position: &[usize]) -> String {
        let one = HEADS[(position.iter().enumerate().map(|(at, place)| place * (at * 7 + 1)).sum::<usize>()
            + self.dice.below(3))
            % HEADS.len()];
        let other = SUBJECTS[self.dice.below(SUBJECTS.len())];
        match self.dice.below(3) {
            0 => format!("{one} and {other}"),
            1 => format!("{one}: {other}"),
            _ => format!("{one} of {other}"),
        }
    }

    fn sentence(&mut self) -> String {
        let verb = VERBS[self.dice.below(VERBS.len())];
        let what = SUBJECTS[self.dice.below(SUBJECTS.len())];
        let with = SUBJECTS[self.dice.below(SUBJECTS.len())];
        let end = ENDS[self.dice.below(ENDS.len())];
        format!("{verb} {what} and {with} {end}")
    }

    fn grow(&mut self, parent: Option<usize>, position: Vec<usize>, even: bool) {
        let level = position.len();
        let (least, more) = if level == 0 {
            (2, 3)
        } else if level + 1 == self.depth {
            (2, 4)
        } else {
            (1, 3)
        };
        let count = least + self.dice.below(more);
        for number in 1..=count {
            let mut place = position.clone();
            place.push(number);
            let bottom = level + 1 == self.depth;
            let leaf = bottom || !even && level > 0 && self.dice.chance(15);
            let mut statement = if leaf { self.sentence() } else { self.heading(&place) };
            while self.nodes.iter().any(|node| node.statement == statement) {
                statement = if leaf {
                    self.sentence()
                } else {
                    self.heading(&place) + " " + SUBJECTS[self.dice.below(SUBJECTS.len())]
                };
            }
            self.nodes.push(Node {
                statement,
                code: String::new(),
                depth: level,
                parent,
                leaf,
                position: place.clone(),
            });
            let at = self.nodes.len() - 1;
            if !leaf {
                self.grow(Some(at), place, even);
            }
        }
    }

    /// Codes of one style for all.
    fn name(&mut self, style: usize) {
        let first = self.dice.below(6) + 1;
        let letter = |number: usize| char::from(b'A' + u8::try_from((number - 1) % 26).unwrap_or(0));
        for node in &mut self.nodes {
            let dotted = |sign: &str| node.position.iter().map(ToString::to_string).collect::<Vec<_>>().join(sign);
            node.code = match style {
                0 => dotted("."),
                1 => {
                    let parts = node.position.iter().enumerate().map(|(at, number)| match at {
                        0 => format!("{}{}", first, [".NF", ".OA", ".G", ".MD", ".RP"][(number - 1) % 5]),
                        1 => letter(*number).to_string(),
                        _ => number.to_string(),
                    });
                    parts.collect::<Vec<_>>().join(".")
                }
                2 => format!("MA-{}", dotted("-")),
                3 => {
                    let parts =
                        node.position.iter().enumerate().map(|(at, number)| {
                            if at % 2 == 0 { letter(*number).to_string() } else { number.to_string() }
                        });
                    parts.collect()
                }
                _ => format!("KC/{}", dotted("/")),
            };
        }
        if style == 2 {
            // The top has a code of one part.
            return;
        }
        let codes: std::collections::HashSet<&str> = self.nodes.iter().map(|node| node.code.as_str()).collect();
        assert_eq!(codes.len(), self.nodes.len(), "codes of style {style} are not unique");
    }

    fn outline(node: &Node) -> String {
        let number = *node.position.last().unwrap_or(&1);
        let roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
        match node.depth {
            0 => format!("{}.", roman[number - 1]),
            1 => format!("{}.", char::from(b'A' + u8::try_from(number - 1).unwrap_or(0))),
            2 => format!("{number}."),
            _ => format!("{}.", char::from(b'a' + u8::try_from(number - 1).unwrap_or(0))),
        }
    }

    fn path(&self, at: usize) -> Vec<usize> {
        let mut path = vec![at];
        let mut here = at;
        while let Some(parent) = self.nodes[here].parent {
            path.insert(0, parent);
            here = parent;
        }
        path
    }

    fn statements(&self, at: usize) -> Vec<String> {
        self.path(at).into_iter().map(|one| self.nodes[one].statement.clone()).collect()
    }
}

/// A column of the sheet to be: header, and a text for each row, with the kind of its cells.
struct Draft {
    header: String,
    texts: Vec<String>,
    kind: Kind,
}

fn uuid(number: usize, seed: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        seed & 0xffff_ffff,
        number & 0xffff,
        (number * 31) & 0xfff,
        (number * 17) & 0xfff,
        (number as u64).wrapping_mul(0x9e37_79b9) & 0xffff_ffff_ffff
    )
}

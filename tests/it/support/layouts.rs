//! Sheets as people lay them out: a random tree of items, written in a random layout (form of the
//! hierarchy, language of the header, titles above, order of columns, columns of no importance,
//! style of codes, merged or blank cells, a sheet per branch), with the tree that reading it must give.

use casement::tabular::cells::{Cell, Kind, Row, Sheet, Workbook};

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
    pub form: &'static str,
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
                        2 => number.to_string(),
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

    fn outline(&self, node: &Node) -> String {
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

/// Makes a sheet of a form from a seed.
pub fn generate(form: &'static str, seed: u64) -> Generated {
    let mut dice = Dice::new(seed);
    let depth = 2 + dice.below(3);
    let even = matches!(
        form,
        "filled"
            | "filled with codes"
            | "filled, codes in cells"
            | "merged"
            | "elaborations"
            | "kinds"
            | "numbered columns"
    );
    let depth = if form == "elaborations" || form == "outline" { depth.max(3) } else { depth };
    let mut maker = Maker { dice, nodes: Vec::new(), depth };
    maker.grow(None, Vec::new(), even);
    let style = maker.dice.below(5);
    maker.name(style);
    let language = if maker.dice.chance(40) { 0 } else { maker.dice.below(9) };
    let mut rows: Vec<usize> = (0..maker.nodes.len()).collect();
    let leaves: Vec<usize> = rows.iter().copied().filter(|at| maker.nodes[*at].leaf).collect();
    let with_code = maker.dice.chance(70);
    let mut drafts: Vec<Draft> = Vec::new();
    let name = |maker: &mut Maker, field: usize| maker.dice.pick(LANGUAGES[language][field]).to_owned();
    let column = |header: String, texts: Vec<String>| Draft { header, texts, kind: Kind::Text };
    let levels = match language {
        0 => LEVELS[0],
        8 => LEVELS[2],
        _ => LEVELS[1],
    };
    let level_name = |maker: &mut Maker, at: usize| maker.dice.pick(levels[at]).to_owned();
    let code_word = name(&mut maker, 1);
    let statement = |maker: &mut Maker, rows: &[usize], write: &dyn Fn(&Maker, usize) -> String| {
        let header = name(maker, 0);
        let texts = rows.iter().map(|at| write(maker, *at)).collect();
        column(header, texts)
    };
    let plain = |maker: &Maker, at: usize| maker.nodes[at].statement.clone();
    let codes = |maker: &Maker, rows: &[usize]| rows.iter().map(|at| maker.nodes[*at].code.clone()).collect::<Vec<_>>();
    match form {
        "smart level" => {
            drafts.push(column(
                "smartLevel".to_owned(),
                rows.iter()
                    .map(|at| maker.nodes[*at].position.iter().map(ToString::to_string).collect::<Vec<_>>().join("."))
                    .collect(),
            ));
            drafts.push(statement(&mut maker, &rows, &plain));
        }
        "level number" => {
            let base = maker.dice.below(2);
            let header = name(&mut maker, 6);
            let texts = rows.iter().map(|at| (maker.nodes[*at].depth + base).to_string()).collect();
            drafts.push(Draft { header, texts, kind: Kind::Number });
            drafts.push(statement(&mut maker, &rows, &plain));
        }
        "spaces" => {
            let width = 2 + maker.dice.below(3);
            drafts.push(statement(&mut maker, &rows, &|maker, at| {
                format!("{}{}", " ".repeat(width * maker.nodes[at].depth), maker.nodes[at].statement)
            }));
        }
        "marks" => {
            let sets: [[&str; 4]; 3] = [["", "- ", "-- ", "--- "], ["", "• ", "◦ ", "▪ "], ["", "> ", ">> ", ">>> "]];
            let set = sets[maker.dice.below(3)];
            drafts.push(statement(&mut maker, &rows, &|maker, at| {
                format!("{}{}", set[maker.nodes[at].depth], maker.nodes[at].statement)
            }));
        }
        "staircase"
        | "blank below"
        | "merged"
        | "filled"
        | "filled with codes"
        | "filled, codes in cells"
        | "numbered columns" => {
            let staircase = form == "staircase" || form == "numbered columns" && maker.dice.chance(40);
            if !staircase {
                rows.clone_from(&leaves);
            }
            let beside = form == "filled with codes";
            let inside = form == "filled, codes in cells";
            let stem = ["Level", "L", "Nivel", "Ebene", "Niveau"][maker.dice.below(5)];
            for level in 0..depth {
                let header = if form == "numbered columns" {
                    format!("{stem} {}", level + 1)
                } else {
                    level_name(&mut maker, level)
                };
                let mut above: Option<usize> = None;
                let mut texts = Vec::new();
                let mut level_codes = Vec::new();
                for at in &rows {
                    let here = maker.path(*at).get(level).copied();
                    let show = match form {
                        _ if staircase => here == Some(*at),
                        "blank below" => here != above || here == Some(*at),
                        _ => true,
                    };
                    above = here;
                    let node = here.filter(|_| show).map(|here| &maker.nodes[here]);
                    let text = node.map(|node| {
                        if inside { format!("{} {}", node.code, node.statement) } else { node.statement.clone() }
                    });
                    texts.push(text.unwrap_or_default());
                    level_codes.push(node.map(|node| node.code.clone()).unwrap_or_default());
                }
                if beside {
                    drafts.push(column(format!("{header} {code_word}"), level_codes));
                }
                drafts.push(Draft {
                    header,
                    texts,
                    kind: if form == "merged" && level + 1 < depth { Kind::Merged } else { Kind::Text },
                });
            }
            if with_code && !beside && !inside && form != "numbered columns" {
                drafts.push(column(code_word.clone(), codes(&maker, &rows)));
            }
        }
        "parent code" => {
            drafts.push(column(code_word.clone(), codes(&maker, &rows)));
            drafts.push(statement(&mut maker, &rows, &plain));
            let header = name(&mut maker, 7);
            drafts.push(column(
                header,
                rows.iter()
                    .map(|at| {
                        maker.nodes[*at].parent.map(|parent| maker.nodes[parent].code.clone()).unwrap_or_default()
                    })
                    .collect(),
            ));
        }
        "parent uuid" | "parent number" => {
            let id = |at: usize| if form == "parent uuid" { uuid(at, seed) } else { (at + 100).to_string() };
            let header = if form == "parent uuid" { name(&mut maker, 8) } else { "ID".to_owned() };
            drafts.push(column(header, rows.iter().map(|at| id(*at)).collect()));
            drafts.push(statement(&mut maker, &rows, &plain));
            drafts.push(column(
                "Parent ID".to_owned(),
                rows.iter().map(|at| maker.nodes[*at].parent.map(id).unwrap_or_default()).collect(),
            ));
        }
        "parent text" => {
            drafts.push(statement(&mut maker, &rows, &plain));
            drafts.push(column(
                "Parent".to_owned(),
                rows.iter()
                    .map(|at| {
                        maker.nodes[*at].parent.map(|parent| maker.nodes[parent].statement.clone()).unwrap_or_default()
                    })
                    .collect(),
            ));
        }
        "code" => {
            drafts.push(column(code_word.clone(), codes(&maker, &rows)));
            drafts.push(statement(&mut maker, &rows, &plain));
        }
        "outline" => {
            let numbers: Vec<String> = rows.iter().map(|at| maker.outline(&maker.nodes[*at])).collect();
            if maker.dice.chance(50) {
                drafts.push(column(code_word.clone(), numbers));
                drafts.push(statement(&mut maker, &rows, &plain));
            } else {
                drafts.push(statement(&mut maker, &rows, &|maker, at| {
                    format!("{} {}", maker.outline(&maker.nodes[at]), maker.nodes[at].statement)
                }));
            }
        }
        "code in statement" => {
            let round = maker.dice.chance(50);
            drafts.push(statement(&mut maker, &rows, &|maker, at| {
                let node = &maker.nodes[at];
                if round {
                    format!("({}) {}", node.code, node.statement)
                } else {
                    format!("{} {}", node.code, node.statement)
                }
            }));
        }
        "kinds" => {
            let kinds: Vec<String> = (0..depth).map(|level| level_name(&mut maker, level)).collect();
            let header = name(&mut maker, 3);
            drafts.push(column(header, rows.iter().map(|at| kinds[maker.nodes[*at].depth].clone()).collect()));
            drafts.push(statement(&mut maker, &rows, &plain));
        }
        _ => {
            // Each statement of the last level but one repeats once for each elaboration below it.
            rows.clone_from(&leaves);
            for level in 0..depth.saturating_sub(2) {
                let header = level_name(&mut maker, level);
                drafts.push(column(
                    header,
                    rows.iter().map(|at| maker.nodes[maker.path(*at)[level]].statement.clone()).collect(),
                ));
            }
            let above: Vec<usize> = rows.iter().map(|at| maker.nodes[*at].parent.unwrap_or(*at)).collect();
            drafts.push(column(code_word.clone(), codes(&maker, &above)));
            drafts.push(statement(&mut maker, &above, &plain));
            drafts.push(column(
                "Elaboration".to_owned(),
                rows.iter().map(|at| maker.nodes[*at].statement.clone()).collect(),
            ));
        }
    }
    if matches!(
        form,
        "level number" | "spaces" | "marks" | "parent uuid" | "parent number" | "parent text" | "smart level" | "kinds"
    ) && with_code
    {
        drafts.push(column(code_word, codes(&maker, &rows)));
    }
    let drafts = dress(&mut maker, drafts, &rows, language);
    let mut paths: Vec<Vec<String>> = Vec::new();
    for at in 0..maker.nodes.len() {
        paths.push(maker.statements(at));
    }
    let per_branch = rows.len() > 5
        && !matches!(form, "parent code" | "parent uuid" | "parent number" | "parent text" | "smart level" | "outline")
        && maker.dice.chance(12);
    let workbook = if per_branch {
        sheets(&mut maker, &drafts, &rows, &mut paths)
    } else {
        Workbook { sheets: vec![sheet(&mut maker, "Sheet1", &drafts, 0..rows.len())], ..Workbook::default() }
    };
    paths.sort();
    Generated { form, workbook, paths }
}

/// Adds columns that say something else, and shuffles those that are not levels.
fn dress(maker: &mut Maker, mut drafts: Vec<Draft>, rows: &[usize], language: usize) -> Vec<Draft> {
    let count = rows.len();
    let mut extra: Vec<Draft> = Vec::new();
    if maker.dice.chance(35) {
        let header = maker.dice.pick(LANGUAGES[language][2]).to_owned();
        let style = maker.dice.below(3);
        let texts = (0..count)
            .map(|_| {
                let grade = maker.dice.below(8) + 1;
                match style {
                    0 => grade.to_string(),
                    1 => format!("{grade:02}"),
                    _ => format!("{}-{}", grade, grade + 2),
                }
            })
            .collect();
        extra.push(Draft { header, texts, kind: Kind::Text });
    }
    if maker.dice.chance(25) {
        let header = maker.dice.pick(LANGUAGES[language][5]).to_owned();
        let texts = (0..count)
            .map(|_| format!("{}, {}", SUBJECTS[maker.dice.below(36)], SUBJECTS[maker.dice.below(36)]))
            .collect();
        extra.push(Draft { header, texts, kind: Kind::Text });
    }
    if maker.dice.chance(25) {
        let header = maker.dice.pick(LANGUAGES[language][4]).to_owned();
        let texts = (0..count)
            .map(|_| {
                if maker.dice.chance(30) {
                    format!("See also the {} of {}", HEADS[maker.dice.below(30)], SUBJECTS[maker.dice.below(36)])
                } else {
                    String::new()
                }
            })
            .collect();
        extra.push(Draft { header, texts, kind: Kind::Text });
    }
    for _ in 0..maker.dice.below(3) {
        let header = NOISE[maker.dice.below(NOISE.len())];
        if extra.iter().any(|draft| draft.header == header) {
            continue;
        }
        let kind = maker.dice.below(4);
        let texts = (0..count)
            .map(|row| match kind {
                0 => ["Approved", "Draft", "In review"][maker.dice.below(3)].to_owned(),
                1 => (row / 3 + 12).to_string(),
                2 => format!("2024-0{}-1{}", maker.dice.below(9) + 1, maker.dice.below(9)),
                _ => {
                    if maker.dice.chance(40) {
                        "x".to_owned()
                    } else {
                        String::new()
                    }
                }
            })
            .collect();
        extra.push(Draft { header: header.to_owned(), texts, kind: Kind::Text });
    }
    let levels = drafts.len() > 3;
    for draft in extra {
        // Columns of levels stay together; others mix.
        let at = if levels && maker.dice.chance(70) { drafts.len() } else { [0, drafts.len()][maker.dice.below(2)] };
        drafts.insert(at, draft);
    }
    if !levels && maker.dice.chance(50) {
        for at in (1..drafts.len()).rev() {
            let other = maker.dice.below(at + 1);
            drafts.swap(at, other);
        }
    }
    if maker.dice.chance(30) {
        let loud = maker.dice.chance(50);
        for draft in &mut drafts {
            draft.header =
                if loud { draft.header.to_uppercase() } else { draft.header.to_lowercase().replace(' ', "_") };
        }
    }
    drafts
}

/// Writes columns as a sheet, below titles and blank rows.
fn sheet(maker: &mut Maker, name: &str, drafts: &[Draft], rows: std::ops::Range<usize>) -> Sheet {
    let mut sheet = Sheet { name: name.to_owned(), hidden: false, rows: Vec::new() };
    let mut number = 1 + u32::try_from(maker.dice.below(2)).unwrap_or(0);
    let cell = |column: usize, text: &str, kind: Kind| Cell {
        column: u32::try_from(column).unwrap_or(0),
        text: text.to_owned(),
        kind,
    };
    for title in ["Standards for the Region", "Adopted by the board, second edition"]
        .iter()
        .take([0, 0, 1, 2][maker.dice.below(4)])
    {
        let merged = maker.dice.chance(50);
        let cells = if merged {
            (0..drafts.len()).map(|column| cell(column, title, Kind::Merged)).collect()
        } else {
            vec![cell(0, title, Kind::Text)]
        };
        sheet.rows.push(Row { number, cells });
        number += 1 + u32::try_from(maker.dice.below(2)).unwrap_or(0);
    }
    sheet.rows.push(Row {
        number,
        cells: drafts.iter().enumerate().map(|(at, draft)| cell(at, &draft.header, Kind::Text)).collect(),
    });
    let gaps = maker.dice.chance(20);
    for row in rows {
        number += if gaps && maker.dice.chance(20) { 2 } else { 1 };
        let cells = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| !draft.texts[row].trim().is_empty())
            .map(|(at, draft)| cell(at, &draft.texts[row], draft.kind))
            .collect();
        sheet.rows.push(Row { number, cells });
    }
    sheet
}

/// A sheet for each branch of a wider tree, each with the whole header.
fn sheets(maker: &mut Maker, drafts: &[Draft], rows: &[usize], paths: &mut Vec<Vec<String>>) -> Workbook {
    let names = ["Mathematics", "Science"];
    // Cut between two branches of the top.
    let second = maker.nodes.iter().position(|node| node.depth == 0 && node.position[0] == 2).unwrap_or(0);
    let cut = rows.iter().position(|at| maker.path(*at)[0] == second).unwrap_or(rows.len() / 2);
    let of = |at: usize| names[usize::from(at >= second)];
    let single = |first: usize, last: usize| (first..last).filter(|at| maker.nodes[*at].depth == 0).count() == 1;
    let whole = maker.nodes.len();
    let alone = [single(0, second), single(second, whole)];
    // With one item above all others in most sheets the sheets need no branch.
    let branched = alone.iter().filter(|one| **one).count() * 2 <= 2 && !(alone[0] && alone[1]);
    if branched {
        for (at, path) in paths.iter_mut().enumerate() {
            path.insert(0, of(at).to_owned());
        }
        paths.extend(names.iter().map(|name| vec![(*name).to_owned()]));
    }
    let first = sheet(maker, names[0], drafts, 0..cut);
    let second = sheet(maker, names[1], drafts, cut..rows.len());
    Workbook { sheets: vec![first, second], ..Workbook::default() }
}

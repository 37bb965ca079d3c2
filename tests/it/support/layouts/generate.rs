//! A random tree in a random layout.

use super::dress::{dress, sheet, sheets};
use super::*;

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
            let numbers: Vec<String> = rows.iter().map(|at| Maker::outline(&maker.nodes[*at])).collect();
            if maker.dice.chance(50) {
                drafts.push(column(code_word.clone(), numbers));
                drafts.push(statement(&mut maker, &rows, &plain));
            } else {
                drafts.push(statement(&mut maker, &rows, &|maker, at| {
                    format!("{} {}", Maker::outline(&maker.nodes[at]), maker.nodes[at].statement)
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
    Generated { workbook, paths }
}

//! `casement eval search`: how well the judged queries are answered.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;
use crate::cli::open::open_to_search;
use crate::cli::output::{ExitStatus, Printer};
use crate::config::Config;
use crate::registry::{Registry, SearchRequest};

/// The judged queries that come with the program.
const QUERIES: &str = include_str!("../../../eval/search/queries.jsonl");
/// How many hits are looked at.
const LOOKED_AT: usize = 10;
/// From which grade on a hit is what was wanted.
const WANTED: u8 = 2;

/// Measure search on judged queries
///
/// Asks the stored frameworks queries whose right answers are known, and prints nDCG@10 (how much of
/// the best possible order the first ten hits have, from 0 to 1), MRR (one over the place of the first
/// good hit) and how many queries find nothing, by kind of query. The queries that come with the
/// program are about the bundled frameworks.
#[derive(Debug, clap::Args)]
#[command(
    name = "search",
    after_long_help = "EXAMPLES\n  casement eval search\n  casement eval search --split test --json"
)]
pub(super) struct SearchArgs {
    /// Judged queries, one JSON object a line (see eval/search/README.md)
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// Only this half: dev or test
    #[arg(long)]
    split: Option<String>,
    /// Print every query with its nDCG, the worst first
    #[arg(long)]
    each: bool,
    /// Fail when nDCG@10 of all is lower
    #[arg(long, value_name = "NDCG")]
    floor: Option<f64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A file of queries that cannot be read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error("the queries cannot be read")]
    File(#[source] std::io::Error),
    #[error("line {line} is no judged query")]
    Line {
        line: usize,
        #[source]
        source: serde_json::Error,
    },
}

/// One judged query.
#[derive(Deserialize)]
struct Judged {
    id: String,
    kind: String,
    split: String,
    query: String,
    /// Grades from 1 to 3 by identifier.
    answers: HashMap<String, u8>,
}

/// The measures of some queries.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Measures {
    queries: usize,
    ndcg10: f64,
    mrr: f64,
    zero_results: f64,
}

#[derive(Serialize)]
struct Outcome {
    #[serde(flatten)]
    all: Measures,
    kinds: BTreeMap<String, Measures>,
}

/// Measures.
///
/// # Errors
/// When the queries cannot be read, or the database or the index cannot be used.
pub(super) fn run(args: &SearchArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let text = match &args.queries {
        None => QUERIES.to_owned(),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::from(Unread::File(error)).at(path.display().to_string()))?,
    };
    let mut judged = read(&text)?;
    judged.retain(|one| args.split.as_ref().is_none_or(|split| one.split == *split));
    let looking = open_to_search(config)?;
    let registry = &looking.registry;
    registry.index_now()?;
    let (mut all, mut kinds) = (Measures::default(), BTreeMap::<String, Measures>::new());
    let mut each = Vec::new();
    for one in &judged {
        let measured = measure(registry, one)?;
        all.add(measured);
        kinds.entry(one.kind.clone()).or_default().add(measured);
        each.push((measured.ndcg10, one));
    }
    let outcome = Outcome { all: all.mean(), kinds: kinds.into_iter().map(|(kind, sum)| (kind, sum.mean())).collect() };
    if args.each {
        each.sort_by(|a, b| a.0.total_cmp(&b.0));
        each.iter().for_each(|(ndcg, one)| printer.line(format!("{ndcg:.3}  {}  {}", one.id, one.query)));
    }
    if args.json {
        printer.json(&outcome);
    } else {
        show(&outcome, printer);
    }
    let low = args.floor.is_some_and(|floor| outcome.all.ndcg10 < floor);
    Ok(if low { ExitStatus::Input } else { ExitStatus::Done })
}

fn read(text: &str) -> Result<Vec<Judged>, Unread> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|source| Unread::Line { line: at + 1, source })).collect()
}

fn measure(registry: &Registry, one: &Judged) -> Result<Measures, Failure> {
    let request = SearchRequest { q: one.query.clone(), limit: LOOKED_AT, facets: false, ..SearchRequest::default() };
    let answer = registry.whole().search(&request)?;
    let grades: Vec<u8> =
        answer.hits.iter().map(|hit| one.answers.get(&hit.identifier).copied().unwrap_or_default()).collect();
    let mut best: Vec<u8> = one.answers.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    best.truncate(LOOKED_AT);
    let first = grades.iter().position(|grade| *grade >= WANTED);
    Ok(Measures {
        queries: 1,
        ndcg10: gain(&grades) / gain(&best).max(f64::MIN_POSITIVE),
        mrr: first.and_then(|at| u32::try_from(at + 1).ok()).map_or(0.0, |place| 1.0 / f64::from(place)),
        zero_results: if answer.hits.is_empty() { 1.0 } else { 0.0 },
    })
}

/// The discounted gain of grades in an order.
fn gain(grades: &[u8]) -> f64 {
    let discounted = |(place, grade): (u32, &u8)| (f64::from(*grade).exp2() - 1.0) / f64::from(place + 2).log2();
    (0..).zip(grades).map(discounted).sum()
}

impl Measures {
    fn add(&mut self, other: Measures) {
        self.queries += other.queries;
        self.ndcg10 += other.ndcg10;
        self.mrr += other.mrr;
        self.zero_results += other.zero_results;
    }

    fn mean(self) -> Measures {
        let number = f64::from(u32::try_from(self.queries.max(1)).unwrap_or(u32::MAX));
        Measures {
            queries: self.queries,
            ndcg10: self.ndcg10 / number,
            mrr: self.mrr / number,
            zero_results: self.zero_results / number,
        }
    }
}

fn show(outcome: &Outcome, printer: &Printer) {
    let row = |name: &str, measures: &Measures| {
        let Measures { queries, ndcg10, mrr, zero_results } = measures;
        vec![
            name.to_owned(),
            queries.to_string(),
            format!("{ndcg10:.3}"),
            format!("{mrr:.3}"),
            format!("{:.1}%", zero_results * 100.0),
        ]
    };
    let mut rows: Vec<Vec<String>> = outcome.kinds.iter().map(|(kind, measures)| row(kind, measures)).collect();
    rows.push(row("all", &outcome.all));
    printer.table(
        &["KIND", "QUERIES", "NDCG@10", "MRR", "NOTHING FOUND"],
        &["QUERIES", "NDCG@10", "MRR", "NOTHING FOUND"],
        &rows,
    );
}

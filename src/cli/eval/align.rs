//! `casement eval align`: how well texts are aligned whose right items are known.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::failure::Failure;
use crate::cli::open::{Scratch, encoder, model_threads};
use crate::cli::output::{ExitStatus, Printer};
use crate::config::Config;
use crate::registry::Encoder;
use crate::registry::evaluate::{
    JudgedQuery, JudgedTarget, LineError, Measures, Prediction, Targets, macro_of, measure, read_lines,
};

/// What comes with the program (eval/align/README.md).
const TARGETS: &str = include_str!("../../../eval/align/onet_dwa.targets.jsonl");
const QUERIES: &str = include_str!("../../../eval/align/tasks.queries.jsonl");

/// Measure alignment on judged queries
///
/// Runs the engine that answers `POST /api/v1/align/text`, with its default settings, over the targets of a file, and
/// prints for each set and for all: MRR, recall among the first 1, 5 and 10, RP@5, nDCG@10, F1 of refusing where
/// nothing fits, how far confidence is from how often it is right, and queries a second. A set of queries names its
/// targets by the name of their file; where only one file of targets is given, it is for all. Without files: what
/// comes with the program.
#[derive(Debug, clap::Args)]
#[command(
    name = "align",
    after_long_help = "EXAMPLES\n  casement eval align\n  casement eval align --targets skills.targets.jsonl --queries ads.queries.jsonl --predictions out.jsonl"
)]
pub(super) struct AlignArgs {
    /// Targets, one JSON object a line (see eval/align/README.md); may be given several times
    #[arg(long, value_name = "FILE", requires = "queries")]
    targets: Vec<PathBuf>,
    /// Judged queries, one JSON object a line; may be given several times
    #[arg(long, value_name = "FILE", requires = "targets")]
    queries: Vec<PathBuf>,
    /// Write what is answered, a line a query
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,
    /// Write what is known of every candidate, for training (scripts/align/train.py)
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
    /// Keep the vectors of targets here; else they are computed every time
    #[arg(long, value_name = "DIR")]
    vectors: Option<PathBuf>,
    /// Compare words alone, even if there is a model
    #[arg(long)]
    lexical: bool,
    /// Fail when the MRR of all is lower
    #[arg(long, value_name = "MRR")]
    floor: Option<f64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Outcome {
    /// `on` or `off`.
    semantic: &'static str,
    sets: BTreeMap<String, Measures>,
    all: Measures,
}

/// Measures.
///
/// # Errors
/// When a file cannot be read or written, or the model that is configured cannot be used.
pub(super) fn run(args: &AlignArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let encoder = if args.lexical { None } else { encoder(config)? };
    let scratch = Scratch::new()?;
    let vectors = args.vectors.clone().unwrap_or_else(|| scratch.path().join("vectors"));
    let measuring = Measuring { encoder: encoder.as_ref(), threads: model_threads(config), vectors: &vectors, printer };
    let mut predictions = args.predictions.as_ref().map(|path| create(path)).transpose()?;
    let mut sets = BTreeMap::new();
    let files = files(args)?;
    let mut ready: BTreeMap<&str, Targets> = BTreeMap::new();
    for (name, queries) in &files.queries {
        let asked = queries.first().and_then(|one| one.targets.as_deref());
        let only = files.targets.keys().next().map(String::as_str).filter(|_| files.targets.len() == 1);
        let Some(key) = only.or(asked).and_then(|key| files.targets.get_key_value(key)).map(|(key, _)| key) else {
            let message =
                format!("{name} is for targets {}; give their file with --targets", asked.unwrap_or("of no name"));
            return Err(Failure::of_any(anyhow::anyhow!(message)).with_status(ExitStatus::Usage));
        };
        if !ready.contains_key(key.as_str()) {
            let targets = files.targets.get(key).cloned().unwrap_or_default();
            ready.insert(key, measuring.targets(targets)?);
        }
        let Some(targets) = ready.get(key.as_str()) else { continue };
        if let Some(folder) = &args.features {
            targets
                .describe(name, queries, measuring.encoder, measuring.threads, folder)
                .map_err(|error| Failure::of_any(error.into()).at(folder.display().to_string()))?;
        }
        let (found, rate) = targets.predict(queries, measuring.encoder, measuring.threads);
        if let Some((path, out)) = &mut predictions {
            write(out, &found).map_err(|error| Failure::of_any(error.into()).at(path.clone()))?;
        }
        sets.insert(name.clone(), measure(queries, &found, rate));
    }
    let all = macro_of(&sets.values().copied().collect::<Vec<_>>());
    let outcome = Outcome { semantic: if encoder.is_some() { "on" } else { "off" }, sets, all };
    if args.json {
        printer.json(&outcome);
    } else {
        show(&outcome, printer);
    }
    let low = args.floor.is_some_and(|floor| outcome.all.mrr < floor);
    Ok(if low { ExitStatus::Input } else { ExitStatus::Done })
}

struct Measuring<'a> {
    encoder: Option<&'a Encoder>,
    threads: usize,
    vectors: &'a Path,
    printer: &'a Printer,
}

impl Measuring<'_> {
    fn targets(&self, targets: Vec<JudgedTarget>) -> Result<Targets, Failure> {
        let progress =
            |done: usize, wanted: usize| self.printer.say(format!("{done} of {wanted} texts of targets have vectors"));
        Ok(Targets::new(targets, self.encoder, self.threads, self.vectors, &progress)?)
    }
}

/// What is measured, by the names of files.
struct Files {
    targets: BTreeMap<String, Vec<JudgedTarget>>,
    queries: Vec<(String, Vec<JudgedQuery>)>,
}

fn files(args: &AlignArgs) -> Result<Files, Failure> {
    if args.queries.is_empty() {
        let unread = |error: LineError| Failure::of_any(error.into());
        let targets = BTreeMap::from([("onet_dwa".to_owned(), read_lines(TARGETS).map_err(unread)?)]);
        return Ok(Files { targets, queries: vec![("tasks".to_owned(), read_lines(QUERIES).map_err(unread)?)] });
    }
    let mut files = Files { targets: BTreeMap::new(), queries: Vec::new() };
    for path in &args.targets {
        files.targets.insert(name(path), read(path)?);
    }
    for path in &args.queries {
        files.queries.push((name(path), read(path)?));
    }
    Ok(files)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, Failure> {
    let place = || path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::of_any(error.into()).at(place()))?;
    let lines = read_lines(&text);
    lines.map_err(|error| Failure::of_any(error.into()).at(place()).with_status(ExitStatus::Input))
}

/// `skills` of `skills.targets.jsonl`.
fn name(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    file.split('.').next().unwrap_or_default().to_owned()
}

type Writer = std::io::BufWriter<std::fs::File>;

fn create(path: &Path) -> Result<(String, Writer), Failure> {
    let place = path.display().to_string();
    let file = std::fs::File::create(path).map_err(|error| Failure::of_any(error.into()).at(place.clone()))?;
    Ok((place, std::io::BufWriter::new(file)))
}

fn write(out: &mut Writer, predictions: &[Prediction]) -> std::io::Result<()> {
    for prediction in predictions {
        serde_json::to_writer(&mut *out, prediction)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn show(outcome: &Outcome, printer: &Printer) {
    let number = |value: f64| format!("{value:.3}");
    let maybe = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
    let row = |name: &str, of: &Measures| {
        vec![
            name.to_owned(),
            of.queries.to_string(),
            number(of.mrr),
            number(of.recall1),
            number(of.recall5),
            number(of.recall10),
            number(of.rp5),
            number(of.ndcg10),
            maybe(of.refusal_f1),
            number(of.calibration_error),
            maybe(of.auroc),
            format!("{:.2} ({})", of.at_half, maybe(of.at_half_right)),
            format!("{:.2} ({})", of.at_eight, maybe(of.at_eight_right)),
            format!("{:.0}", of.per_second),
        ]
    };
    let mut rows: Vec<Vec<String>> = outcome.sets.iter().map(|(name, of)| row(name, of)).collect();
    rows.push(row("all", &outcome.all));
    let head = [
        "SET",
        "QUERIES",
        "MRR",
        "R@1",
        "R@5",
        "R@10",
        "RP@5",
        "NDCG@10",
        "NONE F1",
        "ECE",
        "AUROC",
        ">=.5 (RIGHT)",
        ">=.8 (RIGHT)",
        "A SECOND",
    ];
    printer.table(&head, head.get(1..).unwrap_or_default(), &rows);
    printer.say(format!("meanings compared: {}", outcome.semantic));
}

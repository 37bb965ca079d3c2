//! `casement align`: aligns the achievements of a credential, or many texts and documents line by line.

mod batch;

use std::path::PathBuf;

use super::failure::{Failure, InputProblem, UsageError};
use super::input;
use super::open::open_to_align;
use super::output::{ExitStatus, Printer};
use super::text::{count, one_line, short};
use crate::config::Config;
use crate::registry::{AchievementOptions, AlignMode, AlignedAchievement, ProposedAlignment};

/// How much of a statement is shown, in characters.
const STATEMENT: usize = 120;
const TITLE: usize = 60;

/// Align the achievements of a credential
///
/// Reads an Open Badge, a CLR, an achievement, a badge class or a signed one of these, and says which items of
/// frameworks its achievements are about. With --document the same document is printed with the alignments in it;
/// everything else of it stays as it is, and what is signed is not changed unless --on-signed unsign is given.
///
/// With --batch each line of the file is a JSON object as /api/v1/align/batch takes it: {"text": …}, {"achievement": …} or
/// {"job": …}, with its options beside it, and a line is printed for each. Exits with 1 when something is wrong with some.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "EXAMPLES\n  casement align badge.json\n  \
    casement align --document --min-confidence 0.9 achievement.json > aligned.json\n  \
    casement align --places all --framework 'Water Treatment Skills' --json clr.json\n  \
    casement align --batch outcomes.ndjson > aligned.ndjson")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct AlignArgs {
    /// The document; `-` is the standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Align each line of the file, and print a line for each
    #[arg(long, conflicts_with_all = ["document", "json", "mode", "min_confidence", "framework", "item_type",
        "education_level", "language", "places", "target_code", "target_name", "notes", "on_signed", "max"])]
    batch: bool,
    /// Print the document with the alignments that are sure enough
    #[arg(long, conflicts_with = "json")]
    document: bool,
    /// Print one JSON object, as /api/v1/align/achievement answers
    #[arg(long)]
    json: bool,
    /// What --json does: `suggest` alignments beside the document, or `apply` them
    #[arg(long, value_name = "MODE", requires = "json")]
    mode: Option<String>,
    /// The least confidence, from 0 to 1, with which something is placed
    #[arg(long, value_name = "NUMBER")]
    min_confidence: Option<String>,
    /// Only items of this framework: an identifier, a uri or its title; may be given several times
    #[arg(long, value_name = "FRAMEWORK")]
    framework: Vec<String>,
    /// Only items of this type; may be given several times
    #[arg(long, value_name = "TYPE")]
    item_type: Vec<String>,
    /// The education level that the achievement is for, as a code; may be given several times
    #[arg(long, value_name = "CODE")]
    education_level: Vec<String>,
    /// The language to read where a text is given in several
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// What gets alignments: achievement, levels or all
    #[arg(long, value_name = "PLACES")]
    places: Option<String>,
    /// What targetCode says: guid, human or none
    #[arg(long, value_name = "CODE")]
    target_code: Option<String>,
    /// What targetName says of an item: short or full
    #[arg(long, value_name = "NAME")]
    target_name: Option<String>,
    /// Describe items by their notes
    #[arg(long)]
    notes: bool,
    /// What is done about signed parts: detach, error or unsign
    #[arg(long, value_name = "WHAT")]
    on_signed: Option<String>,
    /// The most alignments of one place
    #[arg(long, value_name = "N")]
    max: Option<String>,
    #[command(flatten)]
    input: input::InputArgs,
}

impl AlignArgs {
    fn options(&self) -> Result<AchievementOptions, Failure> {
        let mut options = AchievementOptions::default();
        let single = [
            ("mode", &self.mode),
            ("minConfidence", &self.min_confidence),
            ("language", &self.language),
            ("places", &self.places),
            ("targetCode", &self.target_code),
            ("targetName", &self.target_name),
            ("onSigned", &self.on_signed),
            ("max", &self.max),
        ];
        let lists = [
            ("frameworks", &self.framework),
            ("itemTypes", &self.item_type),
            ("educationLevel", &self.education_level),
        ];
        let single = single.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let several = lists.into_iter().flat_map(|(name, all)| all.iter().map(move |value| (name, value.as_str())));
        for (name, value) in single.chain(several).chain(self.notes.then_some(("notes", "true"))) {
            options.set(name, value).map_err(|error| UsageError(error.to_string()))?;
        }
        if self.document {
            options.mode = AlignMode::Apply;
        }
        Ok(options)
    }
}

/// Aligns, after bringing the index up to date.
///
/// # Errors
/// When the database, the index or the file cannot be used, or the document cannot be read.
pub(super) fn run(args: &AlignArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    let options = args.options()?;
    let bytes = if args.batch { Vec::new() } else { input::load(&args.file, args.input.max_size)? };
    let looking = open_to_align(config)?;
    if looking.registry.index_now()?.elsewhere {
        printer.say("the index is being written by a server; what it has so far is searched");
    }
    let view = looking.registry.whole();
    if args.batch {
        looking.registry.embed_now(&|done, wanted| printer.say(format!("{done} of {wanted} texts have vectors")))?;
        return batch::run(&args.file, &view, printer);
    }
    let aligned = view
        .align_achievement(&bytes, None, &options)
        .map_err(|error| Failure::from(error).at(input::name(&args.file)))?;
    for warning in &aligned.warnings {
        printer.say(format!("{}: {}", place(&warning.pointer), warning.message));
    }
    if args.json {
        printer.json(&aligned);
    } else if args.document {
        let signed = "all of it is signed; --on-signed unsign prints a copy without the signature";
        let document = aligned.document.as_deref().ok_or_else(|| InputProblem(signed.to_owned()));
        printer.bytes(document.map_err(|problem| Failure::from(problem).at(input::name(&args.file)))?);
        printer.say(format!("{} added", count(aligned.added.iter().filter(|one| !one.detached).count(), "alignment")));
    } else {
        show(&aligned, printer);
    }
    Ok(ExitStatus::Done)
}

fn show(aligned: &AlignedAchievement, printer: &Printer) {
    for one in &aligned.existing {
        let state = serde_json::to_value(one.resolution.state).unwrap_or_default();
        let object = one.resolution.object.as_ref().map(|object| short(&object.statement, STATEMENT));
        let state = state.as_str().unwrap_or_default().to_owned();
        printer.line(format!("{}  {state}  {}", place(&one.pointer), object.unwrap_or_default()).trim_end());
    }
    for one in &aligned.candidates {
        lines(one).into_iter().for_each(|line| printer.line(line));
    }
    for frozen in &aligned.frozen {
        printer.say(format!("{} is signed ({})", place(&frozen.pointer), frozen.reason));
    }
    printer.say(match aligned.candidates.len() {
        0 => "nothing was found".to_owned(),
        found => count(found, "candidate"),
    });
}

fn lines(one: &ProposedAlignment) -> Vec<String> {
    let code = one.object.code.as_deref().map(|code| format!("{}  ", one_line(code))).unwrap_or_default();
    let retired = if one.object.retired { "  (retired)" } else { "" };
    vec![
        format!(
            "{}  {:.2}  {code}{}{retired}",
            place(&one.pointer),
            one.confidence,
            short(&one.object.statement, STATEMENT)
        ),
        format!("    {} › {}", short(&one.object.framework.title, TITLE), one_line(&one.object.identifier)),
    ]
}

/// A pointer as it is shown.
fn place(pointer: &str) -> String {
    if pointer.is_empty() { "the document".to_owned() } else { one_line(pointer) }
}

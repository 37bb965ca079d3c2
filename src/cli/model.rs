//! `casement model`: the model that meanings are compared with: what is there, and getting it.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use url::Url;

use super::failure::{Failure, UsageError};
use super::open::{encoder, model_dir, open_to_look};
use super::output::{ExitStatus, Printer};
use super::text::one_line;
use crate::config::Config;
use crate::fetch::{Answer, Client};
use crate::registry::hex;

/// Where all-MiniLM-L6-v2 (Apache-2.0) is published, and the SHA-256 of its weights.
const HUB: &str = "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2/resolve/main/";
const WEIGHTS: &str = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";
/// The files of a model; the weights last, so that a folder with them has everything.
const FILES: [&str; 3] = ["config.json", "vocab.txt", "model.safetensors"];

/// The model that meanings are compared with
///
/// Without a model, texts are aligned by their words alone. With one, the meaning of a text is compared with that of
/// every item; vectors are computed in the background while `casement serve` runs, or by `casement model embed`.
#[derive(Debug, clap::Args)]
pub(super) struct ModelArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Get all-MiniLM-L6-v2 from the hub that publishes it (91 MB), and check it
    Fetch(FetchArgs),
    /// Say which model there is
    Status,
    /// Compute the vectors that are missing now
    Embed,
}

#[derive(Debug, clap::Args)]
struct FetchArgs {
    /// A folder elsewhere that has config.json, vocab.txt and model.safetensors
    #[arg(long, value_name = "URL", default_value = HUB)]
    from: String,
    /// The SHA-256 that model.safetensors must have
    #[arg(long, value_name = "HEX", default_value = WEIGHTS)]
    sha256: String,
}

/// A file that is not the one that was asked for.
#[derive(Debug, thiserror::Error)]
#[error("what was sent has the SHA-256 {found}, and should have {wanted}; nothing was kept")]
struct OtherFile {
    found: String,
    wanted: String,
}

/// Does what is asked.
///
/// # Errors
/// When the model cannot be fetched, is not the one asked for, or cannot be used.
pub(super) fn run(args: &ModelArgs, config: &Config, printer: &Printer) -> Result<ExitStatus, Failure> {
    match &args.what {
        What::Fetch(args) => fetch(args, config, printer)?,
        What::Status => status(config, printer)?,
        What::Embed => embed(config, printer)?,
    }
    Ok(ExitStatus::Done)
}

fn fetch(args: &FetchArgs, config: &Config, printer: &Printer) -> Result<(), Failure> {
    let slash = if args.from.ends_with('/') { "" } else { "/" };
    let base = Url::parse(&format!("{}{slash}", args.from)).map_err(|_| {
        UsageError(format!("{} is no address; give one that begins with https://", one_line(&args.from)))
    })?;
    let client = Client::new(config.fetching(), &base, None);
    let folder = model_dir(config);
    let failed = |error: std::io::Error| Failure::of_any(error.into()).at(folder.display().to_string());
    fs::create_dir_all(&folder).map_err(failed)?;
    let mut progress = printer.progress(FILES.len());
    for name in FILES {
        progress.next(name);
        let url = base.join(name).map_err(|error| Failure::of_any(error.into()))?;
        let Answer::Sent(download) = client.get(&url, None)? else { continue };
        let found = hex(&Sha256::digest(&download.body), 32);
        if name == "model.safetensors" && found != args.sha256.to_ascii_lowercase() {
            return Err(Failure::from(OtherFile { found, wanted: args.sha256.clone() }).at(url.to_string()));
        }
        keep(&folder, name, &download.body).map_err(failed)?;
    }
    drop(progress);
    status(config, printer)
}

/// Writes a file whole or not at all.
fn keep(folder: &Path, name: &str, body: &[u8]) -> std::io::Result<()> {
    let part = folder.join(format!("{name}.part"));
    fs::write(&part, body)?;
    fs::rename(part, folder.join(name))
}

fn status(config: &Config, printer: &Printer) -> Result<(), Failure> {
    let folder = one_line(&model_dir(config).display().to_string());
    match encoder(config)? {
        Some(encoder) => {
            let (width, hash) = (encoder.width(), encoder.hash());
            printer.line(format!("{folder}: a model of {width} numbers a text, SHA-256 {hash}"));
        }
        None => printer
            .line(format!("{folder}: no model; `casement model fetch` gets one, until then words alone are compared")),
    }
    Ok(())
}

fn embed(config: &Config, printer: &Printer) -> Result<(), Failure> {
    let looking = open_to_look(config)?;
    let registry = super::open::aligning(config, looking.registry)?;
    let Some(state) = registry.embedding() else { return status(config, printer) };
    registry.embed_now(&|done, wanted| printer.say(format!("{done} of {wanted} texts have vectors")))?;
    let (done, _) = state.progress();
    printer.line(format!("computed the vectors of {done} texts"));
    Ok(())
}

//! Sentence embeddings: a text as a vector whose direction is its meaning, computed in this process.
//!
//! The model is a folder with `model.safetensors`, `vocab.txt` and `config.json`, as its authors publish
//! it (all-MiniLM-L6-v2 by default). Never reaches for a network, and knows nothing of frameworks.

mod bert;
mod kernels;
mod weights;
mod wordpiece;

use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::threads::side_by_side;
use bert::{Bert, Sizes};
use weights::{Weights, WeightsError};
use wordpiece::{MissingPiece, WordPieces};

/// How many word pieces of a text are looked at, as the model was trained (`max_seq_length`).
const MOST_PIECES: usize = 256;
/// How many word pieces are multiplied at once: as many as stay in the processor's cache.
const AT_ONCE: usize = 1_024;

/// A model that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("{file} of the model cannot be read")]
    File {
        file: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("config.json of the model is not understood")]
    Config(#[source] serde_json::Error),
    #[error("the model is no BERT encoder that this program knows: {0}")]
    Unknown(String),
    #[error(transparent)]
    Vocabulary(#[from] MissingPiece),
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// A model that is loaded.
pub struct Encoder {
    bert: Bert,
    pieces: WordPieces,
    width: usize,
    hash: String,
}

impl Encoder {
    /// Loads the model of a folder.
    ///
    /// # Errors
    /// When a file is missing, or of a model that this program does not know.
    pub fn load(folder: &Path) -> Result<Encoder, ModelError> {
        let read = |file: &'static str| {
            std::fs::read_to_string(folder.join(file)).map_err(|source| ModelError::File { file, source })
        };
        let config = read("config.json")?;
        let sizes: Sizes = serde_json::from_str(&config).map_err(ModelError::Config)?;
        let pieces = WordPieces::new(&read("vocab.txt")?)?;
        let is_known = sizes.heads > 0 && sizes.width.is_multiple_of(sizes.heads) && sizes.pieces == pieces.len();
        if !is_known || !config.contains("\"gelu\"") {
            return Err(ModelError::Unknown(format!("{sizes:?}, {} pieces in vocab.txt", pieces.len())));
        }
        let path = folder.join("model.safetensors");
        let mut weights = Weights::open(&path)?;
        let bert = Bert::read(&mut weights, sizes)?;
        let hash = hash_of(&path).map_err(|source| ModelError::File { file: "model.safetensors", source })?;
        Ok(Encoder { bert, pieces, width: sizes.width, hash })
    }

    /// How many numbers a vector has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The SHA-256 of the weights, in hexadecimal digits: vectors of one model say nothing to another.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The vectors of texts, each of length one, in their order.
    #[must_use]
    pub fn encode(&self, texts: &[&str], threads: usize) -> Vec<Vec<f32>> {
        let most = MOST_PIECES.min(self.bert.longest());
        let numbers: Vec<Vec<u32>> = texts.iter().map(|text| self.pieces.numbers(text, most)).collect();
        let batches = batches(&numbers, threads);
        let mut vectors = vec![Vec::new(); texts.len()];
        let encode = |batch: &Vec<usize>| -> Vec<f32> {
            let texts: Vec<&[u32]> = batch.iter().filter_map(|at| numbers.get(*at)).map(Vec::as_slice).collect();
            self.bert.encode(&texts)
        };
        let encoded = side_by_side(&batches, threads, encode);
        for (batch, rows) in batches.iter().zip(encoded) {
            for (at, row) in batch.iter().zip(rows.chunks_exact(self.width)) {
                if let Some(vector) = vectors.get_mut(*at) {
                    *vector = row.to_vec();
                }
            }
        }
        vectors
    }
}

/// Texts of like length together, and enough batches for every thread.
fn batches(numbers: &[Vec<u32>], threads: usize) -> Vec<Vec<usize>> {
    let whole: usize = numbers.iter().map(Vec::len).sum();
    let most = whole.div_ceil(threads.max(1)).clamp(1, AT_ONCE);
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(numbers.get(*at).map_or(0, Vec::len)));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let mut held = 0;
    for at in order {
        let length = numbers.get(at).map_or(0, Vec::len);
        match batches.last_mut().filter(|_| held + length <= most) {
            Some(batch) => batch.push(at),
            None => {
                batches.push(vec![at]);
                held = 0;
            }
        }
        held += length;
    }
    batches
}

fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = std::fs::File::open(path)?;
    let mut part = vec![0; 1 << 16];
    loop {
        match file.read(&mut part)? {
            0 => break,
            count => hasher.update(part.get(..count).unwrap_or_default()),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

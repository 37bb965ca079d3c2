//! The encoder: from the word pieces of texts to one vector each (MiniLM, a BERT of six layers whose
//! words are averaged).
//!
//! All texts of a batch stand behind each other in one matrix, without padding. Deterministic.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::kernels::{add_bias, bias_gelu, bias_residual_norm, norm_rows, softmax_rows};
use super::weights::{Weights, WeightsError};

/// The sizes of a model, from its `config.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Sizes {
    #[serde(rename = "hidden_size")]
    pub(super) width: usize,
    #[serde(rename = "intermediate_size")]
    pub(super) inner: usize,
    #[serde(rename = "num_attention_heads")]
    pub(super) heads: usize,
    #[serde(rename = "num_hidden_layers")]
    pub(super) layers: usize,
    #[serde(rename = "max_position_embeddings")]
    pub(super) positions: usize,
    #[serde(rename = "vocab_size")]
    pub(super) pieces: usize,
}

/// A linear map: `outputs` rows of `inputs` numbers, and what is added.
struct Linear {
    weight: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

struct Norm {
    gain: Vec<f32>,
    shift: Vec<f32>,
}

struct Layer {
    /// Query, key and value at once.
    mixed: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
}

/// The weights, ready to be multiplied with.
pub(super) struct Bert {
    sizes: Sizes,
    words: Vec<f32>,
    /// Positions, with what stands for the first (and only) segment added.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Bert {
    /// Reads the weights.
    ///
    /// # Errors
    /// When some are missing or have another shape than `sizes` says.
    pub(super) fn read(weights: &mut Weights, sizes: Sizes) -> Result<Bert, WeightsError> {
        let Sizes { width, positions, pieces, .. } = sizes;
        let words = weights.read("embeddings.word_embeddings.weight", &[pieces, width])?;
        let mut places = weights.read("embeddings.position_embeddings.weight", &[positions, width])?;
        let kinds = weights.read("embeddings.token_type_embeddings.weight", &[2, width])?;
        let first = kinds.get(..width).unwrap_or_default();
        places.chunks_exact_mut(width).for_each(|row| row.iter_mut().zip(first).for_each(|(a, b)| *a += *b));
        let norm = Norm::read(weights, "embeddings.LayerNorm", width)?;
        let layers = (0..sizes.layers).map(|at| Layer::read(weights, at, sizes)).collect::<Result<_, _>>()?;
        Ok(Bert { sizes, words, positions: places, norm, layers })
    }

    /// How many pieces of a text are looked at.
    pub(super) fn longest(&self) -> usize {
        self.sizes.positions
    }

    /// One vector of length one for each text, of its word pieces. Shape: texts × width.
    pub(super) fn encode(&self, texts: &[&[u32]]) -> Vec<f32> {
        let width = self.sizes.width;
        let mut rows = Vec::with_capacity(texts.iter().map(|text| text.len()).sum::<usize>() * width);
        for text in texts {
            for (at, piece) in text.iter().enumerate() {
                let word = row(&self.words, usize::try_from(*piece).unwrap_or_default(), width);
                let place = row(&self.positions, at, width);
                rows.extend(word.iter().zip(place).map(|(a, b)| a + b));
            }
        }
        norm_rows(&mut rows, &self.norm.gain, &self.norm.shift);
        let mut room = Room::default();
        for layer in &self.layers {
            layer.pass(&mut rows, texts, self.sizes.heads, &mut room);
        }
        let mut from = rows.chunks_exact(width);
        texts.iter().flat_map(|text| mean(from.by_ref().take(text.len()), width)).collect()
    }
}

/// Memory that every layer uses again.
#[derive(Default)]
struct Room {
    mixed: Vec<f32>,
    attended: Vec<f32>,
    scores: Vec<f32>,
    inner: Vec<f32>,
    outer: Vec<f32>,
}

impl Layer {
    fn read(weights: &mut Weights, at: usize, sizes: Sizes) -> Result<Layer, WeightsError> {
        let Sizes { width, inner, .. } = sizes;
        let name = |rest: &str| format!("encoder.layer.{at}.{rest}");
        let mut mixed = Linear { weight: Vec::new(), bias: Vec::new(), inputs: width };
        for part in ["query", "key", "value"] {
            let part = Linear::read(weights, &name(&format!("attention.self.{part}")), width, width)?;
            mixed.weight.extend(part.weight);
            mixed.bias.extend(part.bias);
        }
        Ok(Layer {
            mixed,
            attended: Linear::read(weights, &name("attention.output.dense"), width, width)?,
            attended_norm: Norm::read(weights, &name("attention.output.LayerNorm"), width)?,
            inner: Linear::read(weights, &name("intermediate.dense"), width, inner)?,
            outer: Linear::read(weights, &name("output.dense"), inner, width)?,
            outer_norm: Norm::read(weights, &name("output.LayerNorm"), width)?,
        })
    }

    fn pass(&self, rows: &mut Vec<f32>, texts: &[&[u32]], heads: usize, room: &mut Room) {
        let width = self.attended.bias.len();
        self.mixed.apply(rows, &mut room.mixed);
        add_bias(&mut room.mixed, &self.mixed.bias);
        room.attended.clear();
        room.attended.resize(rows.len(), 0.0);
        let mut begin = 0;
        for text in texts {
            let end = begin + text.len();
            let mixed = room.mixed.get(begin * 3 * width..end * 3 * width).unwrap_or_default();
            let attended = room.attended.get_mut(begin * width..end * width).unwrap_or_default();
            attend(mixed, attended, heads, width, &mut room.scores);
            begin = end;
        }
        self.attended.apply(&room.attended, &mut room.outer);
        let norm = &self.attended_norm;
        bias_residual_norm(&mut room.outer, rows, &self.attended.bias, &norm.gain, &norm.shift);
        std::mem::swap(rows, &mut room.outer);
        self.inner.apply(rows, &mut room.inner);
        bias_gelu(&mut room.inner, &self.inner.bias);
        self.outer.apply(&room.inner, &mut room.outer);
        let norm = &self.outer_norm;
        bias_residual_norm(&mut room.outer, rows, &self.outer.bias, &norm.gain, &norm.shift);
        std::mem::swap(rows, &mut room.outer);
    }
}

/// What each word of one text takes from the others. `mixed` has query, key and value in each row.
fn attend(mixed: &[f32], attended: &mut [f32], heads: usize, width: usize, scores: &mut Vec<f32>) {
    let count = attended.len() / width;
    let size = width / heads;
    #[expect(clippy::cast_precision_loss, reason = "a head has some dozens of numbers")]
    let scale = 1.0 / (size as f32).sqrt();
    let all = MatRef::from_row_major_slice(mixed, count, 3 * width);
    for head in 0..heads {
        let query = all.subcols(head * size, size);
        let key = all.subcols(width + head * size, size);
        let value = all.subcols(2 * width + head * size, size);
        scores.clear();
        scores.resize(count * count, 0.0);
        let into = MatMut::from_row_major_slice_mut(scores, count, count);
        matmul(into, Accum::Replace, query, key.transpose(), 1.0, Par::Seq);
        softmax_rows(scores, count, scale);
        let shares = MatRef::from_row_major_slice(scores, count, count);
        let into = MatMut::from_row_major_slice_mut(attended, count, width).subcols_mut(head * size, size);
        matmul(into, Accum::Replace, shares, value, 1.0, Par::Seq);
    }
}

impl Linear {
    fn read(weights: &mut Weights, name: &str, inputs: usize, outputs: usize) -> Result<Linear, WeightsError> {
        let weight = weights.read(&format!("{name}.weight"), &[outputs, inputs])?;
        Ok(Linear { weight, bias: weights.read(&format!("{name}.bias"), &[outputs])?, inputs })
    }

    /// Rows times weights, without the bias.
    fn apply(&self, rows: &[f32], into: &mut Vec<f32>) {
        let (count, outputs) = (rows.len() / self.inputs, self.bias.len());
        into.resize(count * outputs, 0.0);
        let rows = MatRef::from_row_major_slice(rows, count, self.inputs);
        let weight = MatRef::from_row_major_slice(&self.weight, outputs, self.inputs);
        let into = MatMut::from_row_major_slice_mut(into, count, outputs);
        matmul(into, Accum::Replace, rows, weight.transpose(), 1.0, Par::Seq);
    }
}

impl Norm {
    fn read(weights: &mut Weights, name: &str, width: usize) -> Result<Norm, WeightsError> {
        let gain = weights.read(&format!("{name}.weight"), &[width])?;
        Ok(Norm { gain, shift: weights.read(&format!("{name}.bias"), &[width])? })
    }
}

fn row(matrix: &[f32], at: usize, width: usize) -> &[f32] {
    matrix.get(at * width..(at + 1) * width).unwrap_or_default()
}

/// The mean of rows, brought to length one.
fn mean<'a>(rows: impl Iterator<Item = &'a [f32]>, width: usize) -> Vec<f32> {
    let mut sum = vec![0.0_f32; width];
    rows.for_each(|row| sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += *value));
    let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    sum.iter_mut().for_each(|value| *value /= length);
    sum
}

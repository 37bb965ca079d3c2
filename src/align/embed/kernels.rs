//! Kernels: the arithmetic between two matrix products, compiled for the widest registers of the
//! processor that it runs on.
//!
//! Plain loops without branches, which the compiler makes vectors of. Knows nothing of layers or texts.

#![expect(clippy::inline_always, reason = "what is not inlined is not compiled for the registers that were found")]

use pulp::Arch;

/// Adds `bias` to every row and keeps what is positive, softly: BERT's GELU.
pub(super) fn bias_gelu(rows: &mut [f32], bias: &[f32]) {
    Arch::new().dispatch(|| {
        for row in rows.chunks_exact_mut(bias.len()) {
            for (value, bias) in row.iter_mut().zip(bias) {
                *value = gelu(*value + *bias);
            }
        }
    });
}

/// Adds `bias` to every row.
pub(super) fn add_bias(rows: &mut [f32], bias: &[f32]) {
    Arch::new().dispatch(|| {
        for row in rows.chunks_exact_mut(bias.len()) {
            for (value, bias) in row.iter_mut().zip(bias) {
                *value += *bias;
            }
        }
    });
}

/// Adds `bias` and what was there before to every row, and brings each row to mean 0 and variance 1,
/// scaled by `gain` and moved by `shift`.
pub(super) fn bias_residual_norm(rows: &mut [f32], before: &[f32], bias: &[f32], gain: &[f32], shift: &[f32]) {
    let width = bias.len();
    Arch::new().dispatch(|| {
        for (row, before) in rows.chunks_exact_mut(width).zip(before.chunks_exact(width)) {
            for ((value, before), bias) in row.iter_mut().zip(before).zip(bias) {
                *value += *before + *bias;
            }
            norm(row, gain, shift);
        }
    });
}

/// Brings each row to mean 0 and variance 1, scaled and moved.
pub(super) fn norm_rows(rows: &mut [f32], gain: &[f32], shift: &[f32]) {
    Arch::new().dispatch(|| rows.chunks_exact_mut(gain.len()).for_each(|row| norm(row, gain, shift)));
}

/// Makes each row of scores, times `scale`, into shares of one.
pub(super) fn softmax_rows(rows: &mut [f32], width: usize, scale: f32) {
    Arch::new().dispatch(|| {
        for row in rows.chunks_exact_mut(width) {
            let most = row.iter().fold(f32::MIN, |most, value| if *value > most { *value } else { most });
            for value in row.iter_mut() {
                *value = exp((*value - most) * scale);
            }
            let whole = 1.0 / sum(row);
            row.iter_mut().for_each(|value| *value *= whole);
        }
    });
}

#[inline(always)]
fn norm(row: &mut [f32], gain: &[f32], shift: &[f32]) {
    /// What keeps a row of equal values from being divided by zero (`layer_norm_eps`).
    const EPSILON: f32 = 1e-12;
    #[expect(clippy::cast_precision_loss, reason = "widths are small")]
    let count = row.len() as f32;
    let mean = sum(row) / count;
    row.iter_mut().for_each(|value| *value -= mean);
    let spread = 1.0 / (squares(row) / count + EPSILON).sqrt();
    for ((value, gain), shift) in row.iter_mut().zip(gain).zip(shift) {
        *value = *value * spread * *gain + *shift;
    }
}

/// How many sums are kept side by side, so that they can be added at once.
const LANES: usize = 16;

#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, value)| *sum += *value);
    }
    sums.iter().sum::<f32>() + rest
}

#[inline(always)]
fn squares(values: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().map(|value| value * value).sum();
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, value)| *sum += *value * *value);
    }
    sums.iter().sum::<f32>() + rest
}

#[inline(always)]
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function to seven digits (Abramowitz and Stegun, 7.1.26).
#[inline(always)]
fn erf(x: f32) -> f32 {
    let size = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * size);
    let sum = t * (0.254_829_6 + t * (-0.284_496_72 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    (1.0 - sum * exp(-size * size)).copysign(x)
}

/// `e` to the power of `x`, to seven digits, without a branch.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Below, the result is no normal number; above, none at all.
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let power = (x * std::f32::consts::LOG2_E).round_ties_even();
    let rest = x - power * 0.693_359_4 + power * 2.121_944_4e-4;
    let series = 1.0
        + rest
            * (1.0
                + rest
                    * (0.5
                        + rest * (0.166_666_66 + rest * (0.041_666_57 + rest * (0.008_333_5 + rest * 0.001_394_6)))));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the power is between -126 and 127")]
    let scale = f32::from_bits(((power as i32 + 127) as u32) << 23);
    series * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_agree_with_the_library() {
        for step in -8_000_i16..8_000 {
            let x = f32::from(step) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 2e-6, "exp({x})");
            assert!(gelu(x).is_finite() && gelu(x) >= -0.2, "gelu({x})");
        }
        for (x, expected) in [(0.0, 0.0), (1.0, 0.841_344_7), (-1.0, -0.158_655_2), (3.0, 2.995_95)] {
            assert!((gelu(x) - expected).abs() < 1e-6, "gelu({x})");
        }
    }

    #[test]
    fn rows_are_shares_of_one() {
        let mut rows = vec![1.0, 2.0, 3.0, 1e4, -1e4, 0.0];
        softmax_rows(&mut rows, 3, 1.0);
        assert!((rows[..3].iter().sum::<f32>() - 1.0).abs() < 1e-6 && rows[2] > rows[1]);
        assert!((rows[3] - 1.0).abs() < 1e-6);
    }
}

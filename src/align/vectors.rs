//! Vectors in a byte a number, and the cosine of one with many: exact, without an index.

use pulp::Arch;

/// A vector of length one, in whole numbers from -127 to 127.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    pub numbers: Vec<i8>,
    /// What one of its numbers stands for.
    pub unit: f32,
}

impl Vector {
    /// A vector of length one in bytes.
    #[must_use]
    pub fn of(exact: &[f32]) -> Vector {
        let most = exact.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
        let unit = most / 127.0;
        #[expect(clippy::cast_possible_truncation, reason = "the largest becomes 127")]
        let numbers = exact.iter().map(|value| (value / unit).round() as i8).collect();
        Vector { numbers, unit }
    }

    /// The cosine with another vector.
    #[must_use]
    pub fn cosine(&self, other: &Vector) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "at most 384 times 127 squared")]
        let dot = Arch::new().dispatch(|| dot(&self.numbers, &other.numbers)) as f32;
        dot * self.unit * other.unit
    }
}

/// Rows of vectors behind each other, with the unit of each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows<'a> {
    pub numbers: &'a [i8],
    pub units: &'a [f32],
    pub width: usize,
}

impl Rows<'_> {
    /// The cosine of every row with every one of some vectors: a list a vector.
    #[must_use]
    pub fn cosines(&self, vectors: &[&Vector]) -> Vec<Vec<f32>> {
        let mut all = vec![vec![0.0_f32; self.units.len()]; vectors.len()];
        if self.width == 0 {
            return all;
        }
        Arch::new().dispatch(|| {
            for (at, (row, unit)) in self.numbers.chunks_exact(self.width).zip(self.units).enumerate() {
                for (vector, cosines) in vectors.iter().zip(&mut all) {
                    if let Some(cosine) = cosines.get_mut(at) {
                        #[expect(clippy::cast_precision_loss, reason = "at most 384 times 127 squared")]
                        let dot = dot(row, &vector.numbers) as f32;
                        *cosine = dot * unit * vector.unit;
                    }
                }
            }
        });
        all
    }
}

#[expect(clippy::inline_always, reason = "what is not inlined is not compiled for the registers that were found")]
#[inline(always)]
fn dot(one: &[i8], other: &[i8]) -> i32 {
    one.iter().zip(other).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

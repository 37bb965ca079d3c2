//! Weights: the numbers of a BERT encoder, from a file of the safetensors format.
//!
//! Only reads: what is done with them is in `bert`.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use safetensors::tensor::{Dtype, Metadata};

/// The longest header that is read, in bytes.
const LONGEST_HEADER: u64 = 4 * 1024 * 1024;

/// Weights that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    #[error("the file of weights cannot be read")]
    File(#[from] std::io::Error),
    #[error("this is no file of the safetensors format")]
    Format(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the weights have no tensor {0}")]
    Missing(String),
    #[error("tensor {name} is {found:?}, and should be {wanted:?} in 32-bit floats")]
    Shape { name: String, found: Vec<usize>, wanted: Vec<usize> },
}

/// A file of weights that is open.
pub(super) struct Weights {
    file: BufReader<File>,
    metadata: Metadata,
    begin: u64,
}

impl Weights {
    /// Opens a file and reads what it has.
    ///
    /// # Errors
    /// When it cannot be read, or is of another format.
    pub(super) fn open(path: &Path) -> Result<Weights, WeightsError> {
        let mut file = BufReader::new(File::open(path)?);
        let mut length = [0; 8];
        file.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        if length > LONGEST_HEADER {
            return Err(WeightsError::Format(format!("its header would be {length} bytes").into()));
        }
        let mut header = Vec::new();
        file.by_ref().take(length).read_to_end(&mut header)?;
        let metadata = serde_json::from_slice(&header).map_err(|error| WeightsError::Format(Box::new(error)))?;
        Ok(Weights { file, metadata, begin: 8 + length })
    }

    /// The numbers of one tensor, row by row.
    ///
    /// # Errors
    /// When it is not there, or has another shape.
    pub(super) fn read(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let Some(info) = self.metadata.info(name) else { return Err(WeightsError::Missing(name.to_owned())) };
        let (from, to) = info.data_offsets;
        let count: usize = shape.iter().product();
        if info.dtype != Dtype::F32 || info.shape != shape || to.checked_sub(from) != Some(count * 4) {
            let (name, found, wanted) = (name.to_owned(), info.shape.clone(), shape.to_vec());
            return Err(WeightsError::Shape { name, found, wanted });
        }
        self.file.seek(SeekFrom::Start(self.begin + from as u64))?;
        let mut numbers = vec![0.0_f32; count];
        self.file.read_exact(bytemuck::cast_slice_mut(&mut numbers))?;
        if cfg!(target_endian = "big") {
            numbers.iter_mut().for_each(|number| *number = f32::from_bits(number.to_bits().swap_bytes()));
        }
        Ok(numbers)
    }
}

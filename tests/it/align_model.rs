//! The encoder beside its reference: vectors of the same texts by the library that trained the model.
//!
//! Runs where `CASEMENT_TEST_MODEL` names a folder with the model; `scripts/test` gets it.

use casement::align::Encoder;
use serde_json::Value;

#[test]
fn vectors_are_those_of_the_reference() {
    let Some(folder) = std::env::var_os("CASEMENT_TEST_MODEL") else { return };
    let encoder = Encoder::load(folder.as_ref()).unwrap();
    let references: Vec<Value> = serde_json::from_str(include_str!("../fixtures/align/vectors.json")).unwrap();
    let texts: Vec<&str> = references.iter().map(|one| one["text"].as_str().unwrap()).collect();
    for threads in [1, 3] {
        let vectors = encoder.encode(&texts, threads);
        assert_eq!(vectors.len(), texts.len());
        for ((vector, reference), text) in vectors.iter().zip(&references).zip(&texts) {
            let reference: Vec<f32> = serde_json::from_value(reference["vector"].clone()).unwrap();
            let cosine: f32 = vector.iter().zip(&reference).map(|(a, b)| a * b).sum();
            assert!(cosine > 0.9999, "{text}: {cosine}");
        }
    }
    assert_eq!(encoder.encode(&[], 2), Vec::<Vec<f32>>::new());
}

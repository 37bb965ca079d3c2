use super::*;
pub fn texts(q: &Query) -> Vec<String> { asked::Asked::new(q).texts() }
pub fn names() -> &'static [&'static str] { features::Features::NAMES }
pub fn look(q: &Query, v: Option<Vec<Vec<f32>>>, c: &[(&Collection, Option<Embedded<'_>>)]) -> Vec<(usize, u32, Vec<f32>)> {
    let mut a = asked::Asked::new(q);
    if let Some(v) = v { a.embed(&v); }
    let looked: Vec<_> = c.iter().map(|(c, e)| { let terms = a.terms(&c.vocabulary); let (signals, chosen) = signals::Signals::of(&a, &terms, c, *e, &|_| true); features::Looked { collection: c, terms, signals, chosen } }).collect();
    features::candidates(&a, &looked).into_iter().map(|c| (c.collection, c.item, c.features.numbers().to_vec())).collect()
}

//! Order within the lists of a package: what has to move for the old order to become the new one.

use std::collections::{HashMap, HashSet};

use crate::case::model::Class;
use crate::store::Object;

/// Finds the objects to move so that those that both editions have stand in the new order: all
/// but the longest run, class by class, that is in order already. A class in which nothing moved
/// and nothing is new keeps its old positions, so that leaving objects out of an import does not
/// move the others.
pub(super) fn settle(stored: &HashMap<(Class, String), Object>, new: &mut [Object]) -> HashSet<(Class, String)> {
    let mut displaced = HashSet::new();
    for class in Class::ALL {
        let mut of_class: Vec<&mut Object> = new.iter_mut().filter(|object| object.class == class).collect();
        of_class.sort_by_key(|object| object.position);
        let before = |object: &Object| stored.get(&(class, object.id.clone())).map(|old| old.position);
        let positions: Vec<Option<i64>> = of_class.iter().map(|object| before(object)).collect();
        let known: Vec<i64> = positions.iter().copied().flatten().collect();
        let stays: HashSet<usize> = longest_rise(&known).into_iter().collect();
        if stays.len() == positions.len() {
            for (object, position) in of_class.into_iter().zip(known) {
                object.position = position;
            }
            continue;
        }
        let both = of_class.iter().zip(&positions).filter(|(_, position)| position.is_some());
        let moves = both.enumerate().filter(|(index, _)| !stays.contains(index));
        displaced.extend(moves.map(|(_, (object, _))| (class, object.id.clone())));
    }
    displaced
}

/// The indices of a longest increasing subsequence.
fn longest_rise(values: &[i64]) -> Vec<usize> {
    // ends[n]: where a rise of n + 1 values ends with the least value.
    let mut ends: Vec<(i64, usize)> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let at = ends.partition_point(|(end, _)| end < value);
        previous.push(at.checked_sub(1).and_then(|before| ends.get(before)).map(|(_, index)| *index));
        match ends.get_mut(at) {
            Some(end) => *end = (*value, index),
            None => ends.push((*value, index)),
        }
    }
    let mut rise: Vec<usize> =
        std::iter::successors(ends.last().map(|(_, index)| *index), |index| previous.get(*index).copied().flatten())
            .collect();
    rise.reverse();
    rise
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_put_elsewhere_is_one_move() {
        for (values, stay) in
            [(vec![], 0), (vec![0, 1, 2, 3], 4), (vec![3, 0, 1, 2], 3), (vec![1, 2, 3, 0], 3), (vec![3, 2, 1, 0], 1)]
        {
            let rise = longest_rise(&values);
            assert_eq!(rise.len(), stay, "{values:?}");
            assert!(rise.is_sorted_by_key(|index| values[*index]), "{values:?}");
        }
    }
}

//! Independent runs over several cores; what comes of them does not depend on how many there are.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// As many threads as there are cores.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does the work for each item on so many threads, in the order of the items as far as threads
/// go; `stop` is asked before each. `None` for those that were not done.
pub fn each<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
    work: impl Fn(&T) -> R + Sync,
) -> Vec<Option<R>> {
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let go = || {
        while !stop() {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { return };
            let result = work(item);
            *done[place].lock().expect("nobody panics holding it") = Some(result);
        }
    };
    // Whoever calls takes part: its heap and its caches are warm.
    thread::scope(|scope| {
        for _ in 1..threads.min(items.len()) {
            scope.spawn(go);
        }
        go();
    });
    let inner = |done: Mutex<Option<R>>| done.into_inner().expect("nobody panics holding it");
    done.into_iter().map(inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_their_items() {
        let items: Vec<u64> = (0..1000).collect();
        let done = each(&items, 3, &|| false, |item| item * 2);
        let wanted: Vec<_> = items.iter().map(|item| Some(item * 2)).collect();
        assert_eq!(done, wanted);
        assert_eq!(each(&items, 3, &|| true, |item| *item), vec![None; 1000]);
        assert_eq!(each(&[] as &[u64], 3, &|| false, |item| *item), []);
    }
}

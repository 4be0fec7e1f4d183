//! The nearest known name to a misspelt one.

/// The candidate that `word` was most likely meant to be, if any is near enough.
/// Capitals count for little; of equally near ones the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64;
    let wanted: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if wanted.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        let limit = (wanted.len().max(letters.len()) / 3).max(1);
        if wanted.len().abs_diff(letters.len()) > limit {
            continue;
        }
        let distance = distance(&wanted, &letters);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.filter(|(distance, _)| *distance < wanted.len().max(1)).map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out, changed, or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if swapped {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = last;
        last = row;
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let calls = ["login", "logout", "enterRoom", "leaveRoom", "sendPeerMessage"];
        assert_eq!(nearest("entreRoom", calls), Some("enterRoom"));
        assert_eq!(nearest("enterroom", calls), Some("enterRoom"));
        assert_eq!(nearest("logn", calls), Some("login"));
        assert_eq!(nearest("sendPearMesage", calls), Some("sendPeerMessage"));
        assert_eq!(nearest("bbo", ["alice", "bob"]), Some("bob"));
    }

    #[test]
    fn another_word_finds_nothing() {
        assert_eq!(nearest("teleport", ["login", "logout"]), None);
        assert_eq!(nearest("", ["a", "b"]), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest(&"a".repeat(1000), [&*"a".repeat(1000)]), None);
    }
}

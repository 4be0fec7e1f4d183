//! From the words of a message to the rule that it tells of.

use super::mistakes::{RULES, Rule};

/// The rule that a message tells of: of several the one whose words fit best. Quotation marks
/// and backquotes don't count: shells eat them.
pub(super) fn rule_of(message: &str) -> Option<&'static Rule> {
    let message = plain(message);
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let fits = |rule: &'static Rule| {
        let fitting = rule.says.iter().filter(|says| matches(&plain(says), message));
        Some((fitting.map(|says| says.len()).max()?, rule))
    };
    RULES.iter().filter_map(fits).max_by_key(|(words, _)| *words).map(|(_, rule)| rule)
}

/// The rules whose messages hold this phrase.
pub(super) fn rules_with(phrase: &str) -> Vec<&'static Rule> {
    let phrase = plain(phrase).to_lowercase();
    let holds = |says: &&str| plain(says).to_lowercase().contains(phrase.trim());
    let is_phrase = phrase.trim().contains(' ');
    RULES.iter().filter(|rule| is_phrase && rule.says.iter().any(holds)).collect()
}

fn plain(text: &str) -> String {
    text.trim().chars().filter(|c| !['`', '"'].contains(c)).collect()
}

/// Whether a message has this form, where `…` stands for any words.
fn matches(form: &str, message: &str) -> bool {
    let mut parts = form.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = message.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    false
}

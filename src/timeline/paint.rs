//! Colour for a terminal: failures red, what held green, faults yellow, figures dim.
//! Colour says nothing that the words do not say.

use anstyle::{AnsiColor, Style};
use std::fmt::Write;

const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Paints a timeline, line by line.
pub fn paint(text: &str) -> String {
    let mut painted = String::with_capacity(text.len() * 2);
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        match style(body) {
            Some(style) => {
                let _ = write!(painted, "{style}{body}{style:#}{end}");
            }
            None => painted.push_str(line),
        }
    }
    painted
}

fn style(line: &str) -> Option<Style> {
    let has_word = |word: &str| line.split_whitespace().any(|w| w == word);
    let bad = ["CONTRADICTED", "contradicted", "NOT MET", "SEEN at"];
    if line.starts_with("FAILED") || bad.iter().any(|words| line.contains(words)) {
        Some(RED)
    } else if line.starts_with("all held") {
        Some(GREEN)
    } else if has_word("net") || has_word("admin") {
        Some(YELLOW)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint_changes_no_letter() {
        let text = "x  seed 1\n 1.000 net cut alice\nall held: yes\nFAILED: 1\n";
        let painted = paint(text);
        assert_ne!(painted, text);
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text);
    }

    #[test]
    fn what_is_bad_is_red_and_what_held_is_green() {
        for bad in ["FAILED: 2", "  4.T0  alice held 0, CONTRADICTED 1", "  that  NOT MET"] {
            assert_eq!(style(bad), Some(RED), "{bad}");
        }
        assert_eq!(style("  1.000  alice: row 4.T0 in r1 contradicted: 1/1"), Some(RED));
        assert_eq!(style("all held: and what that means"), Some(GREEN));
        assert_eq!(style("  that  met at 3.000"), None);
    }
}

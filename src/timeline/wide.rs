//! Alignment by display width: names, titles and texts may be Chinese.

use unicode_width::UnicodeWidthStr;

/// How many columns a text takes on a terminal.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text, filled up with blanks to so many columns.
pub fn pad(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

/// Blanks before the text, so that it ends at that column.
pub fn pad_left(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(blanks))
}

/// Adds a line without trailing blanks.
pub fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

/// The widest line of a text that is broken into lines.
const WIDEST: usize = 96;

/// Adds a text behind a label, broken between words where it is too wide; what follows the
/// first line stands under its beginning.
pub fn wrapped(out: &mut String, label: &str, text: &str) {
    let columns = WIDEST.saturating_sub(width(label));
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is always one");
        if !last.is_empty() && width(last) + 1 + width(word) > columns {
            lines.push(word.to_owned());
            continue;
        }
        if !last.is_empty() {
            last.push(' ');
        }
        last.push_str(word);
    }
    for (place, each) in lines.iter().enumerate() {
        let before = if place == 0 { label } else { &pad("", width(label)) };
        line(out, &format!("{before}{each}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_character_counts_two_columns() {
        assert_eq!(width("r1"), 2);
        assert_eq!(width("大厅"), 4);
        assert_eq!(pad("大厅", 6), "大厅  ");
        assert_eq!(pad_left("大厅", 5), " 大厅");
        assert_eq!(pad("longer", 3), "longer");
    }
}

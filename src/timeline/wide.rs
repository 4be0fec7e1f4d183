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

//! Reads a timeline back from its text: a snapshot is nothing else.

use super::difference::normal;
use crate::contract;
use crate::time::Time;

/// A timeline's parts.
#[derive(Debug)]
pub struct Timeline<'t> {
    /// Everything but the first line, which holds name, seed and title.
    pub unlabelled: &'t str,
    /// What is not at its default.
    pub header: Vec<&'t str>,
    /// The events, in order.
    pub events: Vec<Entry<'t>>,
    /// What stands below them.
    pub sections: Vec<Section<'t>>,
}

/// One event of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'t> {
    /// When.
    pub at: Time,
    /// Whose.
    pub who: &'t str,
    /// What, as it is printed.
    pub words: &'t str,
    /// What, with single blanks between its words.
    pub normal: String,
    /// The rows that it exhibits; `!` before one that is contradicted.
    pub rows: Vec<&'t str>,
}

/// A titled list below the events.
#[derive(Debug)]
pub struct Section<'t> {
    /// Its first line.
    pub title: &'t str,
    /// The others.
    pub lines: Vec<&'t str>,
}

/// Reads a timeline without a trace, or a snapshot's file; `None` if it is neither.
pub fn read(text: &str) -> Option<Timeline<'_>> {
    let body = match text.strip_prefix("---\n") {
        Some(after) => after.split_once("\n---\n")?.1,
        None => text,
    };
    let (_, unlabelled) = body.split_once('\n')?;
    let mut lines = unlabelled.lines();
    let header = lines.by_ref().take_while(|text| !text.is_empty()).collect();
    let heading = lines.next()?;
    let titles = ["time", "since", "who", "event", "row"];
    if !heading.split_whitespace().eq(titles) {
        return None;
    }
    let since = heading.find("since")?;
    let mut events = Vec::new();
    for text in lines.by_ref().take_while(|text| !text.is_empty()) {
        events.push(entry(text, since)?);
    }
    let mut sections: Vec<Section> = Vec::new();
    let mut begins = true;
    for text in lines {
        match sections.last_mut().filter(|_| !begins) {
            Some(section) if !text.is_empty() => section.lines.push(text),
            Some(_) => begins = true,
            None => {
                sections.push(Section { title: text, lines: Vec::new() });
                begins = false;
            }
        }
    }
    Some(Timeline { unlabelled, header, events, sections })
}

/// One line; `since` is the column in which the offset to the latest fault begins.
fn entry(text: &str, since: usize) -> Option<Entry<'_>> {
    const GAP: &str = "  ";
    let trimmed = text.trim_start();
    let time = trimmed.split(' ').next()?;
    let time_end = text.len() - trimmed.len() + time.len();
    let rest = text.get(since.max(time_end + GAP.len())..)?;
    let rest = match rest.starts_with(' ') {
        true => rest,
        false => rest.split_once(GAP)?.1,
    };
    let (who, words) = rest.trim_start().split_once(GAP)?;
    let (words, rows) = without_rows(words.trim());
    Some(Entry { at: time_of(time)?, who, words, normal: normal(words), rows })
}

/// Takes the rows off the end of a line.
fn without_rows(words: &str) -> (&str, Vec<&str>) {
    let ids = contract::ids();
    let (mut words, mut rows) = (words, Vec::new());
    while let Some((before, last)) = words.rsplit_once(' ')
        && ids.contains(&last.strip_prefix('!').unwrap_or(last))
    {
        rows.insert(0, last);
        words = before.trim_end();
    }
    (words, rows)
}

/// `12.345`
fn time_of(text: &str) -> Option<Time> {
    let (seconds, ms) = text.split_once('.').filter(|(_, ms)| ms.len() == 3)?;
    let (seconds, ms): (u64, u64) = (seconds.parse().ok()?, ms.parse().ok()?);
    Some(Time::from_ms(seconds.checked_mul(1000)?.checked_add(ms)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> (u64, &str, &str, Vec<&str>) {
        let entry = entry(text, 11).expect(text);
        (entry.at.ms(), entry.who, entry.words, entry.rows)
    }

    #[test]
    fn a_line_falls_into_its_columns_whatever_is_blank_or_too_long() {
        let plain = "    0.000                 alice   call login";
        assert_eq!(line(plain), (0, "alice", "call login", vec![]));
        let with = "   27.000  tunnel+15.000  爱丽丝  onX r1     A/B (1/1)    4.T0 !4.T1";
        assert_eq!(line(with), (27_000, "爱丽丝", "onX r1     A/B (1/1)", vec!["4.T0", "!4.T1"]));
        let wide = "1234567.890  tunnel.end+1000.000  net  cut a  b (x)";
        assert_eq!(line(wide), (1_234_567_890, "net", "cut a  b (x)", vec![]));
        let text = "    1.000                 alice   shows \"see 4.T0\"";
        assert_eq!(line(text), (1000, "alice", "shows \"see 4.T0\"", vec![]));
    }

    #[test]
    fn what_is_no_timeline_is_not_taken_for_one() {
        for text in ["", "title\n", "---\nsource: x\n", "title\n\nsome text\n", "a\n\ntime since\n"]
        {
            assert!(read(text).is_none(), "{text:?}");
        }
        let heading = "t   seed 1\n\n     time  since  who  event  row\n";
        assert!(read(&format!("{heading}gibberish\n")).is_none());
        assert!(read(heading).is_some_and(|timeline| timeline.events.is_empty()));
    }
}

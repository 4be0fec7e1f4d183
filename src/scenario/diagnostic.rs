//! Mistakes of a scenario's author: collected all at once, shown with their lines.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::BTreeSet;
use std::ops::Range;

/// A range of bytes in the file.
pub(super) type Place = Range<usize>;

/// After so many mistakes the rest are only counted.
const SHOWN: usize = 50;

/// One mistake: where, what, and how to put it right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The bytes of the file that are wrong.
    pub place: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands under the caret; may be empty.
    pub label: String,
    /// Other places that the reader should see, each with its words.
    pub also: Vec<(Range<usize>, String)>,
    /// What to do about it, one hint a line.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A mistake at this place.
    pub(super) fn new(place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            place,
            message: message.into(),
            label: String::new(),
            also: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Puts words under the caret.
    pub(super) fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// Shows another place too.
    pub(super) fn also(mut self, place: Place, words: impl Into<String>) -> Diagnostic {
        self.also.push((place, words.into()));
        self
    }

    /// Adds a hint.
    pub(super) fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// Adds a hint, if there is one.
    pub(super) fn maybe_help(self, help: Option<String>) -> Diagnostic {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    list: Vec<Diagnostic>,
    more: usize,
    /// Keys of the top level that stand elsewhere: not to be reported as missing too.
    pub misplaced: BTreeSet<&'static str>,
}

impl Mistakes {
    /// Adds a mistake, or counts it when there are more than anybody reads.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        match self.full() {
            true => self.more += 1,
            false => self.list.push(diagnostic),
        }
    }

    /// Whether further mistakes are only counted.
    pub fn full(&self) -> bool {
        self.list.len() >= SHOWN
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The mistakes in the order of the file.
    pub fn finish(mut self, path: &str, source: String) -> Diagnostics {
        for diagnostic in &mut self.list {
            let places = diagnostic.also.iter_mut().map(|(place, _)| place);
            for place in places.chain([&mut diagnostic.place]) {
                let end = source.floor_char_boundary(place.end);
                let start = source.floor_char_boundary(place.start).min(end);
                *place = start..end;
            }
        }
        self.list.sort_by_key(|diagnostic| diagnostic.place.start);
        Diagnostics { path: path.to_owned(), source, list: self.list, more: self.more }
    }
}

/// Where a file is wrong: all its mistakes, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    path: String,
    source: String,
    list: Vec<Diagnostic>,
    more: usize,
}

impl Diagnostics {
    /// How many mistakes there are, those beyond the shown ones included; at least 1.
    #[expect(clippy::len_without_is_empty, reason = "there is always at least one")]
    pub fn len(&self) -> usize {
        self.list.len() + self.more
    }

    /// The mistakes that are shown.
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// All of it as text for a terminal: per mistake the file, line, column, the line
    /// itself and the hints; then how many there were. Ends with a newline.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for diagnostic in &self.list {
            text.push_str(&renderer.render(&[self.group(diagnostic)]));
            text.push_str("\n\n");
        }
        let shown = match self.more {
            0 => String::new(),
            _ => format!(" (the first {SHOWN} are shown)"),
        };
        let mistakes = if self.len() == 1 { "mistake" } else { "mistakes" };
        text.push_str(&format!("{}: {} {mistakes}{shown}\n", self.path, self.len()));
        text
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let primary = AnnotationKind::Primary.span(diagnostic.place.clone());
        let primary = match diagnostic.label.is_empty() {
            true => primary,
            false => primary.label(diagnostic.label.as_str()),
        };
        let also = diagnostic.also.iter().map(|(place, words)| {
            AnnotationKind::Context.span(place.clone()).label(words.as_str())
        });
        let snippet = Snippet::source(self.source.as_str())
            .path(self.path.as_str())
            .annotation(primary)
            .annotations(also);
        let title = Level::ERROR.primary_title(diagnostic.message.as_str());
        let help = diagnostic.help.iter().map(|help| Level::HELP.message(help.as_str()));
        title.element(snippet).elements(help)
    }
}

/// The author's own words for a message: in quotes, no longer than a line, and with
/// control characters made visible.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown = String::new();
    for c in text.chars().take(LONGEST) {
        match c.is_control() {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    let rest = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("\"{shown}{rest}\"")
}

/// `a, b or c`
pub(super) fn or_list<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => String::new(),
    }
}

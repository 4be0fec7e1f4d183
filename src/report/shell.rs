//! The document around a page: everything inline, nothing fetched, from anywhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A whole document. `up`: the page that this one belongs to, with its name.
pub fn document(title: &str, up: Option<(&str, &str)>, header: Markup, main: Markup) -> String {
    // Nothing may be fetched, whatever a hostile name makes of the page.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                  base-uri 'none'; form-action 'none'";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(concat!("zimsim ", env!("CARGO_PKG_VERSION")));
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                @if let Some((link, name)) = up { nav.up aria-label="site" { a href=(link) { "← " (name) } } }
                header { (header) }
                main #main { (main) }
                footer { p { "zimsim " (env!("CARGO_PKG_VERSION")) ". " (HELD_MEANS) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// What every report says of itself.
pub const HELD_MEANS: &str = "“Held” means that zimsim's own SDK and server, a model written from \
    public documents, agree with the document. Of ZEGO's own SDK this says nothing.";

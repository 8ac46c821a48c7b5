//! Makes what the tagger ships with, from the files of `../shared`.
//!
//! ```text
//! cargo run --release --no-default-features --example model -- words ../shared
//! cargo run --release --no-default-features --example model -- shares ../shared
//! cargo run --release --no-default-features --example model -- train ../shared
//! ```
//!
//! `words` compiles `src/tagger/data/words.tsv` from open text and name lists; `shares` adds to
//! it how often a first tagger sees each word in names; `train` trains
//! `src/entity/data/names.model` on the annotated news and prints its scores on `news-dev`. Both take seconds to
//! minutes and always give the same bytes.

mod gold;
mod names;
mod vectors;
mod words;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, shared, rest @ ..] = &arguments[..] else {
        eprintln!("usage: model words|shares|train SHARED");
        std::process::exit(2);
    };
    let shared = Path::new(shared);
    match command.as_str() {
        "words" => words::compile(shared, Path::new("src/tagger/data/words.tsv")),
        "shares" => names::share(shared, Path::new("src/tagger/data/words.tsv")),
        "train" => {
            names::train(shared, Path::new(rest.first().map_or("src/entity/data/names.model", |path| path)))
        }
        "try" => names::try_out(shared, rest),
        other => {
            eprintln!("unknown command {other}");
            std::process::exit(2);
        }
    }
}

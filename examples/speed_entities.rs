//! Speed of the rooms up to entities on JSON Lines of articles, one thread, best of three.
//!
//! usage: xzcat ../shared/text/antcorpus.jsonl.xz | head -3000 > /tmp/ant.jsonl
//!        cargo run --release --no-default-features --example speed_entities -- /tmp/ant.jsonl

use std::time::{Duration, Instant};

use rawabit::entity::link::Links;
use rawabit::entity::names::{Names, Scratch};
use rawabit::entity::values::Values;
use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::segment::Document;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("wants a file")?;
    let texts: Vec<String> = std::fs::read_to_string(path)?
        .lines()
        .map(|line| {
            Ok(serde_json::from_str::<serde_json::Value>(line)?["text"].as_str().unwrap_or("").to_string())
        })
        .collect::<Result<_, serde_json::Error>>()?;
    let mut words = Words::default();
    let user = UserLexicon::default();
    let (values, links) = (Values::new(&mut words)?, Links::new(&user)?);
    let names = Names::new(&mut words, &user)?;
    let (mut document, mut ids, mut scratch) = (Document::default(), WordIds::default(), Scratch::default());
    let mut best = [Duration::MAX; 5];
    let (mut tokens, mut found) = (0, 0);
    for _ in 0..3 {
        let mut spent = [Duration::ZERO; 5];
        (tokens, found) = (0, 0);
        for text in &texts {
            let start = Instant::now();
            document.update(text);
            let cut = Instant::now();
            ids.update(&words, &document);
            let looked_up = Instant::now();
            let mut entities = names.find(&document, &mut scratch);
            let named = Instant::now();
            links.resolve(&mut entities);
            let linked = Instant::now();
            found += values.find(&document, &ids, None).len() + entities.len();
            let valued = Instant::now();
            tokens += document.tokens.len();
            let laps = [cut - start, looked_up - cut, named - looked_up, linked - named, valued - linked];
            spent.iter_mut().zip(laps).for_each(|(sum, lap)| *sum += lap);
        }
        best.iter_mut().zip(spent).for_each(|(best, time)| *best = time.min(*best));
    }
    println!("{tokens} tokens, {found} entities");
    for (room, time) in ["document", "word ids", "names", "links", "values"].iter().zip(best) {
        let seconds = time.as_secs_f64();
        println!(
            "{room:10} {:6.3} µs a token, {:6.2} M tokens/s",
            1e6 * seconds / tokens as f64,
            tokens as f64 / seconds / 1e6
        );
    }
    Ok(())
}

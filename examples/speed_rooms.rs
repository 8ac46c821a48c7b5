//! What each room costs on JSON Lines of articles, in nanoseconds a token: one thread, best of three for each room.
//!
//! usage: xzcat ../shared/text/antcorpus.jsonl.xz | head -3000 > /tmp/ant.jsonl
//!        cargo run --release --no-default-features --example speed_rooms -- /tmp/ant.jsonl

use std::time::{Duration, Instant};

use rawabit::corpus::pipeline::{Engine, Workspace};
use rawabit::corpus::{Analyzed, Depth};
use rawabit::entity;
use rawabit::entity::link::Links;
use rawabit::entity::names::{self, Names};
use rawabit::entity::values::Values;
use rawabit::frame::rows::{Article, Records, Want};
use rawabit::lexicon::words::{TokenIds, WordIds};
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::memo::Memo;
use rawabit::mention::grammar::{Fact, Facts};
use rawabit::relation::argument;
use rawabit::segment::{Document, Forms};
use rawabit::tagger::words::WordTable;
use rawabit::{mention, relation};

/// The rooms in the order in which a document goes through them. Names, links and values stand for themselves: the
/// finder of entities, which is timed as a whole, calls them with a few checks around.
const ROOMS: [&str; 13] = [
    "document",
    "word ids",
    "entities",
    "  names",
    "  links",
    "  values",
    "facts",
    "mentions",
    "relations",
    "  triggers",
    "  binding",
    "  claims",
    "rows",
];

/// Everything that is called, loaded once.
struct House {
    words: Words,
    entities: entity::Finder,
    names: Names,
    links: Links,
    values: Values,
    mentions: mention::Finder,
    relations: relation::Finder,
    engine: Engine,
}

impl House {
    fn new() -> rawabit::Result<House> {
        let (mut words, user) = (Words::default(), UserLexicon::default());
        WordTable::shared()?;
        Ok(House {
            entities: entity::Finder::new(&mut words, &user)?,
            names: Names::new(&mut words, &user)?,
            links: Links::new(&user)?,
            values: Values::new(&mut words)?,
            mentions: mention::Finder::new(&mut words, &user)?,
            relations: relation::Finder::new(&mut words, &user)?,
            engine: Engine::new(&user)?,
            words,
        })
    }
}

/// Memory that is reused from document to document.
#[derive(Default)]
struct Memory {
    document: Document,
    forms: Forms,
    ids: WordIds,
    known_ids: Memo<TokenIds>,
    names: names::Scratch,
    names_alone: names::Scratch,
    facts: Facts,
    known_facts: Memo<Fact>,
    relations: relation::Memory,
    binding: argument::Scratch,
}

/// Stops the time of one room after the other.
struct Watch<'a> {
    spent: &'a mut [Duration; ROOMS.len()],
    room: usize,
}

impl Watch<'_> {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.spent[self.room] += start.elapsed();
        self.room += 1;
        result
    }
}

/// Take a text through all rooms; its tokens.
fn visit(house: &House, text: &str, memory: &mut Memory, watch: &mut Watch) -> usize {
    let Memory { document, forms, ids, known_ids, facts, known_facts, .. } = memory;
    watch.time(|| document.update_with(text, forms));
    watch.time(|| ids.update_with(&house.words, document, known_ids));
    let entities = watch.time(|| house.entities.find_with(document, ids, None, &mut memory.names));
    let mut alone = watch.time(|| house.names.find(document, &mut memory.names_alone));
    watch.time(|| house.links.resolve(&mut alone));
    watch.time(|| house.values.find(document, ids, None));
    let grammar = house.mentions.grammar();
    watch.time(|| facts.update_with(grammar, document, ids, &entities, known_facts));
    let mut mentions = watch.time(|| house.mentions.find_with(document, ids, &entities, facts));
    let before = mentions.clone();
    let find = &house.relations;
    watch.time(|| find.find_with(document, ids, &entities, facts, &mut mentions, &mut memory.relations));
    let (mut triggers, mut bindings, mut claims) = (Vec::new(), Vec::new(), Vec::new());
    watch.time(|| find.triggers.find(document, ids, &mut triggers));
    let (tokens, scratch) = (&facts.tokens, &mut memory.binding);
    watch.time(|| {
        find.binder.bind(
            document,
            tokens,
            &entities,
            &before,
            &triggers,
            &find.triggers,
            scratch,
            &mut bindings,
        );
    });
    watch.time(|| find.attributions.find(document, ids, &before, &mut claims));
    document.tokens.len()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("wants a file")?;
    let texts: Vec<String> = std::fs::read_to_string(path)?
        .lines()
        .map(|line| {
            Ok(serde_json::from_str::<serde_json::Value>(line)?["text"].as_str().unwrap_or("").to_string())
        })
        .collect::<Result<_, serde_json::Error>>()?;
    let house = House::new()?;
    let mut memory = Memory::default();
    let mut workspace = Workspace::default();
    let mut analyze = |text: &String| house.engine.analyze(text, None, Depth::Relations, &mut workspace);
    let found: Vec<Analyzed> = texts.iter().map(&mut analyze).collect();
    let mut best = [Duration::MAX; ROOMS.len()];
    let mut tokens = 0;
    for _ in 0..3 {
        let mut spent = [Duration::ZERO; ROOMS.len()];
        tokens = 0;
        for text in &texts {
            tokens += visit(&house, text, &mut memory, &mut Watch { spent: &mut spent, room: 0 });
        }
        let mut records = Records::default();
        let start = Instant::now();
        for (doc, (text, found)) in texts.iter().zip(&found).enumerate() {
            let article = Article { doc, text: Some(text), name: None, date: None };
            records.push(&article, Some(found), &house.engine.relations, Want::All);
        }
        records.finish();
        spent[ROOMS.len() - 1] = start.elapsed();
        best.iter_mut().zip(spent).for_each(|(best, time)| *best = time.min(*best));
    }
    println!("{tokens} tokens");
    for (room, time) in ROOMS.iter().zip(best) {
        println!("{room:12} {:5.0} ns a token", 1e9 * time.as_secs_f64() / tokens as f64);
    }
    Ok(())
}

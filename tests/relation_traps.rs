//! One-line traps for the binding of arguments: direction, titles, reciprocals, prepositions, word order.
//!
//! `data/relation_traps.tsv`: text, family (`*` for any), words of the source, words of the target, and an order. A trap
//! is passed when some relation of that family has both, that is, their spans overlap the words: in that direction for
//! `→`, either way for `↔`; for `✗→` and `✗` when there is none. Lines that begin with `open` are known not to pass yet;
//! one that passes must lose its mark.

use rawabit::corpus::pipeline::{Analyzed, Depth, Engine, Workspace};
use rawabit::lexicon::UserLexicon;

#[test]
fn every_trap_is_passed() {
    let engine = Engine::new(&UserLexicon::default()).unwrap();
    let mut workspace = Workspace::default();
    let (mut wrong, mut passed) = (Vec::new(), 0);
    for (number, line) in include_str!("data/relation_traps.tsv")
        .lines()
        .enumerate()
        .skip(2)
        .filter(|(_, line)| !line.starts_with('#'))
    {
        let (open, line) = match line.strip_prefix("open\t") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, family, source, target, order] = columns[..] else {
            panic!("line {}: five columns are expected", number + 1)
        };
        let found = engine.analyze(text, None, Depth::Relations, &mut workspace);
        let straight = holds(&engine, &found, text, family, source, target);
        let crossed = holds(&engine, &found, text, family, target, source);
        let passes = match order {
            "→" => straight,
            "↔" => straight || crossed,
            "✗→" => !straight,
            "✗" => !straight && !crossed,
            _ => panic!("line {}: no order «{order}»", number + 1),
        };
        if passes == open {
            let marked = if open { "passes now" } else { "fails" };
            wrong.push(format!("{} {marked}: {text} {}", number + 1, told(&engine, &found, text)));
        }
        passed += passes as usize;
    }
    assert!(wrong.is_empty(), "{passed} passed; {} not as marked:\n{}", wrong.len(), wrong.join("\n"));
}

/// The relations and mentions found, for the message.
fn told(engine: &Engine, found: &Analyzed, text: &str) -> String {
    let words = |mention: u32| {
        let mention = &found.mentions[mention as usize];
        &text[mention.start as usize..mention.end as usize]
    };
    let tell = |r: &rawabit::relation::Relation| {
        let family = &engine.relations.families.get(r.family).name;
        format!("[{} —{family}→ {} {:.2} {}]", words(r.source), words(r.target), r.confidence, r.rule)
    };
    let actors: Vec<_> = (0..found.mentions.len() as u32).map(words).collect();
    found.relations.iter().map(tell).chain([format!(" of {}", actors.join(" | "))]).collect()
}

fn holds(engine: &Engine, found: &Analyzed, text: &str, family: &str, source: &str, target: &str) -> bool {
    let span = |words: &str| {
        let start = text.find(words).unwrap_or_else(|| panic!("{text}: no «{words}»")) as u32;
        (start, start + words.len() as u32)
    };
    let fits = |mention: u32, (start, end): (u32, u32)| {
        let mention = &found.mentions[mention as usize];
        mention.start < end && start < mention.end
    };
    found.relations.iter().any(|relation| {
        (engine.relations.families.get(relation.family).name == family || family == "*")
            && fits(relation.source, span(source))
            && fits(relation.target, span(target))
    })
}

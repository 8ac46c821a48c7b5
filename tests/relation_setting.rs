//! Traps of place and date: one sentence each, with the trigger in brackets (`data/relation_setting_traps.tsv`).

use rawabit::corpus::pipeline::{Depth, Engine, Workspace};
use rawabit::entity::Day;
use rawabit::lexicon::UserLexicon;

const TRAPS: &str = include_str!("data/relation_setting_traps.tsv");
const TODAY: Day = Day { year: 2016, month: 10, day: 4 };

/// The places and dates of the relations that the word in brackets expresses.
fn settings(engine: &Engine, workspace: &mut Workspace, marked: &str) -> Vec<[String; 2]> {
    let text: String = marked.chars().filter(|ch| !matches!(ch, '[' | ']')).collect();
    let start = marked.find('[').expect("a mark") as u32;
    let found = engine.analyze(&text, Some(TODAY), Depth::Relations, workspace);
    let here = found.relations.iter().filter(|r| r.trigger.start <= start && start < r.trigger.end);
    let entity = |index: Option<u32>| index.map(|index| &found.entities[index as usize]);
    here.map(|relation| {
        let place = entity(relation.place).map_or("-", |e| &text[e.start as usize..e.end as usize]);
        let date = entity(relation.date).map_or("-", |e| e.value.as_deref().unwrap_or("no value"));
        [place.to_string(), date.to_string()]
    })
    .collect()
}

#[test]
fn setting_traps() {
    let engine = Engine::new(&UserLexicon::default()).unwrap();
    let mut workspace = Workspace::default();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in TRAPS.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let (open, line) = line.strip_prefix("open\t").map_or((false, line), |line| (true, line));
        let [sentence, place, date] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}: 3 columns are expected")
        };
        let have = settings(&engine, &mut workspace, sentence);
        count += 1;
        let passes = !have.is_empty() && have.iter().all(|setting| setting == &[place, date]);
        if passes == open {
            wrong.push(format!(
                "{sentence}: {place} {date}, not {have:?}{}",
                if open { "; marked open" } else { "" }
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} traps:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 30, "only {count} traps");
}

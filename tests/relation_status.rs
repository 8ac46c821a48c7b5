//! Traps of status and attribution: one sentence each, with the trigger in brackets.

use rawabit::entity;
use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::mention;
use rawabit::relation::attribution::Attributions;
use rawabit::relation::factuality::Cues;
use rawabit::relation::family::Families;
use rawabit::relation::trigger::Triggers;
use rawabit::segment::Document;

/// Columns: sentence, factuality (`none` where the word is no trigger), negated, attributed; `-` is any.
const TRAPS: &str = include_str!("data/relation_status_traps.tsv");

struct Rooms {
    words: Words,
    families: Families,
    triggers: Triggers,
    cues: Cues,
    attributions: Attributions,
    entities: entity::Finder,
    mentions: mention::Finder,
}

impl Rooms {
    fn new() -> Rooms {
        let user = UserLexicon::default();
        let mut words = Words::default();
        let families = Families::new(&user).unwrap();
        let triggers = Triggers::new(&mut words, &families, &user).unwrap();
        let cues = Cues::new(&mut words).unwrap();
        let attributions = Attributions::new(&mut words).unwrap();
        let entities = entity::Finder::new(&mut words, &user).unwrap();
        let mentions = mention::Finder::new(&mut words, &user).unwrap();
        Rooms { words, families, triggers, cues, attributions, entities, mentions }
    }

    /// Factuality, negation and attribution of the word in brackets, as the columns write them.
    fn status(&self, marked: &str) -> [&'static str; 3] {
        let text: String = marked.chars().filter(|ch| !matches!(ch, '[' | ']')).collect();
        let start = marked.find('[').expect("a mark") as u32;
        let document = Document::new(&text);
        let mut ids = WordIds::default();
        ids.update(&self.words, &document);
        let (mut found, mut claims) = (Vec::new(), Vec::new());
        self.triggers.find(&document, &ids, &mut found);
        let Some(trigger) = found.iter().find(|t| t.start <= start && start < t.end) else {
            return ["none", "-", "-"];
        };
        let entities = self.entities.find(&document, &ids, None);
        let mentions = self.mentions.find(&document, &ids, &entities);
        self.attributions.find(&document, &ids, &mentions, &mut claims);
        let family = self.triggers.entry(trigger.entry).families.iter().next().unwrap();
        assert!((family.0 as usize) < self.families.len());
        let status = self.cues.status(&document, &ids, trigger, family);
        let yes = |is| if is { "yes" } else { "no" };
        let source = self.attributions.source(&document, &claims, trigger, family, |_| false);
        let attributed = source.is_some();
        [status.factuality.name(), yes(status.negated), yes(attributed)]
    }
}

#[test]
fn status_traps() {
    let rooms = Rooms::new();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in TRAPS.lines().skip(1).filter(|line| !line.starts_with('#')) {
        let [sentence, factuality, negated, attributed] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}: 4 columns are expected")
        };
        let want = [factuality, negated, attributed];
        let have = rooms.status(sentence);
        count += 1;
        if !want.iter().zip(have).all(|(&want, have)| want == "-" || want == have) {
            wrong.push(format!("{sentence}: {want:?}, not {have:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} traps:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 150, "only {count} traps");
}

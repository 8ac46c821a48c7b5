//! The user's entities, found by their names wherever they stand, and the names that a user blocks.

use rustc_hash::FxHashSet;

use super::link::key;
use super::{Entity, Label};
use crate::lexicon::words::WordIds;
use crate::lexicon::{Phrases, UserLexicon, WordId, Words};
use crate::segment::Document;
use crate::{Error, Result};

/// Names of the user's entities, and blocked ones. Immutable; share one among threads.
#[derive(Debug)]
pub struct Listed {
    phrases: Phrases<Label>,
    blocked: FxHashSet<Box<str>>,
    empty: bool,
}

impl Listed {
    /// The user's lists; their words are interned into `words`.
    pub fn new(words: &mut Words, user: &UserLexicon) -> Result<Listed> {
        let mut phrases = Phrases::default();
        for entity in &user.entities {
            let label = Label::from_name(&entity.label).ok_or_else(|| {
                Error::Value(format!("entity «{}»: no label «{}»", entity.name, entity.label))
            })?;
            for name in [&entity.name].into_iter().chain(&entity.aliases) {
                phrases.add(words, &as_tokens(name), label);
            }
        }
        let blocked = user.blocked.iter().map(|name| key(name).into()).collect();
        Ok(Listed { phrases, blocked, empty: user.entities.is_empty() })
    }

    /// A name that the user never wants to see.
    pub fn blocks(&self, entity: &Entity) -> bool {
        !self.blocked.is_empty() && self.blocked.contains(key(&entity.norm).as_str())
    }

    /// The user's entities in `document`, longest first, in order and without overlaps.
    pub fn find(&self, document: &Document, ids: &WordIds) -> Vec<Entity> {
        let mut found = Vec::new();
        if self.empty {
            return found;
        }
        let mut at = 0;
        while at < ids.full.len() {
            let longest = |first: WordId| {
                let (length, labels) = self.phrases.longest(first, &ids.full[at + 1..])?;
                labels.last().map(|label| (length, *label))
            };
            let whole = longest(ids.full[at]).map(|found| (found, 0));
            let prefix = document.tokens[at].prefix as usize;
            let matched = whole.or_else(|| longest(ids.bare[at]).map(|found| (found, prefix)));
            let Some(((length, label), prefix)) = matched else {
                at += 1;
                continue;
            };
            found.push(entity(document, at, at + length, label, prefix));
            at += length;
        }
        found
    }
}

fn entity(document: &Document, first: usize, last: usize, label: Label, prefix: usize) -> Entity {
    let start = document.cut_at(first, prefix);
    let end = document.tokens[last - 1].end;
    let surface = &document.text[start..end as usize];
    let lal = prefix > 0 && surface.starts_with('ل') && document.norm(first)[..prefix].ends_with('ل');
    let words = surface.split_whitespace().collect::<Vec<_>>().join(" ");
    let norm = if lal { format!("ا{words}") } else { words };
    Entity {
        start: start as u32,
        end,
        first: first as u32,
        last: last as u32,
        label,
        canonical: norm.as_str().into(),
        norm,
        kind: None,
        code: None,
        english: None,
        value: None,
        score: 1.0,
    }
}

/// The folded tokens of a name, apart by spaces.
fn as_tokens(name: &str) -> String {
    let document = Document::new(name);
    (0..document.tokens.len()).map(|index| document.norm(index)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::corpus::pipeline::{Depth, Engine, Workspace};
    use crate::lexicon::UserLexicon;

    fn entities(toml: &str, text: &str) -> Vec<(String, String, String)> {
        let user = UserLexicon::from_toml("test.toml", toml).unwrap();
        let engine = Engine::new(&user).unwrap();
        let found = engine.analyze(text, None, Depth::Entities, &mut Workspace::default()).entities;
        let words = |e: &super::Entity| text[e.start as usize..e.end as usize].to_string();
        found.iter().map(|e| (words(e), e.label.name().to_string(), e.canonical.to_string())).collect()
    }

    #[test]
    fn a_users_entity_is_added_renamed_and_blocked() {
        let new = "[[entity]]\nname = \"حركة شمس الغد\"\nlabel = \"ORG\"\naliases = [\"شمس الغد\"]\n";
        let found = entities(new, "انضم زيد لشمس الغد أمس");
        assert!(found.contains(&("شمس الغد".into(), "ORG".into(), "حركة شمس الغد".into())), "{found:?}");
        let renamed = "[[entity]]\nname = \"ISIL\"\nlabel = \"ORG\"\naliases = [\"داعش\"]\n";
        let found = entities(renamed, "قال إن داعش انسحب. وهاجم تنظيم الدولة الإسلامية المدينة");
        assert!(found.iter().any(|e| e.0 == "داعش" && e.2 == "ISIL"), "{found:?}");
        assert!(found.iter().all(|e| e.2 != "تنظيم الدولة الإسلامية"), "{found:?}");
        let blocked = entities("blocked = [\"داعش\"]", "قال إن داعش انسحب");
        assert!(blocked.iter().all(|e| e.0 != "داعش"), "{blocked:?}");
    }

    #[test]
    fn an_unknown_label_is_an_error() {
        let user = UserLexicon::from_toml("t", "[[entity]]\nname = \"س\"\nlabel = \"BIRD\"\n").unwrap();
        assert!(Engine::new(&user).unwrap_err().to_string().contains("BIRD"));
    }
}

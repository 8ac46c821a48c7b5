//! Canonical names: every name of a document gets the one name of its entity, its kind and its code.
//!
//! In this order, the first that knows an answer gives it:
//! 1. the document's own full names, for a person's short ones («الديماسي» → «حسين الديماسي»);
//! 2. the tables of known entities (`data/actors.tsv` and the compiled ones), by exact key, with a generic head word
//!    more or less, then by spelling variant;
//! 3. the document's own longer names, for organisations and places («العمال الكردستاني»);
//! 4. for bodies that every state has («وزارة الداخلية»), the document's country;
//! 5. the name itself.
//!
//! A key is the folded name without articles and punctuation. A skeleton is a key whose long vowels are dropped and
//! whose exchangeable letters are one (`data/variants.tsv`): «بورتنيكوف» and «بورتينكوف» share it.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Entity, Label};
use crate::lexicon::{UserEntity, UserLexicon};
use crate::normalize::fold_into;
use crate::text::{Class, class};
use crate::{Error, Result};

/// Files of known entities: where two know one name, the first wins.
const TABLES: [(&str, &str); 6] = [
    ("actors.tsv", include_str!("data/actors.tsv")),
    ("nationalities.tsv", include_str!("data/nationalities.tsv")),
    ("places.tsv", include_str!("data/places.tsv")),
    ("annotated.tsv", include_str!("data/annotated.tsv")),
    ("people.tsv", include_str!("data/people.tsv")),
    ("clubs.tsv", include_str!("data/clubs.tsv")),
];

/// Letters that a skeleton needs to stand for a name.
const SKELETON_LETTERS: usize = 4;

/// A known entity.
#[derive(Debug, Clone)]
pub struct Known {
    pub canonical: Arc<str>,
    pub label: Label,
    pub kind: Option<Arc<str>>,
    pub code: Option<Arc<str>>,
    pub english: Option<Arc<str>>,
}

/// A body that every state has.
#[derive(Debug)]
struct Body {
    key: Box<str>,
    feminine: bool,
    /// What the canonical name begins with, where it is not the name itself.
    beginning: Option<Arc<str>>,
}

/// An ISO code and the entity that a name means in documents about that state.
type InState = (Box<str>, u32);

/// All known entities. Immutable; share one among threads.
#[derive(Debug)]
pub struct Links {
    known: Vec<Known>,
    /// Entities by label and key.
    by_key: [FxHashMap<Box<str>, u32>; Label::ALL.len()],
    /// Entities by label and skeleton; `AMBIGUOUS` where two share it.
    by_skeleton: FxHashMap<(Label, Box<str>), u32>,
    /// Entities by label and key that depend on the document's state, each with its ISO code.
    by_state: FxHashMap<(Label, Box<str>), Vec<InState>>,
    heads: FxHashSet<Box<str>>,
    bodies: Vec<Body>,
    /// What becomes of a letter in a skeleton, for letters of the Arabic block by their last eight bits.
    variants: Box<[Option<char>; 256]>,
    /// The nationality of an ISO code, as a known entity.
    nationality_of: FxHashMap<Arc<str>, u32>,
    person: Arc<str>,
}

const AMBIGUOUS: u32 = u32::MAX;
/// The first code point of the Arabic block, which is of 256.
const ARABIC: u32 = 0x600;

impl Links {
    /// The built-in tables with the user's entities over them.
    pub fn new(user: &UserLexicon) -> Result<Links> {
        let mut links = Links {
            known: Vec::new(),
            by_key: Default::default(),
            by_skeleton: FxHashMap::default(),
            by_state: FxHashMap::default(),
            heads: lines(include_str!("data/heads.tsv")).map(|(_, l)| key(l).into()).collect(),
            bodies: Vec::new(),
            variants: Box::new(std::array::from_fn(|low| char::from_u32(ARABIC | low as u32))),
            nationality_of: FxHashMap::default(),
            person: "person".into(),
        };
        links.load_variants()?;
        for (file, data) in TABLES {
            links.load(file, data)?;
        }
        links.load_peoples()?;
        links.load_bodies();
        links.load_contexts()?;
        for entity in &user.entities {
            links.put(entity)?;
        }
        Ok(links)
    }

    fn load_variants(&mut self) -> Result<()> {
        for (line, text) in lines(include_str!("data/variants.tsv")) {
            let letters: Vec<char> = text.split('\t').filter_map(|c| c.chars().next()).collect();
            let [from, to] = letters[..] else {
                return Err(Error::data("variants.tsv", line, "wants two letters"));
            };
            if from as u32 & !0xFF != ARABIC {
                return Err(Error::data("variants.tsv", line, "not a letter of the Arabic block"));
            }
            self.variants[from as usize & 0xFF] = (to != '-').then_some(to);
        }
        Ok(())
    }

    fn load(&mut self, file: &str, data: &str) -> Result<()> {
        for (line, text) in lines(data) {
            let columns: Vec<&str> = text.split('\t').collect();
            let [canonical, label, kind, code, english, aliases] = columns[..] else {
                return Err(Error::data(file, line, "wants six columns"));
            };
            let label = Label::from_name(label).ok_or_else(|| Error::data(file, line, "no such label"))?;
            let some = |text: &str| (!text.is_empty()).then(|| Arc::from(text));
            let entity = Known {
                canonical: canonical.into(),
                label,
                kind: some(kind),
                code: some(code),
                english: some(english),
            };
            // The many persons of an encyclopaedia have namesakes in other spellings: only the very name is theirs.
            let variants = file != "people.tsv";
            self.add(entity, aliases.split('|').filter(|a| !a.is_empty()), variants);
        }
        Ok(())
    }

    /// Add an entity; a name that an earlier one has stays that one's. Its spelling `variants` mean it too, or not.
    fn add(&mut self, entity: Known, aliases: impl Iterator<Item = impl AsRef<str>>, variants: bool) {
        let label = entity.label;
        let known = self.by_key[label as usize].get(&*key(&entity.canonical)).copied();
        let at = known.unwrap_or(self.known.len() as u32);
        let names = [key(&entity.canonical)].into_iter().chain(aliases.map(|alias| key(alias.as_ref())));
        // Arabic words that differ in long vowels differ in meaning: only foreign names have spelling variants.
        let foreign = variants
            && (label != Label::Org
                || matches!(entity.kind.as_deref(), Some("club" | "company" | "media" | "agency")));
        for name in names.filter(|name| !name.is_empty()) {
            let skeleton = self.skeleton(&name);
            self.by_key[label as usize].entry(name.into()).or_insert(at);
            if foreign && skeleton.chars().filter(|c| *c != ' ').count() >= SKELETON_LETTERS {
                let slot = self.by_skeleton.entry((label, skeleton.into())).or_insert(at);
                if *slot != at {
                    *slot = AMBIGUOUS;
                }
            }
        }
        if known.is_none() {
            if let (Label::Norp, Some(code)) = (label, &entity.code) {
                self.nationality_of.entry(code.clone()).or_insert(at);
            }
            self.known.push(entity);
        }
    }

    /// Put a user's entity over the built-in ones: it renames the one that has its name or an alias of it.
    fn put(&mut self, user: &UserEntity) -> Result<()> {
        let label = Label::from_name(&user.label)
            .ok_or_else(|| Error::Value(format!("entity «{}»: no label «{}»", user.name, user.label)))?;
        let keys: Vec<Box<str>> =
            [&user.name].into_iter().chain(&user.aliases).map(|n| key(n).into()).collect();
        let known = keys.iter().find_map(|key| self.by_key[label as usize].get(key).copied());
        let at = known.unwrap_or(self.known.len() as u32);
        let some = |text: &Option<String>| text.as_deref().map(Arc::from);
        if known.is_none() {
            let (canonical, kind, code) = (user.name.as_str().into(), some(&user.kind), some(&user.code));
            self.known.push(Known { canonical, label, kind, code, english: None });
        } else {
            let entity = &mut self.known[at as usize];
            entity.canonical = user.name.as_str().into();
            entity.kind = some(&user.kind).or(entity.kind.take());
            entity.code = some(&user.code).or(entity.code.take());
        }
        for key in keys {
            self.by_state.remove(&(label, key.clone()));
            self.by_key[label as usize].insert(key, at);
        }
        Ok(())
    }

    fn load_peoples(&mut self) -> Result<()> {
        for (line, text) in lines(include_str!("data/peoples.tsv")) {
            let mut columns = text.split('\t');
            let (Some(form), Some(canonical)) = (columns.next(), columns.next()) else {
                return Err(Error::data("peoples.tsv", line, "wants form and canonical form"));
            };
            let code = columns.next().filter(|code| !code.is_empty()).map(Arc::from);
            let kind = Some(Arc::from(if code.is_some() { "nationality" } else { "people" }));
            let entity = Known { canonical: canonical.into(), label: Label::Norp, kind, code, english: None };
            self.add(entity, [form].into_iter(), true);
        }
        Ok(())
    }

    fn load_contexts(&mut self) -> Result<()> {
        for (line, text) in lines(include_str!("data/contexts.tsv")) {
            let columns: Vec<&str> = text.split('\t').collect();
            let [name, label, code, canonical] = columns[..] else {
                return Err(Error::data("contexts.tsv", line, "wants four columns"));
            };
            let label =
                Label::from_name(label).ok_or_else(|| Error::data("contexts.tsv", line, "no such label"))?;
            let entity = Known { canonical: canonical.into(), label, kind: None, code: None, english: None };
            self.add(entity, std::iter::empty::<&str>(), true);
            let at = self.by_key[label as usize][&*key(canonical)];
            self.by_state.entry((label, key(name).into())).or_default().push((code.into(), at));
        }
        Ok(())
    }

    fn load_bodies(&mut self) {
        for (_, text) in lines(include_str!("data/bodies.tsv")) {
            let columns: Vec<&str> = text.split('\t').collect();
            self.bodies.push(Body {
                key: key(columns[0]).into(),
                feminine: columns.get(1) == Some(&"f"),
                beginning: columns.get(2).map(|b| Arc::from(*b)),
            });
        }
    }

    /// The entity of a name by the tables alone.
    pub fn find(&self, label: Label, name: &str) -> Option<&Known> {
        self.find_key(label, &key(name)).map(|at| &self.known[at as usize])
    }

    fn find_key(&self, label: Label, key: &str) -> Option<u32> {
        let get = |key: &str| self.by_key[label as usize].get(key).copied();
        if label == Label::Norp {
            return get(key).or_else(|| nisbas(key).into_iter().find_map(|form| get(&form)));
        }
        let rest = key.split_once(' ').filter(|(head, _)| self.heads.contains(*head)).map(|(_, rest)| rest);
        get(key).or_else(|| rest.and_then(get)).or_else(|| {
            if label == Label::Per && !key.contains(' ') {
                return None;
            }
            let skeleton = self.skeleton(key);
            let long = skeleton.chars().filter(|c| *c != ' ').count() >= SKELETON_LETTERS;
            let found = long.then(|| self.by_skeleton.get(&(label, skeleton.into())).copied()).flatten();
            found.filter(|&at| at != AMBIGUOUS)
        })
    }

    /// The entity of a name that depends on the state that the document is about.
    fn in_state(&self, label: Label, key: &str, code: &str) -> Option<u32> {
        let states = self.by_state.get(&(label, Box::from(key)))?;
        states.iter().find(|(state, _)| **state == *code).map(|(_, at)| *at)
    }

    fn skeleton(&self, key: &str) -> String {
        let mut out = String::with_capacity(key.len());
        for letter in key.chars() {
            let arabic = letter as u32 & !0xFF == ARABIC;
            let letter = if arabic { self.variants[letter as usize & 0xFF] } else { Some(letter) };
            // A final ه is a ة or a vowel; doubled letters are one.
            if letter == Some(' ') && out.ends_with('ه') {
                out.pop();
            }
            out.extend(letter.filter(|&l| !out.ends_with(l)));
        }
        if out.ends_with('ه') {
            out.pop();
        }
        out
    }

    /// Fill canonical name, kind and code of all `entities` of one document, which are in order.
    pub fn resolve(&self, entities: &mut [Entity]) {
        let keys: Vec<String> = entities.iter().map(|e| key(&e.norm)).collect();
        let mut resolved: Vec<Option<u32>> = Vec::with_capacity(entities.len());
        for (entity, key) in entities.iter().zip(&keys) {
            let named = !entity.label.is_value();
            resolved.push(if named { self.find_key(entity.label, key) } else { None });
        }
        let longer = self.longer_names(entities, &keys);
        let country = self.country(&resolved).cloned();
        let country = country.as_ref();
        for (at, entity) in entities.iter().enumerate() {
            let found = country.and_then(|code| self.in_state(entity.label, &keys[at], code));
            resolved[at] = found.or(resolved[at]);
        }
        let in_full: FxHashSet<u32> = (0..entities.len())
            .filter(|&at| entities[at].label == Label::Per && keys[at].contains(' '))
            .filter_map(|at| resolved[at])
            .collect();
        for at in 0..entities.len() {
            if entities[at].label.is_value() {
                continue;
            }
            let short_person = entities[at].label == Label::Per && !keys[at].contains(' ');
            let longer = longer[at];
            // A last name means its famous bearer, unless the document has another and not him.
            let table = resolved[at].filter(|at| !short_person || longer.is_none() || in_full.contains(at));
            match (table, longer) {
                (Some(known), _) => self.fill(&mut entities[at], known),
                (None, Some(other)) => match resolved[other] {
                    Some(known) => self.fill(&mut entities[at], known),
                    None => {
                        let name = readable(&entities[other].norm);
                        self.name(&mut entities[at], name);
                    }
                },
                (None, None) => {
                    let body = country.and_then(|code| self.body(&entities[at], &keys[at], code));
                    let known = body.as_deref().and_then(|body| self.find_key(Label::Org, &key(body)));
                    match known {
                        Some(known) => self.fill(&mut entities[at], known),
                        None => {
                            let name = body.unwrap_or_else(|| self.own_name(&entities[at]));
                            self.name(&mut entities[at], name);
                        }
                    }
                }
            }
        }
    }

    fn fill(&self, entity: &mut Entity, known: u32) {
        let known = &self.known[known as usize];
        entity.canonical = known.canonical.clone();
        entity.kind = known.kind.clone();
        entity.code = known.code.clone();
        entity.english = known.english.clone();
    }

    fn name(&self, entity: &mut Entity, name: String) {
        if !name.is_empty() {
            entity.canonical = name.into();
        }
        if entity.label == Label::Per {
            entity.kind = Some(self.person.clone());
        }
    }

    /// The canonical name of an entity that nothing else is known of.
    fn own_name(&self, entity: &Entity) -> String {
        let name = readable(&entity.norm);
        if entity.label != Label::Norp {
            return name;
        }
        // The masculine singular: «الأندلسية» → «أندلسي».
        let words: Vec<String> = name.split(' ').map(masculine).collect();
        words.join(" ")
    }

    /// For each name, a longer name of the document that it may be short for: persons and others by a shared word
    /// that stands at the end of the long name, or at its beginning for persons; spelling variants included.
    fn longer_names(&self, entities: &[Entity], keys: &[String]) -> Vec<Option<usize>> {
        let mut last: FxHashMap<(Label, String), usize> = FxHashMap::default();
        let mut found = vec![None; entities.len()];
        // Backward first, so that a long name behind a short one is known; forward again, so that the nearest before wins.
        for at in (0..entities.len()).rev().chain(0..entities.len()) {
            let label = entities[at].label;
            if !matches!(label, Label::Per | Label::Org | Label::Loc) {
                continue;
            }
            let words: Vec<&str> = keys[at].split(' ').collect();
            let ends = [words[words.len() - 1], words[0]];
            for end in &ends[..if label == Label::Per { 2 } else { 1 }] {
                let other = last.get(&(label, self.skeleton(end))).copied();
                if let Some(other) = other.filter(|&other| self.is_short_for(label, &keys[at], &keys[other]))
                {
                    found[at] = Some(other);
                }
            }
            if words.len() > 1 && found[at].is_none() {
                for word in &words {
                    last.insert((label, self.skeleton(word)), at);
                }
            }
        }
        found
    }

    /// Whether the words of `short` stand together at the end or the beginning of `long`, which has more.
    fn is_short_for(&self, label: Label, short: &str, long: &str) -> bool {
        let same = short == long;
        let (short, long) = (self.skeleton(short), self.skeleton(long));
        let (few, many) = (short.split(' ').count(), long.split(' ').count());
        let letters = short.chars().filter(|c| *c != ' ').count();
        if few >= many || letters < 2 {
            // One name in two spellings: «لويس فان خال», «لويس فان غال».
            let one = few == many && few > 1 && short == long && letters >= SKELETON_LETTERS;
            return one && !same && label != Label::Org;
        }
        if label == Label::Loc {
            return false;
        }
        let apart = |rest: &str, end: bool| if end { rest.ends_with(' ') } else { rest.starts_with(' ') };
        let at_end = long.strip_suffix(&*short).is_some_and(|rest| apart(rest, true));
        let at_start = long.strip_prefix(&*short).is_some_and(|rest| apart(rest, false));
        at_end || (at_start && (label == Label::Per || few > 1))
    }

    /// The ISO code of the state that a document names most often, by places, nationalities and whoever
    /// belongs to one state.
    fn country(&self, resolved: &[Option<u32>]) -> Option<&Arc<str>> {
        let mut counts: Vec<(&Arc<str>, usize)> = Vec::new();
        for known in resolved.iter().flatten().map(|&at| &self.known[at as usize]) {
            let Some(code) = known.code.as_ref().filter(|code| code.len() == 2) else { continue };
            match counts.iter_mut().find(|(other, _)| other == &code) {
                Some((_, n)) => *n += 1,
                None => counts.push((code, 1)),
            }
        }
        let most = counts.iter().map(|(_, n)| *n).max()?;
        counts.into_iter().find(|(_, n)| *n == most).map(|(code, _)| code)
    }

    /// «وزارة الداخلية» in a document about Tunisia: «وزارة الداخلية التونسية».
    fn body(&self, entity: &Entity, key: &str, code: &Arc<str>) -> Option<String> {
        if entity.label != Label::Org {
            return None;
        }
        let behind = |body: &Body| {
            let rest = key.strip_prefix(&*body.key)?;
            (rest.is_empty() || rest.starts_with(' ')).then(|| rest.split_whitespace().count())
        };
        let (body, rest) = self.bodies.iter().find_map(|body| behind(body).map(|rest| (body, rest)))?;
        let words: Vec<&str> = key.split(' ').collect();
        // «برلمان كوسوفو» names its state already.
        if words[words.len() - 1] != &*body.key && self.find(Label::Loc, words[words.len() - 1]).is_some() {
            return None;
        }
        let national = |word: &str| self.find_key(Label::Norp, word).is_some();
        if body.beginning.is_some() && words.len() > 1 {
            // «الداخلية الفرنسية»: only the head is missing.
            let beginning = body.beginning.as_deref()?;
            let rest = readable(&entity.norm);
            let (_, rest) = rest.split_once(' ')?;
            return words.last().is_some_and(|word| national(word)).then(|| format!("{beginning} {rest}"));
        }
        // The first word behind «وزارة» is its own, whatever it looks like («المالية»).
        let own = usize::from(!body.key.contains(' '));
        if rest > own && national(words[words.len() - 1]) || words.len() > 5 {
            return None;
        }
        let nationality = &self.known[*self.nationality_of.get(code)? as usize];
        let beginning = body.beginning.as_deref().map_or_else(|| readable(&entity.norm), str::to_string);
        let ending = if body.feminine { "ة" } else { "" };
        let adjective: Vec<String> =
            nationality.canonical.split(' ').map(|word| format!("ال{word}{ending}")).collect();
        Some(format!("{beginning} {}", adjective.join(" ")))
    }
}

/// How a state and what belongs to it are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// «تونس»
    pub name: Arc<str>,
    /// «تونسي»
    pub adjective: Arc<str>,
}

/// The states by ISO code.
///
/// # Errors
/// A line of the tables that does not read.
pub fn states() -> Result<HashMap<Arc<str>, State>> {
    let mut names: FxHashMap<&str, &str> = FxHashMap::default();
    for (_, line) in TABLES.iter().flat_map(|(_, data)| lines(data)) {
        if let [name, "LOC", "country", code, ..] = line.split('\t').collect::<Vec<_>>()[..] {
            names.entry(code).or_insert(name);
        }
    }
    let mut found = HashMap::new();
    for line in lines(include_str!("data/nationalities.tsv")).chain(lines(include_str!("data/peoples.tsv"))) {
        let columns: Vec<&str> = line.1.split('\t').collect();
        let (adjective, code) = match columns[..] {
            [_, adjective, code] => (adjective, code),
            [adjective, "NORP", _, code, ..] => (adjective, code),
            _ => continue,
        };
        if let Some(&name) = names.get(code) {
            let state = State { name: name.into(), adjective: adjective.into() };
            found.entry(Arc::from(code)).or_insert(state);
        }
    }
    Ok(found)
}

/// The folded words of a name without articles and punctuation, apart by one space.
pub fn key(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    fold_into(name, &mut folded);
    let mut out = String::with_capacity(folded.len());
    let is_letter = |c: char| matches!(class(c), Class::Arabic | Class::Letter | Class::Digit);
    for word in folded.split(|c: char| !is_letter(c)).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        let bare = word.strip_prefix("ال").filter(|bare| bare.chars().count() > 1).unwrap_or(word);
        // «عبدالله» and «عبد الله» are one name.
        match word.strip_prefix("عبدال").filter(|rest| rest.chars().count() > 1) {
            Some(rest) => {
                out.push_str("عبد ");
                out.push_str(rest);
            }
            None => out.push_str(bare),
        }
    }
    out
}

/// The adjectives, masculine singular, that a form of nationality may come from: keys, without article.
fn nisbas(key: &str) -> Vec<String> {
    let forms: Vec<String> = key.split(' ').map(masculine).collect();
    let mut out = vec![forms.join(" ")];
    // An accusative or dual alef may stand behind the ي of the adjective.
    if let Some(short) = key.strip_suffix('ا') {
        out.push(short.to_string());
    }
    out
}

/// The masculine singular of an adjective's form by its ending, without the article.
fn masculine(word: &str) -> String {
    let word = word.strip_prefix("ال").filter(|bare| bare.chars().count() > 2).unwrap_or(word);
    for ending in ["يون", "يين", "يان", "يات", "ية", "يه", "يا", "ياً", "يًا"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.chars().count() > 1) {
            return format!("{stem}ي");
        }
    }
    for ending in ["ون", "ين", "ات", "ة", "ه"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.chars().count() > 2) {
            return stem.to_string();
        }
    }
    word.to_string()
}

/// A name as a reader wants it: no marks, no tatweel, no quotation marks, words apart by one space.
fn readable(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for ch in name.chars() {
        match class(ch) {
            Class::Mark | Class::Tatweel | Class::Control => {}
            Class::Space | Class::Break => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            Class::Other if matches!(ch, '"' | '«' | '»' | '“' | '”' | '(' | ')') => {}
            _ => out.push(ch),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn lines(data: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = data.lines().enumerate().map(|(i, line)| (i + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(label: Label, name: &str) -> Entity {
        Entity {
            start: 0,
            end: 0,
            first: 0,
            last: 1,
            label,
            norm: name.into(),
            canonical: name.into(),
            kind: None,
            code: None,
            english: None,
            value: None,
            score: 1.0,
        }
    }

    fn canonical(names: &[(Label, &str)]) -> Vec<String> {
        let mut entities: Vec<Entity> = names.iter().map(|(label, name)| entity(*label, name)).collect();
        Links::new(&UserLexicon::default()).unwrap().resolve(&mut entities);
        entities.iter().map(|e| e.canonical.to_string()).collect()
    }

    #[test]
    fn keys_are_without_article_and_punctuation() {
        assert_eq!(key("تنظيم \"داعش\""), "تنظيم داعش");
        assert_eq!(key("الولايات المتّحدة"), key("ولايات متحدة"));
        assert_eq!(key("عبدالله الثاني"), key("عبد الله الثاني"));
    }

    #[test]
    fn tables_and_variants() {
        use Label::*;
        let names =
            [(Org, "داعش"), (Org, "البنتاجون"), (Loc, "أميركا"), (Per, "ألكسندر بورتينكوف"), (Loc, "واشنطن")];
        let want = [
            "تنظيم الدولة الإسلامية",
            "وزارة الدفاع الأمريكية",
            "الولايات المتحدة",
            "ألكسندر بورتنيكوف",
            "واشنطن",
        ];
        assert_eq!(canonical(&names), want);
    }

    #[test]
    fn short_names_stand_for_the_full_name_of_the_document() {
        use Label::*;
        let names = [(Per, "الديماسي"), (Per, "حسين الديماسي"), (Per, "حسين"), (Per, "سمير العكرمي")];
        assert_eq!(canonical(&names)[..3], ["حسين الديماسي"; 3]);
    }

    #[test]
    fn nationalities_are_masculine_singular() {
        use Label::*;
        let names = [(Norp, "الأميركية"), (Norp, "التونسيين"), (Norp, "الأكراد"), (Norp, "الكورية الجنوبية")];
        assert_eq!(canonical(&names), ["أمريكي", "تونسي", "كردي", "كوري جنوبي"]);
    }

    #[test]
    fn bodies_take_the_documents_country() {
        use Label::*;
        let names = [(Loc, "كابول"), (Norp, "الأفغانية"), (Org, "وزارة الداخلية"), (Org, "مجلس الوزراء")];
        assert_eq!(canonical(&names)[2..], ["وزارة الداخلية الأفغانية", "مجلس الوزراء الأفغاني"]);
    }
}

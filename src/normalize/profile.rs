//! The switches and the named profiles: what a normalizer is told to do.
//!
//! `data/switches.tsv` says what each value of each switch does to each code point, `data/profiles.tsv` which
//! values a profile has. Both are read once; a switch that needs the neighbours of a code point is marked `*` there
//! and done by [`super::compose`], [`super::spans`] or [`super::tidy`].

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::compose::ACTIVE;
use crate::{Error, Result};

/// The value of a switch that changes nothing.
pub const KEEP: &str = "keep";

/// What a rule makes of a code point.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// This text, possibly empty.
    Text(Box<str>),
    /// The code point as far from this one as the source is from the first of its range.
    Parallel(u32),
    /// Left to code.
    Code,
}

/// One line of `switches.tsv`: these code points become that.
#[derive(Clone, Debug)]
struct Rule {
    ranges: Vec<(u32, u32)>,
    target: Target,
}

/// One value of a switch.
#[derive(Clone, Debug)]
pub struct Value {
    pub name: Box<str>,
    rules: Vec<Rule>,
    becomes: FxHashMap<char, Box<str>>,
}

/// One switch with the values it can have, besides [`KEEP`].
#[derive(Clone, Debug)]
pub struct Switch {
    pub name: Box<str>,
    pub values: Vec<Value>,
}

/// All switches, in the order in which they apply, and all profiles.
#[derive(Debug)]
pub struct Catalog {
    pub switches: Vec<Switch>,
    pub profiles: Vec<Profile>,
}

/// A named choice of values.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: Box<str>,
    /// The switches that it sets, each with its value.
    pub switches: Vec<(Box<str>, Box<str>)>,
}

/// The built-in switches and profiles.
pub static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let switches = parse_switches(include_str!("data/switches.tsv"));
    let profiles = parse_profiles(include_str!("data/profiles.tsv"));
    match (switches, profiles) {
        (Ok(switches), Ok(profiles)) => Catalog { switches, profiles },
        // The files are part of the program; a test reads them.
        (Err(error), _) | (_, Err(error)) => panic!("{error}"),
    }
});

/// The value of every switch, in the order of [`Catalog::switches`]; `None` keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The profile that the settings started from.
    pub profile: Box<str>,
    chosen: Vec<Option<u8>>,
}

impl Settings {
    /// The settings of `profile` with `switches`, pairs of name and value, changed.
    ///
    /// `"keep"` turns a switch off, `"on"` sets it to its first value.
    ///
    /// # Errors
    /// [`Error::Value`] for a profile, a switch or a value that does not exist; the message lists those that do.
    pub fn new(profile: &str, switches: &[(String, String)]) -> Result<Settings> {
        let catalog = &*CATALOG;
        let Some(profile) = catalog.profiles.iter().find(|p| *p.name == *profile) else {
            let known: Vec<_> = catalog.profiles.iter().map(|p| &*p.name).collect();
            return Err(Error::Value(format!("no profile {profile:?}; there are {}", known.join(", "))));
        };
        let mut settings =
            Settings { profile: profile.name.clone(), chosen: vec![None; catalog.switches.len()] };
        for (switch, value) in &profile.switches {
            settings.set(switch, value)?;
        }
        for (switch, value) in switches {
            settings.set(switch, value)?;
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let switches = &CATALOG.switches;
        let Some(at) = switches.iter().position(|switch| *switch.name == *name) else {
            let known: Vec<_> = switches.iter().map(|switch| &*switch.name).collect();
            return Err(Error::Value(format!("no switch {name:?}; there are {}", known.join(", "))));
        };
        self.chosen[at] = match value {
            KEEP => None,
            "on" => Some(0),
            _ => match switches[at].values.iter().position(|v| *v.name == *value) {
                Some(number) => Some(number as u8),
                None => {
                    let known: Vec<_> = switches[at].values.iter().map(|v| &*v.name).collect();
                    return Err(Error::Value(format!(
                        "{name} cannot be {value:?}; it can be keep, {}",
                        known.join(", ")
                    )));
                }
            },
        };
        Ok(())
    }

    /// The value of the switch `name`, [`KEEP`] where it is off.
    pub fn get(&self, name: &str) -> &'static str {
        self.value(name).map_or(KEEP, |value| &value.name)
    }

    /// Whether the switch `name` has the value `value`.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    fn value(&self, name: &str) -> Option<&'static Value> {
        let at = CATALOG.switches.iter().position(|switch| *switch.name == *name)?;
        self.chosen[at].map(|number| &CATALOG.switches[at].values[number as usize])
    }

    /// Every switch with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        CATALOG.switches.iter().map(|switch| (&*switch.name, self.get(&switch.name)))
    }

    /// The text that takes the place of what the switch `name` finds: a token, or nothing.
    pub fn token(&self, name: &str) -> Option<&'static str> {
        let value = self.value(name)?;
        value.rules.iter().find_map(|rule| match &rule.target {
            Target::Text(text) => Some(&**text),
            _ => None,
        })
    }

    /// What the switches together make of one code point by itself, appended to `out`.
    pub fn map(&self, ch: char, out: &mut String) {
        let from = out.len();
        out.push(ch);
        let mut before = String::new();
        for (switch, chosen) in CATALOG.switches.iter().zip(&self.chosen) {
            let Some(number) = *chosen else { continue };
            let value = &switch.values[number as usize];
            if !out[from..].chars().any(|c| value.changes(&switch.name, c)) {
                continue;
            }
            before.clear();
            before.push_str(&out[from..]);
            out.truncate(from);
            for c in before.chars() {
                value.apply(&switch.name, c, out);
            }
        }
    }

    /// The code points that the switches may change, or that composition may concern.
    pub fn candidates(&self) -> impl Iterator<Item = char> {
        let values = CATALOG.switches.iter().zip(&self.chosen);
        let values =
            values.filter_map(|(switch, chosen)| chosen.map(|number| &switch.values[number as usize]));
        let named = values.flat_map(|value| value.becomes.keys().copied());
        let forms = if self.get("presentation_forms") == KEEP { None } else { Some(FORMS) };
        let active = if self.get("unicode") == KEEP { &[][..] } else { &ACTIVE[..] };
        let all: BTreeSet<char> =
            named.chain(forms.into_iter().flatten().flatten()).chain(active.iter().copied()).collect();
        all.into_iter()
    }

    /// Every code point that the switches change by itself, in order, with what it becomes.
    pub fn code_points(&self) -> Vec<(char, String)> {
        let mut out = Vec::new();
        let mut replacement = String::new();
        for ch in self.candidates() {
            replacement.clear();
            self.map(ch, &mut replacement);
            if replacement.chars().ne([ch]) {
                out.push((ch, replacement.clone()));
            }
        }
        out
    }
}

impl Value {
    fn changes(&self, switch: &str, ch: char) -> bool {
        match (switch, &*self.name) {
            ("unicode", "nfc") => ch >= '\u{340}',
            ("unicode", _) => ch >= '\u{A0}',
            ("presentation_forms", "letters" | "nfkc") => ch >= '\u{FB50}',
            _ => self.becomes.contains_key(&ch),
        }
    }

    /// Append what this value makes of `ch` to `out`.
    fn apply(&self, switch: &str, ch: char, out: &mut String) {
        use unicode_normalization::UnicodeNormalization;
        if let Some(text) = self.becomes.get(&ch) {
            return out.push_str(text);
        }
        match (switch, &*self.name) {
            ("unicode", "nfc") => out.extend(std::iter::once(ch).nfc()),
            ("unicode", "nfkc") => out.extend(std::iter::once(ch).nfkc()),
            ("presentation_forms", "letters") if is_form(ch) => letters_of(ch, out),
            ("presentation_forms", "nfkc") if matches!(ch, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}') =>
            {
                out.extend(std::iter::once(ch).nfkc());
            }
            _ => out.push(ch),
        }
    }
}

/// Where the presentation forms of the Arabic script stand.
const FORMS: [RangeInclusive<char>; 3] =
    ['\u{FB50}'..='\u{FDFF}', '\u{FE70}'..='\u{FEFF}', '\u{1EE00}'..='\u{1EEFF}'];

/// The presentation forms of the Arabic script and its mathematical alphabet.
fn is_form(ch: char) -> bool {
    matches!(ch, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{1EE00}'..='\u{1EEFF}')
}

/// The letters of a presentation form; the space or tatweel that carries a bare diacritic is none of them.
fn letters_of(ch: char, out: &mut String) {
    use unicode_normalization::UnicodeNormalization;
    let letters = std::iter::once(ch).nfkc();
    let carries_mark = letters.clone().skip(1).all(|c| crate::text::class(c) == crate::text::Class::Mark);
    match letters.clone().next() {
        Some(' ' | 'ـ') if carries_mark => out.extend(letters.skip(1)),
        _ => out.extend(letters),
    }
}

const SWITCHES: &str = "switches.tsv";
const PROFILES: &str = "profiles.tsv";

fn lines(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    numbered.filter(|(_, line)| !line.starts_with('#')).map(|(at, line)| (at, line.split('\t').collect()))
}

fn parse_profiles(text: &str) -> Result<Vec<Profile>> {
    let mut profiles: Vec<Profile> = Vec::new();
    for (at, fields) in lines(text) {
        let [profile, switch, value] = fields[..] else {
            return Err(Error::data(PROFILES, at, "not three columns"));
        };
        if profiles.last().is_none_or(|p| *p.name != *profile) {
            profiles.push(Profile { name: profile.into(), switches: Vec::new() });
        }
        if let (Some(profile), false) = (profiles.last_mut(), switch.is_empty()) {
            profile.switches.push((switch.into(), value.into()));
        }
    }
    Ok(profiles)
}

fn parse_switches(text: &str) -> Result<Vec<Switch>> {
    let mut switches: Vec<Switch> = Vec::new();
    for (at, fields) in lines(text) {
        let [switch, value, from, to, ..] = fields[..] else {
            return Err(Error::data(SWITCHES, at, "fewer than four columns"));
        };
        if switches.last().is_none_or(|s| *s.name != *switch) {
            switches.push(Switch { name: switch.into(), values: Vec::new() });
        }
        let Some(current) = switches.last_mut() else { continue };
        if current.values.last().is_none_or(|v| *v.name != *value) {
            current.values.push(Value {
                name: value.into(),
                rules: Vec::new(),
                becomes: FxHashMap::default(),
            });
        }
        let rules = if let Some(other) = from.strip_prefix('=') {
            let known = current.values.iter().find(|v| *v.name == *other);
            known
                .map(|v| v.rules.clone())
                .ok_or_else(|| Error::data(SWITCHES, at, format!("no value {other}")))?
        } else {
            let ranges = parse_ranges(from).ok_or_else(|| Error::data(SWITCHES, at, "bad code points"))?;
            let target = parse_target(to).ok_or_else(|| Error::data(SWITCHES, at, "bad replacement"))?;
            vec![Rule { ranges, target }]
        };
        if let Some(value) = current.values.last_mut() {
            for rule in &rules {
                rule.enter(&mut value.becomes);
            }
            value.rules.extend(rules);
        }
    }
    Ok(switches)
}

impl Rule {
    fn enter(&self, becomes: &mut FxHashMap<char, Box<str>>) {
        for &(first, last) in &self.ranges {
            for ch in (first..=last).filter_map(char::from_u32) {
                let text = match &self.target {
                    Target::Text(text) => text.clone(),
                    Target::Parallel(base) => match char::from_u32(base + ch as u32 - first) {
                        Some(to) => to.to_string().into(),
                        None => continue,
                    },
                    Target::Code => continue,
                };
                becomes.insert(ch, text);
            }
        }
    }
}

/// Code points and ranges in hexadecimal, separated by spaces; none for `*`.
fn parse_ranges(text: &str) -> Option<Vec<(u32, u32)>> {
    if text == "*" {
        return Some(Vec::new());
    }
    let hex = |text| u32::from_str_radix(text, 16).ok();
    text.split(' ')
        .map(|part| match part.split_once('-') {
            Some((first, last)) => Some((hex(first)?, hex(last)?)),
            None => hex(part).map(|one| (one, one)),
        })
        .collect()
}

fn parse_target(text: &str) -> Option<Target> {
    if text == "*" {
        return Some(Target::Code);
    }
    if text == "-" {
        return Some(Target::Text("".into()));
    }
    if let Some(literal) = text.strip_prefix('«') {
        return literal.strip_suffix('»').map(|literal| Target::Text(literal.into()));
    }
    if let Some(base) = text.strip_suffix('+') {
        return u32::from_str_radix(base, 16).ok().map(Target::Parallel);
    }
    let chars = text.split(' ').map(|part| u32::from_str_radix(part, 16).ok().and_then(char::from_u32));
    chars.collect::<Option<String>>().map(|text| Target::Text(text.into()))
}

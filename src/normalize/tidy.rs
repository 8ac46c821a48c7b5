//! What can be said only of the mapped text: repeated letters, runs of white space, punctuation between digits.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::profile::Settings;
use super::scan::Finder;
use super::table::{Cursor, Trace};
use super::walk::Walk;

/// How runs of white space end up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spaces {
    Keep,
    /// One space, or one line feed where the run holds a line break.
    Collapse,
    /// One space.
    Single,
}

/// What is tidied up behind the table.
#[derive(Debug, Clone)]
pub struct Tidy {
    /// How often a letter that stands three times or more is left; 0 leaves all.
    repeats: usize,
    spaces: Spaces,
    trim: bool,
    punctuation: bool,
    /// Words that keep letters which stand twice in a row.
    words: Option<&'static Doubled>,
    finder: Finder,
}

/// From how many on the repetitions of a letter are an elongation: no Arabic word has three in a row.
const ELONGATION: usize = 3;

impl Tidy {
    /// What the settings ask for; `None` where they ask for nothing.
    pub fn new(settings: &Settings) -> Option<Tidy> {
        let elongation = settings.get("elongation");
        let mut tidy = Tidy {
            repeats: match elongation {
                "one" | "araclean" => 1,
                "two" | "araclean_two" => 2,
                _ => 0,
            },
            words: matches!(elongation, "one" | "two").then(|| &*DOUBLED),
            spaces: match settings.get("spaces") {
                "collapse" => Spaces::Collapse,
                "single" => Spaces::Single,
                _ => Spaces::Keep,
            },
            trim: settings.is("trim", "both"),
            punctuation: settings.is("punctuation", "araclean"),
            finder: Finder::default(),
        };
        tidy.set_finder();
        let any = tidy.repeats > 0 || tidy.spaces != Spaces::Keep || tidy.trim || tidy.punctuation;
        any.then_some(tidy)
    }

    fn set_finder(&mut self) {
        if self.repeats > 0 {
            self.finder.triple_letters();
        }
        if self.spaces != Spaces::Keep {
            self.finder.double_spaces();
            self.finder.ascii("\t\n\u{B}\u{C}\r\u{1C}\u{1D}\u{1E}\u{1F}");
            for ch in ['\u{85}', '\u{A0}', '\u{1680}', '\u{2000}', '\u{205F}', '\u{3000}'] {
                self.finder.pair_of(ch);
            }
        }
        if self.punctuation {
            for ch in ['،', '؛', '؟'] {
                self.finder.pair_of(ch);
            }
        }
    }

    /// The byte of `text` at which there may be something to tidy; `None` where all of it stays.
    pub fn first(&self, text: &str) -> Option<usize> {
        if self.trim && text.starts_with(is_space) {
            return Some(0);
        }
        let at = self.finder.find(text, 0);
        at.or_else(|| (self.trim && text.ends_with(is_space)).then(|| text.trim_end_matches(is_space).len()))
    }

    /// Append the tidied `text` to `out`; what lies before byte `first` is as it should be.
    pub fn apply<T: Trace>(&self, text: &str, first: usize, out: &mut String, trace: &mut T) {
        out.reserve(text.len());
        let end = if self.trim { text.trim_end_matches(is_space).len() } else { text.len() };
        let mut walk = Walk { text, kept: 0, out, cursor: Cursor::default(), trace };
        // What lies before `floor` has been looked at.
        let (mut at, mut floor) = (first, 0);
        while at < text.len() {
            let (from, next) = self.look(&mut walk, at, floor, end);
            floor = next;
            at = match self.finder.find(text, next) {
                Some(found) => found,
                // The last run is lost whether or not it is found.
                None if from < end && next <= end => end,
                None => break,
            };
        }
        walk.keep(text.len());
    }

    /// Tidy what begins at or around `at`: where that begins and ends.
    fn look<T: Trace>(&self, walk: &mut Walk<T>, at: usize, floor: usize, end: usize) -> (usize, usize) {
        let text = walk.text;
        let Some(ch) = text[at..].chars().next() else { return (at, text.len()) };
        if is_space(ch) {
            let from = floor + text[floor..at].trim_end_matches(is_space).len();
            let behind = text[at..].trim_start_matches(is_space).len();
            let next = text.len() - behind;
            let lost = self.trim && (from == 0 || from >= end);
            if let Some(white) = self.white(&text[from..next], lost) {
                walk.replace(from, next, white);
            }
            return (from, next);
        }
        let mut next = at + ch.len_utf8();
        if self.repeats > 0 && is_letter(ch) {
            let count = text[at..].chars().take_while(|&c| c == ch).count();
            next = at + count * ch.len_utf8();
            if count >= ELONGATION {
                let left =
                    self.words.as_ref().and_then(|words| words.count(text, at)).unwrap_or(self.repeats);
                if left < count {
                    walk.replace(at + left * ch.len_utf8(), next, "");
                }
            }
        } else if let Some(latin) = self.punctuation(text, at, ch) {
            walk.replace(at, next, latin);
        }
        (at, next)
    }

    /// What takes the place of the white space `run`; `None` where it stays as it is.
    fn white(&self, run: &str, lost: bool) -> Option<&'static str> {
        let white = match self.spaces {
            _ if lost => "",
            Spaces::Keep => return None,
            Spaces::Collapse if run.contains(is_break) => "\n",
            Spaces::Collapse | Spaces::Single => " ",
        };
        (run != white).then_some(white)
    }

    /// What the Arabic comma, semicolon or question mark becomes; between digits they stay.
    fn punctuation(&self, text: &str, at: usize, ch: char) -> Option<&'static str> {
        let latin = match ch {
            '،' => ",",
            '؛' => ";",
            '؟' => "?",
            _ => return None,
        };
        let before = text[..at].chars().next_back().is_some_and(char::is_numeric);
        let behind = text[at + ch.len_utf8()..].chars().next().is_some_and(char::is_numeric);
        (self.punctuation && !(before && behind)).then_some(latin)
    }
}

/// The words of `data/elongation.tsv`: how often each letter stands in a row in them.
static DOUBLED: LazyLock<Doubled> = LazyLock::new(|| {
    let mut doubled = Doubled::default();
    let lines = include_str!("data/elongation.tsv").lines().filter(|line| !line.starts_with('#'));
    for word in lines.filter_map(|line| line.split('\t').next()) {
        // Texts come here folded or not.
        doubled.add(word);
        doubled.add(&super::fold(word));
    }
    doubled
});

/// Runs of equal letters in a word beyond which it is none of those that are listed: bounds how far is looked.
const LONGEST: usize = 16;

/// A word as runs of one letter each: the letters, and how often each stands.
type Runs = (Vec<char>, Vec<usize>);

#[derive(Debug, Default)]
struct Doubled {
    /// Whole words: letters without repetition, and how often each stands.
    words: FxHashMap<Vec<char>, Vec<usize>>,
    /// Beginnings of words.
    beginnings: Vec<Runs>,
    /// What may stand before any of them.
    particles: Vec<Vec<char>>,
}

impl Doubled {
    fn add(&mut self, word: &str) {
        if let Some(particle) = word.strip_suffix('+') {
            self.particles.push(particle.chars().collect());
            return;
        }
        let (letters, counts) = runs(word.trim_end_matches('…').chars());
        if word.ends_with('…') {
            self.beginnings.push((letters, counts));
            return;
        }
        // Two words may differ in nothing else: «ملل», «ممل».
        let known = self.words.entry(letters).or_insert_with(|| vec![1; counts.len()]);
        for (known, count) in known.iter_mut().zip(counts) {
            *known = count.max(*known);
        }
    }

    /// How often the letter that is drawn out at byte `at` stands in the word around it; `None` where once, or the
    /// word is not listed.
    fn count(&self, text: &str, at: usize) -> Option<usize> {
        let before = text[..at].chars().rev().take_while(|&ch| is_letter(ch));
        let (mut letters, _) = runs(before);
        let place = letters.len();
        letters.reverse();
        letters.extend(runs(text[at..].chars().take_while(|&ch| is_letter(ch))).0);
        if letters.len() > LONGEST {
            return None;
        }
        let particles = self.particles.iter().filter(|particle| letters.starts_with(particle)).map(Vec::len);
        let listed = |from: usize| self.listed(&letters[from..], place.checked_sub(from)?);
        std::iter::once(0).chain(particles).filter_map(listed).max().filter(|&count| count > 1)
    }

    /// How often letter number `place` of a word of these letters stands in the words that are listed.
    fn listed(&self, letters: &[char], place: usize) -> Option<usize> {
        let whole = self.words.get(letters).into_iter();
        let begun = self.beginnings.iter().filter(|(begin, _)| letters.starts_with(begin));
        whole.chain(begun.map(|(_, counts)| counts)).filter_map(|counts| counts.get(place).copied()).max()
    }
}

/// The runs of equal letters of a word, one more than [`LONGEST`] at most.
fn runs(word: impl Iterator<Item = char>) -> Runs {
    let mut runs: Runs = Default::default();
    for ch in word {
        if runs.0.last() == Some(&ch) {
            if let Some(count) = runs.1.last_mut() {
                *count += 1;
            }
        } else if runs.0.len() > LONGEST {
            break;
        } else {
            runs.0.push(ch);
            runs.1.push(1);
        }
    }
    runs
}

/// The letters that are drawn out for emphasis: ء to غ and ف to ي.
fn is_letter(ch: char) -> bool {
    matches!(ch, '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}')
}

fn is_break(ch: char) -> bool {
    matches!(ch, '\n'..='\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_space(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\u{1C}'..='\u{1F}')
}

//! Canonical composition inside of the pass over a text.
//!
//! Composition concerns a code point and the marks behind it, a cluster. The pass maps code points one by one and
//! comes here only where a mark may compose or be out of order; then the cluster as a whole is composed, mapped,
//! and composed again, since what went may have stood between a letter and its mark.

use std::sync::LazyLock;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

/// Which normal form the pass composes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Nfc,
    Nfkc,
}

impl Form {
    /// Append the normal form of `text` to `out`.
    pub fn compose(self, text: &str, out: &mut String) {
        match self {
            Form::Nfc => out.extend(text.nfc()),
            Form::Nfkc => out.extend(text.nfkc()),
        }
    }
}

/// No code point above this one composes, decomposes or combines.
const LAST_ACTIVE: char = '\u{2FFFF}';

/// The code points that composition may concern: those that a normal form changes, or that attach to others.
pub static ACTIVE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let changes = |ch| is_nfkc_quick(std::iter::once(ch)) != IsNormalized::Yes;
    ('\u{80}'..=LAST_ACTIVE).filter(|&ch| attaches(ch) || changes(ch)).collect()
});

/// How a code point stands to what is before it: its combining class and whether it may compose backwards.
#[derive(Clone, Copy, Default)]
struct Joint {
    class: u8,
    composes: bool,
}

impl Joint {
    fn of(ch: char) -> Joint {
        let composes = is_nfc_quick(std::iter::once(ch)) == IsNormalized::Maybe;
        Joint { class: canonical_combining_class(ch), composes }
    }
}

/// The joints of U+0000–U+07FF, nearly all that text asks for.
static LOW: LazyLock<Box<[Joint; 0x800]>> = LazyLock::new(|| {
    Box::new(std::array::from_fn(|code| char::from_u32(code as u32).map_or(Joint::default(), Joint::of)))
});

fn joint(ch: char) -> Joint {
    if ch < '\u{300}' {
        return Joint::default();
    }
    LOW.get(ch as usize).copied().unwrap_or_else(|| Joint::of(ch))
}

/// Whether `ch` may compose with what stands before it, or change places with it.
pub fn attaches(ch: char) -> bool {
    let joint = joint(ch);
    joint.class != 0 || joint.composes
}

/// The canonical combining class of `ch`.
pub fn class(ch: char) -> u8 {
    joint(ch).class
}

/// Whether `ch` may be the second part of a composition.
pub fn may_compose(ch: char) -> bool {
    joint(ch).composes
}

/// Whether the marks of `cluster`, all code points but the first, stand in order and compose with nothing.
pub fn is_composed(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    // A text may begin with a mark.
    let mut before = chars.next().map_or(0, |ch| joint(ch).class);
    chars.all(|ch| {
        let Joint { class, composes } = joint(ch);
        let in_order = class != 0 && class >= before && !composes;
        before = class;
        in_order
    })
}

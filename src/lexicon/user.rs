//! What a user adds to the built-in lists: read from TOML or CSV text.
//!
//! TOML, all parts optional:
//!
//! ```toml
//! blocked = ["حذر"]
//!
//! [[entity]]
//! name = "حركة شباب الغد"
//! label = "ORG"
//! kind = "party"          # optional, as code
//! aliases = ["شباب الغد"]
//!
//! [[trigger]]
//! family = "ALLY"
//! phrase = "تحالف مع"
//!
//! [[family]]
//! family = "MARRY"
//! symmetric = true
//! intensity = 3.0
//! ```
//!
//! CSV has entities alone: a header with `name` and `label`, and any of `kind`, `code`, `aliases` (parted by `|`).

use std::hash::Hasher;

use rustc_hash::FxHasher;
use serde::Deserialize;

use crate::{Error, Result};

/// What a user adds to the built-in lists, or takes away from them.
#[derive(Debug, Default, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserLexicon {
    #[serde(default, rename = "entity")]
    pub entities: Vec<UserEntity>,
    /// Names that are never entities, in any spelling.
    #[serde(default)]
    pub blocked: Vec<String>,
    #[serde(default, rename = "trigger")]
    pub triggers: Vec<UserTrigger>,
    #[serde(default, rename = "family")]
    pub families: Vec<UserFamily>,
}

/// An entity of the user's: new, or a new name and more aliases for a built-in one.
///
/// It renames a built-in entity where its name or one of its aliases is a name of that.
#[derive(Debug, Default, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserEntity {
    /// The canonical name.
    pub name: String,
    /// One of the labels of [`crate::entity::Label`].
    pub label: String,
    pub kind: Option<String>,
    pub code: Option<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A word or phrase that expresses a relation.
#[derive(Debug, Default, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserTrigger {
    pub family: String,
    /// The phrase; a single verb in the third person masculine perfect is inflected.
    pub phrase: String,
    /// Which argument the grammatical subject is: `source` (the default) or `target`.
    pub subject: Option<String>,
}

/// A relation family of the user's own; the columns of the built-in `families.tsv`.
#[derive(Debug, Default, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserFamily {
    pub family: String,
    #[serde(default)]
    pub symmetric: bool,
    #[serde(default)]
    pub intensity: f32,
    pub plover: Option<String>,
    pub cameo: Option<String>,
    pub goldstein: Option<f32>,
}

impl UserLexicon {
    /// Read the text of a TOML file; `file` is its name for messages.
    pub fn from_toml(file: &str, text: &str) -> Result<UserLexicon> {
        let lexicon: UserLexicon = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            Error::data(file, line_of(text, at), error.message().trim().to_string())
        })?;
        let empty = lexicon.entities.iter().any(|e| e.name.trim().is_empty());
        if empty || lexicon.triggers.iter().any(|t| t.phrase.trim().is_empty()) {
            return Err(Error::Value(format!(
                "{file}: an entity without a name or a trigger without a phrase"
            )));
        }
        Ok(lexicon)
    }

    /// Read the entities of the text of a CSV file; `file` is its name for messages.
    pub fn from_csv(file: &str, text: &str) -> Result<UserLexicon> {
        let mut records = csv_records(text);
        let (line, header) = records.next().unwrap_or((1, Vec::new()));
        let column = |name: &str| header.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
        let wanted =
            |name: &str| column(name).ok_or_else(|| Error::data(file, line, format!("no column «{name}»")));
        let (name, label) = (wanted("name")?, wanted("label")?);
        let (kind, code, aliases) = (column("kind"), column("code"), column("aliases"));
        let mut lexicon = UserLexicon::default();
        for (line, record) in records {
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let field = |at: Option<usize>| at.and_then(|at| record.get(at)).map(|f| f.trim()).unwrap_or("");
            let some = |at: Option<usize>| Some(field(at)).filter(|f| !f.is_empty()).map(str::to_string);
            let given = |at: usize, column: &str| {
                some(Some(at)).ok_or_else(|| Error::data(file, line, format!("«{column}» is empty")))
            };
            lexicon.entities.push(UserEntity {
                name: given(name, "name")?,
                label: given(label, "label")?,
                kind: some(kind),
                code: some(code),
                aliases: field(aliases)
                    .split('|')
                    .map(str::trim)
                    .filter(|a| !a.is_empty())
                    .map(Into::into)
                    .collect(),
            });
        }
        Ok(lexicon)
    }

    /// Add what `other` has; where both name an entity, the later one's name and codes win.
    pub fn merge(&mut self, other: UserLexicon) {
        self.entities.extend(other.entities);
        self.blocked.extend(other.blocked);
        self.triggers.extend(other.triggers);
        self.families.extend(other.families);
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == UserLexicon::default()
    }

    /// A number that is the same for equal lexicons in every process, to find an engine that was made before; compare
    /// the lexicons too, since two different ones may share it (once in 2^64).
    pub fn identity(&self) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write(format!("{self:?}").as_bytes());
        hasher.finish()
    }
}

/// The 1-based line of byte `at`.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|&&b| b == b'\n').count() + 1
}

/// The records of CSV text with the line that each begins on: fields parted by commas, in double quotes where they hold
/// commas, quotes (doubled) or line breaks (RFC 4180).
fn csv_records(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> + '_ {
    let mut chars = text.trim_start_matches('\u{FEFF}').chars().peekable();
    let mut line = 1;
    std::iter::from_fn(move || {
        chars.peek()?;
        let first = line;
        let mut record = vec![String::new()];
        let mut quoted = false;
        while let Some(ch) = chars.next() {
            line += usize::from(ch == '\n');
            let field = record.last_mut()?;
            match ch {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    field.push('"');
                }
                '"' if quoted => quoted = false,
                '"' if field.trim().is_empty() => {
                    field.clear();
                    quoted = true;
                }
                ',' if !quoted => record.push(String::new()),
                '\n' if !quoted => break,
                '\r' if !quoted => {}
                _ => field.push(ch),
            }
        }
        Some((first, record))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = "blocked = [\"حذر\"]\n[[entity]]\nname = \"حركة الغد\"\nlabel = \"ORG\"\naliases = [\"الغد\"]\n\
                        [[trigger]]\nfamily = \"ALLY\"\nphrase = \"تحالف مع\"\n[[family]]\nfamily = \"MARRY\"\n";

    #[test]
    fn toml_has_all_parts() {
        let lexicon = UserLexicon::from_toml("mine.toml", TOML).unwrap();
        assert_eq!(lexicon.entities[0].aliases, ["الغد"]);
        assert_eq!(lexicon.blocked, ["حذر"]);
        assert_eq!(lexicon.triggers[0].phrase, "تحالف مع");
        assert_eq!(lexicon.families[0].family, "MARRY");
        assert!(UserLexicon::from_toml("empty.toml", "").unwrap().is_empty());
    }

    #[test]
    fn errors_name_file_and_line() {
        for (text, want) in [
            ("blocked = [\n\"a\",\n3]\n", "mine.toml:3:"),
            ("\n[[entity]]\nname = \"x\"\nlabel = \"ORG\"\ncolour = \"red\"\n", "mine.toml:5:"),
            ("[[entity]\n", "mine.toml:1:"),
        ] {
            let message = UserLexicon::from_toml("mine.toml", text).unwrap_err().to_string();
            assert!(message.starts_with(want), "{message}");
        }
        for (text, want) in
            [("name,kind\nx,y\n", "m.csv:1:"), ("name,label\nx,ORG\n,PER\n", "m.csv:3:"), ("", "m.csv:1:")]
        {
            let message = UserLexicon::from_csv("m.csv", text).unwrap_err().to_string();
            assert!(message.starts_with(want), "{message}");
        }
    }

    #[test]
    fn csv_has_quotes_and_aliases() {
        let text = "\u{FEFF}label,name,aliases,code\r\nORG,\"الغد, \"\"حركة\"\"\",الغد| حركة الغد ,X1\r\n\r\nPER,زيد,,\n";
        let lexicon = UserLexicon::from_csv("m.csv", text).unwrap();
        assert_eq!(lexicon.entities.len(), 2);
        assert_eq!(lexicon.entities[0].name, "الغد, \"حركة\"");
        assert_eq!(lexicon.entities[0].aliases, ["الغد", "حركة الغد"]);
        assert_eq!(lexicon.entities[0].code.as_deref(), Some("X1"));
        assert_eq!(lexicon.entities[1].code, None);
    }

    #[test]
    fn identity_follows_content() {
        let one = UserLexicon::from_toml("a", TOML).unwrap();
        let mut two = UserLexicon::from_toml("b", TOML).unwrap();
        assert_eq!(one.identity(), two.identity());
        two.merge(UserLexicon { blocked: vec!["x".into()], ..Default::default() });
        assert_ne!(one.identity(), two.identity());
    }
}

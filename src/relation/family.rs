//! The relation families: direction, intensity and their codes in other event ontologies.

use crate::lexicon::{UserFamily, UserLexicon};
use crate::{Error, Result};

/// Number of a family in [`Families`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FamilyId(pub u8);

/// One family.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    pub name: String,
    /// A state (`static`) rather than an event.
    pub is_static: bool,
    /// X to Y is the same claim as Y to X.
    pub symmetric: bool,
    /// −10 (conflict) to +10 (cooperation).
    pub intensity: f32,
    pub plover: Option<String>,
    pub cameo: Option<String>,
    pub goldstein: Option<f32>,
}

/// The built-in families and the user's.
#[derive(Clone, Debug)]
pub struct Families {
    families: Vec<Family>,
}

const FILE: &str = "families.tsv";
const DATA: &str = include_str!("data/families.tsv");

impl Families {
    /// The built-in families; a user's family of the same name takes its place.
    pub fn new(user: &UserLexicon) -> Result<Families> {
        let mut families = parse(FILE, DATA)?;
        for added in &user.families {
            let family = from_user(added);
            match families.iter_mut().find(|f| f.name == family.name) {
                Some(known) => *known = family,
                None => families.push(family),
            }
        }
        if families.len() > 60 {
            return Err(Error::Value(format!(
                "{} relation families; at most 60 are possible",
                families.len()
            )));
        }
        Ok(Families { families })
    }

    /// The family of that number.
    pub fn get(&self, id: FamilyId) -> &Family {
        &self.families[id.0 as usize]
    }

    /// The number of the family of that name.
    pub fn id(&self, name: &str) -> Option<FamilyId> {
        self.families.iter().position(|f| f.name == name).map(|i| FamilyId(i as u8))
    }

    /// All families in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FamilyId, &Family)> {
        self.families.iter().enumerate().map(|(i, f)| (FamilyId(i as u8), f))
    }

    /// Number of families.
    pub fn len(&self) -> usize {
        self.families.len()
    }

    /// No families at all.
    pub fn is_empty(&self) -> bool {
        self.families.is_empty()
    }
}

fn from_user(family: &UserFamily) -> Family {
    Family {
        name: family.family.clone(),
        is_static: false,
        symmetric: family.symmetric,
        intensity: family.intensity,
        plover: family.plover.clone(),
        cameo: family.cameo.clone(),
        goldstein: family.goldstein,
    }
}

fn parse(file: &str, data: &str) -> Result<Vec<Family>> {
    let mut families = Vec::new();
    for (index, line) in data.lines().enumerate().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, kind, symmetric, intensity, plover, cameo, goldstein, _meaning] = columns[..] else {
            return Err(Error::data(file, index + 1, "8 columns are expected"));
        };
        let number = |text: &str| {
            text.parse::<f32>().map_err(|_| Error::data(file, index + 1, format!("«{text}» is no number")))
        };
        families.push(Family {
            name: name.into(),
            is_static: kind == "static",
            symmetric: symmetric == "yes",
            intensity: number(intensity)?,
            plover: (!plover.is_empty()).then(|| plover.into()),
            cameo: (!cameo.is_empty()).then(|| cameo.into()),
            goldstein: if goldstein.is_empty() { None } else { Some(number(goldstein)?) },
        });
    }
    Ok(families)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_families_read_and_a_user_may_add_one() {
        let user = UserLexicon {
            families: vec![UserFamily {
                family: "MARRY".into(),
                symmetric: true,
                intensity: 9.0,
                ..Default::default()
            }],
            ..Default::default()
        };
        let families = Families::new(&user).unwrap();
        assert_eq!(families.len(), 23);
        assert!(families.get(families.id("MERGE").unwrap()).symmetric);
        assert_eq!(families.get(families.id("ATTACK").unwrap()).goldstein, Some(-10.0));
        assert_eq!(families.get(families.id("MARRY").unwrap()).intensity, 9.0);
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = parse("f.tsv", "head\nA\tevent").unwrap_err();
        assert_eq!(error.to_string(), "f.tsv:2: 8 columns are expected");
    }
}

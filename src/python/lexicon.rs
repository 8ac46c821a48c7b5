//! `rawabit.Lexicon`: what a user adds to the built-in lists.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple, PyType};

use super::engine::Engines;
use super::errors::{DataError, RawabitError};
use crate::entity::Label;
use crate::lexicon::{UserEntity, UserFamily, UserLexicon, UserTrigger};

/// Entities, aliases, relation triggers and families of your own, merged over the built-in ones. Immutable; picklable.
///
/// Parameters
/// ----------
/// entities : list of dict, optional
///     Each with ``name`` (the canonical name), ``label`` (PER, ORG, LOC, …) and, optionally, ``kind``, ``code``,
///     ``aliases`` (list of str). A name that is known gets more aliases.
/// blocked : list of str, optional
///     Names that are never entities, in any spelling.
/// triggers : list of dict, optional
///     Each with ``family``, ``phrase`` (a single verb in the third person masculine perfect is inflected) and,
///     optionally, ``subject``: which argument the grammatical subject is, ``source`` or ``target``.
/// families : list of dict, optional
///     Each with ``family`` and, optionally, ``symmetric``, ``intensity`` (−10…+10), ``plover``, ``cameo``, ``goldstein``.
///
/// Examples
/// --------
/// >>> import rawabit as rw
/// >>> lexicon = rw.Lexicon(entities=[{"name": "حركة الغد", "label": "ORG", "aliases": ["الغديون"]}])
/// >>> table = rw.entities("رفضت حركة الغد القرار", lexicon=lexicon)
#[pyclass(frozen, module = "rawabit")]
pub struct Lexicon {
    pub user: UserLexicon,
    /// The engines made for it, by model.
    pub engines: Arc<Engines>,
}

impl Lexicon {
    fn of(user: UserLexicon) -> Lexicon {
        Lexicon { user, engines: Arc::default() }
    }
}

#[pymethods]
impl Lexicon {
    #[new]
    #[pyo3(signature = (*, entities=None, blocked=None, triggers=None, families=None))]
    fn new(
        entities: Option<Vec<Bound<'_, PyDict>>>,
        blocked: Option<Vec<String>>,
        triggers: Option<Vec<Bound<'_, PyDict>>>,
        families: Option<Vec<Bound<'_, PyDict>>>,
    ) -> PyResult<Lexicon> {
        let user = UserLexicon {
            entities: read(entities, "entities", ENTITY, entity)?,
            blocked: blocked.unwrap_or_default(),
            triggers: read(triggers, "triggers", TRIGGER, trigger)?,
            families: read(families, "families", FAMILY, family)?,
        };
        Ok(Lexicon::of(user))
    }

    /// Read a lexicon from a TOML file, or entities from a CSV file.
    ///
    /// Parameters
    /// ----------
    /// path : str or path
    ///     ``.toml`` with ``[[entity]]``, ``[[trigger]]`` and ``[[family]]`` tables and a ``blocked`` list, of the keys that
    ///     the constructor has; or ``.csv`` with a header of name, label and any of kind, code, aliases (parted by ``|``).
    ///
    /// Raises
    /// ------
    /// DataError
    ///     If it does not read; the message names file and line.
    #[classmethod]
    fn load(_class: &Bound<'_, PyType>, path: PathBuf) -> PyResult<Lexicon> {
        let file = path.display().to_string();
        let bytes = std::fs::read(&path)
            .map_err(|error| PyOSError::new_err((error.raw_os_error(), error.to_string(), file.clone())))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            DataError::new_err(format!("{file}: not UTF-8 at byte {at}"))
        })?;
        let user = match path.extension().and_then(|ending| ending.to_str()) {
            Some("toml") => UserLexicon::from_toml(&file, &text)?,
            Some("csv") => UserLexicon::from_csv(&file, &text)?,
            _ => return Err(DataError::new_err(format!("{file}: expected a .toml or a .csv file"))),
        };
        Ok(Lexicon::of(user))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Lexicon>().is_ok_and(|other| other.get().user == self.user)
    }

    fn __repr__(&self) -> String {
        let user = &self.user;
        format!(
            "Lexicon({} entities, {} blocked, {} triggers, {} families)",
            user.entities.len(),
            user.blocked.len(),
            user.triggers.len(),
            user.families.len()
        )
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let user = &slf.get().user;
        let keywords = PyDict::new(py);
        keywords.set_item("entities", list(py, &user.entities, spell_entity)?)?;
        keywords.set_item("blocked", &user.blocked)?;
        keywords.set_item("triggers", list(py, &user.triggers, spell_trigger)?)?;
        keywords.set_item("families", list(py, &user.families, spell_family)?)?;
        let partial = py.import("functools")?.getattr("partial")?;
        Ok((partial.call((slf.get_type(),), Some(&keywords))?, PyTuple::empty(py)))
    }
}

const ENTITY: &[&str] = &["name", "label", "kind", "code", "aliases"];
const TRIGGER: &[&str] = &["family", "phrase", "subject"];
const FAMILY: &[&str] = &["family", "symmetric", "intensity", "plover", "cameo", "goldstein"];

/// Read each dict of a list; errors name the list and the place in it.
fn read<T>(
    dicts: Option<Vec<Bound<'_, PyDict>>>,
    list: &str,
    keys: &[&str],
    one: impl Fn(&Keys) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    let mut out = Vec::new();
    for (number, dict) in dicts.unwrap_or_default().into_iter().enumerate() {
        let place = format!("{list}, item {number}");
        for key in dict.keys() {
            let key = key.str()?.to_string();
            if !keys.contains(&key.as_str()) {
                return Err(RawabitError::new_err(format!(
                    "{place}: no key {key:?}; there are {}",
                    keys.join(", ")
                )));
            }
        }
        out.push(one(&Keys { dict, place })?);
    }
    Ok(out)
}

/// A dict whose values are asked for by key.
struct Keys<'py> {
    dict: Bound<'py, PyDict>,
    place: String,
}

impl<'py> Keys<'py> {
    fn maybe<T: for<'a> FromPyObject<'a, 'py>>(&self, key: &str) -> PyResult<Option<T>> {
        let Some(value) = self.dict.get_item(key)?.filter(|value| !value.is_none()) else { return Ok(None) };
        value.extract::<T>().map(Some).map_err(|_| {
            let found = value.get_type().name().map(|name| name.to_string()).unwrap_or_default();
            PyTypeError::new_err(format!("{}: {key:?} may not be a {found}", self.place))
        })
    }

    fn text(&self, key: &str) -> PyResult<String> {
        self.maybe::<String>(key)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| RawabitError::new_err(format!("{}: {key:?} is needed", self.place)))
    }
}

fn entity(keys: &Keys) -> PyResult<UserEntity> {
    let label = keys.text("label")?;
    if Label::from_name(&label).is_none() {
        let known = Label::ALL.map(Label::name).join(", ");
        return Err(RawabitError::new_err(format!("{}: label {label:?} is none of {known}", keys.place)));
    }
    Ok(UserEntity {
        name: keys.text("name")?,
        label,
        kind: keys.maybe("kind")?,
        code: keys.maybe("code")?,
        aliases: keys.maybe("aliases")?.unwrap_or_default(),
    })
}

fn trigger(keys: &Keys) -> PyResult<UserTrigger> {
    Ok(UserTrigger {
        family: keys.text("family")?,
        phrase: keys.text("phrase")?,
        subject: keys.maybe("subject")?,
    })
}

fn family(keys: &Keys) -> PyResult<UserFamily> {
    Ok(UserFamily {
        family: keys.text("family")?,
        symmetric: keys.maybe("symmetric")?.unwrap_or(false),
        intensity: keys.maybe("intensity")?.unwrap_or(0.0),
        plover: keys.maybe("plover")?,
        cameo: keys.maybe("cameo")?,
        goldstein: keys.maybe("goldstein")?,
    })
}

fn list<'py, T>(
    py: Python<'py>,
    items: &[T],
    spell: impl Fn(&T, &Bound<'py, PyDict>) -> PyResult<()>,
) -> PyResult<Bound<'py, PyList>> {
    let out = PyList::empty(py);
    for item in items {
        let dict = PyDict::new(py);
        spell(item, &dict)?;
        out.append(dict)?;
    }
    Ok(out)
}

fn spell_entity(entity: &UserEntity, out: &Bound<'_, PyDict>) -> PyResult<()> {
    out.set_item("name", &entity.name)?;
    out.set_item("label", &entity.label)?;
    out.set_item("kind", &entity.kind)?;
    out.set_item("code", &entity.code)?;
    out.set_item("aliases", &entity.aliases)
}

fn spell_trigger(trigger: &UserTrigger, out: &Bound<'_, PyDict>) -> PyResult<()> {
    out.set_item("family", &trigger.family)?;
    out.set_item("phrase", &trigger.phrase)?;
    out.set_item("subject", &trigger.subject)
}

fn spell_family(family: &UserFamily, out: &Bound<'_, PyDict>) -> PyResult<()> {
    out.set_item("family", &family.family)?;
    out.set_item("symmetric", family.symmetric)?;
    out.set_item("intensity", family.intensity)?;
    out.set_item("plover", &family.plover)?;
    out.set_item("cameo", &family.cameo)?;
    out.set_item("goldstein", family.goldstein)
}

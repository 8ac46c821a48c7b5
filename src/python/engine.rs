//! The engines that calls share: one for each pair of a user's lexicon and a user's model.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::PyClass;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::lexicon::Lexicon;
use super::tagger::Tagger;
use crate::corpus::Engine;
use crate::lexicon::UserLexicon;
use crate::tagger;

/// An engine and the user's model in it.
type Made = (Option<Arc<tagger::Tagger>>, Arc<Engine>);

/// Engines of one lexicon, one for each model.
#[derive(Default)]
pub struct Engines(Mutex<Vec<Made>>);

/// How many models' engines a lexicon keeps.
const KEPT: usize = 4;

impl Engines {
    /// The engine of `model`, made by `make` when it is first asked for.
    ///
    /// Nothing is locked while it is made: a process that forks then leaves its child no lock that stays closed. Two
    /// threads may make the same engine at the same time; the result is the same.
    fn get(
        &self,
        model: Option<&Arc<tagger::Tagger>>,
        make: impl FnOnce() -> crate::Result<Engine>,
    ) -> crate::Result<Arc<Engine>> {
        let same = |(known, _): &&Made| match (known, model) {
            (Some(known), Some(model)) => Arc::ptr_eq(known, model),
            (known, model) => known.is_none() && model.is_none(),
        };
        let found = self.made().iter().find(same).map(|(_, engine)| engine.clone());
        if let Some(engine) = found {
            return Ok(engine);
        }
        let engine = Arc::new(make()?);
        let mut made = self.made();
        if made.len() == KEPT {
            made.remove(0);
        }
        made.push((model.cloned(), engine.clone()));
        Ok(engine)
    }

    fn made(&self) -> MutexGuard<'_, Vec<Made>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The engines without a user's lexicon.
fn built_in() -> &'static Engines {
    static ENGINES: OnceLock<Engines> = OnceLock::new();
    ENGINES.get_or_init(Engines::default)
}

/// The engine for a call with a user's lexicon and model, if there are any.
pub fn engine(
    py: Python<'_>,
    lexicon: Option<&Bound<'_, PyAny>>,
    model: Option<&Bound<'_, PyAny>>,
) -> PyResult<Arc<Engine>> {
    let lexicon = lexicon.map(|given| cast::<Lexicon>(given, "lexicon", "a rawabit.Lexicon")).transpose()?;
    let model = model.map(|given| cast::<Tagger>(given, "model", "a rawabit.Tagger")).transpose()?;
    let lexicon = lexicon.map(|lexicon| lexicon.get());
    let tagger = model.map(|model| model.get().inner.clone());
    Ok(py.detach(|| {
        let engines = match lexicon {
            Some(lexicon) => &*lexicon.engines,
            None => built_in(),
        };
        let none = UserLexicon::default();
        let user = lexicon.map_or(&none, |lexicon| &lexicon.user);
        engines.get(tagger.as_ref(), || Engine::with_tagger(user, tagger.clone()))
    })?)
}

fn cast<'a, 'py, T: PyClass>(
    given: &'a Bound<'py, PyAny>,
    name: &str,
    expected: &str,
) -> PyResult<&'a Bound<'py, T>> {
    given.cast::<T>().map_err(|_| {
        let found = given.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        PyTypeError::new_err(format!("{name}: expected {expected}, got {found}"))
    })
}

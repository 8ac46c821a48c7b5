//! The engines that calls share: one for each pair of a user's lexicon and a user's model.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pyo3::prelude::*;

use crate::corpus::Engine;
use crate::lexicon::UserLexicon;

/// Engines of one lexicon, by the number of the model; 0 is the built-in one.
#[derive(Debug, Default)]
pub struct Engines(Mutex<Vec<(u64, Arc<Engine>)>>);

/// How many models' engines a lexicon keeps.
const KEPT: usize = 4;

impl Engines {
    /// The engine of `model`, made by `make` when it is first asked for.
    ///
    /// Nothing is locked while it is made: a process that forks then leaves its child no lock that stays closed. Two
    /// threads may make the same engine at the same time; one of the two is kept.
    pub fn get(
        &self,
        model: u64,
        make: impl FnOnce() -> crate::Result<Engine>,
    ) -> crate::Result<Arc<Engine>> {
        if let Some(engine) = self.find(model) {
            return Ok(engine);
        }
        let engine = Arc::new(make()?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((model, engine.clone()));
        Ok(engine)
    }

    fn find(&self, model: u64) -> Option<Arc<Engine>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(number, _)| *number == model).map(|(_, engine)| engine.clone())
    }
}

/// The engines without a user's lexicon.
fn built_in() -> &'static Engines {
    static ENGINES: OnceLock<Engines> = OnceLock::new();
    ENGINES.get_or_init(Engines::default)
}

/// The engine for a call.
pub fn engine(py: Python<'_>) -> PyResult<Arc<Engine>> {
    Ok(py.detach(|| built_in().get(0, || Engine::new(&UserLexicon::default())))?)
}

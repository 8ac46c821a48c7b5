//! `Tagger`: train, evaluate, save and load a tagger of names of one's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyType};

use super::errors::RawabitError;
use super::run;
use crate::entity::names;
use crate::tagger::conll::{self, Corpus, Count};
use crate::tagger::train::Settings;
use crate::tagger::words::WordTable;
use crate::tagger::{self, Lesson, Scratch};
use crate::{Error, Result};

/// A tagger of names, trained on CoNLL data. Immutable; picklable.
#[pyclass(frozen, module = "rawabit")]
pub struct Tagger {
    pub inner: Arc<tagger::Tagger>,
}

#[pymethods]
impl Tagger {
    /// Train on CoNLL data: a path, or sentences of (token, tag) pairs. Word clusters, name lists and statistics that
    /// the package comes with are features of every model.
    #[classmethod]
    #[pyo3(signature = (conll, *, epochs=10, seed=7, progress=None))]
    fn train(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        conll: &Bound<'_, PyAny>,
        epochs: usize,
        seed: u64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Tagger> {
        if epochs == 0 {
            return Err(RawabitError::new_err("epochs=0: at least one is needed"));
        }
        let (text, file) = read(conll)?;
        let settings = Settings { epochs, seed, ..Settings::default() };
        // Training is long whatever the size of its data.
        let trained = run::run(py, usize::MAX, 100, progress, move |control| {
            let corpus = conll::read(&text, &file)?;
            if corpus.labels.is_empty() {
                return Err(Error::data(file, 1, "no name is marked in it"));
            }
            let mut told = 0;
            train(corpus, settings, |share| {
                let percent = (share * 100.0) as usize;
                let more = percent.saturating_sub(told);
                told = percent;
                control.advance(more).is_continue()
            })
        })?;
        Ok(Tagger { inner: Arc::new(trained?) })
    }

    /// A tagger saved by `save`.
    #[classmethod]
    fn load(_class: &Bound<'_, PyType>, path: PathBuf) -> PyResult<Tagger> {
        let bytes = std::fs::read(&path).map_err(|error| os_error(&path, error))?;
        let inner = tagger::Tagger::from_bytes(WordTable::shared()?, &bytes);
        Ok(Tagger { inner: Arc::new(inner.map_err(|e| Error::Model(format!("{}: {e}", path.display())))?) })
    }

    /// Write the tagger to a file.
    fn save(&self, path: PathBuf) -> PyResult<()> {
        std::fs::write(&path, self.inner.to_bytes()).map_err(|error| os_error(&path, error))
    }

    /// The names of the labels.
    #[getter]
    fn labels(&self) -> Vec<String> {
        self.inner.labels().to_vec()
    }

    /// Exact-span scores on CoNLL data: a dict from each label, and `micro` for all together, to a dict of
    /// `precision`, `recall`, `f1` (0 to 1) and `gold`, `found`, `right` (spans).
    fn evaluate<'py>(&self, py: Python<'py>, conll: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let (text, file) = read(conll)?;
        let inner = self.inner.clone();
        let scores: Result<_> = run::run(py, text.len(), 0, None, move |_| {
            let corpus = conll::read(&text, &file)?;
            Ok(evaluate(&inner, &corpus))
        })?;
        let result = PyDict::new(py);
        for (label, count) in scores? {
            let row = PyDict::new(py);
            row.set_item("precision", count.precision())?;
            row.set_item("recall", count.recall())?;
            row.set_item("f1", count.f1())?;
            row.set_item("gold", count.right + count.missed)?;
            row.set_item("found", count.right + count.wrong)?;
            row.set_item("right", count.right)?;
            result.set_item(label, row)?;
        }
        Ok(result)
    }

    /// The tags of one document: sentences of tokens in, sentences of IOB2 tags out.
    fn tag(&self, sentences: Vec<Vec<String>>) -> Vec<Vec<String>> {
        let mut tagged = conll::Tagged::default();
        for sentence in &sentences {
            tagged.add_sentence(sentence.iter().map(|token| (token.as_str(), 0)));
        }
        let mut spans = Vec::new();
        self.inner.tag(&tagged.document, &mut Scratch::default(), &mut spans);
        let mut names = vec!["O".to_string(); tagged.tags.len()];
        for span in spans {
            let label = &self.inner.labels()[span.label as usize];
            for token in span.first..span.last {
                let position = if token == span.first { 'B' } else { 'I' };
                names[token as usize] = format!("{position}-{label}");
            }
        }
        let mut names = names.into_iter();
        sentences.iter().map(|sentence| names.by_ref().take(sentence.len()).collect()).collect()
    }

    fn __repr__(&self) -> String {
        format!("Tagger(labels={:?}, {} features)", self.inner.labels(), self.inner.features())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let bytes = PyBytes::new(slf.py(), &slf.get().inner.to_bytes());
        Ok((slf.get_type().getattr("_from_bytes")?, (bytes,)))
    }

    #[classmethod]
    fn _from_bytes(_class: &Bound<'_, PyType>, bytes: &[u8]) -> PyResult<Tagger> {
        Ok(Tagger { inner: Arc::new(tagger::Tagger::from_bytes(WordTable::shared()?, bytes)?) })
    }
}

/// Text in two columns and its name: of a file, or of sentences of pairs.
fn read(conll: &Bound<'_, PyAny>) -> PyResult<(String, String)> {
    if conll.is_instance_of::<PyString>() || conll.hasattr("__fspath__")? {
        let path: PathBuf = conll.extract()?;
        let bytes = std::fs::read(&path).map_err(|error| os_error(&path, error))?;
        let file = path.display().to_string();
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            Error::data(file.clone(), line, "not UTF-8")
        })?;
        return Ok((text, file));
    }
    let mut text = String::new();
    for (number, sentence) in conll.try_iter()?.enumerate() {
        for pair in sentence?.try_iter()? {
            let (token, tag): (String, String) = pair?.extract().map_err(|_| {
                PyTypeError::new_err(format!("sentence {number}: expected (token, tag) pairs of str"))
            })?;
            if token.is_empty() || token.contains(char::is_whitespace) || tag.contains(char::is_whitespace) {
                return Err(RawabitError::new_err(format!(
                    "sentence {number}: a token is empty or has white space in it: {token:?}"
                )));
            }
            text.push_str(&format!("{token}\t{tag}\n"));
        }
        text.push('\n');
    }
    Ok((text, "sentences".into()))
}

fn os_error(path: &Path, error: std::io::Error) -> PyErr {
    match error.raw_os_error() {
        Some(code) => PyOSError::new_err((code, error.kind().to_string(), path.display().to_string())),
        None => PyOSError::new_err(format!("{}: {error}", path.display())),
    }
}

fn train(corpus: Corpus, settings: Settings, progress: impl FnMut(f32) -> bool) -> Result<tagger::Tagger> {
    let lesson = |tagged: conll::Tagged| Lesson {
        allowed: tagged.tags.iter().map(|tag| 1 << tag).collect(),
        document: tagged.document,
        weight: 1.0,
        domain: 0,
    };
    let lessons: Vec<Lesson> = corpus.documents.into_iter().map(lesson).collect();
    Ok(names::built_in()?.train_on(&lessons, &corpus.labels, settings, progress))
}

/// Scores by label of the corpus or of the tagger, in alphabetical order, and all together as `micro`.
fn evaluate(tagger: &tagger::Tagger, corpus: &Corpus) -> Vec<(String, Count)> {
    let mut labels: Vec<String> = corpus.labels.iter().chain(tagger.labels()).cloned().collect();
    labels.sort();
    labels.dedup();
    let number = |name: &String| labels.binary_search(name).unwrap_or_default() as u8;
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    let mut counts = vec![Count::default(); labels.len()];
    for tagged in &corpus.documents {
        tagger.tag(&tagged.document, &mut scratch, &mut found);
        found.iter_mut().for_each(|span| span.label = number(&tagger.labels()[span.label as usize]));
        let mut gold = tagged.spans();
        gold.iter_mut().for_each(|span| span.label = number(&corpus.labels[span.label as usize]));
        for (sum, count) in counts.iter_mut().zip(conll::compare(&gold, &found, labels.len())) {
            sum.add(count);
        }
    }
    let mut all = Count::default();
    counts.iter().for_each(|count| all.add(*count));
    labels.into_iter().zip(counts).chain([("micro".to_string(), all)]).collect()
}

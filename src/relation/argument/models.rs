//! The trained models of binding as one file, and the calibration of their confidence.

use super::TRAINED_FAMILIES;
use super::measures::Measure;
use crate::loglinear::Model;
use crate::trees::Trees;
use crate::{Error, Result};

/// The models with the calibration of the last.
#[derive(Debug, Clone)]
pub struct Models {
    /// Whether a site expresses a relation at all.
    pub relation: Model,
    /// Which family, given that it does.
    pub family: Model,
    pub role: Model,
    pub pair: Model,
    /// Judges pairs among the others of their sentence.
    pub judge: Trees,
    pub calibration: Calibration,
    /// Least confidence of a record.
    pub threshold: f32,
}

const MAGIC: &[u8; 8] = b"rwbRELA3";

impl Models {
    /// The judge's logit below which no record can reach the threshold.
    pub(super) fn least_logit(&self) -> f32 {
        /// What rounding may move on the way through the calibration.
        const ROUNDING: f32 = 0.01;
        let raw = self.calibration.invert(self.threshold);
        (raw / (1.0 - raw)).ln() - ROUNDING
    }

    /// The models as bytes; [`Models::from_bytes`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.threshold.to_le_bytes());
        bytes.extend((self.calibration.knots.len() as u32).to_le_bytes());
        for (raw, calibrated) in &self.calibration.knots {
            bytes.extend(raw.to_le_bytes());
            bytes.extend(calibrated.to_le_bytes());
        }
        for model in [&self.relation, &self.family, &self.role, &self.pair] {
            let model = model.to_bytes();
            bytes.extend((model.len() as u32).to_le_bytes());
            bytes.extend(model);
        }
        let judge = self.judge.to_bytes();
        bytes.extend((judge.len() as u32).to_le_bytes());
        bytes.extend(judge);
        bytes
    }

    /// Models from the bytes of [`Models::to_bytes`].
    ///
    /// # Errors
    /// Bytes that are no models of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Models> {
        let mut reader = Reader { bytes };
        if reader.take(8)? != MAGIC {
            return Err(wrong_model());
        }
        let threshold = reader.float()?;
        let mut knots = Vec::new();
        for _ in 0..reader.number()? {
            knots.push((reader.float()?, reader.float()?));
        }
        let mut model = || {
            let length = reader.number()? as usize;
            Model::from_bytes(reader.take(length)?)
        };
        let (relation, family, role, pair) = (model()?, model()?, model()?, model()?);
        let length = reader.number()? as usize;
        let judge = Trees::from_bytes(reader.take(length)?, Measure::ALL.len())?;
        if relation.classes() != 2
            || family.classes() != TRAINED_FAMILIES
            || role.classes() != 3
            || pair.classes() != 2
        {
            return Err(wrong_model());
        }
        Ok(Models { relation, family, role, pair, judge, calibration: Calibration { knots }, threshold })
    }
}

fn wrong_model() -> Error {
    Error::Model("not a relation model of this version".into())
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(length).ok_or_else(wrong_model)?;
        self.bytes = rest;
        Ok(head)
    }

    fn word(&mut self) -> Result<[u8; 4]> {
        Ok(self.take(4)?.try_into().unwrap_or_default())
    }

    fn number(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.word()?))
    }

    fn float(&mut self) -> Result<f32> {
        Ok(f32::from_le_bytes(self.word()?))
    }
}

/// A monotone map from a model's probability to the share of right records, linear between its knots.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibration {
    /// (probability of the model, share of right records), ascending in both.
    pub knots: Vec<(f32, f32)>,
}

impl Calibration {
    /// The calibrated probability.
    pub fn apply(&self, probability: f32) -> f32 {
        let at = self.knots.partition_point(|(raw, _)| *raw < probability);
        match (at.checked_sub(1).map(|i| self.knots[i]), self.knots.get(at).copied()) {
            (None, None) => probability,
            (Some((_, share)), None) | (None, Some((_, share))) => share,
            (Some((low, a)), Some((high, b))) => a + (b - a) * (probability - low) / (high - low).max(1e-9),
        }
    }
}

impl Calibration {
    /// The least probability that is calibrated to `share`.
    pub(super) fn invert(&self, share: f32) -> f32 {
        let at = self.knots.partition_point(|(_, known)| *known < share);
        match (at.checked_sub(1).map(|i| self.knots[i]), self.knots.get(at).copied()) {
            (None, None) => share,
            (Some((raw, _)), None) => raw,
            (None, Some(_)) => 0.0,
            (Some((low, a)), Some((high, b))) => low + (high - low) * (share - a) / (b - a).max(1e-9),
        }
    }
}

//! Constructions in which the binding is certain whatever the words.

use super::Proposal;
use super::sentence::{Place, Site, View};
use crate::mention::Form;
use crate::relation::trigger::{Part, Voice};

/// A construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Rule {
    /// «… بين X وY»: both sides of a reciprocal relation.
    Between,
    /// «التنظيمان يتعاونان», «بينهما»: one dual word for both sides.
    Dual,
    /// «رئيس T S», «زعيم تنظيم القاعدة أيمن الظواهري».
    Title,
    /// «S رئيس T», «S المتحدث باسم T».
    TitleBehind,
    /// Source and target stand where the lexicon's entry has them.
    Slots,
}

impl Rule {
    /// All rules, in the order of their numbers.
    pub const ALL: [Rule; 5] = [Rule::Between, Rule::Dual, Rule::Title, Rule::TitleBehind, Rule::Slots];

    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Between => "between",
            Rule::Dual => "dual",
            Rule::Title => "title",
            Rule::TitleBehind => "title behind name",
            Rule::Slots => "slots",
        }
    }

    /// Confidence of a record where no model is at hand to judge it: estimates, not measured.
    pub fn confidence(self) -> f32 {
        match self {
            Rule::Between | Rule::Title => 0.8,
            Rule::Dual | Rule::TitleBehind => 0.7,
            Rule::Slots => 0.5,
        }
    }
}

/// The rules.
#[derive(Debug, Default, Clone)]
pub struct Rules {}

impl Rules {
    /// Mark the proposals of one site and family that a rule foresees.
    pub fn mark(&self, view: &View, site: &Site, symmetric: bool, proposals: &mut [Proposal]) {
        for proposal in proposals {
            proposal.rule = rule(view, site, symmetric, proposal);
        }
    }
}

fn rule(view: &View, site: &Site, symmetric: bool, proposal: &Proposal) -> Option<Rule> {
    let (source, target) = (&proposal.source, &proposal.target);
    let (s, t) = (view.mention(source.actor), view.mention(target.actor));
    let trigger = &view.triggers[site.begin as usize];
    if let (Some(s), Some(t)) = (s, t) {
        if symmetric && s.first == t.first && s.last == t.last && s.form != Form::Named {
            return Some(Rule::Dual);
        }
        let between = view.document.norm((s.first as usize).saturating_sub(1)) == "بين";
        if symmetric && between && t.first >= s.last && t.first - s.last <= 3 && target.position.coordinated {
            return Some(Rule::Between);
        }
        if trigger.part == Part::Title {
            let governed = target.position.place == Place::Next && target.position.distance == 0;
            if governed && s.first >= t.last && s.first - t.last <= 1 && source.position.preposition == 0 {
                return Some(Rule::Title);
            }
            let spoken =
                governed || target.position.place == Place::AfterPreposition && target.position.distance <= 2;
            if spoken && s.last <= site.first && site.first - s.last <= 2 && s.form == Form::Named {
                return Some(Rule::TitleBehind);
            }
        }
    }
    let passive = trigger.voice == Voice::Passive;
    let foreseen =
        view.foreseen(site, &source.position) & 1 != 0 && view.foreseen(site, &target.position) & 2 != 0;
    let first = source.rank == 0 && target.rank == 0;
    (foreseen && first && !passive).then_some(Rule::Slots)
}

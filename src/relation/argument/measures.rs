//! What the judge of pairs looks at: for each proposal of a sentence one row of numbers.
//!
//! Probabilities of the models before it (as logits), how the proposal stands among the others of its trigger and its
//! sentence, where its actors stand, and how often the document names them.

use rustc_hash::FxHashMap;

use super::Proposal;
use super::features::End;
use super::sentence::{Actor, Site, View};
use crate::mention::{Form, Mention};
use crate::trees::columns;

columns! {
    /// A number that the judge looks at.
    Measure {
    Relation "the trigger expresses a relation",
    Family "the trigger expresses the family",
    FamilyRank "families that the trigger expresses more likely",
    Symmetric "kind of family",
    Known "family in the lexicon",
    KnownFamilies "families of the trigger in the lexicon",
    Part "part of speech of the trigger",
    Voice "voice of the trigger",
    TriggerForm "article and suffix of the trigger",
    Frequency "frequency of the trigger word",
    Source "probability of the source",
    Target "probability of the target",
    SourceAsTarget "probability of the source as a target",
    TargetAsSource "probability of the target as a source",
    SourceRank "likelier sources",
    TargetRank "likelier targets",
    Product "joint probability",
    Logit "features of the pair",
    BehindFamily "behind the best pair of the trigger and family",
    BehindTrigger "behind the best pair of the trigger",
    BehindActors "behind the best trigger of these actors",
    BehindSentence "behind the best pair of the sentence",
    LikelierOfFamily "likelier pairs of the trigger and family",
    LikelierOfTrigger "likelier pairs of the trigger",
    LikelierOfActors "likelier triggers of these actors",
    LikelierInSentence "likelier pairs of the sentence",
    Lead "ahead of the next pair of the trigger and family",
    Shared "what it shares with the best pair of the trigger and family",
    SourceElsewhere "the source in a likelier pair",
    TargetElsewhere "the target in a likelier pair",
    SourceAsTargetElsewhere "the source as target of a likelier pair",
    TargetAsSourceElsewhere "the target as source of a likelier pair",
    Standing "standing towards the likeliest pair",
    Rivals "other triggers of the family near",
    Rule "rule",
    Foreseen "places foreseen by the lexicon",
    Order "order of source, trigger and target",
    SourcePlace "place of the source",
    SourceDistance "distance of the source",
    SourceMentions "actors between trigger and source",
    SourceClauses "clauses between trigger and source",
    SourceMarks "punctuation between trigger and source",
    SourcePreposition "preposition of the source",
    SourceCoordinated "the source is joined by and",
    SourceSites "triggers between trigger and source",
    SourceKind "kind of the source",
    SourceForm "form of the source",
    SourceConfidence "resolution of the source",
    SourceAgreement "agreement of trigger and source",
    SourceCount "mentions of the source in the document",
    TargetPlace "place of the target",
    TargetDistance "distance of the target",
    TargetMentions "actors between trigger and target",
    TargetClauses "clauses between trigger and target",
    TargetMarks "punctuation between trigger and target",
    TargetPreposition "preposition of the target",
    TargetCoordinated "the target is joined by and",
    TargetSites "triggers between trigger and target",
    TargetKind "kind of the target",
    TargetForm "form of the target",
    TargetConfidence "resolution of the target",
    TargetAgreement "agreement of trigger and target",
    TargetCount "mentions of the target in the document",
    PairDistance "distance between source and target",
    PairMentions "actors between source and target",
    PairClauses "clauses between source and target",
    PairOverlap "source and target overlap",
    PairJoined "source and target joined by and",
    PairSame "source and target are the same",
    Length "length of the sentence",
    Actors "actors in sight",
    Sites "triggers in the sentence",
    Sentence "number of the sentence",
    SourceSort "what the source is",
    TargetSort "what the target is",
    SourceNearer "triggers nearer to the source",
    TargetNearer "triggers nearer to the target",
    SourceStart "place of the source in the sentence",
    TargetStart "place of the target in the sentence",
    GapBefore "distance of the trigger before",
    GapBehind "distance of the trigger behind",
    }
}

/// A row of measures.
pub type Row = [f32; Measure::ALL.len()];

/// How often a document names each actor.
#[derive(Debug, Default)]
pub struct Salience {
    counts: Vec<u16>,
}

impl Salience {
    /// Count the mentions of each resolved name; the old content is thrown away.
    pub fn update(&mut self, mentions: &[Mention]) {
        let mut known: FxHashMap<&str, u16> = FxHashMap::default();
        for mention in mentions {
            let count = known.entry(&mention.resolved).or_default();
            *count = count.saturating_add(1);
        }
        self.counts.clear();
        self.counts.extend(mentions.iter().map(|m| known[&*m.resolved]));
    }
}

fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

fn product(p: &Proposal) -> f32 {
    (p.family_probability * p.source.probability * p.target.probability).max(1e-9).ln()
}

/// Prepositions in few numbers.
fn preposition(view: &View, hash: u64) -> f32 {
    view.preposition_keys.iter().position(|&known| known == hash).map_or(0.5, |i| i as f32 + 1.0)
        * (hash != 0) as u8 as f32
}

/// Memory that is reused from sentence to sentence.
#[derive(Debug, Default)]
pub struct Scratch {
    known: FxHashMap<(u8, u64), Group>,
}

/// What is known of likelier proposals that share something.
#[derive(Debug, Clone, Copy)]
struct Group {
    best: f32,
    first: usize,
    count: u32,
    /// Logit of the second.
    second: Option<f32>,
}

/// A sentence whose proposals are measured.
#[derive(Debug, Clone, Copy)]
pub struct Sentence<'a> {
    /// The sites of the sentence.
    pub sites: &'a [Site],
    /// Number of the first of them in the document.
    pub first_site: usize,
    /// Tokens.
    pub range: (u32, u32),
    pub number: usize,
}

/// One row for each of the proposals of a sentence that `ranked` names, with their logits, the likeliest first.
pub fn rows(
    view: &View,
    sentence: Sentence,
    proposals: &[Proposal],
    ranked: &[(f32, usize)],
    salience: &Salience,
    scratch: &mut Scratch,
    out: &mut Vec<Row>,
) {
    out.clear();
    for &(logit, index) in ranked {
        let mut row = [0.0; Measure::ALL.len()];
        let proposal = &proposals[index];
        let site = &sentence.sites[proposal.site as usize - sentence.first_site];
        trigger(view, site, proposal, &mut row);
        end(view, sentence.sites, site, &proposal.source, salience, Measure::SourcePlace as usize, &mut row);
        end(view, sentence.sites, site, &proposal.target, salience, Measure::TargetPlace as usize, &mut row);
        pair(view, site, proposal, &mut row);
        around(view, &sentence, site, proposal, &mut row);
        row[Measure::Logit as usize] = logit;
        row[Measure::Length as usize] = (sentence.range.1 - sentence.range.0) as f32;
        row[Measure::Sites as usize] = sentence.sites.len() as f32;
        row[Measure::Sentence as usize] = sentence.number as f32;
        out.push(row);
    }
    among(view, proposals, ranked, &mut scratch.known, out);
}

/// How proposals stand among the likelier ones of their sentence.
fn among(
    view: &View,
    proposals: &[Proposal],
    ranked: &[(f32, usize)],
    known: &mut FxHashMap<(u8, u64), Group>,
    rows: &mut [Row],
) {
    use Measure::*;
    /// A logit below that of any pair kept.
    const NONE: f32 = -9.0;
    known.clear();
    let key = |actor: Actor, site: u32| match actor {
        Actor::Mention(index) => index as u64,
        Actor::Implicit => 1 << 31 | site as u64,
    };
    let most = ranked.first().map_or(0.0, |r| r.0);
    for (rank, (&(logit, index), row)) in ranked.iter().zip(rows.iter_mut()).enumerate() {
        let this = &proposals[index];
        let (s, t) = (key(this.source.actor, this.site), key(this.target.actor, this.site));
        let groups = [
            (0, (this.site as u64) << 8 | this.family.0 as u64, BehindFamily, LikelierOfFamily),
            (1, this.site as u64, BehindTrigger, LikelierOfTrigger),
            (2, s.min(t) << 32 | s.max(t), BehindActors, LikelierOfActors),
        ];
        for (kind, value, behind, likelier) in groups {
            match known.get_mut(&(kind, value)) {
                Some(group) => {
                    row[behind as usize] = logit - group.best;
                    row[likelier as usize] = group.count as f32;
                    group.count += 1;
                    if kind == 0 {
                        row[Shared as usize] = shared(view, &proposals[ranked[group.first].1], this);
                        group.second.get_or_insert(logit);
                    }
                }
                None => {
                    row[behind as usize] = 2.0;
                    known.insert((kind, value), Group { best: logit, first: rank, count: 1, second: None });
                }
            }
        }
        row[BehindSentence as usize] = logit - most;
        row[LikelierInSentence as usize] = rank as f32;
        let roles = [
            (3, s, SourceElsewhere),
            (4, t, TargetElsewhere),
            (4, s, SourceAsTargetElsewhere),
            (3, t, TargetAsSourceElsewhere),
        ];
        for (kind, value, measure) in roles {
            row[measure as usize] = known.get(&(kind, value)).map_or(NONE, |k| k.best);
        }
        for (kind, value) in [(3, s), (4, t)] {
            known.entry((kind, value)).or_insert(Group { best: logit, first: rank, count: 1, second: None });
        }
    }
    for ((kind, _), group) in known.iter() {
        if *kind == 0 {
            rows[group.first][Lead as usize] = group.best - group.second.unwrap_or(NONE);
        }
    }
}

/// What a pair shares with the best one of its trigger and family, in one number.
fn shared(view: &View, best: &Proposal, this: &Proposal) -> f32 {
    let overlap = |a: Actor, b: Actor| match (view.mention(a), view.mention(b)) {
        (Some(a), Some(b)) => a.first < b.last && b.first < a.last || a.resolved == b.resolved,
        _ => false,
    };
    let (s, t) = (this.source.actor, this.target.actor);
    let (best_s, best_t) = (best.source.actor, best.target.actor);
    let one = |kept: bool, joined: bool, part: bool| match (kept, joined, part) {
        (false, ..) => None,
        (_, true, _) => Some(1.0),
        (.., true) => Some(2.0),
        _ => Some(3.0),
    };
    one(s == best_s, view.joined(t, best_t), overlap(t, best_t))
        .or_else(|| one(t == best_t, view.joined(s, best_s), overlap(s, best_s)).map(|v| v + 3.0))
        .unwrap_or(if s == best_t && t == best_s {
            7.0
        } else if overlap(s, best_s) && overlap(t, best_t) {
            8.0
        } else if overlap(s, best_s) || overlap(t, best_t) {
            9.0
        } else {
            10.0
        })
}

fn trigger(view: &View, site: &Site, proposal: &Proposal, row: &mut Row) {
    use Measure::*;
    let mut set = |m: Measure, value: f32| row[m as usize] = value;
    let trigger = &view.triggers[site.begin as usize];
    let (mut known, mut all) = (0, 0u64);
    for trigger in view.triggers_of(site) {
        let families = view.lexicon.entry(trigger.entry).families;
        all |= families.0;
        if families.contains(proposal.family) {
            known = known.max(if families.len() == 1 { 2 } else { 1 });
        }
    }
    set(Relation, logit(proposal.relation_probability));
    set(Family, logit(proposal.family_probability));
    set(FamilyRank, proposal.family_rank as f32);
    set(Symmetric, view.groups[proposal.family.0 as usize] as f32);
    set(Known, known as f32);
    set(KnownFamilies, all.count_ones() as f32);
    set(Part, trigger.part as u8 as f32);
    set(Voice, trigger.voice as u8 as f32);
    set(TriggerForm, trigger.definite as u8 as f32 + 2.0 * trigger.carries_suffix as u8 as f32);
    set(Frequency, view.facts[site.head as usize].frequency as f32);
    set(Source, logit(proposal.source.probability));
    set(Target, logit(proposal.target.probability));
    set(SourceAsTarget, logit(proposal.source.other));
    set(TargetAsSource, logit(proposal.target.other));
    set(SourceRank, proposal.source.rank as f32);
    set(TargetRank, proposal.target.rank as f32);
    set(Product, product(proposal));
    set(Standing, proposal.standing as u8 as f32);
    set(Rivals, proposal.rivals as f32);
    set(Rule, proposal.rule.map_or(0.0, |r| 1.0 + r.0 as f32));
    let foreseen = proposal.source.position.foreseen & 1 | proposal.target.position.foreseen & 2;
    set(Foreseen, foreseen as f32);
    set(Actors, proposal.actors as f32);
}

/// One end, its measures from the number `base` on.
fn end(view: &View, sites: &[Site], site: &Site, end: &End, salience: &Salience, base: usize, row: &mut Row) {
    let position = &end.position;
    let (low, high) = match view.mention(end.actor) {
        Some(m) if m.first >= site.last => (site.last, m.first),
        Some(m) if m.last <= site.first => (m.last, site.first),
        _ => (0, 0),
    };
    let until = |token: u32| sites.partition_point(|s| s.first < token);
    let between = until(high).saturating_sub(until(low));
    let mention = view.mention(end.actor);
    let count = match end.actor {
        Actor::Mention(index) => salience.counts[index as usize],
        Actor::Implicit => 0,
    };
    let values = [
        position.place as u8 as f32,
        position.distance as f32,
        position.mentions as f32,
        position.clauses as f32,
        position.marks as f32,
        preposition(view, position.preposition),
        position.coordinated as u8 as f32,
        between as f32,
        view.coarse_kind(end.actor) as f32,
        mention.map_or(9.0, |m| m.form as u8 as f32),
        mention.map_or(0.0, |m| m.confidence),
        view.agreement(site, end.actor) as f32,
        count as f32,
    ];
    row[base..base + values.len()].copy_from_slice(&values);
}

fn pair(view: &View, site: &Site, proposal: &Proposal, row: &mut Row) {
    use Measure::*;
    let (source, target) = (proposal.source.actor, proposal.target.actor);
    let heads = (view.head(site, source), view.head(site, target));
    let order =
        (heads.0 < site.head) as u8 | ((heads.1 < site.head) as u8) << 1 | ((heads.0 < heads.1) as u8) << 2;
    let (low, high) = (heads.0.min(heads.1), heads.0.max(heads.1));
    let mut set = |m: Measure, value: f32| row[m as usize] = value;
    set(Order, order as f32);
    set(PairDistance, (high - low) as f32);
    let (mentions, clauses) = view.counts.between(low, high);
    set(PairMentions, mentions as f32);
    set(PairClauses, clauses as f32);
    set(PairJoined, view.joined(source, target) as u8 as f32);
    if let (Some(s), Some(t)) = (view.mention(source), view.mention(target)) {
        set(PairOverlap, (s.first < t.last && t.first < s.last) as u8 as f32);
        set(
            PairSame,
            (s.resolved == t.resolved) as u8 as f32
                + 2.0 * (s.form == Form::Named && t.form == Form::Named) as u8 as f32,
        );
    }
}

/// What source and target are, where they stand in the sentence, and which other triggers could claim them.
fn around(view: &View, sentence: &Sentence, site: &Site, proposal: &Proposal, row: &mut Row) {
    use Measure::*;
    let until = |token: u32| sentence.sites.partition_point(|s| s.head < token);
    let mut set = |m: Measure, value: f32| row[m as usize] = value;
    let ends = [
        (proposal.source.actor, SourceSort, SourceNearer, SourceStart),
        (proposal.target.actor, TargetSort, TargetNearer, TargetStart),
    ];
    for (actor, sort, nearer, start) in ends {
        let head = view.head(site, actor);
        let distance = head.abs_diff(site.head);
        set(sort, view.sort(actor) as u8 as f32);
        set(nearer, until(head + distance).saturating_sub(until((head + 1).saturating_sub(distance))) as f32);
        set(start, head.saturating_sub(sentence.range.0) as f32);
    }
    const FAR: u32 = 30;
    let here = until(site.head);
    let before = here.checked_sub(1).and_then(|i| sentence.sites.get(i));
    let behind = sentence.sites[here..].iter().find(|s| s.head > site.head);
    set(GapBefore, before.map_or(FAR, |s| site.head.abs_diff(s.head).min(FAR)) as f32);
    set(GapBehind, behind.map_or(FAR, |s| s.head.abs_diff(site.head).min(FAR)) as f32);
}

const _: () = assert!(Measure::SourceCount as usize + 1 == Measure::TargetPlace as usize);
const _: () = assert!(Measure::TargetPlace as usize - Measure::SourcePlace as usize == 13);

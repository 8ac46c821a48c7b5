//! The features of the three models: which family a trigger expresses, which role an actor plays, and whether a pair
//! holds.
//!
//! Each feature is a [`Template`] with up to three values: hashes of words and small numbers. A [`Sink`] takes them:
//! [`Features`] for scoring, [`Named`] for explaining.

use super::Proposal;
use super::sentence::{Actor, Place, Position, Site, View};
use crate::loglinear::Features;
use crate::mention::grammar::{Fact, WordClass, hash};
use crate::mention::{Form, Mention};
use crate::relation::family::FamilyId;

/// Takes features.
pub trait Sink {
    /// Take one feature.
    fn put(&mut self, template: Template, values: [u64; 3]);
}

impl Sink for Features {
    #[inline]
    fn put(&mut self, template: Template, values: [u64; 3]) {
        let mixed = values
            .iter()
            .fold(0u64, |mixed, value| (mixed.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        self.add_number(template as u32, mixed);
    }
}

/// Hands on the features of some templates: what many examples share is summed once for all of them.
pub struct Only<'s, S, F> {
    pub sink: &'s mut S,
    pub keep: F,
}

impl<S: Sink, F: Fn(Template) -> bool> Sink for Only<'_, S, F> {
    // The template is known where the feature is put: a feature that is not kept leaves no trace in the code.
    #[inline(always)]
    fn put(&mut self, template: Template, values: [u64; 3]) {
        if (self.keep)(template) {
            self.sink.put(template, values);
        }
    }
}

/// Collects features with their templates, for explanations.
#[derive(Debug, Default, Clone)]
pub struct Named {
    pub features: Vec<(Template, [u64; 3])>,
}

impl Sink for Named {
    fn put(&mut self, template: Template, values: [u64; 3]) {
        self.features.push((template, values));
    }
}

macro_rules! templates {
    ($($name:ident $text:literal,)*) => {
        /// What a feature looks at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum Template { $(#[doc = $text] $name,)* }

        impl Template {
            /// A name for people.
            pub fn name(self) -> &'static str {
                match self { $(Template::$name => $text,)* }
            }
        }
    };
}

templates! {
    Bias "bias",
    Lemma "trigger lemma",
    LexiconFamily "family in the lexicon",
    LexiconCertain "only family in the lexicon",
    LemmaPart "lemma and part of speech",
    FamilyPart "lexicon family and part of speech",
    TriggerWord "trigger word",
    TriggerSkeleton "trigger consonants",
    PreviousWord "word before the trigger",
    NextWord "word behind the trigger",
    SecondNextWord "second word behind the trigger",
    SecondPreviousWord "second word before the trigger",
    LemmaNext "lemma and next word",
    LemmaPrevious "lemma and word before",
    LemmaPreposition "lemma and next preposition",
    NearestBefore "nearest actor before",
    NearestAfter "nearest actor behind",
    FamilyNearestBefore "lexicon family and nearest actor before",
    FamilyNearestAfter "lexicon family and nearest actor behind",
    BothNearest "nearest actors on both sides",
    LemmaBothNearest "lemma and nearest actors on both sides",
    TriggerForm "article, suffix and proclitics of the trigger",
    FamilyForm "lexicon family and form of the trigger",
    InsidePhrase "the trigger stands in an actor's phrase",
    LemmaInsidePhrase "lemma in an actor's phrase",
    Around "word near the trigger",
    FamilyAround "lexicon family and word near the trigger",
    ActorCount "number of actors in the sentence",
    FrameTarget "actor where the lexicon foresees the target",
    FrameSource "actor where the lexicon foresees the source",
    FrameBoth "actors where the lexicon foresees source and target",
    FramePart "foreseen actors and part of speech",
    FrameGroup "foreseen actors and kind of family",
    FrameFamily "foreseen actors and lexicon family",
    FrameLemma "foreseen actors and lemma",
    Frequency "frequency of the trigger word",
    FrequencyFrame "frequency of the trigger word and foreseen actors",
    GroupPart "kind of family and part of speech",
    GroupNearest "kind of family and nearest actors",
    WordNearActor "trigger word beside an actor",
    RoleTemplate "family, shape of the trigger and place",
    RoleGroupTemplate "kind of family, shape of the trigger and place",
    RoleGroupPlace "kind of family, place, foreseen by the lexicon",
    RoleGroupKind "kind of family, kind of actor and place",
    RoleGroupPreposition "kind of family and preposition",
    RoleShape "shape of the trigger and place",
    RoleForeseen "place foreseen by the lexicon",
    RoleForeseenFamily "family and place foreseen by the lexicon",
    RoleForeseenPlace "place, shape, foreseen by the lexicon",
    RoleLemma "lemma and place",
    RoleLemmaPreposition "lemma and preposition",
    RoleFamilyPreposition "family and preposition",
    RoleFamilyKind "family and kind of actor",
    RoleKind "kind of actor",
    RoleKindPlace "kind of actor and place",
    RoleDistance "distance and side",
    RoleDistanceFamily "family, distance and side",
    RoleMentions "actors between",
    RoleMentionsKind "actors between and kind",
    RoleClauses "clauses between",
    RoleMarks "punctuation between",
    RoleHead "head noun of the actor",
    RoleHeadFamily "family and head noun",
    RoleWordBefore "word before the actor",
    RoleWordBeforeFamily "family and word before the actor",
    RoleWordAfter "word behind the actor",
    RolePath "words between",
    RolePathFamily "family and words between",
    RolePathClasses "classes of the words between",
    RoleCoordinated "joined by and",
    RoleAgreement "agreement of verb and actor",
    RoleNearest "nearest of its kind on its side",
    RoleSuffix "suffix on trigger",
    RoleOpens "opens the sentence",
    RoleSpeaker "actor speaks",
    RoleEntity "named in the document",
    RoleBefore "kind of word before the actor and place",
    RoleAfter "kind of word behind the actor and place",
    RoleAroundActor "kinds of words around the actor",
    RoleTriggers "triggers between and place",
    RoleAdjective "adjective of nationality behind a noun",
    RoleCluster "cluster of the actor's head",
    NextKind "kind of the next word",
    PreviousKind "kind of the word before",
    KindsAround "kinds of words around the trigger",
    NextCluster "cluster of the next word",
    PreviousCluster "cluster of the word before",
    WordCluster "cluster of the trigger word",
    PairFamily "family",
    PairFamilyScore "family and its probability",
    PairSource "probability of the source",
    PairTarget "probability of the target",
    PairProduct "joint probability",
    PairProductFamily "family and joint probability",
    PairRanks "ranks of source and target",
    PairKinds "kinds of source and target",
    PairKindsFamily "family and kinds",
    PairPlaces "places of source and target",
    PairPlacesFamily "family and places",
    PairPlacesShape "places and shape of the trigger",
    PairOrder "order of source, trigger and target",
    PairDistance "distance between source and target",
    PairBetween "actors between source and target",
    PairSame "source and target are the same",
    PairCoordinated "source and target joined by and",
    PairOverlap "source and target overlap",
    PairForms "forms of source and target",
    PairLemma "lemma",
    PairLemmaPlaces "lemma and places",
    PairSites "other triggers of the family near",
    PairConfidence "resolution of source and target",
    PairRule "rule",
    PairRuleFamily "rule and family",
    PairRuleCertain "rule with the likeliest pair",
    PairNested "nested phrase",
    PairTop "standing towards the likeliest pair",
    PairTopFamily "family and standing towards the likeliest pair",
    PairFamilyRank "rank of the family",
    PairLexicon "family in the lexicon and its probability",
    PairLemmaFamily "lemma and family",
    PairForeseen "both places foreseen by the lexicon",
    PairGroupForeseen "kind of family and places foreseen by the lexicon",
    PairGroupPlaces "kind of family, places and shape of the trigger",
    PairGroupKinds "kind of family and kinds of actors",
    PairGroupProduct "kind of family and joint probability",
    PairGroupTop "kind of family and standing towards the likeliest pair",
    PairForeseenFamily "family and both places foreseen by the lexicon",
    PairClauses "clauses between trigger and actors",
    PairMarks "punctuation between trigger and actors",
    PairPrepositions "prepositions of source and target",
    PairSourceHead "family and head of the source",
    PairTargetHead "family and head of the target",
    PairNextWord "family and word behind the trigger",
    PairPreviousWord "family and word before the trigger",
    PairTriggerForm "family and form of the trigger",
    PairExtent "extent of trigger and actors",
    PairActors "number of actors and family",
    FrameSorts "what source and target are, where the lexicon foresees them",
    FrameSortsFamily "lexicon family and what source and target are",
    SortBefore "what the nearest actor before is",
    SortAfter "what the nearest actor behind is",
    RoleSort "family and what the actor is",
    PairSorts "family and what source and target are",
}

impl Template {
    /// A feature of [`role`] that is the same for all families of a site. To leave one out costs time and is no error.
    #[inline(always)]
    pub fn is_of_any_family(self) -> bool {
        use Template::*;
        matches!(
            self,
            Bias | RoleShape
                | RoleForeseen
                | RoleForeseenPlace
                | RoleLemma
                | RoleLemmaPreposition
                | RoleKind
                | RoleDistance
                | RoleMentions
                | RoleMentionsKind
                | RoleClauses
                | RoleMarks
                | RoleHead
                | RoleWordBefore
                | RoleWordAfter
                | RolePath
                | RoleAfter
                | RoleAroundActor
                | RoleAdjective
                | RoleCoordinated
                | RoleAgreement
        )
    }

    /// A feature of [`pair`] that is the same for all pairs of a site and family. To leave one out costs time and is
    /// no error.
    #[inline(always)]
    pub fn is_of_any_pair(self) -> bool {
        use Template::*;
        matches!(
            self,
            Bias | PairFamily
                | PairFamilyScore
                | PairLemma
                | PairSites
                | PairFamilyRank
                | PairLexicon
                | PairLemmaFamily
                | PairNextWord
                | PairPreviousWord
                | PairTriggerForm
                | PairActors
        )
    }
}

/// A distance in few steps.
#[inline]
pub fn step(distance: u32) -> u64 {
    match distance {
        0..=4 => distance as u64,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        _ => 9,
    }
}

/// A probability in steps of its logit.
#[inline]
pub fn level(probability: f32) -> u64 {
    let p = probability.clamp(1e-4, 1.0 - 1e-4);
    let logit = (p / (1.0 - p)).ln();
    ((logit + 6.0) * 1.25).clamp(0.0, 15.0) as u64
}

fn word(facts: &[Fact], index: Option<usize>) -> u64 {
    index.and_then(|i| facts.get(i)).map_or(0, |fact| fact.word)
}

/// The lexicon's lemmas of a site, hashed; the consonants of the word where it has none.
fn lemmas<'a>(view: &'a View, site: &Site) -> impl Iterator<Item = u64> + 'a {
    view.triggers_of(site).iter().map(|t| view.lemma_hashes[t.entry as usize])
}

/// The first lemma of a site.
pub fn lemma(view: &View, site: &Site) -> u64 {
    lemmas(view, site).next().unwrap_or(0)
}

/// What tells the family that `site` expresses, if any.
pub fn family(view: &View, site: &Site, range: (u32, u32), near: &Near, sink: &mut impl Sink) {
    use Template::*;
    let facts = view.facts;
    let head = site.head as usize;
    let fact = &facts[head];
    let (first, last) = (site.first as usize, site.last as usize);
    let previous = first.checked_sub(1).filter(|&i| i >= range.0 as usize);
    let next = Some(last).filter(|&i| i < range.1 as usize);
    let (previous_word, next_word) = (word(facts, previous), word(facts, next));
    let trigger = &view.triggers[site.begin as usize];
    let form = trigger.definite as u64
        | (trigger.carries_suffix as u64) << 1
        | (fact.conjoined as u64) << 2
        | (fact.preposition.map_or(0, |c| c as u64)) << 3
        | (trigger.part as u64) << 16;
    sink.put(Bias, [0; 3]);
    sink.put(TriggerWord, [fact.word, 0, 0]);
    sink.put(TriggerSkeleton, [fact.skeleton, 0, 0]);
    sink.put(PreviousWord, [previous_word, 0, 0]);
    sink.put(NextWord, [next_word, 0, 0]);
    sink.put(SecondNextWord, [word(facts, next.map(|i| i + 1)), 0, 0]);
    sink.put(SecondPreviousWord, [word(facts, previous.and_then(|i| i.checked_sub(1))), 0, 0]);
    sink.put(TriggerForm, [form, 0, 0]);
    let preposition = next_preposition(view, last, range.1 as usize);
    for lemma in lemmas(view, site) {
        sink.put(Lemma, [lemma, 0, 0]);
        sink.put(LemmaPart, [lemma, trigger.part as u64, 0]);
        sink.put(LemmaNext, [lemma, next_word, 0]);
        sink.put(LemmaPrevious, [lemma, previous_word, 0]);
        sink.put(LemmaPreposition, [lemma, preposition, 0]);
        sink.put(LemmaBothNearest, [lemma, near.before_kind, near.after_kind]);
        sink.put(LemmaInsidePhrase, [lemma, near.inside, 0]);
    }
    sink.put(NearestBefore, [near.before_kind, near.before_distance, 0]);
    sink.put(NearestAfter, [near.after_kind, near.after_distance, 0]);
    sink.put(BothNearest, [near.before_kind, near.after_kind, 0]);
    sink.put(InsidePhrase, [near.inside, trigger.part as u64, 0]);
    sink.put(ActorCount, [near.count.min(6), 0, 0]);
    sink.put(WordNearActor, [fact.skeleton, near.before_kind, near.after_kind]);
    let kinds_around = [view.class_of(previous), view.class_of(next), view.class_of(next.map(|i| i + 1))];
    let trigger_part = trigger.part as u64;
    sink.put(PreviousKind, [kinds_around[0], trigger_part, 0]);
    sink.put(NextKind, [kinds_around[1], trigger_part, 0]);
    sink.put(NextKind, [kinds_around[1], kinds_around[2], 1 + trigger_part]);
    sink.put(KindsAround, [kinds_around[0], kinds_around[1], trigger_part]);
    sink.put(KindsAround, [lemma(view, site), kinds_around[1], 99]);
    let frame = (near.source_distance.min(6) << 4 | near.target_distance.min(6)) + 1;
    let kinds = near.source_kind << 4 | near.target_kind;
    let part = trigger.part as u64;
    sink.put(FrameTarget, [near.target_kind, near.target_distance, 0]);
    sink.put(FrameSource, [near.source_kind, near.source_distance, 0]);
    sink.put(FrameBoth, [kinds, frame, 0]);
    sink.put(FrameBoth, [kinds, 0, 1]);
    sink.put(FramePart, [frame, part, 0]);
    sink.put(FramePart, [kinds, part, 1]);
    sink.put(FrameLemma, [kinds, lemma(view, site), 0]);
    let sorts = near.source_sort << 8 | near.target_sort;
    sink.put(FrameSorts, [sorts, 0, 0]);
    sink.put(FrameSorts, [near.target_sort, lemma(view, site), 1]);
    sink.put(SortBefore, [near.before_sort, lemma(view, site), 0]);
    sink.put(SortAfter, [near.after_sort, lemma(view, site), 0]);
    let clusters = |index: Option<usize>| index.and_then(|i| facts.get(i)).map_or([0; 3], |f| f.clusters);
    sink.put(WordCluster, [fact.clusters[0] as u64, part, 0]);
    sink.put(WordCluster, [fact.clusters[1] as u64, part, 1]);
    let (left, right) = (clusters(previous), clusters(next));
    sink.put(PreviousCluster, [left[0] as u64, 0, 0]);
    sink.put(NextCluster, [right[0] as u64, 0, 0]);
    sink.put(PreviousCluster, [left[1] as u64, lemma(view, site), 1]);
    sink.put(NextCluster, [right[1] as u64, lemma(view, site), 1]);
    let second = clusters(next.map(|i| i + 1));
    sink.put(NextCluster, [right[1] as u64, second[1] as u64, 2]);
    let frequency = fact.frequency as u64 / 3;
    sink.put(Frequency, [frequency, part, 0]);
    sink.put(FrequencyFrame, [frequency, frame, 0]);
    let mut set = 0u64;
    for trigger in view.triggers_of(site) {
        set |= view.lexicon.entry(trigger.entry).families.0;
    }
    let certain = set.count_ones() == 1;
    for family in 0..64u64 {
        if set >> family & 1 == 0 {
            continue;
        }
        sink.put(LexiconFamily, [family, 0, 0]);
        if certain {
            sink.put(LexiconCertain, [family, 0, 0]);
        }
        let group = view.groups[family as usize];
        sink.put(GroupPart, [group, part, certain as u64]);
        sink.put(GroupNearest, [group, near.before_kind, near.after_kind]);
        sink.put(FrameGroup, [frame, group, part]);
        sink.put(FrameGroup, [kinds, group, 99]);
        sink.put(FrameFamily, [frame, family, 0]);
        sink.put(FrameFamily, [kinds, family, 1]);
        sink.put(FrameSortsFamily, [sorts, family, 0]);
        sink.put(FrameSortsFamily, [near.target_sort, family, 1]);
        sink.put(SortBefore, [near.before_sort, family, 1]);
        sink.put(SortAfter, [near.after_sort, family, 1]);
        sink.put(FamilyPart, [family, trigger.part as u64, 0]);
        sink.put(FamilyForm, [family, form, 0]);
        sink.put(FamilyNearestBefore, [family, near.before_kind, near.before_distance]);
        sink.put(FamilyNearestAfter, [family, near.after_kind, near.after_distance]);
    }
    let from = first.saturating_sub(5).max(range.0 as usize);
    for fact in facts.iter().take((last + 5).min(range.1 as usize)).skip(from) {
        if fact.class == WordClass::Content {
            sink.put(Around, [fact.skeleton, 0, 0]);
            if certain {
                sink.put(FamilyAround, [fact.skeleton, set, 0]);
            }
        }
    }
}

/// The nearest preposition within three words behind `last`.
fn next_preposition(view: &View, last: usize, end: usize) -> u64 {
    for index in last..(last + 3).min(end) {
        let fact = &view.facts[index];
        if let Some(letter) = fact.preposition {
            return letter as u64;
        }
        if fact.class == WordClass::Preposition {
            return hash(view.document.stem(index));
        }
    }
    0
}

/// The actors nearest to a site.
#[derive(Debug, Clone, Copy, Default)]
pub struct Near {
    pub before_kind: u64,
    pub before_sort: u64,
    pub after_sort: u64,
    pub target_sort: u64,
    pub source_sort: u64,
    pub before_distance: u64,
    pub after_kind: u64,
    pub after_distance: u64,
    /// 0 outside of phrases, 1 at the head of one, 2 inside.
    pub inside: u64,
    pub count: u64,
    /// The nearest actor where the lexicon foresees the target, and the source: coarse kind, steps away plus 1; 0 for
    /// none.
    pub target_kind: u64,
    pub target_distance: u64,
    pub source_kind: u64,
    pub source_distance: u64,
}

impl Near {
    /// Look at the sentence's actors around `site`, with their places seen from it.
    pub fn new(view: &View, site: &Site, actors: &[Placed]) -> Near {
        let mut near = Near::default();
        let (mut before, mut after) = (u32::MAX, u32::MAX);
        for Placed { actor, position } in actors {
            let actor = *actor;
            let foreseen = position.foreseen;
            let distance = step(position.distance + 2 * position.clauses) + 1;
            if foreseen & 1 != 0 && (near.source_distance == 0 || distance < near.source_distance) {
                near.source_distance = distance;
                near.source_kind = view.coarse_kind(actor);
                near.source_sort = 1 + view.sort(actor) as u64;
            }
            if foreseen & 2 != 0 && (near.target_distance == 0 || distance < near.target_distance) {
                near.target_distance = distance;
                near.target_kind = view.coarse_kind(actor);
                near.target_sort = 1 + view.sort(actor) as u64;
            }
            let Some(mention) = view.mention(actor) else { continue };
            near.count += (mention.form != Form::Pronoun) as u64;
            if mention.last <= site.first && site.first - mention.last < before {
                before = site.first - mention.last;
                near.before_kind = view.kind(actor);
                near.before_sort = 1 + view.sort(actor) as u64;
                near.before_distance = step(before);
            } else if mention.first >= site.last && mention.first - site.last < after {
                after = mention.first - site.last;
                near.after_kind = view.kind(actor);
                near.after_sort = 1 + view.sort(actor) as u64;
                near.after_distance = step(after);
            } else if mention.first <= site.first
                && site.last <= mention.last
                && mention.form != Form::Pronoun
            {
                near.inside = if mention.head == site.head { 1 } else { 2 };
            }
        }
        near
    }
}

/// What tells the role that `actor` plays for `site` if it expresses `family`.
pub fn role(
    view: &View,
    site: &Site,
    (family, group): (FamilyId, u64),
    actor: Actor,
    position: &Position,
    range: (u32, u32),
    sink: &mut impl Sink,
) {
    use Template::*;
    let f = family.0 as u64 + 1;
    let place = position.place as u64;
    let shape = view.shape(site);
    let kind = view.kind(actor);
    let lemma = lemma(view, site);
    let head = view.head(site, actor) as usize;
    let fact = &view.facts[head];
    let (first, last) = view.mention(actor).map_or((site.first, site.last), |m: &Mention| (m.first, m.last));
    let before = first > range.0 && last <= site.first || first <= site.first;
    let side = before as u64;
    let foreseen = position.foreseen;
    sink.put(Bias, [1, 0, 0]);
    sink.put(RoleTemplate, [f, shape, place]);
    sink.put(RoleShape, [shape, place, 0]);
    sink.put(RoleGroupTemplate, [group, shape, place]);
    sink.put(RoleGroupPlace, [group, place, foreseen]);
    sink.put(RoleGroupKind, [group, kind, place]);
    sink.put(RoleGroupPreposition, [group, position.preposition, side | shape << 1]);
    sink.put(RoleForeseen, [foreseen, 0, 0]);
    sink.put(RoleForeseenFamily, [foreseen, f, 0]);
    sink.put(RoleForeseenPlace, [foreseen, place, shape]);
    sink.put(RoleLemma, [lemma, place, shape]);
    sink.put(RoleLemmaPreposition, [lemma, position.preposition, side]);
    sink.put(RoleFamilyPreposition, [f, position.preposition, side | shape << 1]);
    sink.put(RoleFamilyKind, [f, kind, 0]);
    sink.put(RoleKind, [kind, 0, 0]);
    sink.put(RoleKindPlace, [kind, place, f]);
    let distance = step(position.distance);
    sink.put(RoleDistance, [distance, side, 0]);
    sink.put(RoleDistanceFamily, [distance, side, f]);
    sink.put(RoleMentions, [position.mentions.min(4) as u64, side, shape]);
    sink.put(RoleMentionsKind, [position.mentions.min(4) as u64, side, kind]);
    sink.put(RoleClauses, [position.clauses.min(3) as u64, side, place]);
    sink.put(RoleMarks, [position.marks.min(3) as u64, side, 0]);
    sink.put(RoleHead, [fact.word, 0, 0]);
    sink.put(RoleHeadFamily, [fact.skeleton, f, 0]);
    let sort = view.sort(actor) as u64;
    sink.put(RoleSort, [sort, f, 0]);
    sink.put(RoleSort, [sort, group, place << 1 | 1]);
    sink.put(RoleSort, [sort, lemma, 1 << 16]);
    sink.put(RoleCluster, [fact.clusters[0] as u64, f, 0]);
    sink.put(RoleCluster, [fact.clusters[1] as u64, group, place]);
    let previous = first.checked_sub(1).filter(|&i| i >= range.0).map(|i| i as usize);
    let next = Some(last as usize).filter(|&i| i < range.1 as usize);
    sink.put(RoleWordBefore, [word(view.facts, previous), side, 0]);
    sink.put(RoleWordBeforeFamily, [word(view.facts, previous), side, f]);
    sink.put(RoleWordAfter, [word(view.facts, next), side, 0]);
    if !matches!(position.place, Place::Suffix | Place::Implicit | Place::Around) {
        let (from, to) = if first >= site.last { (site.last, first) } else { (last, site.first) };
        if position.distance <= 4 {
            let path = (from..to).fold(side, |path, i| path.rotate_left(7) ^ view.facts[i as usize].word);
            sink.put(RolePath, [path, lemma, 0]);
            sink.put(RolePathFamily, [path, f, shape]);
        }
        if position.distance <= 8 {
            let classes = (from..to).fold(side + 1, |path, i| {
                let fact = &view.facts[i as usize];
                let class = if fact.entity != 0 { 20 } else { fact.class as u64 + 30 * fact.definite as u64 };
                path.wrapping_mul(97) ^ class
            });
            sink.put(RolePathClasses, [classes, f, 0]);
        }
    }
    let (before_class, after_class) = (view.class_of(previous), view.class_of(next));
    let coarse = view.coarse_kind(actor);
    sink.put(RoleBefore, [before_class, place, 0]);
    sink.put(RoleBefore, [before_class, side, 1 + f]);
    sink.put(RoleBefore, [before_class, coarse | side << 8, 100]);
    sink.put(RoleAfter, [after_class, place, 0]);
    sink.put(RoleAfter, [after_class, coarse | side << 8, 100]);
    sink.put(RoleAroundActor, [before_class, after_class, place]);
    let (low, high) = if first >= site.last { (site.last, first) } else { (last, site.first) };
    let (verbs, nouns) = view.counts.triggers_between(low, high);
    let between = verbs.min(3) as u64 | (nouns.min(3) as u64) << 2;
    sink.put(RoleTriggers, [between, place, 0]);
    sink.put(RoleTriggers, [between, side, shape]);
    sink.put(RoleTriggers, [between, side, 100 + group]);
    if coarse == 6 {
        let behind = previous.is_some_and(|i| {
            let noun = &view.facts[i];
            noun.class == WordClass::Content && noun.definite == fact.definite
        });
        sink.put(RoleAdjective, [behind as u64, place, 0]);
        sink.put(RoleAdjective, [behind as u64, after_class, 1]);
    }
    sink.put(RoleCoordinated, [position.coordinated as u64, place, 0]);
    sink.put(RoleAgreement, [view.agreement(site, actor), place, 0]);
    if position.place == Place::Suffix {
        sink.put(RoleSuffix, [shape, f, 0]);
        sink.put(RoleSuffix, [shape, lemma, 1]);
    }
    if first == range.0 {
        sink.put(RoleOpens, [f, kind, 0]);
    }
    if previous.is_some_and(|i| view.facts[i].class == WordClass::Speech) {
        sink.put(RoleSpeaker, [f, place, 0]);
    }
    if let Some(mention) = view.mention(actor)
        && mention.form != Form::Named
    {
        sink.put(RoleEntity, [mention.entity.is_some() as u64, f, kind]);
    }
}

/// An actor with its place.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub actor: Actor,
    pub position: Position,
}

/// One end of a pair: its actor, its place, its probability and how many actors are likelier.
#[derive(Debug, Clone, Copy)]
pub struct End {
    pub actor: Actor,
    pub position: Position,
    pub probability: f32,
    /// Probability of the other role.
    pub other: f32,
    pub rank: u32,
}

/// What tells whether `family` holds from `source` to `target`.
pub fn pair(
    view: &View,
    site: &Site,
    proposal: &Proposal,
    group: u64,
    rule: Option<u64>,
    sink: &mut impl Sink,
) {
    use Template::*;
    let Proposal { family, family_probability, ref source, ref target, rivals, .. } = *proposal;
    let f = family.0 as u64 + 1;
    let shape = view.shape(site);
    let lemma = lemma(view, site);
    let places = (source.position.place as u64) << 8 | target.position.place as u64;
    let kinds = view.coarse_kind(source.actor) << 8 | view.coarse_kind(target.actor);
    let product = family_probability * source.probability * target.probability;
    let (source_head, target_head) = (view.head(site, source.actor), view.head(site, target.actor));
    sink.put(Bias, [2, 0, 0]);
    sink.put(PairFamily, [f, 0, 0]);
    sink.put(PairFamilyScore, [f, level(family_probability), 0]);
    sink.put(PairFamilyScore, [0, level(family_probability), 0]);
    sink.put(PairSource, [level(source.probability), 0, 0]);
    sink.put(PairTarget, [level(target.probability), 0, 0]);
    sink.put(PairProduct, [level(product), 0, 0]);
    sink.put(PairProduct, [level(product), level(family_probability), 1]);
    sink.put(PairProductFamily, [level(product), f, 0]);
    sink.put(PairRanks, [source.rank.min(3) as u64, target.rank.min(3) as u64, 0]);
    sink.put(PairKinds, [kinds, 0, 0]);
    sink.put(PairKindsFamily, [kinds, f, 0]);
    let sorts = (view.sort(source.actor) as u64) << 8 | view.sort(target.actor) as u64;
    sink.put(PairSorts, [sorts, f, 0]);
    sink.put(PairSorts, [sorts, group, 1]);
    sink.put(PairSorts, [sorts, lemma, 2]);
    sink.put(PairPlaces, [places, 0, 0]);
    sink.put(PairPlacesFamily, [places, f, 0]);
    sink.put(PairPlacesShape, [places, shape, 0]);
    sink.put(PairLemma, [lemma, 0, 0]);
    sink.put(PairLemmaPlaces, [lemma, places, 0]);
    let order = (source_head < site.head) as u64
        | ((target_head < site.head) as u64) << 1
        | ((source_head < target_head) as u64) << 2;
    sink.put(PairOrder, [order, f, shape]);
    let (low, high) = (source_head.min(target_head), source_head.max(target_head));
    sink.put(PairDistance, [step(high - low), order, 0]);
    let spans = [source.actor, target.actor].map(|a| view.mention(a));
    if let [Some(s), Some(t)] = spans {
        let same = s.resolved == t.resolved;
        sink.put(PairSame, [same as u64, (s.first == t.first) as u64, f * same as u64]);
        let overlap = s.first < t.last && t.first < s.last;
        sink.put(PairOverlap, [overlap as u64, f * overlap as u64, 0]);
        sink.put(PairForms, [s.form as u64, t.form as u64, f]);
        let level_of = |m: &Mention| (m.confidence * 4.0) as u64;
        sink.put(PairConfidence, [level_of(s), level_of(t), 0]);
        let (left, right) = if s.first <= t.first { (s, t) } else { (t, s) };
        let joined = right.first as usize == left.last as usize && view.facts[right.first as usize].conjoined;
        sink.put(PairCoordinated, [joined as u64, f, 0]);
        sink.put(PairNested, [(left.first <= right.first && right.last <= left.last) as u64, places, 0]);
    }
    sink.put(PairSites, [rivals.min(3), 0, 0]);
    let top = proposal.standing as u64;
    sink.put(PairTop, [top, level(product), 0]);
    sink.put(PairTop, [top, 99, shape]);
    sink.put(PairTopFamily, [top, f, 0]);
    sink.put(PairFamilyRank, [proposal.family_rank.min(3) as u64, level(family_probability), 0]);
    let mut known = 0;
    for trigger in view.triggers_of(site) {
        let families = view.lexicon.entry(trigger.entry).families;
        if families.contains(family) {
            known = known.max(if families.len() == 1 { 2 } else { 1 });
        }
    }
    sink.put(PairLexicon, [known, level(family_probability), 0]);
    sink.put(PairLexicon, [known, f, 77]);
    sink.put(PairLemmaFamily, [lemma, f, 0]);
    let foreseen = source.position.foreseen & 1 | target.position.foreseen & 2;
    sink.put(PairForeseen, [foreseen, shape, 0]);
    sink.put(PairGroupForeseen, [group, foreseen, known]);
    sink.put(PairGroupPlaces, [group, places, shape]);
    sink.put(PairGroupKinds, [group, kinds, 0]);
    sink.put(PairGroupProduct, [group, level(product), known]);
    sink.put(PairGroupTop, [group, top, 0]);
    sink.put(PairForeseenFamily, [foreseen, f, known]);
    let few = |n: u32| n.min(3) as u64;
    sink.put(PairClauses, [few(source.position.clauses), few(target.position.clauses), order]);
    sink.put(PairMarks, [few(source.position.marks), few(target.position.marks), order]);
    sink.put(PairPrepositions, [source.position.preposition, target.position.preposition, f]);
    sink.put(
        PairPrepositions,
        [source.position.preposition, target.position.preposition, shape << 8 | order],
    );
    sink.put(PairSourceHead, [view.facts[source_head as usize].word, f, 0]);
    sink.put(PairTargetHead, [view.facts[target_head as usize].word, f, 0]);
    sink.put(PairNextWord, [word(view.facts, Some(site.last as usize)), f, 0]);
    sink.put(PairPreviousWord, [word(view.facts, (site.first as usize).checked_sub(1)), f, 0]);
    let trigger = &view.triggers[site.begin as usize];
    let form = trigger.definite as u64 | (trigger.carries_suffix as u64) << 1 | (trigger.part as u64) << 2;
    sink.put(PairTriggerForm, [form, f, 0]);
    let extent = high.max(site.head) - low.min(site.head);
    sink.put(PairExtent, [step(extent), order, 0]);
    sink.put(PairActors, [proposal.actors.min(12) as u64 / 2, f, 0]);
    if let Some(rule) = rule {
        sink.put(PairRule, [rule, 0, 0]);
        sink.put(PairRuleFamily, [rule, f, 0]);
        sink.put(PairRuleCertain, [rule, source.rank.min(2) as u64, target.rank.min(2) as u64]);
    }
}

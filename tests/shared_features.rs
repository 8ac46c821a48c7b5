//! What binding sums once for several examples is the same for all of them.

use rawabit::entity;
use rawabit::lexicon::words::WordIds;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::mention::{self, grammar::Facts};
use rawabit::relation::argument::features::{self, Named, Only, Placed, Template};
use rawabit::relation::argument::{Proposal, Scratch, sentence};
use rawabit::relation::{self, family::FamilyId};
use rawabit::segment::Document;

const TEXT: &str = "اتهمت الحكومة الليبية تنظيم داعش بقصف مدينة سرت، وقال المتحدث باسم الجيش إن قواته هاجمت مواقعه. \
    والتقى وزير الخارجية التونسي خميس الجهيناوي في باريس نظيره الفرنسي، ودعمت قطر الجماعة التي تحاربها مصر.";

/// The features of some templates.
type Found = Vec<(Template, [u64; 3])>;

fn kept(keep: fn(Template) -> bool, put: impl FnOnce(&mut Only<Named, fn(Template) -> bool>)) -> Found {
    let mut named = Named::default();
    put(&mut Only { sink: &mut named, keep });
    named.features
}

#[test]
fn what_is_summed_once_is_the_same_for_all() {
    let (mut words, user) = (Words::default(), UserLexicon::default());
    let entities = entity::Finder::new(&mut words, &user).unwrap();
    let finder = mention::Finder::new(&mut words, &user).unwrap();
    let relations = relation::Finder::new(&mut words, &user).unwrap();
    let document = Document::new(TEXT);
    let (mut ids, mut facts) = (WordIds::default(), Facts::default());
    ids.update(&words, &document);
    let entities = entities.find(&document, &ids, None);
    facts.update(finder.grammar(), &document, &ids, &entities);
    let mentions = finder.find(&document, &ids, &entities);
    let (mut triggers, mut scratch) = (Vec::new(), Scratch::default());
    relations.triggers.find(&document, &ids, &mut triggers);
    sentence::sites(&triggers, &mut scratch.sites);
    scratch.counts.update(&facts.tokens, &entities, &mentions, &scratch.sites, &triggers);
    let (binder, counts) = (&relations.binder, scratch.counts.clone());
    let view = binder.view(&document, &facts.tokens, &mentions, &triggers, &relations.triggers, &counts);
    let (mut roles, mut pairs) = (0, 0);
    for sentence in &document.sentences {
        let range = (sentence.first, sentence.last);
        let begin = scratch.sites.partition_point(|site| site.first < sentence.first);
        let end = scratch.sites.partition_point(|site| site.first < sentence.last);
        let mut proposals: Vec<Proposal> = Vec::new();
        binder.propose(&view, range, begin..end, binder.models.as_ref(), &mut scratch, &mut proposals);
        for proposal in &proposals {
            let site = scratch.sites[proposal.site as usize];
            let placed = Placed { actor: proposal.source.actor, position: proposal.source.position };
            let role = |family: u8| {
                let group = binder.group(FamilyId(family));
                kept(Template::is_of_any_family, |sink| {
                    let Placed { actor, position } = &placed;
                    features::role(&view, &site, (FamilyId(family), group), *actor, position, range, sink);
                })
            };
            (1..20).for_each(|family| assert_eq!(role(family), role(0)));
            roles += role(0).len();
        }
        for two in proposals.windows(2) {
            if (two[0].site, two[0].family) == (two[1].site, two[1].family) {
                let site = scratch.sites[two[0].site as usize];
                let pair = |proposal: &Proposal| {
                    kept(Template::is_of_any_pair, |sink| binder.pair_features(&view, &site, proposal, sink))
                };
                assert_eq!(pair(&two[0]), pair(&two[1]));
                pairs += pair(&two[0]).len();
            }
        }
    }
    assert!(roles > 100 && pairs > 100, "{roles} {pairs}");
}

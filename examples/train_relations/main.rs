//! Trains the models of argument binding and measures them.
//!
//! ```text
//! train_relations coverage GOLD.jsonl…            what the mentions and triggers can reach at most
//! train_relations train TRAIN.jsonl -o MODEL [--test GOLD.jsonl]… [--entities engine [--taggers FOLDER]]
//!                                                 train, with five-fold cross-validation; taggers are kept in FOLDER
//! train_relations evaluate GOLD.jsonl… [--errors N] [--entities gold|engine]   score the built-in models
//! train_relations show GOLD.jsonl NUMBER           records of one article
//! train_relations rules GOLD.jsonl… [--errors RULE]   how often each rule is right, by family; wrong records of one
//! ```
//!
//! Reproducible: the same articles give the same bytes.

mod crossed;
mod gold;
mod rules;
mod stages;

use gold::{Article, Record, Scores};
use rawabit::entity;
use rawabit::lexicon::{UserLexicon, Words};
use rawabit::mention::{self, Mention};
use rawabit::relation;
use rawabit::relation::argument::{Method, Models};
use rawabit::relation::family::FamilyId;
use rules::RuleCounts;

/// The rooms, with models of choice.
pub struct House {
    pub words: Words,
    pub entities: entity::Finder,
    pub mentions: mention::Finder,
    pub relations: relation::Finder,
}

impl House {
    pub fn new(models: Option<Models>) -> House {
        let user = UserLexicon::default();
        let mut words = Words::default();
        let entities = entity::Finder::new(&mut words, &user).unwrap();
        let mentions = mention::Finder::new(&mut words, &user).unwrap();
        let relations = relation::Finder::with_models(&mut words, &user, models).unwrap();
        House { words, entities, mentions, relations }
    }

    /// Articles with their words looked up; with the finder's own entities if `own`.
    pub fn read(&self, path: &str, own: bool) -> Vec<Article> {
        let mut articles = gold::read(path, &self.relations.families);
        for article in &mut articles {
            article.ids.update(&self.words, &article.document);
            if own {
                article.entities = self.entities.find(&article.document, &article.ids, None);
            }
        }
        articles
    }

    /// The articles of training once more, with names by finders that have not seen them; article `i` is of fold
    /// `i % folds`.
    pub fn crossed(&mut self, paths: &[String], folds: usize, kept: Option<&str>) -> Vec<Article> {
        let read =
            |house: &House| -> Vec<Article> { paths.iter().flat_map(|p| house.read(p, false)).collect() };
        let mut articles = read(self);
        let finders = crossed::finders(&mut self.words, &articles, folds, kept);
        for (index, article) in articles.iter_mut().enumerate() {
            article.entities = finders[index % folds].find(&article.document, &article.ids, None);
        }
        articles
    }

    pub fn mentions(&self, article: &Article) -> Vec<Mention> {
        self.mentions.find(&article.document, &article.ids, &article.entities)
    }

    pub fn records(&self, article: &Article) -> Vec<Record> {
        let mut mentions = self.mentions(article);
        let found = self.relations.find(&article.document, &article.ids, &article.entities, &mut mentions);
        gold::records(&article.document, &mentions, &found)
    }
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut option = |name: &str| {
        let at = arguments.iter().position(|a| a == name)?;
        arguments.remove(at);
        (at < arguments.len()).then(|| arguments.remove(at))
    };
    let output = option("-o");
    let wrong = option("--errors");
    let errors = wrong.as_ref().and_then(|n| n.parse().ok()).unwrap_or(0);
    let own = option("--entities").is_some_and(|e| e == "engine");
    let kept = option("--taggers");
    let tests: Vec<String> = std::iter::from_fn(|| option("--test")).collect();
    let (command, paths) = arguments.split_first().expect("a command");
    match command.as_str() {
        "coverage" => coverage(paths, own),
        "train" => stages::train(paths, &tests, output.as_deref(), own.then_some(kept.as_deref()), errors),
        "evaluate" => evaluate(paths, errors, own),
        "rules" => count_rules(paths, own, wrong.as_deref()),
        "show" => show(&paths[0], paths[1].parse().expect("a number"), own),
        _ => panic!("no command {command}"),
    }
}

fn built_in() -> House {
    let bytes = std::fs::read("src/relation/data/arguments.model").unwrap_or_default();
    House::new(Models::from_bytes(&bytes).ok())
}

fn coverage(paths: &[String], own: bool) {
    let house = built_in();
    let (mut total, mut triggers_hit, mut family_hit, mut sides, mut exact) = (0, 0, 0, 0, 0);
    let mut missing = std::collections::BTreeMap::<String, usize>::new();
    let mut missing_triggers = std::collections::BTreeMap::<String, usize>::new();
    let (mut n_mentions, mut n_tokens, mut n_sites) = (0, 0, 0);
    for path in paths {
        for article in house.read(path, own) {
            let mentions = house.mentions(&article);
            let mut triggers = Vec::new();
            house.relations.triggers.find(&article.document, &article.ids, &mut triggers);
            n_mentions += mentions.len();
            n_tokens += article.document.tokens.len();
            n_sites += triggers.len();
            for relation in &article.relations {
                total += 1;
                let over: Vec<_> =
                    triggers.iter().filter(|t| gold::overlap((t.start, t.end), relation.trigger)).collect();
                triggers_hit += !over.is_empty() as usize;
                let entry = |t: &&rawabit::relation::trigger::Trigger| {
                    let families = house.relations.triggers.entry(t.entry).families;
                    families.iter().any(|f| f.0 == relation.family)
                };
                if over.iter().any(entry) {
                    family_hit += 1;
                } else {
                    let name = &house
                        .relations
                        .families
                        .get(rawabit::relation::family::FamilyId(relation.family))
                        .name;
                    *missing_triggers.entry(format!("{} {name}", relation.trigger_text)).or_default() += 1;
                }
                for side in [&relation.source, &relation.target] {
                    let span = (side.start, side.end);
                    let hit = mentions.iter().any(|m| gold::overlap((m.start, m.end), span));
                    sides += hit as usize;
                    exact += mentions.iter().any(|m| (m.start, m.end) == span) as usize;
                    if !hit {
                        let first = side.text.split_whitespace().next().unwrap_or_default();
                        *missing.entry(first.to_string()).or_default() += 1;
                    }
                }
            }
        }
    }
    println!("relations {total}; trigger found {triggers_hit}, with the family {family_hit}");
    println!("arguments {}; found {sides}, exactly {exact}", 2 * total);
    println!("tokens {n_tokens} mentions {n_mentions} triggers {n_sites}");
    for (title, counts) in [("arguments", missing), ("triggers", missing_triggers)] {
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let list: Vec<String> = counts.iter().take(150).map(|(w, n)| format!("{w}:{n}")).collect();
        println!("missing {title}: {}", list.join(" | "));
    }
}

fn evaluate(paths: &[String], errors: usize, own: bool) {
    let house = built_in();
    let mut scores = Scores::default();
    for path in paths {
        let mut one = Scores::default();
        for article in house.read(path, own) {
            let records = house.records(&article);
            one.add(&records, &article.relations);
            scores.add(&records, &article.relations);
            stages::print_errors(&house, &article, &records, errors);
        }
        one.print(path.rsplit('/').next().unwrap_or(path));
    }
    scores.print("all");
    stages::print_families(&house, &scores);
}

fn count_rules(paths: &[String], own: bool, wrong: Option<&str>) {
    let mut house = built_in();
    house.relations.binder.method = Method::Rules;
    let mut counts = RuleCounts::default();
    let names = |family| house.relations.families.get(FamilyId(family)).name.clone();
    for path in paths {
        for article in house.read(path, own) {
            let records = house.records(&article);
            counts.add(&article, &records, names);
            let chosen: Vec<_> =
                records.iter().filter(|r| wrong.is_some_and(|w| r.rule.contains(w))).collect();
            rules::print_chosen(&house, &article, &records, &chosen);
        }
    }
    counts.print(&house.relations.binder.rules);
}

fn show(path: &str, number: usize, own: bool) {
    let house = built_in();
    let article = &house.read(path, own)[number];
    println!("{}", article.document.text);
    for record in house.records(article) {
        println!("{}", stages::line(&house, article, &record));
    }
}

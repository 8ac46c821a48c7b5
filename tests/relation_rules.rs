//! Each rule of `src/relation/data/rules.tsv` binds its own example.

use rawabit::corpus::pipeline::{Depth, Engine, Workspace};
use rawabit::lexicon::UserLexicon;
use rawabit::relation::argument::Method;

#[test]
fn every_rule_binds_its_example() {
    let mut engine = Engine::new(&UserLexicon::default()).unwrap();
    engine.relations.binder.method = Method::Rules;
    let mut workspace = Workspace::default();
    let mut wrong = Vec::new();
    for (_, rule) in engine.relations.binder.rules.iter() {
        let found = engine.analyze(&rule.example, None, Depth::Relations, &mut workspace);
        if !found.relations.iter().any(|relation| relation.rule == rule.name) {
            let names: Vec<_> = found.relations.iter().map(|r| r.rule.to_string()).collect();
            let mentions: Vec<_> =
                found.mentions.iter().map(|m| &rule.example[m.start as usize..m.end as usize]).collect();
            wrong.push(format!("{}: {} {names:?} {mentions:?}", rule.name, rule.example));
        }
    }
    assert!(wrong.is_empty(), "{} rules bind nothing in their example:\n{}", wrong.len(), wrong.join("\n"));
}

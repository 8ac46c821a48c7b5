//! How often each rule is right, by family, on articles that the models have not seen.

use std::collections::BTreeMap;

use rawabit::relation::argument::rules::Rules;
use rawabit::relation::family::FamilyId;

use super::gold::{self, Article, Record};
use super::{House, stages};

/// Records of rules, right and all, by rule and family.
#[derive(Default)]
pub struct RuleCounts {
    counts: BTreeMap<(String, String), [usize; 3]>,
    gold: BTreeMap<String, usize>,
}

impl RuleCounts {
    /// Count the records of one article that rules alone have made.
    pub fn add(&mut self, article: &Article, records: &[Record], name: impl Fn(u8) -> String) {
        let matching = gold::matching(records, &article.relations, false);
        for relation in &article.relations {
            *self.gold.entry(name(relation.family)).or_default() += 1;
        }
        let right: std::collections::HashSet<usize> = matching.into_iter().flatten().collect();
        let pair: std::collections::HashSet<usize> =
            gold::matching(records, &article.relations, true).into_iter().flatten().collect();
        for (number, record) in records.iter().enumerate() {
            let counts = self.counts.entry((record.rule.clone(), name(record.family))).or_default();
            counts[0] += right.contains(&number) as usize;
            counts[1] += pair.contains(&number) as usize;
            counts[2] += 1;
        }
    }

    /// Print a table, one line a rule with its families.
    pub fn print(&self, rules: &Rules) {
        println!("| rule | records | right | % | pair right | by family: right/records |");
        println!("|---|---|---|---|---|---|");
        for (_, rule) in rules.iter() {
            let lines = self.counts.iter().filter(|((name, _), _)| **name == *rule.name);
            let mut sum = [0; 3];
            let mut families = Vec::new();
            for ((_, family), counts) in lines {
                (0..3).for_each(|i| sum[i] += counts[i]);
                families.push(format!("{family} {}/{}", counts[0], counts[2]));
            }
            let share = 100.0 * sum[0] as f64 / sum[2].max(1) as f64;
            println!(
                "| {} | {} | {} | {share:.0} | {} | {} |",
                rule.name,
                sum[2],
                sum[0],
                sum[1],
                families.join(", ")
            );
        }
        let mut by_family = BTreeMap::<&str, [usize; 2]>::new();
        for ((_, family), counts) in &self.counts {
            let sum = by_family.entry(family).or_default();
            sum[0] += counts[0];
            sum[1] += counts[2];
        }
        println!("| family | records | precision % | recall % |");
        println!("|---|---|---|---|");
        for (family, gold) in &self.gold {
            let [right, all] = by_family.get(family.as_str()).copied().unwrap_or_default();
            let share = |of: usize| 100.0 * right as f64 / of.max(1) as f64;
            println!("| {family} | {all} | {:.0} | {:.0} |", share(all), share(*gold));
        }
    }
}

/// Print chosen records of one article, the right ones marked, with what is annotated at their triggers.
pub fn print_chosen(house: &House, article: &Article, records: &[Record], chosen: &[&Record]) {
    let matching = gold::matching(records, &article.relations, false);
    for record in chosen {
        let right = matching.iter().flatten().any(|&number| std::ptr::eq(&records[number], *record));
        println!("{} {}", if right { "right" } else { "wrong" }, stages::line(house, article, record));
        if right {
            continue;
        }
        let text = &article.document.text;
        let mut from = (record.trigger.0 as usize).saturating_sub(90).max(record.evidence.0 as usize);
        let mut to = (record.trigger.1 as usize + 120).min(record.evidence.1 as usize);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        println!("    {}", text[from..to].replace('\n', " "));
        for relation in &article.relations {
            if gold::overlap(relation.trigger, record.trigger) {
                let family = &house.relations.families.get(FamilyId(relation.family)).name;
                println!("    gold {} —{family}→ {}", relation.source.text, relation.target.text);
            }
        }
    }
}

//! Other libraries' own test cases and outputs, operation by operation.
//!
//! `data/normalize-operations.tsv` says which operations are claimed and by which switches;
//! `data/normalize-differences.tsv` lists every case that differs all the same, with the reason. A case that differs
//! and is not listed fails, and so does a line that no case needs any more. `data/normalize-unclaimed.tsv` says why
//! the other operations are not claimed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rawabit::normalize::Normalizer;
use rawabit::normalize::transliterate::{Scheme, to_latin};
use serde_json::Value;

/// One case: the operation it is of, its input and what the other library gives.
struct Case {
    operation: String,
    input: String,
    expected: String,
}

/// Takes one file's cases out of it.
type Reader = fn(&Value) -> Vec<Case>;

fn read(name: &str) -> Option<Value> {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance").join(format!("{name}.json"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn case(operation: impl Into<String>, input: &Value, expected: &Value) -> Option<Case> {
    Some(Case { operation: operation.into(), input: text(input)?, expected: text(expected)? })
}

fn code_point(name: &str) -> char {
    char::from_u32(u32::from_str_radix(name.trim_start_matches("U+"), 16).unwrap()).unwrap()
}

/// Every code point alone and between two ب, and the strings, of every operation.
fn differential(data: &Value) -> Vec<Case> {
    let mut out = Vec::new();
    let inputs = data["inputs"].as_array().unwrap();
    for operation in data["ops"].as_array().unwrap() {
        let name = operation["op"].as_str().unwrap();
        let listed = operation["code_points"].as_object().unwrap();
        if listed.values().any(|v| v[0].is_array()) {
            continue;
        }
        for ch in '\0'..='\u{1FFFF}' {
            let key = format!("U+{:04X}", ch as u32);
            let alone = ch.to_string();
            let between = format!("ب{ch}ب");
            // The files list Arabic and related code points only: what is not there is known only for those.
            match listed.get(&key) {
                Some(pair) => {
                    out.extend(case(name, &alone.into(), &pair[0]));
                    out.extend(case(name, &between.into(), &pair[1]));
                }
                None if is_arabic(ch) => {
                    out.extend(case(name, &alone.clone().into(), &alone.into()));
                    out.extend(case(name, &between.clone().into(), &between.into()));
                }
                None => {}
            }
        }
        for string in operation["strings"]["cases"].as_array().unwrap() {
            let input = &inputs[string["i"].as_u64().unwrap() as usize]["s"];
            out.extend(case(name, input, &string["expected"]));
        }
    }
    out
}

fn is_arabic(ch: char) -> bool {
    matches!(ch, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}' | '\u{FB50}'..='\u{FDFF}')
        || matches!(ch, '\u{FE70}'..='\u{FEFC}')
}

fn araclean(data: &Value) -> Vec<Case> {
    let light =
        "NormalizeUnicode StripBidi FoldPresentationForms RemoveTatweel UnifyLookalikes CollapseWhitespace";
    let light = format!("{light} NormalizeUnicode");
    let search = "FoldTanweenAlef RemoveTashkeel FoldAlef FoldHamza FoldTehMarbuta FoldAlefMaqsura MapDigits";
    let search =
        format!("{light} {search} MapPunctuation ReduceElongation CollapseWhitespace NormalizeUnicode");
    let mut out = Vec::new();
    for x in data["cases"].as_array().unwrap() {
        let (op, args) = (x["op"].as_str().unwrap(), &x["args"]);
        if let Some(steps) = args[0]["__Pipeline__"]["steps"].as_array() {
            let names: Vec<_> = steps.iter().filter_map(|s| s["name"].as_str()).collect();
            let names = names.join(" ");
            let known = [(light.as_str(), "pipeline light"), (search.as_str(), "pipeline search")];
            if let Some((_, name)) = known.iter().find(|(list, _)| *list == names) {
                let expected = if x["expected"].is_array() { &x["expected"][0] } else { &x["expected"] };
                out.extend(case(*name, &args[1], expected));
            }
        } else {
            // Arguments that have no name belong to the operation, too.
            let rest: Vec<_> = args.as_array().unwrap()[1..].iter().map(|arg| format!(" {arg}")).collect();
            out.extend(case(format!("{op} {}{}", x["kwargs"], rest.concat()), &args[0], &x["expected"]));
        }
    }
    out
}

fn maha(data: &Value) -> Vec<Case> {
    let mut out = Vec::new();
    for x in data["cases"].as_array().unwrap() {
        let (op, kwargs) = (x["op"].as_str().unwrap(), x["kwargs"].as_object().unwrap());
        let mut name = op.to_owned();
        if op.ends_with(".normalize") {
            let all = kwargs.get("all").and_then(Value::as_bool) == Some(true);
            let on = kwargs.iter().filter(|(_, v)| v.as_bool() == Some(true)).map(|(k, _)| format!(" {k}"));
            let off = kwargs
                .iter()
                .filter(|(_, v)| all && v.as_bool() == Some(false))
                .map(|(k, _)| format!(" -{k}"));
            let mut parts: Vec<String> = on.collect();
            parts.sort();
            let mut off: Vec<String> = off.collect();
            off.sort();
            name = format!("{op}{}{}", parts.concat(), off.concat());
        }
        let input = x["args"].get(0).or_else(|| kwargs.get("text"));
        out.extend(input.and_then(|input| case(name, input, &x["expected"])));
    }
    out
}

fn lucene_oracle(data: &Value) -> Vec<Case> {
    let names = ["ArabicNormalizer", "PersianNormalizer"];
    let mut out = Vec::new();
    let listed = data["codepoints"].as_object().unwrap();
    for ch in ('\u{600}'..='\u{6FF}').chain(listed.keys().map(|name| code_point(name))) {
        let own = Value::from(ch.to_string());
        for (at, name) in names.iter().enumerate() {
            let expected = listed.get(&format!("U+{:04X}", ch as u32)).map_or(&own, |pair| &pair[at]);
            out.extend(case(*name, &own, expected));
        }
    }
    for line in data["lines"].as_array().unwrap() {
        out.extend(case(names[0], &line["input"], &line[names[0]]));
    }
    out
}

fn plain(data: &Value) -> Vec<Case> {
    let cases = data["cases"].as_array().unwrap();
    cases.iter().filter_map(|x| case(x["operation"].as_str()?, &x["input"], &x["expected"])).collect()
}

/// Tab-separated lines without the comments.
fn table(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn escaped(text: &str) -> String {
    text.escape_debug().to_string()
}

#[test]
fn every_claimed_case_passes_or_its_difference_is_listed() {
    let mut listed: BTreeMap<[String; 3], bool> = BTreeMap::new();
    for fields in table(include_str!("data/normalize-differences.tsv")) {
        let [file, operation, input, _theirs, _ours, reason] = fields[..] else { panic!("{fields:?}") };
        assert!(!reason.is_empty(), "{fields:?}");
        listed.insert([file, operation, input].map(str::to_owned), false);
    }
    let mut claimed: BTreeMap<[String; 2], (Normalizer, usize)> = BTreeMap::new();
    for fields in table(include_str!("data/normalize-operations.tsv")) {
        let [file, operation, profile, switches] = fields[..] else { panic!("{fields:?}") };
        let switches: Vec<_> = switches.split_whitespace().filter_map(|s| s.split_once('=')).collect();
        let switches: Vec<_> = switches.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        claimed
            .insert([file, operation].map(str::to_owned), (Normalizer::new(profile, &switches).unwrap(), 0));
    }
    let mut unclaimed: BTreeMap<[String; 2], bool> = BTreeMap::new();
    for fields in table(include_str!("data/normalize-unclaimed.tsv")) {
        let [file, operation, reason] = fields[..] else { panic!("{fields:?}") };
        assert!(!reason.is_empty(), "{fields:?}");
        unclaimed.insert([file, operation].map(str::to_owned), false);
    }
    let mut unknown = BTreeSet::new();
    let readers: [(&str, Reader); 8] = [
        ("differential", differential),
        ("araclean_tests", araclean),
        ("maha_tests", maha),
        ("lucene_oracle", lucene_oracle),
        ("lucene_tests", plain),
        ("charabia_tests", plain),
        ("devsamhan_fixtures", plain),
        ("raqeem_vectors", plain),
    ];
    let mut unlisted = Vec::new();
    for (file, cases) in readers {
        let Some(data) = read(file) else { return };
        for case in cases(&data) {
            let Some((normalizer, count)) = claimed.get_mut(&[file.to_owned(), case.operation.clone()])
            else {
                let covers = |line: &[String; 2]| line[0] == file && case.operation.starts_with(&line[1]);
                match unclaimed.iter_mut().rev().find(|(line, _)| covers(line)) {
                    Some((_, needed)) => *needed = true,
                    None => drop(unknown.insert(format!("{file}\t{}", case.operation))),
                }
                continue;
            };
            *count += 1;
            let ours = normalizer.normalize(&case.input);
            assert_eq!(normalizer.aligned(&case.input).text, ours);
            if ours != case.expected {
                let input = escaped(&case.input);
                match listed.get_mut(&[file.to_owned(), case.operation.clone(), input.clone()]) {
                    Some(needed) => *needed = true,
                    None => unlisted.push(format!(
                        "{file}\t{}\t{input}\t{}\t{}",
                        case.operation,
                        escaped(&case.expected),
                        escaped(&ours)
                    )),
                }
            }
        }
    }
    assert!(unknown.is_empty(), "neither claimed nor listed: {unknown:#?}");
    let idle: Vec<_> = unclaimed.iter().filter(|(_, needed)| !**needed).map(|(line, _)| line).collect();
    assert!(idle.is_empty(), "lines that no operation needs: {idle:?}");
    let total: usize = claimed.values().map(|(_, count)| count).sum();
    println!("{total} cases of {} operations, {} listed differences", claimed.len(), listed.len());
    let idle: Vec<_> = claimed.iter().filter(|(_, (_, count))| *count == 0).map(|(name, _)| name).collect();
    assert!(idle.is_empty(), "operations without a case: {idle:?}");
    assert!(unlisted.is_empty(), "{} cases differ:\n{}", unlisted.len(), unlisted.join("\n"));
    let unneeded: Vec<_> = listed.iter().filter(|(_, needed)| !**needed).map(|(line, _)| line).collect();
    assert!(unneeded.is_empty(), "lines that no case needs: {unneeded:?}");
}

#[test]
fn transliteration_is_that_of_camel_tools() {
    let Some(data) = read("differential") else { return };
    let schemes = [("ar2bw", "buckwalter"), ("ar2safebw", "safe"), ("ar2xmlbw", "xml"), ("ar2hsb", "hsb")];
    let cases = differential(&data);
    for (theirs, ours) in schemes {
        let (name, scheme) = (format!("CharMapper.builtin_mapper('{theirs}')"), Scheme::parse(ours).unwrap());
        let mut count = 0;
        for case in cases.iter().filter(|case| case.operation.ends_with(&name)) {
            let mut out = String::new();
            to_latin(&case.input, scheme, &mut out);
            assert_eq!(out, case.expected, "{theirs}: {:?}", case.input);
            count += 1;
        }
        assert!(count > 1000, "{theirs}: {count} cases");
    }
}

//! The normalizer against a naive one, and the alignment against its definition.

use proptest::prelude::*;
use rawabit::normalize::compose::Form;
use rawabit::normalize::profile::CATALOG;
use rawabit::normalize::{Normalizer, fold, fold_into};
use rayon::prelude::*;

fn normalizers() -> Vec<(String, Normalizer)> {
    let names = CATALOG.profiles.iter().map(|profile| profile.name.to_string());
    names.map(|name| (name.clone(), Normalizer::new(&name, &[]).unwrap())).collect()
}

/// The normalizer without the passes around the table.
fn table_only(profile: &str) -> Normalizer {
    let off: Vec<_> =
        ["html", "urls", "emails", "mentions", "hashtags", "emoji", "tanwin_alef", "elongation"]
            .iter()
            .map(|name| (name.to_string(), "keep".to_string()))
            .chain([("trim".into(), "keep".into()), ("punctuation".into(), "keep".into())])
            .chain([("spaces".into(), "unify".into())])
            .collect();
    Normalizer::new(profile, &off).unwrap()
}

fn composed(form: Option<Form>, text: &str) -> String {
    let mut out = String::new();
    match form {
        Some(form) => form.compose(text, &mut out),
        None => out.push_str(text),
    }
    out
}

/// Compose the whole text canonically, map each code point by itself, compose the whole again.
fn naive(normalizer: &Normalizer, text: &str) -> String {
    let mut mapped = String::new();
    let text = composed(normalizer.form().map(|_| Form::Nfc), text);
    let chars: Vec<char> = text.chars().collect();
    for (at, &ch) in chars.iter().enumerate() {
        if ch == '\u{200D}' && normalizer.settings().is("zwj", "emoji") {
            // Only one pictograph stands in these tests for all of them.
            let emoji = |i: Option<usize>| i.and_then(|i| chars.get(i)) == Some(&'😀');
            if emoji(at.checked_sub(1)) && emoji(Some(at + 1)) {
                mapped.push(ch);
            }
        } else {
            normalizer.settings().map(ch, &mut mapped);
        }
    }
    composed(normalizer.form(), &mapped)
}

#[test]
fn every_code_point_between_letters_agrees_with_the_naive_way() {
    let mut text = String::from("ب");
    for ch in '\0'..=char::MAX {
        text.push(ch);
        text.push('ب');
    }
    normalizers().par_iter().for_each(|(name, _)| {
        let normalizer = table_only(name);
        let (got, want) = (normalizer.normalize(&text), naive(&normalizer, &text));
        // The texts are too long to print: find the place.
        if let Some((place, _)) = got.chars().zip(want.chars()).enumerate().find(|(_, (a, b))| a != b) {
            let around = |t: &str| t.chars().skip(place.saturating_sub(3)).take(8).collect::<String>();
            panic!("{name}: {:?} for {:?}", around(&got), around(&want));
        }
        assert_eq!(got.len(), want.len(), "{name}");
        assert_eq!(normalizer.aligned(&text).text, got, "{name}");
    });
}

#[test]
fn every_code_point_alone_agrees_with_the_naive_way_in_every_profile() {
    normalizers().par_iter().for_each(|(name, _)| {
        let normalizer = table_only(name);
        let mut got = String::new();
        for ch in ('\0'..='\u{3100}').chain('\u{F900}'..='\u{FFFF}').chain('\u{1D100}'..='\u{1FAFF}') {
            let text = ch.to_string();
            got.clear();
            normalizer.normalize_into(&text, &mut got);
            assert_eq!(got, naive(&normalizer, &text), "{name}: {ch:?}");
        }
    });
}

#[test]
fn the_fold_maps_every_code_point_as_search_does_and_folding_again_changes_nothing() {
    let search = Normalizer::new("search", &[("unicode".into(), "keep".into())]).unwrap();
    let (mut want, mut got) = (String::new(), String::new());
    for ch in '\0'..=char::MAX {
        want.clear();
        got.clear();
        search.settings().map(ch, &mut want);
        fold_into(ch.encode_utf8(&mut [0; 4]), &mut got);
        assert_eq!(got, want, "{ch:?}");
        assert_eq!(fold(&got), got, "{ch:?}");
    }
}

/// Texts made of what the switches care about: letters with marks in every order, joiners, forms, spaces, mark-up.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[ابتلمنهوي]{1,3}",
        4 => "[\u{64B}-\u{655}\u{670}\u{6E1}\u{301}\u{300}]{1,3}",
        2 => "[أإآٱؤئىةکگیہۀے]",
        1 => "[\u{200C}\u{200D}\u{200F}\u{FEFF}\u{640}\u{AD}]",
        1 => "[ﻻﷺﷲﴼﹰﺎ﷽\u{FCF2}]",
        1 => "[ \n\t\u{A0}]{1,3}",
        1 => "[٠-٩۰-۹0-9,.،؛]{1,4}",
        1 => "[A-Za-zéñ]{1,4}",
        1 => prop_oneof!["😀", "中", "\u{1100}\u{1161}\u{11A8}", "\u{95C}", "\u{1D15E}", "\0", "\u{1}"],
        1 => prop_oneof!["<b>", "&amp;", "@name", "#وسم_ما", "https://a.b/c", "a.b@c.org", "اً", "ههههه"],
        1 => "\\PC",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_agree_with_the_naive_way(text in texts()) {
        for (name, _) in normalizers_once() {
            let normalizer = &tables_once().iter().find(|(n, _)| n == name).unwrap().1;
            prop_assert_eq!(normalizer.normalize(&text), naive(normalizer, &text), "{}: {:?}", name, text);
        }
    }

    #[test]
    fn strings_of_code_points_agree_with_utf_8(text in texts(), more in "[ا-ي \u{64E}A–]{0,90}") {
        let (text, mut out) = (more + &text, Vec::new());
        let code_points: Vec<u32> = text.chars().map(u32::from).collect();
        for (name, normalizer) in normalizers_once() {
            out.clear();
            if normalizer.normalize_code_points(&code_points, &mut out) {
                let got: String = out.iter().filter_map(|&c| char::from_u32(c)).collect();
                prop_assert_eq!(got, normalizer.normalize(&text), "{}", name);
            }
        }
    }

    #[test]
    fn spans_map_both_ways_and_cover(text in texts(), a in 0usize..60, b in 0usize..60) {
        for (name, normalizer) in normalizers_once() {
            let aligned = normalizer.aligned(&text);
            prop_assert_eq!(&aligned.text, &normalizer.normalize(&text), "{}", name);
            let (n, m) = (text.chars().count(), aligned.text.chars().count());
            prop_assert_eq!((aligned.original_len(), aligned.normalized_len()), (n, m), "{}: {:?}", name, text);
            let (start, end) = (a.min(b).min(n), a.max(b).min(n));
            let there = aligned.to_normalized(start, end);
            prop_assert!(there.0 <= there.1 && there.1 <= m);
            let back = aligned.to_original(there.0, there.1);
            if start < end {
                prop_assert!(back.0 <= start && end <= back.1, "{}: {:?} {:?} {:?}", name, (start, end), there, back);
            }
            let (start, end) = (a.min(b).min(m), a.max(b).min(m));
            let there = aligned.to_original(start, end);
            prop_assert!(there.0 <= there.1 && there.1 <= n);
            let back = aligned.to_normalized(there.0, there.1);
            if start < end {
                prop_assert!(back.0 <= start && end <= back.1, "{}: {:?} {:?} {:?}", name, (start, end), there, back);
            }
        }
    }

    #[test]
    fn maps_are_monotone_and_units_tile_the_original(text in texts()) {
        for (name, normalizer) in normalizers_once() {
            let aligned = normalizer.aligned(&text);
            let mut before = (0, 0);
            for at in 0..aligned.normalized_len() {
                let unit = aligned.to_original(at, at + 1);
                // The next code point begins where this one's unit ends, or shares the unit.
                prop_assert!(unit == before || unit.0 == before.1, "{}: {:?} {:?}", name, before, unit);
                prop_assert!(unit.0 < unit.1);
                before = unit;
            }
            if aligned.normalized_len() > 0 {
                prop_assert_eq!(before.1, aligned.original_len());
            }
        }
    }

    #[test]
    fn normalizing_twice_is_normalizing_once(text in texts()) {
        for (name, normalizer) in normalizers_once() {
            // An entity may decode to mark-up, a token is text like any other; the one-pass profiles are exact.
            if ["light", "search", "lucene"].contains(&name.as_str()) {
                let once = normalizer.normalize(&text);
                prop_assert_eq!(normalizer.normalize(&once), once, "{}", name);
            }
        }
    }

    #[test]
    fn folding_pieces_folds_the_whole(a in texts(), b in texts()) {
        let mut pieces = fold(&a);
        fold_into(&b, &mut pieces);
        prop_assert_eq!(pieces, fold(&(a + &b)));
    }
}

fn normalizers_once() -> &'static [(String, Normalizer)] {
    static ALL: std::sync::LazyLock<Vec<(String, Normalizer)>> = std::sync::LazyLock::new(normalizers);
    &ALL
}

fn tables_once() -> &'static [(String, Normalizer)] {
    static ALL: std::sync::LazyLock<Vec<(String, Normalizer)>> = std::sync::LazyLock::new(|| {
        normalizers().into_iter().map(|(n, _)| (n.clone(), table_only(&n))).collect()
    });
    &ALL
}

#[test]
fn profiles_do_what_their_names_say() {
    for (profile, text, want) in [
        ("light", "الـسَّلامُ\u{200F} عليکم ﷺ", "السَّلامُ عليكم صلى الله عليه وسلم"),
        ("light", "\u{627}\u{654}حمد مسو\u{654}ول", "أحمد مسؤول"),
        ("light", "رّ\u{64E} لـّ\u{64E}ه", "ر\u{64E}ّ ل\u{64E}ّه"),
        ("search", "الرّئيسُ أوباما في ٢٠١٥ BBC", "الرئيس اوباما في 2015 bbc"),
        ("search", "\u{627}\u{64E}\u{654}حمد مسو\u{654}ول 👨\u{200D}👩", "احمد مسؤول 👨👩"),
        ("display", " <b>نصـــ</b> &amp;&#1605;  هنا\n\n ", "نص &م هنا"),
        (
            "model",
            "زوروا https://a.b/c?d. أو a.b@c.org @user جميييييل 👨\u{200D}👩",
            "زوروا [رابط]. أو [بريد] [مستخدم] جمييل 👨\u{200D}👩",
        ),
        ("camel", "مُحَمَّدٌ ٱلسلام على ﷼", "محمد السلام علي ريال"),
        ("lucene", "آمنةٌ ٱلهدى", "امنه ٱلهدي"),
        ("araclean-search", "كتاباً جمييييل؟  ٢٠٢٣،١٢", "كتاب جميل? 2023،12"),
        ("pyarabic", "شؤون مسؤولة", "شءون مسءوله"),
        ("maha", "شؤون ﷲ الأولى", "شوون الله الاولي"),
    ] {
        let normalizer = Normalizer::new(profile, &[]).unwrap();
        assert_eq!(normalizer.normalize(text), want, "{profile}");
        assert_eq!(normalizer.aligned(text).text, want, "{profile} aligned");
    }
}

#[test]
fn switches_are_checked_by_name() {
    let set = |name: &str, value: &str| Normalizer::new("search", &[(name.into(), value.into())]).map(|_| ());
    assert!(set("digits", "keep").is_ok() && set("digits", "on").is_ok());
    assert!(set("digit", "ascii").unwrap_err().to_string().contains("digits"));
    assert!(set("digits", "roman").unwrap_err().to_string().contains("persian"));
    assert!(Normalizer::new("sarch", &[]).unwrap_err().to_string().contains("search"));
}

#[test]
fn hostile_texts_take_linear_time() {
    let long = [
        "<".repeat(1_000_000),
        "a@".repeat(500_000),
        format!("ا{}", "\u{64E}\u{654}".repeat(500_000)),
        "\u{654}".repeat(500_000),
        "&#".repeat(500_000),
        " ".repeat(1_000_000),
        "\u{200D}".repeat(300_000),
    ];
    for text in &long {
        for (_, normalizer) in normalizers_once() {
            assert_eq!(normalizer.aligned(text).original_len(), text.chars().count());
        }
    }
}

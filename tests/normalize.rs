//! The normalizer against a naive one, and the alignment against its definition.

use proptest::prelude::*;
use rawabit::normalize::compose::Form;
use rawabit::normalize::profile::CATALOG;
use rawabit::normalize::{Normalizer, fold, fold_into};
use rawabit::text::{Class, class};
use rayon::prelude::*;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfc_quick, is_nfkc_quick};

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

/// The alef of a final tanwin and the tanwin dropped, looked for at every place anew.
fn naive_tanwin(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let ends = |rest: &[char]| {
        let next = rest.iter().find(|&&ch| !matches!(class(ch), Class::Tatweel | Class::Control));
        !next.is_some_and(|&ch| matches!(class(ch), Class::Arabic | Class::Mark))
    };
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let gone = match rest {
            ['\u{FD3C}' | '\u{FD3D}', ..] if ends(&rest[1..]) => 1,
            ['ا', '\u{64B}', ..] | ['\u{64B}', 'ا', ..] if ends(&rest[2..]) => 2,
            _ => 0,
        };
        chars.drain(at..at + gone);
        at += usize::from(gone == 0);
    }
    chars.into_iter().collect()
}

/// Elongation, punctuation, white space and trimming, one after the other, each over the whole text.
fn naive_tidy(normalizer: &Normalizer, text: &str) -> String {
    let settings = normalizer.settings();
    let mut chars: Vec<char> = text.chars().collect();
    if settings.is("punctuation", "araclean") {
        let digit = |at: Option<usize>| at.and_then(|at| text.chars().nth(at)).is_some_and(char::is_numeric);
        for (at, ch) in chars.iter_mut().enumerate() {
            if let (Some(found), false) =
                ("،؛؟".chars().position(|c| c == *ch), digit(at.checked_sub(1)) && digit(Some(at + 1)))
            {
                *ch = [',', ';', '?'][found];
            }
        }
    }
    let is_space = |ch: &char| ch.is_whitespace() || matches!(ch, '\u{1C}'..='\u{1F}');
    let is_break = |ch: &char| "\n\u{B}\u{C}\r\u{1C}\u{1D}\u{1E}\u{85}\u{2028}\u{2029}".contains(*ch);
    let is_letter = |ch: &char| matches!(ch, '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}');
    let repeats = match settings.get("elongation") {
        "keep" => usize::MAX,
        name => 1 + usize::from(name.ends_with("two")),
    };
    let mut out = String::new();
    for run in chars.chunk_by(|a, b| (is_space(a) && is_space(b)) || a == b) {
        match settings.get("spaces") {
            "collapse" if is_space(&run[0]) => out.push(if run.iter().any(is_break) { '\n' } else { ' ' }),
            "single" if is_space(&run[0]) => out.push(' '),
            _ if run.len() >= 3 && is_letter(&run[0]) => out.extend(run.iter().take(repeats)),
            _ => out.extend(run),
        }
    }
    let trimmed = out.trim_matches(|ch| is_space(&ch));
    if settings.is("trim", "both") { trimmed.to_owned() } else { out }
}

/// What the profile makes of a text without addresses (but «@ب»), mark-up and listed words, pass by pass.
fn naive_whole(normalizer: &Normalizer, text: &str) -> String {
    let text =
        if normalizer.settings().is("tanwin_alef", "drop") { naive_tanwin(text) } else { text.to_owned() };
    let text = match normalizer.settings().token("mentions") {
        Some(token) => text.replace("@ب", token),
        None => text,
    };
    naive_tidy(normalizer, &naive(normalizer, &text))
}

/// Whether nothing that a profile does can concern `ch` in these texts: the naive way need not be gone.
fn stays(normalizer: &Normalizer, ch: char) -> bool {
    let mut mapped = String::new();
    normalizer.settings().map(ch, &mut mapped);
    let one = || std::iter::once(ch);
    let by_itself = match normalizer.form() {
        None => true,
        Some(Form::Nfc) => is_nfc_quick(one()) == IsNormalized::Yes,
        Some(Form::Nfkc) => is_nfkc_quick(one()) == IsNormalized::Yes,
    };
    mapped.chars().eq([ch])
        && by_itself
        && canonical_combining_class(ch) == 0
        && !ch.is_whitespace()
        && !ch.is_control()
        && !matches!(ch, '@' | 'ب' | 'ا' | '\u{64B}' | '،' | '؛' | '؟' | '\u{200D}' | '\u{FD3C}' | '\u{FD3D}')
}

#[test]
fn every_code_point_agrees_with_the_naive_way_in_every_profile_and_place() {
    normalizers().par_iter().for_each(|(name, normalizer)| {
        let (mut text, mut got) = (String::new(), String::new());
        for ch in '\0'..=char::MAX {
            let stays = stays(normalizer, ch);
            for (before, behind) in [("", ""), ("ب", "ب"), ("", "ب"), ("ب", ""), ("ا", "")] {
                text.clear();
                text.push_str(before);
                text.push(ch);
                text.push_str(behind);
                got.clear();
                normalizer.normalize_into(&text, &mut got);
                if stays {
                    assert_eq!(got, text, "{name}: {ch:?} in {text:?}");
                } else {
                    assert_eq!(got, naive_whole(normalizer, &text), "{name}: {ch:?} in {text:?}");
                }
            }
        }
    });
}

#[test]
fn letters_drawn_out_are_left_as_often_as_the_word_has_them() {
    for (elongation, text, want) in [
        ("one", "اللللله أكبر", "الله أكبر"),
        ("one", "واللللله يا جمييييل", "والله يا جميل"),
        ("one", "اللللهم", "اللهم"),
        ("one", "ممممممتاز ومممممكن والممممثل", "ممتاز وممكن والممثل"),
        ("one", "مممممتازة", "ممتازة"),
        ("one", "لللللله", "لله"),
        ("one", "تتتتتتابع الأحداث، تتتابع", "تتتابع الأحداث، تتتابع"),
        ("one", "اللللحم مهمممم", "اللحم مهم"),
        ("two", "اللللله كبييييير", "الله كبيير"),
        ("two", "تتتتتتبع", "تتتبع"),
        ("araclean", "اللللله ممممتاز", "اله متاز"),
        ("araclean_two", "اللللله", "الله"),
        ("one", "متتتتر مدرررسة", "متر مدرسة"),
    ] {
        let switches = [("elongation".to_owned(), elongation.to_owned())];
        let normalizer = Normalizer::new("none", &switches).unwrap();
        assert_eq!(normalizer.normalize(text), want, "{elongation}");
        assert_eq!(normalizer.aligned(text).text, want, "{elongation}");
        let search = Normalizer::new("search", &switches).unwrap();
        assert_eq!(search.normalize(text), fold(want), "{elongation}, folded");
    }
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
    fn tidied_texts_agree_with_the_naive_way(text in "([ابت]{1,4}|ببب+| {1,3}|[\t\n\u{85}\u{A0}\u{2028}\u{3000}«،٣]|[ابت ]{20,40}){0,12}") {
        for (name, normalizer) in normalizers_once() {
            let want = naive_whole(normalizer, &text);
            prop_assert_eq!(&normalizer.normalize(&text), &want, "{}: {:?}", name, text);
            prop_assert_eq!(&normalizer.aligned(&text).text, &want, "{} aligned: {:?}", name, text);
        }
    }

    #[test]
    fn rows_are_aligned_as_each_by_itself(rows in prop::collection::vec(prop::option::of(texts()), 0..6)) {
        for (name, normalizer) in normalizers_once() {
            let together = normalizer.aligned_rows(rows.iter().map(Option::as_deref), 0);
            prop_assert_eq!(together.len(), rows.len());
            for (row, text) in rows.iter().enumerate() {
                let alone = text.as_ref().map(|text| normalizer.aligned(text));
                prop_assert_eq!(together.aligned(row), alone, "{}: {:?}", name, text);
            }
            prop_assert!(together.get(rows.len()).is_none());
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

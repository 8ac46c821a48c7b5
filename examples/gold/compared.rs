//! Names as the scoring script of the gold set compares them.

use rawabit::normalize::fold;

const HEADS: [&str; 10] =
    ["تنظيم ", "حركه ", "جماعه ", "حزب ", "مدينه ", "دوله ", "صحيفه ", "وكاله ", "شركه ", "نادي "];

/// The folded name without punctuation, generic head words and the article.
pub fn compared(name: &str) -> String {
    let folded: String =
        fold(name).chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { ' ' }).collect();
    let mut name = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    for head in HEADS {
        if let Some(rest) = name.strip_prefix(head)
            && rest.chars().count() > 2
        {
            name = rest.to_string();
        }
    }
    name.strip_prefix("ال").map_or(name.clone(), str::to_string)
}

//! Bytes per second of the normalizer on a JSON list of texts: `speed_normalize FILE`.
use rawabit::normalize::{Normalizer, fold_into};
use std::time::Instant;
fn best(bytes: usize, mut f: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..15 {
        let t = Instant::now();
        f();
        best = best.min(t.elapsed().as_secs_f64());
    }
    bytes as f64 / best / 1e6
}
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let news: Vec<String> = serde_json::from_str(&text).unwrap();
    let voc: Vec<String> = news
        .iter()
        .map(|t| {
            let mut o = String::new();
            let mut n = 0u32;
            for c in t.chars() {
                o.push(c);
                if ('\u{621}'..='\u{64A}').contains(&c) {
                    n = n.wrapping_mul(1664525).wrapping_add(1013904223);
                    o.push(char::from_u32(0x64B + (n >> 24) % 8).unwrap());
                }
            }
            o
        })
        .collect();
    for (name, texts) in [("news", &news), ("vocalized", &voc)] {
        let bytes: usize = texts.iter().map(|t| t.len()).sum();
        let mut out = String::with_capacity(bytes + 1000);
        println!("{name}: {bytes} bytes");
        println!(
            "  memcpy {:.0}",
            best(bytes, || {
                out.clear();
                for t in texts {
                    out.push_str(t);
                }
            })
        );
        println!(
            "  fold {:.0}",
            best(bytes, || {
                out.clear();
                for t in texts {
                    fold_into(t, &mut out);
                }
            })
        );
        for p in ["search", "light", "model", "araclean-search"] {
            let n = Normalizer::new(p, &[]).unwrap();
            println!(
                "  {p} {:.0}",
                best(bytes, || {
                    out.clear();
                    for t in texts {
                        n.normalize_into(t, &mut out);
                    }
                })
            );
            println!(
                "  {p} aligned {:.0}",
                best(bytes, || {
                    for t in texts {
                        std::hint::black_box(n.aligned(t));
                    }
                })
            );
        }
        let words: Vec<&str> = texts.iter().take(500).flat_map(|t| t.split(' ')).collect();
        let wb: usize = words.iter().map(|w| w.len()).sum();
        println!(
            "  fold by word {:.0} MB/s {:.1} ns/word",
            best(wb, || {
                out.clear();
                for t in &words {
                    fold_into(t, &mut out);
                }
            }),
            wb as f64
                / best(wb, || {
                    out.clear();
                    for t in &words {
                        fold_into(t, &mut out);
                    }
                })
                * 1e3
                / words.len() as f64
        );
    }
    let t = Instant::now();
    let n = Normalizer::new("search", &[]).unwrap();
    println!("build {:?} {}", t.elapsed(), n.is_one_pass());
}

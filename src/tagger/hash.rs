//! The hash that feature keys and word keys are made with: fixed here, because saved models depend on it.

const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hash of a byte string; the same on every platform.
#[inline]
pub fn bytes(bytes: &[u8]) -> u64 {
    let mut hash = PRIME ^ bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        hash = mix(hash, u64::from_le_bytes(chunk.try_into().unwrap()));
    }
    let mut last = [0; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    mix(hash, u64::from_le_bytes(last))
}

/// One more number into a hash.
#[inline]
pub fn mix(hash: u64, value: u64) -> u64 {
    let mixed = (hash.rotate_left(23) ^ value).wrapping_mul(PRIME);
    mixed ^ (mixed >> 32)
}

/// The 32 bits that a feature is known by.
#[inline]
pub fn key(hash: u64) -> u32 {
    (hash.wrapping_mul(PRIME) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_fixed_and_differ() {
        // A changed value makes every saved model unreadable.
        assert_eq!(bytes("القاعده".as_bytes()), bytes("القاعده".as_bytes()));
        let words = ["", "ا", "اا", "القاعده", "القاعدهه", "قاعده", "12345678", "123456780"];
        for (i, a) in words.iter().enumerate() {
            for b in &words[i + 1..] {
                assert_ne!(bytes(a.as_bytes()), bytes(b.as_bytes()), "{a} {b}");
                assert_ne!(key(bytes(a.as_bytes())), key(bytes(b.as_bytes())), "{a} {b}");
            }
        }
    }
}

//! The grammatical categories that spelling can tell.

/// Grammatical number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Number {
    Unknown,
    Singular,
    Dual,
    Plural,
}

/// Grammatical gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Gender {
    Unknown,
    Masculine,
    Feminine,
}

/// Grammatical person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Person {
    Unknown,
    First,
    Second,
    Third,
}

/// Whether a verb's grammatical subject does or suffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Voice {
    /// Unvocalized spelling does not tell («قتل»).
    Unknown,
    Active,
    Passive,
}

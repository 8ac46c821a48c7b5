//! The pass at full width: where the processor allows, 64 bytes at a time.

use super::table::{Cursor, Trace};

/// What the wide loop needs to know of a table; chosen once, when the table is built.
#[derive(Debug, Clone, Default)]
pub struct Kernel {}

impl Kernel {
    /// Bytes that go the plain way after the wide loop stopped.
    pub const WIDTH: usize = 64;

    /// The kernel for the entries of U+0000–U+07FF; `plain` tells whether another code point stays as it is.
    pub fn new(_low: &[u32; 0x800], _plain: impl Fn(char) -> bool) -> Kernel {
        Kernel {}
    }

    /// Map `text` from the cursor on as far as it goes.
    pub fn run<T: Trace>(&self, _text: &[u8], _out: &mut String, _cursor: &mut Cursor, _trace: &mut T) {}
}

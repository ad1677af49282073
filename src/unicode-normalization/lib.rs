//! Stands in for the crate of the same name, which the parser uses for identifiers that are not ASCII (NFKC, PEP 3131).
//!
//! That one links 110 KB of tables. Here the code (of ICU4X) and its tables are a part of the runtime that pages load when a program
//! needs them (`src/modules/parts.txt`): [`needs_normalization`] tells that beforehand, [`enable`] that they are there. Without
//! them identifiers stay as they are written.

use std::sync::atomic::{AtomicBool, Ordering};

use icu_normalizer::ComposingNormalizerBorrowed;

/// Natively everything is in one program.
static ENABLED: AtomicBool = AtomicBool::new(cfg!(not(target_family = "wasm")));

/// From now on the tables are there.
pub fn enable() {
    ENABLED.store(true, Ordering::Relaxed);
}

/// Whether a program may hold identifiers that normalisation changes. The scripts in which whole alphabets are the same in
/// both forms are told apart here; of the others some are asked for in vain.
pub fn needs_normalization(source: &str) -> bool {
    !source.is_ascii()
        && source.chars().any(|c| match c {
            '\0'..='\u{a9}' => false,
            'ª' | '²' | '³' | 'µ' | '¹' | 'º' | '¼'..='¾' | '\u{3038}'..='\u{303a}' => true,
            '\u{ab}'..='\u{131}' | '\u{134}'..='\u{13e}' | '\u{141}'..='\u{148}' | '\u{14a}'..='\u{17e}' => false,
            // Greek and Cyrillic letters.
            '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => c == '\u{387}',
            // Dashes, quotation marks, arrows, signs, box drawing: no part of identifiers.
            '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203a}' | '\u{2190}'..='\u{245f}' | '\u{2500}'..='\u{2bff}' => {
                false
            }
            // Hiragana, Katakana, ideographs, Hangul syllables.
            '\u{3000}'..='\u{3098}' | '\u{309d}' | '\u{309e}' | '\u{30a0}'..='\u{30fe}' => false,
            '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => false,
            // Emoji.
            '\u{1f300}'..='\u{1faff}' => false,
            _ => true,
        })
}

/// What the parser uses of the real crate.
pub trait UnicodeNormalization {
    /// The characters in Normalization Form KC.
    fn nfkc(self) -> std::vec::IntoIter<char>;
}

impl UnicodeNormalization for &str {
    fn nfkc(self) -> std::vec::IntoIter<char> {
        if !ENABLED.load(Ordering::Relaxed) {
            return self.chars().collect::<Vec<_>>().into_iter();
        }
        static COMPOSE: fn(&str) -> Vec<char> = compose;
        // SAFETY: it is a static. The compiler cannot see through the call, which leaves the tables to their part.
        let compose = unsafe { std::ptr::read_volatile(&raw const COMPOSE) };
        compose(self).into_iter()
    }
}

fn compose(text: &str) -> Vec<char> {
    ComposingNormalizerBorrowed::new_nfkc().normalize_iter(text.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::{UnicodeNormalization, compose, needs_normalization};

    #[test]
    fn what_changes_is_noticed() {
        for code in 0..0x11_0000 {
            let Some(c) = char::from_u32(code) else { continue };
            let is_name = c.is_alphanumeric();
            if is_name && compose(&c.to_string()) != [c] {
                assert!(needs_normalization(&c.to_string()), "U+{code:04X}");
            }
        }
        assert!(needs_normalization("e\u{301}"));
        assert!(!needs_normalization("größe = 'naïve' # 漢字, Ελληνικά, кириллица"));
    }

    #[test]
    fn compatibility_forms() {
        assert_eq!("ﬁ".nfkc().collect::<String>(), "fi");
        assert_eq!("e\u{301}Ⅷ".nfkc().collect::<String>(), "éVIII");
    }
}

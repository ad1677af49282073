//! Letter case of whole texts: `str.lower`, `upper`, `title`, `capitalize`, `swapcase`, `casefold`.
//!
//! Full mappings (one to three code points), with the one mapping that depends on its surroundings: a capital sigma at
//! the end of a word becomes a final sigma.

use crate::unicode::{self, Case, Mapped, map_case};
use crate::{OutOfMemory, Text, TextBuilder, Units};

const SIGMA: u32 = 0x3a3;
const SMALL_SIGMA: u32 = 0x3c3;
const FINAL_SIGMA: u32 = 0x3c2;

/// `str.lower()`
pub fn lower(text: &Text) -> Result<Text, OutOfMemory> {
    if let Some(s) = text.as_str_if_ascii() {
        return Text::map_ascii(s.as_bytes(), |_, byte| byte.to_ascii_lowercase());
    }
    map_each(text, |_, _| Case::Lower)
}

/// `str.upper()`
pub fn upper(text: &Text) -> Result<Text, OutOfMemory> {
    if let Some(s) = text.as_str_if_ascii() {
        return Text::map_ascii(s.as_bytes(), |_, byte| byte.to_ascii_uppercase());
    }
    map_each(text, |_, _| Case::Upper)
}

/// `str.casefold()`
pub fn casefold(text: &Text) -> Result<Text, OutOfMemory> {
    if text.is_ascii() { lower(text) } else { map_each(text, |_, _| Case::Fold) }
}

/// `str.capitalize()`: the first character in title case, the rest in lower case.
pub fn capitalize(text: &Text) -> Result<Text, OutOfMemory> {
    if let Some(s) = text.as_str_if_ascii() {
        let each = |i, byte: u8| if i == 0 { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        return Text::map_ascii(s.as_bytes(), each);
    }
    map_each(text, |i, _| if i == 0 { Case::Title } else { Case::Lower })
}

/// `str.title()`: title case where a word begins, that is after anything that has no case.
pub fn title(text: &Text) -> Result<Text, OutOfMemory> {
    let units = text.units();
    map_each(text, |i, _| {
        let inside = i > 0 && unicode::is_cased(units.at(i - 1));
        if inside { Case::Lower } else { Case::Title }
    })
}

/// `str.swapcase()`
pub fn swapcase(text: &Text) -> Result<Text, OutOfMemory> {
    if let Some(s) = text.as_str_if_ascii() {
        let each = |_, byte: u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte };
        return Text::map_ascii(s.as_bytes(), each);
    }
    let mut out = TextBuilder::with_capacity(text.len());
    for (i, code) in text.iter().enumerate() {
        if unicode::is_upper(code) {
            push_mapped(&mut out, text.units(), i, code, Case::Lower);
        } else if unicode::is_lower(code) {
            push_mapped(&mut out, text.units(), i, code, Case::Upper);
        } else {
            out.push(code);
        }
    }
    out.finish()
}

fn map_each(text: &Text, case: impl Fn(usize, u32) -> Case) -> Result<Text, OutOfMemory> {
    let mut out = TextBuilder::with_capacity(text.len());
    for (i, code) in text.iter().enumerate() {
        push_mapped(&mut out, text.units(), i, code, case(i, code));
    }
    out.finish()
}

fn push_mapped(out: &mut TextBuilder, units: Units<'_>, index: usize, code: u32, case: Case) {
    if code == SIGMA && case == Case::Lower {
        out.push(if ends_word(units, index) { FINAL_SIGMA } else { SMALL_SIGMA });
        return;
    }
    match map_case(code, case) {
        Mapped::One(mapped) => out.push(mapped),
        Mapped::Many(mapped) => {
            for unit in mapped {
                if unit != 0 {
                    out.push(unit.into());
                }
            }
        }
    }
}

/// Whether the character at `index` has a cased one before it and none after it, not counting ignorable ones.
fn ends_word(units: Units<'_>, index: usize) -> bool {
    let cased = |code: u32| unicode::is_cased(code);
    let before = units.slice(0, index).iter().rev().find(|&code| !unicode::is_case_ignorable(code));
    if !before.is_some_and(cased) {
        return false;
    }
    let after = units.from(index + 1).iter().find(|&code| !unicode::is_case_ignorable(code));
    !after.is_some_and(cased)
}

//! `str.replace`, `join`, `partition`.

use super::{count, find, rfind};
use crate::{OutOfMemory, Text};

/// `str.replace(old, new, max)`; `usize::MAX` for all.
pub fn replace(text: &Text, old: &Text, new: &Text, max: usize) -> Result<Text, OutOfMemory> {
    if old.len() > text.len() || old == new || max == 0 {
        return text.try_clone();
    }
    let (hay, needle) = (text.units(), old.units());
    let cuts = count(hay, needle, max);
    if cuts == 0 {
        return text.try_clone();
    }
    if cuts < max
        && let (Some(s), &[from], &[to]) = (text.as_str_if_ascii(), old.as_raw_bytes(), new.as_raw_bytes())
        && to.is_ascii()
    {
        return Text::map_ascii(s.as_bytes(), |_, byte| if byte == from { to } else { byte });
    }
    let added = new.len().checked_mul(cuts).ok_or(OutOfMemory)?;
    let len = (text.len() - old.len() * cuts).checked_add(added).ok_or(OutOfMemory)?;
    let mut out = Text::with_capacity(len)?;
    let mut from = 0;
    if old.is_empty() {
        for _ in 0..cuts {
            out.push_text(new)?;
            out.push_slice(text, from, from + 1)?;
            from += 1;
        }
    } else {
        for _ in 0..cuts {
            let Some(index) = find(hay.from(from), needle) else { break };
            out.push_slice(text, from, from + index)?;
            out.push_text(new)?;
            from += index + old.len();
        }
    }
    out.push_slice(text, from, text.len())?;
    Ok(out)
}

/// `sep.join(items)`, in one allocation. The items are walked twice.
pub fn join<'a, I>(sep: &Text, items: I) -> Result<Text, OutOfMemory>
where
    I: Iterator<Item = &'a Text> + Clone,
{
    let mut len = 0usize;
    let mut kind = crate::Kind::Ascii;
    let mut number = 0usize;
    for item in items.clone() {
        len = len.checked_add(item.len()).ok_or(OutOfMemory)?;
        kind = kind.max(item.kind());
        number += 1;
    }
    if number > 1 {
        len = sep.len().checked_mul(number - 1).and_then(|all| all.checked_add(len)).ok_or(OutOfMemory)?;
        kind = kind.max(sep.kind());
    }
    let mut out = Text::with_capacity_for(len, kind)?;
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push_text(sep)?;
        }
        out.push_text(item)?;
    }
    Ok(out)
}

/// `text.partition(sep)` for a `sep` that is not empty.
pub fn partition(text: &Text, sep: &Text) -> Result<[Text; 3], OutOfMemory> {
    match find(text.units(), sep.units()) {
        Some(index) => cut(text, sep, index),
        None => Ok([text.try_clone()?, Text::new(), Text::new()]),
    }
}

/// `text.rpartition(sep)` for a `sep` that is not empty.
pub fn rpartition(text: &Text, sep: &Text) -> Result<[Text; 3], OutOfMemory> {
    match rfind(text.units(), sep.units()) {
        Some(index) => cut(text, sep, index),
        None => Ok([Text::new(), Text::new(), text.try_clone()?]),
    }
}

fn cut(text: &Text, sep: &Text, index: usize) -> Result<[Text; 3], OutOfMemory> {
    Ok([text.slice(0, index)?, sep.try_clone()?, text.slice(index + sep.len(), text.len())?])
}

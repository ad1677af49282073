//! `ljust`, `rjust`, `center`, `zfill`, `expandtabs` of `str`.

use crate::{OutOfMemory, Text};

/// `text` between `left` and `right` fill characters.
pub fn pad(text: &Text, left: usize, right: usize, fill: u32) -> Result<Text, OutOfMemory> {
    let len = left.checked_add(right).and_then(|pad| pad.checked_add(text.len())).ok_or(OutOfMemory)?;
    let mut out = Text::with_capacity(len)?;
    out.push_repeated(fill, left)?;
    out.push_text(text)?;
    out.push_repeated(fill, right)?;
    Ok(out)
}

/// `str.ljust(width, fill)`
pub fn ljust(text: &Text, width: usize, fill: u32) -> Result<Text, OutOfMemory> {
    pad(text, 0, width.saturating_sub(text.len()), fill)
}

/// `str.rjust(width, fill)`
pub fn rjust(text: &Text, width: usize, fill: u32) -> Result<Text, OutOfMemory> {
    pad(text, width.saturating_sub(text.len()), 0, fill)
}

/// `str.center(width, fill)`
pub fn center(text: &Text, width: usize, fill: u32) -> Result<Text, OutOfMemory> {
    let (left, right) = center_margins(text.len(), width);
    pad(text, left, right, fill)
}

/// Left and right margin of `center`: the odd one goes left if the width is odd.
pub fn center_margins(len: usize, width: usize) -> (usize, usize) {
    let margin = width.saturating_sub(len);
    let left = margin / 2 + (margin & width & 1);
    (left, margin - left)
}

/// `str.zfill(width)`: zeros, after a sign if there is one.
pub fn zfill(text: &Text, width: usize) -> Result<Text, OutOfMemory> {
    let zeros = width.saturating_sub(text.len());
    let signed = matches!(text.get(0), Some(0x2b | 0x2d));
    let mut out = Text::with_capacity(text.len().checked_add(zeros).ok_or(OutOfMemory)?)?;
    out.push_slice(text, 0, usize::from(signed))?;
    out.push_repeated(0x30, zeros)?;
    out.push_slice(text, usize::from(signed), text.len())?;
    Ok(out)
}

/// `str.expandtabs(tabsize)`; a size of 0 or less drops the tabs.
pub fn expand_tabs(text: &Text, tab_size: isize) -> Result<Text, OutOfMemory> {
    let mut out = Text::with_capacity(text.len())?;
    let tab = usize::try_from(tab_size).unwrap_or(0);
    let mut column = 0;
    for code in text.iter() {
        if code == 9 {
            if tab > 0 {
                out.push_repeated(0x20, tab - column % tab)?;
                column = 0;
            }
            continue;
        }
        column = if matches!(code, 10 | 13) { 0 } else { column + 1 };
        out.push(code)?;
    }
    Ok(out)
}

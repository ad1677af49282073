//! The four normal forms (Unicode Standard Annex 15). Texts may hold lone surrogates, which stay as they are.

use snakelet_text::Text;

use super::data::{Data, data};

/// A normal form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub compose: bool,
    pub compatibility: bool,
}

impl Form {
    /// The form of this name.
    pub fn by_name(name: &Text) -> Option<Form> {
        let (compose, compatibility) = match name.as_str_if_ascii()? {
            "NFC" => (true, false),
            "NFKC" => (true, true),
            "NFD" => (false, false),
            "NFKD" => (false, true),
            _ => return None,
        };
        Some(Form { compose, compatibility })
    }

    /// One past the code points that are in this form whatever is around them.
    fn safe(self) -> u32 {
        match (self.compose, self.compatibility) {
            (true, false) => 0x300,
            (false, false) => 0xC0,
            _ => 0xA0,
        }
    }
}

// Unicode Standard, section 3.12: Hangul syllables are put together by rule.
const SYLLABLES: u32 = 0xAC00;
const SYLLABLE_COUNT: u32 = 11_172;
const LEADS: u32 = 0x1100;
const LEAD_COUNT: u32 = 19;
const VOWELS: u32 = 0x1161;
const VOWEL_COUNT: u32 = 21;
const TAILS: u32 = 0x11A7;
const TAIL_COUNT: u32 = 28;

/// Whether the text is in the form without a look at any table.
pub fn is_plain(text: &Text, form: Form) -> bool {
    text.as_str_if_ascii().is_some() || text.iter().all(|code| code < form.safe())
}

/// The text's code points in a normal form, as version 3.2 has it if `old`. `None`: there is no room for them.
pub fn normalize(text: &Text, form: Form, old: bool) -> Option<Vec<u32>> {
    let mut run = Decomposition { data: data(), form, old, out: Vec::new(), classes: Vec::new(), start: 0 };
    run.out.try_reserve(text.len() + text.len() / 2).ok()?;
    for code in text.iter() {
        run.out.try_reserve(32).ok()?;
        run.take(code);
    }
    run.order();
    let Decomposition { data, mut out, .. } = run;
    if form.compose {
        compose(data, &mut out);
    }
    Some(out)
}

struct Decomposition {
    data: &'static Data,
    form: Form,
    old: bool,
    out: Vec<u32>,
    /// The combining classes of the last code points of `out`: those that are to be ordered yet.
    classes: Vec<u8>,
    /// Where these begin.
    start: usize,
}

impl Decomposition {
    fn take(&mut self, code: u32) {
        if let Some(index) = code.checked_sub(SYLLABLES).filter(|&index| index < SYLLABLE_COUNT) {
            let (lead, vowel, tail) = (index / 588, index / TAIL_COUNT % VOWEL_COUNT, index % TAIL_COUNT);
            self.push(LEADS + lead);
            self.push(VOWELS + vowel);
            if tail != 0 {
                self.push(TAILS + tail);
            }
            return;
        }
        if code < 0xA0 {
            return self.push(code);
        }
        if self.old {
            if let Some(right) = self.data.correction(code) {
                return self.push(right);
            }
            if self.data.is_new(code) {
                return self.push(code);
            }
        }
        match self.data.decomposition(code) {
            Some((tag, parts)) if tag.is_empty() || self.form.compatibility => {
                for &part in parts {
                    // The mappings of the standard nest a few levels deep.
                    self.take(part);
                }
            }
            _ => self.push(code),
        }
    }

    fn push(&mut self, code: u32) {
        let class = if code < 0x300 { 0 } else { self.data.combining(code, false) };
        if class == 0 {
            self.order();
            self.out.push(code);
            self.start = self.out.len();
        } else {
            self.out.push(code);
            self.classes.push(class);
        }
    }

    /// Brings the combining characters since the last starter in order.
    fn order(&mut self) {
        if self.classes.len() > 1 && !self.classes.is_sorted() {
            let codes = &mut self.out[self.start..];
            let mut pairs: Vec<(u8, u32)> = self.classes.iter().copied().zip(codes.iter().copied()).collect();
            pairs.sort_by_key(|&(class, _)| class);
            for (place, (_, code)) in codes.iter_mut().zip(pairs) {
                *place = code;
            }
        }
        self.classes.clear();
    }
}

/// Puts ordered code points together where they are.
fn compose(data: &Data, codes: &mut Vec<u32>) {
    let mut len = 0;
    // The place of the last starter, and the class of what was kept last behind it.
    let (mut starter, mut last_class) = (None, 0);
    for at in 0..codes.len() {
        let code = codes[at];
        let class = if code < 0x300 { 0 } else { data.combining(code, false) };
        if let Some(place) = starter {
            let adjacent = len == place + 1;
            let open = adjacent || (last_class != 0 && last_class < class);
            if open && let Some(composed) = pair(data, codes[place], code) {
                codes[place] = composed;
                continue;
            }
        }
        if class == 0 {
            starter = Some(len);
        }
        last_class = class;
        codes[len] = code;
        len += 1;
    }
    codes.truncate(len);
}

fn pair(data: &Data, first: u32, second: u32) -> Option<u32> {
    if let (Some(lead), Some(vowel)) = (first.checked_sub(LEADS), second.checked_sub(VOWELS))
        && lead < LEAD_COUNT
        && vowel < VOWEL_COUNT
    {
        return Some(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TAIL_COUNT);
    }
    if let (Some(index), Some(tail)) = (first.checked_sub(SYLLABLES), second.checked_sub(TAILS))
        && index < SYLLABLE_COUNT
        && index.is_multiple_of(TAIL_COUNT)
        && (1..TAIL_COUNT).contains(&tail)
    {
        return Some(first + tail);
    }
    data.composition(first, second)
}

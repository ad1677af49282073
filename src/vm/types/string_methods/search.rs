//! `find`, `index`, `count`, `startswith` and their kin.

use snakelet_macros::methods;
use snakelet_text::search::{self, clip_range};
use snakelet_text::{Text, Units};

use crate::native::Clamped;
use crate::types::string::Str;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm};

/// The optional start and end of a search.
type Limits = (Option<Clamped>, Option<Clamped>);

/// The part of `units` that the limits leave, and where it starts; `None` if not even the empty string is between them.
pub(crate) fn part(units: Units<'_>, (start, end): Limits) -> Option<(usize, Units<'_>)> {
    let start = start.map_or(0, |start| start.0);
    let end = end.map_or(isize::MAX, |end| end.0);
    let (start, end) = clip_range(start, end, units.len())?;
    Some((start, units.slice(start, end)))
}

/// Where `find` finds `sub` within the limits.
pub(crate) fn locate(
    units: Units<'_>,
    sub: Units<'_>,
    limits: Limits,
    find: fn(Units<'_>, Units<'_>) -> Option<usize>,
) -> Option<usize> {
    let (start, part) = part(units, limits)?;
    find(part, sub).map(|at| at + start)
}

fn or_minus_one(at: Option<usize>) -> Value {
    at.map_or(Value::small_int(-1), Value::from_usize)
}

fn or_error(vm: &Vm, at: Option<usize>) -> PyResult {
    at.map(Value::from_usize).ok_or_else(|| vm.value_error("substring not found"))
}

/// `startswith` and `endswith`.
fn has_affix(
    vm: &Vm,
    this: &Str,
    affix: &Value,
    limits: Limits,
    name: &str,
    test: fn(Units<'_>, Units<'_>) -> bool,
) -> PyResult<bool> {
    let part = part(this.text().units(), limits);
    let matches = |affix: &Text| part.is_some_and(|(_, part)| test(part, affix.units()));
    if let Some(affix) = affix.as_text() {
        return Ok(matches(affix));
    }
    let Some(affixes) = affix.downcast::<Tuple>() else {
        let other = vm.type_name(affix);
        return Err(vm.type_error(format!("{name} first arg must be str or a tuple of str, not {other}")));
    };
    for affix in affixes.items() {
        let Some(affix) = affix.as_text() else {
            let other = vm.type_name(affix);
            return Err(vm.type_error(format!("tuple for {name} must only contain str, not {other}")));
        };
        if matches(affix) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[methods(block = SEARCH)]
impl Str {
    /// The lowest index at which the substring is found within the limits, or -1.
    #[method("find(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn find(this: &Str, sub: &Text, start: Option<Clamped>, end: Option<Clamped>) -> Value {
        or_minus_one(locate(this.text().units(), sub.units(), (start, end), search::find))
    }

    /// The highest index at which the substring is found within the limits, or -1.
    #[method("rfind(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn rfind(this: &Str, sub: &Text, start: Option<Clamped>, end: Option<Clamped>) -> Value {
        or_minus_one(locate(this.text().units(), sub.units(), (start, end), search::rfind))
    }

    /// The lowest index at which the substring is found within the limits; ValueError if there is none.
    #[method("index(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn index(vm: &Vm, this: &Str, sub: &Text, start: Option<Clamped>, end: Option<Clamped>) -> PyResult {
        or_error(vm, locate(this.text().units(), sub.units(), (start, end), search::find))
    }

    /// The highest index at which the substring is found within the limits; ValueError if there is none.
    #[method("rindex(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn rindex(vm: &Vm, this: &Str, sub: &Text, start: Option<Clamped>, end: Option<Clamped>) -> PyResult {
        or_error(vm, locate(this.text().units(), sub.units(), (start, end), search::rfind))
    }

    /// How often the substring occurs within the limits, without overlaps.
    #[method("count(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
    fn count(this: &Str, sub: &Text, start: Option<Clamped>, end: Option<Clamped>) -> usize {
        let part = part(this.text().units(), (start, end));
        part.map_or(0, |(_, part)| search::count(part, sub.units(), usize::MAX))
    }

    /// Whether the text (within the limits) starts with a prefix, or with one of a tuple of them.
    #[method("startswith(self, prefix, start=None, end=None, /)", text = "($self, prefix[, start[, end]], /)")]
    fn startswith(vm: &Vm, this: &Str, prefix: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult<bool> {
        has_affix(vm, this, prefix, (start, end), "startswith", |part, prefix| part.starts_with(prefix))
    }

    /// Whether the text (within the limits) ends with a suffix, or with one of a tuple of them.
    #[method("endswith(self, suffix, start=None, end=None, /)", text = "($self, suffix[, start[, end]], /)")]
    fn endswith(vm: &Vm, this: &Str, suffix: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult<bool> {
        has_affix(vm, this, suffix, (start, end), "endswith", |part, suffix| part.ends_with(suffix))
    }
}

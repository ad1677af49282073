//! `split`, `rsplit`, `splitlines`, `partition`, `join`.

use snakelet_macros::methods;
use snakelet_text::Text;
use snakelet_text::search::{self, Flavor, RSplit, RSplitWhitespace, Range, Split, SplitLines, SplitWhitespace};

use crate::types::list::List;
use crate::types::string::{Str, exact};
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm};

/// How many cuts `maxsplit` allows.
pub(crate) fn cuts(maxsplit: isize) -> usize {
    usize::try_from(maxsplit).unwrap_or(usize::MAX)
}

/// A list of the parts of `this` (whose text is `text`) at these ranges.
fn parts(vm: &Vm, this: &Value, text: &Text, ranges: impl Iterator<Item = Range>, reverse: bool) -> PyResult {
    let mut items = Vec::new();
    for (start, stop) in ranges {
        let whole = stop - start == text.len();
        let item = if whole { exact(vm, this)? } else { vm.substring(text, start, stop)? };
        vm.reserve(&mut items, 1)?;
        items.push(item);
    }
    if reverse {
        items.reverse();
    }
    Ok(Value::from_list(items))
}

/// The separator, `None` for white space.
fn separator<'a>(vm: &Vm, sep: Option<&'a Value>) -> PyResult<Option<&'a Text>> {
    let Some(sep) = sep else { return Ok(None) };
    match sep.as_text() {
        Some(sep) if sep.is_empty() => Err(vm.value_error("empty separator")),
        Some(sep) => Ok(Some(sep)),
        None => {
            let name = vm.type_name(sep);
            Err(vm.type_error(format!("must be str or None, not {name}")))
        }
    }
}

/// `partition` or `rpartition`: the three parts around the separator at an index.
fn partition(
    vm: &Vm,
    this: &Value,
    sep: &Value,
    find: fn(snakelet_text::Units<'_>, snakelet_text::Units<'_>) -> Option<usize>,
    from_right: bool,
) -> PyResult {
    let Some(text) = this.as_text() else { return Ok(Value::NONE) };
    let Some(separator) = sep.as_text() else {
        let name = vm.type_name(sep);
        return Err(vm.type_error(format!("must be str, not {name}")));
    };
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let empty = || crate::name!(@ "");
    Ok(Value::from_tuple(match find(text.units(), separator.units()) {
        Some(at) => {
            vec![vm.substring(text, 0, at)?, exact(vm, sep)?, vm.substring(text, at + separator.len(), text.len())?]
        }
        None if from_right => vec![empty(), empty(), exact(vm, this)?],
        None => vec![exact(vm, this)?, empty(), empty()],
    }))
}

/// `sep.join(items)`.
pub(crate) fn join(vm: &Vm, sep: &Text, items: &[Value]) -> PyResult {
    if let [item] = items
        && item.downcast_exact::<Str>().is_some()
    {
        return Ok(item.clone());
    }
    let (mut length, mut width) = (0usize, 1);
    for (index, item) in items.iter().enumerate() {
        let Some(text) = item.as_text() else {
            let name = vm.type_name(item);
            return Err(vm.type_error(format!("sequence item {index}: expected str instance, {name} found")));
        };
        length = length.saturating_add(text.len()).saturating_add(sep.len());
        width = width.max(text.kind().width());
    }
    vm.check_size(length.saturating_mul(width))?;
    if items.is_empty() {
        return Ok(crate::name!(@ ""));
    }
    vm.new_text(search::join(sep, items.iter().filter_map(Value::as_text)))
}

#[methods(block = SPLIT)]
impl Str {
    /// A list of the parts between separators (runs of white space if None), of at most `maxsplit` cuts from the left.
    #[method("split(self, /, sep=None, maxsplit=-1)")]
    fn split(vm: &Vm, this: &Value, sep: Option<&Value>, maxsplit: isize) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        match separator(vm, sep)? {
            Some(sep) => parts(vm, this, text, Split::new(text.units(), sep.units(), cuts(maxsplit)), false),
            None => parts(vm, this, text, SplitWhitespace::new(text.units(), Flavor::Str, cuts(maxsplit)), false),
        }
    }

    /// A list of the parts between separators (runs of white space if None), of at most `maxsplit` cuts from the right.
    #[method("rsplit(self, /, sep=None, maxsplit=-1)")]
    fn rsplit(vm: &Vm, this: &Value, sep: Option<&Value>, maxsplit: isize) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        match separator(vm, sep)? {
            Some(sep) => parts(vm, this, text, RSplit::new(text.units(), sep.units(), cuts(maxsplit)), true),
            None => parts(vm, this, text, RSplitWhitespace::new(text.units(), Flavor::Str, cuts(maxsplit)), true),
        }
    }

    /// A list of the lines, without their ends unless `keepends` is true.
    #[method("splitlines(self, /, keepends=False)")]
    fn splitlines(vm: &Vm, this: &Value, keepends: bool) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        parts(vm, this, text, SplitLines::new(text.units(), Flavor::Str, keepends), false)
    }

    /// The part before the first separator, the separator, and the part after it.
    #[method("partition(self, sep, /)")]
    fn partition(vm: &Vm, this: &Value, sep: &Value) -> PyResult {
        partition(vm, this, sep, search::find, false)
    }

    /// The part before the last separator, the separator, and the part after it.
    #[method("rpartition(self, sep, /)")]
    fn rpartition(vm: &Vm, this: &Value, sep: &Value) -> PyResult {
        partition(vm, this, sep, search::rfind, true)
    }

    /// The strs of an iterable, with this one between them.
    #[method("join(self, iterable, /)")]
    fn join(vm: &Vm, this: &Value, iterable: &Value) -> PyResult {
        let Some(sep) = this.as_text() else { return Ok(Value::NONE) };
        if let Some(list) = iterable.downcast_exact::<List>() {
            return join(vm, sep, list.items.borrow());
        }
        if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
            return join(vm, sep, tuple.items());
        }
        let slots = vm.type_of(iterable).slots();
        if slots.iter.is_none() && slots.getitem.is_none() {
            return Err(vm.type_error("can only join an iterable"));
        }
        let this = this.clone();
        vm.collect_then(iterable, move |vm, items| match this.as_text() {
            Some(sep) => join(vm, sep, &items),
            None => Ok(Value::NONE),
        })
    }
}

//! `re.Pattern` and its scanners.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_text::Units;
use snakelet_vm::native::{ArgBytes, Clamped, Native};
use snakelet_vm::types::mapping_proxy::MappingProxy;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

use super::engine::{Machine, Outcome};
use super::matched::{Joiner, Match, Template, is_literal, slice};
use super::program::Program;

/// The payload of compiled patterns.
#[native_type(name = "Pattern", module = "re", doc = "Compiled regular expression object.", flags(weak_references))]
pub struct Pattern {
    pattern: Value,
    flags: i64,
    #[skip_traverse]
    program: Program,
    pub groups: usize,
    pub groupindex: Value,
    pub indexgroup: Ref<Tuple>,
}

/// The payload of scanners.
#[native_type(name = "SRE_Scanner", module = "_sre")]
pub struct Scanner {
    pattern: Ref<Pattern>,
    string: Value,
    position: Cell<usize>,
    end: usize,
    /// The last match was empty: the next must not be at the same place.
    not_empty: Cell<bool>,
    finished: Cell<bool>,
}

impl Pattern {
    pub fn make(
        pattern: Value,
        flags: i64,
        program: Program,
        groups: usize,
        groupindex: Value,
        indexgroup: Ref<Tuple>,
    ) -> Value {
        Pattern { pattern, flags, program, groups, groupindex, indexgroup }.into_value()
    }

    /// The length of a string that the pattern can be used on.
    fn length(&self, vm: &Vm, string: &Value) -> PyResult<usize> {
        let wants_text = self.pattern.as_text().is_some();
        let any = self.pattern.is_none();
        match (string.as_text(), ArgBytes::of(string)) {
            (Some(text), _) if wants_text || any => Ok(text.len()),
            (Some(_), _) => Err(vm.type_error("cannot use a bytes pattern on a string-like object")),
            (None, Some(bytes)) if !wants_text || any => Ok(bytes.len()),
            (None, Some(_)) => Err(vm.type_error("cannot use a string pattern on a bytes-like object")),
            (None, None) => {
                let got = vm.type_name(string);
                Err(vm.type_error(format!("expected string or bytes-like object, got '{got}'")))
            }
        }
    }

    fn bounds(&self, vm: &Vm, string: &Value, start: Clamped, end: Clamped) -> PyResult<(usize, usize)> {
        let length = self.length(vm, string)?;
        // The start may lie behind the end; then nothing matches, not even the empty string.
        let place = |at: Clamped| (at.0.max(0) as usize).min(length);
        Ok((place(start), place(end)))
    }
}

/// How to look.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Match,
    Full,
    Search,
}

/// Operations that run before others get a chance.
const SLICE: u32 = 20_000;

/// Looks from `start` on; false if there is no match.
async fn find(
    vm: &Vm,
    pattern: &Ref<Pattern>,
    string: &Value,
    machine: &mut Machine,
    (start, end): (usize, usize),
    how: How,
    not_empty: bool,
) -> PyResult<bool> {
    let program = &pattern.program;
    let first = program.start.as_ref().filter(|_| how == How::Search);
    let mut at = start;
    let mut begun = false;
    machine.set_exact(pattern.program.has_conditions);
    loop {
        let mut steps = SLICE;
        // The string is looked at anew after each pause: a bytearray may have changed.
        let bytes = ArgBytes::of(string);
        let units = match (string.as_text(), &bytes) {
            (Some(text), _) => text.units(),
            (None, Some(bytes)) => Units::One(bytes),
            (None, None) => return Ok(false),
        };
        if units.len() < end {
            return Ok(false);
        }
        let outcome = loop {
            if !begun {
                if let Some(first) = first {
                    if at >= end {
                        break Outcome::Failed;
                    }
                    let found = match units {
                        Units::One(bytes) => {
                            bytes[at..end].iter().position(|&byte| first.may_be(&program.code, u32::from(byte)))
                        }
                        wide => (at..end).position(|index| first.may_be(&program.code, wide.at(index))),
                    };
                    let Some(distance) = found else { break Outcome::Failed };
                    at += distance;
                }
                if at > end || end - at < program.min {
                    break Outcome::Failed;
                }
                machine.begin(at, how == How::Full, not_empty && at == start);
                begun = true;
            }
            match machine.run(program, units, &mut steps, 8 << 20) {
                Outcome::Failed if how == How::Search && at < end && !program.anchored => {
                    at += 1;
                    begun = false;
                    steps = steps.saturating_sub(1);
                    if steps == 0 {
                        break Outcome::Paused;
                    }
                }
                other => break other,
            }
        };
        drop(bytes);
        match outcome {
            Outcome::Matched => {
                vm.breathe((SLICE - steps) / 8).await?;
                return Ok(true);
            }
            Outcome::Failed => {
                vm.breathe((SLICE - steps) / 8).await?;
                return Ok(false);
            }
            Outcome::OutOfMemory => return Err(vm.memory_error()),
            Outcome::Paused => vm.breathe(SLICE / 8).await?,
        }
    }
}

async fn one(vm: VmRef, this: Ref<Pattern>, string: Value, pos: Clamped, endpos: Clamped, how: How) -> PyResult {
    let bounds = this.bounds(&vm, &string, pos, endpos)?;
    let mut machine = Machine::new(this.groups, bounds.0, bounds.1);
    Ok(match find(&vm, &this, &string, &mut machine, bounds, how, false).await? {
        true => Match::make(&this, &string, bounds, &machine).into_value(),
        false => Value::NONE,
    })
}

/// The matches of a search one after the other; empty ones right after another match are left out as CPython does.
struct Walk {
    machine: Machine,
    bounds: (usize, usize),
    position: usize,
    not_empty: bool,
}

impl Walk {
    fn new(pattern: &Pattern, bounds: (usize, usize)) -> Walk {
        Walk { machine: Machine::new(pattern.groups, bounds.0, bounds.1), bounds, position: bounds.0, not_empty: false }
    }

    /// Start and end of the next match.
    async fn next(&mut self, vm: &Vm, pattern: &Ref<Pattern>, string: &Value) -> PyResult<Option<(usize, usize)>> {
        if self.position > self.bounds.1 {
            return Ok(None);
        }
        let bounds = (self.position, self.bounds.1);
        if !find(vm, pattern, string, &mut self.machine, bounds, How::Search, self.not_empty).await? {
            self.position = self.bounds.1 + 1;
            return Ok(None);
        }
        let span = self.machine.span(0).unwrap_or((0, 0));
        self.not_empty = span.0 == span.1;
        self.position = span.1;
        Ok(Some(span))
    }
}

/// `sub` and `subn`: the new string and the number of replacements.
async fn substitute(
    vm: &Vm,
    this: &Ref<Pattern>,
    repl: Value,
    string: Value,
    count: usize,
) -> PyResult<(Value, usize)> {
    let bounds = (0, this.length(vm, &string)?);
    let callable = vm.type_of(&repl).slots().call.is_some();
    let template = if callable || is_literal(&repl) {
        None
    } else {
        let re = snakelet_vm::import::import_module(vm, "re").await?;
        let compile = vm.attr(&re, "_compile_template").await?;
        let compiled = vm.call(&compile, vec![this.value(), repl.clone()]).await?;
        compiled.to_ref::<Template>()
    };
    let mut walk = Walk::new(this, bounds);
    let mut joiner = Joiner::like(&string);
    let (mut done, mut last) = (0, 0);
    while count == 0 || done < count {
        let Some((start, end)) = walk.next(vm, this, &string).await? else { break };
        joiner.push_slice(vm, &string, last, start)?;
        if callable {
            let matched = Match::make(this, &string, bounds, &walk.machine);
            let piece = vm.call(&repl, vec![matched.into_value()]).await?;
            if !piece.is_none() {
                joiner.push(vm, &piece)?;
            }
        } else if let Some(template) = &template {
            let matched = Match::make(this, &string, bounds, &walk.machine);
            template.expand(vm, &matched, &mut joiner)?;
        } else {
            joiner.push(vm, &repl)?;
        }
        last = end;
        done += 1;
    }
    if done == 0 {
        return Ok((slice(vm, &string, 0, bounds.1)?, 0));
    }
    joiner.push_slice(vm, &string, last, bounds.1)?;
    Ok((joiner.finish(vm)?, done))
}

/// Names of the flags that a repr shows.
const FLAGS: [(i64, &str); 7] = [
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];

#[methods]
impl Pattern {
    /// Matches zero or more characters at the beginning of the string.
    #[method("match(self, /, string, pos=0, endpos=sys.maxsize)")]
    async fn match_(
        vm: VmRef,
        this: Ref<Pattern>,
        string: Value,
        pos: Option<Clamped>,
        endpos: Option<Clamped>,
    ) -> PyResult {
        one(vm, this, string, pos.unwrap_or(Clamped(0)), endpos.unwrap_or(Clamped(isize::MAX)), How::Match).await
    }

    /// Matches against all of the string.
    #[method("fullmatch(self, /, string, pos=0, endpos=sys.maxsize)")]
    async fn fullmatch(
        vm: VmRef,
        this: Ref<Pattern>,
        string: Value,
        pos: Option<Clamped>,
        endpos: Option<Clamped>,
    ) -> PyResult {
        one(vm, this, string, pos.unwrap_or(Clamped(0)), endpos.unwrap_or(Clamped(isize::MAX)), How::Full).await
    }

    /// Scan through string looking for a match, and return a corresponding match object instance.
    ///
    /// Return None if no position in the string matches.
    #[method("search(self, /, string, pos=0, endpos=sys.maxsize)")]
    async fn search(
        vm: VmRef,
        this: Ref<Pattern>,
        string: Value,
        pos: Option<Clamped>,
        endpos: Option<Clamped>,
    ) -> PyResult {
        one(vm, this, string, pos.unwrap_or(Clamped(0)), endpos.unwrap_or(Clamped(isize::MAX)), How::Search).await
    }

    /// Return a list of all non-overlapping matches of pattern in string.
    #[method("findall(self, /, string, pos=0, endpos=sys.maxsize)")]
    async fn findall(
        vm: VmRef,
        this: Ref<Pattern>,
        string: Value,
        pos: Option<Clamped>,
        endpos: Option<Clamped>,
    ) -> PyResult<Vec<Value>> {
        let bounds = this.bounds(&vm, &string, pos.unwrap_or(Clamped(0)), endpos.unwrap_or(Clamped(isize::MAX)))?;
        let mut walk = Walk::new(&this, bounds);
        let mut found = Vec::new();
        let empty = slice(&vm, &string, 0, 0)?;
        while let Some((start, end)) = walk.next(&vm, &this, &string).await? {
            let text = |group: usize| match walk.machine.span(group) {
                Some((start, end)) => slice(&vm, &string, start, end),
                None => Ok(empty.clone()),
            };
            let item = match this.groups {
                0 => slice(&vm, &string, start, end)?,
                1 => text(1)?,
                groups => Value::from_tuple((1..=groups).map(text).collect::<PyResult<Vec<Value>>>()?),
            };
            vm.reserve(&mut found, 1)?;
            found.push(item);
        }
        Ok(found)
    }

    /// Return an iterator over all non-overlapping matches for the RE pattern in string.
    #[method("finditer(self, /, string, pos=0, endpos=sys.maxsize)")]
    fn finditer(
        vm: &Vm,
        this: Ref<Pattern>,
        string: &Value,
        pos: Option<Clamped>,
        endpos: Option<Clamped>,
    ) -> PyResult {
        let scanner = Pattern::scanner(vm, this, string, pos, endpos)?;
        Ok(MatchIterator { scanner }.into_value())
    }

    #[method("scanner(self, /, string, pos=0, endpos=sys.maxsize)")]
    fn scanner(vm: &Vm, this: Ref<Pattern>, string: &Value, pos: Option<Clamped>, endpos: Option<Clamped>) -> PyResult {
        let (start, end) = this.bounds(vm, string, pos.unwrap_or(Clamped(0)), endpos.unwrap_or(Clamped(isize::MAX)))?;
        let scanner = Scanner {
            pattern: this,
            string: string.clone(),
            position: Cell::new(start),
            end,
            not_empty: Cell::new(false),
            finished: Cell::new(false),
        };
        Ok(scanner.into_value())
    }

    /// Split string by the occurrences of pattern.
    #[method("split(self, /, string, maxsplit=0)")]
    async fn split(vm: VmRef, this: Ref<Pattern>, string: Value, maxsplit: isize) -> PyResult<Vec<Value>> {
        let bounds = (0, this.length(&vm, &string)?);
        let mut walk = Walk::new(&this, bounds);
        let (mut pieces, mut last, mut done) = (Vec::new(), 0, 0);
        while maxsplit == 0 || (done as isize) < maxsplit {
            let Some((start, end)) = walk.next(&vm, &this, &string).await? else { break };
            pieces.push(slice(&vm, &string, last, start)?);
            for group in 1..=this.groups {
                pieces.push(match walk.machine.span(group) {
                    Some((start, end)) => slice(&vm, &string, start, end)?,
                    None => Value::NONE,
                });
            }
            vm.reserve(&mut pieces, this.groups + 1)?;
            last = end;
            done += 1;
        }
        pieces.push(slice(&vm, &string, last, bounds.1)?);
        Ok(pieces)
    }

    /// Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by repl.
    #[method("sub(self, /, repl, string, count=0)")]
    async fn sub(vm: VmRef, this: Ref<Pattern>, repl: Value, string: Value, count: isize) -> PyResult {
        substitute(&vm, &this, repl, string, count.max(0) as usize).await.map(|(text, _)| text)
    }

    /// Return the tuple (new_string, number_of_subs_made) found by replacing the occurrences of pattern with repl.
    #[method("subn(self, /, repl, string, count=0)")]
    async fn subn(vm: VmRef, this: Ref<Pattern>, repl: Value, string: Value, count: isize) -> PyResult {
        let (text, done) = substitute(&vm, &this, repl, string, count.max(0) as usize).await?;
        Ok(Value::from_tuple(vec![text, Value::from_usize(done)]))
    }

    /// The pattern string from which the RE object was compiled.
    #[getter("pattern")]
    fn pattern(this: &Pattern) -> Value {
        this.pattern.clone()
    }

    /// The regex matching flags.
    #[getter("flags")]
    fn flags(this: &Pattern) -> i64 {
        this.flags
    }

    /// The number of capturing groups in the pattern.
    #[getter("groups")]
    fn groups(this: &Pattern) -> usize {
        this.groups
    }

    /// A dictionary mapping group names to group numbers.
    #[getter("groupindex")]
    fn groupindex(this: &Pattern) -> Value {
        MappingProxy::new(this.groupindex.clone()).into_value()
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Pattern>) -> PyResult<String> {
        let shown: String = vm.repr(&this.pattern).await?.to_string_lossy().chars().take(200).collect();
        // Strs imply the Unicode flag.
        let mut flags = if this.pattern.as_text().is_some() { this.flags & !32 } else { this.flags };
        let mut names: Vec<String> = Vec::new();
        for (flag, name) in FLAGS {
            if flags & flag != 0 {
                names.push(name.to_string());
                flags &= !flag;
            }
        }
        if flags != 0 {
            names.push(format!("{flags:#x}"));
        }
        Ok(if names.is_empty() {
            format!("re.compile({shown})")
        } else {
            format!("re.compile({shown}, {})", names.join("|"))
        })
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(a), Some(b)) = (left.downcast::<Pattern>(), right.downcast::<Pattern>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if a.flags != b.flags || a.program != b.program {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        vm.rich_compare(&a.pattern, &b.pattern, op)
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Pattern) -> PyResult {
        vm.hash_of(&this.pattern)
    }

    #[method("__copy__(self, /)")]
    fn copy(this: &Value) -> Value {
        this.clone()
    }

    #[method("__deepcopy__(self, memo, /)")]
    fn deepcopy(this: &Value, memo: &Value) -> Value {
        let _ = memo;
        this.clone()
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}

async fn scan(vm: &Vm, this: &Ref<Scanner>, how: How) -> PyResult {
    if this.finished.get() {
        return Ok(Value::NONE);
    }
    let bounds = (this.position.get(), this.end);
    let mut machine = Machine::new(this.pattern.groups, bounds.0, bounds.1);
    if !find(vm, &this.pattern, &this.string, &mut machine, bounds, how, this.not_empty.get()).await? {
        this.finished.set(true);
        return Ok(Value::NONE);
    }
    let (start, end) = machine.span(0).unwrap_or((0, 0));
    this.not_empty.set(start == end);
    this.position.set(end);
    Ok(Match::make(&this.pattern, &this.string, (bounds.0, this.end), &machine).into_value())
}

#[methods]
impl Scanner {
    #[method("match(self, /)")]
    async fn scan_match(vm: VmRef, this: Ref<Scanner>) -> PyResult {
        scan(&vm, &this, How::Match).await
    }

    #[method("search(self, /)")]
    async fn scan_search(vm: VmRef, this: Ref<Scanner>) -> PyResult {
        scan(&vm, &this, How::Search).await
    }

    #[getter("pattern")]
    fn scanned_pattern(this: &Scanner) -> Value {
        this.pattern.value()
    }
}

/// The payload of what `finditer` returns.
#[native_type(name = "callable_iterator")]
pub struct MatchIterator {
    scanner: Value,
}

#[methods]
impl MatchIterator {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<MatchIterator>) -> PyResult {
        let Some(scanner) = this.scanner.to_ref::<Scanner>() else { return Ok(Value::UNBOUND) };
        let found = scan(&vm, &scanner, How::Search).await?;
        Ok(if found.is_none() { Value::UNBOUND } else { found })
    }
}

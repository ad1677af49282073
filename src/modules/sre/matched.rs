//! `re.Match`, and the templates of replacements.

use snakelet_macros::{methods, native_type};
use snakelet_text::{Text, TextBuilder};
use snakelet_vm::native::{ArgBytes, Native};
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

use super::engine::{Machine, NONE};
use super::pattern::Pattern;

/// The payload of matches.
#[native_type(name = "Match", module = "re", doc = "The result of re.match() and re.search().")]
pub struct Match {
    pub pattern: Ref<Pattern>,
    pub string: Value,
    position: usize,
    end: usize,
    /// Start and end of each group, the whole first.
    spans: Vec<usize>,
    last_index: usize,
}

/// The payload of templates: literals and group numbers in turn.
#[native_type(name = "SRE_Template", module = "_sre")]
pub struct Template {
    parts: Vec<Value>,
}

impl Template {
    pub fn make(parts: Vec<Value>) -> Value {
        Template { parts }.into_value()
    }
}

/// A piece of the searched string.
pub fn slice(vm: &Vm, string: &Value, start: usize, end: usize) -> PyResult {
    let end = end.max(start);
    if let Some(text) = string.as_text() {
        if start == 0 && end == text.len() && string.downcast_exact::<snakelet_vm::types::string::Str>().is_some() {
            return Ok(string.clone());
        }
        return vm.new_text(text.slice(start.min(text.len()), end.min(text.len())));
    }
    let bytes = ArgBytes::of(string);
    let bytes: &[u8] = bytes.as_deref().unwrap_or(&[]);
    let piece = bytes.get(start.min(bytes.len())..end.min(bytes.len())).unwrap_or(&[]);
    Ok(Bytes::new(piece.to_vec()).into_value())
}

impl Match {
    pub fn make(pattern: &Ref<Pattern>, string: &Value, bounds: (usize, usize), machine: &Machine) -> Ref<Match> {
        let mut spans = Vec::with_capacity(pattern.groups * 2 + 2);
        for group in 0..=pattern.groups {
            let (start, end) = machine.span(group).unwrap_or((NONE, NONE));
            spans.extend([start, end]);
        }
        Match {
            pattern: pattern.clone(),
            string: string.clone(),
            position: bounds.0,
            end: bounds.1,
            spans,
            last_index: machine.last_index,
        }
        .into_object()
    }

    /// Start and end of a group that took part.
    pub fn span_of(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.spans[group * 2], self.spans[group * 2 + 1]);
        if start == NONE { None } else { Some((start, end)) }
    }

    /// A group's text, or the default.
    pub fn text_of(&self, vm: &Vm, group: usize, default: &Value) -> PyResult {
        match self.span_of(group) {
            Some((start, end)) => slice(vm, &self.string, start, end),
            None => Ok(default.clone()),
        }
    }

    /// The number of the group that the argument names.
    fn index_of(&self, vm: &Vm, group: &Value) -> PyResult<usize> {
        let index = if group.as_text().is_none()
            && let Some(Ok(number)) = vm.index_now(group)
        {
            number.to_i64().and_then(|index| usize::try_from(index).ok())
        } else {
            let dict = self.pattern.groupindex.downcast::<Dict>();
            let found = dict.and_then(|dict| dict.get_now(vm, group)).transpose()?.flatten();
            found.and_then(|index| index.to_i64()).map(|index| index as usize)
        };
        match index {
            Some(index) if index <= self.pattern.groups => Ok(index),
            _ => Err(vm.index_error("no such group")),
        }
    }

    /// The texts of some groups, one or a tuple.
    fn texts(&self, vm: &Vm, groups: &[Value]) -> PyResult {
        let text = |group: &Value| self.text_of(vm, self.index_of(vm, group)?, &Value::NONE);
        match groups {
            [] => self.text_of(vm, 0, &Value::NONE),
            [group] => text(group),
            groups => groups.iter().map(text).collect::<PyResult<Vec<Value>>>().map(Value::from_tuple),
        }
    }

    fn names(&self) -> Vec<(Value, usize)> {
        let Some(dict) = self.pattern.groupindex.downcast::<Dict>() else { return Vec::new() };
        dict.table
            .borrow()
            .iter()
            .map(|entry| (entry.key.clone(), entry.value.to_i64().unwrap_or(0) as usize))
            .collect()
    }
}

/// Puts strs or bytes together.
pub struct Joiner {
    text: Option<TextBuilder>,
    bytes: Vec<u8>,
}

impl Joiner {
    pub fn like(string: &Value) -> Joiner {
        Joiner { text: string.as_text().map(|_| TextBuilder::new()), bytes: Vec::new() }
    }

    /// Adds a str or bytes.
    pub fn push(&mut self, vm: &Vm, piece: &Value) -> PyResult<()> {
        match (&mut self.text, piece.as_text(), ArgBytes::of(piece)) {
            (Some(builder), Some(text), _) => builder.push_text(text),
            (None, _, Some(bytes)) => {
                vm.reserve(&mut self.bytes, bytes.len())?;
                self.bytes.extend_from_slice(&bytes);
            }
            (expected, ..) => {
                let kind = if expected.is_some() { "str instance" } else { "a bytes-like object" };
                let got = vm.type_name(piece);
                return Err(vm.type_error(format!("sequence item 1: expected {kind}, {got} found")));
            }
        }
        Ok(())
    }

    /// Adds a part of the searched string.
    pub fn push_slice(&mut self, vm: &Vm, string: &Value, start: usize, end: usize) -> PyResult<()> {
        if let (Some(builder), Some(text)) = (&mut self.text, string.as_text()) {
            builder.push_slice(text, start, end.max(start));
            return Ok(());
        }
        let piece = slice(vm, string, start, end)?;
        self.push(vm, &piece)
    }

    pub fn finish(self, vm: &Vm) -> PyResult {
        match self.text {
            Some(builder) => vm.new_text(builder.finish()),
            None => Ok(Bytes::new(self.bytes).into_value()),
        }
    }
}

impl Template {
    /// The replacement for a match.
    pub fn expand(&self, vm: &Vm, matched: &Match, joiner: &mut Joiner) -> PyResult<()> {
        for part in &self.parts {
            match part.to_i64().filter(|_| part.is_int()) {
                Some(group) => {
                    if let Some((start, end)) =
                        matched.spans.get(group as usize * 2).and(matched.span_of(group as usize))
                    {
                        joiner.push_slice(vm, &matched.string, start, end)?;
                    }
                }
                None => joiner.push(vm, part)?,
            }
        }
        Ok(())
    }
}

fn number(position: usize) -> Value {
    if position == NONE { Value::small_int(-1) } else { Value::from_usize(position) }
}

#[methods]
impl Match {
    /// group([group1, ...]) -> str or tuple.
    ///
    /// Return subgroup(s) of the match by indices or names. For 0 returns the entire match.
    #[method("group(self, /, *args)", text = none)]
    fn group(vm: &Vm, this: Ref<Match>, args: &[Value]) -> PyResult {
        let is_custom = |group: &Value| vm.index_now(group).is_none() && vm.type_of(group).slots().index.is_some();
        if args.iter().any(is_custom) {
            let (vm, mut args) = (vm.handle(), args.to_vec());
            return Err(vm.defer(async move {
                for group in &mut args {
                    if vm.type_of(group).slots().index.is_some() {
                        *group = vm.index(group).await?;
                    }
                }
                this.texts(&vm, &args)
            }));
        }
        this.texts(vm, args)
    }

    /// Return a tuple containing all the subgroups of the match, from 1.
    #[method("groups(self, /, default=None)")]
    fn groups(vm: &Vm, this: &Match, default: &Value) -> PyResult {
        let groups = (1..=this.pattern.groups).map(|group| this.text_of(vm, group, default));
        groups.collect::<PyResult<Vec<Value>>>().map(Value::from_tuple)
    }

    /// Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.
    #[method("groupdict(self, /, default=None)")]
    fn groupdict(vm: &Vm, this: &Match, default: &Value) -> PyResult {
        let dict = Dict::new_object();
        for (name, group) in this.names() {
            dict.set_str(&name, this.text_of(vm, group, default)?);
        }
        Ok(dict.into_value())
    }

    /// Return index of the start of the substring matched by group.
    #[method("start(self, group=0, /)")]
    fn start(vm: &Vm, this: &Match, group: &Value) -> PyResult {
        Ok(number(this.spans[this.index_of(vm, group)? * 2]))
    }

    /// Return index of the end of the substring matched by group.
    #[method("end(self, group=0, /)")]
    fn end(vm: &Vm, this: &Match, group: &Value) -> PyResult {
        Ok(number(this.spans[this.index_of(vm, group)? * 2 + 1]))
    }

    /// For match object m, return the 2-tuple (m.start(group), m.end(group)).
    #[method("span(self, group=0, /)")]
    fn span(vm: &Vm, this: &Match, group: &Value) -> PyResult {
        let index = this.index_of(vm, group)? * 2;
        Ok(Value::from_tuple(vec![number(this.spans[index]), number(this.spans[index + 1])]))
    }

    /// Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.
    #[method("expand(self, /, template)")]
    async fn expand(vm: VmRef, this: Ref<Match>, template: Value) -> PyResult {
        let re = snakelet_vm::import::import_module(&vm, "re").await?;
        let compile = vm.attr(&re, "_compile_template").await?;
        let compiled = vm.call(&compile, vec![this.pattern.value(), template.clone()]).await?;
        let Some(compiled) = compiled.downcast::<Template>() else { return Ok(template) };
        let mut joiner = Joiner::like(&this.string);
        compiled.expand(&vm, &this, &mut joiner)?;
        joiner.finish(&vm)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Match, group: &Value) -> PyResult {
        this.text_of(vm, this.index_of(vm, group)?, &Value::NONE)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Match>) -> PyResult<String> {
        let text = this.text_of(&vm, 0, &Value::NONE)?;
        let text = vm.repr(&text).await?.to_string_lossy();
        Ok(format!("<re.Match object; span=({}, {}), match={text}>", this.spans[0], this.spans[1]))
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

    /// The string passed to match() or search().
    #[getter("string")]
    fn string(this: &Match) -> Value {
        this.string.clone()
    }

    /// The regular expression object.
    #[getter("re")]
    fn pattern(this: &Match) -> Value {
        this.pattern.value()
    }

    /// The index into the string at which the RE engine started looking for a match.
    #[getter("pos")]
    fn pos(this: &Match) -> usize {
        this.position
    }

    /// The index into the string beyond which the RE engine will not go.
    #[getter("endpos")]
    fn endpos(this: &Match) -> usize {
        this.end
    }

    /// The integer index of the last matched capturing group.
    #[getter("lastindex")]
    fn lastindex(this: &Match) -> Option<usize> {
        (this.last_index > 0).then_some(this.last_index)
    }

    /// The name of the last matched capturing group.
    #[getter("lastgroup")]
    fn lastgroup(this: &Match) -> Value {
        this.pattern
            .indexgroup
            .items()
            .get(this.last_index)
            .filter(|_| this.last_index > 0)
            .cloned()
            .unwrap_or_default()
    }

    #[getter("regs")]
    fn regs(this: &Match) -> Value {
        let span = |pair: &[usize]| Value::from_tuple(pair.iter().map(|&position| number(position)).collect());
        Value::from_tuple(this.spans.chunks(2).map(span).collect())
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}

/// Whether a replacement has no backslashes, so that it stands for itself.
pub fn is_literal(replacement: &Value) -> bool {
    match (replacement.as_text(), ArgBytes::of(replacement)) {
        (Some(text), _) => !contains_backslash(text),
        (None, Some(bytes)) => !bytes.contains(&b'\\'),
        _ => true,
    }
}

fn contains_backslash(text: &Text) -> bool {
    text.iter().any(|code| code == '\\' as u32)
}

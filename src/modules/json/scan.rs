//! The parser: a machine that runs until it has the value, or needs something called, so that hooks can suspend.
//!
//! Open arrays and objects are on a stack of its own. The machine keeps positions only, never a borrow of the text, and is run on
//! the typed code units anew after each interruption.

use snakelet_number::float;
use snakelet_text::{Text, TextBuilder};
use snakelet_vm::object::Ref;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::{PyResult, Value, Vm};

/// How deep arrays and objects may nest.
pub const DEEPEST: usize = 10_000;

/// What the parser calls.
#[derive(Clone)]
pub struct Hooks {
    pub strict: bool,
    pub object_hook: Option<Value>,
    pub object_pairs_hook: Option<Value>,
    /// `None` where it is `float` itself.
    pub parse_float: Option<Value>,
    /// `None` where it is `int` itself.
    pub parse_int: Option<Value>,
    pub parse_constant: Value,
    /// `int`, for large ones.
    pub int: Value,
}

/// Why the machine stopped.
pub enum Step {
    /// The value is complete, and the text behind it begins here.
    Done(Value, usize),
    /// Call this with one argument, then give the result to `resume`.
    Call(Value, Value),
    /// There is no value at this place.
    Stop(usize),
    /// JSONDecodeError with this message at this place.
    Fail(&'static str, usize),
    /// RecursionError.
    TooDeep(&'static str),
    /// Fuel is to be spent.
    Breathe,
}

enum Open {
    Array(Vec<Value>),
    Object(Ref<Dict>, Value),
    /// Keys and values for a hook.
    Pairs(Vec<Value>, Value),
}

/// What comes next.
enum State {
    Value,
    /// A value is complete.
    Have(Value),
}

/// The parser of one text.
pub struct Parser {
    pub at: usize,
    open: Vec<Open>,
    state: State,
    /// Keys seen, by a hash of their units: equal keys are the same object.
    memo: Vec<Value>,
    work: u32,
}

/// A code unit.
pub trait Unit: Copy {
    fn code(self) -> u32;
}

impl Unit for u8 {
    #[inline(always)]
    fn code(self) -> u32 {
        self.into()
    }
}

impl Unit for u16 {
    #[inline(always)]
    fn code(self) -> u32 {
        self.into()
    }
}

impl Unit for u32 {
    #[inline(always)]
    fn code(self) -> u32 {
        self
    }
}

const QUOTE: u32 = '"' as u32;
const BACKSLASH: u32 = '\\' as u32;

#[inline(always)]
fn peek<T: Unit>(units: &[T], at: usize) -> u32 {
    units.get(at).map_or(u32::MAX, |unit| unit.code())
}

#[inline]
fn skip_space<T: Unit>(units: &[T], mut at: usize) -> usize {
    while matches!(peek(units, at), 0x20 | 0x09 | 0x0a | 0x0d) {
        at += 1;
    }
    at
}

fn matches<T: Unit>(units: &[T], at: usize, word: &str) -> bool {
    word.bytes().enumerate().all(|(index, byte)| peek(units, at + index) == byte.into())
}

/// Four hexadecimal digits.
fn hex<T: Unit>(units: &[T], at: usize) -> Option<u32> {
    let mut code = 0;
    for index in 0..4 {
        code = code << 4 | char::from_u32(peek(units, at + index))?.to_digit(16)?;
    }
    Some(code)
}

/// Where a string without escapes ends, if `at` begins one.
#[inline]
fn plain_end<T: Unit>(units: &[T], at: usize) -> Option<usize> {
    let length = units.get(at..)?.iter().position(|unit| {
        let code = unit.code();
        code == QUOTE || code == BACKSLASH || code <= 0x1f
    })?;
    (units[at + length].code() == QUOTE).then_some(at + length)
}

/// Reads the string whose characters begin at `end`. The text and what follows the closing quote, or a message and its place.
pub fn scan_string<T: Unit>(
    text: &Text,
    units: &[T],
    mut end: usize,
    strict: bool,
) -> Result<(TextBuilder, usize), (&'static str, usize)> {
    const UNTERMINATED: &str = "Unterminated string starting at";
    const BAD_HEX: &str = "Invalid \\uXXXX escape";
    let (begin, length) = (end.wrapping_sub(1), units.len());
    let mut out = TextBuilder::new();
    loop {
        let mut next = end;
        while next < length {
            let code = units[next].code();
            if code == QUOTE || code == BACKSLASH {
                break;
            }
            if code <= 0x1f && strict {
                return Err(("Invalid control character at", next));
            }
            next += 1;
        }
        if next >= length {
            return Err((UNTERMINATED, begin));
        }
        if next > end {
            out.push_slice(text, end, next);
        }
        let closing = units[next].code() == QUOTE;
        next += 1;
        if closing {
            return Ok((out, next));
        }
        if next == length {
            return Err((UNTERMINATED, begin));
        }
        let mut code = match char::from_u32(units[next].code()) {
            Some(simple @ ('"' | '\\' | '/')) => simple as u32,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => u32::MAX,
            _ => return Err(("Invalid \\escape", next - 1)),
        };
        end = next + 1;
        if code == u32::MAX {
            next += 1;
            end = next + 4;
            if end >= length {
                return Err((BAD_HEX, next - 1));
            }
            code = hex(units, next).ok_or((BAD_HEX, end - 5))?;
            let pair = (0xd800..0xdc00).contains(&code)
                && end + 6 < length
                && peek(units, end) == BACKSLASH
                && peek(units, end + 1) == 'u' as u32;
            if pair {
                end += 6;
                let low = hex(units, end - 4).ok_or((BAD_HEX, end - 5))?;
                if (0xdc00..0xe000).contains(&low) {
                    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                } else {
                    end -= 6;
                }
            }
        }
        out.push(code);
    }
}

impl Parser {
    pub fn new(at: usize) -> Parser {
        Parser { at, open: Vec::new(), state: State::Value, memo: Vec::new(), work: 0 }
    }

    /// Goes on with the result of a call.
    pub fn resume(&mut self, value: Value) {
        self.state = State::Have(value);
    }

    /// Runs the machine.
    pub fn run<T: Unit>(&mut self, vm: &Vm, text: &Text, units: &[T], hooks: &Hooks) -> PyResult<Step> {
        loop {
            match std::mem::replace(&mut self.state, State::Value) {
                State::Value => {
                    self.work += 1;
                    if self.work >= 1024 {
                        self.work = 0;
                        vm.check_memory(1 << 14)?;
                        return Ok(Step::Breathe);
                    }
                    if let Some(step) = self.value(vm, text, units, hooks)? {
                        return Ok(step);
                    }
                }
                State::Have(value) => {
                    let Some(open) = self.open.last_mut() else { return Ok(Step::Done(value, self.at)) };
                    let is_array = match open {
                        Open::Array(items) => {
                            vm.reserve(items, 1)?;
                            items.push(value);
                            true
                        }
                        Open::Object(dict, key) => {
                            dict.set_str(key, value);
                            false
                        }
                        Open::Pairs(pairs, key) => {
                            vm.reserve(pairs, 1)?;
                            pairs.push(Value::from_tuple(vec![key.clone(), value]));
                            false
                        }
                    };
                    let at = skip_space(units, self.at);
                    match (peek(units, at), is_array) {
                        (0x5d, true) | (0x7d, false) => {
                            self.at = at + 1;
                            if let Some(step) = self.close(hooks) {
                                return Ok(step);
                            }
                        }
                        (0x2c, _) => {
                            self.at = skip_space(units, at + 1);
                            match (peek(units, self.at), is_array) {
                                (0x5d, true) => {
                                    return Ok(Step::Fail("Illegal trailing comma before end of array", at));
                                }
                                (0x7d, false) => {
                                    return Ok(Step::Fail("Illegal trailing comma before end of object", at));
                                }
                                (_, true) => {}
                                (_, false) => {
                                    if let Some(step) = self.key(vm, text, units, hooks)? {
                                        return Ok(step);
                                    }
                                }
                            }
                        }
                        _ => return Ok(Step::Fail("Expecting ',' delimiter", at)),
                    }
                }
            }
        }
    }

    /// The innermost array or object is complete.
    fn close(&mut self, hooks: &Hooks) -> Option<Step> {
        let (value, hook) = match self.open.pop()? {
            Open::Array(items) => (Value::from_list(items), None),
            Open::Object(dict, _) => (dict.into_value(), hooks.object_hook.as_ref()),
            Open::Pairs(pairs, _) => (Value::from_list(pairs), hooks.object_pairs_hook.as_ref()),
        };
        match hook {
            Some(hook) => Some(Step::Call(hook.clone(), value)),
            None => {
                self.state = State::Have(value);
                None
            }
        }
    }

    /// A key and its colon; the value is next.
    fn key<T: Unit>(&mut self, vm: &Vm, text: &Text, units: &[T], hooks: &Hooks) -> PyResult<Option<Step>> {
        if peek(units, self.at) != QUOTE {
            return Ok(Some(Step::Fail("Expecting property name enclosed in double quotes", self.at)));
        }
        let start = self.at + 1;
        let (name, end) = match plain_end(units, start) {
            Some(end) => (self.known_key(vm, text, units, start, end)?, end + 1),
            None => match scan_string(text, units, start, hooks.strict) {
                Ok((name, end)) => (vm.new_text(name.finish())?, end),
                Err((message, at)) => return Ok(Some(Step::Fail(message, at))),
            },
        };
        if let Some(Open::Object(_, key) | Open::Pairs(_, key)) = self.open.last_mut() {
            *key = name
        }
        let at = skip_space(units, end);
        if peek(units, at) != 0x3a {
            return Ok(Some(Step::Fail("Expecting ':' delimiter", at)));
        }
        self.at = skip_space(units, at + 1);
        Ok(None)
    }

    fn known_key<T: Unit>(&mut self, vm: &Vm, text: &Text, units: &[T], start: usize, end: usize) -> PyResult {
        const PLACES: usize = 256;
        let slice = &units[start..end];
        if slice.len() > 64 {
            return vm.substring(text, start, end);
        }
        let hash = slice.iter().fold(slice.len() as u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.code()));
        if self.memo.is_empty() {
            self.memo.resize(PLACES, Value::NONE);
        }
        let place = (hash ^ hash >> 9) as usize % PLACES;
        if let Some(known) = self.memo[place].as_text()
            && known.len() == slice.len()
            && known.iter().zip(slice).all(|(code, unit)| code == unit.code())
        {
            return Ok(self.memo[place].clone());
        }
        let key = vm.substring(text, start, end)?;
        self.memo[place] = key.clone();
        Ok(key)
    }

    /// Begins a value: the state is then `Have`, or a bracket is open.
    fn value<T: Unit>(&mut self, vm: &Vm, text: &Text, units: &[T], hooks: &Hooks) -> PyResult<Option<Step>> {
        let at = self.at;
        let (value, length) = match char::from_u32(peek(units, at)) {
            Some('"') => {
                let (value, end) = match plain_end(units, at + 1) {
                    Some(end) => (vm.substring(text, at + 1, end)?, end + 1),
                    None => match scan_string(text, units, at + 1, hooks.strict) {
                        Ok((value, end)) => (vm.new_text(value.finish())?, end),
                        Err((message, at)) => return Ok(Some(Step::Fail(message, at))),
                    },
                };
                (value, end - at)
            }
            Some('{') => return self.open_object(vm, text, units, hooks),
            Some('[') => {
                if self.open.len() >= DEEPEST {
                    return Ok(Some(Step::TooDeep("array")));
                }
                self.at = skip_space(units, at + 1);
                self.open.push(Open::Array(Vec::new()));
                if peek(units, self.at) == 0x5d {
                    self.at += 1;
                    return Ok(self.close(hooks));
                }
                return Ok(None);
            }
            Some('n') if matches(units, at, "null") => (Value::NONE, 4),
            Some('t') if matches(units, at, "true") => (Value::TRUE, 4),
            Some('f') if matches(units, at, "false") => (Value::FALSE, 5),
            Some('N') if matches(units, at, "NaN") => return Ok(Some(self.constant(hooks, "NaN"))),
            Some('I') if matches(units, at, "Infinity") => return Ok(Some(self.constant(hooks, "Infinity"))),
            Some('-') if matches(units, at, "-Infinity") => return Ok(Some(self.constant(hooks, "-Infinity"))),
            Some('-' | '0'..='9') => return self.number(vm, text, units, hooks),
            _ => return Ok(Some(Step::Stop(at))),
        };
        self.at = at + length;
        self.state = State::Have(value);
        Ok(None)
    }

    fn constant(&mut self, hooks: &Hooks, name: &str) -> Step {
        self.at += name.len();
        Step::Call(hooks.parse_constant.clone(), Value::from_str(name))
    }

    fn open_object<T: Unit>(&mut self, vm: &Vm, text: &Text, units: &[T], hooks: &Hooks) -> PyResult<Option<Step>> {
        if self.open.len() >= DEEPEST {
            return Ok(Some(Step::TooDeep("object")));
        }
        self.at = skip_space(units, self.at + 1);
        self.open.push(match hooks.object_pairs_hook {
            Some(_) => Open::Pairs(Vec::new(), Value::NONE),
            None => Open::Object(Dict::new_object(), Value::NONE),
        });
        if peek(units, self.at) == 0x7d {
            self.at += 1;
            return Ok(self.close(hooks));
        }
        self.key(vm, text, units, hooks)
    }

    fn number<T: Unit>(&mut self, vm: &Vm, text: &Text, units: &[T], hooks: &Hooks) -> PyResult<Option<Step>> {
        let start = self.at;
        let digit = |at: usize| matches!(peek(units, at), 0x30..=0x39);
        let digits = |mut at: usize| {
            while digit(at) {
                at += 1;
            }
            at
        };
        let first = if peek(units, start) == 0x2d { start + 1 } else { start };
        let mut end = match peek(units, first) {
            0x30 => first + 1,
            0x31..=0x39 => digits(first + 1),
            _ => return Ok(Some(Step::Stop(start))),
        };
        let mut is_float = false;
        if peek(units, end) == 0x2e && digit(end + 1) {
            is_float = true;
            end = digits(end + 2);
        }
        if matches!(peek(units, end), 0x65 | 0x45) {
            let sign = matches!(peek(units, end + 1), 0x2b | 0x2d);
            let exponent = end + 1 + usize::from(sign);
            if digit(exponent) {
                is_float = true;
                end = digits(exponent);
            }
        }
        self.at = end;
        let hook = if is_float { &hooks.parse_float } else { &hooks.parse_int };
        if let Some(hook) = hook {
            return Ok(Some(Step::Call(hook.clone(), vm.substring(text, start, end)?)));
        }
        let value = if is_float {
            let mut short = [0u8; 64];
            let number = if end - start <= short.len() {
                for (place, unit) in short.iter_mut().zip(&units[start..end]) {
                    *place = unit.code() as u8;
                }
                std::str::from_utf8(&short[..end - start]).ok().and_then(|digits| digits.parse().ok())
            } else {
                let digits: String = units[start..end].iter().map(|unit| unit.code() as u8 as char).collect();
                digits.parse().ok()
            };
            Value::float(number.unwrap_or(f64::NAN))
        } else if end - first <= 18 {
            let magnitude = units[first..end].iter().fold(0i64, |n, unit| n * 10 + i64::from(unit.code() - 0x30));
            Value::from_i64(if first > start { -magnitude } else { magnitude })
        } else {
            return Ok(Some(Step::Call(hooks.int.clone(), vm.substring(text, start, end)?)));
        };
        self.state = State::Have(value);
        Ok(None)
    }
}

/// A float as JSON writes it, unless it is not finite.
pub fn float_text(x: f64) -> Result<String, &'static str> {
    if x.is_nan() {
        Err("NaN")
    } else if x.is_infinite() {
        Err(if x > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        Ok(float::repr(x))
    }
}

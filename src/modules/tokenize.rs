//! `_tokenize`: the tokens of a program as it is read, for module `tokenize`.

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_syntax::{Kind, Step, TokenFailure, Tokenizer, TokenizerError};
use snakelet_text::Text;
use snakelet_vm::errors::{Exc, fields};
use snakelet_vm::types::codec::decode_object;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

/// The payload of the iterator over tokens.
#[native_type(name = "TokenizerIter", module = "_tokenize")]
pub struct TokenizerIter {
    readline: Value,
    /// None: `readline` returns strs.
    encoding: Value,
    #[skip_traverse]
    tokenizer: VmCell<Tokenizer>,
    /// The line that the last token stands on, which the next may share.
    line: VmCell<Value>,
    /// Numbers of the lines in `line`.
    line_numbers: Cell<(usize, usize)>,
}

#[methods]
impl TokenizerIter {
    #[new("tokenizeriter(readline, /, *, extra_tokens, encoding=<unrepresentable>)", text = none)]
    fn new(vm: &Vm, cls: &Value, readline: &Value, extra_tokens: bool, encoding: Option<&Value>) -> PyResult {
        let encoding = encoding.cloned().unwrap_or(Value::NONE);
        if !encoding.is_none() && encoding.as_text().is_none() {
            let name = vm.type_name(&encoding);
            return Err(vm.type_error(format!("tokenizeriter() argument 'encoding' must be str, not {name}")));
        }
        let tokenizer = VmCell::new(Tokenizer::new(extra_tokens));
        let (readline, line, line_numbers) = (readline.clone(), VmCell::new(Value::NONE), Cell::new((0, 0)));
        vm.new_instance(cls, TokenizerIter { readline, encoding, tokenizer, line, line_numbers })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(this) = this.to_ref::<TokenizerIter>() else { return Ok(Value::UNBOUND) };
        match this.step(vm) {
            Ok(result) => result,
            Err(lines) => Err(vm.defer(this.read(vm.handle(), lines))),
        }
    }
}

impl TokenizerIter {
    /// The next token, or how many lines it needs.
    fn step(&self, vm: &Vm) -> Result<PyResult, usize> {
        let tokenizer = self.tokenizer.borrow_mut();
        let token = match tokenizer.step() {
            Step::NeedLines(count) => return Err(count),
            Step::End => return Ok(Ok(Value::UNBOUND)),
            Step::Failed(failure) => return Ok(Err(raise(vm, &failure))),
            Step::Token(token) => token,
        };
        let numbers = (token.lines.start, token.lines.end);
        let line = match self.line.get() {
            line if !line.is_none() && self.line_numbers.get() == numbers => line,
            _ => Value::from_str(tokenizer.lines(token.lines)),
        };
        self.line.set(line.clone());
        self.line_numbers.set(numbers);
        let place = |(line, column): (usize, isize)| {
            Value::from_tuple(vec![Value::from_usize(line), Value::from_i64(column as i64)])
        };
        Ok(Ok(Value::from_tuple(vec![
            Value::from_i64(token.number.into()),
            Value::from_str(&token.text),
            place(token.start),
            place(token.end),
            line,
        ])))
    }
}

/// Reading goes on after the native has returned.
trait Read {
    async fn read(self, vm: VmRef, lines: usize) -> PyResult;
}

impl Read for Ref<TokenizerIter> {
    async fn read(self, vm: VmRef, mut lines: usize) -> PyResult {
        loop {
            for _ in 0..lines {
                if self.tokenizer.borrow().is_finished() {
                    break;
                }
                if let Some(failure) = self.read_line(vm).await? {
                    return Err(raise(&vm, &failure));
                }
            }
            match self.step(&vm) {
                Ok(result) => return result,
                Err(more) => lines = more,
            }
        }
    }
}

impl TokenizerIter {
    /// Has one line read. Some: it is none.
    async fn read_line(&self, vm: VmRef) -> PyResult<Option<TokenFailure>> {
        let mut line = match vm.call(&self.readline, Vec::new()).await {
            Ok(line) => line,
            Err(raised) => match vm.catch(Exc::StopIteration) {
                Some(_) => Value::from_str(""),
                None => return Err(raised),
            },
        };
        if !self.encoding.is_none() && !line.as_text().is_some_and(Text::is_empty) {
            if !vm.type_name(&line).eq("bytes") {
                return Err(vm.type_error("readline() returned a non-bytes object"));
            }
            let decoded = decode_object(&vm, &line, self.encoding.as_text(), Some(&Text::from("replace")));
            line = vm.settle(decoded).await?;
        }
        if line.as_text().is_none() {
            return Err(vm.type_error("readline() returned a non-string object"));
        }
        let text = snakelet_vm::files::text::encodable(&vm, &line)?;
        let tokenizer = self.tokenizer.borrow_mut();
        if let Some(at) = text.find('\0') {
            let number = tokenizer.line_count() + 1;
            tokenizer.give("");
            return Ok(Some(TokenFailure {
                kind: Kind::Syntax,
                form: TokenizerError::Placed,
                message: "source code cannot contain null bytes".to_owned(),
                start: (number, 0),
                end: (number, 0),
                text: text[..at].to_owned(),
            }));
        }
        if tokenizer.give(&text) { Ok(None) } else { Err(vm.memory_error()) }
    }
}

fn raise(vm: &Vm, failure: &TokenFailure) -> Raised {
    let class = match failure.kind {
        Kind::Indentation => Exc::IndentationError,
        Kind::Tab => Exc::TabError,
        _ => Exc::SyntaxError,
    };
    let message = Value::from_str(&failure.message);
    let file = Value::from_str("<string>");
    let (line, column) = (Value::from_usize(failure.start.0), Value::from_usize(failure.start.1));
    if failure.form == TokenizerError::Message {
        let exception = class.instance(vm, vec![message]);
        for (name, value) in [("filename", file), ("lineno", line.clone()), ("offset", column), ("end_lineno", line)] {
            fields::set(&exception, name, value);
        }
        return vm.raise(exception);
    }
    let (end_line, end_column) = match failure.form {
        TokenizerError::Placed => (Value::from_usize(failure.end.0), Value::from_i64(failure.end.1 as i64)),
        _ => (Value::NONE, Value::NONE),
    };
    let details = vec![file, line, column, Value::from_str(&failure.text), end_line, end_column];
    vm.error_with_args(class, vec![message, Value::from_tuple(details)])
}

#[native_module("_tokenize", types = [TokenizerIter])]
pub mod tokenize {
    use super::TokenizerIter;
}

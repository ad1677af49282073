//! The reader: a state machine over the characters of lines, that yields a list of fields for each record.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_text::TextBuilder;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

use super::dialect::{Dialect, NOTHING, QUOTE_NONE, QUOTE_NONNUMERIC, QUOTE_NOTNULL, QUOTE_STRINGS};
use super::{Registry, error};

/// The payload of readers.
#[native_type(
    name = "reader",
    module = "_csv",
    doc = "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format."
)]
pub struct Reader {
    pub input: Value,
    pub dialect: Ref<Dialect>,
    pub line_num: Cell<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    EscapedCharacter,
    InField,
    InQuotedField,
    EscapeInQuotedField,
    QuoteInQuotedField,
    EatNewline,
    AfterEscapedNewline,
}

/// The end of a line, as a character.
const END: u32 = u32::MAX - 1;

/// A record in the making.
struct Record<'a> {
    dialect: &'a Dialect,
    state: State,
    field: TextBuilder,
    /// No quotes were seen in the field.
    unquoted: bool,
    limit: i64,
    fields: Vec<(Value, bool)>,
}

impl Record<'_> {
    fn save(&mut self, vm: &Vm) -> PyResult<()> {
        let quoting = self.dialect.quoting;
        let field = std::mem::take(&mut self.field);
        let unquoted = std::mem::replace(&mut self.unquoted, true);
        let value = if field.is_empty() && unquoted && matches!(quoting, QUOTE_NOTNULL | QUOTE_STRINGS) {
            (Value::NONE, false)
        } else {
            let numeric = unquoted && !field.is_empty() && matches!(quoting, QUOTE_NONNUMERIC | QUOTE_STRINGS);
            (vm.new_text(field.finish())?, numeric)
        };
        vm.reserve(&mut self.fields, 1)?;
        self.fields.push(value);
        Ok(())
    }

    fn add(&mut self, vm: &Vm, code: u32) -> PyResult<()> {
        if self.field.len() as i64 >= self.limit {
            return Err(error(vm, format!("field larger than field limit ({})", self.limit)));
        }
        self.field.push(code);
        Ok(())
    }

    /// The end of a field at the end of a line.
    fn end_line(&mut self, vm: &Vm, code: u32) -> PyResult<()> {
        self.save(vm)?;
        self.state = if code == END { State::StartRecord } else { State::EatNewline };
        Ok(())
    }

    fn process(&mut self, vm: &Vm, code: u32) -> PyResult<()> {
        let dialect = self.dialect;
        let is_newline = code == 10 || code == 13;
        let is_quote = code == dialect.quotechar && dialect.quoting != QUOTE_NONE;
        let is_escape = code == dialect.escapechar && code != NOTHING;
        match self.state {
            State::StartRecord if code == END => {}
            State::StartRecord if is_newline => self.state = State::EatNewline,
            State::StartRecord | State::StartField => {
                if is_newline || code == END {
                    self.end_line(vm, code)?;
                } else if is_quote {
                    self.unquoted = false;
                    self.state = State::InQuotedField;
                } else if is_escape {
                    self.state = State::EscapedCharacter;
                } else if code == 32 && dialect.skipinitialspace {
                    self.state = State::StartField;
                } else if code == dialect.delimiter {
                    self.save(vm)?;
                    self.state = State::StartField;
                } else {
                    self.add(vm, code)?;
                    self.state = State::InField;
                }
            }
            State::EscapedCharacter => {
                self.add(vm, if code == END { 10 } else { code })?;
                self.state = if is_newline { State::AfterEscapedNewline } else { State::InField };
            }
            State::AfterEscapedNewline if code == END => {}
            State::AfterEscapedNewline | State::InField => {
                if is_newline || code == END {
                    self.end_line(vm, code)?;
                } else if is_escape {
                    self.state = State::EscapedCharacter;
                } else if code == dialect.delimiter {
                    self.save(vm)?;
                    self.state = State::StartField;
                } else {
                    self.add(vm, code)?;
                    self.state = State::InField;
                }
            }
            State::InQuotedField => {
                if code == END {
                } else if is_escape {
                    self.state = State::EscapeInQuotedField;
                } else if is_quote {
                    self.state = if dialect.doublequote { State::QuoteInQuotedField } else { State::InField };
                } else {
                    self.add(vm, code)?;
                }
            }
            State::EscapeInQuotedField => {
                self.add(vm, if code == END { 10 } else { code })?;
                self.state = State::InQuotedField;
            }
            State::QuoteInQuotedField => {
                if is_quote {
                    self.add(vm, code)?;
                    self.state = State::InQuotedField;
                } else if code == dialect.delimiter {
                    self.save(vm)?;
                    self.state = State::StartField;
                } else if is_newline || code == END {
                    self.end_line(vm, code)?;
                } else if !dialect.strict {
                    self.add(vm, code)?;
                    self.state = State::InField;
                } else {
                    let shown = |code| char::from_u32(code).unwrap_or('?');
                    let (delimiter, quote) = (shown(dialect.delimiter), shown(dialect.quotechar));
                    return Err(error(vm, format!("'{delimiter}' expected after '{quote}'")));
                }
            }
            State::EatNewline => {
                if code == END {
                    self.state = State::StartRecord;
                } else if !is_newline {
                    return Err(error(
                        vm,
                        "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                    ));
                }
            }
        }
        Ok(())
    }
}

async fn next_record(vm: VmRef, this: Ref<Reader>) -> PyResult {
    let mut record = Record {
        dialect: &this.dialect,
        state: State::StartRecord,
        field: TextBuilder::new(),
        unquoted: true,
        limit: vm.extension::<Registry>().limit.get(),
        fields: Vec::new(),
    };
    loop {
        let Some(line) = vm.next(&this.input).await? else {
            if !record.field.is_empty() || record.state == State::InQuotedField {
                if this.dialect.strict {
                    return Err(error(&vm, "unexpected end of data"));
                }
                record.save(&vm)?;
                break;
            }
            return Ok(Value::UNBOUND);
        };
        let Some(text) = line.as_text() else {
            let got = vm.type_name(&line);
            return Err(error(
                &vm,
                format!("iterator should return strings, not {got} (the file should be opened in text mode)"),
            ));
        };
        this.line_num.set(this.line_num.get() + 1);
        for code in text.iter() {
            record.process(&vm, code)?;
        }
        record.process(&vm, END)?;
        if record.state == State::StartRecord {
            break;
        }
        vm.breathe(16).await?;
    }
    let mut fields = vm.vec_with_capacity(record.fields.len())?;
    for (field, numeric) in record.fields {
        fields.push(if numeric {
            let float = vm.builtins.get_text("float").unwrap_or_default();
            vm.call(&float, vec![field]).await?
        } else {
            field
        });
    }
    Ok(Value::from_list(fields))
}

#[methods]
impl Reader {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        match this.to_ref::<Reader>() {
            Some(reader) => vm.start(next_record(vm.handle(), reader)),
            None => Ok(Value::UNBOUND),
        }
    }

    #[getter("dialect")]
    fn dialect(this: &Reader) -> Value {
        this.dialect.value()
    }

    #[getter("line_num")]
    fn line_num(this: &Reader) -> usize {
        this.line_num.get()
    }
}

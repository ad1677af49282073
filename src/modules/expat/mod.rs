//! Module `pyexpat`: the XML parser (`parser`, `dtd`) and the objects that call a program's handlers for its events.

mod dtd;
mod handlers;
mod input;
mod names;
mod parser;

use std::cell::{Cell, OnceCell};

use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{ArgBytes, ModuleDef, Native};
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::builtin::make_exception_class;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::module::Module;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

use self::handlers::*;
use self::input::{Choice, Encoding};
use self::parser::{Element, Event, Model, Parser, Stage, Step};
use crate::support::ClassConstant;

pub const MODULE: ModuleDef = Pyexpat::MODULE;

fn error_class() -> Ref<Type> {
    thread_local! {
        static CLASS: OnceCell<Ref<Type>> = const { OnceCell::new() };
    }
    CLASS.with(|class| {
        class
            .get_or_init(|| {
                let class = make_exception_class("ExpatError", "", Exc::Exception.class());
                class.dict.set_text("__module__", intern("xml.parsers.expat"));
                class.dict.set_text("__doc__", Value::NONE);
                class.modified();
                class
            })
            .clone()
    })
}

/// The payload of parsers.
#[native_type(name = "xmlparser", module = "pyexpat", doc = "XML parser")]
pub struct XmlParser {
    #[skip_traverse]
    parser: VmCell<Parser>,
    handlers: VmCell<Vec<Value>>,
    intern: Value,
    /// The parser whose external entity this one reads.
    parent: Option<Value>,
    base: VmCell<Option<Value>>,
    #[skip_traverse]
    bytes: VmCell<Vec<u8>>,
    #[skip_traverse]
    encoding: VmCell<Option<Encoding>>,
    #[skip_traverse]
    given: VmCell<Option<String>>,
    #[skip_traverse]
    buffer: VmCell<String>,
    #[skip_traverse]
    buffer_size: Cell<usize>,
    #[skip_traverse]
    buffer_text: Cell<bool>,
    #[skip_traverse]
    ordered: Cell<bool>,
    #[skip_traverse]
    specified: Cell<bool>,
    #[skip_traverse]
    error: Cell<u8>,
    #[skip_traverse]
    in_handler: Cell<bool>,
    #[skip_traverse]
    reparse_deferral: Cell<bool>,
    #[skip_traverse]
    foreign: Cell<bool>,
}

fn optional(text: Option<String>) -> Value {
    text.map_or(Value::NONE, |text| Value::from_str(&text))
}

impl XmlParser {
    fn with(parser: Parser, handlers: Vec<Value>, intern: Value, parent: Option<Value>) -> XmlParser {
        XmlParser {
            parser: VmCell::new(parser),
            handlers: VmCell::new(handlers),
            intern,
            parent,
            base: VmCell::default(),
            bytes: VmCell::default(),
            encoding: VmCell::default(),
            given: VmCell::default(),
            buffer: VmCell::default(),
            buffer_size: Cell::new(8192),
            buffer_text: Cell::new(false),
            ordered: Cell::new(false),
            specified: Cell::new(false),
            error: Cell::new(0),
            in_handler: Cell::new(false),
            reparse_deferral: Cell::new(true),
            foreign: Cell::new(false),
        }
    }

    fn handler(&self, index: usize) -> Option<Value> {
        self.handlers.borrow().get(index).filter(|handler| !handler.is_none()).cloned()
    }

    /// A number of bytes for one of the protections, which root parsers have.
    fn threshold(&self, vm: &Vm, value: &Value) -> PyResult<u64> {
        let Some(number) = vm.index_now(value) else {
            let name = vm.type_name(value);
            return Err(vm.type_error(format!("'{name}' object cannot be interpreted as an integer")));
        };
        let number = number?;
        let Some(number) = number.to_i64() else {
            // Far more than any document, or below zero.
            return match number.to_bigint().map(|number| (number.sign() == num_bigint::Sign::Minus, number.bits())) {
                Some((false, 64)) => Ok(u64::MAX),
                Some((false, _)) => Err(vm.overflow_error("Python int too large for C unsigned long long")),
                _ => Err(vm.value_error("Cannot convert negative int")),
            };
        };
        let Ok(number) = u64::try_from(number) else { return Err(vm.value_error("Cannot convert negative int")) };
        self.root(vm)?;
        Ok(number)
    }

    fn factor(&self, vm: &Vm, factor: f64) -> PyResult<()> {
        if factor >= 1.0 { self.root(vm) } else { Err(self.refuse(vm, "'max_factor' must be at least 1.0")) }
    }

    fn root(&self, vm: &Vm) -> PyResult<()> {
        if self.parent.is_none() { Ok(()) } else { Err(self.refuse(vm, "parser must be a root parser")) }
    }

    /// An error that has nothing to do with the document.
    #[cold]
    fn refuse(&self, vm: &Vm, text: &str) -> Raised {
        self.raise(vm, names::INVALID_ARGUMENT, text)
    }

    /// For the attributes.
    pub fn handler_value(&self, index: usize) -> Value {
        self.handler(index).unwrap_or_default()
    }

    /// For the attributes.
    pub fn set_handler(&self, vm: &Vm, index: usize, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.runtime_error("Cannot delete attribute")) };
        if index == CHARACTER_DATA && !self.buffer.borrow().is_empty() {
            let (vm, old) = (vm.handle(), self.handler_value(index));
            let text = self.buffer.take();
            self.store_handler(index, value);
            let _ = vm.defer(async move { vm.call(&old, vec![Value::from_str(&text)]).await });
            return Err(Raised);
        }
        self.store_handler(index, value);
        Ok(())
    }

    fn store_handler(&self, index: usize, value: &Value) {
        if let Some(place) = self.handlers.borrow_mut().get_mut(index) {
            *place = value.clone();
        }
        let keep = self.handler(DEFAULT).is_some() && self.handler(DEFAULT_HANDLER_EXPAND).is_none();
        self.parser.borrow_mut().keep_entities = keep;
    }

    #[cold]
    fn fail(&self, vm: &Vm, code: u8) -> Raised {
        self.error.set(code);
        let position = self.parser.borrow().position;
        let (line, column) = (position.line, position.column);
        let text = names::message(code.into()).unwrap_or("");
        self.raise(vm, code, &format!("{text}: line {line}, column {column}"))
    }

    fn raise(&self, vm: &Vm, code: u8, message: &str) -> Raised {
        let position = self.parser.borrow().position;
        let (line, column) = (position.line, position.column);
        let message = Value::from_str(message);
        let exception = snakelet_vm::types::exception::instantiate(vm, &error_class(), vec![message]);
        if let Some(header) = exception.header() {
            let set = |name: &str, value: usize| {
                snakelet_vm::object::instance::set(header, &intern(name), Value::from_usize(value));
            };
            set("code", code.into());
            set("offset", column);
            set("lineno", line);
        }
        vm.raise(exception)
    }

    async fn call(&self, vm: &Vm, index: usize, args: Vec<Value>) -> PyResult<Option<Value>> {
        let Some(handler) = self.handler(index) else { return Ok(None) };
        self.flush(vm).await?;
        self.in_handler.set(true);
        let result = vm.call(&handler, args).await;
        self.in_handler.set(false);
        result.map(Some)
    }

    /// Hands the buffered text over.
    async fn flush(&self, vm: &Vm) -> PyResult<()> {
        if self.buffer.borrow().is_empty() {
            return Ok(());
        }
        let text = self.buffer.take();
        if let Some(handler) = self.handler(CHARACTER_DATA) {
            vm.call(&handler, vec![Value::from_str(&text)]).await?;
        }
        Ok(())
    }

    async fn default(&self, vm: &Vm, text: String) -> PyResult<()> {
        let index = if self.handler(DEFAULT_HANDLER_EXPAND).is_some() { DEFAULT_HANDLER_EXPAND } else { DEFAULT };
        if self.handler(index).is_some() && !text.is_empty() {
            self.call(vm, index, vec![Value::from_str(&text)]).await?;
        }
        Ok(())
    }

    fn has_default(&self) -> bool {
        self.handler(DEFAULT_HANDLER_EXPAND).is_some() || self.handler(DEFAULT).is_some()
    }

    fn token(&self) -> String {
        if self.has_default() { self.parser.borrow().token().to_string() } else { String::new() }
    }

    /// Calls a handler, or the default handler with the token.
    async fn call_or_default(&self, vm: &Vm, index: usize, args: Vec<Value>) -> PyResult<()> {
        if self.call(vm, index, args).await?.is_none() && self.has_default() {
            let token = self.token();
            self.default(vm, token).await?;
        }
        Ok(())
    }

    async fn text(&self, vm: &Vm, text: String) -> PyResult<()> {
        if self.handler(CHARACTER_DATA).is_none() {
            let token = self.token();
            return self.default(vm, token).await;
        }
        if !self.buffer_text.get() {
            self.call(vm, CHARACTER_DATA, vec![Value::from_str(&text)]).await?;
            return Ok(());
        }
        if self.buffer.borrow().len() + text.len() > self.buffer_size.get() {
            self.flush(vm).await?;
            if text.len() > self.buffer_size.get() {
                self.call(vm, CHARACTER_DATA, vec![Value::from_str(&text)]).await?;
                return Ok(());
            }
        }
        self.buffer.borrow_mut().push_str(&text);
        Ok(())
    }

    fn attributes(&self, vm: &Vm, element: &Element) -> PyResult {
        let count = if self.specified.get() { element.specified } else { element.attributes.len() };
        let attributes = &element.attributes[..count];
        if self.ordered.get() {
            let values = attributes.iter().flat_map(|(name, value)| [intern(name), Value::from_str(value)]);
            return Ok(Value::from_list(values.collect()));
        }
        let dict = Dict::new_object();
        for (name, value) in attributes {
            if let Some(result) = dict.set_now(vm, &intern(name), &Value::from_str(value)) {
                result?;
            }
        }
        Ok(dict.into_value())
    }

    async fn start(&self, vm: &Vm, element: Element) -> PyResult<()> {
        let token = self.token();
        if self.foreign.replace(false) && self.parser.borrow().dtd.system.is_none() {
            self.external(vm, None, None, None).await?;
        }
        for (prefix, uri) in &element.namespaces {
            let args = vec![optional(prefix.clone()), optional(uri.clone())];
            self.call(vm, START_NAMESPACE_DECL, args).await?;
        }
        let mut handled = self.handler(START_ELEMENT).is_some();
        if handled {
            let args = vec![intern(&element.name), self.attributes(vm, &element)?];
            self.call(vm, START_ELEMENT, args).await?;
        }
        if element.empty {
            if handled {
                // Its end is behind the tag.
                self.parser.borrow_mut().commit();
            }
            handled |= self.call(vm, END_ELEMENT, vec![intern(&element.name)]).await?.is_some();
        }
        if !handled {
            self.default(vm, token).await?;
        }
        if element.empty {
            self.end_namespaces(vm, &element).await?;
        }
        Ok(())
    }

    async fn end_namespaces(&self, vm: &Vm, element: &Element) -> PyResult<()> {
        for (prefix, _) in element.namespaces.iter().rev() {
            self.call(vm, END_NAMESPACE_DECL, vec![optional(prefix.clone())]).await?;
        }
        Ok(())
    }

    /// Has an external entity read. False: there is no handler for it.
    async fn external(
        &self,
        vm: &Vm,
        context: Option<String>,
        system: Option<String>,
        public: Option<String>,
    ) -> PyResult<bool> {
        let base = self.base.borrow().clone().unwrap_or_default();
        let args = vec![optional(context), base, optional(system), optional(public)];
        match self.call(vm, EXTERNAL_ENTITY_REF, args).await? {
            None => Ok(false),
            Some(answer) if vm.index(&answer).await?.to_i64() == Some(0) => {
                Err(self.fail(vm, names::EXTERNAL_ENTITY_HANDLING))
            }
            Some(_) => Ok(true),
        }
    }

    /// Asks the handler of documents that rely on parts elsewhere.
    async fn not_standalone(&self, vm: &Vm) -> PyResult<()> {
        match self.call(vm, NOT_STANDALONE, vec![]).await? {
            Some(answer) if vm.index(&answer).await?.to_i64() == Some(0) => Err(self.fail(vm, names::NOT_STANDALONE)),
            _ => Ok(()),
        }
    }

    async fn event(&self, vm: &Vm, event: Event) -> PyResult<()> {
        let base = || self.base.borrow().clone().unwrap_or_default();
        match event {
            Event::Start(element) => self.start(vm, element).await,
            Event::End(element) => {
                self.call_or_default(vm, END_ELEMENT, vec![intern(&element.name)]).await?;
                self.end_namespaces(vm, &element).await
            }
            Event::Text(text) => self.text(vm, text).await,
            Event::Comment(text) => self.call_or_default(vm, COMMENT, vec![Value::from_str(&text)]).await,
            Event::Pi(target, data) => {
                let args = vec![intern(&target), Value::from_str(&data)];
                self.call_or_default(vm, PROCESSING_INSTRUCTION, args).await
            }
            Event::StartCdata => self.call_or_default(vm, START_CDATA_SECTION, vec![]).await,
            Event::EndCdata => self.call_or_default(vm, END_CDATA_SECTION, vec![]).await,
            Event::XmlDecl(version, encoding, standalone) => {
                let args = vec![optional(version), optional(encoding), Value::small_int(standalone)];
                self.call_or_default(vm, XML_DECL, args).await
            }
            Event::StartDoctype(name, system, public, internal) => {
                let (standalone, reads) = {
                    let dtd = &self.parser.borrow().dtd;
                    (dtd.standalone, dtd.read_parameters)
                };
                if system.is_some() && !standalone && !reads {
                    self.not_standalone(vm).await?;
                }
                let args = vec![optional(name), optional(system), optional(public), Value::small_int(internal.into())];
                if self.call(vm, START_DOCTYPE_DECL, args).await?.is_none() && self.has_default() {
                    for word in words(&self.token()) {
                        self.default(vm, word).await?;
                    }
                }
                Ok(())
            }
            Event::EndDoctype => {
                let dtd = &self.parser.borrow().dtd;
                let (reads, system, public) = (dtd.read_parameters, dtd.system.clone(), dtd.public.clone());
                if reads && system.is_some() {
                    let is_read = self.external(vm, None, system, public).await?;
                    if is_read && !self.parser.borrow().dtd.standalone {
                        self.not_standalone(vm).await?;
                    }
                }
                self.call_or_default(vm, END_DOCTYPE_DECL, vec![]).await
            }
            Event::ElementDecl(name, model) => {
                self.call_or_default(vm, ELEMENT_DECL, vec![Value::from_str(&name), model_value(model)]).await
            }
            Event::AttlistDecl { element, name, kind, default, required } => {
                let args = vec![
                    Value::from_str(&element),
                    Value::from_str(&name),
                    Value::from_str(&kind),
                    optional(default),
                    Value::small_int(required.into()),
                ];
                self.call_or_default(vm, ATTLIST_DECL, args).await
            }
            Event::EntityDecl { name, entity } => {
                let (system, public) = (optional(entity.system), optional(entity.public));
                if entity.notation.is_some() && self.handler(UNPARSED_ENTITY_DECL).is_some() {
                    let args = vec![Value::from_str(&name), base(), system, public, optional(entity.notation)];
                    return self.call(vm, UNPARSED_ENTITY_DECL, args).await.map(drop);
                }
                let args = vec![
                    Value::from_str(&name),
                    Value::small_int(entity.is_parameter.into()),
                    entity.value.map_or(Value::NONE, |value| Value::from_str(&value)),
                    base(),
                    system,
                    public,
                    optional(entity.notation),
                ];
                self.call_or_default(vm, ENTITY_DECL, args).await
            }
            Event::NotationDecl { name, system, public } => {
                let args = vec![Value::from_str(&name), base(), optional(system), optional(public)];
                self.call_or_default(vm, NOTATION_DECL, args).await
            }
            Event::External(context, system, public) => {
                if !self.external(vm, context, system, public).await? {
                    let token = self.token();
                    self.default(vm, token).await?;
                }
                Ok(())
            }
            Event::NotStandalone => {
                let token = self.token();
                self.not_standalone(vm).await?;
                self.default(vm, token).await
            }
            Event::Skipped(name, parameter) => {
                let args = vec![Value::from_str(&name), Value::small_int(parameter.into())];
                self.call_or_default(vm, SKIPPED_ENTITY, args).await
            }
        }
    }

    /// Finds out how the bytes are to be read, and reads them. False: more are needed.
    async fn read(&self, vm: &Vm, is_final: bool) -> PyResult<bool> {
        if self.encoding.borrow().is_none() {
            let given = self.given.borrow().clone();
            let before = self.bytes.borrow().len();
            let choice = input::choose(self.bytes.borrow_mut(), is_final, given.as_deref());
            if self.bytes.borrow().len() < before {
                // A byte order mark is a character of the first line.
                self.parser.borrow_mut().position.column += 1;
            }
            let encoding = match choice {
                Choice::More => return Ok(false),
                Choice::Known(encoding) => encoding,
                Choice::Named(name) => self.table(vm, &name).await?,
            };
            self.parser.borrow_mut().is_converted = !matches!(encoding, Encoding::Utf8 | Encoding::Ascii);
            self.encoding.set(Some(encoding));
        }
        if let Some(encoding) = self.encoding.borrow() {
            let bytes = self.bytes.borrow_mut();
            vm.check_memory(bytes.len().saturating_mul(3))?;
            self.parser.borrow_mut().seen += bytes.len();
            let parser = self.parser.borrow_mut();
            input::read(bytes, &mut parser.text, encoding);
            if is_final && !bytes.is_empty() {
                let unit = matches!(encoding, Encoding::Utf16 { .. }) && bytes.len() % 2 == 1;
                parser.partial = Some(if unit { names::UNCLOSED_TOKEN } else { names::PARTIAL_CHAR });
            }
        }
        Ok(true)
    }

    /// An encoding of Python with one byte for each character.
    async fn table(&self, vm: &Vm, name: &str) -> PyResult<Encoding> {
        let all = Value::from_bytes((0..=255).collect());
        let decode = vm.attr(&all, "decode").await?;
        let decoded = vm.call(&decode, vec![Value::from_str(name), Value::from_str("replace")]).await?;
        let codes: Vec<u32> = decoded.as_text().map_or(Vec::new(), |text| text.iter().collect());
        let mut table = Box::new(['\u{ffff}'; 256]);
        if codes.len() != 256 {
            return Err(vm.value_error("multi-byte encodings are not supported"));
        }
        for (place, code) in table.iter_mut().zip(codes) {
            *place = char::from_u32(code).filter(|&c| c != '\u{fffd}').unwrap_or('\u{ffff}');
        }
        // Markup must be where ASCII has it.
        let is_markup = |c: char| matches!(c, ' '..='z' | '|' | '\t' | '\n' | '\r') && !"$@\\^`".contains(c);
        let moved =
            |(byte, &c): (u8, &char)| c != char::from(byte) && (is_markup(c) || byte < 128 && is_markup(byte.into()));
        if (0..=255).zip(table.iter()).any(moved) {
            let declared = name.as_bytes();
            let at = self.bytes.borrow().windows(declared.len().max(1)).position(|part| part == declared);
            self.parser.borrow_mut().position.column += at.unwrap_or(0);
            return Err(self.fail(vm, names::UNKNOWN_ENCODING));
        }
        Ok(Encoding::Table(table))
    }

    async fn parse(&self, vm: &Vm, data: &[u8], is_final: bool) -> PyResult {
        if self.error.get() != 0 || self.parser.borrow().stage == Stage::Finished {
            return Err(self.fail(vm, names::FINISHED));
        }
        self.parser.borrow_mut().started = true;
        self.bytes.borrow_mut().extend_from_slice(data);
        if !self.read(vm, is_final).await? {
            return Ok(Value::small_int(1));
        }
        self.parser.borrow_mut().is_final = is_final;
        let available = self.parser.borrow().text.len();
        if self.reparse_deferral.get() && !is_final && available < 2 * self.parser.borrow().waiting {
            return Ok(Value::small_int(1));
        }
        let mut work = 0u32;
        loop {
            work += 1;
            if work.is_multiple_of(256) {
                vm.breathe(1024).await?;
            }
            let step = self.parser.borrow_mut().step();
            match step {
                Err(code) => {
                    self.flush(vm).await?;
                    return Err(self.fail(vm, code));
                }
                Ok(Step::More) => break,
                Ok(Step::Done) => break,
                Ok(Step::Silent) => self.parser.borrow_mut().commit(),
                Ok(Step::Token) => {
                    // The handler of the declaration's start stands for its other parts as well.
                    let declared = self.parser.borrow().stage == Stage::Doctype;
                    if self.has_default() && !(declared && self.handler(START_DOCTYPE_DECL).is_some()) {
                        let token = self.token();
                        self.default(vm, token).await?;
                    }
                    self.parser.borrow_mut().commit();
                }
                Ok(Step::Event(event)) => {
                    let result = self.event(vm, event).await;
                    if result.is_err() {
                        if self.error.get() == 0 {
                            self.error.set(names::FINISHED);
                        }
                        return result.map(|()| Value::NONE);
                    }
                    self.parser.borrow_mut().commit();
                }
            }
        }
        let left = self.parser.borrow().text.len();
        self.parser.borrow_mut().waiting = if left == available { left } else { 0 };
        self.flush(vm).await?;
        if is_final && let Some(parent) = self.parent.as_ref().and_then(|parent| parent.downcast::<XmlParser>()) {
            let parser = parent.parser.borrow_mut();
            let open = parser.dtd.clone();
            parser.dtd = self.parser.borrow().dtd.clone();
            (parser.dtd.system, parser.dtd.public) = (open.system, open.public);
        }
        Ok(Value::small_int(1))
    }
}

/// The words of a declaration's start, as the default handler gets them.
fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '"' | '\'' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            '[' => 1,
            c if c.is_whitespace() => rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()),
            _ => rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[')).unwrap_or(rest.len()),
        };
        found.push(rest[..len].to_string());
        rest = &rest[len..];
    }
    found
}

/// `(kind, quantifier, name, children)`
fn model_value(model: Model) -> Value {
    // Models nest no deeper than `dtd` lets them.
    let children = model.children.into_iter().map(model_value).collect();
    Value::from_tuple(vec![
        Value::small_int(model.kind),
        Value::small_int(model.quantifier),
        optional(model.name),
        Value::from_tuple(children),
    ])
}

#[methods(with = [XmlParser::HANDLERS])]
impl XmlParser {
    /// Parse XML data.
    ///
    /// 'isfinal' should be true at end of input.
    #[method("Parse(self, data, isfinal=False, /)")]
    async fn parse_data(vm: VmRef, this: Ref<XmlParser>, data: Value, isfinal: bool) -> PyResult {
        if let Some(text) = data.as_text() {
            let text = text.to_utf8().map(|text| text.into_owned());
            let Ok(text) = text else {
                let encode = vm.attr(&data, "encode").await?;
                return vm.call(&encode, vec![]).await;
            };
            if !this.parser.borrow().started {
                this.given.set(Some("UTF-8".to_string()));
            }
            return this.parse(&vm, text.as_bytes(), isfinal).await;
        }
        let Some(bytes) = ArgBytes::of(&data) else {
            let name = vm.type_name(&data);
            return Err(vm.type_error(format!("a bytes-like object is required, not '{name}'")));
        };
        this.parse(&vm, &bytes, isfinal).await
    }

    /// Parse XML data from file-like object.
    #[method("ParseFile(self, file, /)")]
    async fn parse_file(vm: VmRef, this: Ref<XmlParser>, file: Value) -> PyResult {
        let Some(read) = vm.attr_opt(&file, &intern("read")).await? else {
            return Err(vm.type_error("argument must have 'read' attribute"));
        };
        loop {
            let data = vm.call(&read, vec![Value::small_int(2048)]).await?;
            let bytes = match (ArgBytes::of(&data), data.as_text()) {
                (Some(bytes), _) => bytes.to_vec(),
                _ => {
                    let name = vm.type_name(&data);
                    return Err(vm.type_error(format!("read() did not return a bytes object (type={name})")));
                }
            };
            if bytes.len() > 2048 {
                let len = bytes.len();
                return Err(
                    vm.value_error(format!("read() returned too much data: 2048 bytes requested, {len} returned"))
                );
            }
            let result = this.parse(&vm, &bytes, bytes.is_empty()).await?;
            if bytes.is_empty() {
                return Ok(result);
            }
        }
    }

    /// Set the base URL for the parser.
    #[method("SetBase(self, base, /)")]
    fn set_base(this: &XmlParser, base: &snakelet_text::Text) {
        this.base.set(Some(Value::from_str(&base.to_utf8_lossy())));
    }

    /// Return base URL string for the parser.
    #[method("GetBase(self, /)")]
    fn get_base(this: &XmlParser) -> Value {
        this.base.borrow().clone().unwrap_or_default()
    }

    /// Return the untranslated text of the input that caused the current event.
    ///
    /// If the event was generated by a large amount of text (such as a start tag for an element with many attributes), not
    /// all of the text may be available.
    #[method("GetInputContext(self, /)")]
    fn get_input_context(this: &XmlParser) -> Value {
        if this.in_handler.get() {
            Value::from_bytes(this.parser.borrow().rest().as_bytes().to_vec())
        } else {
            Value::NONE
        }
    }

    /// Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler.
    #[method("ExternalEntityParserCreate(self, context, encoding=<unrepresentable>, /)")]
    fn external_parser(vm: &Vm, this: Ref<XmlParser>, context: &Value, encoding: Option<String>) -> PyResult {
        let context = match context.as_text() {
            Some(text) => Some(text.to_utf8_lossy().into_owned()),
            None if context.is_none() => None,
            None => {
                let name = vm.type_name(context);
                let message = format!("ExternalEntityParserCreate() argument 1 must be str or None, not {name}");
                return Err(vm.type_error(message));
            }
        };
        let child = this.parser.borrow().child(context.as_deref());
        let handlers = this.handlers.borrow().clone();
        let child = XmlParser::with(child, handlers, this.intern.clone(), Some(this.value()));
        child.given.set(encoding);
        child.base.set(this.base.borrow().clone());
        child.buffer_text.set(this.buffer_text.get());
        child.buffer_size.set(this.buffer_size.get());
        child.ordered.set(this.ordered.get());
        child.specified.set(this.specified.get());
        Ok(child.into_value())
    }

    /// Controls parsing of parameter entities (including the external DTD subset).
    ///
    /// Possible flag values are XML_PARAM_ENTITY_PARSING_NEVER, XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE and
    /// XML_PARAM_ENTITY_PARSING_ALWAYS. Returns true if setting the flag was successful.
    #[method("SetParamEntityParsing(self, flag, /)")]
    fn set_param_entity_parsing(this: &XmlParser, flag: i64) -> i64 {
        this.parser.borrow_mut().dtd.read_parameters = flag != 0;
        1
    }

    /// Allows the application to provide an artificial external subset if one is not specified as part of the document
    /// instance.
    #[method("UseForeignDTD(self, flag=True, /)")]
    fn use_foreign_dtd(vm: &Vm, this: &XmlParser, flag: bool) -> PyResult<()> {
        if this.parser.borrow().started {
            return Err(this.fail(vm, 26));
        }
        this.foreign.set(flag);
        if flag {
            this.parser.borrow_mut().dtd.foreign();
        }
        Ok(())
    }

    /// Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0.
    #[method("SetReparseDeferralEnabled(self, enabled, /)")]
    fn set_reparse_deferral(this: &XmlParser, enabled: bool) {
        this.reparse_deferral.set(enabled);
    }

    /// Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0.
    #[method("GetReparseDeferralEnabled(self, /)")]
    fn get_reparse_deferral(this: &XmlParser) -> bool {
        this.reparse_deferral.get()
    }

    /// Sets the number of output bytes needed to activate protection against billion laughs attacks.
    #[method("SetBillionLaughsAttackProtectionActivationThreshold(self, threshold, /)")]
    fn set_expansion_threshold(vm: &Vm, this: &XmlParser, threshold: &Value) -> PyResult<()> {
        this.parser.borrow_mut().threshold = this.threshold(vm, threshold)?;
        Ok(())
    }

    /// Sets the maximum tolerated amplification factor for protection against billion laughs attacks.
    #[method("SetBillionLaughsAttackProtectionMaximumAmplification(self, max_factor, /)")]
    fn set_expansion_factor(vm: &Vm, this: &XmlParser, max_factor: f64) -> PyResult<()> {
        this.factor(vm, max_factor)?;
        this.parser.borrow_mut().amplification = max_factor;
        Ok(())
    }

    /// Sets the number of allocated bytes needed to activate protection against disproportionate use of memory. The
    /// memory limit of the session protects here.
    #[method("SetAllocTrackerActivationThreshold(self, threshold, /)")]
    fn set_allocation_threshold(vm: &Vm, this: &XmlParser, threshold: &Value) -> PyResult<()> {
        this.threshold(vm, threshold).map(|_| ())
    }

    /// Sets the maximum factor between the bytes allocated and the bytes of input. The memory limit of the session
    /// protects here.
    #[method("SetAllocTrackerMaximumAmplification(self, max_factor, /)")]
    fn set_allocation_factor(vm: &Vm, this: &XmlParser, max_factor: f64) -> PyResult<()> {
        this.factor(vm, max_factor)
    }

    #[getter("CurrentLineNumber")]
    fn current_line(this: &XmlParser) -> usize {
        this.parser.borrow().position.line
    }

    #[getter("CurrentColumnNumber")]
    fn current_column(this: &XmlParser) -> usize {
        this.parser.borrow().position.column
    }

    #[getter("CurrentByteIndex")]
    fn current_byte(this: &XmlParser) -> Value {
        let parser = this.parser.borrow();
        if parser.started { Value::from_usize(parser.position.byte) } else { Value::small_int(-1) }
    }

    #[getter("ErrorLineNumber")]
    fn error_line(this: &XmlParser) -> usize {
        this.parser.borrow().position.line
    }

    #[getter("ErrorColumnNumber")]
    fn error_column(this: &XmlParser) -> usize {
        this.parser.borrow().position.column
    }

    #[getter("ErrorByteIndex")]
    fn error_byte(this: &XmlParser) -> Value {
        XmlParser::current_byte(this)
    }

    #[getter("ErrorCode")]
    fn error_code(this: &XmlParser) -> i64 {
        this.error.get().into()
    }

    #[getter("buffer_size")]
    fn buffer_size(this: &XmlParser) -> usize {
        this.buffer_size.get()
    }

    #[setter("buffer_size")]
    fn set_buffer_size(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.runtime_error("Cannot delete attribute")) };
        match value.to_i64() {
            _ if !value.is_int() => Err(vm.type_error("buffer_size must be an integer")),
            Some(size) if size <= 0 => Err(vm.value_error("buffer_size must be greater than zero")),
            Some(size) if size <= i32::MAX.into() => {
                this.buffer_size.set(size as usize);
                Ok(())
            }
            _ => Err(vm.value_error(format!("buffer_size must not be greater than {}", i32::MAX))),
        }
    }

    #[getter("buffer_text")]
    fn buffer_text(this: &XmlParser) -> bool {
        this.buffer_text.get()
    }

    #[setter("buffer_text")]
    fn set_buffer_text(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.buffer_text.set(flag(vm, value)?);
        Ok(())
    }

    #[getter("buffer_used")]
    fn buffer_used(this: &XmlParser) -> usize {
        this.buffer.borrow().len()
    }

    #[getter("namespace_prefixes")]
    fn namespace_prefixes(this: &XmlParser) -> bool {
        this.parser.borrow().namespace_prefixes
    }

    #[setter("namespace_prefixes")]
    fn set_namespace_prefixes(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.parser.borrow_mut().namespace_prefixes = flag(vm, value)?;
        Ok(())
    }

    #[getter("ordered_attributes")]
    fn ordered_attributes(this: &XmlParser) -> bool {
        this.ordered.get()
    }

    #[setter("ordered_attributes")]
    fn set_ordered_attributes(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.ordered.set(flag(vm, value)?);
        Ok(())
    }

    #[getter("specified_attributes")]
    fn specified_attributes(this: &XmlParser) -> bool {
        this.specified.get()
    }

    #[setter("specified_attributes")]
    fn set_specified_attributes(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.specified.set(flag(vm, value)?);
        Ok(())
    }

    #[getter("intern")]
    fn intern(this: &XmlParser) -> Value {
        this.intern.clone()
    }
}

fn flag(vm: &Vm, value: Option<&Value>) -> PyResult<bool> {
    match value {
        None => Err(vm.runtime_error("Cannot delete attribute")),
        Some(value) => vm.truth_now(value).ok_or_else(|| vm.type_error("a truth value is required")),
    }
}

/// A module of constants within this one.
fn submodule(vm: &Vm, name: &str, doc: &str) -> PyResult<Ref<Module>> {
    let module = Module::new_object(name);
    module.dict.set_text("__doc__", Value::from_str(doc));
    vm.modules.set_text(name, module.value());
    Ok(module)
}

/// Python wrapper for Expat parser.
#[native_module("pyexpat")]
impl Pyexpat {
    #[constant("ExpatError")]
    const EXPAT_ERROR: ClassConstant = ClassConstant(error_class);
    #[constant("error")]
    const ERROR: ClassConstant = ClassConstant(error_class);
    #[constant("XMLParserType")]
    const PARSER_TYPE: ClassConstant = ClassConstant(XmlParser::type_object);
    #[constant("EXPAT_VERSION")]
    const VERSION: &'static str = "expat_2.7.3";
    #[constant("native_encoding")]
    const ENCODING: &'static str = "UTF-8";
    #[constant("XML_PARAM_ENTITY_PARSING_NEVER")]
    const NEVER: i64 = 0;
    #[constant("XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE")]
    const UNLESS_STANDALONE: i64 = 1;
    #[constant("XML_PARAM_ENTITY_PARSING_ALWAYS")]
    const ALWAYS: i64 = 2;

    /// Return a new XML parser object.
    #[function("ParserCreate(encoding=None, namespace_separator=None, intern=<unrepresentable>)")]
    fn parser_create(
        vm: &Vm,
        encoding: Option<&Value>,
        namespace_separator: Option<&Value>,
        intern: Option<&Value>,
    ) -> PyResult {
        let text = |value: Option<&Value>, name: &str| match value {
            None => Ok(None),
            Some(value) => match value.as_text() {
                Some(text) => Ok(Some(text.to_utf8_lossy().into_owned())),
                None => {
                    let other = vm.type_name(value);
                    let message = format!("ParserCreate() argument '{name}' must be str or None, not {other}");
                    Err(vm.type_error(message))
                }
            },
        };
        let given = text(encoding, "encoding")?;
        let separator = text(namespace_separator, "namespace_separator")?;
        if separator.as_ref().is_some_and(|separator| separator.chars().count() > 1) {
            let message = "namespace_separator must be at most one character, omitted, or None";
            return Err(vm.value_error(message));
        }
        let interned = match intern {
            None => Dict::new_object().into_value(),
            Some(dict) if dict.downcast::<Dict>().is_some() || dict.is_none() => dict.clone(),
            Some(_) => return Err(vm.type_error("intern must be a dictionary")),
        };
        let parser = XmlParser::with(Parser::new(separator), vec![Value::NONE; COUNT], interned, None);
        parser.given.set(given);
        Ok(parser.into_value())
    }

    /// Returns string error for given number.
    #[function("ErrorString(code, /)")]
    fn error_string(code: i64) -> Value {
        names::message(code).map_or(Value::NONE, Value::from_str)
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        let errors = submodule(vm, "pyexpat.errors", "Constants used to describe error conditions.")?;
        let (codes, messages) = (Dict::new_object(), Dict::new_object());
        for (index, (name, message)) in names::NAMES.split(' ').zip(names::MESSAGES).enumerate() {
            let (code, message) = (Value::from_usize(index + 1), Value::from_str(message));
            errors.dict.set_text(&format!("XML_ERROR_{name}"), message.clone());
            for (dict, key, value) in [(&codes, &message, &code), (&messages, &code, &message)] {
                if let Some(result) = dict.set_now(vm, key, value) {
                    result?;
                }
            }
        }
        errors.dict.set_text("codes", codes.into_value());
        errors.dict.set_text("messages", messages.into_value());
        let model = submodule(vm, "pyexpat.model", "Constants used to interpret content model information.")?;
        for (index, name) in ["EMPTY", "ANY", "MIXED", "NAME", "CHOICE", "SEQ"].into_iter().enumerate() {
            model.dict.set_text(&format!("XML_CTYPE_{name}"), Value::from_usize(index + 1));
        }
        for (index, name) in ["NONE", "OPT", "REP", "PLUS"].into_iter().enumerate() {
            model.dict.set_text(&format!("XML_CQUANT_{name}"), Value::from_usize(index));
        }
        module.dict.set_text("errors", errors.into_value());
        module.dict.set_text("model", model.into_value());
        let version = [2, 7, 3].map(Value::small_int).to_vec();
        module.dict.set_text("version_info", Value::from_tuple(version));
        let features = [
            ("sizeof(XML_Char)", 1),
            ("sizeof(XML_LChar)", 1),
            ("XML_DTD", 0),
            ("XML_CONTEXT_BYTES", 1024),
            ("XML_NS", 0),
            ("XML_BLAP_MAX_AMP", 100),
            ("XML_BLAP_ACT_THRES", 8 << 20),
            ("XML_GE", 0),
            ("XML_AT_MAX_AMP", 100),
            ("XML_AT_ACT_THRES", 64 << 20),
        ];
        let pair = |(name, value): (&str, i64)| Value::from_tuple(vec![Value::from_str(name), Value::small_int(value)]);
        module.dict.set_text("features", Value::from_list(features.map(pair).to_vec()));
        Ok(())
    }
}

/// Declares module `pyexpat`.
pub struct Pyexpat;

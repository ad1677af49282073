//! The parser: takes text in as it comes, answers one event at a time.
//!
//! `step` looks at the token at the position and answers an event; `commit` goes on behind it, so that positions asked for by a
//! handler are those of the event. Entities in content are texts on a stack of inputs. Nothing here calls Python.

use std::rc::Rc;

use super::dtd::{Dtd, Entity};
use super::names::*;

/// What a handler may be called for.
#[derive(Clone, Debug)]
pub enum Event {
    Start(Element),
    End(Element),
    Text(String),
    Comment(String),
    Pi(String, String),
    StartCdata,
    EndCdata,
    XmlDecl(Option<String>, Option<String>, i64),
    StartDoctype(Option<String>, Option<String>, Option<String>, bool),
    EndDoctype,
    ElementDecl(String, Model),
    AttlistDecl {
        element: String,
        name: String,
        kind: String,
        default: Option<String>,
        required: bool,
    },
    EntityDecl {
        name: String,
        entity: Entity,
    },
    NotationDecl {
        name: String,
        system: Option<String>,
        public: Option<String>,
    },
    /// Context, system id, public id.
    External(Option<String>, Option<String>, Option<String>),
    Skipped(String, bool),
    /// A parameter entity was not read.
    NotStandalone,
}

/// An element's names as handlers get them.
#[derive(Clone, Debug, Default)]
pub struct Element {
    pub name: String,
    /// Names and values; the first `specified` ones stand in the tag.
    pub attributes: Vec<(String, String)>,
    pub specified: usize,
    /// Namespaces declared here.
    pub namespaces: Vec<(Option<String>, Option<String>)>,
    /// Both start and end.
    pub empty: bool,
}

/// A content model.
#[derive(Clone, Debug)]
pub struct Model {
    pub kind: i64,
    pub quantifier: i64,
    pub name: Option<String>,
    pub children: Vec<Model>,
}

/// What `step` found.
pub enum Step {
    /// An event; the default handler gets the token if there is no other.
    Event(Event),
    /// Nothing but a token for the default handler.
    Token,
    /// Nothing at all; go on.
    Silent,
    /// More text is needed.
    More,
    Done,
}

/// Where something is in the document.
#[derive(Clone, Copy, Default)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub byte: usize,
}

impl Position {
    fn advance(&mut self, text: &str) {
        self.byte += text.len();
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 0),
                b'\r' => {
                    (self.line, self.column) = (self.line + 1, 0);
                    if bytes.peek() == Some(&b'\n') {
                        bytes.next();
                    }
                }
                0x80..=0xbf => {}
                _ => self.column += 1,
            }
        }
    }
}

/// A text that is being read.
struct Input {
    text: Rc<str>,
    at: usize,
    /// The entity, and how many elements were open when it began.
    entity: Option<(String, usize)>,
}

/// Where the parser is in the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Start,
    Prolog,
    /// In a document type declaration, before or after its subset.
    Doctype,
    Subset,
    Content,
    Cdata,
    Epilog,
    Finished,
}

/// An open element.
struct Open {
    raw: String,
    name: String,
    /// How many bindings there were before it.
    bindings: usize,
}

pub struct Parser {
    /// What is not parsed yet; the token is at the start.
    pub text: String,
    pub is_final: bool,
    inputs: Vec<Input>,
    pub position: Position,
    /// The length of the token that `step` looked at.
    token: usize,
    pub stage: Stage,
    open: Vec<Open>,
    bindings: Vec<(Option<String>, Option<String>)>,
    pub separator: Option<String>,
    pub namespace_prefixes: bool,
    pub dtd: Dtd,
    /// Internal entities are left to the default handler.
    pub keep_entities: bool,
    /// The encoding that the declaration names.
    pub declared_encoding: Option<String>,
    /// Of an external general entity: content without an element around it.
    pub is_fragment: bool,
    expanded: usize,
    pub seen: usize,
    pub started: bool,
    /// The document is not in UTF-8: expat hands its text over in pieces.
    pub is_converted: bool,
    /// The error of a document whose last bytes are no whole character.
    pub partial: Option<u8>,
    /// How much text did not suffice for a token: expat waits for twice of it.
    pub waiting: usize,
    /// Bytes that entities may stand for in any case, and how many times the document's size beyond that.
    pub threshold: u64,
    pub amplification: f64,
}

type Result<T> = std::result::Result<T, u8>;

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

impl Parser {
    pub fn new(separator: Option<String>) -> Parser {
        Parser {
            text: String::new(),
            is_final: false,
            inputs: Vec::new(),
            position: Position { line: 1, column: 0, byte: 0 },
            token: 0,
            stage: Stage::Start,
            open: Vec::new(),
            bindings: vec![(Some("xml".to_string()), Some(XML_NAMESPACE.to_string()))],
            separator,
            namespace_prefixes: false,
            dtd: Dtd::default(),
            keep_entities: false,
            declared_encoding: None,
            is_fragment: false,
            expanded: 0,
            seen: 0,
            started: false,
            is_converted: false,
            partial: None,
            waiting: 0,
            threshold: 8 << 20,
            amplification: 100.0,
        }
    }

    /// A parser for an external entity of this one's document.
    pub fn child(&self, context: Option<&str>) -> Parser {
        let mut child = Parser::new(self.separator.clone());
        child.dtd = self.dtd.clone();
        child.namespace_prefixes = self.namespace_prefixes;
        child.keep_entities = self.keep_entities;
        child.bindings = self.bindings.clone();
        (child.threshold, child.amplification) = (self.threshold, self.amplification);
        child.is_fragment = true;
        child.stage = if context.is_some() { Stage::Content } else { Stage::Subset };
        child
    }

    /// The text at the position, in the innermost input.
    pub fn rest(&self) -> &str {
        match self.inputs.last() {
            Some(input) => input.text.get(input.at..).unwrap_or(""),
            None => &self.text,
        }
    }

    /// The token that `step` looked at.
    pub fn token(&self) -> &str {
        self.rest().get(..self.token).unwrap_or("")
    }

    /// Whether no more text comes for the current input.
    pub fn at_end(&self) -> bool {
        self.is_final || !self.inputs.is_empty()
    }

    /// Goes on behind the token.
    pub fn commit(&mut self) {
        let len = std::mem::take(&mut self.token);
        self.skip(len);
    }

    fn skip(&mut self, len: usize) {
        match self.inputs.last_mut() {
            Some(input) => input.at += len,
            None => {
                self.position.advance(&self.text[..len]);
                self.text.drain(..len);
            }
        }
    }

    /// An error `len` bytes behind the position.
    fn error_at(&mut self, len: usize, code: u8) -> u8 {
        if self.inputs.is_empty() {
            let text = self.text.get(..len).unwrap_or(&self.text).to_string();
            self.position.advance(&text);
        }
        code
    }

    pub fn step(&mut self) -> Result<Step> {
        self.token = 0;
        let nested = self.is_nested();
        let result = match self.stage {
            _ if self.rest().is_empty() => self.end_of_input(),
            Stage::Start | Stage::Prolog | Stage::Epilog => self.prolog(),
            Stage::Doctype | Stage::Subset => self.doctype(),
            Stage::Content => self.content(),
            Stage::Cdata => self.cdata(),
            Stage::Finished => Err(FINISHED),
        };
        match (result, self.partial) {
            (
                Err(UNCLOSED_TOKEN | UNCLOSED_CDATA_SECTION | NO_ELEMENTS | ASYNC_ENTITY) | Ok(Step::Done),
                Some(code),
            ) if !nested => Err(code),
            (result, _) => result,
        }
    }

    fn end_of_input(&mut self) -> Result<Step> {
        if let Some(input) = self.inputs.pop() {
            if let Some((name, depth)) = input.entity {
                self.dtd.close(&name);
                if depth != self.open.len() {
                    return Err(ASYNC_ENTITY);
                }
                if self.stage == Stage::Cdata {
                    return Err(UNCLOSED_CDATA_SECTION);
                }
            }
            return Ok(Step::Silent);
        }
        if !self.is_final {
            return Ok(Step::More);
        }
        match self.stage {
            Stage::Epilog => {}
            Stage::Content if self.is_fragment && self.open.is_empty() => {}
            Stage::Subset if self.is_fragment => {}
            Stage::Content if self.is_fragment => return Err(ASYNC_ENTITY),
            Stage::Cdata => return Err(UNCLOSED_CDATA_SECTION),
            _ => return Err(NO_ELEMENTS),
        }
        self.stage = Stage::Finished;
        Ok(Step::Done)
    }

    /// More text is needed for this token, or it never ends.
    fn incomplete(&mut self, code: u8) -> Result<Step> {
        if self.at_end() { Err(code) } else { Ok(Step::More) }
    }

    fn prolog(&mut self) -> Result<Step> {
        let rest = self.rest();
        let first = rest.as_bytes()[0];
        if is_space(first) {
            self.stage = if self.stage == Stage::Start { Stage::Prolog } else { self.stage };
            return self.space();
        }
        if first != b'<' {
            return self.stray();
        }
        if !self.at_end() && rest.len() < 9 && "<!DOCTYPE".starts_with(rest) {
            return Ok(Step::More);
        }
        if rest.starts_with("<?") {
            return self.processing_instruction();
        }
        if rest.starts_with("<!--") {
            self.stage = if self.stage == Stage::Start { Stage::Prolog } else { self.stage };
            return self.comment();
        }
        if self.stage != Stage::Epilog && rest.starts_with("<!DOCTYPE") && !self.dtd.is_declared {
            return self.start_doctype();
        }
        if rest.starts_with("<!") {
            let wrong = rest.as_bytes().get(2).is_none_or(|byte| !byte.is_ascii_alphabetic());
            let len = if rest.len() > 2 && wrong { 2 } else { 0 };
            let code = if wrong {
                INVALID_TOKEN
            } else if self.stage == Stage::Epilog {
                JUNK_AFTER_DOC_ELEMENT
            } else {
                SYNTAX
            };
            return Err(self.error_at(len, code));
        }
        let is_tag = rest[1..].chars().next().is_some_and(is_name_start);
        if self.stage == Stage::Epilog {
            return match rest.len() {
                1 => self.incomplete(UNCLOSED_TOKEN),
                _ if is_tag => Err(JUNK_AFTER_DOC_ELEMENT),
                _ => Err(self.error_at(1, INVALID_TOKEN)),
            };
        }
        if rest.len() > 1 && !is_tag {
            return Err(self.error_at(1, INVALID_TOKEN));
        }
        self.stage = Stage::Content;
        self.content()
    }

    /// Something other than markup outside of the root element.
    fn stray(&mut self) -> Result<Step> {
        let rest = self.rest();
        let first = rest.chars().next().unwrap_or(' ');
        if !is_name(first) && !"%,[]()|>#\"'".contains(first) {
            return Err(INVALID_TOKEN);
        }
        if is_name(first) {
            // A name, which only some characters may follow.
            let len = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            if rest[len..].starts_with(|c| !" \t\r\n>),|[%?*+".contains(c)) {
                return Err(self.error_at(len, INVALID_TOKEN));
            }
        }
        Err(if self.stage == Stage::Epilog { JUNK_AFTER_DOC_ELEMENT } else { SYNTAX })
    }

    fn space(&mut self) -> Result<Step> {
        let rest = self.rest();
        self.token = rest.bytes().position(|byte| !is_space(byte)).unwrap_or(rest.len());
        Ok(Step::Token)
    }

    /// `rest` up to the end of this text; the first character that XML forbids is an error.
    fn find_end(&mut self, start: usize, end: &str) -> Result<Option<usize>> {
        let rest = self.rest().get(start..).unwrap_or("");
        let found = rest.find(end);
        let checked = &rest[..found.unwrap_or(rest.len())];
        if let Some((at, _)) = checked.char_indices().find(|&(_, c)| !is_char(c)) {
            return Err(self.error_at(start + at, INVALID_TOKEN));
        }
        Ok(found.map(|at| start + at))
    }

    pub fn comment(&mut self) -> Result<Step> {
        let Some(end) = self.find_end(4, "--")? else { return self.incomplete(UNCLOSED_TOKEN) };
        match self.rest().as_bytes().get(end + 2) {
            None => return self.incomplete(UNCLOSED_TOKEN),
            Some(b'>') => {}
            Some(_) => return Err(self.error_at(end + 2, INVALID_TOKEN)),
        }
        self.token = end + 3;
        let text = normalized(&self.rest()[4..end]);
        Ok(Step::Event(Event::Comment(text)))
    }

    pub fn processing_instruction(&mut self) -> Result<Step> {
        let target = name_len(&self.rest()[2..]);
        let Some(end) = self.find_end(2, "?>")? else {
            if target == 0 && self.rest().len() > 2 {
                return Err(self.error_at(2, INVALID_TOKEN));
            }
            return self.incomplete(UNCLOSED_TOKEN);
        };
        let rest = self.rest();
        let after = 2 + target;
        if target == 0 || (after < end && !is_space(rest.as_bytes()[after])) {
            return Err(self.error_at(after, INVALID_TOKEN));
        }
        let (name, data) = (rest[2..after].to_string(), rest[after..end].to_string());
        self.token = end + 2;
        if name == "xml" {
            let at_start = self.position.byte == 0 && self.inputs.is_empty();
            if self.stage == Stage::Start || (at_start && self.is_fragment) {
                return self.declaration(&data);
            }
            return Err(MISPLACED_XML_PI);
        }
        if name.eq_ignore_ascii_case("xml") {
            return Err(self.error_at(2, INVALID_TOKEN));
        }
        if self.stage == Stage::Start {
            self.stage = Stage::Prolog;
        }
        let data = normalized(trim(&data));
        Ok(Step::Event(Event::Pi(name, data)))
    }

    /// `<?xml version=... encoding=... standalone=...?>`
    fn declaration(&mut self, data: &str) -> Result<Step> {
        let code = if self.is_fragment { TEXT_DECL } else { XML_DECL };
        let mut values: [Option<String>; 3] = [None, None, None];
        let (mut rest, mut next) = (data, 0);
        loop {
            let trimmed = trim(rest);
            if trimmed.is_empty() {
                break;
            }
            let set_off = trimmed.len() < rest.len();
            let at = 5 + data.len() - trimmed.len();
            let len = name_len(trimmed);
            let place = ["version", "encoding", "standalone"].iter().position(|name| *name == &trimmed[..len]);
            let value = trim(&trimmed[len..]).strip_prefix('=').map(trim);
            let quoted = value.and_then(|value| {
                let quote = value.chars().next().filter(|&c| c == '"' || c == '\'')?;
                value[1..].split_once(quote)
            });
            match (place, quoted) {
                (Some(place), Some((value, after))) if set_off && place >= next => {
                    values[place] = Some(value.to_string());
                    next = place + 1;
                    rest = after;
                }
                _ => return Err(self.error_at(at, code)),
            }
        }
        let [version, encoding, standalone] = values;
        if version.is_none() && !self.is_fragment || encoding.is_none() && self.is_fragment {
            return Err(self.error_at(5, code));
        }
        let standalone = match standalone.as_deref() {
            None => -1,
            Some("yes") => 1,
            Some("no") => 0,
            Some(_) => return Err(self.error_at(5, code)),
        };
        if let Some(name) = &encoding
            && !(name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)))
        {
            return Err(self.error_at(5, code));
        }
        self.dtd.standalone = standalone == 1;
        self.declared_encoding = encoding.clone();
        if self.stage == Stage::Start {
            self.stage = Stage::Prolog;
        }
        Ok(Step::Event(Event::XmlDecl(version, encoding, standalone)))
    }

    fn content(&mut self) -> Result<Step> {
        let rest = self.rest();
        match rest.as_bytes()[0] {
            b'<' => {}
            b'&' => return self.reference(),
            _ => return self.text(),
        }
        match rest.as_bytes().get(1) {
            None => self.incomplete(UNCLOSED_TOKEN),
            Some(b'/') => self.end_tag(),
            Some(b'?') => self.processing_instruction(),
            Some(b'!') => {
                if rest.starts_with("<!--") {
                    return self.comment();
                }
                if rest.starts_with("<![CDATA[") {
                    self.token = 9;
                    self.stage = Stage::Cdata;
                    return Ok(Step::Event(Event::StartCdata));
                }
                if "<![CDATA[".starts_with(rest) || "<!--".starts_with(rest) {
                    return self.incomplete(UNCLOSED_TOKEN);
                }
                let len = rest.bytes().zip(b"<![CDATA[".iter()).take_while(|(a, b)| a == *b).count();
                let len = if rest.starts_with("<!-") { 3 } else { len };
                Err(self.error_at(len, INVALID_TOKEN))
            }
            Some(_) => self.start_tag(),
        }
    }

    /// Text up to markup or a line's end, as much as is there.
    fn text(&mut self) -> Result<Step> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if matches!(bytes[0], b'\n' | b'\r') {
            if bytes == b"\r" && !self.at_end() {
                return Ok(Step::More);
            }
            self.token = if bytes.starts_with(b"\r\n") { 2 } else { 1 };
            return Ok(Step::Event(Event::Text("\n".to_string())));
        }
        let end = bytes.iter().position(|byte| matches!(byte, b'<' | b'&' | b'\n' | b'\r')).unwrap_or(bytes.len());
        let mut text = &rest[..end];
        if let Some(at) = text.find("]]>") {
            if at == 0 {
                return Err(self.error_at(2, INVALID_TOKEN));
            }
            text = &text[..at];
        } else if end == bytes.len() && !self.at_end() {
            // The end may yet become the forbidden "]]>".
            let kept = text.trim_end_matches(']');
            let kept = kept.len().max(text.len().saturating_sub(2));
            text = &text[..kept];
            if text.is_empty() {
                return Ok(Step::More);
            }
        }
        if let Some((at, _)) = text.char_indices().find(|&(_, c)| !is_char(c)) {
            if at == 0 {
                return Err(INVALID_TOKEN);
            }
            text = &text[..at];
        }
        let text = text[..self.piece(text)].to_string();
        self.token = text.len();
        Ok(Step::Event(Event::Text(text)))
    }

    /// How much of a text is handed over at once.
    fn piece(&self, text: &str) -> usize {
        if self.is_converted { text.floor_char_boundary(1024) } else { text.len() }
    }

    fn cdata(&mut self) -> Result<Step> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if rest.starts_with("]]>") {
            self.token = 3;
            self.stage = Stage::Content;
            return Ok(Step::Event(Event::EndCdata));
        }
        if matches!(bytes[0], b'\n' | b'\r') {
            if bytes == b"\r" && !self.at_end() {
                return Ok(Step::More);
            }
            self.token = if bytes.starts_with(b"\r\n") { 2 } else { 1 };
            return Ok(Step::Event(Event::Text("\n".to_string())));
        }
        let mut end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
        match rest[..end].find("]]>") {
            Some(at) => end = at,
            None if end == bytes.len() => {
                let kept = rest.trim_end_matches(']').len().max(rest.len().saturating_sub(2));
                if kept == 0 {
                    return self.incomplete(UNCLOSED_CDATA_SECTION);
                }
                end = kept;
            }
            None => {}
        }
        if let Some((at, _)) = rest[..end].char_indices().find(|&(_, c)| !is_char(c)) {
            if at == 0 {
                return Err(INVALID_TOKEN);
            }
            end = at;
        }
        end = self.piece(&rest[..end]);
        let text = rest[..end].to_string();
        self.token = end;
        Ok(Step::Event(Event::Text(text)))
    }

    /// `&name;` or `&#number;`
    fn reference(&mut self) -> Result<Step> {
        let rest = self.rest();
        let Some(parsed) = reference(rest) else { return self.incomplete(UNCLOSED_TOKEN) };
        let (what, len) = match parsed {
            Ok(parsed) => parsed,
            Err((at, code)) => return Err(self.error_at(at, code)),
        };
        self.token = len;
        let name = match what {
            Reference::Character(c) => return Ok(Step::Event(Event::Text(c.to_string()))),
            Reference::Entity(name) => name,
        };
        let Some(entity) = self.dtd.entities.get(&name).cloned() else {
            if self.dtd.may_be_declared_elsewhere() {
                return Ok(Step::Event(Event::Skipped(name, false)));
            }
            return Err(UNDEFINED_ENTITY);
        };
        if self.dtd.is_open(&name) {
            return Err(RECURSIVE_ENTITY_REF);
        }
        if entity.notation.is_some() {
            return Err(BINARY_ENTITY_REF);
        }
        let Some(value) = entity.value else {
            return Ok(Step::Event(Event::External(Some(name), entity.system, entity.public)));
        };
        if self.keep_entities {
            return Ok(Step::Event(Event::Skipped(name, false)));
        }
        self.count_expansion(value.len())?;
        self.commit_reference(name, value);
        Ok(Step::Silent)
    }

    /// Text that entities stand for may not be far more than the document.
    fn count_expansion(&mut self, len: usize) -> Result<()> {
        self.expanded += len;
        let total = self.expanded + self.seen;
        let exceeds = total as f64 > self.seen as f64 * self.amplification;
        if exceeds && total as u64 >= self.threshold { Err(AMPLIFICATION) } else { Ok(()) }
    }

    fn commit_reference(&mut self, name: String, value: Rc<str>) {
        self.commit();
        self.dtd.open(&name);
        self.inputs.push(Input { text: value, at: 0, entity: Some((name, self.open.len())) });
    }

    fn end_tag(&mut self) -> Result<Step> {
        let rest = self.rest();
        let len = name_len(&rest[2..]);
        let mut end = 2 + len;
        if len > 0 {
            end += rest[end..].bytes().take_while(|&byte| is_space(byte)).count();
        }
        match rest.as_bytes().get(end) {
            None => return self.incomplete(UNCLOSED_TOKEN),
            Some(b'>') if len > 0 => {}
            Some(_) => return Err(self.error_at(end, INVALID_TOKEN)),
        }
        let raw = rest[2..2 + len].to_string();
        self.token = end + 1;
        let depth = self.inputs.last().and_then(|input| input.entity.as_ref()).map_or(0, |(_, depth)| *depth);
        if self.open.len() <= depth {
            return Err(if self.open.is_empty() && !self.is_fragment { TAG_MISMATCH } else { ASYNC_ENTITY });
        }
        if self.open.last().is_none_or(|open| open.raw != raw) {
            return Err(self.error_at(2, TAG_MISMATCH));
        }
        let element = self.close();
        Ok(Step::Event(Event::End(element)))
    }

    fn close(&mut self) -> Element {
        let Some(open) = self.open.pop() else { return Element::default() };
        let namespaces = self.bindings.split_off(open.bindings);
        if self.open.is_empty() && !self.is_fragment {
            self.stage = Stage::Epilog;
        }
        Element { name: open.name, namespaces, ..Element::default() }
    }

    fn start_tag(&mut self) -> Result<Step> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let len = name_len(&rest[1..]);
        if len == 0 {
            return Err(self.error_at(1, INVALID_TOKEN));
        }
        let raw = rest[1..1 + len].to_string();
        if self.separator.is_some() && (raw.starts_with(':') || raw.ends_with(':') || raw.matches(':').count() > 1) {
            let at = 1 + raw.rfind(':').unwrap_or(0);
            return Err(self
                .error_at(if raw.starts_with(':') { 1 } else { at + usize::from(raw.ends_with(':')) }, INVALID_TOKEN));
        }
        let mut at = 1 + len;
        // Name and value with their places.
        let mut found: Vec<(String, usize, usize, usize)> = Vec::new();
        let empty = loop {
            let spaces = bytes[at..].iter().take_while(|&&byte| is_space(byte)).count();
            at += spaces;
            match bytes.get(at) {
                None => return self.incomplete(UNCLOSED_TOKEN),
                Some(b'>') => break false,
                Some(b'/') => match bytes.get(at + 1) {
                    None => return self.incomplete(UNCLOSED_TOKEN),
                    Some(b'>') => break true,
                    Some(_) => return Err(self.error_at(at + 1, INVALID_TOKEN)),
                },
                Some(_) => {}
            }
            let len = name_len(&rest[at..]);
            if spaces == 0 || len == 0 {
                return Err(self.error_at(at, INVALID_TOKEN));
            }
            let (start, name) = (at, rest[at..at + len].to_string());
            at += len;
            at += bytes[at..].iter().take_while(|&&byte| is_space(byte)).count();
            match bytes.get(at) {
                None => return self.incomplete(UNCLOSED_TOKEN),
                Some(b'=') => at += 1,
                Some(_) => return Err(self.error_at(at, INVALID_TOKEN)),
            }
            at += bytes[at..].iter().take_while(|&&byte| is_space(byte)).count();
            let quote = match bytes.get(at) {
                None => return self.incomplete(UNCLOSED_TOKEN),
                Some(quote @ (b'"' | b'\'')) => char::from(*quote),
                Some(_) => return Err(self.error_at(at, INVALID_TOKEN)),
            };
            at += 1;
            let value = &rest[at..];
            let end = value.find([quote, '<']);
            let checked = &value[..end.unwrap_or(value.len())];
            if let Some((bad, _)) = checked.char_indices().find(|&(_, c)| !is_char(c)) {
                return Err(self.error_at(at + bad, INVALID_TOKEN));
            }
            let Some(end) = end else { return self.incomplete(UNCLOSED_TOKEN) };
            if value[end..].starts_with('<') {
                return Err(self.error_at(at + end, INVALID_TOKEN));
            }
            found.push((name, start, at, at + end));
            at += end + 1;
        };
        let token = at + 1 + usize::from(empty);
        let mut attributes: Vec<(String, String)> = Vec::new();
        for (name, start, from, to) in found {
            if attributes.iter().any(|(known, _)| *known == name) {
                return Err(self.error_at(start, DUPLICATE_ATTRIBUTE));
            }
            let tokenized = self.dtd.is_tokenized(&raw, &name);
            let raw_value = self.rest()[from..to].to_string();
            let value = match self.attribute_value(&raw_value, tokenized) {
                Ok(value) => value,
                Err((at, code)) => return Err(self.error_at(from + at, code)),
            };
            attributes.push((name, value));
        }
        let mut specified = attributes.len();
        for (name, value) in self.dtd.defaults(&raw) {
            if !attributes.iter().any(|(known, _)| *known == name) {
                attributes.push((name, value));
            }
        }
        self.token = token;
        let bindings = self.bindings.len();
        let mut element = Element { name: raw.clone(), empty, ..Element::default() };
        if self.separator.is_some() {
            self.resolve(&mut element, &mut attributes, &mut specified)?;
        }
        (element.attributes, element.specified) = (attributes, specified);
        self.open.push(Open { raw, name: element.name.clone(), bindings });
        if empty {
            let closed = self.close();
            element.namespaces = closed.namespaces;
        }
        Ok(Step::Event(Event::Start(element)))
    }

    /// Takes the namespace declarations out of the attributes and gives all names their namespaces.
    fn resolve(
        &mut self,
        element: &mut Element,
        attributes: &mut Vec<(String, String)>,
        specified: &mut usize,
    ) -> Result<()> {
        let mut kept = Vec::new();
        let mut kept_specified = 0;
        for (index, (name, value)) in std::mem::take(attributes).into_iter().enumerate() {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => None,
                Some(prefix) if prefix.starts_with(':') => Some(prefix[1..].to_string()),
                _ => {
                    kept_specified += usize::from(index < *specified);
                    kept.push((name, value));
                    continue;
                }
            };
            match prefix.as_deref() {
                Some("xmlns") => return Err(RESERVED_PREFIX_XMLNS),
                Some("xml") if value != XML_NAMESPACE => return Err(RESERVED_PREFIX_XML),
                Some(_) if value.is_empty() => return Err(UNDECLARING_PREFIX),
                Some("xml") => {}
                _ if value == XML_NAMESPACE || value == XMLNS_NAMESPACE => return Err(RESERVED_NAMESPACE_URI),
                _ => {}
            }
            let binding = (prefix, (!value.is_empty()).then_some(value));
            element.namespaces.push(binding.clone());
            self.bindings.push(binding);
        }
        *specified = kept_specified;
        element.name = self.qualified(&element.name, true)?;
        for (name, value) in kept {
            let name = self.qualified(&name, false)?;
            if attributes.iter().any(|(known, _)| *known == name) {
                return Err(DUPLICATE_ATTRIBUTE);
            }
            attributes.push((name, value));
        }
        Ok(())
    }

    fn qualified(&self, name: &str, use_default: bool) -> Result<String> {
        let Some(separator) = &self.separator else { return Ok(name.to_string()) };
        let (prefix, local) = match name.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None if use_default => (None, name),
            None => return Ok(name.to_string()),
        };
        let uri = self.bindings.iter().rev().find(|(bound, _)| bound.as_deref() == prefix).map(|(_, uri)| uri);
        match (uri, prefix) {
            (Some(Some(uri)), Some(prefix)) if self.namespace_prefixes => {
                Ok([uri, separator, local, separator, prefix].concat())
            }
            (Some(Some(uri)), _) => Ok([uri, separator, local].concat()),
            (_, Some(_)) => Err(UNBOUND_PREFIX),
            (_, None) => Ok(local.to_string()),
        }
    }

    /// The value of an attribute: references replaced, white space normalised. Errors tell where.
    pub fn attribute_value(&mut self, raw: &str, tokenized: bool) -> std::result::Result<String, (usize, u8)> {
        let mut value = String::with_capacity(raw.len());
        // Entities in entities: a stack of texts, each with the name to close.
        let mut inputs: Vec<(Rc<str>, usize, String)> = vec![(Rc::from(raw), 0, String::new())];
        let mut opened = Vec::new();
        let mut result = Ok(());
        let mut outer = 0;
        while let Some((text, at, name)) = inputs.last_mut() {
            if *at >= text.len() {
                if !name.is_empty() {
                    self.dtd.close(name);
                }
                inputs.pop();
                continue;
            }
            let rest = &text[*at..];
            let start = *at;
            let is_outer = name.is_empty();
            match rest.as_bytes()[0] {
                b'&' => match reference(rest) {
                    None => result = Err((start, INVALID_TOKEN)),
                    Some(Err((bad, code))) => result = Err((start + bad, code)),
                    Some(Ok((Reference::Character(c), len))) => {
                        *at += len;
                        value.push(c);
                    }
                    Some(Ok((Reference::Entity(name), len))) => {
                        *at += len;
                        if is_outer {
                            outer = start;
                        }
                        match self.dtd.entities.get(&name) {
                            None if self.dtd.may_be_declared_elsewhere() => {}
                            None => result = Err((start, UNDEFINED_ENTITY)),
                            Some(_) if self.dtd.is_open(&name) => result = Err((start, RECURSIVE_ENTITY_REF)),
                            Some(entity) if entity.notation.is_some() => result = Err((start, BINARY_ENTITY_REF)),
                            Some(entity) => match entity.value.clone() {
                                None => result = Err((start, ATTRIBUTE_EXTERNAL_ENTITY_REF)),
                                Some(text) => match self.count_expansion(text.len()) {
                                    Ok(()) => {
                                        self.dtd.open(&name);
                                        opened.push(name.clone());
                                        inputs.push((text, 0, name));
                                    }
                                    Err(code) => result = Err((start, code)),
                                },
                            },
                        }
                    }
                },
                b'<' => result = Err((start, INVALID_TOKEN)),
                byte if is_space(byte) => {
                    *at += if rest.starts_with("\r\n") && is_outer { 2 } else { 1 };
                    value.push(' ');
                }
                _ => {
                    let len = rest.find(['&', '<', ' ', '\t', '\n', '\r']).unwrap_or(rest.len());
                    value.push_str(&rest[..len]);
                    *at += len;
                }
            }
            if let Err((at, code)) = result {
                opened.iter().for_each(|name| self.dtd.close(name));
                return Err((if is_outer { at } else { outer }, code));
            }
        }
        if tokenized {
            let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
            value = words.join(" ");
        }
        Ok(value)
    }

    /// Marks the token's length, for the parser of declarations.
    pub fn set_token(&mut self, len: usize) {
        self.token = len;
    }

    /// A declaration's error.
    pub fn fail(&mut self, at: usize, code: u8) -> u8 {
        self.error_at(at, code)
    }

    /// A text to be read before the rest, in a document type declaration.
    pub fn include(&mut self, name: String, text: Rc<str>) -> Result<()> {
        self.count_expansion(text.len())?;
        self.commit();
        self.dtd.open(&name);
        self.inputs.push(Input { text, at: 0, entity: Some((name, self.open.len())) });
        Ok(())
    }

    /// Prefixes and open entities, for `ExternalEntityParserCreate`.
    pub fn is_nested(&self) -> bool {
        !self.inputs.is_empty()
    }
}

/// Without XML's white space at the start.
fn trim(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// Line ends as XML has them.
pub fn normalized(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_string() }
}

pub enum Reference {
    Character(char),
    Entity(String),
}

/// The reference at the start of the text, and its length. `None`: it is not complete.
pub fn reference(text: &str) -> Option<std::result::Result<(Reference, usize), (usize, u8)>> {
    let Some(number) = text.strip_prefix("&#") else {
        let len = name_len(text.get(1..)?);
        return match text.as_bytes().get(1 + len) {
            None => None,
            Some(b';') if len > 0 => {
                let character = match &text[1..1 + len] {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    name => return Some(Ok((Reference::Entity(name.to_string()), len + 2))),
                };
                Some(Ok((Reference::Character(character), len + 2)))
            }
            Some(_) => Some(Err((1 + len, INVALID_TOKEN))),
        };
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let len = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let end = text.len() - digits.len() + len;
    match text.as_bytes().get(end) {
        None => None,
        Some(b';') if len > 0 => {
            let code = u32::from_str_radix(digits[..len].trim_start_matches('0'), radix).ok();
            match code.and_then(char::from_u32).filter(|&c| is_char(c)) {
                Some(c) => Some(Ok((Reference::Character(c), end + 1))),
                None => Some(Err((0, BAD_CHAR_REF))),
            }
        }
        Some(_) => Some(Err((end, INVALID_TOKEN))),
    }
}

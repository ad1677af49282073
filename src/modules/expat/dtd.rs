//! Document type declarations: entities, attributes with defaults, content models.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use super::names::*;
use super::parser::{Event, Model, Parser, Reference, Stage, Step, normalized, reference};

/// An entity: a text, or where it is.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    pub value: Option<Rc<str>>,
    pub system: Option<String>,
    pub public: Option<String>,
    /// The notation of one that is not parsed.
    pub notation: Option<String>,
    pub is_parameter: bool,
}

#[derive(Clone)]
struct Attribute {
    element: String,
    name: String,
    tokenized: bool,
    default: Option<String>,
}

/// What declarations said.
#[derive(Clone, Default)]
pub struct Dtd {
    pub entities: HashMap<String, Entity>,
    parameters: HashMap<String, Entity>,
    attributes: Vec<Attribute>,
    open: Vec<String>,
    /// Declarations were or may be read.
    pub has_doctype: bool,
    /// There is a document type declaration.
    pub is_declared: bool,
    pub standalone: bool,
    /// Parameter entities or an external subset were not read.
    incomplete: bool,
    pub system: Option<String>,
    pub public: Option<String>,
    pending: VecDeque<Event>,
    /// Whether the embedder wants parameter entities read.
    pub read_parameters: bool,
}

impl Dtd {
    /// Whether an entity that is not known may stand in a part that was not read.
    pub fn may_be_declared_elsewhere(&self) -> bool {
        self.has_doctype && self.incomplete && !self.standalone
    }

    pub fn is_open(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    pub fn open(&mut self, name: &str) {
        self.open.push(name.to_string());
    }

    pub fn close(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.open.remove(at);
        }
    }

    /// The external subset is read after all, or to be taken as read.
    pub fn foreign(&mut self) {
        (self.has_doctype, self.incomplete) = (true, true);
    }

    /// Whether values of this attribute are words.
    pub fn is_tokenized(&self, element: &str, name: &str) -> bool {
        self.attributes.iter().any(|known| known.element == element && known.name == name && known.tokenized)
    }

    /// Attributes that an element has if they are not given.
    pub fn defaults(&self, element: &str) -> Vec<(String, String)> {
        let of_element = self.attributes.iter().filter(|known| known.element == element);
        of_element.filter_map(|known| Some((known.name.clone(), known.default.clone()?))).collect()
    }
}

type Result<T> = std::result::Result<T, u8>;

/// A declaration's words: names, quoted texts, punctuation; and where they are.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn space(&mut self) -> bool {
        let before = self.at;
        self.at += self.rest().bytes().take_while(|&byte| is_space(byte)).count();
        self.at > before
    }

    fn name(&mut self) -> Option<&'t str> {
        self.space();
        let len = name_len(self.rest());
        let name = &self.rest()[..len];
        self.at += len;
        (len > 0).then_some(name)
    }

    fn token(&mut self) -> Option<&'t str> {
        self.space();
        let rest = self.rest();
        let len = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        self.at += len;
        (len > 0).then_some(&rest[..len])
    }

    fn quoted(&mut self) -> Option<&'t str> {
        self.space();
        let rest = self.rest();
        let quote = rest.chars().next().filter(|&c| c == '"' || c == '\'')?;
        let len = rest[1..].find(quote)?;
        self.at += len + 2;
        Some(&rest[1..=len])
    }

    fn take(&mut self, word: char) -> bool {
        self.space();
        let found = self.rest().starts_with(word);
        self.at += usize::from(found);
        found
    }

    fn is_done(&mut self) -> bool {
        self.space();
        self.rest().is_empty()
    }
}

/// Where something that is in no quotes and no comment ends: the place of one of `ends`.
fn unquoted(text: &str, ends: &[char]) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if open == c => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if ends.contains(&c) => return Some(at),
            None => {}
        }
    }
    None
}

impl Parser {
    /// `<!DOCTYPE name ...` up to its subset or end.
    pub fn start_doctype(&mut self) -> Result<Step> {
        let Some(end) = unquoted(self.rest(), &['[', '>']) else {
            return if self.at_end() { Err(UNCLOSED_TOKEN) } else { Ok(Step::More) };
        };
        let text = self.rest()[..end].to_string();
        let mut words = Words { text: &text, at: 9 };
        if !words.space() {
            return Err(self.fail(9, INVALID_TOKEN));
        }
        let Some(name) = words.name().map(str::to_string) else { return Err(self.fail(words.at, SYNTAX)) };
        let (public, system) = self.external_id(&mut words, false)?;
        if !words.is_done() {
            let at = words.at;
            return Err(self.fail(at, SYNTAX));
        }
        let internal = self.rest()[end..].starts_with('[');
        self.set_token(end + usize::from(internal));
        self.stage = if internal { Stage::Subset } else { Stage::Doctype };
        (self.dtd.has_doctype, self.dtd.is_declared) = (true, true);
        (self.dtd.system, self.dtd.public) = (system.clone(), public.clone());
        self.dtd.incomplete |= system.is_some();
        Ok(Step::Event(Event::StartDoctype(Some(name), system, public, internal)))
    }

    /// `SYSTEM "..."` or `PUBLIC "..." "..."`, if there is any: public and system identifier.
    fn external_id(&mut self, words: &mut Words<'_>, public_only: bool) -> Result<(Option<String>, Option<String>)> {
        let start = words.at;
        match words.name() {
            Some("SYSTEM") => {
                let Some(system) = words.quoted() else { return Err(self.fail(words.at, SYNTAX)) };
                Ok((None, Some(system.to_string())))
            }
            Some("PUBLIC") => {
                let Some(public) = words.quoted() else { return Err(self.fail(words.at, SYNTAX)) };
                if !public.chars().all(is_public_id) {
                    return Err(self.fail(words.at, PUBLICID));
                }
                let public: Vec<&str> = public.split_ascii_whitespace().collect();
                let system = words.quoted().map(str::to_string);
                if system.is_none() && !public_only {
                    return Err(self.fail(words.at, SYNTAX));
                }
                Ok((Some(public.join(" ")), system))
            }
            _ => {
                words.at = start;
                Ok((None, None))
            }
        }
    }

    /// A token of a document type declaration behind its start.
    pub fn doctype(&mut self) -> Result<Step> {
        if let Some(event) = self.dtd.pending.pop_front() {
            return Ok(Step::Event(event));
        }
        let rest = self.rest();
        let first = rest.as_bytes()[0];
        if is_space(first) {
            let len = rest.bytes().position(|byte| !is_space(byte)).unwrap_or(rest.len());
            self.set_token(len);
            return Ok(Step::Token);
        }
        if self.stage == Stage::Doctype {
            self.set_token(1);
            return match first {
                b'>' => {
                    self.stage = Stage::Prolog;
                    Ok(Step::Event(Event::EndDoctype))
                }
                _ => Err(SYNTAX),
            };
        }
        match first {
            b']' if self.is_fragment && rest.starts_with("]]>") => {
                self.set_token(3);
                Ok(Step::Token)
            }
            b']' if !self.is_fragment => {
                self.set_token(1);
                self.stage = Stage::Doctype;
                Ok(Step::Token)
            }
            b'%' => self.parameter_reference(),
            b'<' if rest.starts_with("<!--") => self.comment(),
            b'<' if rest.starts_with("<?") => self.processing_instruction(),
            b'<' if rest.starts_with("<![") && self.is_fragment => self.conditional(),
            b'<' if rest.starts_with("<!") && rest.len() > 3 => self.declaration_token(),
            b'<' if "<!--".starts_with(rest) => {
                if self.at_end() {
                    Err(UNCLOSED_TOKEN)
                } else {
                    Ok(Step::More)
                }
            }
            b'<' => Err(self.fail(1, INVALID_TOKEN)),
            _ => {
                let c = rest.chars().next().unwrap_or(' ');
                Err(if is_name(c) || "#,|()\"'[]>".contains(c) { SYNTAX } else { INVALID_TOKEN })
            }
        }
    }

    fn conditional(&mut self) -> Result<Step> {
        let Some(open) = self.rest()[3..].find('[').map(|at| at + 3) else {
            return if self.at_end() { Err(UNCLOSED_TOKEN) } else { Ok(Step::More) };
        };
        let keyword = self.expanded(self.rest()[3..open].trim().to_string())?;
        match keyword.trim() {
            "INCLUDE" => self.set_token(open + 1),
            "IGNORE" => match self.rest()[open..].find("]]>") {
                Some(end) => self.set_token(open + end + 3),
                None => return if self.at_end() { Err(UNCLOSED_TOKEN) } else { Ok(Step::More) },
            },
            _ => return Err(self.fail(3, SYNTAX)),
        }
        Ok(Step::Token)
    }

    /// `%name;` between declarations.
    fn parameter_reference(&mut self) -> Result<Step> {
        let rest = self.rest();
        let len = name_len(&rest[1..]);
        match rest.as_bytes().get(1 + len) {
            None => return if self.at_end() { Err(UNCLOSED_TOKEN) } else { Ok(Step::More) },
            Some(b';') if len > 0 => {}
            Some(_) => return Err(self.fail(1 + len, INVALID_TOKEN)),
        }
        let name = rest[1..1 + len].to_string();
        self.set_token(len + 2);
        if !self.dtd.read_parameters {
            self.dtd.incomplete = true;
            return Ok(if self.dtd.standalone { Step::Token } else { Step::Event(Event::NotStandalone) });
        }
        match self.dtd.parameters.get(&name).cloned() {
            None if self.dtd.incomplete && !self.dtd.standalone => Ok(Step::Event(Event::Skipped(name, true))),
            None => Err(UNDEFINED_ENTITY),
            Some(_) if self.dtd.is_open(&format!("%{name}")) => Err(RECURSIVE_ENTITY_REF),
            Some(Entity { value: Some(text), .. }) => {
                self.include(format!("%{name}"), text)?;
                Ok(Step::Silent)
            }
            Some(entity) => {
                self.dtd.incomplete = true;
                Ok(Step::Event(Event::External(None, entity.system, entity.public)))
            }
        }
    }

    fn declaration_token(&mut self) -> Result<Step> {
        let Some(end) = unquoted(self.rest(), &['>']) else {
            return if self.at_end() { Err(UNCLOSED_TOKEN) } else { Ok(Step::More) };
        };
        let mut text = self.rest()[..end].to_string();
        if let Some((at, _)) = text.char_indices().find(|&(_, c)| !is_char(c)) {
            return Err(self.fail(at, INVALID_TOKEN));
        }
        self.set_token(end + 1);
        let entity_value = text.starts_with("<!ENTITY");
        if (self.is_fragment || self.is_nested()) && !entity_value {
            text = self.expanded(text)?;
        }
        let mut words = Words { text: &text, at: 2 };
        let kind = words.name().unwrap_or("").to_string();
        let known = matches!(kind.as_str(), "ELEMENT" | "ATTLIST" | "ENTITY" | "NOTATION");
        if !known || !words.space() {
            return Err(self.fail(if known { words.at } else { 0 }, if known { INVALID_TOKEN } else { SYNTAX }));
        }
        let parsed = match kind.as_str() {
            "ELEMENT" => self.element_declaration(&mut words),
            "ATTLIST" => self.attribute_declaration(&mut words),
            "ENTITY" => self.entity_declaration(&mut words),
            _ => self.notation_declaration(&mut words),
        };
        let is_complete = match parsed {
            Ok(complete) => complete && words.is_done(),
            Err(code) => return Err(code),
        };
        if !is_complete {
            let code = if words.rest().starts_with('%') && !self.is_fragment { PARAM_ENTITY_REF } else { SYNTAX };
            let at = words.at;
            return Err(self.fail(at, code));
        }
        Ok(match self.dtd.pending.pop_front() {
            Some(event) => Step::Event(event),
            None => Step::Token,
        })
    }

    /// A declaration with its parameter entities replaced.
    fn expanded(&mut self, text: String) -> Result<String> {
        let mut text = text;
        for _ in 0..1000 {
            let mut found = None;
            let mut quote = None;
            for (at, c) in text.char_indices() {
                match quote {
                    Some(open) if open == c => quote = None,
                    Some(_) => {}
                    None if c == '"' || c == '\'' => quote = Some(c),
                    None if c == '%' => {
                        let len = name_len(&text[at + 1..]);
                        if len > 0 && text[at + 1 + len..].starts_with(';') {
                            found = Some((at, len));
                            break;
                        }
                    }
                    None => {}
                }
            }
            let Some((at, len)) = found else { return Ok(text) };
            let value = self.dtd.parameters.get(&text[at + 1..at + 1 + len]).and_then(|entity| entity.value.clone());
            let Some(value) = value else { return Err(UNDEFINED_ENTITY) };
            if text.len() + value.len() > 8 << 20 {
                return Err(AMPLIFICATION);
            }
            text = [&text[..at], " ", &value, " ", &text[at + len + 2..]].concat();
        }
        Err(RECURSIVE_ENTITY_REF)
    }

    fn element_declaration(&mut self, words: &mut Words<'_>) -> Result<bool> {
        let Some(name) = words.name().map(str::to_string) else { return Ok(false) };
        let leaf = |kind: i64| Model { kind, quantifier: 0, name: None, children: Vec::new() };
        let model = if words.take('(') {
            match group(words) {
                Some(model) => model,
                None => return Ok(false),
            }
        } else {
            match words.name() {
                Some("EMPTY") => leaf(1),
                Some("ANY") => leaf(2),
                _ => return Ok(false),
            }
        };
        self.dtd.pending.push_back(Event::ElementDecl(name, model));
        Ok(true)
    }

    fn attribute_declaration(&mut self, words: &mut Words<'_>) -> Result<bool> {
        let Some(element) = words.name().map(str::to_string) else { return Ok(false) };
        while !words.is_done() {
            let Some(name) = words.name().map(str::to_string) else { return Ok(false) };
            let mut kind = String::new();
            words.space();
            if !words.rest().starts_with('(') {
                match words.name() {
                    Some(
                        word @ ("CDATA" | "ID" | "IDREF" | "IDREFS" | "ENTITY" | "ENTITIES" | "NMTOKEN" | "NMTOKENS"),
                    ) => {
                        kind.push_str(word);
                    }
                    Some("NOTATION") => kind.push_str("NOTATION"),
                    _ => return Ok(false),
                }
            }
            if kind.is_empty() || kind == "NOTATION" {
                if !words.take('(') {
                    return Ok(false);
                }
                let mut open = '(';
                loop {
                    let Some(word) = words.token() else { return Ok(false) };
                    kind.push(open);
                    kind.push_str(word);
                    open = '|';
                    if words.take(')') {
                        break;
                    }
                    if !words.take('|') {
                        return Ok(false);
                    }
                }
                kind.push(')');
            }
            let tokenized = kind != "CDATA";
            let (mut default, mut required) = (None, false);
            if words.take('#') {
                match words.name() {
                    Some("REQUIRED") => required = true,
                    Some("IMPLIED") => {}
                    Some("FIXED") => {
                        let Some(value) = words.quoted() else { return Ok(false) };
                        (default, required) = (Some(value.to_string()), true);
                    }
                    _ => return Ok(false),
                }
            } else {
                let Some(value) = words.quoted() else { return Ok(false) };
                default = Some(value.to_string());
            }
            if let Some(raw) = default {
                default = Some(self.attribute_value(&raw, tokenized).map_err(|(_, code)| code)?);
            }
            let is_known = self.dtd.attributes.iter().any(|known| known.element == element && known.name == name);
            if !is_known {
                let (element, name, default) = (element.clone(), name.clone(), default.clone());
                self.dtd.attributes.push(Attribute { element, name, tokenized, default });
            }
            let element = element.clone();
            self.dtd.pending.push_back(Event::AttlistDecl { element, name, kind, default, required });
        }
        Ok(true)
    }

    fn entity_declaration(&mut self, words: &mut Words<'_>) -> Result<bool> {
        let is_parameter = words.take('%');
        let Some(name) = words.name().map(str::to_string) else { return Ok(false) };
        let mut entity = Entity { is_parameter, ..Entity::default() };
        if let Some(raw) = words.quoted() {
            entity.value = Some(Rc::from(self.entity_value(raw)?));
        } else {
            (entity.public, entity.system) = self.external_id(words, false)?;
            if entity.system.is_none() {
                return Ok(false);
            }
            if !is_parameter && !words.is_done() {
                if words.name() != Some("NDATA") {
                    return Ok(false);
                }
                entity.notation = words.name().map(str::to_string);
                if entity.notation.is_none() {
                    return Ok(false);
                }
            }
        }
        let table = if is_parameter { &mut self.dtd.parameters } else { &mut self.dtd.entities };
        if !table.contains_key(&name) && !["amp", "lt", "gt", "quot", "apos"].contains(&name.as_str()) {
            table.insert(name.clone(), entity.clone());
            self.dtd.pending.push_back(Event::EntityDecl { name, entity });
        }
        Ok(true)
    }

    /// An entity's text: character references and parameter entities replaced.
    fn entity_value(&mut self, raw: &str) -> Result<String> {
        let text = normalized(raw);
        let mut value = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['&', '%']) {
            value.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix('%') {
                let len = name_len(after);
                if len == 0 || !after[len..].starts_with(';') {
                    return Err(INVALID_TOKEN);
                }
                if !self.is_fragment && !self.is_nested() {
                    return Err(PARAM_ENTITY_REF);
                }
                match self.dtd.parameters.get(&after[..len]).and_then(|entity| entity.value.clone()) {
                    Some(text) => value.push_str(&text),
                    None => self.dtd.incomplete = true,
                }
                rest = &after[len + 1..];
                continue;
            }
            match reference(rest) {
                Some(Ok((Reference::Character(c), len))) if rest.starts_with("&#") => {
                    value.push(c);
                    rest = &rest[len..];
                }
                Some(Ok((_, len))) => {
                    value.push_str(&rest[..len]);
                    rest = &rest[len..];
                }
                Some(Err((_, code))) => return Err(code),
                None => return Err(INVALID_TOKEN),
            }
            if value.len() > 8 << 20 {
                return Err(AMPLIFICATION);
            }
        }
        value.push_str(rest);
        Ok(value)
    }

    fn notation_declaration(&mut self, words: &mut Words<'_>) -> Result<bool> {
        let Some(name) = words.name().map(str::to_string) else { return Ok(false) };
        let (public, system) = self.external_id(words, true)?;
        if public.is_none() && system.is_none() {
            return Ok(false);
        }
        self.dtd.pending.push_back(Event::NotationDecl { name, system, public });
        Ok(true)
    }
}

fn quantifier(words: &mut Words<'_>) -> i64 {
    let quantifier = match words.rest().as_bytes().first() {
        Some(b'?') => 1,
        Some(b'*') => 2,
        Some(b'+') => 3,
        _ => return 0,
    };
    words.at += 1;
    quantifier
}

/// A content model behind its first parenthesis; groups in groups on a stack.
fn group(words: &mut Words<'_>) -> Option<Model> {
    const DEEPEST: usize = 500;
    let new = || Model { kind: 0, quantifier: 0, name: None, children: Vec::new() };
    let mut open = vec![new()];
    loop {
        if words.take('(') {
            open.push(new());
            if open.len() > DEEPEST {
                return None;
            }
            continue;
        }
        if words.take('#') {
            let model = open.last_mut()?;
            if words.name() != Some("PCDATA") || !model.children.is_empty() {
                return None;
            }
            model.kind = 3;
        } else {
            let name = words.name()?.to_string();
            let quantifier = quantifier(words);
            open.last_mut()?.children.push(Model { kind: 4, quantifier, name: Some(name), children: Vec::new() });
        }
        loop {
            if words.take(')') {
                let mut model = open.pop()?;
                model.quantifier = quantifier(words);
                if model.kind == 0 {
                    model.kind = 6;
                }
                match open.last_mut() {
                    None => return Some(model),
                    Some(parent) => parent.children.push(model),
                }
                continue;
            }
            let kind = if words.take('|') {
                5
            } else if words.take(',') {
                6
            } else {
                return None;
            };
            let model = open.last_mut()?;
            match model.kind {
                0 => model.kind = kind,
                3 if kind == 5 => {}
                known if known == kind => {}
                _ => return None,
            }
            break;
        }
    }
}

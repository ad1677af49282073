//! CPython's signature text, such as `sort(self, /, *, key=None, reverse=False)`.
//!
//! What the text says decides the parameter table, the displayed `__text_signature__` and, unless the attribute names
//! one, the error family: which of CPython's argument parsers, and so which wording, the function imitates.

/// What kind of thing a signature declares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Function,
    Method,
    ClassMethod,
    StaticMethod,
    New,
    Init,
}

impl Kind {
    /// Whether the first argument is the instance or the class.
    pub fn has_receiver(self) -> bool {
        !matches!(self, Kind::Function | Kind::StaticMethod)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passing {
    PositionalOnly,
    Normal,
    KeywordOnly,
    /// `*args`
    Rest,
    /// `**kwargs`
    Keywords,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    pub name: String,
    pub passing: Passing,
    pub default: Option<String>,
}

#[derive(Debug)]
pub struct Signature {
    pub name: String,
    pub parameters: Vec<Parameter>,
    /// `__text_signature__`.
    pub text: String,
}

impl Signature {
    /// Parses the text of an attribute of the given kind; the error is for the Rust programmer.
    pub fn parse(text: &str, kind: Kind) -> Result<Signature, String> {
        let open = text.find('(').ok_or("a signature looks like `name(parameters)`")?;
        let inner = text[open + 1..].trim_end().strip_suffix(')').ok_or("the signature must end with `)`")?;
        let name = text[..open].trim().to_string();
        let mut pieces = split(inner);
        if matches!(kind, Kind::Method | Kind::ClassMethod | Kind::Init) {
            let wanted = if kind == Kind::ClassMethod { "cls" } else { "self" };
            let first = if pieces.is_empty() { String::new() } else { pieces.remove(0) };
            if kind != Kind::Init && first != wanted {
                return Err(format!("the first parameter must be `{wanted}`"));
            }
            if kind == Kind::Init && first != wanted && !first.is_empty() {
                pieces.insert(0, first);
            }
        }
        let shown = shown_text(&pieces, kind);
        Ok(Signature { name, parameters: parameters(&pieces)?, text: shown })
    }

    fn plain(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|p| !matches!(p.passing, Passing::Rest | Passing::Keywords))
    }

    /// Names of all parameters but the starred ones.
    pub fn names(&self) -> Vec<&str> {
        self.plain().map(|p| p.name.as_str()).collect()
    }

    pub fn positional_only(&self) -> usize {
        self.plain().filter(|p| p.passing == Passing::PositionalOnly).count()
    }

    /// How many can be given by position.
    pub fn positional(&self) -> usize {
        self.plain().filter(|p| p.passing != Passing::KeywordOnly).count()
    }

    /// How many must be given, by position or name: one past the last positional parameter without default.
    pub fn required(&self) -> usize {
        let last = self.plain().take(self.positional()).collect::<Vec<_>>().iter().rposition(|p| p.default.is_none());
        last.map_or(0, |index| index + 1)
    }

    /// How many keyword-only parameters have no default (they come first).
    pub fn required_keywords(&self) -> usize {
        self.plain().filter(|p| p.passing == Passing::KeywordOnly && p.default.is_none()).count()
    }

    pub fn has(&self, passing: Passing) -> bool {
        self.parameters.iter().any(|p| p.passing == passing)
    }

    /// Whether every call has the same number of arguments, all by position.
    pub fn is_exact(&self) -> bool {
        self.parameters.iter().all(|p| p.passing == Passing::PositionalOnly && p.default.is_none())
    }

    /// The `Family` variant that CPython's own generator would pick for this signature.
    pub fn family(&self, kind: Kind) -> &'static str {
        let by_name = self.has(Passing::Normal) || self.has(Passing::KeywordOnly) || self.has(Passing::Keywords);
        let constructor = matches!(kind, Kind::New | Kind::Init);
        if by_name {
            "Keywords"
        } else if self.parameters.is_empty() {
            "NoArguments"
        } else if self.parameters.len() == 1 && self.is_exact() && !constructor {
            "OneArgument"
        } else {
            "Positional"
        }
    }
}

/// The variant that an attribute's `family = "..."` names.
pub fn named_family(name: &str) -> Option<&'static str> {
    Some(match name {
        "none" => "NoArguments",
        "one" => "OneArgument",
        "positional" => "Positional",
        "keywords" => "Keywords",
        "mixed" => "Mixed",
        "tuple" => "Tuple",
        _ => return None,
    })
}

fn shown_text(pieces: &[String], kind: Kind) -> String {
    let receiver = match kind {
        Kind::Function => "$module",
        Kind::Method => "$self",
        Kind::ClassMethod => "$type",
        Kind::StaticMethod | Kind::New | Kind::Init => "",
    };
    let mut shown = vec![];
    if !receiver.is_empty() {
        shown.push(receiver);
        // The receiver itself can be passed by position only.
        if !pieces.iter().any(|piece| piece == "/") {
            shown.push("/");
        }
    }
    shown.extend(pieces.iter().map(String::as_str));
    format!("({})", shown.join(", "))
}

fn parameters(pieces: &[String]) -> Result<Vec<Parameter>, String> {
    let mut result: Vec<Parameter> = vec![];
    let mut passing = Passing::Normal;
    for piece in pieces {
        match piece.as_str() {
            "/" => result.iter_mut().for_each(|p| p.passing = Passing::PositionalOnly),
            "*" => passing = Passing::KeywordOnly,
            _ => {
                let (name, default) = match piece.split_once('=') {
                    Some((name, default)) => (name.trim(), Some(default.trim().to_string())),
                    None => (piece.as_str(), None),
                };
                let (name, own) = if let Some(name) = name.strip_prefix("**") {
                    (name, Passing::Keywords)
                } else if let Some(name) = name.strip_prefix('*') {
                    passing = Passing::KeywordOnly;
                    (name, Passing::Rest)
                } else {
                    (name, passing)
                };
                if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                    return Err(format!("`{piece}` is not a parameter"));
                }
                result.push(Parameter { name: name.to_string(), passing: own, default });
            }
        }
    }
    Ok(result)
}

/// Splits at the commas outside of quotes and brackets.
fn split(text: &str) -> Vec<String> {
    let mut pieces = vec![];
    let (mut piece, mut depth, mut quote, mut escaped) = (String::new(), 0, None, false);
    for c in text.chars() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                pieces.push(std::mem::take(&mut piece).trim().to_string());
                continue;
            }
            _ => {}
        }
        piece.push(c);
    }
    pieces.push(piece.trim().to_string());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, kind: Kind) -> Signature {
        Signature::parse(text, kind).unwrap()
    }

    #[test]
    fn shown() {
        let shown = |text, kind| parse(text, kind).text;
        assert_eq!(shown("append(self, object, /)", Kind::Method), "($self, object, /)");
        assert_eq!(shown("sort(self, /, *, key=None)", Kind::Method), "($self, /, *, key=None)");
        assert_eq!(shown("sort(self, *, key=None)", Kind::Method), "($self, /, *, key=None)");
        assert_eq!(shown("clear(self)", Kind::Method), "($self, /)");
        assert_eq!(shown("len(obj, /)", Kind::Function), "($module, obj, /)");
        assert_eq!(
            shown("print(*args, sep=' ', end='\\n')", Kind::Function),
            "($module, /, *args, sep=' ', end='\\n')"
        );
        assert_eq!(
            shown("fromkeys(cls, iterable, value=None, /)", Kind::ClassMethod),
            "($type, iterable, value=None, /)"
        );
        assert_eq!(shown("maketrans(frm, to, /)", Kind::StaticMethod), "(frm, to, /)");
        assert_eq!(shown("list(iterable=(), /)", Kind::New), "(iterable=(), /)");
        assert_eq!(shown("list(self, iterable=(), /)", Kind::Init), "(iterable=(), /)");
    }

    #[test]
    fn counts() {
        let s = parse("f(self, a, b=1, /, c=',', *args, d, e=(1, 2), **kwargs)", Kind::Method);
        assert_eq!(s.names(), ["a", "b", "c", "d", "e"]);
        assert_eq!((s.positional_only(), s.positional(), s.required(), s.required_keywords()), (2, 3, 1, 1));
        assert!(s.has(Passing::Rest) && s.has(Passing::Keywords) && !s.is_exact());
        assert_eq!(s.parameters[2].default.as_deref(), Some("','"));
    }

    #[test]
    fn families() {
        let family = |text, kind| parse(text, kind).family(kind);
        assert_eq!(family("clear(self, /)", Kind::Method), "NoArguments");
        assert_eq!(family("append(self, object, /)", Kind::Method), "OneArgument");
        assert_eq!(family("pop(self, index=-1, /)", Kind::Method), "Positional");
        assert_eq!(family("insert(self, index, object, /)", Kind::Method), "Positional");
        assert_eq!(family("hypot(*coordinates)", Kind::Function), "Positional");
        assert_eq!(family("sort(self, /, *, key=None)", Kind::Method), "Keywords");
        assert_eq!(family("staticmethod(function, /)", Kind::New), "Positional");
    }

    #[test]
    fn errors() {
        assert!(Signature::parse("append", Kind::Method).is_err());
        assert!(Signature::parse("append(object, /)", Kind::Method).is_err());
        assert!(Signature::parse("f(a b)", Kind::Function).is_err());
    }
}

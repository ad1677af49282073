//! The one table of syntax tree nodes: Python's abstract grammar.
//!
//! Each class has its fields written as in the grammar: type, `?` for one that may be absent, `*` for a list, name. The classes,
//! their documentation and every conversion are made from this text, which is read once per session.

use snakelet_vm::Value;
use snakelet_vm::object::intern::intern;

/// Whether nodes of a class know their place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Positions {
    Without,
    /// The end may be absent: it is the start then.
    Optional,
    Required,
}

/// A row of the table.
pub struct NodeDef {
    pub name: &'static str,
    /// The class it derives from; empty: `AST` itself.
    pub sum: &'static str,
    pub fields: &'static str,
    pub positions: Positions,
}

macro_rules! nodes {
    ($($sum:literal $positions:ident { $($name:ident: $fields:literal,)* })*) => {
        /// A class of nodes that can be instantiated by the parser.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        #[expect(non_camel_case_types, reason = "the names of the Python classes")]
        pub enum Kind { $($($name,)*)* }

        /// All of them, in the order of [`Kind`].
        pub static NODES: &[NodeDef] = &[$($(NodeDef {
            name: stringify!($name),
            sum: $sum,
            fields: $fields,
            positions: Positions::$positions,
        },)*)*];

        const KINDS: &[Kind] = &[$($(Kind::$name,)*)*];
    };
}

nodes! {
"mod" Without {
    Module: "stmt* body, type_ignore* type_ignores",
    Interactive: "stmt* body",
    Expression: "expr body",
    FunctionType: "expr* argtypes, expr returns",
}
"stmt" Optional {
    FunctionDef: "identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params",
    AsyncFunctionDef: "identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params",
    ClassDef: "identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params",
    Return: "expr? value",
    Delete: "expr* targets",
    Assign: "expr* targets, expr value, string? type_comment",
    TypeAlias: "expr name, type_param* type_params, expr value",
    AugAssign: "expr target, operator op, expr value",
    AnnAssign: "expr target, expr annotation, expr? value, int simple",
    For: "expr target, expr iter, stmt* body, stmt* orelse, string? type_comment",
    AsyncFor: "expr target, expr iter, stmt* body, stmt* orelse, string? type_comment",
    While: "expr test, stmt* body, stmt* orelse",
    If: "expr test, stmt* body, stmt* orelse",
    With: "withitem* items, stmt* body, string? type_comment",
    AsyncWith: "withitem* items, stmt* body, string? type_comment",
    Match: "expr subject, match_case* cases",
    Raise: "expr? exc, expr? cause",
    Try: "stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody",
    TryStar: "stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody",
    Assert: "expr test, expr? msg",
    Import: "alias* names",
    ImportFrom: "identifier? module, alias* names, int? level",
    Global: "identifier* names",
    Nonlocal: "identifier* names",
    Expr: "expr value",
    Pass: "",
    Break: "",
    Continue: "",
}
"expr" Optional {
    BoolOp: "boolop op, expr* values",
    NamedExpr: "expr target, expr value",
    BinOp: "expr left, operator op, expr right",
    UnaryOp: "unaryop op, expr operand",
    Lambda: "arguments args, expr body",
    IfExp: "expr test, expr body, expr orelse",
    Dict: "expr?* keys, expr* values",
    Set: "expr* elts",
    ListComp: "expr elt, comprehension* generators",
    SetComp: "expr elt, comprehension* generators",
    DictComp: "expr key, expr value, comprehension* generators",
    GeneratorExp: "expr elt, comprehension* generators",
    Await: "expr value",
    Yield: "expr? value",
    YieldFrom: "expr value",
    Compare: "expr left, cmpop* ops, expr* comparators",
    Call: "expr func, expr* args, keyword* keywords",
    FormattedValue: "expr value, int conversion, expr? format_spec",
    Interpolation: "expr value, constant str, int conversion, expr? format_spec",
    JoinedStr: "expr* values",
    TemplateStr: "expr* values",
    Constant: "constant value, string? kind",
    Attribute: "expr value, identifier attr, expr_context ctx",
    Subscript: "expr value, expr slice, expr_context ctx",
    Starred: "expr value, expr_context ctx",
    Name: "identifier id, expr_context ctx",
    List: "expr* elts, expr_context ctx",
    Tuple: "expr* elts, expr_context ctx",
    Slice: "expr? lower, expr? upper, expr? step",
}
"expr_context" Without {
    Load: "",
    Store: "",
    Del: "",
}
"boolop" Without {
    And: "",
    Or: "",
}
"operator" Without {
    Add: "",
    Sub: "",
    Mult: "",
    MatMult: "",
    Div: "",
    Mod: "",
    Pow: "",
    LShift: "",
    RShift: "",
    BitOr: "",
    BitXor: "",
    BitAnd: "",
    FloorDiv: "",
}
"unaryop" Without {
    Invert: "",
    Not: "",
    UAdd: "",
    USub: "",
}
"cmpop" Without {
    Eq: "",
    NotEq: "",
    Lt: "",
    LtE: "",
    Gt: "",
    GtE: "",
    Is: "",
    IsNot: "",
    In: "",
    NotIn: "",
}
"" Without {
    comprehension: "expr target, expr iter, expr* ifs, int is_async",
}
"excepthandler" Optional {
    ExceptHandler: "expr? type, identifier? name, stmt* body",
}
"" Without {
    arguments: "arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr* kw_defaults, arg? kwarg, expr* defaults",
}
"" Optional {
    arg: "identifier arg, expr? annotation, string? type_comment",
}
"" Optional {
    keyword: "identifier? arg, expr value",
}
"" Optional {
    alias: "identifier name, identifier? asname",
}
"" Without {
    withitem: "expr context_expr, expr? optional_vars",
}
"" Without {
    match_case: "pattern pattern, expr? guard, stmt* body",
}
"pattern" Required {
    MatchValue: "expr value",
    MatchSingleton: "constant value",
    MatchSequence: "pattern* patterns",
    MatchMapping: "expr* keys, pattern* patterns, identifier? rest",
    MatchClass: "expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns",
    MatchStar: "identifier? name",
    MatchAs: "pattern? pattern, identifier? name",
    MatchOr: "pattern* patterns",
}
"type_ignore" Without {
    TypeIgnore: "int lineno, string tag",
}
"type_param" Required {
    TypeVar: "identifier name, expr? bound, expr? default_value",
    ParamSpec: "identifier name, expr? default_value",
    TypeVarTuple: "identifier name, expr? default_value",
}}

/// The attributes of nodes with a place.
pub const POSITIONS: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// A node of this class: index into [`Grammar::classes`].
    Node(usize),
    Identifier,
    String,
    Int,
    Constant,
}

/// A field of a node.
pub struct FieldDef {
    /// The name, interned.
    pub name: Value,
    pub text: &'static str,
    pub ty: FieldType,
    pub many: bool,
    pub optional: bool,
}

/// A class: an abstract one (`expr`) or a node.
pub struct ClassDef {
    pub name: &'static str,
    pub doc: String,
    /// Index of the class it derives from; `None`: `AST`.
    pub base: Option<usize>,
    pub kind: Option<Kind>,
    pub positions: Positions,
    pub fields: Vec<FieldDef>,
}

/// The table, read.
pub struct Grammar {
    pub classes: Vec<ClassDef>,
    /// For each kind its class.
    of_kind: Vec<usize>,
}

impl Default for Grammar {
    fn default() -> Grammar {
        Grammar::read()
    }
}

impl Grammar {
    fn read() -> Grammar {
        let mut grammar = Grammar { classes: Vec::new(), of_kind: Vec::new() };
        for (def, &kind) in NODES.iter().zip(KINDS) {
            let mut base = None;
            if !def.sum.is_empty() {
                base = grammar.find(def.sum);
                if base.is_none() {
                    base = Some(grammar.classes.len());
                    grammar.classes.push(ClassDef {
                        name: def.sum,
                        doc: sum_doc(def.sum),
                        base: None,
                        kind: None,
                        positions: def.positions,
                        fields: Vec::new(),
                    });
                }
            }
            grammar.of_kind.push(grammar.classes.len());
            grammar.classes.push(ClassDef {
                name: def.name,
                doc: node_doc(def),
                base,
                kind: Some(kind),
                positions: def.positions,
                fields: Vec::new(),
            });
        }
        for (number, def) in NODES.iter().enumerate() {
            let fields = def.fields.split(", ").filter(|field| !field.is_empty());
            let fields = fields.map(|field| grammar.field(field)).collect();
            let class = grammar.of_kind[number];
            grammar.classes[class].fields = fields;
        }
        grammar
    }

    /// The class with this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.classes.iter().position(|class| class.name == name)
    }

    /// The class of a kind of nodes.
    pub fn class_of(&self, kind: Kind) -> usize {
        self.of_kind[kind as usize]
    }

    fn field(&self, text: &'static str) -> FieldDef {
        let (ty, name) = text.split_once(' ').unwrap_or((text, ""));
        let plain = ty.trim_end_matches(['?', '*']);
        let marks = &ty[plain.len()..];
        let ty = match plain {
            "identifier" => FieldType::Identifier,
            "string" => FieldType::String,
            "int" => FieldType::Int,
            "constant" => FieldType::Constant,
            _ => FieldType::Node(self.find(plain).unwrap_or(0)),
        };
        FieldDef { name: intern(name), text: name, ty, many: marks.ends_with('*'), optional: marks.starts_with('?') }
    }
}

/// `BinOp(expr left, operator op, expr right)`
fn node_doc(def: &NodeDef) -> String {
    if def.fields.is_empty() { def.name.to_string() } else { [def.name, "(", def.fields, ")"].concat() }
}

/// `stmt = Pass | ...`, on one line if no alternative has fields.
fn sum_doc(sum: &str) -> String {
    let members: Vec<&NodeDef> = NODES.iter().filter(|def| def.sum == sum).collect();
    let simple = members.iter().all(|def| def.fields.is_empty());
    let mut doc = [sum, " = "].concat();
    for (number, member) in members.iter().enumerate() {
        if number > 0 {
            if simple {
                doc.push(' ');
            } else {
                doc.push('\n');
                doc.extend(std::iter::repeat_n(' ', sum.len() + 1));
            }
            doc.push_str("| ");
        }
        doc.push_str(&node_doc(member));
    }
    doc
}

/// A syntax tree between the parser's form and Python's objects.
#[derive(Debug)]
pub struct Node {
    pub kind: Kind,
    /// Line, column, end line, end column; columns in UTF-8 bytes.
    pub span: [i32; 4],
    pub fields: Vec<Field>,
}

/// What a field of a [`Node`] holds, as the table says.
#[derive(Debug)]
pub enum Field {
    None,
    Node(Box<Node>),
    List(Vec<Option<Node>>),
    /// A node without fields: operators, contexts.
    Kind(Kind),
    Kinds(Vec<Kind>),
    /// An identifier, a string, an int or a constant.
    Value(Value),
    Values(Vec<Value>),
}

impl Node {
    pub fn node(&self, index: usize) -> Option<&Node> {
        match self.fields.get(index) {
            Some(Field::Node(node)) => Some(node),
            _ => None,
        }
    }

    pub fn list(&self, index: usize) -> &[Option<Node>] {
        match self.fields.get(index) {
            Some(Field::List(list)) => list,
            _ => &[],
        }
    }

    /// The nodes of a list, without what is None in it.
    pub fn nodes(&self, index: usize) -> impl Iterator<Item = &Node> {
        self.list(index).iter().flatten()
    }

    pub fn value(&self, index: usize) -> Option<&Value> {
        match self.fields.get(index) {
            Some(Field::Value(value)) => Some(value),
            _ => None,
        }
    }

    pub fn values(&self, index: usize) -> &[Value] {
        match self.fields.get(index) {
            Some(Field::Values(values)) => values,
            _ => &[],
        }
    }

    pub fn kind_at(&self, index: usize) -> Option<Kind> {
        match self.fields.get(index) {
            Some(Field::Kind(kind)) => Some(*kind),
            _ => None,
        }
    }

    pub fn kinds(&self, index: usize) -> &[Kind] {
        match self.fields.get(index) {
            Some(Field::Kinds(kinds)) => kinds,
            _ => &[],
        }
    }

    pub fn int(&self, index: usize) -> i64 {
        self.value(index).and_then(Value::to_i64).unwrap_or(0)
    }
}

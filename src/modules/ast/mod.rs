//! `_ast`: Python's syntax trees as objects, and their way to and from the compiler.
//!
//! Text → parser's tree → [`nodes::Node`]s → objects is `compile` with `PyCF_ONLY_AST`; the same way back compiles a tree. What a
//! node class has is in one table ([`nodes`]), which both conversions to and from objects interpret; only the two conversions to
//! and from the parser's tree know each kind of node.
//!
//! | file | subject |
//! |---|---|
//! | `nodes` | the table, and trees between the two forms |
//! | `classes` | the Python classes |
//! | `objects` | nodes and objects |
//! | `from_syntax`, `strings` | from the parser's tree |
//! | `to_syntax` | to the parser's tree |
//! | `validate` | what is checked before a tree is compiled |
//! | `preprocess` | what `PyCF_OPTIMIZED_AST` asks for |
//! | `features` | which version of the language has what |

mod classes;
mod features;
mod from_syntax;
mod nodes;
mod objects;
mod preprocess;
mod strings;
mod to_syntax;
mod validate;

use snakelet_compiler::Options;
use snakelet_macros::native_module;
use snakelet_syntax::{LineIndex, SyntaxError};
use snakelet_vm::errors::syntax_error;
use snakelet_vm::import::trees::{TreeFunctions, TreeMode, TreeRequest, Trees};
use snakelet_vm::import::{queue_parser_warnings, queue_syntax_warnings, raise_syntax_error};
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::code::CodeObject;
use snakelet_vm::types::module::Module;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm};

use classes::{Ast, Classes};
use from_syntax::Raise;
use nodes::{Field, Kind, Node};
use objects::{Reader, to_object};
use to_syntax::Lower;

/// Declares module `_ast`.
pub struct AstModule;

#[native_module("_ast", types = [Ast])]
impl AstModule {
    #[constant("PyCF_ALLOW_TOP_LEVEL_AWAIT")]
    const PY_CF_ALLOW_TOP_LEVEL_AWAIT: i64 = 0x2000;

    #[constant("PyCF_ONLY_AST")]
    const PY_CF_ONLY_AST: i64 = 0x400;

    #[constant("PyCF_TYPE_COMMENTS")]
    const PY_CF_TYPE_COMMENTS: i64 = 0x1000;

    #[constant("PyCF_OPTIMIZED_AST")]
    const PY_CF_OPTIMIZED_AST: i64 = 0x8400;

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let classes = vm.extension::<Classes>();
        if vm.extension::<Trees>().0.get().is_none() {
            classes.fill(vm);
            vm.extension::<Trees>().0.set(Some(&FUNCTIONS));
        }
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        for (number, class) in classes.grammar.classes.iter().enumerate() {
            module.dict.set_text(class.name, classes.ty(number).value());
        }
        Ok(())
    }
}

/// The module's declaration.
pub static MODULE: &ModuleDef = &AstModule::MODULE;

static FUNCTIONS: TreeFunctions =
    TreeFunctions { parse, is_node, check_mode, preprocess: preprocess_tree, compile: compile_tree };

fn is_node(vm: &Vm, object: &Value) -> bool {
    vm.type_of(object).is_subtype_of::<Ast>()
}

/// The class that a mode wants.
fn kind_of(mode: TreeMode) -> Kind {
    match mode {
        TreeMode::Exec => Kind::Module,
        TreeMode::Eval => Kind::Expression,
        TreeMode::Single => Kind::Interactive,
        TreeMode::FunctionType => Kind::FunctionType,
    }
}

fn check_mode(vm: &Vm, tree: &Value, mode: TreeMode) -> PyResult<()> {
    let classes = vm.extension::<Classes>();
    let wanted = classes.grammar.class_of(kind_of(mode));
    if classes.is_instance(tree, wanted) {
        return Ok(());
    }
    let (name, got) = (classes.grammar.classes[wanted].name, vm.type_name(tree));
    Err(vm.type_error(format!("expected {name} node, got {got}")))
}

/// `compile` of text with `PyCF_ONLY_AST`.
fn parse(vm: &Vm, source: &str, request: &TreeRequest) -> PyResult {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let source = snakelet_syntax::normalize_newlines(source);
    let mode = match request.mode {
        TreeMode::Eval => snakelet_syntax::Mode::Eval,
        TreeMode::Single => snakelet_syntax::Mode::Single,
        _ => snakelet_syntax::Mode::Exec,
    };
    let raise = |error: SyntaxError| raise_syntax_error(vm, error, &source, mode, &request.filename);
    let mut node = match request.mode {
        TreeMode::FunctionType => function_type(vm, &source).map_err(|error| error.unwrap_or_else(raise))?,
        _ => {
            let text = &*source;
            let comments = match request.type_comments {
                true => snakelet_syntax::type_comments(text, mode).map_err(raise)?,
                false => Default::default(),
            };
            let parsed = snakelet_syntax::parse_with(text, mode, request.barry);
            let limit = vm.int_max_str_digits();
            let parsed = snakelet_syntax::forbid_long_literals(parsed, text, mode, limit).map_err(raise)?;
            queue_parser_warnings(vm, parsed.warnings, text, mode, &request.filename);
            let mut convert = Raise::new(vm, text, 0);
            convert.comments = comments;
            convert.module(&parsed.module, mode == snakelet_syntax::Mode::Single)?
        }
    };
    if (0..14).contains(&request.feature_version)
        && let Some((span, message)) = features::too_new(&node, &source, request.feature_version)
    {
        let [line, column, ..] = span;
        let text = source.split_inclusive('\n').nth(line.max(1) as usize - 1).map(str::to_string);
        let kind = snakelet_syntax::Kind::Syntax;
        let start = (line.max(1) as u32, column.max(0) as u32 + 1);
        return Err(raise(SyntaxError { kind, message, start, end: None, text, message_only: false, parser: None }));
    }
    if let Some(level) = request.optimize {
        preprocess::preprocess(vm, &mut node, level)?;
    }
    Ok(to_object(vm.extension::<Classes>(), node))
}

/// An error of the text, or one that is raised already.
enum Wrong {
    Syntax(SyntaxError),
    Raised(Raised),
}

impl Wrong {
    fn unwrap_or_else(self, raise: impl FnOnce(SyntaxError) -> Raised) -> Raised {
        match self {
            Wrong::Syntax(error) => raise(error),
            Wrong::Raised(raised) => raised,
        }
    }
}

/// `(int, *str, **Any) -> float`: read as a call and an expression.
fn function_type(vm: &Vm, source: &str) -> Result<Node, Wrong> {
    use snakelet_syntax::{Mode, TextRange, TextSize, ast, parse};
    let invalid = || {
        let end = TextSize::new(source.len() as u32);
        Wrong::Syntax(SyntaxError::at(source, TextRange::empty(end), "invalid syntax"))
    };
    snakelet_syntax::check_function_type(source).map_err(Wrong::Syntax)?;
    let arrow = source.rfind("->").ok_or_else(invalid)?;
    let (left, right) = source.split_at(arrow);
    // A letter in front makes the parentheses a call; the result keeps its columns behind as many blanks.
    let call = ["f", left.trim_end()].concat();
    let blank: String = left.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    let result = ["(", blank.get(1..).unwrap_or_default(), "  ", &right[2..], ")"].concat();
    let left_tree = parse(&call, Mode::Eval).map_err(Wrong::Syntax)?;
    let right_tree = parse(&result, Mode::Eval).map_err(Wrong::Syntax)?;
    let (ast::Mod::Expression(left_tree), ast::Mod::Expression(right_tree)) = (left_tree.module, right_tree.module)
    else {
        return Err(invalid());
    };
    let ast::Expr::Call(parsed) = &*left_tree.body else { return Err(invalid()) };
    let mut argtypes = Vec::new();
    let mut raise = Raise::new(vm, &call, 1);
    let arguments = parsed.arguments.args.iter().map(|arg| match arg {
        ast::Expr::Starred(starred) => &*starred.value,
        _ => arg,
    });
    for expression in arguments.chain(parsed.arguments.keywords.iter().map(|keyword| &keyword.value)) {
        argtypes.push(Some(raise.expression(expression).map_err(Wrong::Raised)?));
    }
    let returns = Raise::new(vm, &result, 0).expr(&right_tree.body).map_err(Wrong::Raised)?;
    Ok(Node { kind: Kind::FunctionType, span: [0; 4], fields: vec![Field::List(argtypes), returns] })
}

/// Reads a whole tree, which fits the mode.
fn read(vm: &Vm, tree: &Value, mode: TreeMode) -> PyResult<Node> {
    let classes = vm.extension::<Classes>();
    let wanted = classes.grammar.class_of(kind_of(mode));
    match Reader::new(vm, classes).node(tree, wanted)? {
        Some(node) => Ok(node),
        None => Err(vm.type_error("expected a node, got None")),
    }
}

fn preprocess_tree(vm: &Vm, tree: &Value, request: &TreeRequest) -> PyResult {
    let mut node = read(vm, tree, request.mode)?;
    if let Some(level) = request.optimize {
        preprocess::preprocess(vm, &mut node, level)?;
    }
    Ok(to_object(vm.extension::<Classes>(), node))
}

/// `compile` of a tree.
fn compile_tree(vm: &Vm, tree: &Value, mode: TreeMode, options: &Options) -> PyResult<Ref<CodeObject>> {
    let node = read(vm, tree, mode)?;
    validate::validate(vm, &node)?;
    let mut lower = Lower::new(vm);
    let module = lower.module(&node)?;
    let (text, marks) = (lower.text, lower.marks);
    let lines = LineIndex::from_marks(marks);
    match snakelet_compiler::compile_tree(&module, &text, lines.clone(), options) {
        Ok(compiled) => {
            let line = |at: u32| lines.line(at.into()) as usize;
            queue_syntax_warnings(vm, compiled.warnings, &options.filename, line);
            CodeObject::new_object(vm, compiled.code)
        }
        Err(error) => Err(vm.raise(syntax_error(vm, &placed(vm, error, &text, &lines, options), &options.filename))),
    }
}

/// An error with the place of the node instead of that in the made-up text, and with the line of the file if it is known.
fn placed(vm: &Vm, mut error: SyntaxError, text: &str, lines: &LineIndex, options: &Options) -> SyntaxError {
    let locate = |(line, column): (u32, u32)| {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
        let rest = &text[start..];
        let inside = rest.char_indices().nth(column.saturating_sub(1) as usize).map_or(rest.len(), |(at, _)| at);
        lines.line_and_byte_column(((start + inside) as u32).into())
    };
    if error.start.0 > 0 {
        let (line, column) = locate(error.start);
        error.start = (line, column + 1);
        error.end = error.end.map(|end| {
            let (line, column) = locate((end.0, end.1.max(0) as u32));
            (line, column as i32 + 1)
        });
        error.text = vm.source_line(&options.filename, line as usize);
    }
    error
}

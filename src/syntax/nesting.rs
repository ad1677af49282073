//! How deep a program nests, before anything recursive touches it.
//!
//! The parser, the compiler and the dropping of a tree recurse. Brackets and indentation are bounded by the tokenizer
//! as in CPython; this scan bounds the rest: chains of prefix operators, `**`, `lambda`, `else` (which nest to the
//! right) and of binary operators, attributes, calls, subscripts (which nest to the left).

use crate::error::{Kind, SyntaxError};
use crate::lexer::{Lexer, Token};
use crate::token::*;

/// What a scan found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// The parser can be let loose on it.
    Fine,
    /// The tokenizer rejects it, or it holds something that only CPython rejects: it must be diagnosed.
    Wrong,
    /// It would exhaust the stack.
    TooDeep(SyntaxError),
}

/// Most levels that may be open at once: each costs the parser up to 1 KB of stack.
const MAX_RIGHT: u32 = 500;
/// Most lambdas whose parameters are being read at once.
const MAX_LAMBDAS: u32 = 100;
/// Most operators and trailers in one expression, open brackets' included: each costs the walkers of the tree.
const MAX_LEFT: u32 = 3000;

/// CPython's error for what its parser has no room for.
pub(crate) fn too_complex() -> SyntaxError {
    SyntaxError::without_position(Kind::Memory, "Parser stack overflowed - Python source too complex to parse")
}

/// How a kind of token makes an expression deeper.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    None,
    /// Nests to the right, until the expression ends.
    Right,
    /// Nests to the left.
    Left,
    Open,
    Close,
    /// Ends the expression.
    Reset,
}

/// Reads all tokens, which also collects the warnings.
pub(crate) fn scan(lexer: &mut Lexer<'_>) -> Scan {
    let effects = effects();
    // Depths of the expression within the innermost bracket, and their sums outside it.
    let (mut right, mut left) = (0u32, 0u32);
    let mut outer: Vec<(u32, u32, u32)> = Vec::new();
    // How much of `right` the next operator to the left ends: signs and powers bind tighter.
    let mut tight = 0u32;
    let (mut right_sum, mut left_sum) = (0u32, 0u32);
    let mut too_deep = None;
    const PLUS: u8 = fixed("+");
    const MINUS: u8 = fixed("-");
    const STAR: u8 = fixed("*");
    const POWER: u8 = fixed("**");
    const TILDE: u8 = fixed("~");
    const DOT: u8 = fixed(".");
    const LAMBDA: u8 = fixed("lambda");
    const COLON: u8 = fixed(":");
    const BRACE: u8 = fixed("{");
    // Lambdas whose parameters are still being read; the parser nests them even across errors.
    let mut lambdas = 0u32;
    let mut after_operand = false;
    let mut doubtful = Doubt::default();
    loop {
        let token = lexer.next_token();
        let mut effect = effects[token.kind as usize];
        doubtful.look(token, effect, lexer);
        match token.kind {
            PLUS | MINUS if after_operand => effect = Effect::Left,
            STAR if !after_operand => effect = Effect::Right,
            LAMBDA => lambdas += 1,
            COLON => lambdas = lambdas.saturating_sub(1),
            _ => {}
        }
        after_operand = matches!(token.kind, NAME | NUMBER | STRING | FSTRING_END) || effect == Effect::Close;
        match effect {
            Effect::None => {}
            Effect::Right => {
                right += 1;
                tight += u32::from(matches!(token.kind, PLUS | MINUS | POWER | TILDE));
            }
            Effect::Left => {
                left += 1;
                if token.kind != DOT {
                    right -= std::mem::take(&mut tight);
                }
            }
            Effect::Open => {
                // A bracket costs twice as much; a call or subscript also to the left.
                right_sum += right + 2;
                // Braces call nothing.
                left += u32::from(token.kind != BRACE);
                left_sum += left;
                outer.push((right, left, tight));
                (right, left, tight) = (0, 0, 0);
            }
            Effect::Close => {
                (right, left, tight) = outer.pop().unwrap_or((0, 0, 0));
                right_sum = right_sum.saturating_sub(right + 2);
                left_sum = left_sum.saturating_sub(left);
            }
            Effect::Reset => (right, left, tight) = (0, 0, 0),
        }
        if lambdas > MAX_LAMBDAS || right_sum + right > MAX_RIGHT || left_sum + left > MAX_LEFT {
            too_deep.get_or_insert(if left_sum + left <= MAX_LEFT {
                too_complex()
            } else {
                SyntaxError::without_position(Kind::Recursion, "maximum recursion depth exceeded during compilation")
            });
        }
        match token.kind {
            ERROR => return Scan::Wrong,
            END if doubtful.found && too_deep.is_none() => return Scan::Wrong,
            END => return too_deep.map_or(Scan::Fine, Scan::TooDeep),
            _ => {}
        }
    }
}

/// Looks for the few things that the parser accepts and CPython does not; what it finds may still be right.
#[derive(Default)]
struct Doubt {
    found: bool,
    previous: u8,
    before: u8,
    /// Whether the statement is a class definition.
    class: bool,
    /// For every open bracket: whether a star or `yield` follows it.
    starred: Vec<bool>,
}

impl Doubt {
    #[inline]
    fn look(&mut self, token: Token, effect: Effect, lexer: &Lexer<'_>) {
        const CLASS: u8 = fixed("class");
        const STAR: u8 = fixed("*");
        const STARS: u8 = fixed("**");
        const OPEN: u8 = fixed("(");
        const SQUARE: u8 = fixed("[");
        const BRACE: u8 = fixed("{");
        const CLOSE: u8 = fixed(")");
        const CLOSE_SQUARE: u8 = fixed("]");
        const CLOSE_BRACE: u8 = fixed("}");
        const FOR: u8 = fixed("for");
        const EQUAL: u8 = fixed("=");
        const AS: u8 = fixed("as");
        const IMPORT: u8 = fixed("import");
        const COMMA: u8 = fixed(",");
        const YIELD: u8 = fixed("yield");
        const WALRUS: u8 = fixed(":=");
        const OPERATORS: [u8; 13] = [
            COMMA,
            fixed(":"),
            fixed("=="),
            fixed("!="),
            fixed("<"),
            fixed(">"),
            fixed("<="),
            fixed(">="),
            fixed("in"),
            fixed("and"),
            fixed("or"),
            fixed("if"),
            FOR,
        ];
        const IS: u8 = fixed("is");
        let previous = self.previous;
        // `yield % x`: the parser takes `yield` for an operand.
        if previous == YIELD && token.kind != STAR {
            self.found |= effect == Effect::Left || token.kind == IS || OPERATORS.contains(&token.kind);
        }
        match token.kind {
            CLASS => self.class = true,
            NEWLINE => self.class = false,
            STAR | STARS => {
                // `f(**kwargs)` is one token; two stars in a row are none of ours.
                self.found |= previous == STAR || previous == OPEN && self.before == IMPORT;
                if matches!(previous, OPEN | SQUARE | BRACE)
                    && let Some(starred) = self.starred.last_mut()
                {
                    *starred = true;
                }
            }
            OPEN | SQUARE | BRACE => self.starred.push(false),
            CLOSE | CLOSE_SQUARE | CLOSE_BRACE => {
                self.starred.pop();
            }
            FOR => {
                self.found |= self.starred.last() == Some(&true);
                self.found |= self.class && self.starred.len() == 1;
            }
            EQUAL => self.found |= previous == CLOSE && !self.starred.is_empty(),
            NAME if previous == AS || previous == STARS => self.found |= lexer.is_underscore(token),
            YIELD => {
                self.found |= previous == COMMA;
                // `(yield x for x in y)`
                if previous == OPEN
                    && let Some(starred) = self.starred.last_mut()
                {
                    *starred = true;
                }
            }
            // `((a) := 1)`
            WALRUS => self.found |= previous == CLOSE,
            _ => {}
        }
        self.before = previous;
        self.previous = token.kind;
    }
}

fn effects() -> [Effect; 128] {
    let mut table = [Effect::None; 128];
    table[NEWLINE as usize] = Effect::Reset;
    let mut set = |spellings: &[&str], effect| {
        for spelling in spellings {
            table[fixed(spelling) as usize] = effect;
        }
    };
    set(
        &["-", "+", "~", "not", "**", "lambda", "else", "await", ":=", "yield", "from", "if", "for", "async"],
        Effect::Right,
    );
    set(&["return", "del", "raise", "assert", "import", "class", "def", "while", "with", "try", "->"], Effect::Right);
    set(&["*", "/", "//", "%", "@", "<<", ">>", "&", "|", "^", "."], Effect::Left);
    set(&["(", "[", "{"], Effect::Open);
    set(&[")", "]", "}"], Effect::Close);
    set(&[",", ";", "="], Effect::Reset);
    table
}

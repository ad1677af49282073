//! `match` statements (PEP 634).
//!
//! The subject stays in a temporary until a case is chosen. What a pattern takes apart goes to further temporaries, which
//! all stay until the pattern has succeeded or failed; names are bound only after the whole pattern has matched.

use std::rc::Rc;

use snakelet_bytecode::{Constant, Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::unit::{Label, Operand};

/// The state of matching one pattern, or one alternative of it.
struct Attempt {
    /// Where to go when it does not match.
    fail: Label,
    captures: Vec<(Rc<str>, Reg)>,
    /// Temporaries below this one may hold something when it fails.
    high: u32,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
}

impl<'a> Compiler<'a> {
    pub fn match_statement(&mut self, statement: &'a ast::StmtMatch) -> Result {
        let subject = self.temporary(&statement.subject)?;
        let end = self.unit.label();
        for (index, case) in statement.cases.iter().enumerate() {
            let last = index + 1 == statement.cases.len();
            let next = self.unit.label();
            let mut attempt = Attempt {
                fail: self.unit.label(),
                captures: Vec::new(),
                high: self.unit.temp_top,
                allow_irrefutable: last || case.guard.is_some(),
            };
            let base = Reg(self.unit.temp_top as u16);
            self.unit.range = case.pattern.range();
            self.pattern(&case.pattern, subject, &mut attempt)?;
            self.unit.range = case.pattern.range();
            self.bind_captures(&attempt.captures, base);
            if let Some(guard) = &case.guard {
                self.jump_if(guard, false, next)?;
            }
            self.unit.emit(Instr::Clear(subject));
            self.statements(&case.body)?;
            self.unit.hidden_jump(end);
            self.unit.bind(attempt.fail);
            self.unit.range = case.pattern.range();
            self.clear_range(base, attempt.high);
            self.unit.bind(next);
        }
        self.unit.emit(Instr::Clear(subject));
        self.unit.free_from(subject);
        self.unit.bind(end);
        Ok(())
    }

    fn clear_range(&mut self, from: Reg, to: u32) {
        for reg in from.0..to as u16 {
            self.unit.emit(Instr::Clear(Reg(reg)));
        }
    }

    /// Stores what has been captured and gives back the temporaries from `base`.
    fn bind_captures(&mut self, captures: &[(Rc<str>, Reg)], base: Reg) {
        let top = self.unit.temp_top;
        let mut cleared = Vec::new();
        for (index, (name, reg)) in captures.iter().enumerate() {
            let used_later = captures[index + 1..].iter().any(|(_, later)| later == reg);
            let dies = *reg >= base && !used_later;
            if dies {
                cleared.push(*reg);
            }
            self.unit.temp_top = if dies { reg.0 as u32 + 1 } else { top };
            // Storing needs temporaries of its own in no case that a capture can be in.
            self.store_mangled(name, Operand { reg: *reg, temp: dies });
            self.unit.temp_top = top;
        }
        for reg in base.0..top as u16 {
            if !cleared.contains(&Reg(reg)) {
                self.unit.emit(Instr::Clear(Reg(reg)));
            }
        }
        self.unit.free_from(base);
    }

    /// A jump to where the attempt has failed.
    fn fail_if(&mut self, instr: Instr, attempt: &mut Attempt) {
        attempt.high = attempt.high.max(self.unit.temp_top);
        self.unit.emit_jump(instr, attempt.fail);
    }

    fn pattern(&mut self, pattern: &'a ast::Pattern, subject: Reg, attempt: &mut Attempt) -> Result {
        self.deeper()?;
        let outer = std::mem::replace(&mut self.unit.range, pattern.range());
        match pattern {
            ast::Pattern::MatchValue(pattern) => {
                if self.constant_of(&pattern.value).is_none() && !pattern.value.is_attribute_expr() {
                    let message = "patterns may only match literals and attribute lookups";
                    return self.error(pattern.range, message);
                }
                self.match_value(&pattern.value, subject, attempt)?;
            }
            ast::Pattern::MatchSingleton(singleton) => self.match_singleton(singleton.value, subject, attempt),
            ast::Pattern::MatchSequence(sequence) => self.match_sequence(sequence, subject, attempt)?,
            ast::Pattern::MatchMapping(mapping) => self.match_mapping(mapping, subject, attempt)?,
            ast::Pattern::MatchClass(class) => self.match_class(class, subject, attempt)?,
            ast::Pattern::MatchStar(star) => self.capture(star.name.as_ref(), subject, star.range, attempt)?,
            ast::Pattern::MatchAs(capture) => {
                match &capture.pattern {
                    Some(pattern) => self.pattern(pattern, subject, attempt)?,
                    None if attempt.allow_irrefutable => {}
                    None => {
                        let what = match &capture.name {
                            Some(name) => format!("name capture '{name}'"),
                            None => "wildcard".to_owned(),
                        };
                        return self.error(capture.range, format!("{what} makes remaining patterns unreachable"));
                    }
                }
                self.capture(capture.name.as_ref(), subject, capture.range, attempt)?;
            }
            ast::Pattern::MatchOr(or) => self.match_or(or, subject, attempt)?,
        }
        self.unit.range = outer;
        self.depth -= 1;
        Ok(())
    }

    fn subpattern(&mut self, pattern: &'a ast::Pattern, subject: Reg, attempt: &mut Attempt) -> Result {
        let outer = std::mem::replace(&mut attempt.allow_irrefutable, true);
        self.pattern(pattern, subject, attempt)?;
        attempt.allow_irrefutable = outer;
        Ok(())
    }

    fn capture(
        &mut self,
        name: Option<&ast::Identifier>,
        subject: Reg,
        range: TextRange,
        attempt: &mut Attempt,
    ) -> Result {
        let Some(name) = name else { return Ok(()) };
        let name = self.mangled(name.as_str());
        if attempt.captures.iter().any(|(known, _)| *known == name) {
            return self.error(range, format!("multiple assignments to name '{name}' in pattern"));
        }
        attempt.captures.push((name, subject));
        Ok(())
    }

    fn match_value(&mut self, value: &'a ast::Expr, subject: Reg, attempt: &mut Attempt) -> Result {
        if let Some(n) = self.small_int(value) {
            self.fail_if(Instr::JumpEqImm(subject, n, 0), attempt);
            return Ok(());
        }
        let value = self.operand(value, None)?;
        self.unit.release(value);
        let bits = if value.temp { flags::KILL_B } else { 0 };
        self.fail_if(Instr::JumpEq(subject, value.reg, 0).with(bits), attempt);
        Ok(())
    }

    fn match_singleton(&mut self, value: ast::Singleton, subject: Reg, attempt: &mut Attempt) {
        if value == ast::Singleton::None {
            self.fail_if(Instr::JumpIfNone(subject, 0), attempt);
            return;
        }
        let reg = self.unit.alloc();
        let instr = if value == ast::Singleton::True { Instr::LoadTrue(reg) } else { Instr::LoadFalse(reg) };
        self.unit.emit(instr);
        self.unit.free_from(reg);
        self.fail_if(Instr::JumpIs(subject, reg, 0).with(flags::KILL_B), attempt);
    }

    /// Fails unless the test that `make` writes to a register holds.
    fn require(&mut self, make: impl FnOnce(Reg) -> Instr, attempt: &mut Attempt) {
        let reg = self.unit.alloc();
        self.unit.emit(make(reg));
        self.unit.free_from(reg);
        self.fail_if(Instr::JumpIf(reg, 0).with(flags::KILL_A), attempt);
    }

    /// Fails unless the subject's length is (or is at least) `length`.
    fn require_length(&mut self, subject: Reg, length: usize, at_least: bool, attempt: &mut Attempt) {
        let reg = self.unit.alloc();
        self.unit.emit(Instr::GetLen(reg, subject));
        match i16::try_from(length) {
            Ok(length) => {
                self.unit.free_from(reg);
                let instr = if at_least { Instr::JumpGeImm(reg, length, 0) } else { Instr::JumpEqImm(reg, length, 0) };
                self.fail_if(instr.with(flags::KILL_A), attempt);
            }
            Err(_) => {
                let wanted = self.unit.alloc();
                self.load_constant(wanted, Constant::Int(length as i64));
                self.unit.free_from(reg);
                let instr = if at_least { Instr::JumpGe(reg, wanted, 0) } else { Instr::JumpEq(reg, wanted, 0) };
                self.fail_if(instr.with(flags::KILL_A | flags::KILL_B), attempt);
            }
        }
    }

    fn match_sequence(
        &mut self,
        sequence: &'a ast::PatternMatchSequence,
        subject: Reg,
        attempt: &mut Attempt,
    ) -> Result {
        let patterns = &sequence.patterns[..];
        let mut star = None;
        for (index, pattern) in patterns.iter().enumerate() {
            if pattern.is_match_star() {
                if star.is_some() {
                    return self.error(sequence.range, "multiple starred names in sequence pattern");
                }
                star = Some(index);
            }
        }
        self.require(|reg| Instr::MatchSequence(reg, subject), attempt);
        match star {
            None => self.require_length(subject, patterns.len(), false, attempt),
            Some(_) if patterns.len() > 1 => self.require_length(subject, patterns.len() - 1, true, attempt),
            Some(_) => {}
        }
        let star_ignored = star.is_some_and(|index| is_wildcard(&patterns[index]));
        if patterns.iter().all(is_wildcard) {
            return Ok(());
        }
        match star {
            Some(star) if star_ignored => self.match_items(patterns, star, subject, attempt),
            Some(star) => {
                let (before, after) = (star, patterns.len() - star - 1);
                if before > 0xFF || after > 0xFF {
                    return self.error(sequence.range, "too many expressions in star-unpacking sequence pattern");
                }
                let first = self.unit.alloc_run(patterns.len());
                let count = before as u16 | (after as u16) << 8;
                self.unit.emit(Instr::UnpackEx(first, subject, count));
                self.match_run(patterns, first, attempt)
            }
            None => {
                let first = self.unit.alloc_run(patterns.len());
                self.unit.emit(Instr::Unpack(first, subject, patterns.len() as u16));
                self.match_run(patterns, first, attempt)
            }
        }
    }

    /// Matches patterns against a run of temporaries.
    fn match_run(&mut self, patterns: &'a [ast::Pattern], first: Reg, attempt: &mut Attempt) -> Result {
        for (index, pattern) in patterns.iter().enumerate() {
            self.subpattern(pattern, Reg(first.0 + index as u16), attempt)?;
        }
        Ok(())
    }

    /// A sequence whose starred part is not wanted: items are taken one by one.
    fn match_items(
        &mut self,
        patterns: &'a [ast::Pattern],
        star: usize,
        subject: Reg,
        attempt: &mut Attempt,
    ) -> Result {
        for (index, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) {
                continue;
            }
            let item = self.unit.alloc();
            match i16::try_from(index) {
                Ok(index) if (index as usize) < star => self.unit.emit(Instr::LoadItemImm(item, subject, index)),
                _ => {
                    let from_end = i16::try_from(patterns.len() - index).unwrap_or(i16::MAX);
                    self.unit.emit(Instr::GetLen(item, subject));
                    self.unit.emit(Instr::SubImm(item, item, from_end));
                    self.unit.emit(Instr::LoadItem(item, subject, item));
                }
            }
            self.subpattern(pattern, item, attempt)?;
        }
        Ok(())
    }

    fn match_mapping(&mut self, mapping: &'a ast::PatternMatchMapping, subject: Reg, attempt: &mut Attempt) -> Result {
        self.check_mapping_keys(mapping)?;
        self.require(|reg| Instr::MatchMapping(reg, subject), attempt);
        let size = mapping.keys.len();
        if size == 0 && mapping.rest.is_none() {
            return Ok(());
        }
        if size == 0 {
            let dict = self.unit.alloc();
            self.unit.emit(Instr::BuildDict(dict, dict, 0));
            self.unit.emit(Instr::DictUpdate(dict, subject));
            return self.capture(mapping.rest.as_ref(), dict, mapping.range, attempt);
        }
        self.require_length(subject, size, true, attempt);
        let keys = self.unit.alloc();
        let key_expressions: Vec<&'a ast::Expr> = mapping.keys.iter().collect();
        self.tuple_of(&key_expressions, keys)?;
        let values = self.unit.alloc();
        self.unit.emit(Instr::MatchKeys(values, subject, keys));
        self.fail_if(Instr::JumpIfNone(values, 0).with(flags::SENSE), attempt);
        let first = self.unit.alloc_run(size);
        self.unit.emit(Instr::Unpack(first, values, size as u16).with(flags::KILL_B));
        let mut remaining = None;
        if mapping.rest.is_some() {
            let dict = self.unit.alloc();
            self.unit.emit(Instr::BuildDict(dict, dict, 0));
            self.unit.emit(Instr::DictUpdate(dict, subject));
            let unpacked = self.unit.alloc_run(size);
            self.unit.emit(Instr::Unpack(unpacked, keys, size as u16).with(flags::KILL_B));
            for index in 0..size as u16 {
                let key = Reg(unpacked.0 + index);
                self.unit.emit(Instr::DeleteItem(dict, key).with(flags::KILL_B));
            }
            self.unit.free_from(unpacked);
            remaining = Some(dict);
        } else {
            self.unit.emit(Instr::Clear(keys));
        }
        self.match_run(&mapping.patterns, first, attempt)?;
        match remaining {
            Some(dict) => self.capture(mapping.rest.as_ref(), dict, mapping.range, attempt),
            None => Ok(()),
        }
    }

    fn check_mapping_keys(&self, mapping: &ast::PatternMatchMapping) -> Result {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        for key in &mapping.keys {
            match self.constant_of(key) {
                Some(constant) => {
                    let mut bytes = Vec::new();
                    let comparable = crate::fold::equality_key(&constant, &mut bytes).is_some();
                    if comparable && seen.contains(&bytes) {
                        let text = match constant {
                            Constant::Int(number) => number.to_string(),
                            Constant::Complex { .. } => {
                                format!("({})", crate::unparse::unparse(self.source, key).replace(' ', ""))
                            }
                            _ => crate::unparse::unparse(self.source, key),
                        };
                        let message = format!("mapping pattern checks duplicate key ({text})");
                        return self.error(mapping.range, message);
                    }
                    if comparable {
                        seen.push(bytes);
                    }
                }
                None if key.is_attribute_expr() => {}
                None => {
                    let message = "mapping pattern keys may only match literals and attribute lookups";
                    return self.error(mapping.range, message);
                }
            }
        }
        Ok(())
    }

    fn match_class(&mut self, class: &'a ast::PatternMatchClass, subject: Reg, attempt: &mut Attempt) -> Result {
        let (positional, keywords) = (&class.arguments.patterns, &class.arguments.keywords);
        let mut names = Vec::with_capacity(keywords.len());
        for (index, keyword) in keywords.iter().enumerate() {
            let repeated = keywords[index + 1..].iter().find(|later| later.attr.id == keyword.attr.id);
            if let Some(repeated) = repeated {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr);
                return self.error(repeated.pattern.range(), message);
            }
            // Not mangled, unlike names and attributes elsewhere.
            names.push(Constant::Str(keyword.attr.as_str().into()));
        }
        let first = self.unit.alloc();
        self.expression_to(&class.cls, first)?;
        let count = self.unit.alloc();
        self.unit.emit(Instr::LoadInt(count, positional.len() as i32));
        let names_reg = self.unit.alloc();
        self.load_constant(names_reg, Constant::Tuple(names));
        self.unit.free_from(Reg(first.0 + 1));
        self.unit.emit(Instr::MatchClass(first, subject, first));
        self.fail_if(Instr::JumpIfNone(first, 0).with(flags::SENSE), attempt);
        let patterns = positional.iter().chain(keywords.iter().map(|keyword| &keyword.pattern));
        let total = positional.len() + keywords.len();
        if total == 0 {
            self.unit.free_from(first);
            self.unit.emit(Instr::Clear(first));
            return Ok(());
        }
        let values = self.unit.alloc_run(total);
        self.unit.emit(Instr::Unpack(values, first, total as u16).with(flags::KILL_B));
        for (index, pattern) in patterns.enumerate() {
            self.subpattern(pattern, Reg(values.0 + index as u16), attempt)?;
        }
        Ok(())
    }

    /// Alternatives: each leaves what it captures in the same temporaries.
    fn match_or(&mut self, or: &'a ast::PatternMatchOr, subject: Reg, attempt: &mut Attempt) -> Result {
        let matched = self.unit.label();
        let mut names: Option<Vec<Rc<str>>> = None;
        let mut first = Reg(self.unit.temp_top as u16);
        if let Some(pattern) = or.patterns.first() {
            let mut bound = Vec::new();
            bound_names(pattern, &mut bound);
            first = self.unit.alloc_run(bound.len());
        }
        let base = Reg(self.unit.temp_top as u16);
        for (index, pattern) in or.patterns.iter().enumerate() {
            let last = index + 1 == or.patterns.len();
            let mut inner = Attempt {
                fail: self.unit.label(),
                captures: Vec::new(),
                high: self.unit.temp_top,
                allow_irrefutable: last && attempt.allow_irrefutable,
            };
            self.pattern(pattern, subject, &mut inner)?;
            let mut captured: Vec<Rc<str>> = inner.captures.iter().map(|(name, _)| name.clone()).collect();
            snakelet_text::order::sort(&mut captured);
            match &names {
                None => names = Some(captured),
                Some(names) if *names != captured => {
                    return self.error(or.range, "alternative patterns bind different names");
                }
                Some(_) => {}
            }
            self.unit.range = pattern.range();
            for (name, reg) in &inner.captures {
                let slot = names.iter().flatten().position(|known| known == name).unwrap_or(0);
                self.unit.emit(Instr::Move(Reg(first.0 + slot as u16), *reg));
            }
            let top = self.unit.temp_top;
            self.clear_range(base, top);
            self.unit.free_from(base);
            self.unit.jump(matched);
            self.unit.bind(inner.fail);
            self.clear_range(base, inner.high);
            if last {
                attempt.high = attempt.high.max(self.unit.temp_top);
                self.unit.jump(attempt.fail);
            }
        }
        self.unit.bind(matched);
        for (index, name) in names.unwrap_or_default().into_iter().enumerate() {
            if attempt.captures.iter().any(|(known, _)| *known == name) {
                return self.error(or.range, format!("multiple assignments to name '{name}' in pattern"));
            }
            attempt.captures.push((name, Reg(first.0 + index as u16)));
        }
        Ok(())
    }
}

/// A pattern that matches anything and binds nothing.
fn is_wildcard(pattern: &ast::Pattern) -> bool {
    match pattern {
        ast::Pattern::MatchAs(capture) => capture.pattern.is_none() && capture.name.is_none(),
        ast::Pattern::MatchStar(star) => star.name.is_none(),
        _ => false,
    }
}

/// The names that a pattern binds, in no particular order. Nesting is bounded by the first pass.
fn bound_names<'p>(pattern: &'p ast::Pattern, names: &mut Vec<&'p str>) {
    let mut add = |name: &'p Option<ast::Identifier>| names.extend(name.iter().map(|name| name.as_str()));
    match pattern {
        ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_) => {}
        ast::Pattern::MatchSequence(sequence) => sequence.patterns.iter().for_each(|p| bound_names(p, names)),
        ast::Pattern::MatchMapping(mapping) => {
            add(&mapping.rest);
            mapping.patterns.iter().for_each(|p| bound_names(p, names));
        }
        ast::Pattern::MatchClass(class) => {
            class.arguments.patterns.iter().for_each(|p| bound_names(p, names));
            class.arguments.keywords.iter().for_each(|k| bound_names(&k.pattern, names));
        }
        ast::Pattern::MatchStar(star) => add(&star.name),
        ast::Pattern::MatchAs(capture) => {
            add(&capture.name);
            if let Some(pattern) = &capture.pattern {
                bound_names(pattern, names);
            }
        }
        ast::Pattern::MatchOr(or) => {
            if let Some(first) = or.patterns.first() {
                bound_names(first, names);
            }
        }
    }
}

//! The declarations of the methods that `bytes` and `bytearray` share.

use snakelet_macros::methods;
use snakelet_text::search::{self, Side};
use snakelet_text::{Text, bytes};

use super::{data, transform};
use crate::native::Clamped;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::codec;
use crate::{PyResult, Value, Vm};

macro_rules! declare {
    ($($ty:ident)*) => {
        $(
            #[methods(block = COMMON)]
            impl $ty {
                /// The lowest index at which the bytes are found within the limits, or -1.
                #[method("find(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
                fn find(vm: &Vm, this: &Value, sub: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult {
                    super::find(vm, this, sub, (start, end), search::find)
                }

                /// The highest index at which the bytes are found within the limits, or -1.
                #[method("rfind(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
                fn rfind(vm: &Vm, this: &Value, sub: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult {
                    super::find(vm, this, sub, (start, end), search::rfind)
                }

                /// The lowest index at which the bytes are found within the limits; ValueError if there is none.
                #[method("index(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
                fn index(vm: &Vm, this: &Value, sub: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult {
                    super::index(vm, this, sub, (start, end), search::find)
                }

                /// The highest index at which the bytes are found within the limits; ValueError if there is none.
                #[method("rindex(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
                fn rindex(vm: &Vm, this: &Value, sub: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult {
                    super::index(vm, this, sub, (start, end), search::rfind)
                }

                /// How often the bytes occur within the limits, without overlaps.
                #[method("count(self, sub, start=None, end=None, /)", text = "($self, sub[, start[, end]], /)")]
                fn count(vm: &Vm, this: &Value, sub: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult<usize> {
                    super::count(vm, this, sub, (start, end))
                }

                /// Whether the bytes (within the limits) start with a prefix, or with one of a tuple of them.
                #[method("startswith(self, prefix, start=None, end=None, /)", text = "($self, prefix[, start[, end]], /)")]
                fn startswith(vm: &Vm, this: &Value, prefix: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult<bool> {
                    super::has_affix(vm, this, prefix, (start, end), "startswith", |part, prefix| part.starts_with(prefix))
                }

                /// Whether the bytes (within the limits) end with a suffix, or with one of a tuple of them.
                #[method("endswith(self, suffix, start=None, end=None, /)", text = "($self, suffix[, start[, end]], /)")]
                fn endswith(vm: &Vm, this: &Value, suffix: &Value, start: Option<Clamped>, end: Option<Clamped>) -> PyResult<bool> {
                    super::has_affix(vm, this, suffix, (start, end), "endswith", |part, suffix| part.ends_with(suffix))
                }

                /// A list of the parts between separators (runs of white space if None), of at most `maxsplit` cuts from the left.
                #[method("split(self, /, sep=None, maxsplit=-1)")]
                fn split(vm: &Vm, this: &Value, sep: Option<&Value>, maxsplit: isize) -> PyResult {
                    super::split(vm, this, sep, maxsplit)
                }

                /// A list of the parts between separators (runs of white space if None), of at most `maxsplit` cuts from the right.
                #[method("rsplit(self, /, sep=None, maxsplit=-1)")]
                fn rsplit(vm: &Vm, this: &Value, sep: Option<&Value>, maxsplit: isize) -> PyResult {
                    super::rsplit(vm, this, sep, maxsplit)
                }

                /// A list of the lines, without their ends unless `keepends` is true.
                #[method("splitlines(self, /, keepends=False)")]
                fn splitlines(vm: &Vm, this: &Value, keepends: bool) -> PyResult {
                    super::splitlines(vm, this, keepends)
                }

                /// The part before the first separator, the separator, and the part after it.
                #[method("partition(self, sep, /)")]
                fn partition(vm: &Vm, this: &Value, sep: &Value) -> PyResult {
                    super::partition(vm, this, sep, search::find, false)
                }

                /// The part before the last separator, the separator, and the part after it.
                #[method("rpartition(self, sep, /)")]
                fn rpartition(vm: &Vm, this: &Value, sep: &Value) -> PyResult {
                    super::partition(vm, this, sep, search::rfind, true)
                }

                /// The bytes-like objects of an iterable, with this one between them.
                #[method("join(self, iterable_of_bytes, /)")]
                fn join(vm: &Vm, this: &Value, iterable: &Value) -> PyResult {
                    super::join(vm, this, iterable)
                }

                /// With the first letter as a capital and the rest in lower case.
                #[method("capitalize(self, /)")]
                fn capitalize(vm: &Vm, this: &Value) -> PyResult {
                    transform::mapped(vm, this, bytes::capitalize)
                }

                /// In lower case.
                #[method("lower(self, /)")]
                fn lower(vm: &Vm, this: &Value) -> PyResult {
                    transform::mapped(vm, this, bytes::lower)
                }

                /// With upper and lower case exchanged.
                #[method("swapcase(self, /)")]
                fn swapcase(vm: &Vm, this: &Value) -> PyResult {
                    transform::mapped(vm, this, bytes::swapcase)
                }

                /// With each word starting with a capital and the rest in lower case.
                #[method("title(self, /)")]
                fn title(vm: &Vm, this: &Value) -> PyResult {
                    transform::mapped(vm, this, bytes::title)
                }

                /// In upper case.
                #[method("upper(self, /)")]
                fn upper(vm: &Vm, this: &Value) -> PyResult {
                    transform::mapped(vm, this, bytes::upper)
                }

                /// Whether there are bytes and all are ASCII letters or digits.
                #[method("isalnum(self, /)")]
                fn isalnum(this: &Value) -> bool {
                    bytes::is_alnum(data(this))
                }

                /// Whether there are bytes and all are ASCII letters.
                #[method("isalpha(self, /)")]
                fn isalpha(this: &Value) -> bool {
                    bytes::is_alpha(data(this))
                }

                /// Whether all bytes are ASCII; also true of no bytes.
                #[method("isascii(self, /)")]
                fn isascii(this: &Value) -> bool {
                    data(this).is_ascii()
                }

                /// Whether there are bytes and all are ASCII digits.
                #[method("isdigit(self, /)")]
                fn isdigit(this: &Value) -> bool {
                    bytes::is_digit(data(this))
                }

                /// Whether there are ASCII letters and all of them are lower case.
                #[method("islower(self, /)")]
                fn islower(this: &Value) -> bool {
                    bytes::is_lower(data(this))
                }

                /// Whether there are bytes and all are ASCII white space.
                #[method("isspace(self, /)")]
                fn isspace(this: &Value) -> bool {
                    bytes::is_space(data(this))
                }

                /// Whether every word starts with a capital and goes on in lower case.
                #[method("istitle(self, /)")]
                fn istitle(this: &Value) -> bool {
                    bytes::is_title(data(this))
                }

                /// Whether there are ASCII letters and all of them are upper case.
                #[method("isupper(self, /)")]
                fn isupper(this: &Value) -> bool {
                    bytes::is_upper(data(this))
                }

                /// Without white space (or the given bytes) at both ends.
                #[method("strip(self, bytes=None, /)")]
                fn strip(vm: &Vm, this: &Value, chars: Option<&Value>) -> PyResult {
                    transform::strip(vm, this, chars, Side::Both)
                }

                /// Without white space (or the given bytes) at the start.
                #[method("lstrip(self, bytes=None, /)")]
                fn lstrip(vm: &Vm, this: &Value, chars: Option<&Value>) -> PyResult {
                    transform::strip(vm, this, chars, Side::Left)
                }

                /// Without white space (or the given bytes) at the end.
                #[method("rstrip(self, bytes=None, /)")]
                fn rstrip(vm: &Vm, this: &Value, chars: Option<&Value>) -> PyResult {
                    transform::strip(vm, this, chars, Side::Right)
                }

                /// Filled up at both sides to a width.
                #[method("center(self, width, fillchar=b' ', /)")]
                fn center(vm: &Vm, this: &Value, width: isize, fillchar: Option<&Value>) -> PyResult {
                    transform::pad(vm, this, width, fillchar, Side::Both, "center")
                }

                /// Filled up at the right to a width.
                #[method("ljust(self, width, fillchar=b' ', /)")]
                fn ljust(vm: &Vm, this: &Value, width: isize, fillchar: Option<&Value>) -> PyResult {
                    transform::pad(vm, this, width, fillchar, Side::Right, "ljust")
                }

                /// Filled up at the left to a width.
                #[method("rjust(self, width, fillchar=b' ', /)")]
                fn rjust(vm: &Vm, this: &Value, width: isize, fillchar: Option<&Value>) -> PyResult {
                    transform::pad(vm, this, width, fillchar, Side::Left, "rjust")
                }

                /// Filled up with zeros to a width, behind a sign.
                #[method("zfill(self, width, /)")]
                fn zfill(vm: &Vm, this: &Value, width: isize) -> PyResult {
                    transform::zfill(vm, this, width)
                }

                /// With spaces in place of tabs.
                #[method("expandtabs(self, /, tabsize=8)")]
                fn expandtabs(vm: &Vm, this: &Value, tabsize: i32) -> PyResult {
                    transform::expandtabs(vm, this, tabsize)
                }

                /// With `old` replaced by `new` everywhere, or at the first `count` places.
                #[method("replace(self, old, new, count=-1, /)")]
                fn replace(vm: &Vm, this: &Value, old: &Value, new: &Value, count: isize) -> PyResult {
                    transform::replace(vm, this, old, new, count)
                }

                /// Without this prefix, if the bytes start with it.
                #[method("removeprefix(self, prefix, /)")]
                fn removeprefix(vm: &Vm, this: &Value, prefix: &Value) -> PyResult {
                    transform::removeprefix(vm, this, prefix)
                }

                /// Without this suffix, if the bytes end with it.
                #[method("removesuffix(self, suffix, /)")]
                fn removesuffix(vm: &Vm, this: &Value, suffix: &Value) -> PyResult {
                    transform::removesuffix(vm, this, suffix)
                }

                /// Without the bytes to delete, and each other replaced by what a table of 256 bytes has for it.
                #[method("translate(self, table, /, delete=b'')")]
                fn translate(vm: &Vm, this: &Value, table: &Value, delete: Option<&Value>) -> PyResult {
                    transform::translate(vm, this, table, delete)
                }

                /// The text that the bytes stand for in an encoding.
                #[method("decode(self, /, encoding='utf-8', errors='strict')")]
                fn decode(vm: &Vm, this: &Value, encoding: Option<&Text>, errors: Option<&Text>) -> PyResult {
                    codec::decode_object(vm, this, encoding, errors)
                }

                /// The bytes as hexadecimal digits, with separators between groups.
                #[method("hex(self, /, sep=<unrepresentable>, bytes_per_sep=1)")]
                fn hex(vm: &Vm, this: &Value, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult {
                    transform::hex(vm, data(this), sep, bytes_per_sep)
                }
            }
        )*
    };
}

declare!(Bytes ByteArray);

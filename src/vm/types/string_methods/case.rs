//! Letter case and classes of characters.

use snakelet_macros::methods;
use snakelet_text::{case, classify};

use crate::types::string::{Str, mapped};
use crate::{PyResult, Value, Vm};

#[methods(block = CASE)]
impl Str {
    /// With the first character in title case and the rest in lower case.
    #[method("capitalize(self, /)")]
    fn capitalize(vm: &Vm, this: &Value) -> PyResult {
        mapped(vm, this, case::capitalize)
    }

    /// For comparisons that ignore case.
    #[method("casefold(self, /)")]
    fn casefold(vm: &Vm, this: &Value) -> PyResult {
        mapped(vm, this, case::casefold)
    }

    /// In lower case.
    #[method("lower(self, /)")]
    fn lower(vm: &Vm, this: &Value) -> PyResult {
        mapped(vm, this, case::lower)
    }

    /// With upper and lower case exchanged.
    #[method("swapcase(self, /)")]
    fn swapcase(vm: &Vm, this: &Value) -> PyResult {
        mapped(vm, this, case::swapcase)
    }

    /// With each word starting with a title case letter and the rest in lower case.
    #[method("title(self, /)")]
    fn title(vm: &Vm, this: &Value) -> PyResult {
        mapped(vm, this, case::title)
    }

    /// In upper case.
    #[method("upper(self, /)")]
    fn upper(vm: &Vm, this: &Value) -> PyResult {
        mapped(vm, this, case::upper)
    }
}

#[methods(block = TESTS)]
impl Str {
    /// Whether there are characters and all are letters or digits.
    #[method("isalnum(self, /)")]
    fn isalnum(this: &Str) -> bool {
        classify::is_alnum(this.text())
    }

    /// Whether there are characters and all are letters.
    #[method("isalpha(self, /)")]
    fn isalpha(this: &Str) -> bool {
        classify::is_alpha(this.text())
    }

    /// Whether all characters are ASCII; also true of the empty text.
    #[method("isascii(self, /)")]
    fn isascii(this: &Str) -> bool {
        this.text().is_ascii()
    }

    /// Whether there are characters and all are decimal digits.
    #[method("isdecimal(self, /)")]
    fn isdecimal(this: &Str) -> bool {
        classify::is_decimal(this.text())
    }

    /// Whether there are characters and all are digits.
    #[method("isdigit(self, /)")]
    fn isdigit(this: &Str) -> bool {
        classify::is_digit(this.text())
    }

    /// Whether the text is a valid identifier; keywords are, too.
    #[method("isidentifier(self, /)")]
    fn isidentifier(this: &Str) -> bool {
        classify::is_identifier(this.text())
    }

    /// Whether there are cased characters and all of them are lower case.
    #[method("islower(self, /)")]
    fn islower(this: &Str) -> bool {
        classify::is_lower(this.text())
    }

    /// Whether there are characters and all are numeric.
    #[method("isnumeric(self, /)")]
    fn isnumeric(this: &Str) -> bool {
        classify::is_numeric(this.text())
    }

    /// Whether `repr` shows all characters as they are; also true of the empty text.
    #[method("isprintable(self, /)")]
    fn isprintable(this: &Str) -> bool {
        classify::is_printable(this.text())
    }

    /// Whether there are characters and all are white space.
    #[method("isspace(self, /)")]
    fn isspace(this: &Str) -> bool {
        classify::is_space(this.text())
    }

    /// Whether every word starts with a capital and goes on in lower case.
    #[method("istitle(self, /)")]
    fn istitle(this: &Str) -> bool {
        classify::is_title(this.text())
    }

    /// Whether there are cased characters and all of them are upper case.
    #[method("isupper(self, /)")]
    fn isupper(this: &Str) -> bool {
        classify::is_upper(this.text())
    }
}

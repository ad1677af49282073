//! Popular packages from their wheels: a smoke program each, compared with what CPython prints with the same packages.
//!
//! The first line of a program in tests/packages names what it needs, `# needs: NAME==VERSION ...`. `cargo xtask` puts the packages
//! into target/packages; a program whose packages are not there is skipped.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Options;
use crate::cases;
use crate::programs;
use crate::report::{Report, Verdict};

/// Time that one program may take.
const LIMIT: Duration = Duration::from_secs(200);

pub fn run(options: &Options, report: &mut Report) {
    let programs = cases::programs_in("packages", &options.only);
    let check = |program: &cases::Program| match needs(&program.file) {
        Ok(path) => programs::check_with(program, &options.program, &path, LIMIT),
        Err(missing) => Verdict::Skipped(format!("the package {missing} is not in target/packages")),
    };
    cases::run_all(&programs, |program| &program.name, check, report);
}

/// The folders of the packages that a program needs, or the name of one that is not there.
fn needs(program: &Path) -> Result<Vec<PathBuf>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let folder = root.map(|root| root.join("target/packages")).unwrap_or_default();
    let text = std::fs::read_to_string(program).unwrap_or_default();
    let names = text.lines().find_map(|line| line.strip_prefix("# needs: ")).unwrap_or("");
    let folders = names.split(' ').map(|name| (name, folder.join(name)));
    folders.map(|(name, folder)| if folder.is_dir() { Ok(folder) } else { Err(name.to_string()) }).collect()
}

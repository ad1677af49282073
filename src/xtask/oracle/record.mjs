// The record of a program, NAME.out beside NAME.py: its standard output, then, where there is any, standard error and the
// exit code. Sections begin with lines that no program prints; `tests/record.rs` reads the same format.

/** The text of a record from `{ stdout, stderr, exit }`. */
export function formatRecord({ stdout, stderr, exit }) {
  let text = section("stdout", stdout);
  if (stderr) text += section("stderr", stderr);
  if (exit) text += `#> exit ${exit}\n`;
  return text;
}

function section(name, text) {
  const open = text !== "" && !text.endsWith("\n");
  return `#> ${name}${open ? " without final newline" : ""}\n${text}${open ? "\n" : ""}`;
}

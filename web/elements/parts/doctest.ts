/** Text from elsewhere on its way into the shell: prompts are stripped, results that stand between the prompts are dropped. */

const primary = /^\s*(>>>|In \[\d+\]:)( |$)/;
const secondary = /^\s*(\.\.\.|   \.{3,}:)( |$)/;

/**
 * The statements of a pasted session. Undefined: the text has no prompts and is one program.
 * Some pages print `>>>` before every line of a block: an indented line there continues the statement.
 */
export function splitSession(text: string): string[] | undefined {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  if (!lines.some((line) => primary.test(line))) return undefined;
  const blocks: string[][] = [];
  let inBlock = false;
  for (const line of lines) {
    if (primary.test(line)) {
      const code = line.replace(primary, "");
      const last = blocks.at(-1);
      if (inBlock && last && (/^\s+\S/.test(code) || continues(code, last))) last.push(code);
      else if (code.trim()) blocks.push([code]);
      inBlock = true;
    } else if (inBlock && secondary.test(line)) {
      blocks.at(-1)?.push(line.replace(secondary, ""));
    } else {
      // A result of the session as it was run elsewhere.
      inBlock = false;
    }
  }
  return blocks.map((block) => block.join("\n").trimEnd()).filter(Boolean);
}

/** A line that cannot start a statement of its own continues the one before. */
function continues(code: string, block: readonly string[]): boolean {
  return /^(else|elif|except|finally)\b/.test(code) || (/^@/.test(block.at(-1)!) && /^(@|def|class|async)\b/.test(code));
}

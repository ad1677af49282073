/** Python tokens for colouring: a light scanner that never fails, whatever the text. */

export type TokenKind = "comment" | "string" | "number" | "keyword" | "builtin" | "name" | "decorator";

/** A coloured stretch of one line, in UTF-16 units. */
export interface Token {
  start: number;
  end: number;
  kind: TokenKind;
}

const keywords = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield").split(" "),
);
const softKeywords = new Set(["match", "case", "type"]);
const builtins = new Set(
  ("abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate " +
    "eval exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals map " +
    "max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum " +
    "super tuple type vars zip __import__ exit quit").split(" "),
);

const space = /[ \t\f\\]+/y;
const comment = /#.*/y;
const stringStart = /(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?('''|"""|'|")/y;
const number =
  /(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?)/y;
const word = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{N}\p{M}_]*/uy;
const decorator = /@\s*[\p{L}_][\p{L}\p{N}_.]*/uy;

/** The coloured tokens of each line. */
export function tokenize(text: string): Token[][] {
  const lines: Token[][] = [];
  let open: { quote: string } | undefined;
  for (const line of text.split("\n")) {
    const tokens: Token[] = [];
    let at = 0;
    let previous = "";
    if (open) {
      at = endOfString(line, 0, open.quote);
      const closed = at >= 0;
      if (!closed) at = line.length;
      if (at > 0) tokens.push({ start: 0, end: at, kind: "string" });
      if (closed) open = undefined;
    }
    while (at < line.length) {
      const start = at;
      let found: string | undefined;
      const take = (pattern: RegExp): string | undefined => {
        pattern.lastIndex = at;
        return (found = pattern.exec(line)?.[0]);
      };
      if (take(space)) {
        at += found!.length;
        continue;
      }
      if (take(comment)) {
        tokens.push({ start, end: line.length, kind: "comment" });
        break;
      }
      if (take(stringStart)) {
        const quote = /['"]+$/.exec(found!)![0];
        let end = endOfString(line, at + found!.length, quote);
        if (end < 0) {
          end = line.length;
          if (quote.length === 3 || line.endsWith("\\")) open = { quote };
        }
        tokens.push({ start, end, kind: "string" });
        at = end;
      } else if (previous === "" && take(decorator)) {
        tokens.push({ start, end: (at += found!.length), kind: "decorator" });
      } else if (take(number)) {
        tokens.push({ start, end: (at += found!.length), kind: "number" });
      } else if (take(word)) {
        const name: string = found!;
        at += name.length;
        if (previous === "def" || previous === "class") tokens.push({ start, end: at, kind: "name" });
        else if (previous !== "." && (keywords.has(name) || (previous === "" && isSoftKeyword(name, line.slice(at))))) {
          tokens.push({ start, end: at, kind: "keyword" });
        } else if (previous !== "." && builtins.has(name)) tokens.push({ start, end: at, kind: "builtin" });
        previous = name;
        continue;
      } else {
        at += line.codePointAt(at)! > 0xffff ? 2 : 1;
      }
      previous = line.slice(start, at);
    }
    lines.push(tokens);
  }
  return lines;
}

function isSoftKeyword(name: string, rest: string): boolean {
  if (!softKeywords.has(name)) return false;
  if (name === "type") return /^\s+\w+\s*(\[.*\])?\s*=/.test(rest);
  if (name === "case") return /^\s+[^=\s.)].*:|^\s*[([{"'].*:/.test(rest);
  return /^\s+[^=\s.)].*:\s*(#.*)?$|^\s*[([{"'].*:\s*(#.*)?$/.test(rest);
}

/** The position after the closing quote, or -1. A backslash keeps a quote from closing, in raw strings as well. */
function endOfString(line: string, from: number, quote: string): number {
  for (let i = from; i < line.length; i++) {
    if (line[i] === "\\") i++;
    else if (line.startsWith(quote, i)) return i + quote.length;
  }
  return -1;
}

/** One line as coloured spans. */
export function renderLine(line: string, tokens: readonly Token[]): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const { start, end, kind } of tokens) {
    if (start > at) nodes.push(document.createTextNode(line.slice(at, start)));
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = line.slice(start, end);
    nodes.push(span);
    at = end;
  }
  if (at < line.length) nodes.push(document.createTextNode(line.slice(at)));
  return nodes;
}

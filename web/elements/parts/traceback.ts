/** Colours for tracebacks on stderr: which part of the text is what, by the shape of CPython's lines. */

export interface Piece {
  kind: "stderr" | "quiet" | "source" | "caret" | "exception";
  text: string;
}

const location = /^ +(?:\| +)*File ".*", line \d+/;
const heading = /^ *(?:\+ |\| )*(?:Exception Group )?Traceback \(most recent call last\):$|^(?:During handling of|The above exception was)/;
const caret = /^ {4,}[ ~^]*[~^][ ~^]*$/;
const exception = /^([A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Iteration|Group)|[A-Za-z_][\w.]*)(: .*)?$/;

/** The pieces of a text, in order; together they are the text. */
export function tracebackPieces(text: string): Piece[] {
  if (!/^ *File "|^Traceback/m.test(text)) return [{ kind: "stderr", text }];
  const pieces: Piece[] = [];
  const add = (kind: Piece["kind"], part: string) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += part;
    else if (part) pieces.push({ kind, text: part });
  };
  let inside = false;
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.trimEnd();
    if (heading.test(bare)) {
      inside = true;
      add("quiet", line);
    } else if (location.test(bare)) {
      inside = true;
      add("quiet", line);
    } else if (inside && caret.test(bare)) {
      add("caret", line);
    } else if (inside && /^ {4}/.test(line)) {
      add("source", line);
    } else if (inside && exception.test(bare)) {
      const name = exception.exec(bare)![1]!;
      add("exception", name);
      add("stderr", line.slice(name.length));
      inside = false;
    } else {
      add("stderr", line);
    }
  }
  return pieces;
}

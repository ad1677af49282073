/**
 * The editor of a snippet once it is used: CodeMirror 6. A file of its own, which is loaded when a snippet gets the focus; until
 * then a textarea stands in its place (`parts/editor.ts`).
 *
 * It looks like the textarea's mirror to the pixel and has the same colours and indentation, because it gets the same functions
 * for them; so the exchange is not seen. What it adds: undo step by step, matching brackets, completion, lines that are drawn only
 * when they are in view. Colours come from the scanner instead of a parser: the file stays small.
 */

import { acceptCompletion, autocompletion, completionKeymap, type CompletionContext, type CompletionResult, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { Annotation, Compartment, EditorState, type Extension, Prec, RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutterLineClass, keymap, lineNumbers, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { CodeSetup, CodeView, LineMark } from "./parts/code-view.js";
import type { Token } from "./parts/highlight.js";

/** A change that the page makes, not the person. */
const byPage = Annotation.define<true>();

export function createCodeView(setup: CodeSetup): CodeView {
  const editable = new Compartment();
  const labelled = new Compartment();
  const view = new EditorView({
    parent: setup.parent,
    state: EditorState.create({
      doc: setup.text,
      selection: { anchor: setup.selection[0], head: setup.selection[1] },
      extensions: [
        editable.of(readOnly(setup.readOnly)),
        labelled.of(label(setup.label)),
        lineNumbers(),
        history(),
        bracketMatching(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        EditorState.languageData.of(() => [{ commentTokens: { line: "#" } }]),
        colours(setup.tokenize),
        marks,
        markedNumbers,
        theme,
        keys(setup),
        autocompletion({ override: [completions(setup)], activateOnTyping: false, icons: false }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((change) => change.annotation(byPage))) setup.onInput();
        }),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      const end = text.length;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: end }, annotations: byPage.of(true) });
    },
    set readOnly(value: boolean) {
      view.dispatch({ effects: editable.reconfigure(readOnly(value)) });
    },
    set label(text: string) {
      view.dispatch({ effects: labelled.reconfigure(label(text)) });
    },
    mark(lines) {
      view.dispatch({ effects: setMarks.of(lines) });
    },
    replaceAll(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: text.length }, userEvent: "input" });
    },
    focus() {
      view.focus();
    },
  };
}

function readOnly(value: boolean): Extension {
  return [EditorState.readOnly.of(value), EditorView.editable.of(!value)];
}

function label(text: string): Extension {
  return EditorView.contentAttributes.of({ "aria-label": text, "aria-multiline": "true", part: "code textarea" });
}

// Keys

/** Escape gives Tab back to the page, until another key is pressed. */
function keys(setup: CodeSetup): Extension {
  const run = () => (setup.onRun(), true);
  return [
    Prec.highest(
      EditorView.domEventHandlers({
        keydown({ key }, view) {
          if (key === "Escape") view.setTabFocusMode(true);
          else if (key !== "Tab" && key !== "Shift") view.setTabFocusMode(false);
          return false;
        },
        // What replaces a selection is not left to the browser, which would add style attributes, forbidden in pages with a strict policy.
        beforeinput(event, view) {
          const { state } = view;
          if (event.inputType !== "insertText" || !event.data || state.selection.main.empty || view.composing || state.readOnly) return false;
          view.dispatch(state.replaceSelection(event.data), { scrollIntoView: true, userEvent: "input.type" });
          event.preventDefault();
          return true;
        },
        focus(_, view) {
          view.setTabFocusMode(false);
          return false;
        },
      }),
    ),
    Prec.highest(keymap.of([{ key: "Ctrl-Enter", run }, { key: "Cmd-Enter", run }, { key: "Tab", run: acceptCompletion }])),
    keymap.of([
      { key: "Enter", run: (view) => newline(view, setup.indentationAfter) },
      { key: "Tab", run: tab, shift: indentLess },
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.inputHandler.of((view, _from, _to, text) => {
      // After a dot the attributes are offered, if there is a program that knows them.
      if (text === ".") setTimeout(() => startCompletion(view));
      return false;
    }),
  ];
}

function newline(view: EditorView, indentationAfter: (line: string) => string): boolean {
  const { state } = view;
  if (state.readOnly) return false;
  const { from } = state.selection.main;
  const line = state.doc.lineAt(from);
  view.dispatch(state.replaceSelection("\n" + indentationAfter(line.text.slice(0, from - line.from))), { scrollIntoView: true, userEvent: "input" });
  return true;
}

function tab(view: EditorView): boolean {
  const { state } = view;
  const { main } = state.selection;
  if (!main.empty) return indentMore(view);
  if (state.readOnly) return false;
  const column = main.from - state.doc.lineAt(main.from).from;
  view.dispatch(state.replaceSelection(" ".repeat(4 - (column % 4))), { scrollIntoView: true, userEvent: "input" });
  return true;
}

function completions(setup: CodeSetup): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async ({ state, pos }) => {
    const found = await setup.complete(state.doc.toString(), pos);
    if (!found?.items.length) return null;
    return { from: found.start, options: found.items.map((text) => ({ label: text })), validFor: /^\w*$/ };
  };
}

// Colours

function colours(tokenize: (text: string) => Token[][]): Extension {
  const kinds = new Map<string, Decoration>();
  const kindOf = (kind: string) => {
    let found = kinds.get(kind);
    if (!found) kinds.set(kind, (found = Decoration.mark({ class: kind })));
    return found;
  };
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      #lines: Token[][];
      constructor(view: EditorView) {
        this.#lines = tokenize(view.state.doc.toString());
        this.decorations = this.#draw(view);
      }
      update(update: ViewUpdate): void {
        if (update.docChanged) this.#lines = tokenize(update.state.doc.toString());
        if (update.docChanged || update.viewportChanged) this.decorations = this.#draw(update.view);
      }
      #draw({ state, visibleRanges }: EditorView): DecorationSet {
        const builder = new RangeSetBuilder<Decoration>();
        let last = 0;
        for (const { from, to } of visibleRanges) {
          for (let at = Math.max(from, last); at <= to; ) {
            const line = state.doc.lineAt(at);
            for (const { start, end, kind } of this.#lines[line.number - 1] ?? []) builder.add(line.from + start, line.from + end, kindOf(kind));
            at = last = line.to + 1;
          }
        }
        return builder.finish();
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

// Where a mistake is

const setMarks = StateEffect.define<LineMark[]>();
const badLine = Decoration.line({ class: "bad" });
const badText = Decoration.mark({ tagName: "mark" });

/** They go when the text changes. */
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, change) {
    for (const effect of change.effects) {
      if (!effect.is(setMarks)) continue;
      const ranges = effect.value.flatMap(({ line, start, end }) => {
        if (line > change.state.doc.lines) return [];
        const { from, to } = change.state.doc.line(line);
        const whole = badLine.range(from);
        const [a, b] = [Math.min(from + start, to), Math.min(from + end, to)];
        return a < b ? [whole, badText.range(a, b)] : [whole];
      });
      return Decoration.set(ranges, true);
    }
    return change.docChanged ? Decoration.none : value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const badNumber = new (class extends GutterMarker {
  override elementClass = "bad";
})();

const markedNumbers = gutterLineClass.compute([marks], (state) => {
  const ranges: { from: number }[] = [];
  state.field(marks).between(0, state.doc.length, (from, _to, value) => {
    if (value === badLine) ranges.push({ from });
  });
  return RangeSet.of(ranges.map(({ from }) => badNumber.range(from)));
});

// Looks: those of the textarea and its mirror, see styles/editor.css and styles/snippet.css

const theme = EditorView.theme({
  "&.cm-editor": { color: "inherit", background: "none", fontSize: "inherit", minWidth: "100%" },
  "&.cm-editor.cm-focused": { outline: "none" },
  "&.cm-editor .cm-scroller": { fontFamily: "inherit", lineHeight: "inherit", overflow: "visible" },
  "&.cm-editor .cm-content": { padding: "0", caretColor: "var(--fg)" },
  "&.cm-editor .cm-line": { padding: "0 16px 0 0" },
  "&.cm-editor .cm-line.bad": { background: "var(--danger-bg)" },
  "&.cm-editor .cm-gutters": { background: "var(--bg)", border: "0", color: "var(--muted)" },
  "&.cm-editor .cm-gutter .cm-gutterElement": { minWidth: "var(--gutter)", padding: "0 var(--gap) 0 0", textAlign: "end" },
  "&.cm-editor .cm-gutterElement.bad": { color: "var(--danger)", background: "var(--danger-bg)", fontWeight: "700" },
  "&.cm-editor .cm-matchingBracket": { background: "color-mix(in srgb, var(--accent) 22%, transparent)", color: "inherit" },
  "&.cm-editor .cm-nonmatchingBracket": { background: "none", color: "var(--danger)" },
  "&.cm-editor .cm-tooltip": {
    background: "var(--bg)",
    color: "var(--fg)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 0.18)",
    overflow: "hidden",
  },
  "&.cm-editor .cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
  "&.cm-editor .cm-tooltip-autocomplete > ul > li": { padding: "2px 10px", minHeight: "24px", lineHeight: "1.5" },
  "&.cm-editor .cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
});

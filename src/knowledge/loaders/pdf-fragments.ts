import { type PdfRun, type PdfTextItem, runsOf } from "./pdf-runs.ts";

/** A piece of a line without a gap in it: a line of a column, a cell of a table, or part of them. */
export interface PdfFragment extends PdfRun {
  readonly runs: readonly PdfRun[];
  /** Place in the order in which the page paints its fragments. */
  readonly order: number;
}

/** A wider gap between two runs, in font sizes, ends a fragment. Spaces of justified lines are rarely wider. */
const GAP = 0.75;
/** The same between the mark of a footnote and its text. */
const MARK_GAP = 2.5;
/** Letters in the shape that they have at their place in a word. */
const PRESENTATION_FORMS = /[\uFB50-\uFDFF\uFE70-\uFEFC]+/g;
/** A gap from here on is a space. */
const SPACE = 0.2;

/** The runs of a fragment that is not ended yet, with their extent. */
interface OpenFragment {
  readonly runs: PdfRun[];
  readonly first: PdfRun;
  left: number;
  right: number;
  size: number;
}

/** Joins the runs of a page to fragments. @param rotation of the page, degrees clockwise */
export function fragmentsOf(items: readonly PdfTextItem[], rotation = 0): readonly PdfFragment[] {
  const fragments: PdfFragment[] = [];
  const painted = new Set<string>();
  let open: OpenFragment | undefined;
  let isSpaced = false;
  const close = (): void => {
    const runs = inWritingOrder(open?.runs ?? []);
    const text = joinRuns(runs);
    if (text !== "") fragments.push(toFragment(runs, text, fragments.length));
    open = undefined;
  };
  for (const { run, endsLine } of runsOf(items, rotation)) {
    if (run === "space") isSpaced = true;
    else if (run && !isRepeated(run, painted)) {
      if (open && !continues(open, run)) close();
      open = extended(open, isSpaced && open ? { ...run, text: ` ${run.text}` } : run);
      isSpaced = false;
    }
    if (endsLine) close();
  }
  close();
  return fragments;
}

/** Shadows and poor man's bold paint the same text twice at nearly the same place. */
function isRepeated(run: PdfRun, painted: Set<string>): boolean {
  const key = `${run.text}@${Math.round(run.left)},${Math.round(run.base)},${run.angle}`;
  if (painted.has(key)) return true;
  painted.add(key);
  return false;
}

function extended(open: OpenFragment | undefined, run: PdfRun): OpenFragment {
  if (!open) return { runs: [run], first: run, left: run.left, right: run.right, size: run.size };
  open.runs.push(run);
  open.left = Math.min(open.left, run.left);
  open.right = Math.max(open.right, run.right);
  open.size = Math.max(open.size, run.size);
  return open;
}

function continues({ first, left, right, size: largest }: OpenFragment, run: PdfRun): boolean {
  const size = Math.max(run.size, largest);
  const overlap = Math.min(right, run.right) - Math.max(left, run.left);
  const gap = run.rightToLeft ? Math.max(left - run.right, run.left - right) : run.left - right;
  return (
    Math.abs(first.angle - run.angle) <= 1 &&
    Math.abs(first.base - run.base) < size * 0.6 &&
    (run.rightToLeft || run.right > left) &&
    overlap < Math.max(size, (run.right - run.left) * 0.5) &&
    gap <= size * (isRaised(first, run) ? MARK_GAP : GAP)
  );
}

/** The mark of a footnote before its text: smaller and on a line of its own making. */
function isRaised(mark: PdfRun, run: PdfRun): boolean {
  return mark.size < run.size * 0.85 && Math.abs(mark.base - run.base) > run.size * 0.15;
}

/** The text of runs in their order, with a space where there is a gap. */
export function joinRuns(runs: readonly PdfRun[]): string {
  let text = "";
  let previous: PdfRun | undefined;
  for (const run of runs) {
    if (previous && !/\s$/.test(text) && !/^\s/.test(run.text)) {
      const gap = Math.max(run.left - previous.right, previous.left - run.right);
      if (gap > run.size * SPACE || Math.abs(run.base - previous.base) > run.size * 0.8) text += " ";
    }
    text += run.text;
    previous = run;
  }
  return text.trim();
}

/**
 * Right-to-left text may be painted in either direction, letter by letter even; numbers and Latin words inside it are
 * read from left to right.
 */
function inWritingOrder(runs: readonly PdfRun[]): readonly PdfRun[] {
  const rightToLeft = runs.filter((run) => run.rightToLeft).length;
  if (rightToLeft <= runs.length / 2) return runs;
  const ordered: PdfRun[] = [];
  let latin: PdfRun[] = [];
  for (const run of runs.toSorted((a, b) => b.right - a.right)) {
    const text = run.text.trim().replace(PRESENTATION_FORMS, (letters) => letters.normalize("NFKC"));
    if (run.rightToLeft) {
      ordered.push(...latin, { ...run, text });
      latin = [];
    } else latin.unshift({ ...run, text });
  }
  return [...ordered, ...latin];
}

function toFragment(runs: readonly PdfRun[], text: string, order: number): PdfFragment {
  let longest = runs[0];
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (const run of runs) {
    if (!longest || run.text.trim().length > longest.text.trim().length) longest = run;
    left = Math.min(left, run.left);
    right = Math.max(right, run.right);
  }
  const { angle = 0 } = runs[0] ?? {};
  const rightToLeft = runs.filter((run) => run.rightToLeft).length > runs.length / 2;
  const { base = 0, size = 1, font = "" } = longest ?? {};
  return { text, left, right, base, size, angle, rightToLeft, font, runs, order };
}

/** A text without the dots at its end that lead the eye to the next column. */
export function withoutLeader(text: string): string {
  return text.replace(/\s*(?:[.…_]\s?){4,}$/u, "");
}

/** The same page in a mirror: right-to-left columns, lines and cells are then in the order of left-to-right ones. */
export function mirrored(fragment: PdfFragment): PdfFragment {
  return {
    ...fragment,
    left: -fragment.right,
    right: -fragment.left,
    runs: fragment.runs.map((run) => ({ ...run, left: -run.right, right: -run.left, rightToLeft: false })),
  };
}

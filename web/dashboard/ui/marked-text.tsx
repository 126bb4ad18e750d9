import { Fragment } from "react";

export interface Mark {
  /** Offsets in the text; marks may touch and overlap. */
  readonly start: number;
  readonly end: number;
  /** A class of the text there. */
  readonly look: string;
}

export interface Piece {
  readonly start: number;
  readonly text: string;
  readonly looks: readonly string[];
}

/** The text cut where any mark begins or ends. */
export function piecesOf(text: string, marks: readonly Mark[]): readonly Piece[] {
  const inside = (at: number) => Math.max(0, Math.min(text.length, at));
  const cuts = new Set([0, text.length]);
  for (const { start, end } of marks) cuts.add(inside(start)).add(inside(end));
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, at) => {
    const end = places[at + 1] ?? text.length;
    const looks = marks.filter((mark) => mark.start <= start && mark.end >= end).map(({ look }) => look);
    return { start, text: text.slice(start, end), looks: [...new Set(looks)] };
  });
}

interface MarkedTextProps {
  readonly text: string;
  readonly marks: readonly Mark[];
  /** Leaves out empty lines. */
  readonly tight?: boolean;
}

/** Text with parts of it marked. */
export function MarkedText({ text, marks, tight = false }: MarkedTextProps) {
  return piecesOf(text, marks).map(({ start, text: own, looks }) => {
    const shown = tight ? own.replace(/\n\s*\n/g, "\n") : own;
    return (
      <Fragment key={start}>
        {looks.length === 0 ? shown : <mark className={looks.join(" ")}>{shown}</mark>}
      </Fragment>
    );
  });
}

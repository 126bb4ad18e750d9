import { Tooltip } from "radix-ui";
import { useState } from "react";
import type { ConfidenceBody } from "../api/types.ts";
import { signalName, signalValue } from "./words.ts";

const LEVELS = {
  high: { word: "sure", bars: 3, text: "text-sure", fill: "bg-sure" },
  medium: { word: "fairly sure", bars: 2, text: "text-ink", fill: "bg-ink" },
  low: { word: "unsure", bars: 1, text: "text-unsure", fill: "bg-unsure" },
} as const;

const BARS = [1, 2, 3] as const;

/** Three bars and a word; on hover, focus or tap the number and what it is made of. */
export function ConfidenceMark({ confidence }: { readonly confidence: ConfidenceBody }) {
  const [open, setOpen] = useState(false);
  const level = LEVELS[confidence.level];
  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          onClick={(event) => {
            event.preventDefault();
            setOpen(true);
          }}
          className={`inline-flex h-6 items-center gap-1.5 rounded-control px-1 text-xs font-medium ${level.text}`}
        >
          <span aria-hidden="true" className="flex items-end gap-0.5">
            {BARS.map((bar) => (
              <span
                key={bar}
                className={`h-2.5 w-1 rounded-[1px] ${bar <= level.bars ? level.fill : "bg-line"}`}
              />
            ))}
          </span>
          {level.word}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={4}
          collisionPadding={8}
          className="fade-in z-50 w-60 rounded-card border border-line bg-raised p-3 shadow-float"
        >
          <ConfidenceParts confidence={confidence} />
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export function ConfidenceParts({ confidence }: { readonly confidence: ConfidenceBody }) {
  const parts = Object.entries(confidence.signals);
  return (
    <div className="text-sm">
      <p className="font-medium">
        {LEVELS[confidence.level].word}, <span className="tabular-nums">{percent(confidence.score)}</span>
      </p>
      {parts.length > 0 && (
        <dl className="mt-1.5 grid grid-cols-[1fr_auto] gap-x-3 gap-y-0.5 text-xs">
          {parts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{signalName(name)}</dt>
              <dd className="text-right tabular-nums">{signalValue(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} of 100`;
}

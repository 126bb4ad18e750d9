import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { useTrace } from "../api/conversations.ts";
import type { TraceBody } from "../api/types.ts";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { duration } from "../ui/time.ts";
import { StepData } from "./step-data.tsx";
import { barOf } from "./trace-data.ts";

const STEPS = {
  guard: "Checked the question",
  match: "Looked for a stored answer",
  search: "Searched the documents",
  prompt: "Put the question together",
  model: "Wrote the answer",
  score: "Judged how sure it is",
  decide: "Decided what to do",
} as const;

/** The answerer's id in words; an unknown one is shown as it is. */
const ANSWERERS: Readonly<Record<string, string>> = {
  extractive: "quotes from the documents",
  "stored-answer": "an answer that you stored",
  ollama: "Ollama",
  "openai-compatible": "a service with OpenAI's interface",
};

type Step = TraceBody["steps"][number];

interface TraceProps {
  readonly conversationId: string;
  readonly messageId: string;
}

/** How one answer came about: its steps down a line, their times to scale. */
export function Trace({ conversationId, messageId }: TraceProps) {
  const query = useTrace(conversationId, messageId);
  return (
    <QueryView
      query={query}
      failure="The steps could not be loaded"
      skeleton={<SkeletonRows height="h-14" />}
    >
      {(trace) => <TraceSteps key={trace.messageId} trace={trace} />}
    </QueryView>
  );
}

function TraceSteps({ trace }: { readonly trace: TraceBody }) {
  return (
    <div>
      <p className="mb-3 text-sm text-muted tabular-nums">
        {duration(trace.totalMs)} in all, answered by {ANSWERERS[trace.answerer] ?? trace.answerer}
        {trace.provider !== "builtin" && trace.model !== "" && `, ${trace.model}`}
      </p>
      <ol className="relative ml-1.5 border-l border-line">
        {trace.steps.map((step) => (
          <StepRow key={`${step.name} ${step.startMs}`} step={step} totalMs={trace.totalMs} />
        ))}
      </ol>
    </div>
  );
}

function StepRow({ step, totalMs }: { readonly step: Step; readonly totalMs: number }) {
  const [open, setOpen] = useState(step.name === "search");
  const panel = useId();
  const bar = barOf(step, totalMs);
  return (
    <li className="relative pb-1 pl-4">
      <span
        aria-hidden="true"
        className="absolute top-3 -left-[4.5px] size-2 rounded-full border border-edge bg-raised"
      />
      <button
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
        className="block w-full rounded-control px-2 py-1.5 text-left hover:bg-hover"
      >
        <span className="flex items-center gap-1.5">
          <ChevronRight
            size={14}
            aria-hidden="true"
            className={`shrink-0 text-muted transition-transform duration-150 motion-reduce:transition-none ${open ? "rotate-90" : ""}`}
          />
          <span className="min-w-0 flex-1 font-medium">{STEPS[step.name]}</span>
          <span className="text-xs text-muted tabular-nums">{duration(step.durationMs)}</span>
        </span>
        <span aria-hidden="true" className="relative mt-1.5 block h-1 rounded-full bg-line">
          <span
            className="absolute h-full min-w-0.5 rounded-full bg-accent"
            style={{ left: `min(${bar.left}%, calc(100% - 2px))`, width: `${bar.width}%` }}
          />
        </span>
      </button>
      <div id={panel} hidden={!open} className="px-2 pt-1 pb-3">
        {open && <StepData data={step.data} />}
      </div>
    </li>
  );
}

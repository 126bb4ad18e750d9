import { Check } from "lucide-react";
import { Link } from "../router/link.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import type { StepId, StepState } from "./steps.ts";

interface StepWords {
  readonly title: string;
  readonly done: string;
  readonly text: string;
  readonly action: string;
  readonly href: string;
}

const WORDS: Readonly<Record<StepId, StepWords>> = {
  documents: {
    title: "Add documents",
    done: "Documents are there",
    text: "Price lists, policies, manuals: the assistant answers only from what you give it, and shows where an answer comes from.",
    action: "Add documents",
    href: "/knowledge",
  },
  instructions: {
    title: "Say how it should speak",
    done: "It knows how to speak",
    text: "A name, a greeting, and a few sentences on tone and on what it must never promise.",
    action: "Write instructions",
    href: "/settings#assistant",
  },
  try: {
    title: "Try it",
    done: "You have tried it",
    text: "Ask what your customers ask. You see the answer, its sources, and how sure it is.",
    action: "Ask a question",
    href: "/try",
  },
  site: {
    title: "Put it on your site",
    done: "It is on your site",
    text: "Name your site and copy one line into its pages.",
    action: "Get the line",
    href: "/settings#web-chat",
  },
};

interface ChecklistProps {
  readonly steps: readonly StepState[];
  readonly onSkip: (id: StepId) => void;
}

/** Four steps; done ones are one line, the first open one is spelled out. */
export function Checklist({ steps, onSkip }: ChecklistProps) {
  const open = steps.filter((step) => !step.done && !step.skipped);
  const settled = steps.length - open.length;
  return (
    <section aria-labelledby="first-steps" className="max-w-2xl">
      <h2 id="first-steps" className="mb-3 flex items-baseline gap-2 text-lg font-semibold">
        First steps
        <span className="text-sm font-normal text-muted tabular-nums">
          {settled} of {steps.length}
        </span>
      </h2>
      <ol className="divide-y divide-line rounded-card border border-line bg-raised">
        {steps.map((step, at) => (
          <Step
            key={step.id}
            step={step}
            number={at + 1}
            current={step.id === open[0]?.id}
            onSkip={() => onSkip(step.id)}
          />
        ))}
      </ol>
    </section>
  );
}

interface StepProps {
  readonly step: StepState;
  readonly number: number;
  readonly current: boolean;
  readonly onSkip: () => void;
}

function Step({ step, number, current, onSkip }: StepProps) {
  const words = WORDS[step.id];
  if (step.done || step.skipped) {
    return (
      <li className="flex min-h-10 items-center gap-3 px-4 py-1.5 text-muted">
        <span className="grid size-6 shrink-0 place-items-center">
          {step.done ? <Check size={16} className="text-sure" aria-hidden="true" /> : number}
        </span>
        <span className="min-w-0 flex-1">{step.done ? words.done : `${words.title}: skipped`}</span>
        <Link href={words.href} className="text-sm hover:text-ink hover:underline">
          Open<span className="sr-only"> {words.title}</span>
        </Link>
      </li>
    );
  }
  return (
    <li className="flex items-start gap-3 px-4 py-4" aria-current={current ? "step" : undefined}>
      <span
        className={`grid size-6 shrink-0 place-items-center rounded-full text-sm font-semibold tabular-nums ${current ? "bg-accent text-on-accent" : "border border-edge text-muted"}`}
      >
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold">{words.title}</h3>
        <p className="mt-0.5 text-pretty text-muted">{words.text}</p>
        <div className="mt-3 flex flex-wrap gap-2">
          <Link href={words.href} className={buttonClass({ look: current ? "primary" : "plain" })}>
            {words.action}
          </Link>
          <Button look="quiet" onClick={onSkip}>
            Skip
          </Button>
        </div>
      </div>
    </li>
  );
}

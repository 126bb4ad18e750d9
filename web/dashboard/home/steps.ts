export type StepId = "documents" | "instructions" | "try" | "site";

export interface SetupFacts {
  readonly documents: number;
  readonly instructions: string;
  readonly conversations: number;
  readonly allowedOrigins: number;
}

export const STEP_IDS: readonly StepId[] = ["documents", "instructions", "try", "site"];

export interface StepState {
  readonly id: StepId;
  readonly done: boolean;
  readonly skipped: boolean;
}

/** How far the first run is; a skipped step counts as settled until it is done. */
export function setupSteps(facts: SetupFacts, skipped: readonly string[]): readonly StepState[] {
  const done: Readonly<Record<StepId, boolean>> = {
    documents: facts.documents > 0,
    instructions: facts.instructions.trim() !== "",
    try: facts.conversations > 0,
    site: facts.allowedOrigins > 0,
  };
  return STEP_IDS.map((id) => ({ id, done: done[id], skipped: !done[id] && skipped.includes(id) }));
}

export function allSettled(steps: readonly StepState[]): boolean {
  return steps.every((step) => step.done || step.skipped);
}

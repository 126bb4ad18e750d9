/** The one interface of whatever writes an answer from passages that were found. */

import type { Citation, StoredMessage } from "../conversations/messages.ts";
import type { Passage } from "../knowledge/search-protocol.ts";
import type { Language } from "../language.ts";
import type { ChatUsage } from "../llm/provider.ts";
import type { Settings } from "../tenants/settings.ts";

export interface AnswerRequest {
  readonly question: string;
  readonly language: Language;
  /** Messages before the question, oldest first. */
  readonly history: readonly StoredMessage[];
  /** Best first; never empty. */
  readonly passages: readonly Passage[];
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Called with each new piece of the answer. */
  readonly onText: (text: string) => void;
}

export interface Answer {
  /** `unknown`: the answerer itself says that the passages do not hold it. */
  readonly kind: "answered" | "unknown";
  readonly text: string;
  /** Only of passages that the answer uses. */
  readonly citations: readonly Citation[];
  readonly usage: ChatUsage;
  /** For the trace: what was asked of the model. */
  readonly prompt: readonly { readonly role: string; readonly content: string }[];
  readonly truncated: boolean;
}

export interface Answerer {
  readonly name: "extractive" | "ollama" | "openai-compatible";
  readonly provider: string;
  readonly model: string;
  answer(request: AnswerRequest): Promise<Answer>;
}

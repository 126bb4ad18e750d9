/**
 * Frames of the visitor's WebSocket (`/widget/v1/live?channel=<public key>`), JSON text frames both ways.
 *
 * A visitor says `hello` first (with its token from an earlier visit and the last `seq` it has), gets `welcome`,
 * then every message after that `seq`, then, if an answer is being written, `partial` with all of it so far.
 * A dropped connection therefore loses nothing and doubles nothing.
 */
import { z } from "zod";

export const clientFrame = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    visitorToken: z.string().max(200).optional(),
    after: z.int().min(0).optional(),
  }),
  z.strictObject({
    type: z.literal("send"),
    clientId: z.string().min(1).max(100).describe("made by the client; sent twice is one message"),
    text: z.string().trim().min(1).max(20_000),
  }),
  z.strictObject({ type: z.literal("typing") }),
  z.strictObject({
    type: z.literal("handover"),
    email: z.email().max(320).optional().describe("where the answer can be sent"),
    cancel: z
      .boolean()
      .optional()
      .describe("true: go on with the assistant; only while no person has answered"),
  }),
  z.strictObject({
    type: z.literal("feedback"),
    messageId: z.uuid(),
    value: z.enum(["up", "down"]),
    reason: z.string().max(1000).optional(),
  }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** What a visitor sees of a citation: the passage, never ids of other things or scores. */
export interface VisitorCitation {
  readonly n: number;
  readonly title: string;
  readonly page?: number;
  readonly quote: string;
  readonly url?: string;
}

/** What a visitor sees of a message: an allow-list, not the stored message with things removed. */
export interface VisitorMessage {
  readonly id: string;
  readonly seq: number;
  readonly author: { readonly kind: "contact" | "assistant" | "agent" | "system"; readonly name?: string };
  readonly text: string;
  readonly createdAt: string;
  readonly status: "sent" | "delivered" | "read" | "failed";
  readonly citations?: readonly VisitorCitation[];
  readonly confidence?: { readonly level: "high" | "medium" | "low" };
  readonly action?: "sent" | "sent_with_disclaimer" | "sent_for_review" | "handed_over" | "none";
  /** Only on the visitor's own messages: the `clientId` it was sent with. */
  readonly clientId?: string;
}

export interface WidgetSettings {
  readonly assistantName: string;
  readonly greeting: string;
  /** BCP 47 language of the widget's own words; "auto": follow the browser. */
  readonly language: string;
}

export type TurnState = "started" | "searching" | "writing" | "done" | "failed";

export type ServerFrame =
  | {
      readonly type: "welcome";
      readonly visitorToken: string;
      readonly conversationId?: string;
      readonly settings: WidgetSettings;
      readonly status: ConversationState;
      readonly emailKnown: boolean;
    }
  | { readonly type: "ack"; readonly clientId: string; readonly seq: number }
  | { readonly type: "message"; readonly message: VisitorMessage }
  | { readonly type: "partial"; readonly turnId: string; readonly text: string; readonly index: number }
  /** `index` counts the deltas of a turn from 0; a `partial` says which index comes next. */
  | { readonly type: "delta"; readonly turnId: string; readonly index: number; readonly text: string }
  | { readonly type: "turn"; readonly turnId: string; readonly state: TurnState }
  | { readonly type: "typing"; readonly who: "assistant" | "agent" }
  | {
      readonly type: "state";
      readonly status: ConversationState;
      readonly agent?: { readonly name: string };
      readonly emailKnown: boolean;
    }
  | {
      readonly type: "error";
      readonly code: string;
      readonly message: string;
      readonly clientId?: string;
      readonly retryAfterMs?: number;
    };

/** `ai`: the assistant answers; `human`: a person does (or will); `resolved`: ended, a new message opens it again. */
export type ConversationState = "ai" | "human" | "snoozed" | "resolved";

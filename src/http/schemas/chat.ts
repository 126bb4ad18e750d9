/** `/api/v1/chat`. */
import { z } from "zod";
import { id, text } from "./common.ts";
import { action, citation, confidence, usage } from "./conversations.ts";

export const chatRequest = z.strictObject({
  message: text(20_000),
  conversationId: id.optional(),
  contact: z
    .strictObject({
      id: text(200).optional().describe("your own id of this person"),
      name: text(200).optional(),
      email: z.email().max(320).optional(),
    })
    .optional(),
  stream: z.boolean().default(false),
});
export const chatMessage = z.object({
  id,
  seq: z.int(),
  text: z.string(),
  citations: z.array(citation),
  confidence,
  action,
  provider: z.string(),
  model: z.string(),
  usage,
});
export const chatResponse = z.object({ conversationId: id, message: chatMessage });

export type ChatResponse = z.infer<typeof chatResponse>;

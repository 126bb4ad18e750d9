import { ApiError, errorFrom, send, unreachable } from "./client.ts";
import { readEvents } from "./sse.ts";
import type { ChatResponse } from "./types.ts";

export interface ChatStream {
  readonly onStart: (conversationId: string) => void;
  readonly onText: (text: string) => void;
}

interface ChatQuestion {
  readonly message: string;
  readonly conversationId?: string;
  /** Who asks, when this starts a conversation. */
  readonly contact?: { readonly id: string; readonly name: string };
}

function cutOff(): ApiError {
  return new ApiError({
    status: 0,
    code: "cut_off",
    detail: "The connection ended before the answer did. Ask again to get the whole answer.",
    requestId: "",
  });
}

/** Asks a question and reports the answer as it is written. Resolves with the whole message; throws `ApiError`. */
export async function streamChat(
  question: ChatQuestion,
  stream: ChatStream,
  signal: AbortSignal,
): Promise<ChatResponse> {
  const response = await send("/chat", {
    method: "POST",
    body: { ...question, stream: true },
    accept: "text/event-stream",
    signal,
  });
  if (response.body === null) throw cutOff();
  try {
    for await (const { event, data } of readEvents(response.body)) {
      if (event === "message-start")
        stream.onStart((JSON.parse(data) as { conversationId: string }).conversationId);
      if (event === "text-delta") stream.onText((JSON.parse(data) as { text: string }).text);
      if (event === "message-end") return JSON.parse(data) as ChatResponse;
      if (event === "error") throw errorFrom(500, data);
    }
  } catch (error) {
    if (error instanceof ApiError || signal.aborted) throw error;
    throw unreachable();
  }
  throw cutOff();
}

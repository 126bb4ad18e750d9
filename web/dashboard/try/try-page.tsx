import { Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useReadyCount } from "../api/documents.ts";
import { Link } from "../router/link.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { Composer } from "../ui/composer.tsx";
import { Drawer } from "../ui/dialog.tsx";
import { usePageTitle } from "../ui/page.tsx";
import { useWide } from "../ui/use-wide.ts";
import { Trace } from "./trace-view.tsx";
import { TurnView } from "./turn-view.tsx";
import type { Turn } from "./turns.ts";
import { useTalk } from "./use-talk.ts";

/** Ask as a visitor would; the answer's steps stand beside it, on narrow screens in a drawer. */
export function TryPage() {
  const heading = usePageTitle("Try it");
  const { talk, busy, ask, again, stop, startAnew } = useTalk();
  const [chosen, setChosen] = useState<string>();
  const [drawer, setDrawer] = useState(false);
  const wide = useWide("(min-width: 64rem)");
  const answered = talk.turns.filter((turn) => turn.answer !== undefined && turn.answer.action !== "none");
  const shown = answered.find((turn) => turn.key === chosen) ?? answered.at(-1);
  const trace = shown?.answer && talk.conversationId && (
    <Trace conversationId={talk.conversationId} messageId={shown.answer.id} />
  );
  return (
    <div className="flex h-full">
      <section className="flex min-w-0 flex-1 flex-col" aria-label="Conversation">
        <header className="flex items-center justify-between gap-3 border-b border-line px-6 py-3 max-sm:px-4">
          <h1 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
            Try it
          </h1>
          <Button
            disabled={talk.turns.length === 0}
            onClick={() => {
              startAnew();
              setChosen(undefined);
            }}
          >
            New conversation
          </Button>
        </header>
        <Turns
          turns={talk.turns}
          selected={wide ? shown?.key : undefined}
          onRetry={(turn) => void again(turn)}
          onTrace={(key) => {
            setChosen(key);
            setDrawer(true);
          }}
        />
        <AskBox busy={busy} onAsk={(text) => void ask(text)} onStop={stop} />
      </section>
      {wide && (
        <aside
          aria-label="How the answer came about"
          className="w-[min(27rem,40%)] overflow-y-auto border-l border-line bg-raised px-5 py-4"
        >
          <h2 className="mb-1 font-semibold">How the answer came about</h2>
          {trace ?? (
            <p className="text-pretty text-muted">
              Once an answer is there, this shows what was searched and found, how long each step took, and
              why the assistant was sure or not.
            </p>
          )}
        </aside>
      )}
      {!wide && trace && (
        <Drawer open={drawer} onOpenChange={setDrawer} title="How the answer came about">
          <div className="p-4">{trace}</div>
        </Drawer>
      )}
    </div>
  );
}

interface TurnsProps {
  readonly turns: readonly Turn[];
  readonly selected: string | undefined;
  readonly onTrace: (key: string) => void;
  readonly onRetry: (turn: Turn) => void;
}

function Turns({ turns, selected, onTrace, onRetry }: TurnsProps) {
  const end = useRef<HTMLDivElement>(null);
  const last = turns.at(-1);
  const length = `${turns.length} ${last?.text.length} ${last?.state}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view follows the text as it grows.
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [length]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5 max-sm:px-4">
      {turns.length === 0 && <Invitation />}
      <ol className="mx-auto grid max-w-2xl gap-6">
        {turns.map((turn) => (
          <TurnView
            key={turn.key}
            turn={turn}
            selected={turn.key === selected}
            onTrace={() => onTrace(turn.key)}
            onRetry={() => onRetry(turn)}
          />
        ))}
      </ol>
      <div ref={end} className="h-1" />
    </div>
  );
}

function Invitation() {
  const { data } = useReadyCount();
  return (
    <div className="mx-auto grid h-full max-w-sm content-center justify-items-center gap-1 text-center">
      <h2 className="text-lg font-semibold">Ask what a visitor would ask</h2>
      <p className="text-pretty text-muted">
        It answers exactly as it would on your site, from the same documents. Visitors do not see this.
      </p>
      {data?.count === 0 && (
        <div className="mt-4 grid justify-items-center gap-3 border-t border-line pt-4">
          <p className="text-pretty">There are no documents yet, so it can only say that it does not know.</p>
          <Link href="/knowledge" className={buttonClass({ look: "primary" })}>
            Add documents
          </Link>
        </div>
      )}
    </div>
  );
}

interface AskBoxProps {
  readonly busy: boolean;
  readonly onAsk: (text: string) => void;
  readonly onStop: () => void;
}

function AskBox({ busy, onAsk, onStop }: AskBoxProps) {
  const [text, setText] = useState("");
  const send = () => {
    const question = text.trim();
    if (question === "" || busy) return;
    setText("");
    onAsk(question);
  };
  return (
    <div className="border-t border-line bg-raised px-6 py-3 max-sm:px-4">
      <div className="mx-auto max-w-2xl">
        <Composer
          label="Your question"
          placeholder="Write a question"
          value={text}
          onChange={setText}
          onSend={send}
          sendWith="enter"
          hint="Enter sends, Shift+Enter starts a new line"
        >
          {busy ? (
            <Button onClick={onStop}>
              <Square size={12} fill="currentColor" aria-hidden="true" />
              Stop
            </Button>
          ) : (
            <Button type="submit" look="primary" disabled={text.trim() === ""}>
              Ask
            </Button>
          )}
        </Composer>
      </div>
    </div>
  );
}

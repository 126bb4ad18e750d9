import { CircleAlert, CircleCheck } from "lucide-react";
import type { useCheckProvider } from "../api/settings.ts";
import { ErrorNotice } from "../ui/notice.tsx";
import { duration } from "../ui/time.ts";

interface CheckResultProps {
  readonly check: ReturnType<typeof useCheckProvider>;
  readonly chosen: string;
  readonly onChoose: (model: string) => void;
}

/** What a connection test found, and the models it offers as choices. */
export function CheckResult({ check, chosen, onChoose }: CheckResultProps) {
  if (check.error)
    return <ErrorNotice compact title="The connection could not be tested" error={check.error} />;
  if (check.data === undefined || check.isPending) return null;
  const { ok, detail, models, latencyMs } = check.data;
  const Icon = ok ? CircleCheck : CircleAlert;
  return (
    <div
      role="status"
      className={`grid gap-3 rounded-control p-3 text-sm ${ok ? "bg-sure-soft" : "bg-failed-soft"}`}
    >
      <p className="flex items-start gap-2">
        <Icon
          size={16}
          aria-hidden="true"
          className={`mt-0.5 shrink-0 ${ok ? "text-sure" : "text-failed"}`}
        />
        <span className="min-w-0 break-words">
          {detail} {ok && <span className="text-muted tabular-nums">({duration(latencyMs)})</span>}
        </span>
      </p>
      {models.length > 0 && (
        <fieldset className="flex max-h-56 flex-wrap gap-1.5 overflow-y-auto">
          <legend className="mb-1.5 text-xs text-muted">Models that are there</legend>
          {models.map((model) => (
            <button
              key={model}
              type="button"
              aria-pressed={model === chosen}
              onClick={() => onChoose(model)}
              className="min-h-7 rounded-control border border-edge bg-raised px-2 text-xs break-all hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-semibold"
            >
              {model}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}

import { AreaField, SelectField, TextField } from "../../ui/field.tsx";
import { SCHEDULES, type SiteDraft, scheduleInWords } from "./site-draft.ts";

interface SiteFieldsProps {
  readonly draft: SiteDraft;
  readonly onChange: (draft: SiteDraft) => void;
}

/** How often and how much of a site is read. */
export function SiteFields({ draft, onChange }: SiteFieldsProps) {
  const set = (part: Partial<SiteDraft>) => onChange({ ...draft, ...part });
  const known = SCHEDULES.some(([value]) => value === draft.schedule);
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <SelectField
          label="Read it again"
          hint="Changed pages are read anew, pages that are gone are taken out."
          value={draft.schedule}
          onChange={(event) => set({ schedule: event.target.value })}
        >
          {SCHEDULES.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
          {!known && <option value={draft.schedule}>{scheduleInWords(draft.schedule)}</option>}
        </SelectField>
        <TextField
          label="At most this many pages"
          type="number"
          inputMode="numeric"
          required
          min={1}
          max={5_000}
          value={draft.maxPages}
          onChange={(event) => set({ maxPages: event.target.value })}
        />
      </div>
      <details className="group rounded-control border border-line">
        <summary className="px-3 py-2 text-sm font-medium">Only some of the pages</summary>
        <div className="grid gap-4 border-t border-line p-3">
          <AreaField
            label="Only pages whose path begins with"
            hint="One a line, for example /help/ or /products/*/care. Empty: all pages."
            rows={2}
            spellCheck={false}
            value={draft.include}
            onChange={(event) => set({ include: event.target.value })}
          />
          <AreaField
            label="But not those that begin with"
            hint="One a line, for example /jobs/."
            rows={2}
            spellCheck={false}
            value={draft.exclude}
            onChange={(event) => set({ exclude: event.target.value })}
          />
          <TextField
            label="At most this many clicks from the first page"
            type="number"
            inputMode="numeric"
            required
            min={0}
            max={20}
            value={draft.maxDepth}
            onChange={(event) => set({ maxDepth: event.target.value })}
          />
        </div>
      </details>
    </>
  );
}

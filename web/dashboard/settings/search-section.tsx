import { useSaveSettings } from "../api/settings.ts";
import type { SettingsResponse } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { SelectField } from "../ui/field.tsx";
import { MeasuredSlider } from "./measured-slider.tsx";
import { NumberField } from "./number-field.tsx";
import { SaveForm, Section } from "./section.tsx";
import { useSection } from "./use-section.ts";

/** What was measured: meaning and words as they come. */
const EVEN = 0.5;
const LONGEST = 512;
const SHORTEST = 64;
const MOST_REPEATED = 256;

/** Numbers are null while their field is empty; the browser keeps such a form from being saved. */
interface Search {
  readonly meaningShare: number | null;
  readonly passageTokens: number | null;
  readonly overlapTokens: number | null;
  readonly reranker: string | null;
}

/** How documents are cut into passages, and what decides which passage comes first. */
export function SearchSection({ saved }: { readonly saved: SettingsResponse }) {
  const save = useSaveSettings();
  const { meaningShare, passageTokens, overlapTokens, reranker } = saved.retrieval;
  const { value, edit, changes, undo, done, ...state } = useSection<Search>("Search", {
    meaningShare,
    passageTokens,
    overlapTokens,
    reranker,
  });
  return (
    <Section
      id="search"
      title="Search"
      intro={
        <>
          How passages are found in your documents. What is set at first was measured; see what a change does
          in the{" "}
          <Link href="/knowledge/search" className="text-accent-text underline underline-offset-2">
            test search
          </Link>
          .
        </>
      }
    >
      <SaveForm
        {...state}
        saving={save.isPending}
        error={save.error}
        effect="The next question is searched for this way."
        onSave={() => save.mutate({ retrieval: patchOf(changes) }, { onSuccess: done })}
        onUndo={undo}
      >
        <MeasuredSlider
          label="What counts more, words or meaning?"
          value={value.meaningShare}
          measured={EVEN}
          step={5}
          ends={["only the same words", "only the same meaning"]}
          note="In the middle both count as measured. Part numbers and names want more weight on words, questions in everyday language more on meaning."
          say={inWords}
          onChange={(share) => edit({ meaningShare: share })}
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <NumberField
            label="Length of a passage"
            hint="In parts of words; a page has about 600. Holds for documents that are read from now on."
            min={SHORTEST}
            max={LONGEST}
            value={value.passageTokens}
            onChange={(tokens) => edit({ passageTokens: tokens })}
          />
          <NumberField
            label="Repeated from the passage before"
            hint="In parts of words, at most half a passage: so that nothing is torn apart at its end."
            min={0}
            max={MOST_REPEATED}
            value={value.overlapTokens}
            onChange={(tokens) => edit({ overlapTokens: tokens })}
          />
        </div>
        <RerankerField
          choices={saved.choices.rerankers}
          value={value.reranker}
          onChange={(id) => edit({ reranker: id })}
        />
      </SaveForm>
    </Section>
  );
}

/** Without fields that are empty: those are not sent. */
function patchOf({ passageTokens, overlapTokens, ...rest }: Partial<Search>) {
  return {
    ...rest,
    ...(typeof passageTokens === "number" && { passageTokens }),
    ...(typeof overlapTokens === "number" && { overlapTokens }),
  };
}

function inWords(share: number): string {
  if (share === EVEN) return "both";
  const percent = Math.round(Math.max(share, 1 - share) * 100);
  return `${percent} % ${share > EVEN ? "meaning" : "words"}`;
}

interface RerankerFieldProps {
  readonly choices: readonly string[];
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

function RerankerField({ choices, value, onChange }: RerankerFieldProps) {
  // One that was taken off the server stays in the list for as long as it is set.
  const ids = value === null || choices.includes(value) ? choices : [...choices, value];
  const nothing = ids.length === 0;
  return (
    <SelectField
      label="Second model for the order"
      hint={
        nothing
          ? "None is on this server. Its operator can add one: it reads the best passages together with the question and puts them in order, which takes a little longer."
          : "It reads the best passages together with the question and puts them in order, which takes a little longer."
      }
      disabled={nothing}
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value === "" ? null : target.value)}
    >
      <option value="">None</option>
      {ids.map((id) => (
        <option key={id} value={id}>
          {choices.includes(id) ? id : `${id} (not on this server)`}
        </option>
      ))}
    </SelectField>
  );
}

import { z } from "zod";

/** What stands on a page beside its text: values of form fields, and notes. Shapes are pdf.js's, its types say "any". */
const annotation = z.object({
  subtype: z.string(),
  annotationFlags: z.number().catch(0),
  contentsObj: z.object({ str: z.string() }).optional().catch(undefined),
  fieldType: z.string().optional().catch(undefined),
  fieldName: z.string().catch(""),
  alternativeText: z.string().catch(""),
  fieldValue: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  buttonValue: z.string().optional().catch(undefined),
  radioButton: z.boolean().catch(false),
  password: z.boolean().catch(false),
  options: z.array(z.object({ exportValue: z.string(), displayValue: z.string() })).catch([]),
});
type Annotation = z.infer<typeof annotation>;

const INVISIBLE = 0b10;
const MOST_ON_A_PAGE = 2_000;
const LONGEST_TEXT = 20_000;

/** One text per filled field ("Delivery date: 3 May") and per note, in pdf.js's order. */
export function annotationTexts(found: readonly unknown[]): readonly string[] {
  return found.slice(0, MOST_ON_A_PAGE).flatMap((raw) => {
    const parsed = annotation.safeParse(raw);
    if (!parsed.success || (parsed.data.annotationFlags & INVISIBLE) !== 0) return [];
    const text = parsed.data.subtype === "Widget" ? fieldText(parsed.data) : noteText(parsed.data);
    return text === "" ? [] : [text.slice(0, LONGEST_TEXT)];
  });
}

/** Links and the windows of notes repeat what stands elsewhere. */
function noteText({ subtype, contentsObj }: Annotation): string {
  return subtype === "Link" || subtype === "Popup" ? "" : (contentsObj?.str.trim() ?? "");
}

function fieldText(field: Annotation): string {
  const value = filledValue(field);
  const label = labelOf(field);
  return value === "" || label === "" ? value : `${label.replace(/\s*[:：]$/u, "")}: ${value}`;
}

function filledValue(field: Annotation): string {
  const { fieldType, fieldValue, buttonValue, options, radioButton, password } = field;
  if (fieldValue === undefined || fieldType === "Sig" || password) return "";
  const values = [fieldValue].flat();
  if (fieldType === "Btn") {
    const [value = ""] = values;
    return value === "" || value === "Off" || (radioButton && value !== buttonValue) ? "" : value;
  }
  const shown = values.map(
    (value) => options.find(({ exportValue }) => exportValue === value)?.displayValue ?? value,
  );
  return shown.join(", ").trim();
}

/** What a reader is shown, or else the field's own name if it looks like words: "address", not "f1_02[0]". */
function labelOf({ alternativeText, fieldName }: Annotation): string {
  if (alternativeText.trim() !== "") return alternativeText.trim();
  const name = (fieldName.split(".").at(-1) ?? "")
    .replace(/\[\d+\]$/, "")
    .replaceAll("_", " ")
    .trim();
  return /\p{L}{3}/u.test(name) && !/\d{2}/.test(name) ? name : "";
}

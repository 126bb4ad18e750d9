import type { DocumentBuilder } from "./document-builder.ts";
import type { LoadedDocument } from "./loader.ts";

/** Names that programs give to new sheets. */
const MACHINE_NAME =
  /^(?:sheet|tabelle|feuil(?:le)?|hoja|foglio|лист|blad|ark|planilha|folha|arkusz|munka|list|シート|工作表)\s*\d*$/i;

/** Ends a spreadsheet: a title only where a person gave one, and what was left out because it is hidden. */
export function buildSpreadsheet(
  builder: DocumentBuilder,
  title: string | undefined,
  hiddenSheets: number,
  hasHidden: boolean,
): LoadedDocument {
  const { title: found, ...document } = builder.build({ title });
  const parts: string[] = [];
  if (hiddenSheets > 0) parts.push(hiddenSheets === 1 ? "1 hidden sheet" : `${hiddenSheets} hidden sheets`);
  if (hasHidden) parts.push("hidden rows or columns");
  const one = parts.length === 1 && hiddenSheets === 1;
  return {
    ...document,
    ...(found !== undefined && !MACHINE_NAME.test(found) ? { title: found } : {}),
    ...(parts.length > 0 ? { note: `${sentence(parts)} ${one ? "was" : "were"} left out.` } : {}),
  };
}

function sentence(parts: readonly string[]): string {
  const text = parts.join(" and ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

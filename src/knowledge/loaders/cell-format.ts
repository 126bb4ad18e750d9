import { format, isDateFormat, isValidFormat } from "numfmt";

/** Excel accepts no longer ones. */
const LONGEST_PATTERN = 255;
/** The last day of the year 9999, the last that Excel knows. */
const LAST_DAY = 2_958_465;
/** Days between the two calendars that Excel counts from. */
const DAYS_1904 = 1_462;
/**
 * The only patterns that every computer shows in its own way (the user's short date). They are written in the one way
 * that nobody misreads.
 */
const LOCAL_DATES: ReadonlyMap<number, string> = new Map([
  [14, "yyyy-mm-dd"],
  [22, "yyyy-mm-dd hh:mm"],
]);
/** ECMA-376, 18.8.30: numbers of formats that a file does not spell out. */
const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [1, "0"], [2, "0.00"], [3, "#,##0"], [4, "#,##0.00"], [9, "0%"], [10, "0.00%"], [11, "0.00E+00"], [12, "# ?/?"],
  [13, "# ??/??"], [15, "d-mmm-yy"], [16, "d-mmm"], [17, "mmm-yy"], [18, "h:mm AM/PM"], [19, "h:mm:ss AM/PM"],
  [20, "h:mm"], [21, "h:mm:ss"], [37, "#,##0;-#,##0"], [38, "#,##0;-#,##0"], [39, "#,##0.00;-#,##0.00"],
  [40, "#,##0.00;-#,##0.00"], [45, "mm:ss"], [46, "[h]:mm:ss"], [47, "mm:ss.0"], [48, "##0.0E+0"], [49, "@"],
]); // biome-ignore format: a table

/** The pattern that a file means by a number of its own or of Excel's. */
export function patternOf(id: number, own: ReadonlyMap<number, string>): string {
  return LOCAL_DATES.get(id) ?? own.get(id) ?? BUILT_IN.get(id) ?? "General";
}

interface Pattern {
  readonly valid: boolean;
  /** A day of the calendar, not a span of hours or minutes. */
  readonly date: boolean;
}

/** Writes the numbers of cells as the spreadsheet program shows them: dates, percentages, currencies. */
export class CellFormats {
  readonly #patterns = new Map<string, Pattern>();

  /** @param from1904 the file counts days from 1904, as old programs for the Mac did */
  constructor(readonly from1904: boolean) {}

  /** @param raw the number as it stands in the file; what is no number is returned as it is */
  number(raw: string, pattern: string): string {
    const value = Number(raw);
    if (raw.trim() === "" || !Number.isFinite(value)) return raw;
    const { valid, date } = this.#look(pattern);
    if (!valid) return general(value);
    const days = this.from1904 && date ? value + DAYS_1904 : value;
    if (date && (days < 0 || days > LAST_DAY)) return general(value);
    return format(pattern, days, { throws: false }).replace(/\s+/g, " ").trim();
  }

  /** A text that its format puts something around ("No. "@). */
  text(raw: string, pattern: string): string {
    return /[^@]/.test(pattern.replace(/_./g, "")) && pattern.includes("@") && this.#look(pattern).valid
      ? format(pattern, raw, { throws: false })
      : raw;
  }

  /** A date written out (ISO 8601), as strict files have it. */
  isoDate(raw: string, pattern: string): string {
    const time = Date.parse(/[zZ]$|[+-]\d\d:\d\d$/.test(raw) || !raw.includes("T") ? raw : `${raw}Z`);
    if (Number.isNaN(time) || !this.#look(pattern).date) return raw;
    const days = (time - Date.UTC(1899, 11, 30)) / 86_400_000 - (this.from1904 ? DAYS_1904 : 0);
    return this.number(String(days), pattern);
  }

  #look(pattern: string): Pattern {
    let known = this.#patterns.get(pattern);
    if (!known) {
      const spelled = pattern.length <= LONGEST_PATTERN && !/^\s*(?:general)?\s*$/i.test(pattern);
      const valid = spelled && isValidFormat(pattern);
      known = { valid, date: valid && isDateFormat(pattern) && !/\[(?:h+|m+|s+)\]/i.test(pattern) };
      this.#patterns.set(pattern, known);
    }
    return known;
  }
}

/** Whole numbers with all their digits: customer and article numbers are often longer than Excel's cells show. */
function general(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : format("General", value);
}
